package io.nexusid.arrow.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTableWriterTest {
    @TempDir
    Path folder;

    @Test
    void nullsAreEmptyAndOnlyWhatNeedsQuotesHasThem() throws IOException {
        Path file = folder.resolve("t.csv");
        write(
                file,
                List.of(List.of(
                        new SampleRows.Row("plain text", 1_704_164_645_120_000L, true, 100.0),
                        new SampleRows.Row("", null, null, null),
                        new SampleRows.Row("a,b \"c\"\nd", 0L, false, 1e-5),
                        new SampleRows.Row(null, null, null, -0.0),
                        new SampleRows.Row("#1", null, null, Double.NaN),
                        new SampleRows.Row(" x", null, null, null))));
        assertEquals("""
                text,instant,flag,number
                plain text,2024-01-02 03:04:05.12,true,100.0
                "",,,
                "a,b ""c""
                d",1970-01-01 00:00:00,false,1e-05
                ,,,-0.0
                "#1",,,nan
                " x",,,
                """, Files.readString(file));
    }

    @Property(tries = 200)
    void whatIsWrittenIsReadBack(@ForAll("batches") List<List<SampleRows.Row>> batches) throws IOException {
        Path file = Files.createTempFile("nexus", ".csv");
        try {
            write(file, batches);
            List<List<@Nullable String>> expected = new ArrayList<>();
            batches.forEach(rows -> rows.forEach(row -> expected.add(row.asText())));
            CsvSource source = CsvSource.open(file, "t", "t.csv");
            assertEquals(SampleRows.COLUMNS, Reading.names(source));
            assertEquals(expected, Reading.text(source));
        } finally {
            Files.delete(file);
        }
    }

    @Property(tries = 50)
    void duckDbReadsWhatIsWritten(@ForAll("batches") List<List<SampleRows.Row>> batches)
            throws IOException, SQLException {
        Path file = Files.createTempFile("nexus", ".csv");
        try {
            // DuckDB stops at NUL and normalises nothing else of what the samples hold.
            List<SampleRows.Row> rows = batches.stream()
                    .flatMap(List::stream)
                    .filter(row -> row.text() == null || row.text().indexOf('\0') < 0)
                    .toList();
            write(file, List.of(rows));
            assertEquals(rows.stream().map(SampleRows.Row::asText).toList(), duckDb(file, 4));
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aTableOfOneColumnKeepsItsNullRows() throws IOException, SQLException {
        Path file = folder.resolve("one.csv");
        Schema schema = new Schema(List.of(Field.nullable("only", ArrowType.Utf8.INSTANCE)));
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot sample = SampleRows.root(
                        allocator,
                        List.of(
                                new SampleRows.Row(null, null, null, null),
                                new SampleRows.Row("", null, null, null),
                                new SampleRows.Row("x", null, null, null),
                                new SampleRows.Row(null, null, null, null)));
                TableWriter writer = CsvTableWriter.create(file, schema)) {
            VectorSchemaRoot one =
                    new VectorSchemaRoot(schema.getFields(), List.of(sample.getVector(0)), sample.getRowCount());
            writer.write(one);
        }
        assertEquals("only\n\n\"\"\nx\n\n", Files.readString(file));
        List<List<@Nullable String>> expected =
                Arrays.asList(Arrays.asList((String) null), List.of(""), List.of("x"), Arrays.asList((String) null));
        assertEquals(expected, Reading.text(CsvSource.open(file, "t", "one.csv")));
        assertEquals(expected, duckDb(file, 1));
    }

    @Test
    void aColumnOfAnotherTypeIsRefused() {
        Schema schema = new Schema(List.of(Field.nullable("n", new ArrowType.Int(32, true))));
        assertThrows(IllegalArgumentException.class, () -> CsvTableWriter.create(folder.resolve("n.csv"), schema));
    }

    @Provide
    Arbitrary<List<List<SampleRows.Row>>> batches() {
        return SampleRows.arbitrary().list().ofMaxSize(3);
    }

    private static List<List<@Nullable String>> duckDb(Path file, int columns) throws SQLException {
        List<List<@Nullable String>> found = new ArrayList<>();
        try (Connection db = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = db.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM read_csv('" + file + "', header = true,"
                        + " all_varchar = true, delim = ',', quote = '\"', escape = '\"',"
                        + " allow_quoted_nulls = false)")) {
            while (rows.next()) {
                List<@Nullable String> cells = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    cells.add(rows.getString(i));
                }
                found.add(cells);
            }
        }
        return found;
    }

    private static void write(Path file, List<List<SampleRows.Row>> batches) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                TableWriter writer = CsvTableWriter.create(file, SampleRows.SCHEMA)) {
            for (List<SampleRows.Row> rows : batches) {
                try (VectorSchemaRoot root = SampleRows.root(allocator, rows)) {
                    writer.write(root);
                }
            }
        }
    }
}
