package io.nexusid.arrow.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * The text cells of one column of a batch, on the heap. Either <em>flat</em>: cell {@code i} is {@code
 * bytes[offsets[i] .. offsets[i + 1])}; or <em>coded</em>: cell {@code i} is entry {@code codes[i]} of a dictionary, -1
 * for null. Files keep columns of few distinct texts coded, and a reader that maps the dictionary's entries once never
 * looks at their text again.
 *
 * <p>Text crosses the Arrow border in three bulk copies per batch, never cell by cell.
 */
public final class TextBlock {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NO_BYTES = {};

    int rows;
    int nulls;
    /** A bit for each row, set where the cell of a flat block is null. Meaningless where there are no nulls. */
    byte[] absent = NO_BYTES;

    byte[] bytes = NO_BYTES;
    int[] offsets = {0};

    int[] codes = {};

    @Nullable TextDictionary dictionary;

    private byte[] scratch = NO_BYTES;
    private int[] kinds = {};

    /** An empty flat block. */
    public TextBlock() {}

    /** A coded block, which takes the array over; codes below 0 are null. */
    public static TextBlock coded(TextDictionary dictionary, int[] codes) {
        TextBlock block = new TextBlock();
        block.dictionary = dictionary;
        block.codes = codes;
        block.rows = codes.length;
        for (int code : codes) {
            block.nulls += code >>> (Integer.SIZE - 1);
        }
        return block;
    }

