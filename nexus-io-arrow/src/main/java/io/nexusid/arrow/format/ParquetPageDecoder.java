package io.nexusid.arrow.format;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.CorruptDeltaByteArrays;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.values.RequiresPreviousReader;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * Turns pages of one column chunk into {@link ParquetBlock}s: definition levels, PLAIN and RLE_DICTIONARY in bulk over
 * byte arrays, any other encoding through parquet-java's values readers. A dictionary is decoded once per chunk; its
 * strings stay bytes and are copied per row.
 *
 * <p>Announced counts are compared with the bytes that would have to hold them before memory is taken.
 */
final class ParquetPageDecoder {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int INT96_BYTES = 12;
    private static final int JULIAN_EPOCH_DAY = 2_440_588;
    private static final long MICROS_PER_DAY = 86_400_000_000L;
    /** Ends a block of values that had to be copied early, so that few long values do not fill the heap. */
    private static final int COPY_LIMIT = 1 << 24;

    private static final int MAX_DELTA_BLOCK = 1 << 20;

    private enum Mode {
        PLAIN,
        DICTIONARY,
        LIBRARY
    }

    private final ParquetOrigin origin;
    private final ParquetColumn column;
    private final @Nullable String createdBy;
    private final boolean binary;
    private final ParquetRuns levels = new ParquetRuns();
    private final ParquetRuns indexes = new ParquetRuns();
    private final int[] ids = new int[ParquetBlock.ROWS];

    private long[] dictionaryLongs = new long[0];
    private byte[] dictionaryBytes = new byte[0];
    private int[] dictionaryStarts = new int[0];
    private int[] dictionaryLengths = new int[0];
    private boolean hasDictionary;

    private @Nullable ParquetPage page;
    private int rowsLeft;
    private int packedLevel;
    private Mode mode = Mode.PLAIN;
    private int position;
    private int plainBit;
    private @Nullable ValuesReader library;
    private byte[] copied = new byte[0];
    /** Rows whose levels are decoded but whose values are not, because a block was cut before them. */
    private int carried;

    private final int[] carriedLevels = new int[ParquetBlock.ROWS];

    ParquetPageDecoder(ParquetOrigin origin, ParquetColumn column, @Nullable String createdBy) {
        this.origin = origin;
        this.column = column;
        this.createdBy = createdBy;
        this.binary = column.physical() == Type.BYTE_ARRAY || column.physical() == Type.FIXED_LEN_BYTE_ARRAY;
    }

