package io.nexusid.arrow;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/**
 * A utf8 column of a whole table: the vectors of its batches, one after the other, owned until {@link #close}. Values
 * stay in Arrow memory and are copied only where a row was selected.
 */
final class TextColumn implements AutoCloseable {
    private static final int BLOCK_SHIFT = 12;
    private static final int BLOCK = 256;

    private final List<VarCharVector> chunks = new ArrayList<>();
    private final IntArrayList starts = new IntArrayList();
    /** The chunk in which each block of 4,096 rows starts: a row's chunk is there or a few further on. */
    private final IntArrayList chunkOfBlock = new IntArrayList();

    private int rows;

    /** Takes over the cells of this vector, which is empty afterwards. */
    void append(VarCharVector vector) {
        VarCharVector mine = new VarCharVector(vector.getField(), vector.getAllocator());
        vector.makeTransferPair(mine).transfer();
        if (mine.getValueCount() == 0) {
            mine.close();
            return;
        }
        chunks.add(mine);
        starts.add(rows);
        rows = Math.addExact(rows, mine.getValueCount());
        while (chunkOfBlock.size() << BLOCK_SHIFT < rows) {
            chunkOfBlock.add(chunks.size() - 1);
        }
    }

    int rows() {
        return rows;
    }

    boolean isNull(int row) {
        int chunk = chunk(row);
        return chunks.get(chunk).isNull(row - starts.getInt(chunk));
    }

    /** Appends the cell of this row; row -1 is null. */
    void copyTo(int row, TextAppender out) {
        if (row < 0) {
            out.appendNull();
            return;
        }
        int chunk = chunk(row);
        VarCharVector vector = chunks.get(chunk);
        int index = row - starts.getInt(chunk);
        if (vector.isNull(index)) {
            out.appendNull();
            return;
        }
        int from = vector.getStartOffset(index);
        int count = vector.getEndOffset(index) - from;
        byte[] target = out.room(count);
        if (count > 0) {
            vector.getDataBuffer().getBytes(from, target, out.position(), count);
        }
        out.finishCell(count);
    }

    /**
     * Appends the cells of {@code count} rows, -1 as null. In short blocks, and in them first where each cell lies, then its
     * bytes: rows that come in no order are cache misses, which overlap in loops of their own.
     */
    void copyAll(int[] wanted, int count, TextAppender out) {
        VarCharVector[] vectors = new VarCharVector[BLOCK];
        int[] froms = new int[BLOCK];
        int[] lengths = new int[BLOCK];
        for (int start = 0; start < count; start += BLOCK) {
            int n = Math.min(BLOCK, count - start);
            for (int i = 0; i < n; i++) {
                locate(wanted[start + i], i, vectors, froms, lengths);
            }
            for (int i = 0; i < n; i++) {
                if (lengths[i] < 0) {
                    out.appendNull();
                    continue;
                }
                byte[] target = out.room(lengths[i]);
                if (lengths[i] > 0) {
                    vectors[i].getDataBuffer().getBytes(froms[i], target, out.position(), lengths[i]);
                }
                out.finishCell(lengths[i]);
            }
        }
    }

    /** Where the cell of a row lies; length -1 is null. */
    private void locate(int row, int i, VarCharVector[] vectors, int[] froms, int[] lengths) {
        lengths[i] = -1;
        if (row < 0) {
            return;
        }
        int chunk = chunk(row);
        VarCharVector vector = chunks.get(chunk);
        int index = row - starts.getInt(chunk);
        if (!vector.isNull(index)) {
            vectors[i] = vector;
            froms[i] = vector.getStartOffset(index);
            lengths[i] = vector.getEndOffset(index) - froms[i];
        }
    }

    /** The bytes of this row, or null. */
    byte @Nullable [] bytes(int row) {
        int chunk = chunk(row);
        return chunks.get(chunk).get(row - starts.getInt(chunk));
    }

    /** Compares two rows by their bytes, unsigned; null is last. */
    int compare(int a, int b) {
        int chunkA = chunk(a);
        int chunkB = chunk(b);
        VarCharVector left = chunks.get(chunkA);
        VarCharVector right = chunks.get(chunkB);
        int i = a - starts.getInt(chunkA);
        int j = b - starts.getInt(chunkB);
        boolean leftNull = left.isNull(i);
        boolean rightNull = right.isNull(j);
        if (leftNull || rightNull) {
            return Boolean.compare(leftNull, rightNull);
        }
        return compare(
                left.getDataBuffer(),
                left.getStartOffset(i),
                left.getEndOffset(i),
                right.getDataBuffer(),
                right.getStartOffset(j),
                right.getEndOffset(j));
    }

    private static int compare(ArrowBuf a, int fromA, int endA, ArrowBuf b, int fromB, int endB) {
        int common = Math.min(endA - fromA, endB - fromB);
        for (int k = 0; k < common; k++) {
            int order = Integer.compare(a.getByte(fromA + k) & 0xff, b.getByte(fromB + k) & 0xff);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(endA - fromA, endB - fromB);
    }

    private int chunk(int row) {
        int chunk = chunkOfBlock.getInt(row >> BLOCK_SHIFT);
        while (chunk + 1 < starts.size() && starts.getInt(chunk + 1) <= row) {
            chunk++;
        }
        return chunk;
    }

    @Override
    public void close() {
        chunks.forEach(VarCharVector::close);
        chunks.clear();
        starts.clear();
        chunkOfBlock.clear();
        rows = 0;
    }
}
