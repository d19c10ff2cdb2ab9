package io.nexusid.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.InputTable;
import io.nexusid.fixtures.WorkloadGenerator;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * The links that component kernels are measured on; the same for a shape and size on every machine.
 *
 * <ul>
 *   <li>{@code workload}: those of the generated log with three events per node, a star per edge group, as they come:
 *       some 324,000 nodes and 1.2 million links for a million events.
 *   <li>{@code skewed}: one end uniform, one end a hub by a power law.
 *   <li>{@code chain}: a path through all nodes, its links in random order, so that long pieces meet.
 *   <li>{@code chain-in-order}: the same path link after link: the component grows from one end, a tree stays flat, and
 *       the branches are foreseen; an easy case.
 *   <li>{@code random}: both ends uniform.
 * </ul>
 *
 * <p>All but the workload have as many links as nodes.
 */
final class Links {
    private static final long SEED = 1;
    private static final int EVENTS_PER_NODE = 3;
    private static final int TYPE_AT = column("identifier_type");
    private static final int VALUE_AT = column("identifier_value");
    private static final int EDGE_AT = column("edge_id");

    private final int nodes;
    private final int[] a;
    private final int[] b;

    private Links(int nodes, int[] a, int[] b) {
        this.nodes = nodes;
        this.a = a;
        this.b = b;
    }

    /** Makes links between this many nodes; the workload has about as many. */
    static Links of(String shape, int nodes) {
        SplittableRandom random = new SplittableRandom(SEED);
        int[] path = shuffled(nodes, random);
        int[] a = new int[nodes];
        int[] b = new int[nodes];
        switch (shape) {
            case "workload" -> {
                return workload((long) nodes * EVENTS_PER_NODE);
            }
            case "chain", "chain-in-order" -> {
                Arrays.setAll(a, i -> path[Math.max(0, i - 1)]);
                System.arraycopy(path, 0, b, 0, nodes);
            }
            case "random" -> {
                Arrays.setAll(a, i -> random.nextInt(nodes));
                Arrays.setAll(b, i -> random.nextInt(nodes));
            }
            case "skewed" -> {
                Arrays.setAll(a, i -> random.nextInt(nodes));
                Arrays.setAll(b, i -> (int) (nodes * Math.pow(random.nextDouble(), 4)));
            }
            default -> throw new IllegalArgumentException("no shape " + shape);
        }
        if (shape.equals("chain")) {
            int[] order = shuffled(nodes, random);
            return new Links(nodes, taken(a, order), taken(b, order));
        }
        return new Links(nodes, a, b);
    }

    private static int[] shuffled(int size, SplittableRandom random) {
        int[] order = new int[size];
        Arrays.setAll(order, i -> i);
        for (int i = size - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int moved = order[i];
            order[i] = order[other];
            order[other] = moved;
        }
        return order;
    }

    private static int[] taken(int[] values, int[] order) {
        int[] out = new int[order.length];
        Arrays.setAll(out, i -> values[order[i]]);
        return out;
    }

    private static Links workload(long events) {
        KeyDictionary identifiers = new KeyDictionary(0);
        Map<String, Integer> kinds = new HashMap<>();
        IntArrayList a = new IntArrayList();
        IntArrayList b = new IntArrayList();
        Object[] edge = {""};
        int[] first = {0};
        new WorkloadGenerator(SEED, events).generate((table, values) -> {
            if (table == InputTable.ENTITY_IDENTIFIERS) {
                String type = (String) Objects.requireNonNull(values[TYPE_AT]);
                byte[] value = ((String) Objects.requireNonNull(values[VALUE_AT])).getBytes(UTF_8);
                int kind = kinds.computeIfAbsent(type, name -> kinds.size());
                int node = identifiers.add(kind, value, 0, value.length);
                if (Objects.equals(values[EDGE_AT], edge[0])) {
                    a.add(first[0]);
                    b.add(node);
                } else {
                    edge[0] = Objects.requireNonNull(values[EDGE_AT]);
                    first[0] = node;
                }
            }
        });
        return new Links(identifiers.size(), a.toIntArray(), b.toIntArray());
    }

    private static int column(String name) {
        List<String> names = InputTable.ENTITY_IDENTIFIERS.columns().stream()
                .map(column -> column.name())
                .toList();
        return names.indexOf(name);
    }

    int nodes() {
        return nodes;
    }

    /** One end of every link: the array itself, not to be changed. */
    int[] a() {
        return a;
    }

    /** The other end of every link: the array itself, not to be changed. */
    int[] b() {
        return b;
    }

    /** Writes nodes, links, all first ends, all second ends: little-endian, 4 bytes each. */
    void write(Path file) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(4, 2 + 2 * a.length)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(nodes).putInt(a.length);
        for (int node : a) {
            bytes.putInt(node);
        }
        for (int node : b) {
            bytes.putInt(node);
        }
        Files.write(file, bytes.array());
    }
}
