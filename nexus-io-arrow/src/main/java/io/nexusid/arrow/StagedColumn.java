package io.nexusid.arrow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;

/**
 * A fixed-width column that is filled on the heap and then becomes an Arrow vector in two bulk writes: 64-bit cells
 * (instants, doubles) or one-bit cells. Reused from batch to batch.
 */
final class StagedColumn {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] data = new byte[0];
    private byte[] validity = new byte[0];
    private int rows;

    /** Starts over with this many 64-bit cells, all zero and not null. */
    void startLongs(int rowCount) {
        start(rowCount, 8 * rowCount);
    }

    /** Starts over with this many one-bit cells, all false and not null. */
    void startBits(int rowCount) {
        start(rowCount, (rowCount + 7) >>> 3);
    }

    private void start(int rowCount, int bytes) {
        rows = rowCount;
        int bitBytes = (rowCount + 7) >>> 3;
        if (data.length < bytes) {
            data = new byte[bytes];
        } else {
            Arrays.fill(data, 0, bytes, (byte) 0);
        }
        if (validity.length < bitBytes) {
            validity = new byte[bitBytes];
        }
        Arrays.fill(validity, 0, bitBytes, (byte) 0xFF);
    }

    void set(int row, long value) {
        LONG.set(data, 8 * row, value);
    }

    void set(int row, double value) {
        LONG.set(data, 8 * row, Double.doubleToRawLongBits(value));
    }

    void setTrue(int row) {
        data[row >>> 3] |= (byte) (1 << (row & 7));
    }

    void setNull(int row) {
        validity[row >>> 3] &= (byte) ~(1 << (row & 7));
    }

    /** Fills a new vector of the cells' width, which the caller owns; closes it if that fails. */
    FieldVector into(BaseFixedWidthVector vector) {
        try {
            vector.allocateNew(rows);
            int bitBytes = (rows + 7) >>> 3;
            vector.getValidityBuffer().setBytes(0, validity, 0, bitBytes);
            int bytes = vector.getTypeWidth() == 0 ? bitBytes : rows * vector.getTypeWidth();
            vector.getDataBuffer().setBytes(0, data, 0, bytes);
            vector.setValueCount(rows);
            return vector;
        } catch (RuntimeException | Error e) {
            vector.close();
            throw e;
        }
    }
}
