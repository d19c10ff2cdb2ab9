package io.nexusid.arrow.store;

import java.io.IOException;

/**
 * A sorted run of distinct keys, each with a node if its table has them, in one segment: blocks of 1,024 keys on disk; in
 * memory a {@link KeyFilter} and the first key of each block, about 10.1 bits a key.
 */
final class KeyRun {
    static final String KEYS = "keys";
    static final String NODES = "nodes";
    static final String FENCES = "fences";
    static final String FILTER = "filter";
    static final int BLOCK_KEYS = 1024;

    private final Segment segment;
    private final boolean withNodes;
    private final KeyFilter filter;
    private final long[] fences;

    private KeyRun(Segment segment, boolean withNodes, KeyFilter filter, long[] fences) {
        this.segment = segment;
        this.withNodes = withNodes;
        this.filter = filter;
        this.fences = fences;
    }

    static KeyRun open(Segment segment, boolean withNodes) throws IOException {
        long rows = segment.info().rows();
        long blocks = (rows + BLOCK_KEYS - 1) / BLOCK_KEYS;
        SegmentColumn keys = segment.column(KEYS);
        SegmentColumn fences = segment.column(FENCES);
        long[] filter = segment.column(FILTER).allLongs();
        if (rows == 0
                || keys.elements() != 2 * rows
                || keys.blocks() != blocks
                || fences.elements() != 2 * blocks
                || !KeyFilter.canBe(filter)) {
            throw StoreDamage.in(segment.file(), "this is no run of " + rows + " keys");
        }
        return new KeyRun(segment, withNodes, KeyFilter.of(filter), fences.allLongs());
    }

    /** The same run, read through the segment as another snapshot holds it. */
    KeyRun on(Segment other) {
        return new KeyRun(other, withNodes, filter, fences);
    }

    Segment segment() {
        return segment;
    }

    long memoryBytes() {
        return Long.BYTES * ((long) filter.words().length + fences.length);
    }

    /**
     * Looks up keys in ascending order, and so goes through the filter and the blocks once, from front to back.
     *
     * @param keys distinct, ascending
     * @param nodes by position; keys whose node is not {@link KeyRuns#ABSENT} any more are passed over
     */
    void find(Fingerprints keys, int[] nodes) throws IOException {
        Blocks blocks = new Blocks(segment, withNodes);
        int block = 0;
        for (int i = 0; i < nodes.length; i++) {
            if (nodes[i] == KeyRuns.ABSENT && filter.mayContain(keys.high(i), keys.low(i))) {
                block = blockOf(keys.high(i), keys.low(i), block);
                nodes[i] = blocks.find(block, keys.high(i), keys.low(i));
            }
        }
    }

    /** The last block from here on that begins with this key or a smaller one; the given one if there is none. */
    private int blockOf(long high, long low, int from) {
        int least = from;
        int beyond = fences.length / 2;
        while (beyond - least > 1) {
            int middle = (least + beyond) >>> 1;
            if (Fingerprints.compare(fences[2 * middle], fences[2 * middle + 1], high, low) <= 0) {
                least = middle;
            } else {
                beyond = middle;
            }
        }
        return least;
    }

    /** The keys of a run, one block at a time. */
    static final class Blocks {
        private final Segment segment;
        private final SegmentColumn keyColumn;
        private final boolean withNodes;
        private final long[] keys = new long[2 * BLOCK_KEYS];
        private final int[] nodes;
        private int loaded = -1;
        private int count;

        Blocks(Segment segment, boolean withNodes) throws IOException {
            this.segment = segment;
            this.keyColumn = segment.column(KEYS);
            this.withNodes = withNodes;
            this.nodes = new int[withNodes ? BLOCK_KEYS : 0];
        }

        int blocks() {
            return keyColumn.blocks();
        }

        /** Loads a block, unless it is the one that is loaded; returns the number of keys. */
        int load(int block) throws IOException {
            if (loaded != block) {
                int elements = keyColumn.elements(block);
                SegmentColumn nodeColumn = withNodes ? segment.column(NODES) : keyColumn;
                boolean fits = elements <= 2 * BLOCK_KEYS && elements % 2 == 0;
                if (withNodes) {
                    fits &= nodeColumn.blocks() > block && nodeColumn.elements(block) == elements / 2;
                }
                if (!fits) {
                    throw StoreDamage.in(segment.file(), "block " + block + " is no block of keys");
                }
                loaded = -1;
                keyColumn.longs(block, keys);
                if (withNodes) {
                    nodeColumn.ints(block, nodes);
                }
                count = elements / 2;
                loaded = block;
            }
            return count;
        }

        long high(int n) {
            return keys[2 * n];
        }

        long low(int n) {
            return keys[2 * n + 1];
        }

        int node(int n) {
            return withNodes ? nodes[n] : 0;
        }

        /** The node of a key, 0 in a run without nodes, or {@link KeyRuns#ABSENT}. */
        int find(int block, long high, long low) throws IOException {
            int least = 0;
            int beyond = load(block);
            while (least < beyond) {
                int middle = (least + beyond) >>> 1;
                int order = Fingerprints.compare(keys[2 * middle], keys[2 * middle + 1], high, low);
                if (order == 0) {
                    return node(middle);
                }
                if (order < 0) {
                    least = middle + 1;
                } else {
                    beyond = middle;
                }
            }
            return KeyRuns.ABSENT;
        }
    }
}
