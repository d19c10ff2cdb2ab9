package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.format.HeapText;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.graph.KeyDictionary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.VarCharVector;

/** Gathers the cells of one utf8 column on the heap. Reused. */
final class TextAppender {
    private static final int BLOCK = 256;
    private static final int MAX_BYTES = Integer.MAX_VALUE - 16;

    private final int[] lengths = new int[BLOCK];
    private final int maxBytes;
    private final HeapText cells = new HeapText();
    private byte[] bytes = cells.bytes;
    private int length;
    private int rows;

    TextAppender() {
        this(MAX_BYTES);
    }

    /** With a smaller limit, for tests. */
    TextAppender(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Starts a column of at most this many rows. */
    TextAppender begin(int capacity) {
        length = 0;
        rows = 0;
        int bits = (capacity + 7) >> 3;
        if (cells.offsets.length <= capacity) {
            cells.offsets = new int[capacity + 1];
        }
        if (cells.validity.length < bits) {
            cells.validity = new byte[bits];
        }
        cells.offsets[0] = 0;
        Arrays.fill(cells.validity, 0, bits, (byte) 0);
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
        cells.offsets[++rows] = length;
    }

    /**
     * An array with room for a cell of this many bytes at {@link #position}; {@link #finishCell} completes it.
     *
     * @throws NexusDataException if the column would have more than 2 GiB
     */
    byte[] room(long count) {
        if (bytes.length - length < count) {
            long need = length + count;
            if (need > maxBytes) {
                throw NexusDataException.of(FaultCode.CAPACITY, "output")
                        .because("one column of " + (rows + 1) + " rows has more than 2 GiB of text");
            }
            bytes = Arrays.copyOf(
                    bytes, (int) Math.min(maxBytes, Math.max(Math.max(need, 1 << 12), 2L * bytes.length)));
            cells.bytes = bytes;
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
        cells.validity[rows >> 3] |= (byte) (1 << (rows & 7));
        cells.offsets[++rows] = length;
    }

    /**
     * Appends the texts of codes, -1 as null. In short blocks, and in them first where each text lies and how long it is,
     * then the bytes: codes that come in no order are cache misses, which overlap in loops of their own.
     */
    void appendAll(KeyDictionary texts, int[] codes, int count) {
        for (int from = 0; from < count; from += BLOCK) {
            int n = Math.min(BLOCK, count - from);
            byte[] out = room(texts.lengths(codes, from, n, lengths));
            texts.copyAll(codes, from, n, lengths, out, length);
            for (int i = 0; i < n; i++) {
                if (codes[from + i] < 0) {
                    appendNull();
                } else {
                    finishCell(lengths[i]);
                }
            }
        }
    }

    /** Copies the column into the vector, replacing what it held. */
    void copyTo(VarCharVector vector) {
        vector.allocateNew(length, rows);
        vector.getDataBuffer().setBytes(0, bytes, 0, length);
        byte[] offsets = new byte[(rows + 1) * 4];
        ByteBuffer.wrap(offsets).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(cells.offsets, 0, rows + 1);
        vector.getOffsetBuffer().setBytes(0, offsets, 0, offsets.length);
        vector.getValidityBuffer().setBytes(0, cells.validity, 0, BitVectorHelper.getValidityBufferSizeFromCount(rows));
        vector.setLastSet(rows - 1);
        vector.setValueCount(rows);
    }

    /** The cells as a new block. */
    TextBlock toBlock() {
        int[] lengths = new int[rows];
        for (int row = 0; row < rows; row++) {
            lengths[row] = isNull(row) ? -1 : cells.offsets[row + 1] - cells.offsets[row];
        }
        return TextBlock.flat(Arrays.copyOf(bytes, length), lengths);
    }

    /** Hands the column over without a copy and takes the arrays that were there for the next one. */
    void moveTo(HeapText column) {
        cells.exchange(column);
        bytes = cells.bytes;
    }

    /** Appends cell {@code row} to another column. */
    void copyTo(int row, TextAppender other) {
        if (isNull(row)) {
            other.appendNull();
        } else {
            int start = start(row);
            other.append(bytes, start, cells.offsets[row + 1] - start);
        }
    }

    /** Adds cell {@code row} as a part of a key. */
    void addTo(int row, SurrogateKey key) {
        if (isNull(row)) {
            key.addNull();
        } else {
            int start = start(row);
            key.add(bytes, start, cells.offsets[row + 1] - start);
        }
    }

    private boolean isNull(int row) {
        return (cells.validity[row >> 3] >> (row & 7) & 1) == 0;
    }

    private int start(int row) {
        return cells.offsets[row];
    }
}
