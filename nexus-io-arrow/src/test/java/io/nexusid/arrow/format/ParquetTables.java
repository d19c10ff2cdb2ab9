package io.nexusid.arrow.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
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

/** Small tables as lists of rows, to Parquet and back. */
final class ParquetTables {
    /** A column of each type that is written. */
    static final Schema SCHEMA = new Schema(List.of(
            Field.nullable("text", ArrowType.Utf8.INSTANCE),
            Field.nullable("instant", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
            Field.nullable("flag", ArrowType.Bool.INSTANCE),
            Field.nullable("number", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE))));

    private ParquetTables() {}

    /** Writes rows of String, Long, Boolean and Double cells in batches of at most {@code batchRows}. */
    static void write(BufferAllocator allocator, TableWriter writer, Schema schema, List<Object[]> rows, int batchRows)
            throws IOException {
        try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
            for (int from = 0; from < rows.size(); from += batchRows) {
                int count = Math.min(batchRows, rows.size() - from);
                root.allocateNew();
                for (int column = 0; column < schema.getFields().size(); column++) {
                    for (int i = 0; i < count; i++) {
                        set(root.getVector(column), i, rows.get(from + i)[column]);
                    }
                }
                root.setRowCount(count);
                writer.write(root);
            }
        }
    }

    private static void set(FieldVector vector, int row, Object cell) {
        if (cell == null) {
            vector.setNull(row);
        } else if (vector instanceof VarCharVector text) {
            text.setSafe(row, ((String) cell).getBytes(UTF_8));
        } else if (vector instanceof TimeStampVector instant) {
            instant.setSafe(row, (Long) cell);
        } else if (vector instanceof BitVector flag) {
            flag.setSafe(row, (Boolean) cell ? 1 : 0);
        } else {
            ((Float8Vector) vector).setSafe(row, (Double) cell);
        }
    }

    /** Writes {@link #SCHEMA} rows to a file of this codec, with row groups of {@code groupRows}. */
    static void write(
            BufferAllocator allocator, Path file, ParquetCodec codec, int groupRows, int batchRows, List<Object[]> rows)
            throws IOException {
        try (TableWriter writer = ParquetTableWriter.create(file, SCHEMA, codec, groupRows)) {
            write(allocator, writer, SCHEMA, rows, batchRows);
        }
    }

    /** Reads the named columns; text as String, every other cell as the vector gives it, instants as raw longs. */
    static List<Object[]> read(BufferAllocator allocator, RowSource source, List<String> columns) throws IOException {
        try (RowReader reader = source.read(allocator, columns)) {
            return drain(reader, columns.size());
        }
    }

    /** The rows that are left in a reader. */
    static List<Object[]> drain(RowReader reader, int columns) throws IOException {
        List<Object[]> rows = new ArrayList<>();
        for (RowBatch batch = reader.next(); batch != null; batch = reader.next()) {
            try (RowBatch open = batch) {
                VectorSchemaRoot root = open.root();
                if (root.getRowCount() < 1 || root.getRowCount() > RowReader.MAX_BATCH_ROWS) {
                    throw new AssertionError("a batch of " + root.getRowCount() + " rows");
                }
                for (int i = 0; i < root.getRowCount(); i++) {
                    Object[] row = new Object[columns];
                    for (int c = 0; c < columns; c++) {
                        row[c] = get(root.getVector(c), i);
                    }
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    /** All columns of a file. */
    static List<Object[]> readAll(BufferAllocator allocator, Path file) throws IOException {
        try (ParquetSource source = ParquetSource.open(file, "table", "table.parquet")) {
            return read(
                    allocator,
                    source,
                    source.columns().stream().map(Field::getName).toList());
        }
    }

    private static Object get(FieldVector vector, int row) {
        if (vector.isNull(row)) {
            return null;
        }
        if (vector instanceof VarCharVector text) {
            return new String(text.get(row), UTF_8);
        }
        if (vector instanceof TimeStampVector instant) {
            return instant.get(row);
        }
        return vector.getObject(row);
    }

    /** Rows as text, so that assertions show where they differ; doubles by their bits. */
    static List<String> shown(List<Object[]> rows) {
        List<String> lines = new ArrayList<>(rows.size());
        for (Object[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (Object cell : row) {
                line.append(
                                cell instanceof Double number
                                        ? Long.toHexString(Double.doubleToRawLongBits(number))
                                        : String.valueOf(cell))
                        .append('|')
                        .append(cell == null ? "null" : cell.getClass().getSimpleName())
                        .append(' ');
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
