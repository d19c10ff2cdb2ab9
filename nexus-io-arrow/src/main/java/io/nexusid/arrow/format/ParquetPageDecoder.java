package io.nexusid.arrow.format;

import io.nexusid.api.NexusDataException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/**
 * Turns pages of one column chunk into {@link ParquetBlock}s: definition levels, PLAIN and RLE_DICTIONARY in bulk over
 * byte arrays, any other encoding through {@link ParquetLibraryValues}. A dictionary is decoded once per chunk; rows of
 * text stay references to its entries.
 *
 * <p>Announced counts are compared with the bytes that would have to hold them before memory is taken.
 */
final class ParquetPageDecoder {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final TextDictionary NO_TEXTS = new TextDictionary(new byte[0], new int[0], new int[0]);
    private static final int INT96_BYTES = 12;
    private static final int JULIAN_EPOCH_DAY = 2_440_588;
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    private enum Mode {
        PLAIN,
        DICTIONARY,
        LIBRARY
    }

    private final ParquetOrigin origin;
    private final ParquetColumn column;
    private final boolean binary;
    private final ParquetLibraryValues library;
    private final ParquetRuns levels = new ParquetRuns();
    private final ParquetRuns indexes = new ParquetRuns();
    private final int[] ids = new int[ParquetBlock.ROWS];

    private long[] dictionaryLongs = new long[0];
    private TextDictionary dictionaryTexts = NO_TEXTS;
    private boolean hasDictionary;

    private @Nullable ParquetPage page;
    private int rowsLeft;
    private int packedLevel;
    private Mode mode = Mode.PLAIN;
    private int position;
    private int plainBit;
    /** Rows whose levels are decoded but whose values are not, because a block was cut before them. */
    private int carried;

    private final int[] carriedLevels = new int[ParquetBlock.ROWS];

    ParquetPageDecoder(ParquetOrigin origin, ParquetColumn column, @Nullable String createdBy) {
        this.origin = origin;
        this.column = column;
        this.binary = column.physical() == Type.BYTE_ARRAY || column.physical() == Type.FIXED_LEN_BYTE_ARRAY;
        this.library = new ParquetLibraryValues(origin, column, createdBy);
    }

    /** Forgets the dictionary and page of the chunk before. */
    void startChunk() {
        hasDictionary = false;
        rowsLeft = 0;
        carried = 0;
        page = null;
        library.startChunk();
    }

    /** Rows of the current page not yet decoded. */
    int rowsLeft() {
        return rowsLeft;
    }

    /** Takes the chunk's dictionary. */
    void dictionary(ParquetPage page) {
        ParquetDamage.unless(!hasDictionary, "a column chunk has two dictionaries");
        if (page.encoding() != Encoding.PLAIN && page.encoding() != Encoding.PLAIN_DICTIONARY) {
            throw unsupported(page.encoding());
        }
        int count = page.rows();
        int smallest = binary && column.typeLength() == 0 ? Integer.BYTES : Math.max(1, plainWidth());
        ParquetDamage.unless(
                count <= (page.valuesTo() - page.valuesFrom()) / smallest, "a dictionary announces more than it holds");
        if (binary) {
            byte[] texts = Arrays.copyOfRange(page.bytes(), page.valuesFrom(), page.valuesTo());
            int[] starts = new int[count];
            int[] lengths = new int[count];
            ranges(texts, 0, texts.length, count, starts, lengths);
            dictionaryTexts = new TextDictionary(texts, starts, lengths);
        } else {
            ParquetDamage.unless(column.physical() != Type.BOOLEAN, "a boolean column has a dictionary");
            dictionaryLongs = new long[count];
            numbers(page.bytes(), page.valuesFrom(), count, dictionaryLongs);
        }
        hasDictionary = true;
    }

