package io.nexusid.arrow;

import io.nexusid.arrow.format.BatchColumn;
import io.nexusid.arrow.format.TextBlock;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/**
 * The rows of a batch that stay when others are set aside, as runs: few rows go, so that values move in few large copies.
 */
final class RowSelection {
    private final int rows;
    private final IntArrayList starts = new IntArrayList();
    private final IntArrayList ends = new IntArrayList();
    private int kept;

    private RowSelection(int rows) {
        this.rows = rows;
    }

    /** The rows of a batch that have no fault. */
    static RowSelection withoutFault(BatchFaults faults, int rows) {
        RowSelection selection = new RowSelection(rows);
        int start = 0;
        for (int row = 0; row <= rows; row++) {
            if (row == rows || faults.of(row) != null) {
                if (start < row) {
                    selection.starts.add(start);
                    selection.ends.add(row);
                    selection.kept += row - start;
                }
                start = row + 1;
            }
        }
        return selection;
    }

    /** How many rows stay. */
    int size() {
        return kept;
    }

    /** Whether no row goes. */
    boolean isAll() {
        return kept == rows;
    }

    /** The rows that stay of a canonical column, as a new column that the caller owns. */
    BatchColumn take(BatchColumn column, BufferAllocator allocator) {
        if (column.isText()) {
            TextBlock kept = column.text().take(starts.elements(), ends.elements(), starts.size());
            return BatchColumn.of(column.field(), allocator, kept);
        }
        return BatchColumn.of(takeFixed((BaseFixedWidthVector) column.vector(), allocator));
    }

    private FieldVector takeFixed(BaseFixedWidthVector column, BufferAllocator allocator) {
        FieldVector result = column.getField().createVector(allocator);
        try {
            takeFixed(column, (BaseFixedWidthVector) result);
            result.setValueCount(kept);
            return result;
        } catch (RuntimeException | Error e) {
            result.close();
            throw e;
        }
    }

    private void takeFixed(BaseFixedWidthVector column, BaseFixedWidthVector result) {
        result.allocateNew(kept);
        takeBits(column.getValidityBuffer(), result.getValidityBuffer());
        if (column instanceof BitVector) {
            takeBits(column.getDataBuffer(), result.getDataBuffer());
            return;
        }
        long width = column.getTypeWidth();
        long to = 0;
        for (int run = 0; run < starts.size(); run++) {
            long length = width * (ends.getInt(run) - starts.getInt(run));
            result.getDataBuffer().setBytes(to, column.getDataBuffer(), width * starts.getInt(run), length);
            to += length;
        }
    }

    private void takeBits(ArrowBuf from, ArrowBuf to) {
        byte[] bits = new byte[(rows + 7) >>> 3];
        from.getBytes(0, bits, 0, bits.length);
        byte[] keptBits = new byte[(kept + 7) >>> 3];
        int at = 0;
        for (int run = 0; run < starts.size(); run++) {
            for (int row = starts.getInt(run); row < ends.getInt(run); row++) {
                int bit = bits[row >>> 3] >>> (row & 7) & 1;
                keptBits[at >>> 3] |= (byte) (bit << (at & 7));
                at++;
            }
        }
        to.setBytes(0, keptBits, 0, keptBits.length);
    }
}
