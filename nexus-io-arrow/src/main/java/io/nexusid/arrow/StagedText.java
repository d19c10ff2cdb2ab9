package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A text column that is appended to on the heap, cell by cell, and then becomes an Arrow vector in three bulk writes.
 * Reused from batch to batch.
 */
final class StagedText {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    private final String table;
    private final int maxBytes;
    private byte[] bytes = new byte[1 << 12];
    private byte[] offsets = new byte[4];
    private byte[] validity = new byte[0];
    private int rows;
    private int length;

    /** An empty column of this table, whose name is for messages. */
    StagedText(String table) {
        this(table, MAX_BYTES);
    }

    StagedText(String table, int maxBytes) {
        this.table = table;
        this.maxBytes = maxBytes;
    }

    /** Starts over; room is made for this many cells. */
    void start(int rowCount) {
        int bitBytes = (rowCount + 7) >>> 3;
        if (validity.length < bitBytes) {
            validity = new byte[bitBytes];
            offsets = new byte[4 * (8 * bitBytes + 1)];
        } else {
            Arrays.fill(validity, 0, bitBytes, (byte) 0);
        }
        rows = 0;
        length = 0;
    }

    void append(byte[] text, int from, int to) {
        int at = claim(to - from);
        System.arraycopy(text, from, bytes, at, to - from);
        end();
    }

    void append(ArrowBuf text, long from, long count) {
        int at = claim(count);
        text.getBytes(from, bytes, at, (int) count);
        end();
    }

    void appendNull() {
        rows++;
        INT.set(offsets, 4 * rows, length);
    }

    /**
     * Begins a cell of at most {@code most} bytes, to be written into {@link #bytes} from the returned index on and
     * ended with {@link #end(int)}.
     */
    int begin(int most) {
        int at = claim(most);
        length = at;
        return at;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Ends the cell that {@link #begin} began. */
    void end(int cellEnd) {
        length = cellEnd;
        end();
    }

    private void end() {
        validity[rows >>> 3] |= (byte) (1 << (rows & 7));
        rows++;
        INT.set(offsets, 4 * rows, length);
    }

    private int claim(long count) {
        long need = length + count;
        if (need > maxBytes) {
            throw NexusDataException.of(FaultCode.CAPACITY, table)
                    .because("a text column has more than " + maxBytes + " bytes in " + (rows + 1)
                            + " rows of one batch");
        }
        if (need > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, Math.max(need, 2L * bytes.length)));
        }
        int at = length;
        length = (int) need;
        return at;
    }

    /** The cells as a new vector, which the caller owns. */
    VarCharVector toVector(Field field, BufferAllocator allocator) {
        VarCharVector vector = new VarCharVector(field, allocator);
        try {
            vector.allocateNew(length, rows);
            vector.getValidityBuffer().setBytes(0, validity, 0, (rows + 7) >>> 3);
            vector.getOffsetBuffer().setBytes(0, offsets, 0, 4L * (rows + 1));
            vector.getDataBuffer().setBytes(0, bytes, 0, length);
            vector.setLastSet(rows - 1);
            vector.setValueCount(rows);
            return vector;
        } catch (RuntimeException | Error e) {
            vector.close();
            throw e;
        }
    }
}
