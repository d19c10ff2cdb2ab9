package io.nexusid.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.ColumnType;
import io.nexusid.api.InputColumn;
import io.nexusid.api.InputTable;
import io.nexusid.arrow.format.ParquetTableWriter;
import io.nexusid.arrow.format.TableWriter;
import io.nexusid.fixtures.RowSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Generated rows on their way into a folder, as one snappy Parquet file for each table that has a row. Columns that the
 * workload leaves empty (row ids and the like) are left out. Memory: one batch of {@value #BATCH_ROWS} rows and one row
 * group per table. Borrows its allocator.
 */
final class LogFolder implements RowSink, AutoCloseable {
    static final int BATCH_ROWS = 65_536;

    /** Declared, but null in every row of the workload. */
    private static final Set<String> EMPTY_COLUMNS =
            Set.of("entity_identifier_id", "entity_trait_id", "event_description", "value", "value_unit");

    private final Path folder;
    private final BufferAllocator allocator;
    private final Map<InputTable, TableFile> files = new EnumMap<>(InputTable.class);

    /** Makes the folder if it is not there. */
    LogFolder(Path folder, BufferAllocator allocator) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.allocator = allocator;
    }

    /** @throws UncheckedIOException if the row cannot be written */
    @Override
    public void row(InputTable table, @Nullable Object[] values) {
        TableFile file = files.get(table);
        if (file == null) {
            file = new TableFile(table, folder, allocator);
            files.put(table, file);
        }
        file.add(values);
    }

    /** Writes what is left and returns the rows per table; {@link #close} ends the files. */
    Map<InputTable, Long> finish() {
        Map<InputTable, Long> rows = new EnumMap<>(InputTable.class);
        for (TableFile file : files.values()) {
            file.flush();
            rows.put(file.table, file.written);
        }
        return rows;
    }

    @Override
    public void close() throws IOException {
        for (TableFile file : files.values()) {
            file.close();
        }
    }

    /** One table on its way to disk. */
    private static final class TableFile implements AutoCloseable {
        final InputTable table;
        private final VectorSchemaRoot batch;
        private final TableWriter writer;
        /** For each vector the position of its column among the declared ones. */
        private final int[] declared;

        private int rows;
        long written;

        TableFile(InputTable table, Path folder, BufferAllocator allocator) {
            this.table = table;
            List<Field> fields = new ArrayList<>();
            this.declared = new int[table.columns().size()];
            for (int i = 0; i < table.columns().size(); i++) {
                InputColumn column = table.columns().get(i);
                if (!EMPTY_COLUMNS.contains(column.name())) {
                    declared[fields.size()] = i;
                    fields.add(Field.nullable(column.name(), arrowType(column.type())));
                }
            }
            Schema schema = new Schema(fields);
            this.batch = VectorSchemaRoot.create(schema, allocator);
            try {
                this.writer = ParquetTableWriter.create(folder.resolve(table.tableName() + ".parquet"), schema);
            } catch (IOException e) {
                batch.close();
                throw new UncheckedIOException(e);
            }
        }

        private static ArrowType arrowType(ColumnType type) {
            return switch (type) {
                case STRING -> ArrowType.Utf8.INSTANCE;
                case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
                case BOOLEAN -> ArrowType.Bool.INSTANCE;
                case INTEGER, DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
                case DECIMAL, DIGEST -> throw new IllegalStateException("no input table declares one");
            };
        }

        void add(@Nullable Object[] values) {
            List<FieldVector> vectors = batch.getFieldVectors();
            for (int i = 0; i < vectors.size(); i++) {
                set(vectors.get(i), values[declared[i]]);
            }
            if (++rows == BATCH_ROWS) {
                flush();
            }
        }

        private void set(FieldVector vector, @Nullable Object value) {
            if (value == null) {
                vector.setNull(rows);
            } else if (vector instanceof VarCharVector text) {
                text.setSafe(rows, ((String) value).getBytes(UTF_8));
            } else if (vector instanceof TimeStampMicroTZVector instants) {
                instants.setSafe(rows, (Long) value);
            } else {
                ((Float8Vector) vector).setSafe(rows, (Double) value);
            }
        }

        void flush() {
            batch.setRowCount(rows);
            try {
                writer.write(batch);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            written += rows;
            rows = 0;
            batch.clear();
        }

        @Override
        public void close() throws IOException {
            batch.close();
            writer.close();
        }
    }
}
