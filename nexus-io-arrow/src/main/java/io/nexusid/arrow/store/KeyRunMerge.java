package io.nexusid.arrow.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Several sorted runs become one: a merge with one block of each run in memory. A key that two runs have, which no writer of
 * this package does, is kept once, with the smaller node.
 */
final class KeyRunMerge implements SegmentMerge {
    private final boolean withNodes;

    KeyRunMerge(boolean withNodes) {
        this.withNodes = withNodes;
    }

    @Override
    public long merge(List<Segment> inputs, SegmentWriter output) throws IOException {
        long atMost = 0;
        List<Cursor> cursors = new ArrayList<>();
        for (Segment input : inputs) {
            atMost += input.info().rows();
            Cursor cursor = new Cursor(new KeyRun.Blocks(input, withNodes));
            if (cursor.advance()) {
                cursors.add(cursor);
            }
        }
        KeyRunWriter writer = new KeyRunWriter(output, withNodes, atMost);
        while (!cursors.isEmpty()) {
            takeLeast(cursors, writer);
        }
        return writer.finish();
    }

    /** A scan of all cursors: with eight of them quicker than a heap. */
    private static void takeLeast(List<Cursor> cursors, KeyRunWriter writer) throws IOException {
        Cursor least = cursors.get(0);
        for (int c = 1; c < cursors.size(); c++) {
            Cursor cursor = cursors.get(c);
            if (Fingerprints.compare(cursor.high, cursor.low, least.high, least.low) < 0) {
                least = cursor;
            }
        }
        long high = least.high;
        long low = least.low;
        int node = Integer.MAX_VALUE;
        for (int c = cursors.size() - 1; c >= 0; c--) {
            Cursor cursor = cursors.get(c);
            if (cursor.high == high && cursor.low == low) {
                node = Math.min(node, cursor.node);
                if (!cursor.advance()) {
                    cursors.remove(c);
                }
            }
        }
        writer.add(high, low, node);
    }

    private static final class Cursor {
        private final KeyRun.Blocks blocks;
        private int block = -1;
        private int next;
        private int count;
        private long high;
        private long low;
        private int node;

        Cursor(KeyRun.Blocks blocks) {
            this.blocks = blocks;
        }

        /** Goes to the next key; whether there is one. */
        boolean advance() throws IOException {
            while (next == count) {
                if (++block == blocks.blocks()) {
                    return false;
                }
                count = blocks.load(block);
                next = 0;
            }
            high = blocks.high(next);
            low = blocks.low(next);
            node = blocks.node(next++);
            return true;
        }
    }
}
