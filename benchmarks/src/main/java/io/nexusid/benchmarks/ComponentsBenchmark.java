package io.nexusid.benchmarks;

import io.nexusid.graph.ConnectedComponents;
import io.nexusid.graph.EdgeGroups;
import io.nexusid.graph.UnionFind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jgrapht.Graph;
import org.jgrapht.alg.connectivity.ConnectivityInspector;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.Pseudograph;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Links to component labels: one link per node, each label the smallest node of its component.
 *
 * <p>Contenders:
 *
 * <ul>
 *   <li>{@code nexus}: {@link UnionFind} over the links as they are, then one flattening sweep.
 *   <li>{@code nexusFromRows}: the same from identifier rows, so with the grouping by edge ({@link EdgeGroups}) that a
 *       run does first.
 *   <li>{@code hashMap}: union-find as one writes it by hand, parents in a {@code HashMap<Integer, Integer>}.
 *   <li>{@code jgraphtUnionFind}: JGraphT's, two hash maps; pays for adding the elements, as one must.
 *   <li>{@code jgraphtInspector}: breadth-first search; is given the built graph for nothing, which costs more than the
 *       search.
 * </ul>
 *
 * <p>Shapes: {@code skewed} (one end uniform, one end a hub by a power law), {@code chain} (a path through all nodes,
 * its links in random order, so that long pieces meet), {@code chain-in-order} (the same path link after link: the
 * component grows from one end, a tree stays flat, and the branches are foreseen; an easy case), {@code random} (both
 * ends uniform), {@code joined} (the links of a skewed graph once more, all joined before).
 *
 * <p>{@code benchmarks/run-jmh ComponentsBenchmark}; {@code -p nodes=5000000 -e jgrapht -jvmArgs -Xmx8g} for more.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ComponentsBenchmark {
    /** How the links lie. */
    @Param({"skewed", "chain", "chain-in-order", "random", "joined"})
    public String shape = "skewed";

    /** Number of nodes, and of links. */
    @Param("200000")
    public int nodes = 200_000;

    private int[] a = {};
    private int[] b = {};
    private int[] joined = {};
    private Graph<Integer, DefaultEdge> graph = new Pseudograph<>(DefaultEdge.class);

    /** Makes the links and checks that all contenders give the same labels. */
    @Setup
    public void prepare() {
        a = new int[nodes];
        b = new int[nodes];
        SplittableRandom random = new SplittableRandom(1);
        link(random);
        if (shape.equals("chain")) {
            int[] order = shuffled(random);
            a = taken(a, order);
            b = taken(b, order);
        }
        joined = UnionFind.create(nodes);
        if (shape.equals("joined")) {
            unite(joined);
        }
        graph = new Pseudograph<>(DefaultEdge.class);
        for (int node = 0; node < nodes; node++) {
            graph.addVertex(node);
        }
        for (int i = 0; i < nodes; i++) {
            graph.addEdge(a[i], b[i]);
        }
        int[] expected = nexus();
        Agreement.check("nexusFromRows", expected, nexusFromRows());
        Agreement.check("hashMap", expected, hashMap());
        Agreement.check("jgraphtUnionFind", expected, jgraphtLabels(jgraphtUnionFind()));
        Agreement.check("jgraphtInspector", expected, labels(jgraphtInspector()));
    }

    private void link(SplittableRandom random) {
        int[] path = shuffled(random);
        for (int i = 0; i < nodes; i++) {
            switch (shape) {
                case "chain", "chain-in-order" -> {
                    a[i] = path[Math.max(0, i - 1)];
                    b[i] = path[i];
                }
                case "random" -> {
                    a[i] = random.nextInt(nodes);
                    b[i] = random.nextInt(nodes);
                }
                case "skewed", "joined" -> {
                    a[i] = random.nextInt(nodes);
                    b[i] = (int) (nodes * Math.pow(random.nextDouble(), 4));
                }
                default -> throw new IllegalArgumentException("no shape " + shape);
            }
        }
    }

    private int[] shuffled(SplittableRandom random) {
        int[] order = new int[nodes];
        Arrays.setAll(order, i -> i);
        for (int i = nodes - 1; i > 0; i--) {
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

    private void unite(int[] parent) {
        for (int i = 0; i < a.length; i++) {
            UnionFind.union(parent, a[i], b[i]);
        }
    }

    @Benchmark
    public int[] nexus() {
        int[] parent = joined.clone();
        unite(parent);
        UnionFind.flatten(parent);
        return parent;
    }

    @Benchmark
    public int[] nexusFromRows() {
        int[] group = new int[2 * nodes];
        int[] node = new int[2 * nodes];
        for (int i = 0; i < nodes; i++) {
            group[2 * i] = i;
            group[2 * i + 1] = i;
            node[2 * i] = a[i];
            node[2 * i + 1] = b[i];
        }
        return ConnectedComponents.compute(nodes, EdgeGroups.of(group, node, 2 * nodes, nodes))
                .labels();
    }

    @Benchmark
    public int[] hashMap() {
        Map<Integer, Integer> parent = new HashMap<>();
        for (int i = 0; i < nodes; i++) {
            int x = root(parent, a[i]);
            int y = root(parent, b[i]);
            parent.put(Math.max(x, y), Math.min(x, y));
        }
        int[] labels = new int[nodes];
        Arrays.setAll(labels, node -> root(parent, node));
        return labels;
    }

    private static int root(Map<Integer, Integer> parent, int node) {
        int at = node;
        while (true) {
            int up = parent.getOrDefault(at, at);
            if (up == at) {
                return at;
            }
            int next = parent.getOrDefault(up, up);
            parent.put(at, next);
            at = next;
        }
    }

    @Benchmark
    public org.jgrapht.alg.util.UnionFind<Integer> jgraphtUnionFind() {
        org.jgrapht.alg.util.UnionFind<Integer> sets = new org.jgrapht.alg.util.UnionFind<>(Set.of());
        for (int node = 0; node < nodes; node++) {
            sets.addElement(node);
        }
        for (int i = 0; i < nodes; i++) {
            sets.union(a[i], b[i]);
        }
        return sets;
    }

    private int[] jgraphtLabels(org.jgrapht.alg.util.UnionFind<Integer> sets) {
        Map<Integer, Integer> least = new HashMap<>();
        int[] labels = new int[nodes];
        for (int node = 0; node < nodes; node++) {
            labels[node] = least.merge(sets.find(node), node, (x, y) -> x);
        }
        return labels;
    }

    @Benchmark
    public List<Set<Integer>> jgraphtInspector() {
        return new ConnectivityInspector<>(graph).connectedSets();
    }

    private int[] labels(List<Set<Integer>> components) {
        int[] labels = new int[nodes];
        for (Set<Integer> component : new ArrayList<>(components)) {
            int least = component.stream().mapToInt(Integer::intValue).min().orElseThrow();
            component.forEach(node -> labels[node] = least);
        }
        return labels;
    }
}
