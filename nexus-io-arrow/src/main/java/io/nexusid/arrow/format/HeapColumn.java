package io.nexusid.arrow.format;

import io.nexusid.api.ColumnType;
import io.nexusid.api.SurrogateKey;
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
    /** Digests order by their bytes. */
    private static final VarHandle BIG_ENDIAN_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** What a decimal without its point has at most, so that it fits a long. */
    public static final int DECIMAL_DIGITS = 18;

    /** Arrow lays every decimal out in this many bytes. */
    private static final int DECIMAL_BYTES = 16;

    private final Field field;
    private final ColumnType type;
    /** Bytes from one number to the next. */
    private final int width;
    /** Validity of every type; the rest only of text. */
    private final HeapText text = new HeapText();
    /** Numbers and instants eight bytes a row, decimals and digests sixteen, booleans a bit, as Arrow lays them out. */
    private byte[] fixed = new byte[0];

    private byte[] scratch = new byte[0];

    HeapColumn(Field field) {
        this.field = field;
        this.type = typeOf(field);
        this.width = type == ColumnType.DECIMAL ? DECIMAL_BYTES : Long.BYTES;
    }

    /** How many digits of a decimal are behind the point. */
    int scale() {
        return ((ArrowType.Decimal) field.getType()).getScale();
    }

    /** What the column holds. */
    public ColumnType type() {
        return type;
    }

    /** Makes room for this many rows that are not text, all null. */
    public void begin(int rows) {
        int bits = (rows + 7) / 8;
        int bytes = fixedBytes(rows);
        text.validity = atLeast(text.validity, bits);
        fixed = atLeast(fixed, bytes);
        Arrays.fill(text.validity, 0, bits, (byte) 0);
        Arrays.fill(fixed, 0, bytes, (byte) 0);
    }

    /** Sets a row's microseconds, whole number, decimal without its point, or the bits of its double, after {@link #begin}. */
    public void setBits(int row, long bits) {
        text.validity[row >> 3] |= (byte) (1 << (row & 7));
        LONG.set(fixed, width * row, bits);
        if (width == DECIMAL_BYTES) {
            LONG.set(fixed, width * row + Long.BYTES, bits >> 63);
        }
    }

    /** Sets a row's digest, given as two big-endian halves, after {@link #begin}. */
    public void setDigest(int row, long high, long low) {
        text.validity[row >> 3] |= (byte) (1 << (row & 7));
        int at = SurrogateKey.DIGEST_LENGTH * row;
        BIG_ENDIAN_LONG.set(fixed, at, high);
        BIG_ENDIAN_LONG.set(fixed, at + Long.BYTES, low);
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
            case TIMESTAMP, DOUBLE, INTEGER, DECIMAL, DIGEST, BOOLEAN ->
                fixed = copy(vector.getDataBuffer(), 0, fixedBytes(rows), fixed);
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
            vector.getDataBuffer().setBytes(0, fixed, 0, fixedBytes(rows));
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

    /** Makes equal columns equal bytes: clears what is under nulls and the bits behind the last row. Strings stay. */
    void canonicalize(int rows) {
        for (int row = 0; row < rows; row += 8) {
            text.validity[row >> 3] &= (byte) mask(rows - row);
            if (type == ColumnType.BOOLEAN) {
                fixed[row >> 3] &= text.validity[row >> 3];
            }
        }
        if (type != ColumnType.STRING && type != ColumnType.BOOLEAN) {
            int width = fixedBytes(1);
            for (int row = 0; row < rows; row++) {
                if (isNull(row)) {
                    Arrays.fill(fixed, width * row, width * (row + 1), (byte) 0);
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

    /** The bytes that values of a type other than text take. */
    int fixedBytes(int rows) {
        return switch (type) {
            case BOOLEAN -> (rows + 7) / 8;
            case DIGEST -> SurrogateKey.DIGEST_LENGTH * rows;
            case TIMESTAMP, DOUBLE, INTEGER, DECIMAL -> width * rows;
            case STRING -> 0;
        };
    }

    /** Where a row's string or digest starts in {@link #data()}. */
    int start(int row) {
        return type == ColumnType.DIGEST ? SurrogateKey.DIGEST_LENGTH * row : text.offsets[row];
    }

    /** Where a row's string or digest ends. */
    int end(int row) {
        return start(row + 1);
    }

    /** A row's microseconds, whole number, decimal without its point, or the bits of its double. */
    long bits(int row) {
        return (long) LONG.get(fixed, width * row);
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
        if (type instanceof ArrowType.Decimal decimal
                && decimal.getPrecision() == DECIMAL_DIGITS
                && decimal.getBitWidth() == 8 * DECIMAL_BYTES) {
            return ColumnType.DECIMAL;
        }
        if (type instanceof ArrowType.FixedSizeBinary bytes && bytes.getByteWidth() == SurrogateKey.DIGEST_LENGTH) {
            return ColumnType.DIGEST;
        }
        throw new IllegalArgumentException("column " + field.getName() + " has type " + type + ", which no table has");
    }
}
