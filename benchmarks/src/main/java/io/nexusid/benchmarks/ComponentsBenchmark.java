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
 * Links to component labels, each label the smallest node of its component.
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
 *   <li>{@code webGraph}: WebGraph's breadth-first search, one thread; is given adjacency lists in two arrays, both
 *       directions, for nothing.
 * </ul>
 *
 * <p>Shapes: those of {@link Links}, and {@code joined} (the links of a skewed graph once more, all joined before).
 *
 * <p>{@code benchmarks/run-jmh ComponentsBenchmark}; {@code -p size=5000000 -e jgrapht -jvmArgs -Xmx8g} for more.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ComponentsBenchmark {
    /** How the links lie. */
    @Param({"workload", "skewed", "chain", "chain-in-order", "random", "joined"})
    public String shape = "workload";

    /** Number of nodes asked for; the default is the workload of a million events. */
    @Param("333333")
    public int size = 333_333;

    private int nodes;
    private int[] a = {};
    private int[] b = {};
    private int[] joined = {};
    private Graph<Integer, DefaultEdge> graph = new Pseudograph<>(DefaultEdge.class);
    private ArrayGraph adjacency = ArrayGraph.of(Links.of("chain", 1));

    /** Makes the links and checks that all contenders give the same labels. */
    @Setup
    public void prepare() {
        Links links = Links.of(shape.equals("joined") ? "skewed" : shape, size);
        nodes = links.nodes();
        a = links.a();
        b = links.b();
        joined = UnionFind.create(nodes);
        if (shape.equals("joined")) {
            unite(joined);
        }
        graph = new Pseudograph<>(DefaultEdge.class);
        for (int node = 0; node < nodes; node++) {
            graph.addVertex(node);
        }
        for (int i = 0; i < a.length; i++) {
            graph.addEdge(a[i], b[i]);
        }
        adjacency = ArrayGraph.of(links);
        int[] expected = nexus();
        Agreement.check("nexusFromRows", expected, nexusFromRows());
        Agreement.check("hashMap", expected, hashMap());
        Agreement.check("jgraphtUnionFind", expected, jgraphtLabels(jgraphtUnionFind()));
        Agreement.check("jgraphtInspector", expected, labels(jgraphtInspector()));
        Agreement.check("webGraph", expected, least(webGraph()));
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
        int[] group = new int[2 * a.length];
        int[] node = new int[2 * a.length];
        for (int i = 0; i < a.length; i++) {
            group[2 * i] = i;
            group[2 * i + 1] = i;
            node[2 * i] = a[i];
            node[2 * i + 1] = b[i];
        }
        return ConnectedComponents.compute(nodes, EdgeGroups.of(group, node, group.length, a.length))
                .labels();
    }

    @Benchmark
    public int[] hashMap() {
        Map<Integer, Integer> parent = new HashMap<>();
        for (int i = 0; i < a.length; i++) {
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
        for (int i = 0; i < a.length; i++) {
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
    public int[] webGraph() {
        return it.unimi.dsi.webgraph.algo.ConnectedComponents.compute(adjacency, 1, null).component;
    }

    private static int[] least(int[] numbers) {
        int[] first = new int[numbers.length];
        Arrays.fill(first, -1);
        int[] labels = new int[numbers.length];
        for (int node = 0; node < numbers.length; node++) {
            int number = numbers[node];
            first[number] = first[number] < 0 ? node : first[number];
            labels[node] = first[number];
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
