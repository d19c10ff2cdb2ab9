package io.nexusid.arrow.format;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
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
 * <p>utf8 becomes STRING, timestamp[µs] TIMESTAMP(MICROS, adjusted to UTC), bool BOOLEAN, float64 DOUBLE, int64 INT64 and
 * fixed-size binary FIXED_LEN_BYTE_ARRAY, all optional. Row groups of {@value #GROUP_ROWS} rows or {@value #GROUP_BYTES} encoded bytes, whichever comes first:
 * groups of a million rows keep the chunk of a low-cardinality column worth a read, while 128 MiB bounds the memory of
 * writer and reader. The file holds no clock and no path: same rows, same bytes, however they are cut into batches.
 *
 * <p>Memory: the encoded row group.
 */
public final class ParquetTableWriter implements TableWriter {
    private static final int GROUP_ROWS = 1 << 20;
    private static final long GROUP_BYTES = 1L << 27;
    private static final int INDEX_TRUNCATE_LENGTH = 64;

    private final HeapBatch shape;
    private final List<Field> fields;
    private final MessageType schema;
    private final ColumnTasks tasks;
    private final Executor disk;
    /** The row group before the one being encoded, which is on its way to the file. */
    private FutureTask<?> underway = done();

    private final ParquetFileOutput output;
    private final ParquetFileWriter file;
    private final int groupRowLimit;
    private List<ParquetChunkEncoder> group = new ArrayList<>();
    private int groupRows;
    private boolean failed;
    private boolean closed;

    private ParquetTableWriter(
            Path path, Schema arrow, ParquetCodec codec, int groupRowLimit, ColumnTasks tasks, Executor disk)
            throws IOException {
        this.fields = arrow.getFields();
        this.schema = messageType(fields);
        this.shape = new HeapBatch(arrow);
        codec.deflater();
        this.tasks = tasks;
        this.disk = disk;
        this.groupRowLimit = groupRowLimit;
        for (int i = 0; i < fields.size(); i++) {
            group.add(new ParquetChunkEncoder(schema.getColumns().get(i), fields.get(i), codec));
        }
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

    /**
     * The same with columns encoded side by side, and row groups written by {@code disk} while the next one is encoded.
     *
     * @param disk runs what it is given one after the other
     */
    public static TableWriter create(Path file, Schema schema, ColumnTasks tasks, Executor disk) throws IOException {
        return new ParquetTableWriter(file, schema, ParquetCodec.SNAPPY, GROUP_ROWS, tasks, disk);
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
        return new ParquetTableWriter(file, schema, codec, groupRows, ColumnTasks.ONE_BY_ONE, Runnable::run);
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
        if (type instanceof ArrowType.Decimal decimal && decimal.getPrecision() == HeapColumn.DECIMAL_DIGITS) {
            return Types.optional(PrimitiveTypeName.INT64)
                    .as(LogicalTypeAnnotation.decimalType(decimal.getScale(), decimal.getPrecision()))
                    .named(field.getName());
        }
        if (type instanceof ArrowType.FixedSizeBinary bytes) {
            return Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                    .length(bytes.getByteWidth())
                    .named(field.getName());
        }
        throw new IllegalArgumentException("column " + field.getName() + " of type " + type + " is not written");
    }

    @Override
    public void write(HeapBatch batch) throws IOException {
        if (closed || failed) {
            throw new IllegalStateException(closed ? "closed" : "an earlier write has failed");
        }
        shape.checkColumns(batch.schema());
        failed = true;
        try {
            addRows(batch);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        failed = false;
    }

    private void addRows(HeapBatch batch) throws IOException {
        int rows = batch.rows();
        int row = 0;
        while (row < rows) {
            int from = row;
            int count = Math.min(groupRowLimit - groupRows, rows - row);
            tasks.forEach(fields.size(), i -> add(i, batch.column(i), from, count));
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

    private void add(int index, HeapColumn column, int from, int count) {
        try {
            group.get(index).add(column, from, count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void flushGroup() throws IOException {
        if (groupRows == 0) {
            return;
        }
        // One at a time: the encoded groups are most of what a writer holds.
        await(underway);
        List<ParquetChunkEncoder> columns = group;
        int rows = groupRows;
        // Asked before the columns are handed over.
        List<ParquetChunkEncoder> next =
                columns.stream().map(ParquetChunkEncoder::next).toList();
        underway = new FutureTask<>(() -> {
            writeGroup(columns, rows);
            return null;
        });
        disk.execute(underway);
        group = next;
        groupRows = 0;
    }

    private void writeGroup(List<ParquetChunkEncoder> columns, int rows) throws IOException {
        file.startBlock(rows);
        for (ParquetChunkEncoder column : columns) {
            column.writeTo(file);
        }
        file.endBlock();
    }

    private static FutureTask<?> done() {
        FutureTask<?> nothing = new FutureTask<>(() -> null);
        nothing.run();
        return nothing;
    }

    private static void await(FutureTask<?> task) throws IOException {
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a row group was written");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof RuntimeException exception) {
                throw exception;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw cause instanceof IOException exception ? exception : new IOException(cause);
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            await(underway);
            if (!failed) {
                finish();
                return;
            }
        } finally {
            output.abandon();
        }
        file.close();
    }

    /** Writes the last group here and now: this may be the thread that the groups before it were given to. */
    private void finish() throws IOException {
        if (groupRows > 0) {
            writeGroup(group, groupRows);
        }
        file.end(Map.of());
        output.close();
    }
}
