package io.nexusid.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ConnectedComponentsTest {
    /** Rows (group, node) and the sets they mean. */
    private static final class Graph {
        final int nodes;
        final int groups;
        final int[] group;
        final int[] node;

        Graph(int nodes, int groups, int[] group, int[] node) {
            this.nodes = nodes;
            this.groups = groups;
            this.group = group;
            this.node = node;
        }

        static Graph random(long seed, int nodes) {
            SplittableRandom random = new SplittableRandom(seed);
            int groups = 1 + random.nextInt(2 * nodes + 1);
            int rows = random.nextInt(3 * nodes + 1);
            int[] group = Rows.codes(random, rows, groups, 0.05);
            int[] node = Rows.codes(random, rows, nodes, 0.05);
            return new Graph(nodes, groups, group, node);
        }

        List<Set<Integer>> members() {
            List<Set<Integer>> members = new ArrayList<>();
            for (int g = 0; g < groups; g++) {
                members.add(new TreeSet<>());
            }
            for (int row = 0; row < group.length; row++) {
                if (group[row] >= 0 && node[row] >= 0) {
                    members.get(group[row]).add(node[row]);
                }
            }
            return members;
        }

        EdgeGroups edgeGroups() {
            return EdgeGroups.of(group, node, group.length, groups);
        }

        /** Steps from a node to every other, -1 where there is no way: breadth first. */
        int[] hopsFrom(int start, List<Set<Integer>> members) {
            int[] hops = new int[nodes];
            Arrays.fill(hops, -1);
            hops[start] = 0;
            ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(start));
            while (!queue.isEmpty()) {
                int v = queue.remove();
                for (Set<Integer> set : members) {
                    if (set.contains(v)) {
                        for (int w : set) {
                            if (hops[w] < 0) {
                                hops[w] = hops[v] + 1;
                                queue.add(w);
                            }
                        }
                    }
                }
            }
            return hops;
        }
    }

    @Property(tries = 300)
    void groupsHoldTheirDistinctNodesAscending(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int nodes) {
        Graph graph = Graph.random(seed, nodes);
        EdgeGroups groups = graph.edgeGroups();
        List<Set<Integer>> members = graph.members();
        assertEquals(graph.groups, groups.groups());
        long links = 0;
        for (int g = 0; g < graph.groups; g++) {
            List<Integer> found = new ArrayList<>();
            for (int i = groups.from(g); i < groups.to(g); i++) {
                found.add(groups.node(i));
            }
            assertEquals(List.copyOf(members.get(g)), found);
            links += Math.max(0, found.size() - 1);
        }
        assertEquals(links, groups.links());
    }

    @Property(tries = 300)
    void componentsAreWhatBreadthFirstSearchFinds(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int nodes) {
        Graph graph = Graph.random(seed, nodes);
        ConnectedComponents components = ConnectedComponents.compute(nodes, graph.edgeGroups());
        List<Set<Integer>> members = graph.members();
        int count = 0;
        int largest = 0;
        for (int v = 0; v < nodes; v++) {
            int[] hops = graph.hopsFrom(v, members);
            int smallest = 0;
            while (hops[smallest] < 0) {
                smallest++;
            }
            assertEquals(smallest, components.label(v));
            count += smallest == v ? 1 : 0;
            largest = Math.max(
                    largest, (int) Arrays.stream(hops).filter(h -> h >= 0).count());
        }
        assertEquals(count, components.count());
        assertEquals(largest, components.largest());
    }

    @Property(tries = 300)
    void theSamePartitionForAnyRowOrder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 2000) int nodes) {
        Graph graph = Graph.random(seed, nodes);
        int[] order = Rows.permutation(new SplittableRandom(~seed), graph.group.length);
        EdgeGroups shuffled = EdgeGroups.of(
                Rows.reordered(graph.group, order), Rows.reordered(graph.node, order), order.length, graph.groups);
        assertArrayEquals(
                ConnectedComponents.compute(nodes, graph.edgeGroups()).labels(),
                ConnectedComponents.compute(nodes, shuffled).labels());
    }

    @Property(tries = 300)
    void unionTellsWhetherItJoinedAndFindGivesTheSmallest(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 80) int size) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] parent = UnionFind.create(size);
        int[] oracle = Rows.ascending(size);
        for (int i = 0; i < 2 * size; i++) {
            int a = random.nextInt(size);
            int b = random.nextInt(size);
            int keep = Math.min(oracle[a], oracle[b]);
            int drop = Math.max(oracle[a], oracle[b]);
            assertEquals(keep != drop, UnionFind.union(parent, a, b));
            for (int x = 0; x < size; x++) {
                oracle[x] = oracle[x] == drop ? keep : oracle[x];
                assertTrue(parent[x] <= x);
            }
            int probe = random.nextInt(size);
            assertEquals(oracle[probe], UnionFind.find(parent, probe));
        }
        UnionFind.flatten(parent);
        assertArrayEquals(oracle, parent);
    }

    @Test
    void aPathOfAMillionNodesInAnyNumberingIsOneComponent() {
        int n = 1_000_000;
        for (int[] path : new int[][] {
            Rows.ascending(n),
            Rows.permutation(new SplittableRandom(3), n),
            IntStream.range(0, n).map(i -> n - 1 - i).toArray()
        }) {
            int[] group = new int[2 * n - 2];
            int[] node = new int[2 * n - 2];
            for (int g = 0; g < n - 1; g++) {
                group[2 * g] = g;
                group[2 * g + 1] = g;
                node[2 * g] = path[g];
                node[2 * g + 1] = path[g + 1];
            }
            EdgeGroups groups = EdgeGroups.of(group, node, group.length, n - 1);
            ConnectedComponents components = ConnectedComponents.compute(n, groups);
            assertEquals(n - 1, groups.links());
            assertEquals(1, components.count());
            assertEquals(n, components.largest());
            assertTrue(Arrays.stream(components.labels()).allMatch(label -> label == 0));
        }
    }

    @Test
    void aStarAndOneHugeGroupAreOneComponentEach() {
        int n = 300_000;
        int[] group = new int[3 * n];
        int[] node = new int[3 * n];
        for (int i = 0; i < n; i++) {
            node[i] = n - 1 - i;
            group[n + i] = 1 + i;
            node[n + i] = n + i;
            group[2 * n + i] = 1 + i;
            node[2 * n + i] = 2 * n - 1;
        }
        EdgeGroups groups = EdgeGroups.of(group, node, 3 * n, n + 1);
        ConnectedComponents components = ConnectedComponents.compute(2 * n, groups);
        assertEquals(n, groups.to(0) - groups.from(0));
        assertEquals(2 * (n - 1), groups.links());
        assertEquals(2, components.count());
        assertEquals(n, components.label(2 * n - 1));
    }

    @Test
    void noNodesAndNoGroupsAreFine() {
        EdgeGroups none = EdgeGroups.of(new int[0], new int[0], 0, 0);
        assertEquals(0, none.links());
        assertEquals(0, ConnectedComponents.compute(0, none).count());
        assertEquals(0, ConnectedComponents.compute(0, none).largest());
        assertEquals(3, ConnectedComponents.compute(3, none).count());
        assertEquals(1, ConnectedComponents.compute(3, none).largest());
        assertArrayEquals(new int[0], HopLimitedLabels.compute(0, none, new int[0], 5));
    }

    @Property(tries = 200)
    void aLabelIsTheFirstNodeWithinSoManyHops(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int nodes, @ForAll @IntRange(max = 6) int hops) {
        Graph graph = Graph.random(seed, nodes);
        int[] rank = Rows.permutation(new SplittableRandom(seed + 1), nodes);
        List<Set<Integer>> members = graph.members();
        int[] expected = new int[nodes];
        for (int v = 0; v < nodes; v++) {
            int[] distance = graph.hopsFrom(v, members);
            int best = v;
            for (int w = 0; w < nodes; w++) {
                if (distance[w] >= 0 && distance[w] <= hops && rank[w] < rank[best]) {
                    best = w;
                }
            }
            expected[v] = best;
        }
        assertArrayEquals(expected, HopLimitedLabels.compute(nodes, graph.edgeGroups(), rank, hops));
    }

    @Test
    void aPathOfThirteenCappedAtFiveHopsIsEightEntities() {
        int[] group = new int[24];
        int[] node = new int[24];
        for (int g = 0; g < 12; g++) {
            group[2 * g] = group[2 * g + 1] = g;
            node[2 * g] = g;
            node[2 * g + 1] = g + 1;
        }
        EdgeGroups path = EdgeGroups.of(group, node, 24, 12);
        int[] labels = HopLimitedLabels.compute(13, path, Rows.ascending(13), 5);
        assertArrayEquals(new int[] {0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7}, labels);
        int[] uncapped = HopLimitedLabels.compute(13, path, Rows.ascending(13), Integer.MAX_VALUE);
        assertArrayEquals(new int[13], uncapped);
    }

    @Test
    void ranksThatAreNoPermutationAreRefused() {
        EdgeGroups none = EdgeGroups.of(new int[0], new int[0], 0, 0);
        for (int[] rank : new int[][] {{0, 0}, {0, 2}, {-1, 0}}) {
            assertThrows(IllegalArgumentException.class, () -> HopLimitedLabels.compute(2, none, rank, 1));
        }
        assertThrows(IllegalArgumentException.class, () -> HopLimitedLabels.compute(2, none, new int[] {0, 1}, -1));
        assertFalse(UnionFind.union(UnionFind.create(1), 0, 0));
    }
}
