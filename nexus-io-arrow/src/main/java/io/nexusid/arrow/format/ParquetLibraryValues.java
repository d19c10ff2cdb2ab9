package io.nexusid.arrow.format;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.CorruptDeltaByteArrays;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.values.RequiresPreviousReader;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** Values of the rarer encodings (delta, byte stream split, booleans in runs), by parquet-java's values readers. */
final class ParquetLibraryValues {
    /** Ends a block of copied values early, so that few long values do not fill the heap. */
    private static final int COPY_LIMIT = 1 << 24;

    private static final int MAX_DELTA_BLOCK = 1 << 20;

    private final ParquetOrigin origin;
    private final ParquetColumn column;
    private final @Nullable String createdBy;
    private @Nullable ValuesReader current;
    private byte[] copied = new byte[0];

    ParquetLibraryValues(ParquetOrigin origin, ParquetColumn column, @Nullable String createdBy) {
        this.origin = origin;
        this.column = column;
        this.createdBy = createdBy;
    }

    /** Forgets the page of the chunk before. */
    void startChunk() {
        current = null;
    }

    /** Takes a data page, whose bytes must hold until its last value is read. */
    void start(ParquetPage next) {
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
        if (current != null
                && reader instanceof RequiresPreviousReader continued
                && CorruptDeltaByteArrays.requiresSequentialReads(createdBy, encoding)) {
            continued.setPreviousReader(current);
        }
        current = reader;
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
                    case DELTA_BYTE_ARRAY ->
                        column.physical() == Type.BYTE_ARRAY || column.physical() == Type.FIXED_LEN_BYTE_ARRAY;
                    case BYTE_STREAM_SPLIT ->
                        column.physical() != Type.BYTE_ARRAY
                                && column.physical() != Type.BOOLEAN
                                && column.physical() != Type.INT96;
                    default -> false;
                };
        if (!known) {
            throw unsupported(origin, column, encoding);
        }
        return org.apache.parquet.column.Encoding.valueOf(encoding.name());
    }

    /** The error for an encoding that values of this column cannot have here. */
    static NexusDataException unsupported(ParquetOrigin origin, ParquetColumn column, Encoding encoding) {
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

    private ValuesReader reader() {
        ValuesReader reader = current;
        if (reader == null) {
            throw new IllegalStateException("no page");
        }
        return reader;
    }

    /** Fills the block's numbers. */
    void numbers(ParquetBlock block) {
        ValuesReader reader = reader();
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

    /**
     * Fills the block's ranges of bytes, for as many of its rows as fit, and returns how many those are. Copies,
     * because the library's values are only good until the next.
     */
    int bytes(ParquetBlock block) {
        ValuesReader reader = reader();
        int used = 0;
        int value = 0;
        int row = 0;
        boolean dense = block.values == block.rows;
        for (; row < block.rows && used < COPY_LIMIT; row++) {
            if (dense || block.levels[row] == 1) {
                ByteBuffer bytes = reader.readBytes().toByteBuffer();
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
        return row;
    }
}
