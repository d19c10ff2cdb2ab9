package io.nexusid.arrow.format;

import io.nexusid.arrow.format.ParquetColumn.Form;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/**
 * Rows of one column on the heap in Arrow's layout, filled block by block and then copied once into Arrow memory. So
 * nothing is allocated from the caller's allocator before a whole batch is decoded, and a damaged file has nothing to
 * leak. Keeps its arrays from batch to batch.
 */
final class ParquetColumnBuffer {
    /** No further text is taken beyond this many bytes, so that a batch stays small whatever its values are. */
    static final int TEXT_LIMIT = 1 << 26;

    private static final VarHandle INT = ParquetPages.INT;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final ParquetColumn column;
    private final Form form;
    private final boolean decimalBytes;
    private int rows;
    /** One byte a row, packed when the batch is made. */
    private final byte[] present;

    private byte[] data;
    /** Offsets of text, one more than rows; else empty. */
    private final int[] offsets;

    private int textLimit = TEXT_LIMIT;

    /** A buffer for up to {@code capacity} rows. */
    ParquetColumnBuffer(ParquetColumn column, int capacity) {
        this.column = column;
        this.form = column.form();
        this.decimalBytes = column.physical() == org.apache.parquet.format.Type.BYTE_ARRAY
                || column.physical() == org.apache.parquet.format.Type.FIXED_LEN_BYTE_ARRAY;
        boolean text = form == Form.TEXT;
        this.present = new byte[capacity];
        this.offsets = new int[text ? capacity + 1 : 0];
        int width = form == Form.BITS ? 1 : form.width;
        this.data = new byte[text ? Math.max(64, capacity * 16) : capacity * width];
    }

    int rows() {
        return rows;
    }

    /** Whether the text limit is reached. */
    boolean full() {
        return form == Form.TEXT && rows > 0 && offsets[rows] >= textLimit;
    }

    /** Lowers the text limit, for tests. */
    void limitText(int bytes) {
        textLimit = bytes;
    }

    /** Takes up to {@code most} rows from the front of the block; fewer only if the block ends or text is full. */
    void take(ParquetBlock block, int most) {
        int count = Math.min(most, block.rows - block.row);
        if (form == Form.TEXT) {
            takeText(block, count);
            return;
        }
        boolean dense = block.values == block.rows;
        for (int end = block.row + count; block.row < end; block.row++, rows++) {
            boolean value = dense || block.levels[block.row] == 1;
            present[rows] = (byte) (value ? 1 : 0);
            if (value) {
                put(block, block.value++);
            } else {
                putNull();
            }
        }
    }

    private void takeText(ParquetBlock block, int count) {
        byte[] source = block.source;
        if (source == null) {
            throw new IllegalStateException("a block without text");
        }
        boolean dense = block.values == block.rows;
        int value = block.value;
        int row = block.row;
        int end = row + count;
        int at = offsets[rows];
        while (row < end && (at < textLimit || rows == 0)) {
            boolean isNull = !dense && block.levels[row] == 0;
            present[rows++] = (byte) (isNull ? 0 : 1);
            if (!isNull) {
                int length = block.lengths[value];
                if (length > data.length - at) {
                    grow(at, length);
                }
                System.arraycopy(source, block.starts[value++], data, at, length);
                at += length;
            }
            offsets[rows] = at;
            row++;
        }
        block.row = row;
        block.value = value;
    }

    private void put(ParquetBlock block, int value) {
        switch (form) {
            case BITS -> data[rows] = (byte) block.longs[value];
            case FOUR -> INT.set(data, rows * Integer.BYTES, (int) block.longs[value]);
            case EIGHT -> LONG.set(data, rows * Long.BYTES, block.longs[value]);
            case DECIMAL_16, DECIMAL_32 -> putDecimal(block, value);
            case TEXT, NOTHING, UNREADABLE -> throw new IllegalStateException("not of fixed width");
        }
    }

    private void putNull() {
        switch (form) {
            case BITS -> data[rows] = 0;
            case FOUR -> INT.set(data, rows * Integer.BYTES, 0);
            case EIGHT -> LONG.set(data, rows * Long.BYTES, 0L);
            case DECIMAL_16, DECIMAL_32 -> Arrays.fill(data, rows * form.width, (rows + 1) * form.width, (byte) 0);
            case TEXT, NOTHING, UNREADABLE -> throw new IllegalStateException("not of fixed width");
        }
    }

