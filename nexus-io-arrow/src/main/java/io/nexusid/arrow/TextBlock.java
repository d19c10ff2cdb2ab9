package io.nexusid.arrow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.VarCharVector;

/**
 * The cells of one utf8 vector on the heap: text crosses the Arrow border in three bulk copies per batch, never cell by
 * cell. Reused from batch to batch; cell {@code i} is {@code bytes[offsets[i] .. offsets[i + 1])}.
 */
final class TextBlock {
    private byte[] bytes = new byte[0];
    private int[] offsets = new int[1];
    private int[] kinds = new int[0];
    private byte[] validity = new byte[0];
    private byte[] scratch = new byte[0];
    private int rows;
    private boolean nulls;

    /** Copies all cells of the vector, which stays the caller's. */
    TextBlock load(VarCharVector vector) {
        rows = vector.getValueCount();
        nulls = vector.getNullCount() > 0;
        loadOffsets(vector.getOffsetBuffer());
        int first = offsets[0];
        int length = offsets[rows] - first;
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, bytes.length * 2)];
        }
        if (length > 0) {
            vector.getDataBuffer().getBytes(first, bytes, 0, length);
        }
        if (first != 0) {
            for (int i = 0; i <= rows; i++) {
                offsets[i] -= first;
            }
        }
        if (nulls) {
            int n = (rows + 7) >> 3;
            validity = validity.length < n ? new byte[n] : validity;
            vector.getValidityBuffer().getBytes(0, validity, 0, n);
        }
        return this;
    }

    private void loadOffsets(ArrowBuf buffer) {
        if (offsets.length <= rows) {
            offsets = new int[rows + 1];
        }
        if (rows == 0) {
            offsets[0] = 0;
            return;
        }
        int n = (rows + 1) * 4;
        if (scratch.length < n) {
            scratch = new byte[n];
        }
        buffer.getBytes(0, scratch, 0, n);
        ByteBuffer.wrap(scratch).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(offsets, 0, rows + 1);
    }

    int rows() {
        return rows;
    }

    boolean isNull(int row) {
        return nulls && (validity[row >> 3] >> (row & 7) & 1) == 0;
    }

    byte[] bytes() {
        return bytes;
    }

    int[] offsets() {
        return offsets;
    }

    int from(int row) {
        return offsets[row];
    }

    int length(int row) {
        return offsets[row + 1] - offsets[row];
    }

    boolean isEmpty(int row) {
        return offsets[row + 1] == offsets[row];
    }

    /** {@code kind} for each cell, -1 where it is null: the form in which a dictionary takes a column. */
    int[] kinds(int kind) {
        if (kinds.length < rows) {
            kinds = new int[rows];
        }
        Arrays.fill(kinds, 0, rows, kind);
        if (nulls) {
            for (int i = 0; i < rows; i++) {
                if (isNull(i)) {
                    kinds[i] = -1;
                }
            }
        }
        return kinds;
    }

    /** Appends cell {@code row}. */
    void copyTo(int row, TextAppender out) {
        if (isNull(row)) {
            out.appendNull();
        } else {
            out.append(bytes, offsets[row], length(row));
        }
    }

    /** Whether a cell is this ASCII word. */
    boolean is(String word, int row) {
        return !isNull(row) && length(row) == word.length() && text(row).equals(word);
    }

    /** The text of a cell that is not null. */
    String text(int row) {
        return new String(bytes, offsets[row], length(row), StandardCharsets.UTF_8);
    }
}
