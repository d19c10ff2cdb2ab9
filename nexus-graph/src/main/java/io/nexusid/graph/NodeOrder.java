package io.nexusid.graph;

import java.util.Arrays;

/**
 * The order of all nodes by (identifier type, value), both by their bytes, unsigned. Nodes of one type and value in two
 * entity types follow each other by number.
 *
 * <p>Sorted once, so that afterwards every comparison is one of ranks. 8 bytes per node kept, 32 while sorting; about
 * 100 ns per node.
 */
public final class NodeOrder {
    /*
     * Most-significant-word radix sort. The nodes of a type are sorted by the eight bytes after the prefix that all of
     * that type share ("user_", "+15"), read as one unsigned long; runs of equal words are sorted by the next eight,
     * and so on, short runs by comparing. Zero padding makes "a" and "a\0" one word, so a run is first split into the
     * values that end within the word, by length, and those that go on. Runs wait on an explicit stack: a common
     * prefix of a megabyte is a hundred thousand levels deep. The work is bounded by the bytes of the values.
     */
    private static final int SHORT_RUN = 12;

    private final int[] sorted;
    private final int[] ranks;

    private NodeOrder(int[] sorted, int[] ranks) {
        this.sorted = sorted;
        this.ranks = ranks;
    }

    /**
     * Sorts the keys of a dictionary.
     *
     * @param typeRankOfKind the rank, at least 0, of the name of each kind's identifier type among all names
     */
    public static NodeOrder of(KeyDictionary nodes, int[] typeRankOfKind) {
        int[] sorted = new int[nodes.size()];
        for (int v = 0; v < sorted.length; v++) {
            sorted[v] = v;
        }
        sort(nodes, typeRankOfKind, sorted);
        int[] ranks = new int[sorted.length];
        for (int i = 0; i < ranks.length; i++) {
            ranks[sorted[i]] = i;
        }
        return new NodeOrder(sorted, ranks);
    }

    /** Puts some of the keys of a dictionary, all different, into this order. */
    static void sort(KeyDictionary nodes, int[] typeRankOfKind, int[] some) {
        new Sorter(nodes, some).sort(typeRankOfKind);
    }

    /** Compares two nodes. */
    public int compare(int a, int b) {
        return Integer.compare(ranks[a], ranks[b]);
    }

    /** The rank of every node, 0 to nodes - 1, all distinct: the array itself, not to be changed. */
    public int[] ranks() {
        return ranks;
    }

    /** The node of every rank: the array itself, not to be changed. */
    public int[] sorted() {
        return sorted;
    }

    /** Sorts {@code nodes[from, to)} in place. */
    public void sort(int[] nodes, int from, int to) {
        for (int i = from; i < to; i++) {
            nodes[i] = ranks[nodes[i]];
        }
        Arrays.sort(nodes, from, to);
        for (int i = from; i < to; i++) {
            nodes[i] = sorted[nodes[i]];
        }
    }

    private static final class Sorter {
        private final KeyDictionary nodes;
        private final int[] order;
        private final long[] words;
        private final KeySort keySort = new KeySort();
        private int[] pending = new int[48];
        private int pendingSize;

        Sorter(KeyDictionary nodes, int[] order) {
            this.nodes = nodes;
            this.order = order;
            this.words = new long[order.length];
        }

        void sort(int[] typeRankOfKind) {
            int types = 0;
            for (int rank : typeRankOfKind) {
                types = Math.max(types, rank + 1);
            }
            int[] end = new int[types];
            int[] prefix = new int[types];
            byType(typeRankOfKind, end, prefix);
            int from = 0;
            for (int t = 0; t < types; t++) {
                push(from, end[t], prefix[t]);
                from = end[t];
                sortPending();
            }
        }

        /** Counting sort by type; finds where each type's nodes end and how many leading bytes they share. */
        private void byType(int[] typeRankOfKind, int[] end, int[] prefix) {
            int[] given = order.clone();
            int[] first = new int[end.length];
            int[] count = new int[end.length];
            for (int v : given) {
                int type = typeRankOfKind[nodes.kind(v)];
                if (count[type]++ == 0) {
                    first[type] = v;
                    prefix[type] = nodes.length(v);
                } else {
                    prefix[type] = nodes.commonPrefix(first[type], v, prefix[type]);
                }
            }
            int at = 0;
            for (int t = 0; t < end.length; t++) {
                end[t] = at;
                at += count[t];
            }
            for (int v : given) {
                order[end[typeRankOfKind[nodes.kind(v)]]++] = v;
            }
        }

        private void push(int from, int to, int depth) {
            if (to - from < 2) {
                return;
            }
            if (pendingSize + 3 > pending.length) {
                pending = Arrays.copyOf(pending, 2 * pending.length);
            }
            pending[pendingSize++] = from;
            pending[pendingSize++] = to;
            pending[pendingSize++] = depth;
        }

        private void sortPending() {
            while (pendingSize > 0) {
                int depth = pending[--pendingSize];
                int to = pending[--pendingSize];
                int from = pending[--pendingSize];
                for (int i = from; i < to; i++) {
                    words[i] = nodes.word(order[i], depth);
                }
                keySort.sort(words, order, from, to);
                int start = from;
                for (int i = from + 1; i <= to; i++) {
                    if (i == to || words[i] != words[start]) {
                        sortRun(start, i, depth);
                        start = i;
                    }
                }
            }
        }

        /** Nodes whose bytes up to {@code depth} and whose next word are the same, in ascending order. */
        private void sortRun(int from, int to, int depth) {
            if (to - from <= SHORT_RUN) {
                insertion(from, to);
                return;
            }
            for (int i = from; i < to; i++) {
                words[i] = Math.min(nodes.length(order[i]) - depth, Long.BYTES + 1);
            }
            keySort.sort(words, order, from, to);
            int longer = from;
            while (longer < to && words[longer] <= Long.BYTES) {
                longer++;
            }
            push(longer, to, depth + Long.BYTES);
        }

        private void insertion(int from, int to) {
            for (int i = from + 1; i < to; i++) {
                int node = order[i];
                int j = i - 1;
                while (j >= from && nodes.compare(order[j], node) > 0) {
                    order[j + 1] = order[j];
                    j--;
                }
                order[j + 1] = node;
            }
        }
    }
}
