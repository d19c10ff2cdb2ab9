package io.nexusid.arrow.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * Writes Parquet column by column from Arrow vectors: {@link ParquetChunkEncoder} makes the pages, parquet-java owns the
 * file, page headers, checksums, statistics and footer.
 *
 * <p>utf8 becomes STRING, timestamp[µs] TIMESTAMP(MICROS, adjusted to UTC), bool BOOLEAN, float64 DOUBLE and int64 INT64,
 * all optional. Row groups of {@value #GROUP_ROWS} rows or {@value #GROUP_BYTES} encoded bytes, whichever comes first:
 * groups of a million rows keep the chunk of a low-cardinality column worth a read, while 128 MiB bounds the memory of
 * writer and reader. The file holds no clock and no path: same rows, same bytes, however they are cut into batches.
 *
 * <p>Memory: the encoded row group.
 */
public final class ParquetTableWriter implements TableWriter {
    private static final int GROUP_ROWS = 1 << 20;
    private static final long GROUP_BYTES = 1L << 27;
    private static final int INDEX_TRUNCATE_LENGTH = 64;

    private final List<Field> fields;
    private final MessageType schema;
    private final ParquetCodec codec;
    private final ColumnTasks tasks;
    private final ParquetFileOutput output;
    private final ParquetFileWriter file;
    private final int groupRowLimit;
    private final List<HeapColumn> heap = new ArrayList<>();
    private List<ParquetChunkEncoder> group = List.of();
    private int groupRows;
    private boolean failed;
    private boolean closed;

    private ParquetTableWriter(Path path, Schema arrow, ParquetCodec codec, int groupRowLimit, ColumnTasks tasks)
            throws IOException {
        this.fields = arrow.getFields();
        this.schema = messageType(fields);
        this.codec = codec;
        codec.deflater();
        this.tasks = tasks;
        this.groupRowLimit = groupRowLimit;
        fields.forEach(field -> heap.add(new HeapColumn(field)));
        this.output = new ParquetFileOutput(path);
        this.file = new ParquetFileWriter(
                output,
                schema,
                ParquetFileWriter.Mode.OVERWRITE,
                GROUP_BYTES,
                0,
                INDEX_TRUNCATE_LENGTH,
                Integer.MAX_VALUE,
                true);
        file.start();
    }

    /**
     * Creates or replaces a file, with snappy pages where that pays.
     *
     * @throws IllegalArgumentException if a column is of another type than the class doc names, or a name is repeated
     */
    public static TableWriter create(Path file, Schema schema) throws IOException {
        return create(file, schema, ParquetCodec.SNAPPY);
    }

    /** The same with columns encoded side by side. */
    public static TableWriter create(Path file, Schema schema, ColumnTasks tasks) throws IOException {
        return new ParquetTableWriter(file, schema, ParquetCodec.SNAPPY, GROUP_ROWS, tasks);
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

    /** With smaller row groups, for tests. */
    static TableWriter create(Path file, Schema schema, ParquetCodec codec, int groupRows) throws IOException {
        return new ParquetTableWriter(file, schema, codec, groupRows, ColumnTasks.ONE_BY_ONE);
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
        try {
            addRows(batch);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        failed = false;
    }

    private void addRows(VectorSchemaRoot batch) throws IOException {
        int rows = batch.getRowCount();
        tasks.forEach(fields.size(), i -> heap.get(i).load(batch.getVector(i), rows));
        int row = 0;
        while (row < rows) {
            int from = row;
            int count = Math.min(groupRowLimit - groupRows, rows - row);
            openGroup();
            tasks.forEach(fields.size(), i -> add(i, from, count));
            groupRows += count;
            row += count;
            long bytes = 0;
            for (ParquetChunkEncoder column : group) {
                bytes += column.bytes();
            }
            if (groupRows >= groupRowLimit || bytes >= GROUP_BYTES) {
                flushGroup();
            }
        }
    }

    private void add(int column, int from, int count) {
        try {
            group.get(column).add(heap.get(column), from, count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private void openGroup() {
        if (group.isEmpty()) {
            List<ParquetChunkEncoder> columns = new ArrayList<>();
            for (int i = 0; i < fields.size(); i++) {
                columns.add(new ParquetChunkEncoder(schema.getColumns().get(i), fields.get(i), codec));
            }
            group = columns;
        }
    }

    private void flushGroup() throws IOException {
        if (groupRows == 0) {
            return;
        }
        file.startBlock(groupRows);
        for (ParquetChunkEncoder column : group) {
            column.writeTo(file);
        }
        file.endBlock();
        group = List.of();
        groupRows = 0;
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
