package io.nexusid.arrow;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/**
 * Some rows as bytes, each cell by cell, so that they outlive the batch they came in and compare without being taken apart
 * again. A cell is a byte, its type or {@value #NULL}, and unless it is null its value: text behind its length, anything
 * else in bytes that order as the values do.
 */
final class EncodedRows {
    private static final int TEXT = 0;
    private static final int INSTANT = 1;
    private static final int NUMBER = 2;
    private static final int FLAG = 3;
    private static final int WHOLE_NUMBER = 4;
    private static final int NULL = 0x7F;

    private final IntArrayList starts = new IntArrayList();
    private byte[] bytes = new byte[1 << 10];
    private int length;

    /** How many rows there are. */
    int size() {
        return starts.size();
    }

    /** Leaves none. */
    void clear() {
        starts.clear();
        length = 0;
    }

    /**
     * Appends a row of a batch.
     *
     * @param columns its cells in order, null for one that is null
     * @param falseIfMissing by column, whether a column that is not there is false and not null
     */
    void add(List<? extends @Nullable FieldVector> columns, boolean[] falseIfMissing, int row) {
        starts.add(length);
        for (int c = 0; c < columns.size(); c++) {
            FieldVector column = columns.get(c);
            if (column == null && falseIfMissing[c]) {
                put(FLAG);
                put(0);
            } else if (column == null || column.isNull(row)) {
                put(NULL);
            } else {
                add(column, row);
            }
        }
    }

    private void add(FieldVector column, int row) {
        if (column instanceof VarCharVector text) {
            put(TEXT);
            byte[] cell = text.get(row);
            putInt(cell.length);
            room(cell.length);
            System.arraycopy(cell, 0, bytes, length, cell.length);
            length += cell.length;
        } else if (column instanceof TimeStampMicroTZVector instants) {
            put(INSTANT);
            putLong(instants.get(row) ^ Long.MIN_VALUE);
        } else if (column instanceof Float8Vector numbers) {
            put(NUMBER);
            putLong(Double.doubleToRawLongBits(numbers.get(row)));
        } else if (column instanceof BitVector flags) {
            put(FLAG);
            put(flags.get(row));
        } else {
            put(WHOLE_NUMBER);
            putLong(((BigIntVector) column).get(row) ^ Long.MIN_VALUE);
        }
    }

    /** Appends a row of others. */
    void add(EncodedRows from, int row) {
        int start = from.starts.getInt(row);
        int count = from.end(row) - start;
        starts.add(length);
        room(count);
        System.arraycopy(from.bytes, start, bytes, length, count);
        length += count;
    }

    private void put(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    private void putInt(int value) {
        room(Integer.BYTES);
        ByteBuffer.wrap(bytes).putInt(length, value);
        length += Integer.BYTES;
    }

    private void putLong(long value) {
        room(Long.BYTES);
        ByteBuffer.wrap(bytes).putLong(length, value);
        length += Long.BYTES;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), 2 * bytes.length));
        }
    }

    private int end(int row) {
        return row + 1 < starts.size() ? starts.getInt(row + 1) : length;
    }

    /** Whether two rows have the same cells. */
    boolean sameRow(int row, EncodedRows others, int other) {
        return Arrays.equals(
                bytes, starts.getInt(row), end(row), others.bytes, others.starts.getInt(other), others.end(other));
    }

    /** Orders rows by their first columns, nulls last. */
    int compare(int row, EncodedRows others, int other, int columns) {
        int a = starts.getInt(row);
        int b = others.starts.getInt(other);
        for (int c = 0; c < columns; c++) {
            int endA = cellEnd(bytes, a);
            int endB = cellEnd(others.bytes, b);
            int order = Byte.compare(bytes[a], others.bytes[b]);
            if (order == 0) {
                int skip = bytes[a] == TEXT ? 1 + Integer.BYTES : 1;
                order = Arrays.compareUnsigned(
                        bytes, Math.min(endA, a + skip), endA, others.bytes, Math.min(endB, b + skip), endB);
            }
            if (order != 0) {
                return order;
            }
            a = endA;
            b = endB;
        }
        return 0;
    }

    /** The rows by their first columns, then by all cells. */
    int[] sorted(int columns) {
        int[] order = new int[size()];
        Arrays.setAll(order, i -> i);
        IntArrays.mergeSort(order, (a, b) -> {
            int byKey = compare(a, this, b, columns);
            return byKey != 0
                    ? byKey
                    : Arrays.compareUnsigned(bytes, starts.getInt(a), end(a), bytes, starts.getInt(b), end(b));
        });
        return order;
    }

    private static int cellEnd(byte[] from, int at) {
        int type = from[at];
        if (type == NULL) {
            return at + 1;
        }
        if (type == TEXT) {
            return at + 1 + Integer.BYTES + ByteBuffer.wrap(from).getInt(at + 1);
        }
        return at + 1 + (type == FLAG ? 1 : Long.BYTES);
    }

    /** Takes the cells of a row. */
    interface CellSink {
        /** Text, as it lies. */
        void text(int column, byte[] from, int at, int count);

        /** An instant, a whole number, or the bits of a double. */
        void bits(int column, long value);

        /** A boolean. */
        void flag(int column, boolean value);
    }

    /** Hands over the cells of a row that are not null, of its first columns. */
    void read(int row, int columns, CellSink sink) {
        int at = starts.getInt(row);
        ByteBuffer view = ByteBuffer.wrap(bytes);
        for (int c = 0; c < columns; c++) {
            int end = cellEnd(bytes, at);
            int type = bytes[at];
            if (type == TEXT) {
                sink.text(c, bytes, at + 1 + Integer.BYTES, end - at - 1 - Integer.BYTES);
            } else if (type == FLAG) {
                sink.flag(c, bytes[at + 1] != 0);
            } else if (type == NUMBER) {
                sink.bits(c, view.getLong(at + 1));
            } else if (type != NULL) {
                sink.bits(c, view.getLong(at + 1) ^ Long.MIN_VALUE);
            }
            at = end;
        }
    }
}