    /** A flat block of cells that lie one behind the other, which takes the bytes over; a length below 0 is null. */
    public static TextBlock flat(byte[] bytes, int[] lengths) {
        TextBlock block = new TextBlock();
        block.rows = lengths.length;
        block.bytes = bytes;
        block.offsets = new int[lengths.length + 1];
        block.absent = new byte[(lengths.length + 7) >>> 3];
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 0) {
                block.nulls++;
                block.absent[i >>> 3] |= (byte) (1 << (i & 7));
            }
            block.offsets[i + 1] = block.offsets[i] + Math.max(0, lengths[i]);
        }
        return block;
    }

    /**
     * A flat block of cells that lie one behind the other, which takes the bytes over.
     *
     * @param ends where each cell ends; -1 minus that if it is null
     */
    public static TextBlock ending(byte[] bytes, int[] ends) {
        TextBlock block = new TextBlock();
        block.rows = ends.length;
        block.bytes = bytes;
        block.offsets = new int[ends.length + 1];
        block.absent = new byte[(ends.length + 7) >>> 3];
        for (int i = 0; i < ends.length; i++) {
            int end = ends[i];
            if (end < 0) {
                end = -1 - end;
                block.nulls++;
                block.absent[i >>> 3] |= (byte) (1 << (i & 7));
            }
            block.offsets[i + 1] = end;
        }
        return block;
    }

    /** A flat block of the same cells, for somebody else: neither may be loaded anew. */
    public TextBlock share() {
        TextBlock block = new TextBlock();
        block.rows = rows;
        block.nulls = nulls;
        block.absent = absent;
        block.bytes = bytes;
        block.offsets = offsets;
        return block;
    }

    /** Copies all cells of the vector, which stays the caller's. */
    public TextBlock load(VarCharVector vector) {
        dictionary = null;
        rows = vector.getValueCount();
        nulls = vector.getNullCount();
        loadOffsets(vector.getOffsetBuffer());
        int first = offsets[0];
        int length = offsets[rows] - first;
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, bytes.length * 2)];
        }
        if (length > 0) {
            vector.getDataBuffer().getBytes(first, bytes, 0, length);
        }
        if (first != 0) {
            for (int i = 0; i <= rows; i++) {
                offsets[i] -= first;
            }
        }
        if (nulls > 0) {
            int n = (rows + 7) >> 3;
            absent = absent.length < n ? new byte[n] : absent;
            vector.getValidityBuffer().getBytes(0, absent, 0, n);
            for (int i = 0; i < n; i++) {
                absent[i] = (byte) ~absent[i];
            }
        }
        return this;
    }

    private void loadOffsets(ArrowBuf buffer) {
        if (offsets.length <= rows) {
            offsets = new int[rows + 1];
        }
        if (rows == 0) {
            offsets[0] = 0;
            return;
        }
        int n = (rows + 1) * 4;
        if (scratch.length < n) {
            scratch = new byte[n];
        }
        buffer.getBytes(0, scratch, 0, n);
        ByteBuffer.wrap(scratch).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(offsets, 0, rows + 1);
    }

    public int rows() {
        return rows;
    }

    public boolean hasNulls() {
        return nulls > 0;
    }

    public boolean isNull(int row) {
        return nulls > 0 && (dictionary != null ? codes[row] < 0 : (absent[row >> 3] >> (row & 7) & 1) != 0);
    }

    /** What the cells refer to, or null where the block is flat. */
    public @Nullable TextDictionary dictionary() {
        return dictionary;
    }

    /** The entries of a coded block's cells, -1 for null; may be longer than {@link #rows}. Not to be changed. */
    public int[] codes() {
        if (dictionary == null) {
            throw new IllegalStateException("the block is flat");
        }
        return codes;
    }

    /** The bytes that {@link #from} indexes. Not to be changed. */
    public byte[] bytes() {
        TextDictionary entries = dictionary;
        return entries != null ? entries.bytes() : bytes;
    }

    /** Where the cells of a flat block begin, and the last one ends. Not to be changed. */
    public int[] offsets() {
        if (dictionary != null) {
            throw new IllegalStateException("the block is coded");
        }
        return offsets;
    }

    /** Where a cell that is not null begins. */
    public int from(int row) {
        TextDictionary entries = dictionary;
        return entries != null ? entries.from(codes[row]) : offsets[row];
    }

    /** The bytes of a cell that is not null. */
    public int length(int row) {
        TextDictionary entries = dictionary;
        if (entries == null) {
            return offsets[row + 1] - offsets[row];
        }
        return codes[row] < 0 ? 0 : entries.length(codes[row]);
    }

    /** Null or the empty text. */
    public boolean isBlank(int row) {
        return isNull(row) || length(row) == 0;
    }

    /** {@code kind} for each cell, -1 where it is null: the form in which a dictionary takes a column. */
    public int[] kinds(int kind) {
        if (kinds.length < rows) {
            kinds = new int[rows];
        }
        Arrays.fill(kinds, 0, rows, kind);
        for (int i = 0; i < rows && nulls > 0; i++) {
            if (isNull(i)) {
                kinds[i] = -1;
            }
        }
        return kinds;
    }

    /** Whether a cell is this ASCII word. */
    public boolean is(String word, int row) {
        return !isNull(row) && length(row) == word.length() && text(row).equals(word);
    }

    /** The text of a cell that is not null. */
    public String text(int row) {
        return new String(bytes(), from(row), length(row), StandardCharsets.UTF_8);
    }

    /** Makes a coded block flat. */
    public TextBlock flatten() {
        TextDictionary entries = dictionary;
        if (entries == null) {
            return this;
        }
        long length = 0;
        for (int i = 0; i < rows; i++) {
            length += length(i);
        }
        dictionary = null;
        room(rows, Math.toIntExact(length));
        int at = 0;
        if (nulls > 0) {
            Arrays.fill(absent, 0, (rows + 7) >>> 3, (byte) 0);
        }
        for (int i = 0; i < rows; i++) {
            int code = codes[i];
            if (code < 0) {
                absent[i >>> 3] |= (byte) (1 << (i & 7));
            } else {
                int count = entries.length(code);
                System.arraycopy(entries.bytes(), entries.from(code), bytes, at, count);
                at += count;
            }
            offsets[i + 1] = at;
        }
        return this;
    }

    /** Makes room for a flat block, whose cells are lost. */
    private void room(int cells, int length) {
        if (offsets.length <= cells) {
            offsets = new int[cells + 1];
        }
        offsets[0] = 0;
        if (absent.length < (cells + 7) >>> 3) {
            absent = new byte[(cells + 7) >>> 3];
        }
        if (bytes.length < length) {
            bytes = new byte[length];
        }
    }

    /**
     * A block of the rows in some runs, in order.
     *
     * @param starts first rows
     * @param ends rows after the last
     * @param runs how many elements of both count
     */
    public TextBlock take(int[] starts, int[] ends, int runs) {
        int kept = 0;
        int length = 0;
        for (int run = 0; run < runs; run++) {
            kept += ends[run] - starts[run];
            length += dictionary != null ? 0 : offsets[ends[run]] - offsets[starts[run]];
        }
        TextBlock taken = new TextBlock();
        taken.rows = kept;
        taken.dictionary = dictionary;
        if (dictionary != null) {
            taken.codes = new int[kept];
        } else {
            taken.room(kept, length);
        }
        int row = 0;
        for (int run = 0; run < runs; run++) {
            taken.put(row, this, starts[run], ends[run]);
            row += ends[run] - starts[run];
        }
        return taken;
    }

    /** Copies cells of a block of the same form to {@code row} and further. */
    private void put(int row, TextBlock from, int start, int end) {
        if (dictionary != null) {
            System.arraycopy(from.codes, start, codes, row, end - start);
        } else {
            System.arraycopy(
                    from.bytes, from.offsets[start], bytes, offsets[row], from.offsets[end] - from.offsets[start]);
        }
        int shift = dictionary != null ? 0 : offsets[row] - from.offsets[start];
        for (int i = 0; i < end - start; i++) {
            if (dictionary == null) {
                offsets[row + i + 1] = from.offsets[start + i + 1] + shift;
            }
            if (from.isNull(start + i)) {
                nulls++;
                if (dictionary == null) {
                    int bit = row + i;
                    absent[bit >>> 3] |= (byte) (1 << (bit & 7));
                }
            }
        }
    }

    /** The cells as a new vector, which the caller owns. Makes the block flat. */
    public VarCharVector toVector(Field field, BufferAllocator allocator) {
        flatten();
        int length = offsets[rows];
        byte[] validity = new byte[(rows + 7) >>> 3];
        Arrays.fill(validity, (byte) -1);
        for (int i = 0; i < validity.length && nulls > 0; i++) {
            validity[i] = (byte) ~absent[i];
        }
        if ((rows & 7) != 0) {
            validity[validity.length - 1] &= (byte) ((1 << (rows & 7)) - 1);
        }
        byte[] ends = new byte[4 * (rows + 1)];
        for (int i = 0; i <= rows; i++) {
            INT.set(ends, 4 * i, offsets[i]);
        }
        VarCharVector vector = new VarCharVector(field, allocator);
        try {
            vector.allocateNew(length, rows);
            vector.getValidityBuffer().setBytes(0, validity, 0, validity.length);
            vector.getOffsetBuffer().setBytes(0, ends, 0, ends.length);
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
