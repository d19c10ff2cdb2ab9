package io.nexusid.graph;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntPredicate;

/**
 * The distinct nodes of each edge group: rows that share an {@code edge_id} (within one entity type) assert that their
 * identifiers belong together.
 *
 * <p>Built by one counting sort, then a sort of each group's nodes: linear but for groups of many rows, which are n log
 * n. Holds 4 bytes per group and 4 per distinct (group, node); while building 4 more per row. Rows in group order, as
 * files usually have them, are read and written straight through.
 */
public final class EdgeGroups {
    private final int[] starts;
    private final int[] nodes;
    private final long links;

    private EdgeGroups(int[] starts, int[] nodes, long links) {
        this.starts = starts;
        this.nodes = nodes;
        this.links = links;
    }

    /**
     * Groups the rows.
     *
     * @param group by row, below {@code groups}; negative: the row takes no part
     * @param node by row; negative: the row takes no part
     * @param rows how many elements of both arrays count
     */
    public static EdgeGroups of(int[] group, int[] node, int rows, int groups) {
        Objects.checkFromIndexSize(0, rows, group.length);
        Objects.checkFromIndexSize(0, rows, node.length);
        int[] starts = new int[groups + 1];
        for (int row = 0; row < rows; row++) {
            if (group[row] >= 0 && node[row] >= 0) {
                starts[group[row]]++;
            }
        }
        int taken = 0;
        for (int g = 0; g <= groups; g++) {
            taken += starts[g];
            starts[g] = taken;
        }
        int[] nodes = new int[taken];
        for (int row = rows - 1; row >= 0; row--) {
            if (group[row] >= 0 && node[row] >= 0) {
                nodes[--starts[group[row]]] = node[row];
            }
        }
        return distinct(starts, nodes);
    }

    /** The same of the rows whose node takes part. One more copy of {@code group} while it works. */
    public static EdgeGroups of(int[] group, int[] node, int rows, int groups, IntPredicate takesPart) {
        int[] taken = Arrays.copyOf(group, rows);
        for (int row = 0; row < rows; row++) {
            if (node[row] < 0 || !takesPart.test(node[row])) {
                taken[row] = -1;
            }
        }
        return of(taken, node, rows, groups);
    }

    private static EdgeGroups distinct(int[] starts, int[] nodes) {
        int groups = starts.length - 1;
        long links = 0;
        int out = 0;
        for (int g = 0; g < groups; g++) {
            int from = starts[g];
            int to = starts[g + 1];
            starts[g] = out;
            if (from == to) {
                continue;
            }
            Arrays.sort(nodes, from, to);
            nodes[out++] = nodes[from];
            for (int i = from + 1; i < to; i++) {
                if (nodes[i] != nodes[out - 1]) {
                    nodes[out++] = nodes[i];
                }
            }
            links += out - starts[g] - 1;
        }
        starts[groups] = out;
        // A quarter of slack costs less than a second copy at the moment of highest use.
        int[] kept = out < nodes.length - nodes.length / 4 ? Arrays.copyOf(nodes, out) : nodes;
        return new EdgeGroups(starts, kept, links);
    }

    /** How many groups there are, empty ones included. */
    public int groups() {
        return starts.length - 1;
    }

    /** The sum over the groups of their distinct nodes less one: the links a star per group has. */
    public long links() {
        return links;
    }

    /** The first position of a group's nodes. */
    public int from(int group) {
        return starts[group];
    }

    /** One past the last position of a group's nodes. */
    public int to(int group) {
        return starts[group + 1];
    }

    /** The node at a position; ascending within a group, each once. */
    public int node(int position) {
        return nodes[position];
    }
}
