package io.nexusid.arrow.format;

import io.nexusid.api.FaultCode;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * One dictionary of an IPC stream: its batch, and the deltas appended to it. Text of any width is kept in heap arrays,
 * so that a reference stays one, or becomes its text by one array copy; numbers and the like stay in a vector. Other types of values
 * (binary) are not read.
 */
final class IpcDictionary implements AutoCloseable {
    /** What a reference that is null resolves to. */
    static final int NULL = -1;

    /** A dictionary with more entries than a batch has rows, or more bytes than this for each, is not handed on. */
    private static final long SHARED_BYTES_PER_ROW = 64;

    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final FileOrigin origin;
    private final IpcField field;
    private final FieldVector values;
    private final boolean text;
    private byte[] data = {};
    private int[] ends = {0};
    private boolean[] nulls = {};
    private int size;
    private @Nullable TextDictionary shared;

    /** @param field a column that uses it, for the type of its values */
    IpcDictionary(FileOrigin origin, BufferAllocator allocator, IpcField field) {
        this.origin = origin;
        this.field = field.values();
        this.values = this.field.stored().createVector(allocator);
        this.text = field.isText();
        if (!text && !(values instanceof BaseFixedWidthVector)) {
            throw origin.fault(FaultCode.WRONG_TYPE)
                    .column(field.name())
                    .because("a dictionary of type " + field.type() + " is not read");
        }
    }

    /** The values as a column of their own. */
    IpcField field() {
        return field;
    }

    /** Forgets all values: the next batch replaces them. */
    void clear() {
        size = 0;
        // Batches may still refer to the arrays.
        data = new byte[0];
        ends = new int[] {0};
        nulls = new boolean[0];
        shared = null;
    }

    /** Appends a batch of values, which stays the caller's. */
    void append(FieldVector batch) {
        int count = batch.getValueCount();
        shared = null;
        if (count > LARGEST_ARRAY - 1 - size) {
            throw tooLarge();
        }
        if (text) {
            appendText(batch, count);
        } else {
            for (int i = 0; i < count; i++) {
                values.copyFromSafe(i, size + i, batch);
            }
        }
        size += count;
    }

    /**
     * Looks up references.
     *
     * @param codes receives the position of the value, or {@link #NULL}
     * @param budget how many bytes the values may have together
     * @return how many rows from the first on fit the budget; at least one
     */
    int resolve(BaseIntVector references, int from, int count, long budget, int[] codes) {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            if (references.isNull(from + i)) {
                codes[i] = NULL;
                continue;
            }
            long reference = references.getValueAsLong(from + i);
            if (reference < 0 || reference >= size) {
                throw origin.corrupt("column " + field.name() + " refers to a value that its dictionary of " + size
                        + " does not have");
            }
            codes[i] = (int) reference;
            bytes += length(codes[i]);
            if (bytes > budget && i > 0) {
                return i;
            }
        }
        return count;
    }

    /**
     * The values at some positions, which the caller owns.
     *
     * @param column its field, of the type that {@link IpcField#decoded} gives
     */
    BatchColumn take(int[] codes, int count, BufferAllocator allocator, Field column) {
        TextDictionary entries = text ? shared(count) : null;
        if (entries != null) {
            int[] present = new int[count];
            for (int i = 0; i < count; i++) {
                present[i] = codes[i] == NULL || nulls[codes[i]] ? -1 : codes[i];
            }
            return BatchColumn.of(column, allocator, TextBlock.coded(entries, present));
        }
        return BatchColumn.of(
                text ? takeText(codes, count, allocator, column) : takeValues(codes, count, allocator, column));
    }

    /** The values as batches can refer to them, or null where that costs more than it spares so many rows. */
    private @Nullable TextDictionary shared(int rows) {
        TextDictionary entries = shared;
        if (entries == null && size <= rows && ends[size] <= rows * SHARED_BYTES_PER_ROW) {
            int[] lengths = new int[size];
            for (int i = 0; i < size; i++) {
                lengths[i] = ends[i + 1] - ends[i];
            }
            entries = new TextDictionary(data, Arrays.copyOf(ends, size), lengths);
            shared = entries;
        }
        return entries;
    }

    @Override
    public void close() {
        values.close();
    }

    private int length(int code) {
        return text ? ends[code + 1] - ends[code] : ((BaseFixedWidthVector) values).getTypeWidth();
    }

    private FieldVector takeText(int[] codes, int count, BufferAllocator allocator, Field column) {
        TextColumn taken = new TextColumn(column);
        for (int i = 0; i < count; i++) {
            int code = codes[i];
            if (code == NULL || nulls[code]) {
                taken.appendNull();
            } else {
                taken.append(data, ends[code], ends[code + 1] - ends[code]);
            }
        }
        return taken.takeVector(allocator);
    }

    private FieldVector takeValues(int[] codes, int count, BufferAllocator allocator, Field column) {
        FieldVector taken = column.createVector(allocator);
        try {
            taken.setInitialCapacity(count);
            taken.allocateNew();
            for (int i = 0; i < count; i++) {
                if (codes[i] == NULL) {
                    taken.setNull(i);
                } else {
                    taken.copyFromSafe(codes[i], i, values);
                }
            }
            taken.setValueCount(count);
            return taken;
        } catch (Throwable t) {
            taken.close();
            throw t;
        }
    }

    private void appendText(FieldVector batch, int count) {
        if (size + count + 1 > ends.length) {
            int capacity = (int) Math.min(LARGEST_ARRAY, Math.max(2L * ends.length, size + count + 1L));
            ends = Arrays.copyOf(ends, capacity);
            nulls = Arrays.copyOf(nulls, capacity);
        }
        for (int i = 0; i < count; i++) {
            byte[] value = batch.isNull(i) ? null : bytes(batch, i);
            int end = ends[size + i];
            nulls[size + i] = value == null;
            int length = value == null ? 0 : value.length;
            if (length > LARGEST_ARRAY - end) {
                throw tooLarge();
            }
            if (length > data.length - end) {
                data = Arrays.copyOf(
                        data, (int) Math.min(LARGEST_ARRAY, Math.max(2L * data.length, (long) end + length)));
            }
            if (value != null) {
                System.arraycopy(value, 0, data, end, length);
            }
            ends[size + i + 1] = end + length;
        }
    }

    private static byte[] bytes(FieldVector batch, int row) {
        if (batch instanceof VarCharVector narrow) {
            return narrow.get(row);
        }
        return batch instanceof LargeVarCharVector wide ? wide.get(row) : ((ViewVarCharVector) batch).get(row);
    }

    private RuntimeException tooLarge() {
        return origin.fault(FaultCode.CAPACITY)
                .column(field.name())
                .because("a dictionary of more than 2 GiB or 2 billion values");
    }
}
