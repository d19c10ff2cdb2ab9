package io.nexusid.arrow;

import io.nexusid.api.SurrogateKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.VarCharVector;

/** Gathers the cells of one utf8 column on the heap and moves them into a vector in three bulk copies. Reused. */
final class TextAppender {
    private byte[] bytes = new byte[1 << 16];
    private int[] ends = new int[0];
    private byte[] validity = new byte[0];
    private int length;
    private int rows;

    /** Starts a column of at most this many rows. */
    TextAppender begin(int capacity) {
        length = 0;
        rows = 0;
        if (ends.length < capacity) {
            ends = new int[capacity];
            validity = new byte[(capacity + 7) >> 3];
        }
        Arrays.fill(validity, (byte) 0);
        return this;
    }

    /** Appends a cell. */
    void append(byte[] from, int at, int count) {
        System.arraycopy(from, at, room(count), length, count);
        finishCell(count);
    }

    /** Appends a cell. */
    void append(byte[] text) {
        append(text, 0, text.length);
    }

    /** Appends null. */
    void appendNull() {
        ends[rows++] = length;
    }

    /** An array with room for a cell of this many bytes at {@link #position}; {@link #finishCell} completes it. */
    byte[] room(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, count), bytes.length * 2));
        }
        return bytes;
    }

    /** Where the next cell starts. */
    int position() {
        return length;
    }

    /** Ends a cell whose bytes were put at {@link #position}. */
    void finishCell(int count) {
        length += count;
        validity[rows >> 3] |= (byte) (1 << (rows & 7));
        ends[rows++] = length;
    }

    /** Moves the column into the vector, replacing what it held. */
    void moveTo(VarCharVector vector) {
        vector.allocateNew(length, rows);
        vector.getDataBuffer().setBytes(0, bytes, 0, length);
        byte[] offsets = new byte[(rows + 1) * 4];
        ByteBuffer.wrap(offsets)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0)
                .asIntBuffer()
                .put(ends, 0, rows);
        vector.getOffsetBuffer().setBytes(0, offsets, 0, offsets.length);
        vector.getValidityBuffer().setBytes(0, validity, 0, BitVectorHelper.getValidityBufferSizeFromCount(rows));
        vector.setLastSet(rows - 1);
        vector.setValueCount(rows);
    }

    /** Appends cell {@code row} to another column. */
    void copyTo(int row, TextAppender other) {
        if (isNull(row)) {
            other.appendNull();
        } else {
            int start = start(row);
            other.append(bytes, start, ends[row] - start);
        }
    }

    /** Adds cell {@code row} as a part of a key. */
    void addTo(int row, SurrogateKey key) {
        if (isNull(row)) {
            key.addNull();
        } else {
            int start = start(row);
            key.add(bytes, start, ends[row] - start);
        }
    }

    private boolean isNull(int row) {
        return (validity[row >> 3] >> (row & 7) & 1) == 0;
    }

    private int start(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }
}