    /** Takes a data page, whose bytes must hold until its last row is decoded. */
    void start(ParquetPage next) {
        page = next;
        rowsLeft = next.rows();
        packedLevel = 0;
        position = next.valuesFrom();
        plainBit = 0;
        if (column.optional() && !next.packedLevels()) {
            levels.start(next.bytes(), next.levelsFrom(), next.levelsTo(), 1);
        }
        switch (next.encoding()) {
            case PLAIN -> mode = Mode.PLAIN;
            case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
                mode = Mode.DICTIONARY;
                startIndexes(next);
            }
            default -> {
                mode = Mode.LIBRARY;
                library.start(next);
            }
        }
    }

    private void startIndexes(ParquetPage next) {
        ParquetDamage.unless(hasDictionary, "a page refers to a dictionary that its column chunk has not");
        if (next.valuesFrom() < next.valuesTo()) {
            int width = next.bytes()[next.valuesFrom()] & 0xff;
            indexes.start(next.bytes(), next.valuesFrom() + 1, next.valuesTo(), width);
        } else {
            // A page of nothing but nulls may have no values at all; any index read from it is damage.
            indexes.start(next.bytes(), next.valuesTo(), next.valuesTo(), 1);
        }
    }

    /** Decodes the next rows of the page, at least one; there must be some left. */
    void next(ParquetBlock block) {
        ParquetPage from = page;
        if (from == null) {
            throw new IllegalStateException("no page");
        }
        block.reset(carried > 0 ? carried : Math.min(rowsLeft, ParquetBlock.ROWS));
        block.values = readLevels(from, block);
        if (binary) {
            bytes(from, block);
        } else {
            numbers(from, block);
        }
        rowsLeft -= block.rows;
    }

    private int readLevels(ParquetPage from, ParquetBlock block) {
        if (!column.optional()) {
            return block.rows;
        }
        int[] out = block.levels;
        if (carried > 0) {
            System.arraycopy(carriedLevels, 0, out, 0, carried);
            carried = 0;
        } else if (from.packedLevels()) {
            for (int i = 0; i < block.rows; i++, packedLevel++) {
                out[i] = from.bytes()[from.levelsFrom() + (packedLevel >>> 3)] >>> (7 - (packedLevel & 7)) & 1;
            }
        } else {
            levels.read(out, block.rows);
        }
        int present = 0;
        int highest = 0;
        for (int i = 0; i < block.rows; i++) {
            present += out[i];
            highest |= out[i];
        }
        ParquetDamage.unless((highest & ~1) == 0, "a definition level is too high");
        return present;
    }

    private void numbers(ParquetPage from, ParquetBlock block) {
        switch (mode) {
            case PLAIN -> plainNumbers(from, block);
            case DICTIONARY -> {
                indexes.read(ids, block.values);
                for (int i = 0; i < block.values; i++) {
                    block.longs[i] = dictionaryLongs[checkedId(ids[i], dictionaryLongs.length)];
                }
            }
            case LIBRARY -> library.numbers(block);
        }
    }

    private void plainNumbers(ParquetPage from, ParquetBlock block) {
        if (column.physical() == Type.BOOLEAN) {
            ParquetDamage.unless(
                    plainBit + (long) block.values <= 8L * (from.valuesTo() - from.valuesFrom()),
                    "a page ends within its values");
            for (int i = 0; i < block.values; i++, plainBit++) {
                block.longs[i] = (long) from.bytes()[position + (plainBit >>> 3)] >>> (plainBit & 7) & 1;
            }
            return;
        }
        int size = block.values * plainWidth();
        ParquetDamage.unless(size <= from.valuesTo() - position, "a page ends within its values");
        numbers(from.bytes(), position, block.values, block.longs);
        position += size;
    }

    /** Bytes of a number in PLAIN; 0 for what is not of whole bytes. */
    private int plainWidth() {
        return switch (column.physical()) {
            case INT32, FLOAT -> Integer.BYTES;
            case INT64, DOUBLE -> Long.BYTES;
            case INT96 -> INT96_BYTES;
            case FIXED_LEN_BYTE_ARRAY -> column.typeLength();
            case BOOLEAN, BYTE_ARRAY -> 0;
        };
    }

    private void numbers(byte[] bytes, int from, int count, long[] out) {
        switch (column.physical()) {
            case INT32, FLOAT -> {
                long mask = column.unsigned32() ? 0xffff_ffffL : -1L;
                for (int i = 0; i < count; i++) {
                    out[i] = (int) ParquetPages.INT.get(bytes, from + i * Integer.BYTES) & mask;
                }
            }
            case INT64, DOUBLE -> {
                for (int i = 0; i < count; i++) {
                    out[i] = (long) LONG.get(bytes, from + i * Long.BYTES);
                }
            }
            case INT96 -> {
                for (int i = 0; i < count; i++) {
                    int at = from + i * INT96_BYTES;
                    out[i] = micros((int) ParquetPages.INT.get(bytes, at + Long.BYTES), (long) LONG.get(bytes, at));
                }
            }
            default -> throw new IllegalStateException("not a number: " + column.physical());
        }
    }

    /** INT96 in microseconds since 1970, floored; Long.MIN_VALUE, which callers refuse, where they overflow. */
    private static long micros(int julianDay, long nanosOfDay) {
        try {
            long day = Math.multiplyExact((long) julianDay - JULIAN_EPOCH_DAY, MICROS_PER_DAY);
            return Math.addExact(day, Math.floorDiv(nanosOfDay, 1000L));
        } catch (ArithmeticException e) {
            return Long.MIN_VALUE;
        }
    }

    private void bytes(ParquetPage from, ParquetBlock block) {
        block.dictionary = null;
        switch (mode) {
            case PLAIN -> {
                block.source = from.bytes();
                position = ranges(from.bytes(), position, from.valuesTo(), block.values, block.starts, block.lengths);
            }
            case DICTIONARY -> entries(block);
            case LIBRARY -> carryFrom(block, library.bytes(block));
        }
    }

    private void entries(ParquetBlock block) {
        TextDictionary texts = dictionaryTexts;
        indexes.read(block.entries, block.values);
        int size = texts.size();
        for (int i = 0; i < block.values; i++) {
            checkedId(block.entries[i], size);
        }
        if (column.form() == ParquetColumn.Form.TEXT) {
            block.dictionary = texts;
            return;
        }
        block.source = texts.bytes();
        for (int i = 0; i < block.values; i++) {
            block.starts[i] = texts.from(block.entries[i]);
            block.lengths[i] = texts.length(block.entries[i]);
        }
    }

    private static int checkedId(int id, int size) {
        if (id < 0 || id >= size) {
            throw new ParquetDamage("a page refers beyond its dictionary");
        }
        return id;
    }

    /** Where {@code count} PLAIN byte strings lie; returns the index after the last. */
    private int ranges(byte[] bytes, int from, int to, int count, int[] starts, int[] lengths) {
        int fixed = column.typeLength();
        int at = from;
        for (int i = 0; i < count; i++) {
            int length = fixed;
            if (fixed == 0) {
                ParquetDamage.unless(to - at >= Integer.BYTES, "a page ends within its values");
                length = (int) ParquetPages.INT.get(bytes, at);
                at += Integer.BYTES;
            }
            ParquetDamage.unless(length >= 0 && length <= to - at, "a page ends within its values");
            starts[i] = at;
            lengths[i] = length;
            at += length;
        }
        return at;
    }

    private NexusDataException unsupported(Encoding encoding) {
        return ParquetLibraryValues.unsupported(origin, column, encoding);
    }

    /** Keeps the levels of rows that the block was cut before. */
    private void carryFrom(ParquetBlock block, int row) {
        if (row < block.rows && column.optional()) {
            carried = block.rows - row;
            System.arraycopy(block.levels, row, carriedLevels, 0, carried);
        }
        block.rows = row;
    }
}
