package io.nexusid.arrow.format;

import io.nexusid.api.ColumnType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * One column of a batch on the heap: filled cell by cell by who makes the rows, or copied out of Arrow memory in at most
 * three bulk copies; then plain array reads. The arrays are reused and grow to the largest batch. Not thread-safe.
 */
public final class HeapColumn {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Field field;
    private final ColumnType type;
    /** Validity of every type; the rest only of text. */
    private final HeapText text = new HeapText();
    /** Numbers and instants eight bytes a row, booleans a bit, as Arrow lays them out. */
    private byte[] fixed = new byte[0];

    private byte[] scratch = new byte[0];

    HeapColumn(Field field) {
        this.field = field;
        this.type = typeOf(field);
    }

    /** What the column holds. */
    public ColumnType type() {
        return type;
    }

    /** Makes room for this many rows that are not text, all null. */
    public void begin(int rows) {
        int bits = (rows + 7) / 8;
        int bytes = type == ColumnType.BOOLEAN ? bits : Long.BYTES * rows;
        text.validity = atLeast(text.validity, bits);
        fixed = atLeast(fixed, bytes);
        Arrays.fill(text.validity, 0, bits, (byte) 0);
        Arrays.fill(fixed, 0, bytes, (byte) 0);
    }

    /** Sets a row's microseconds, whole number, or the bits of its double, after {@link #begin}. */
    public void setBits(int row, long bits) {
        text.validity[row >> 3] |= (byte) (1 << (row & 7));
        LONG.set(fixed, Long.BYTES * row, bits);
    }

    /** Sets a row's boolean, after {@link #begin}. */
    public void setFlag(int row, boolean value) {
        byte bit = (byte) (1 << (row & 7));
        text.validity[row >> 3] |= bit;
        if (value) {
            fixed[row >> 3] |= bit;
        }
    }

    /** The arrays of a column of text, to be exchanged for filled ones. */
    public HeapText text() {
        return text;
    }

    /** Copies the first rows of a vector of this column. */
    void load(FieldVector vector, int rows) {
        if (!vector.getField().getType().equals(field.getType()) || vector.getValueCount() < rows) {
            throw new IllegalArgumentException("column " + field.getName() + " is to have " + rows + " rows of "
                    + field.getType() + ", not " + vector);
        }
        if (rows == 0) {
            return;
        }
        text.validity = copy(vector.getValidityBuffer(), 0, (rows + 7) / 8, text.validity);
        switch (type) {
            case STRING -> {
                scratch = copy(vector.getOffsetBuffer(), 0, Integer.BYTES * (rows + 1), scratch);
                text.offsets = text.offsets.length > rows ? text.offsets : new int[rows + rows / 4 + 1];
                ByteBuffer.wrap(scratch)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asIntBuffer()
                        .get(text.offsets, 0, rows + 1);
                text.bytes = copy(vector.getDataBuffer(), 0, text.offsets[rows], text.bytes);
            }
            case TIMESTAMP, DOUBLE, INTEGER -> fixed = copy(vector.getDataBuffer(), 0, Long.BYTES * rows, fixed);
            case BOOLEAN -> fixed = copy(vector.getDataBuffer(), 0, (rows + 7) / 8, fixed);
        }
    }

    /** Replaces what a vector of this column holds with the first rows. */
    void copyTo(FieldVector vector, int rows) {
        int bits = (rows + 7) / 8;
        if (vector instanceof VarCharVector out) {
            int length = text.offsets[rows];
            out.allocateNew(length, rows);
            out.getDataBuffer().setBytes(0, text.bytes, 0, length);
            int offsetBytes = Integer.BYTES * (rows + 1);
            scratch = atLeast(scratch, offsetBytes);
            ByteBuffer.wrap(scratch)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer()
                    .put(text.offsets, 0, rows + 1);
            out.getOffsetBuffer().setBytes(0, scratch, 0, offsetBytes);
            out.setLastSet(rows - 1);
        } else {
            vector.setInitialCapacity(rows);
            vector.allocateNew();
            vector.getDataBuffer().setBytes(0, fixed, 0, type == ColumnType.BOOLEAN ? bits : Long.BYTES * rows);
        }
        vector.getValidityBuffer().setBytes(0, text.validity, 0, bits);
        vector.setValueCount(rows);
    }

    /** The number of nulls among the loaded rows. */
    int nullCount(int rows) {
        int valid = 0;
        for (int row = 0; row < rows; row += 8) {
            valid += Integer.bitCount(text.validity[row >> 3] & mask(rows - row));
        }
        return rows - valid;
    }

    /** Makes equal columns equal bytes: clears what is under nulls and the bits behind the last row. Not for strings. */
    void canonicalize(int rows) {
        for (int row = 0; row < rows; row += 8) {
            text.validity[row >> 3] &= (byte) mask(rows - row);
            if (type == ColumnType.BOOLEAN) {
                fixed[row >> 3] &= text.validity[row >> 3];
            }
        }
        if (type == ColumnType.TIMESTAMP || type == ColumnType.DOUBLE || type == ColumnType.INTEGER) {
            for (int row = 0; row < rows; row++) {
                if (isNull(row)) {
                    LONG.set(fixed, Long.BYTES * row, 0L);
                }
            }
        }
    }

    /** One bit a row, set where there is a value. */
    byte[] validity() {
        return text.validity;
    }

    boolean isNull(int row) {
        return (text.validity[row >> 3] >> (row & 7) & 1) == 0;
    }

    /** The bytes of all strings, or the values as Arrow lays them out. */
    byte[] data() {
        return type == ColumnType.STRING ? text.bytes : fixed;
    }

    /** Where a row's string starts in {@link #data()}. */
    int start(int row) {
        return text.offsets[row];
    }

    /** Where a row's string ends. */
    int end(int row) {
        return text.offsets[row + 1];
    }

    /** A row's microseconds, whole number, or the bits of its double. */
    long bits(int row) {
        return (long) LONG.get(fixed, Long.BYTES * row);
    }

    boolean isTrue(int row) {
        return (fixed[row >> 3] >> (row & 7) & 1) != 0;
    }

    private static int mask(int bits) {
        return bits >= 8 ? 0xFF : (1 << bits) - 1;
    }

    private static byte[] copy(ArrowBuf from, long offset, int length, byte[] into) {
        byte[] target = atLeast(into, length);
        from.getBytes(offset, target, 0, length);
        return target;
    }

    private static byte[] atLeast(byte[] array, int length) {
        return array.length >= length ? array : new byte[length + length / 4];
    }

    static ColumnType typeOf(Field field) {
        ArrowType type = field.getType();
        if (type instanceof ArrowType.Utf8) {
            return ColumnType.STRING;
        }
        if (type instanceof ArrowType.Timestamp timestamp
                && timestamp.getUnit() == TimeUnit.MICROSECOND
                && "UTC".equals(timestamp.getTimezone())) {
            return ColumnType.TIMESTAMP;
        }
        if (type instanceof ArrowType.Bool) {
            return ColumnType.BOOLEAN;
        }
        if (type instanceof ArrowType.FloatingPoint number && number.getPrecision() == FloatingPointPrecision.DOUBLE) {
            return ColumnType.DOUBLE;
        }
        if (type instanceof ArrowType.Int whole && whole.getBitWidth() == 64 && whole.getIsSigned()) {
            return ColumnType.INTEGER;
        }
        throw new IllegalArgumentException("column " + field.getName() + " has type " + type + ", which no table has");
    }
}
