package io.nexusid.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.nexusid.api.IdPolicy;
import io.nexusid.graph.ChangeSet;
import io.nexusid.graph.ConnectedComponents;
import io.nexusid.graph.EdgeGroups;
import io.nexusid.graph.Entities;
import io.nexusid.graph.EntityNamer;
import io.nexusid.graph.GraphRules;
import io.nexusid.graph.IdentityBatch;
import io.nexusid.graph.IdentityGraph;
import io.nexusid.graph.IdentitySnapshot;
import io.nexusid.graph.KeyDictionary;
import io.nexusid.graph.NodeOrder;
import io.nexusid.graph.Tasks;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A batch on a living graph against resolving everything again, and lookups meanwhile.
 *
 * <p>The log: 6.7 rows an identifier of 20 bytes, two to an edge, four identifiers a person, one edge in 33 between two
 * people of a household of three. The batch is more of the same; one row in seven names a new identifier.
 *
 * <p>Contenders; each starts from row codes unless it says otherwise, and nothing is written anywhere:
 *
 * <ul>
 *   <li>{@code batch}: the batch on the graph, taken back afterwards, which it pays for too.
 *   <li>{@code batchFromKeys}: the same, with looking the batch's identifiers up in the dictionary.
 *   <li>{@code rebuild}: the log and the batch as one batch on an empty graph.
 *   <li>{@code rebuildKernels}: the same by the kernels of a one-shot run, content ids.
 *   <li>{@code lookup} (sampled): identifier to entity and its size, on one thread, while another applies the batch over
 *       and over.
 * </ul>
 *
 * <p>{@code benchmarks/run-jmh LivingGraphBenchmark -jvmArgs -Xmx6g}; {@code -p identifiers=10000000 -e rebuild -jvmArgs
 * -Xmx12g} for more.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LivingGraphBenchmark {
    private static final List<String> TYPES = List.of("person");
    private static final byte[] KIND = "anonymous_id".getBytes(US_ASCII);
    private static final int KEY_LENGTH = 20;
    private static final int PER_PERSON = 4;

    /** About how many identifiers the graph knows. */
    @Param("1000000")
    public int identifiers = 1_000_000;

    /** Identifier rows of the batch. */
    @Param({"100000", "1000"})
    public int batchRows = 100_000;

    private final KeyDictionary kinds = new KeyDictionary(1);
    private KeyDictionary nodes = new KeyDictionary(1);
    private int[] node = {};
    private int[] edge = {};
    private int logRows;
    private IdentityBatch batch = IdentityBatch.of(0, node, edge, 0);
    private byte[] batchKeys = {};
    private int[] batchKinds = {};
    private int[] batchOffsets = {};
    private int[] codes = {};
    private IdentityGraph graph = new IdentityGraph(GraphRules.of(IdPolicy.STABLE, TYPES), kinds, nodes);

    /** Builds the graph and checks that batch by batch and all at once agree. */
    @Setup
    public void prepare() {
        kinds.add(0, KIND, 0, KIND.length);
        makeRows(new SplittableRandom(1));
        code();
        graph = new IdentityGraph(GraphRules.of(IdPolicy.STABLE, TYPES), kinds, nodes);
        graph.apply(IdentityBatch.of(logRows, node, edge, logRows / 2));
        int[] expected = partition(rebuild().after());
        Agreement.check("batch", expected, partition(graph.prepare(batch).after()));
        graph.rollback();
        Entities entities = rebuildKernels();
        int[] first = new int[entities.count()];
        Arrays.fill(first, -1);
        int[] labels = new int[expected.length];
        for (int v = 0; v < labels.length; v++) {
            int entity = entities.ofNode(v);
            first[entity] = first[entity] < 0 ? v : first[entity];
            labels[v] = first[entity];
        }
        Agreement.check("rebuildKernels", expected, labels);
    }

    private static int[] partition(IdentitySnapshot snapshot) {
        int[] first = new int[snapshot.entityNumbers()];
        Arrays.fill(first, -1);
        int[] labels = new int[snapshot.nodes()];
        for (int v = 0; v < labels.length; v++) {
            int entity = snapshot.entityOf(v);
            first[entity] = first[entity] < 0 ? v : first[entity];
            labels[v] = first[entity];
        }
        return labels;
    }

    /** Leaves numbers of identifiers in node, not yet codes. */
    private void makeRows(SplittableRandom random) {
        logRows = (int) Math.min(1_000_000_000L, identifiers * 67L / 10) & ~1;
        int people = identifiers / PER_PERSON;
        node = new int[logRows + batchRows];
        edge = new int[node.length];
        int fresh = identifiers;
        for (int row = 0; row < node.length; row += 2) {
            int person = random.nextInt(people);
            int other =
                    random.nextInt(33) == 0 ? Math.min(people - 1, person - person % 3 + random.nextInt(3)) : person;
            node[row] = PER_PERSON * person + random.nextInt(PER_PERSON);
            boolean isNew = row >= logRows && random.nextInt(7) < 2;
            node[row + 1] = isNew ? fresh++ : PER_PERSON * other + random.nextInt(PER_PERSON);
            edge[row] = edge[row + 1] = row / 2;
        }
    }

    private static void writeKey(int identifier, byte[] out, int at) {
        long mixed = new SplittableRandom(identifier).nextLong();
        byte[] digits = Long.toHexString(mixed | Long.MIN_VALUE).getBytes(US_ASCII);
        out[at] = 'a';
        out[at + 1] = 'n';
        out[at + 2] = 'o';
        out[at + 3] = 'n';
        System.arraycopy(digits, 0, out, at + 4, KEY_LENGTH - 4);
    }

    private void code() {
        nodes = new KeyDictionary(identifiers);
        byte[] key = new byte[KEY_LENGTH];
        for (int row = 0; row < logRows; row++) {
            writeKey(node[row], key, 0);
            node[row] = nodes.add(0, key, 0, KEY_LENGTH);
        }
        batchKeys = new byte[batchRows * KEY_LENGTH];
        batchKinds = new int[batchRows];
        batchOffsets = new int[batchRows + 1];
        codes = new int[batchRows];
        int[] batchEdge = new int[batchRows];
        for (int i = 0; i < batchRows; i++) {
            writeKey(node[logRows + i], batchKeys, i * KEY_LENGTH);
            batchOffsets[i + 1] = (i + 1) * KEY_LENGTH;
            batchEdge[i] = i / 2;
        }
        nodes.addAll(batchKinds, batchKeys, batchOffsets, batchRows, codes, 0);
        System.arraycopy(codes, 0, node, logRows, batchRows);
        batch = IdentityBatch.of(batchRows, codes, batchEdge, batchRows / 2);
    }

    @Benchmark
    public int batch() {
        ChangeSet changes = graph.prepare(batch);
        graph.rollback();
        return changes.rows();
    }

    @Benchmark
    public int batchFromKeys() {
        nodes.addAll(batchKinds, batchKeys, batchOffsets, batchRows, codes, 0);
        return batch();
    }

    @Benchmark
    public ChangeSet rebuild() {
        IdentityGraph all = new IdentityGraph(GraphRules.of(IdPolicy.STABLE, TYPES), kinds, nodes);
        return all.apply(IdentityBatch.of(node.length, node, edge, node.length / 2));
    }

    @Benchmark
    public Entities rebuildKernels() {
        EdgeGroups groups = EdgeGroups.of(edge, node, node.length, node.length / 2);
        int[] labels = ConnectedComponents.compute(nodes.size(), groups).labels();
        NodeOrder order = NodeOrder.of(nodes, new int[1]);
        return EntityNamer.name(nodes, order, new int[1], TYPES, List.of(KIND), labels, false, false, Tasks.IN_TURN);
    }

    /** Where a reader is in the keys of the batch. */
    @State(Scope.Thread)
    public static class Reader {
        private final SplittableRandom random = new SplittableRandom(7);
        private final byte[] key = new byte[KEY_LENGTH];
    }

    @Benchmark
    @Group("lookupWhileApplying")
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public int lookup(Reader reader) {
        int at = reader.random.nextInt(batchRows) * KEY_LENGTH;
        System.arraycopy(batchKeys, at, reader.key, 0, KEY_LENGTH);
        IdentitySnapshot snapshot = graph.snapshot();
        int entity = snapshot.entityOf(0, KIND, reader.key);
        return entity < 0 ? entity : snapshot.size(entity);
    }

    @Benchmark
    @Group("lookupWhileApplying")
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public int applying() {
        return batch();
    }
}
