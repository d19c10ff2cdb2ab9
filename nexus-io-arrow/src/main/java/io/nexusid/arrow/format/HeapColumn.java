package io.nexusid.arrow.format;

import io.nexusid.api.ColumnType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * One column of a batch to write, copied out of Arrow memory in bulk: at most three copies a batch, then plain array
 * reads. The arrays are reused and grow to the largest batch.
 */
final class HeapColumn {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NONE = {};

    private final Field field;
    private final ColumnType type;
    private byte[] validity = NONE;
    private byte[] offsets = NONE;
    private byte[] data = NONE;

    HeapColumn(Field field) {
        this.field = field;
        this.type = typeOf(field);
    }

    /** What the column holds. */
    ColumnType type() {
        return type;
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
        validity = copy(vector.getValidityBuffer(), 0, (rows + 7) / 8, validity);
        switch (type) {
            case STRING -> {
                offsets = copy(vector.getOffsetBuffer(), 0, 4 * (rows + 1), offsets);
                int end = (int) INT.get(offsets, 4 * rows);
                data = copy(vector.getDataBuffer(), 0, end, data);
            }
            case TIMESTAMP, DOUBLE, INTEGER -> data = copy(vector.getDataBuffer(), 0, 8 * rows, data);
            case BOOLEAN -> data = copy(vector.getDataBuffer(), 0, (rows + 7) / 8, data);
        }
    }

    /** The number of nulls among the loaded rows. */
    int nullCount(int rows) {
        int valid = 0;
        for (int row = 0; row < rows; row += 8) {
            valid += Integer.bitCount(validity[row >> 3] & mask(rows - row));
        }
        return rows - valid;
    }

    /** Makes equal columns equal bytes: clears what is under nulls and the bits behind the last row. Not for strings. */
    void canonicalize(int rows) {
        for (int row = 0; row < rows; row += 8) {
            validity[row >> 3] &= (byte) mask(rows - row);
            if (type == ColumnType.BOOLEAN) {
                data[row >> 3] &= validity[row >> 3];
            }
        }
        if (type == ColumnType.TIMESTAMP || type == ColumnType.DOUBLE || type == ColumnType.INTEGER) {
            for (int row = 0; row < rows; row++) {
                if (isNull(row)) {
                    LONG.set(data, 8 * row, 0L);
                }
            }
        }
    }

    /** One bit a row, set where there is a value. */
    byte[] validity() {
        return validity;
    }

    boolean isNull(int row) {
        return (validity[row >> 3] >> (row & 7) & 1) == 0;
    }

    /** The bytes of all strings, or the values as Arrow lays them out. */
    byte[] data() {
        return data;
    }

    /** Where a row's string starts in {@link #data()}. */
    int start(int row) {
        return (int) INT.get(offsets, 4 * row);
    }

    /** Where a row's string ends. */
    int end(int row) {
        return (int) INT.get(offsets, 4 * row + 4);
    }

    /** A row's microseconds, whole number, or the bits of its double. */
    long bits(int row) {
        return (long) LONG.get(data, 8 * row);
    }

    boolean isTrue(int row) {
        return (data[row >> 3] >> (row & 7) & 1) != 0;
    }

    private static int mask(int bits) {
        return bits >= 8 ? 0xFF : (1 << bits) - 1;
    }

    private static byte[] copy(ArrowBuf from, long offset, int length, byte[] into) {
        byte[] target = into.length >= length ? into : new byte[length + length / 4];
        from.getBytes(offset, target, 0, length);
        return target;
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
