package io.nexusid.graph;

import java.util.Arrays;

/**
 * The reference's recursion cap, exactly: a node is represented by the first node (by rank) within so many hops, one hop
 * being a shared edge group. Chains longer than the cap fall apart, and a representative may itself be represented by
 * another node.
 *
 * <p>Synchronous rounds of node, group minimum, node; each round reads every group once. Stops early when nothing
 * changes. 12 bytes per node while computing.
 */
public final class HopLimitedLabels {
    private HopLimitedLabels() {}

    /**
     * The representative of every node.
     *
     * @param rank a permutation of 0 to nodes - 1 ({@link NodeOrder#ranks})
     * @param hops how many rounds, at least 0
     * @throws IllegalArgumentException if rank is no permutation or hops is negative
     */
    public static int[] compute(int nodes, EdgeGroups groups, int[] rank, int hops) {
        if (hops < 0) {
            throw new IllegalArgumentException("hops is negative: " + hops);
        }
        int[] nodeOfRank = invert(rank, nodes);
        int[] best = Arrays.copyOf(rank, nodes);
        int[] next = best.clone();
        boolean changed = true;
        for (int round = 0; round < hops && changed; round++) {
            changed = spread(groups, best, next);
            System.arraycopy(next, 0, best, 0, nodes);
        }
        for (int v = 0; v < nodes; v++) {
            best[v] = nodeOfRank[best[v]];
        }
        return best;
    }

    private static boolean spread(EdgeGroups groups, int[] best, int[] next) {
        boolean changed = false;
        for (int g = 0; g < groups.groups(); g++) {
            int from = groups.from(g);
            int to = groups.to(g);
            int least = Integer.MAX_VALUE;
            for (int i = from; i < to; i++) {
                least = Math.min(least, best[groups.node(i)]);
            }
            for (int i = from; i < to; i++) {
                int v = groups.node(i);
                if (least < next[v]) {
                    next[v] = least;
                    changed = true;
                }
            }
        }
        return changed;
    }

    private static int[] invert(int[] rank, int nodes) {
        int[] nodeOfRank = new int[nodes];
        Arrays.fill(nodeOfRank, -1);
        for (int v = 0; v < nodes; v++) {
            int r = rank[v];
            if (r < 0 || r >= nodes || nodeOfRank[r] >= 0) {
                throw new IllegalArgumentException("ranks are no permutation: node " + v + " has rank " + r);
            }
            nodeOfRank[r] = v;
        }
        return nodeOfRank;
    }
}
