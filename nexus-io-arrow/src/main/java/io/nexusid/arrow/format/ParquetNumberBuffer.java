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
 * Rows of one column of numbers on the heap in Arrow's layout, filled block by block and then copied once into Arrow
 * memory. So nothing is allocated from the caller's allocator before a whole batch is decoded, and a damaged file has
 * nothing to leak. Keeps its arrays from batch to batch.
 */
final class ParquetNumberBuffer implements ParquetColumnBuffer {
    private static final VarHandle INT = ParquetPages.INT;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final ParquetColumn column;
    private final Form form;
    private final boolean decimalBytes;
    private int rows;
    /** One byte a row, packed when the batch is made. */
    private final byte[] present;

    private final byte[] data;

    /** A buffer for up to {@code capacity} rows. */
    ParquetNumberBuffer(ParquetColumn column, int capacity) {
        this.column = column;
        this.form = column.form();
        this.decimalBytes = column.physical() == org.apache.parquet.format.Type.BYTE_ARRAY
                || column.physical() == org.apache.parquet.format.Type.FIXED_LEN_BYTE_ARRAY;
        this.present = new byte[capacity];
        int width = form == Form.BITS ? 1 : form.width;
        this.data = new byte[capacity * width];
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public void take(ParquetBlock block, int most) {
        int count = Math.min(most, block.rows - block.row);
        boolean dense = block.values == block.rows;
        if (dense && form == Form.EIGHT) {
            takeLongs(block, count);
            return;
        }
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

    private void takeLongs(ParquetBlock block, int count) {
        Arrays.fill(present, rows, rows + count, (byte) 1);
        for (int i = 0; i < count; i++) {
            LONG.set(data, (rows + i) * Long.BYTES, block.longs[block.value + i]);
        }
        block.value += count;
        block.row += count;
        rows += count;
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

    @Override
    public BatchColumn drain(BufferAllocator allocator, int count) {
        if (form == Form.NOTHING) {
            rows -= count;
            NullVector vector = new NullVector(column.field());
            vector.setValueCount(count);
            return BatchColumn.of(vector);
        }
        int nulls = 0;
        for (int i = 0; i < count; i++) {
            nulls += 1 - present[i];
        }
        FieldVector vector = column.field().createVector(allocator);
        List<ArrowBuf> buffers = new ArrayList<>();
        try {
            buffers.add(copy(allocator, bits(present, count)));
            if (form == Form.BITS) {
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
        return BatchColumn.of(vector);
    }

    @Override
    public void takeNothing(int count) {
        rows += count;
    }

    private void moveUp(int count) {
        int left = rows - count;
        System.arraycopy(present, count, present, 0, left);
        int width = form == Form.BITS ? 1 : form.width;
        System.arraycopy(data, count * width, data, 0, left * width);
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
}
