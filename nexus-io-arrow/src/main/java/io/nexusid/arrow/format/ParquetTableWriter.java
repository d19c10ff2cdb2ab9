package io.nexusid.arrow.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * Writes Parquet column by column from Arrow vectors through parquet-java's column writers.
 *
 * <p>utf8 becomes STRING, timestamp[µs] TIMESTAMP(MICROS, adjusted to UTC), bool BOOLEAN, float64 DOUBLE and int64 INT64, all
 * optional. Dictionaries as long as they pay, pages of about 1 MiB or 65,536 rows with checksums, row groups of
 * {@value #GROUP_ROWS} rows or {@value #GROUP_BYTES} encoded bytes, whichever comes first: groups of a million rows
 * keep the chunk of a low-cardinality column worth a read, while 128 MiB bounds the memory of writer and reader. The
 * file holds no clock and no path: same rows, same bytes.
 *
 * <p>Values are handed over in blocks of {@value #BLOCK_ROWS} rows a column, because the store cuts pages by its own
 * row count, which must agree with what the columns hold whenever it looks. Memory: the encoded row group.
 */
public final class ParquetTableWriter implements TableWriter {
    private static final int BLOCK_ROWS = 128;
    private static final int PAGE_ROWS = 512 * BLOCK_ROWS;
    private static final int GROUP_ROWS = 1 << 20;
    private static final long GROUP_BYTES = 1L << 27;
    /** Rows between two looks at the bytes of the group. */
    private static final int SIZE_CHECK_ROWS = 64 * BLOCK_ROWS;

    private static final ParquetProperties PROPERTIES = ParquetProperties.builder()
            .withDictionaryEncoding(true)
            .withPageWriteChecksumEnabled(true)
            .withPageRowCountLimit(PAGE_ROWS)
            .estimateRowCountForPageSizeCheck(false)
            .withMinRowCountForPageSizeCheck(BLOCK_ROWS)
            .withMaxRowCountForPageSizeCheck(BLOCK_ROWS)
            .build();

    private final List<Field> fields;
    private final MessageType schema;
    private final BytesInputCompressor compressor;
    private final ParquetFileOutput output;
    private final ParquetFileWriter file;
    private final int groupRowLimit;
    private @Nullable Group group;
    private byte[] text = new byte[1 << 14];
    private boolean failed;
    private boolean closed;

    /** The row group being written. */
    private final class Group {
        final ColumnChunkPageWriteStore pages = ColumnChunkPageWriteStore.builder()
                .withCompressorProvider(column -> compressor)
                .withSchema(schema)
                .withAllocator(PROPERTIES.getAllocator())
                .withColumnIndexTruncateLength(PROPERTIES.getColumnIndexTruncateLength())
                .withPageWriteChecksumEnabled(PROPERTIES.getPageWriteChecksumEnabled())
                .build();
        final ColumnWriteStore store = PROPERTIES.newColumnWriteStore(schema, pages, pages);
        final List<ColumnWriter> columns = new ArrayList<>();
        int rows;

        Group() {
            for (ColumnDescriptor column : schema.getColumns()) {
                columns.add(store.getColumnWriter(column));
            }
        }
    }

    private ParquetTableWriter(Path path, Schema arrow, ParquetCodec codec, int groupRowLimit) throws IOException {
        this.fields = arrow.getFields();
        this.schema = messageType(fields);
        this.compressor = codec.compressor();
        this.groupRowLimit = groupRowLimit;
        this.output = new ParquetFileOutput(path);
        this.file = new ParquetFileWriter(
                output,
                schema,
                ParquetFileWriter.Mode.OVERWRITE,
                GROUP_BYTES,
                0,
                PROPERTIES.getColumnIndexTruncateLength(),
                PROPERTIES.getStatisticsTruncateLength(),
                PROPERTIES.getPageWriteChecksumEnabled());
        file.start();
    }

    /**
     * Creates or replaces a file, with snappy pages.
     *
     * @throws IllegalArgumentException if a column is of another type than the class doc names, or a name is repeated
     */
    public static TableWriter create(Path file, Schema schema) throws IOException {
        return create(file, schema, ParquetCodec.SNAPPY);
    }

    /**
     * Creates or replaces a file.
     *
     * @param codec of all pages
     * @throws IllegalArgumentException if a column is of another type than the class doc names, a name is repeated, or
     *     the codec is only read
     */
    public static TableWriter create(Path file, Schema schema, ParquetCodec codec) throws IOException {
        return create(file, schema, codec, GROUP_ROWS);
    }

    /** With smaller row groups, for tests; a multiple of {@value #BLOCK_ROWS}. */
    static TableWriter create(Path file, Schema schema, ParquetCodec codec, int groupRows) throws IOException {
        return new ParquetTableWriter(file, schema, codec, groupRows);
    }

    private static MessageType messageType(List<Field> fields) {
        List<Type> columns = new ArrayList<>(fields.size());
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.getName())) {
                throw new IllegalArgumentException("two columns named " + field.getName());
            }
            columns.add(column(field));
        }
        return new MessageType("table", columns);
    }

    private static PrimitiveType column(Field field) {
        ArrowType type = field.getType();
        if (type instanceof ArrowType.Utf8) {
            return Types.optional(PrimitiveTypeName.BINARY)
                    .as(LogicalTypeAnnotation.stringType())
                    .named(field.getName());
        }
        if (type instanceof ArrowType.Timestamp timestamp && timestamp.getUnit() == TimeUnit.MICROSECOND) {
            return Types.optional(PrimitiveTypeName.INT64)
                    .as(LogicalTypeAnnotation.timestampType(true, LogicalTypeAnnotation.TimeUnit.MICROS))
                    .named(field.getName());
        }
        if (type instanceof ArrowType.Bool) {
            return Types.optional(PrimitiveTypeName.BOOLEAN).named(field.getName());
        }
        if (type instanceof ArrowType.FloatingPoint number && number.getPrecision() == FloatingPointPrecision.DOUBLE) {
            return Types.optional(PrimitiveTypeName.DOUBLE).named(field.getName());
        }
        if (type instanceof ArrowType.Int whole && whole.getBitWidth() == Long.SIZE && whole.getIsSigned()) {
            return Types.optional(PrimitiveTypeName.INT64).named(field.getName());
        }
        throw new IllegalArgumentException("column " + field.getName() + " of type " + type + " is not written");
    }

    @Override
    public void write(VectorSchemaRoot batch) throws IOException {
        if (closed || failed) {
            throw new IllegalStateException(closed ? "closed" : "an earlier write has failed");
        }
        checkColumns(batch);
        failed = true;
        int rows = batch.getRowCount();
        int row = 0;
        while (row < rows) {
            Group open = openGroup();
            int toBlockEnd = BLOCK_ROWS - open.rows % BLOCK_ROWS;
            int count = Math.min(toBlockEnd, rows - row);
            for (int i = 0; i < fields.size(); i++) {
                writeBlock(batch.getVector(i), row, count, open.columns.get(i));
            }
            for (int i = 0; i < count; i++) {
                open.store.endRecord();
            }
            open.rows += count;
            row += count;
            boolean sizeCheck = open.rows % SIZE_CHECK_ROWS == 0;
            if (open.rows >= groupRowLimit || (sizeCheck && open.store.getBufferedSize() >= GROUP_BYTES)) {
                flushGroup();
            }
        }
        failed = false;
    }

    private void checkColumns(VectorSchemaRoot batch) {
        List<Field> given = batch.getSchema().getFields();
        boolean same = given.size() == fields.size();
        for (int i = 0; same && i < given.size(); i++) {
            same = given.get(i).getName().equals(fields.get(i).getName())
                    && given.get(i).getType().equals(fields.get(i).getType());
        }
        if (!same) {
            throw new IllegalArgumentException("the batch does not have the columns of the file");
        }
    }

    private Group openGroup() {
        Group open = group;
        if (open == null) {
            open = new Group();
            group = open;
        }
        return open;
    }

    private void flushGroup() throws IOException {
        Group open = group;
        if (open == null) {
            return;
        }
        group = null;
        open.store.flush();
        file.startBlock(open.rows);
        open.pages.flushToFileWriter(file);
        file.endBlock();
        open.store.close();
        open.pages.close();
    }

    private void writeBlock(FieldVector vector, int from, int count, ColumnWriter out) {
        int to = from + count;
        if (vector instanceof VarCharVector strings) {
            writeText(strings, from, to, out);
        } else if (vector instanceof TimeStampVector instants) {
            for (int i = from; i < to; i++) {
                if (instants.isNull(i)) {
                    out.writeNull(0, 0);
                } else {
                    out.write(instants.get(i), 0, 1);
                }
            }
        } else if (vector instanceof BitVector bits) {
            for (int i = from; i < to; i++) {
                if (bits.isNull(i)) {
                    out.writeNull(0, 0);
                } else {
                    out.write(bits.get(i) == 1, 0, 1);
                }
            }
        } else if (vector instanceof BigIntVector whole) {
            for (int i = from; i < to; i++) {
                if (whole.isNull(i)) {
                    out.writeNull(0, 0);
                } else {
                    out.write(whole.get(i), 0, 1);
                }
            }
        } else if (vector instanceof Float8Vector numbers) {
            for (int i = from; i < to; i++) {
                if (numbers.isNull(i)) {
                    out.writeNull(0, 0);
                } else {
                    out.write(numbers.get(i), 0, 1);
                }
            }
        } else {
            throw new IllegalArgumentException(
                    "a vector of class " + vector.getClass().getName());
        }
    }

    private void writeText(VarCharVector strings, int from, int to, ColumnWriter out) {
        int base = strings.getStartOffset(from);
        int length = strings.getEndOffset(to - 1) - base;
        if (text.length < length) {
            text = new byte[Math.max(length, 2 * text.length)];
        }
        strings.getDataBuffer().getBytes(base, text, 0, length);
        for (int i = from; i < to; i++) {
            if (strings.isNull(i)) {
                out.writeNull(0, 0);
            } else {
                int start = strings.getStartOffset(i);
                out.write(Binary.fromReusedByteArray(text, start - base, strings.getEndOffset(i) - start), 0, 1);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (failed) {
            // No footer: what is there must not pass for a whole file.
            file.abort();
            file.close();
            output.abandon();
            return;
        }
        try {
            flushGroup();
            file.end(Map.of());
            output.close();
        } finally {
            output.abandon();
        }
    }
}