    /** Forgets the dictionary and page of the chunk before. */
    void startChunk() {
        hasDictionary = false;
        rowsLeft = 0;
        carried = 0;
        page = null;
        library = null;
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
            dictionaryBytes = Arrays.copyOfRange(page.bytes(), page.valuesFrom(), page.valuesTo());
            dictionaryStarts = new int[count];
            dictionaryLengths = new int[count];
            ranges(dictionaryBytes, 0, dictionaryBytes.length, count, dictionaryStarts, dictionaryLengths);
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
                library = libraryReader(next);
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
            case LIBRARY -> libraryNumbers(block);
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
        switch (mode) {
            case PLAIN -> {
                block.source = from.bytes();
                position = ranges(from.bytes(), position, from.valuesTo(), block.values, block.starts, block.lengths);
            }
            case DICTIONARY -> {
                indexes.read(ids, block.values);
                block.source = dictionaryBytes;
                for (int i = 0; i < block.values; i++) {
                    int id = checkedId(ids[i], dictionaryStarts.length);
                    block.starts[i] = dictionaryStarts[id];
                    block.lengths[i] = dictionaryLengths[id];
                }
            }
            case LIBRARY -> libraryBytes(block);
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

    private ValuesReader libraryReader(ParquetPage next) {
        org.apache.parquet.column.Encoding encoding = encoding(next.encoding());
        if (next.encoding().name().startsWith("DELTA")) {
            checkDeltaHeader(next);
        }
        // Levels are decoded here, so the descriptor only has to tell the type of the values.
        String[] path = {column.name()};
        ColumnDescriptor descriptor = new ColumnDescriptor(path, primitiveType(), 0, 0);
        ValuesReader reader;
        try {
            reader = encoding.getValuesReader(descriptor, ValuesType.VALUES);
            reader.initFromPage(
                    next.rows(),
                    ByteBufferInputStream.wrap(
                            ByteBuffer.wrap(next.bytes(), next.valuesFrom(), next.valuesTo() - next.valuesFrom())));
        } catch (IOException e) {
            throw (ParquetDamage) new ParquetDamage("a page cannot be decoded").initCause(e);
        }
        if (library != null
                && reader instanceof RequiresPreviousReader continued
                && CorruptDeltaByteArrays.requiresSequentialReads(createdBy, encoding)) {
            continued.setPreviousReader(library);
        }
        return reader;
    }

    private org.apache.parquet.schema.PrimitiveType primitiveType() {
        PrimitiveTypeName name = column.physical() == Type.BYTE_ARRAY
                ? PrimitiveTypeName.BINARY
                : PrimitiveTypeName.valueOf(column.physical().name());
        return Types.required(name).length(column.typeLength()).named(column.name());
    }

    private org.apache.parquet.column.Encoding encoding(Encoding encoding) {
        boolean known =
                switch (encoding) {
                    case RLE -> column.physical() == Type.BOOLEAN;
                    case DELTA_BINARY_PACKED -> column.physical() == Type.INT32 || column.physical() == Type.INT64;
                    case DELTA_LENGTH_BYTE_ARRAY -> column.physical() == Type.BYTE_ARRAY;
                    case DELTA_BYTE_ARRAY -> binary;
                    case BYTE_STREAM_SPLIT ->
                        column.physical() != Type.BYTE_ARRAY
                                && column.physical() != Type.BOOLEAN
                                && column.physical() != Type.INT96;
                    default -> false;
                };
        if (!known) {
            throw unsupported(encoding);
        }
        return org.apache.parquet.column.Encoding.valueOf(encoding.name());
    }

    private NexusDataException unsupported(Encoding encoding) {
        return origin.fault(
                FaultCode.UNSUPPORTED_CODEC,
                column.name(),
                "the encoding " + encoding + " is not read for values of type " + column.physical(),
                null);
    }

    /** The library allocates by the header of a delta stream: block size, miniblocks, number of values. */
    private static void checkDeltaHeader(ParquetPage next) {
        int at = next.valuesFrom();
        long[] header = new long[3];
        for (int i = 0; i < header.length; i++) {
            int shift = 0;
            int b = 0x80;
            while (b >= 0x80) {
                ParquetDamage.unless(at < next.valuesTo() && shift < 35, "a page cannot be decoded");
                b = next.bytes()[at++] & 0xff;
                header[i] |= (long) (b & 0x7f) << shift;
                shift += 7;
            }
        }
        ParquetDamage.unless(
                header[0] <= MAX_DELTA_BLOCK && header[2] <= next.rows(), "a page announces more values than it has");
    }

    private ValuesReader library() {
        ValuesReader reader = library;
        if (reader == null) {
            throw new IllegalStateException("no page");
        }
        return reader;
    }

    private void libraryNumbers(ParquetBlock block) {
        ValuesReader reader = library();
        long[] out = block.longs;
        int count = block.values;
        switch (column.physical()) {
            case BOOLEAN -> {
                for (int i = 0; i < count; i++) {
                    // The hybrid reader of booleans only speaks integers.
                    out[i] = reader.readInteger() & 1;
                }
            }
            case INT32 -> {
                long mask = column.unsigned32() ? 0xffff_ffffL : -1L;
                for (int i = 0; i < count; i++) {
                    out[i] = reader.readInteger() & mask;
                }
            }
            case INT64 -> {
                for (int i = 0; i < count; i++) {
                    out[i] = reader.readLong();
                }
            }
            case FLOAT -> {
                for (int i = 0; i < count; i++) {
                    out[i] = Float.floatToRawIntBits(reader.readFloat());
                }
            }
            case DOUBLE -> {
                for (int i = 0; i < count; i++) {
                    out[i] = Double.doubleToRawLongBits(reader.readDouble());
                }
            }
            default -> throw new IllegalStateException("not a number: " + column.physical());
        }
    }

    /** Copies values, because the library's are only good until the next; may cut the block short. */
    private void libraryBytes(ParquetBlock block) {
        ValuesReader reader = library();
        int used = 0;
        int value = 0;
        int row = 0;
        boolean dense = block.values == block.rows;
        for (; row < block.rows && used < COPY_LIMIT; row++) {
            if (dense || block.levels[row] == 1) {
                Binary binaryValue = reader.readBytes();
                ByteBuffer bytes = binaryValue.toByteBuffer();
                int length = bytes.remaining();
                if (length > copied.length - used) {
                    copied = Arrays.copyOf(copied, Math.max(2 * copied.length, Math.addExact(used, length)));
                }
                bytes.get(copied, used, length);
                block.starts[value] = used;
                block.lengths[value++] = length;
                used += length;
            }
        }
        block.source = copied;
        block.values = value;
        if (row < block.rows && column.optional()) {
            carried = block.rows - row;
            System.arraycopy(block.levels, row, carriedLevels, 0, carried);
        }
        block.rows = row;
    }
}
