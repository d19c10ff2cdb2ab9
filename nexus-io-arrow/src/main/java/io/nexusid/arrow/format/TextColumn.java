package io.nexusid.arrow.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * The values of one utf8 column of a batch, collected in heap arrays laid out as Arrow lays them out, so that they cross
 * into Arrow memory in three copies. At most {@link RowReader#MAX_BATCH_ROWS} rows; the arrays are reused.
 */
final class TextColumn {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final Field field;
    private final byte[] validity = new byte[RowReader.MAX_BATCH_ROWS / 8];
    private final byte[] offsets = new byte[4 * (RowReader.MAX_BATCH_ROWS + 1)];
    private byte[] data = new byte[1 << 16];
    private int rows;
    private int length;

    TextColumn(Field field) {
        this.field = field;
    }

    Field field() {
        return field;
    }

    void append(byte[] source, int from, int count) {
        if (data.length - length < count) {
            data = Arrays.copyOf(data, Math.max(2 * data.length, length + count));
        }
        System.arraycopy(source, from, data, length, count);
        length += count;
        validity[rows >> 3] |= (byte) (1 << (rows & 7));
        INT.set(offsets, 4 * ++rows, length);
    }

    void appendNull() {
        INT.set(offsets, 4 * ++rows, length);
    }

    /** Moves what was collected into a vector, which the caller owns, and starts anew. */
    FieldVector takeVector(BufferAllocator allocator) {
        VarCharVector vector = new VarCharVector(field, allocator);
        try {
            vector.allocateNew(Math.max(length, 1), rows);
            int validityBytes = (rows + 7) / 8;
            vector.getValidityBuffer().setBytes(0, validity, 0, validityBytes);
            vector.getOffsetBuffer().setBytes(0, offsets, 0, 4L * (rows + 1));
            vector.getDataBuffer().setBytes(0, data, 0, length);
            vector.setLastSet(rows - 1);
            vector.setValueCount(rows);
        } catch (Throwable t) {
            vector.close();
            throw t;
        }
        Arrays.fill(validity, (byte) 0);
        rows = 0;
        length = 0;
        return vector;
    }
}
