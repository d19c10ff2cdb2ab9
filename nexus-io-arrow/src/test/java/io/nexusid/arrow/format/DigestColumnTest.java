package io.nexusid.arrow.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of sixteen bytes, with and without a dictionary, across pages and row groups, as others read them. */
class DigestColumnTest {
    private static final int ROWS = 70_000;
    private static final Schema SCHEMA = new Schema(List.of(
            Field.nullable("few", new ArrowType.FixedSizeBinary(16)),
            Field.nullable("unique", new ArrowType.FixedSizeBinary(16)),
            Field.nullable("none", new ArrowType.FixedSizeBinary(16))));

    @TempDir
    Path dir;

    @Test
    void duckDbReadsWhatIsWrittenAndFindsItByStatistics() throws IOException, SQLException {
        Path file = dir.resolve("ids.parquet");
        List<String[]> expected = new ArrayList<>();
        try (TableWriter writer = ParquetTableWriter.create(file, SCHEMA, ParquetCodec.SNAPPY, 1 << 15)) {
            write(writer, expected);
        }
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement()) {
            try (ResultSet rows = statement.executeQuery(
                    "SELECT lower(hex(few)), lower(hex(\"unique\")), lower(hex(\"none\")) FROM '" + file + "'")) {
                for (String[] row : expected) {
                    assertTrue(rows.next());
                    assertArrayEquals(row, new String[] {rows.getString(1), rows.getString(2), rows.getString(3)});
                }
            }
            for (int row : new int[] {0, 1, 20_000, ROWS - 1}) {
                String few = expected.get(row)[0];
                String unique = expected.get(row)[1];
                if (few != null) {
                    long rows = expected.stream().filter(r -> few.equals(r[0])).count();
                    assertEquals(rows, count(statement, file, "few", few));
                }
                if (unique != null) {
                    assertEquals(1, count(statement, file, "\"unique\"", unique));
                }
            }
            try (ResultSet pages = statement.executeQuery("SELECT count(*) FROM parquet_metadata('" + file
                    + "') WHERE path_in_schema <> 'none' AND stats_min_value IS NULL")) {
                assertTrue(pages.next());
                assertEquals(0, pages.getLong(1));
            }
        }
    }

    private static long count(Statement statement, Path file, String column, String digits) throws SQLException {
        try (ResultSet rows = statement.executeQuery(
                "SELECT count(*) FROM '" + file + "' WHERE " + column + " = unhex('" + digits + "')")) {
            assertTrue(rows.next());
            return rows.getLong(1);
        }
    }

    @Test
    void arrowsOwnReaderReadsWhatIsWritten() throws IOException {
        Path file = dir.resolve("ids.arrow");
        List<String[]> expected = new ArrayList<>();
        try (TableWriter writer = ArrowTableWriter.create(file, SCHEMA)) {
            write(writer, expected);
        }
        byte[] bytes = Files.readAllBytes(file);
        int row = 0;
        try (BufferAllocator allocator = new RootAllocator();
                ArrowStreamReader reader = StockIpc.reader(Arrays.copyOfRange(bytes, 8, bytes.length), allocator)) {
            while (reader.loadNextBatch()) {
                VectorSchemaRoot batch = reader.getVectorSchemaRoot();
                assertEquals(SCHEMA, batch.getSchema());
                for (int i = 0; i < batch.getRowCount(); i++, row++) {
                    for (int column = 0; column < 3; column++) {
                        byte[] cell = ((FixedSizeBinaryVector) batch.getVector(column)).getObject(i);
                        assertEquals(
                                expected.get(row)[column],
                                cell == null ? null : HexFormat.of().formatHex(cell));
                    }
                }
            }
        }
        assertEquals(ROWS, row);
    }

    @Test
    void rowsInArrowMemoryComeAndGoUnchanged() throws IOException {
        HeapBatch from = new HeapBatch(SCHEMA);
        fill(from, 0, 1000, new Random(1), new ArrayList<>());
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot batch = VectorSchemaRoot.create(SCHEMA, allocator)) {
            from.copyTo(batch);
            HeapBatch to = new HeapBatch(SCHEMA).load(batch);
            for (int column = 0; column < 3; column++) {
                assertArrayEquals(
                        Arrays.copyOf(from.column(column).data(), 16_000),
                        Arrays.copyOf(to.column(column).data(), 16_000));
                assertEquals(
                        from.column(column).nullCount(1000), to.column(column).nullCount(1000));
            }
        }
    }

    @Test
    void csvRefusesBytesBeforeItMakesAFile() {
        Path file = dir.resolve("ids.csv");
        assertThrows(IllegalArgumentException.class, () -> CsvTableWriter.create(file, SCHEMA));
        assertTrue(Files.notExists(file));
        Schema narrow = new Schema(List.of(Field.nullable("x", new ArrowType.FixedSizeBinary(8))));
        assertThrows(IllegalArgumentException.class, () -> new HeapBatch(narrow));
    }

    private static void write(TableWriter writer, List<String[]> expected) throws IOException {
        HeapBatch batch = new HeapBatch(SCHEMA);
        Random random = new Random(7);
        int from = 0;
        while (from < ROWS) {
            int count = Math.min(ROWS - from, 1 + random.nextInt(9_000));
            fill(batch, from, count, random, expected);
            writer.write(batch);
            from += count;
        }
    }

    /** Halves with and without the highest bit, so that signed and unsigned order differ. */
    private static void fill(HeapBatch batch, int from, int count, Random random, List<String[]> expected) {
        for (int column = 0; column < 3; column++) {
            batch.column(column).begin(count);
        }
        for (int i = 0; i < count; i++) {
            String[] row = new String[3];
            if (random.nextInt(7) > 0) {
                row[0] = set(batch, 0, i, random.nextInt(50) * 0x0517_17A3_0000_0001L, -1);
            }
            if (random.nextInt(7) > 0) {
                row[1] = set(batch, 1, i, random.nextLong(), from + i);
            }
            expected.add(row);
        }
        batch.rows(count);
    }

    private static String set(HeapBatch batch, int column, int row, long high, long low) {
        batch.column(column).setDigest(row, high, low);
        return String.format("%016x%016x", high, low);
    }
}
