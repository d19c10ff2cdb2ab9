package io.nexusid.arrow.store;

import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;

/** Writes one {@link KeyRun}, key after key in ascending order. */
final class KeyRunWriter {
    private static final int FILTER_BLOCK = 1 << 20;

    private final SegmentWriter segment;
    private final boolean withNodes;
    private final KeyFilter filter;
    private final LongArrayList fences = new LongArrayList();
    private final long[] keys = new long[2 * KeyRun.BLOCK_KEYS];
    private final int[] nodes;
    private int filled;
    private long rows;

    /**
     * @param atMost no more keys than that will come
     */
    KeyRunWriter(SegmentWriter segment, boolean withNodes, long atMost) {
        this.segment = segment;
        this.withNodes = withNodes;
        this.filter = KeyFilter.forKeys(atMost);
        this.nodes = new int[withNodes ? KeyRun.BLOCK_KEYS : 0];
    }

    void add(long high, long low, int node) throws IOException {
        if (filled == KeyRun.BLOCK_KEYS) {
            flush();
        }
        if (filled == 0) {
            fences.add(high);
            fences.add(low);
        }
        filter.add(high, low);
        keys[2 * filled] = high;
        keys[2 * filled + 1] = low;
        if (withNodes) {
            nodes[filled] = node;
        }
        filled++;
        rows++;
    }

    /** Writes what is left and the index; returns the number of keys. */
    long finish() throws IOException {
        if (filled > 0) {
            flush();
        }
        segment.longs(KeyRun.FENCES, fences.elements(), 0, fences.size());
        long[] words = filter.words();
        for (int from = 0; from < words.length; from += FILTER_BLOCK) {
            segment.longs(KeyRun.FILTER, words, from, Math.min(FILTER_BLOCK, words.length - from));
        }
        return rows;
    }

    private void flush() throws IOException {
        segment.longs(KeyRun.KEYS, keys, 0, 2 * filled);
        if (withNodes) {
            segment.ints(KeyRun.NODES, nodes, 0, filled);
        }
        filled = 0;
    }
}
