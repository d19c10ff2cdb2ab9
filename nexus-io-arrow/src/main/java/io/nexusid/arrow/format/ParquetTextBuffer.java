package io.nexusid.arrow.format;

import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Text of one column as a {@link TextBlock}: references to the dictionary as long as all rows have the same one, flat as
 * soon as they do not. A batch takes the arrays with it.
 */
final class ParquetTextBuffer implements ParquetColumnBuffer {
    /** No further text is taken beyond this many bytes, so that a batch stays small whatever its values are. */
    static final int TEXT_LIMIT = 1 << 26;

    private final Field field;
    private final int capacity;
    private TextBlock block = new TextBlock();
    private int typicalBytes;
    private int textLimit = TEXT_LIMIT;

    ParquetTextBuffer(Field field, int capacity) {
        this.field = field;
        this.capacity = capacity;
        this.typicalBytes = Math.max(64, capacity * 16);
    }

    @Override
    public int rows() {
        return block.rows;
    }

    @Override
    public boolean full() {
        return block.dictionary == null && block.rows > 0 && block.offsets[block.rows] >= textLimit;
    }

    @Override
    public void limitText(int bytes) {
        textLimit = bytes;
    }

    @Override
    public void take(ParquetBlock from, int most) {
        int count = Math.min(most, from.rows - from.row);
        TextDictionary entries = from.dictionary;
        if (entries != null && fits(entries) && (block.rows == 0 || block.dictionary == entries)) {
            takeEntries(from, entries, count);
        } else {
            takeText(from, entries, count);
        }
    }

    /** Whether a batch cannot reach the limit with these entries. */
    private boolean fits(TextDictionary entries) {
        return (long) entries.longest() * capacity < textLimit;
    }

    private void takeEntries(ParquetBlock from, TextDictionary entries, int count) {
        if (block.codes.length < capacity) {
            block.codes = new int[capacity];
        }
        block.dictionary = entries;
        if (from.values == from.rows) {
            System.arraycopy(from.entries, from.value, block.codes, block.rows, count);
            from.value += count;
        } else {
            for (int i = 0; i < count; i++) {
                int present = from.levels[from.row + i];
                block.codes[block.rows + i] = present == 1 ? from.entries[from.value] : -1;
                from.value += present;
                block.nulls += 1 - present;
            }
        }
        from.row += count;
        block.rows += count;
    }

    /** Copies text, out of the dictionary if there is one. */
    private void takeText(ParquetBlock from, @Nullable TextDictionary entries, int count) {
        startFlat();
        byte[] source = entries != null ? entries.bytes() : from.source;
        if (source == null) {
            throw new IllegalStateException("a block without text");
        }
        boolean dense = from.values == from.rows;
        int[] offsets = block.offsets;
        byte[] data = block.bytes;
        int value = from.value;
        int row = from.row;
        int end = row + count;
        int rows = block.rows;
        int at = offsets[rows];
        while (row < end && (at < textLimit || rows == 0)) {
            if (!dense && from.levels[row] == 0) {
                block.absent[rows >>> 3] |= (byte) (1 << (rows & 7));
                block.nulls++;
            } else {
                int entry = entries != null ? from.entries[value] : 0;
                int start = entries != null ? entries.from(entry) : from.starts[value];
                int length = entries != null ? entries.length(entry) : from.lengths[value];
                if (length > data.length - at) {
                    data = grown(data, at, length);
                }
                System.arraycopy(source, start, data, at, length);
                at += length;
                value++;
            }
            offsets[++rows] = at;
            row++;
        }
        block.bytes = data;
        block.rows = rows;
        from.row = row;
        from.value = value;
    }

    private void startFlat() {
        block.flatten();
        if (block.offsets.length <= capacity) {
            block.offsets = Arrays.copyOf(block.offsets, capacity + 1);
        }
        int bits = (capacity + 7) >>> 3;
        if (block.absent.length < bits) {
            block.absent = Arrays.copyOf(block.absent, bits);
        }
        if (block.bytes.length == 0) {
            block.bytes = new byte[typicalBytes];
        }
    }

    private static byte[] grown(byte[] data, int used, int length) {
        long most = Integer.MAX_VALUE - 16;
        if ((long) used + length > most) {
            throw new OutOfMemoryError("text of one batch");
        }
        return Arrays.copyOf(
                data, (int) Math.min(most, Math.max(data.length + data.length / 2L, (long) used + length)));
    }

    @Override
    public BatchColumn drain(BufferAllocator allocator, int count) {
        TextBlock whole = block;
        if (whole.dictionary == null) {
            typicalBytes = whole.bytes.length;
        }
        block = new TextBlock();
        if (count < whole.rows) {
            block = whole.take(new int[] {count}, new int[] {whole.rows}, 1);
            whole = whole.take(new int[] {0}, new int[] {count}, 1);
        }
        return BatchColumn.of(field, allocator, whole);
    }
}
