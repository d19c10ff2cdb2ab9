package io.nexusid.arrow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.arrow.vector.FieldVector;

/** One batch of a fixed-width column, copied to the heap in two bulk reads. Reused from batch to batch. */
final class FixedBlock {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] data = new byte[0];
    private byte[] validity = new byte[0];

    /** Loads the first {@code rows} cells of {@code width} bytes each. */
    void load(FieldVector column, int rows, int width) {
        loadValidity(column, rows);
        data = roomFor(data, rows * width);
        column.getDataBuffer().getBytes(0, data, 0, rows * width);
    }

    /** Loads the first {@code rows} cells of one bit each. */
    void loadBits(FieldVector column, int rows) {
        loadValidity(column, rows);
        int bytes = (rows + 7) >>> 3;
        data = roomFor(data, bytes);
        column.getDataBuffer().getBytes(0, data, 0, bytes);
    }

    /** Loads only which cells are null. */
    void loadValidity(FieldVector column, int rows) {
        int bytes = (rows + 7) >>> 3;
        validity = roomFor(validity, bytes);
        column.getValidityBuffer().getBytes(0, validity, 0, bytes);
    }

    boolean isNull(int row) {
        return (validity[row >>> 3] >>> (row & 7) & 1) == 0;
    }

    boolean bit(int row) {
        return (data[row >>> 3] >>> (row & 7) & 1) != 0;
    }

    byte i8(int row) {
        return data[row];
    }

    short i16(int row) {
        return (short) SHORT.get(data, 2 * row);
    }

    int i32(int row) {
        return (int) INT.get(data, 4 * row);
    }

    /** The {@code index}-th eight bytes; for a 64-bit column that is the row. */
    long i64(int index) {
        return (long) LONG.get(data, 8 * index);
    }

    private static byte[] roomFor(byte[] array, int bytes) {
        return array.length >= bytes ? array : new byte[bytes];
    }
}