    private void grow(int used, int length) {
        long wanted = Math.max(2L * data.length, (long) used + length);
        long most = Integer.MAX_VALUE - 16;
        if ((long) used + length > most) {
            throw new OutOfMemoryError("text of one batch");
        }
        data = Arrays.copyOf(data, (int) Math.min(wanted, most));
    }

    private void putDecimal(ParquetBlock block, int value) {
        int from = rows * form.width;
        if (!decimalBytes) {
            LONG.set(data, from, block.longs[value]);
            byte sign = (byte) (block.longs[value] >> 63);
            Arrays.fill(data, from + Long.BYTES, from + form.width, sign);
            return;
        }
        int length = block.lengths[value];
        int first = block.starts[value];
        byte[] source = block.source;
        if (source == null || length == 0) {
            throw new ParquetDamage("a decimal has no digits");
        }
        byte sign = (byte) (source[first] >> 7);
        for (int i = 0; i < form.width; i++) {
            data[from + i] = i < length ? source[first + length - 1 - i] : sign;
        }
        for (int i = form.width; i < length; i++) {
            ParquetDamage.unless(
                    source[first + length - 1 - i] == sign, "a decimal is longer than its declared precision");
        }
        ParquetDamage.unless(
                length <= form.width || data[from + form.width - 1] >> 7 == sign,
                "a decimal is longer than its declared precision");
    }

    /**
     * Removes the first {@code count} rows and returns them as a vector.
     *
     * @throws org.apache.arrow.memory.OutOfMemoryException if the allocator has reached its limit; nothing is leaked
     */
    FieldVector drain(BufferAllocator allocator, int count) {
        if (form == Form.NOTHING) {
            rows -= count;
            NullVector vector = new NullVector(column.field());
            vector.setValueCount(count);
            return vector;
        }
        int nulls = 0;
        for (int i = 0; i < count; i++) {
            nulls += 1 - present[i];
        }
        FieldVector vector = column.field().createVector(allocator);
        List<ArrowBuf> buffers = new ArrayList<>();
        try {
            buffers.add(copy(allocator, bits(present, count)));
            if (form == Form.TEXT) {
                buffers.add(copyOffsets(allocator, count));
                buffers.add(copy(allocator, data, offsets[count]));
            } else if (form == Form.BITS) {
                buffers.add(copy(allocator, bits(data, count)));
            } else {
                buffers.add(copy(allocator, data, count * form.width));
            }
            vector.loadFieldBuffers(new ArrowFieldNode(count, nulls), buffers);
        } catch (RuntimeException | Error e) {
            vector.close();
            throw e;
        } finally {
            buffers.forEach(ArrowBuf::close);
        }
        moveUp(count);
        return vector;
    }

    /** Takes note of rows without values, for a column that has none. */
    void takeNothing(int count) {
        rows += count;
    }

    private void moveUp(int count) {
        int left = rows - count;
        System.arraycopy(present, count, present, 0, left);
        if (form == Form.TEXT) {
            int from = offsets[count];
            System.arraycopy(data, from, data, 0, offsets[rows] - from);
            for (int i = 0; i <= left; i++) {
                offsets[i] = offsets[count + i] - from;
            }
        } else {
            int width = form == Form.BITS ? 1 : form.width;
            System.arraycopy(data, count * width, data, 0, left * width);
        }
        rows = left;
    }

    private static byte[] bits(byte[] flags, int count) {
        byte[] bits = new byte[(count + 7) / 8];
        for (int i = 0; i < count; i++) {
            bits[i >>> 3] |= (byte) (flags[i] << (i & 7));
        }
        return bits;
    }

    private static ArrowBuf copy(BufferAllocator allocator, byte[] bytes) {
        return copy(allocator, bytes, bytes.length);
    }

    private static ArrowBuf copy(BufferAllocator allocator, byte[] bytes, int length) {
        ArrowBuf buffer = allocator.buffer(length);
        buffer.setBytes(0, bytes, 0, length);
        buffer.writerIndex(length);
        return buffer;
    }

    private ArrowBuf copyOffsets(BufferAllocator allocator, int count) {
        byte[] bytes = new byte[(count + 1) * Integer.BYTES];
        for (int i = 0; i <= count; i++) {
            INT.set(bytes, i * Integer.BYTES, offsets[i]);
        }
        return copy(allocator, bytes);
    }
}
