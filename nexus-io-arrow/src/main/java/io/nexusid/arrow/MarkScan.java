package io.nexusid.arrow;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the rows that have one of some marks by looking at the mark of every row, on all threads.
 *
 * <p>There is no index, because this is cheap: 4 bytes a row, read one behind the other, and for most of them one test of a
 * bit; with reading about three nanoseconds a mark. Sorted runs of marks cost a probe of two microseconds in each run for
 * each mark that is looked for, which is more from some ten thousand marks on, and as much again to write.
 */
final class MarkScan {
    /** How many blocks a thread takes at a time. */
    private static final int BLOCKS = 64;
    /** Bits of the filter for each mark that is looked for: about one other mark in as many passes it. */
    private static final int BITS_A_MARK = 32;

    private static final int MOST_BITS = 1 << 26;

    private final Workers workers;

    /** Borrows the threads. */
    MarkScan(Workers workers) {
        this.workers = workers;
    }

    /** By block, the rows whose mark in a column is one of these; blocks without any are left out. */
    Map<StoredTable.Block, BitSet> rows(List<StoredTable.Block> blocks, String column, IntOpenHashSet marks)
            throws IOException {
        Map<StoredTable.Block, BitSet> found = new LinkedHashMap<>();
        if (marks.isEmpty()) {
            return found;
        }
        long[] filter = filter(marks);
        List<Part> parts = new ArrayList<>();
        for (int from = 0; from < blocks.size(); from += BLOCKS) {
            parts.add(new Part(blocks.subList(from, Math.min(blocks.size(), from + BLOCKS)), column, marks, filter));
        }
        try {
            workers.forEach(parts.size(), part -> parts.get(part).scan());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        parts.forEach(part -> found.putAll(part.found));
        return found;
    }

    /** A bit for each mark, at its lowest bits. Marks are hashes already. */
    private static long[] filter(IntOpenHashSet marks) {
        long wanted = Math.min(MOST_BITS, Math.max(Long.SIZE, (long) marks.size() * BITS_A_MARK));
        long[] filter = new long[(int) (Long.highestOneBit(2 * wanted - 1) / Long.SIZE)];
        marks.forEach(mark -> filter[(mark >>> 6) & (filter.length - 1)] |= 1L << mark);
        return filter;
    }

    /** Some blocks, looked at by one thread. */
    private static final class Part {
        private final List<StoredTable.Block> blocks;
        private final String column;
        private final IntOpenHashSet marks;
        private final long[] filter;
        private final Map<StoredTable.Block, BitSet> found = new LinkedHashMap<>();

        Part(List<StoredTable.Block> blocks, String column, IntOpenHashSet marks, long[] filter) {
            this.blocks = blocks;
            this.column = column;
            this.marks = marks;
            this.filter = filter;
        }

        void scan() {
            int[] marksOfRows = new int[StoredRowsWriter.BLOCK_ROWS];
            IntArrayList passed = new IntArrayList();
            try {
                for (StoredTable.Block block : blocks) {
                    marksOfRows = block.rows() <= marksOfRows.length ? marksOfRows : new int[block.rows()];
                    int count = block.segment().column(column).ints(block.index(), marksOfRows);
                    passed.clear();
                    pass(marksOfRows, count, passed);
                    BitSet rows = confirmed(marksOfRows, passed);
                    if (!rows.isEmpty()) {
                        found.put(block, rows);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void pass(int[] marksOfRows, int count, IntArrayList passed) {
            int mask = filter.length - 1;
            for (int row = 0; row < count; row++) {
                int mark = marksOfRows[row];
                if ((filter[(mark >>> 6) & mask] >>> mark & 1) != 0) {
                    passed.add(row);
                }
            }
        }

        private BitSet confirmed(int[] marksOfRows, IntArrayList passed) {
            BitSet rows = new BitSet();
            for (int i = 0; i < passed.size(); i++) {
                int row = passed.getInt(i);
                if (marks.contains(marksOfRows[row])) {
                    rows.set(row);
                }
            }
            return rows;
        }
    }
}
