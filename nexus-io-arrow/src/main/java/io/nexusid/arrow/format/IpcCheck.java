package io.nexusid.arrow.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseVariableWidthViewVector;

/** Looks over the buffers of a record batch, a heap chunk at a time. A fault is a corrupt file. */
final class IpcCheck {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int VIEW_BYTES = BaseVariableWidthViewVector.ELEMENT_SIZE;
    private static final int INLINE_BYTES = BaseVariableWidthViewVector.INLINE_SIZE;

    private final FileOrigin origin;
    private final byte[] chunk = new byte[1 << 13];

    IpcCheck(FileOrigin origin) {
        this.origin = origin;
    }

    /** Fails unless the condition holds; the reason completes "a batch has …". */
    void require(boolean condition, String reason) {
        if (!condition) {
            throw origin.corrupt("a batch has " + reason);
        }
    }

    /** The number of nulls that validity bits hold. */
    long nullCount(ArrowBuf validity, int rows) {
        long bytes = (rows + 7L) / 8;
        long valid = 0;
        for (long done = 0; done < bytes; ) {
            int piece = (int) Math.min(chunk.length, bytes - done);
            validity.getBytes(done, chunk, 0, piece);
            done += piece;
            if (done == bytes && (rows & 7) != 0) {
                chunk[piece - 1] &= (byte) ((1 << (rows & 7)) - 1);
            }
            for (int i = 0; i < piece; i++) {
                valid += Integer.bitCount(chunk[i] & 0xFF);
            }
        }
        return rows - valid;
    }

    /** Checks that offsets start at 0 or later and do not decrease; returns the last, which the data must reach. */
    long lastOffset(ArrowBuf offsets, int rows, int offsetBytes) {
        long bytes = (rows + 1L) * offsetBytes;
        long last = 0;
        for (long done = 0; done < bytes; ) {
            int piece = (int) Math.min(chunk.length, bytes - done);
            offsets.getBytes(done, chunk, 0, piece);
            done += piece;
            for (int i = 0; i < piece; i += offsetBytes) {
                long offset = offsetBytes == 4 ? (int) INT.get(chunk, i) : (long) LONG.get(chunk, i);
                require(offset >= last, "offsets that decrease");
                last = offset;
            }
        }
        return last;
    }

    /**
     * Checks that every view stays in its buffer. A null's view may be anything in the format; it is cleared, so that
     * reading it is harmless too.
     *
     * @param validity one bit a row, or empty if no row is null
     */
    void views(ArrowBuf views, ArrowBuf validity, int rows, List<ArrowBuf> data) {
        int perChunk = chunk.length / VIEW_BYTES;
        for (int row = 0; row < rows; row += perChunk) {
            int count = Math.min(perChunk, rows - row);
            views.getBytes((long) row * VIEW_BYTES, chunk, 0, count * VIEW_BYTES);
            for (int i = 0; i < count; i++) {
                if (isNull(validity, row + i)) {
                    views.setZero((long) (row + i) * VIEW_BYTES, VIEW_BYTES);
                } else {
                    view(i * VIEW_BYTES, data);
                }
            }
        }
    }

    private void view(int at, List<ArrowBuf> data) {
        int length = (int) INT.get(chunk, at);
        require(length >= 0, "a value of negative length");
        if (length <= INLINE_BYTES) {
            return;
        }
        int index = (int) INT.get(chunk, at + 8);
        require(index >= 0 && index < data.size(), "a value in a buffer that does not exist");
        long offset = (int) INT.get(chunk, at + 12);
        require(offset >= 0 && offset + length <= data.get(index).capacity(), "a value outside its buffer");
    }

    private static boolean isNull(ArrowBuf validity, int row) {
        return validity.capacity() > 0 && (validity.getByte(row >> 3) >> (row & 7) & 1) == 0;
    }
}
