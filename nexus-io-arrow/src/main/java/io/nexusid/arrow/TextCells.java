package io.nexusid.arrow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.VarCharVector;

/**
 * A run of cells of one utf8 column, copied to the heap in three bulk reads. Reused from block to block: at most
 * {@link #MAX_ROWS} rows, and fewer where they would hold more than a megabyte, so that it stays in the cache.
 */
final class TextCells {
    static final int MAX_ROWS = 4096;

    private static final long SOFT_BYTES = 1 << 20;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] offsets = new byte[4 * (MAX_ROWS + 1)];
    private final byte[] validity = new byte[MAX_ROWS / 8 + 1];
    private byte[] bytes = new byte[1 << 16];
    private int base;
    private int firstBit;

    /** How many rows from {@code from} on make one block: at least one, at most {@code atMost}. */
    static int fit(VarCharVector column, int from, int atMost) {
        ArrowBuf offsets = column.getOffsetBuffer();
        int rows = Math.min(atMost, MAX_ROWS);
        long start = offsets.getInt(4L * from);
        while (rows > 1 && offsets.getInt(4L * (from + rows)) - start > SOFT_BYTES) {
            rows /= 2;
        }
        return rows;
    }

    /** Loads as many rows as {@link #fit} and returns their number. */
    int load(VarCharVector column, int from, int atMost) {
        int rows = fit(column, from, atMost);
        loadExactly(column, from, rows);
        return rows;
    }

    /** Loads this many rows, at most {@link #MAX_ROWS}. */
    void loadExactly(VarCharVector column, int from, int rows) {
        column.getOffsetBuffer().getBytes(4L * from, offsets, 0, 4 * (rows + 1));
        int firstByte = from >>> 3;
        column.getValidityBuffer().getBytes(firstByte, validity, 0, ((from + rows - 1) >>> 3) - firstByte + 1);
        firstBit = from & 7;
        base = (int) INT.get(offsets, 0);
        int length = end(rows - 1);
        if (length > bytes.length) {
            bytes = new byte[Math.max(length, (int) Math.min(2L * bytes.length, SOFT_BYTES))];
        }
        column.getDataBuffer().getBytes(base, bytes, 0, length);
    }

    /** The bytes that {@link #start} and {@link #end} index. */
    byte[] bytes() {
        return bytes;
    }

    boolean isNull(int row) {
        int bit = firstBit + row;
        return (validity[bit >>> 3] >>> (bit & 7) & 1) == 0;
    }

    /** Null or the empty string. */
    boolean isBlank(int row) {
        return start(row) == end(row) || isNull(row);
    }

    int start(int row) {
        return (int) INT.get(offsets, 4 * row) - base;
    }

    int end(int row) {
        return (int) INT.get(offsets, 4 * row + 4) - base;
    }

    /** A copy of one cell. */
    byte[] cell(int row) {
        return Arrays.copyOfRange(bytes, start(row), end(row));
    }
}
