package io.nexusid.arrow.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.StringArrayHandler;
import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvSourceTest {
    @TempDir
    Path folder;

    @Test
    void anUnquotedEmptyFieldIsNullAndAQuotedOneIsTheEmptyString() throws IOException {
        assertEquals(List.of(row("x", null, "")), rows("a,b,c\nx,,\"\"\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void recordsEndWithAnyLineBreakOrWithTheFile(String end) throws IOException {
        String text = "a,b" + end + "1,2" + end + "\"3\",\"4\"";
        List<List<@Nullable String>> expected = List.of(row("1", "2"), row("3", "4"));
        assertEquals(expected, rows(text));
        assertEquals(expected, rows(text + end));
    }

    @Test
    void aQuotedFieldHoldsSeparatorsLineBreaksAndDoubledQuotes() throws IOException {
        assertEquals(
                List.of(row("x,\"y\"\r\nz", "\""), row("\"\"", "b")),
                rows("a,b\n\"x,\"\"y\"\"\r\nz\",\"\"\"\"\n\"\"\"\"\"\",b\n"));
    }

    @Test
    void aQuoteInsideAnUnquotedFieldStandsForItself() throws IOException {
        assertEquals(List.of(row("5\" pipe", "b\"\"c")), rows("a,b\n5\" pipe,b\"\"c\n"));
    }

    @Test
    void aByteOrderMarkBelongsToNoColumn() throws IOException {
        assertEquals(List.of("a", "b"), Reading.names(source("\uFEFFa,b\n1,2\n")));
        assertEquals(List.of("a"), Reading.names(source("\uFEFF\"a\"")));
        assertEquals(List.of(row("\uFEFF1", "2")), rows("a,b\n\uFEFF1,2\n"));
    }

    @Test
    void emptyLinesAreNoRowsInATableOfSeveralColumns() throws IOException {
        assertEquals(List.of(row("1", "2"), row("3", "4")), rows("a,b\n\n1,2\r\n\r\n\n3,4\n\n"));
    }

    @Test
    void anEmptyLineIsANullInATableOfOneColumn() throws IOException {
        assertEquals(List.of(row("x"), row((String) null), row(""), row((String) null)), rows("a\nx\n\n\"\"\n\n"));
    }

    @Test
    void brokenRecordsAreNamedAndTheOthersAreRead() throws IOException {
        String text = "a,b\n1,2\n3\n\n4,5,6\n\"7\"x,8\n9,\"10\" \n11,12\n";
        List<List<@Nullable String>> broken = List.of(row(null, null));
        List<List<@Nullable String>> expected = new ArrayList<>(List.of(row("1", "2")));
        for (int i = 0; i < 4; i++) {
            expected.addAll(broken);
        }
        expected.add(row("11", "12"));
        assertEquals(expected, rows(text));
        assertEquals(
                List.of(
                        "2: 1 fields where the header has 2",
                        "3: 3 fields where the header has 2",
                        "4: text after the closing quote of field 1",
                        "5: text after the closing quote of field 2"),
                Reading.malformed(source(text)));
    }

    @Test
    void aQuoteThatIsNeverClosedIsOneBrokenRecord() throws IOException {
        assertEquals(
                List.of("2: a quote is opened in field 2 and never closed"),
                Reading.malformed(source("a,b\n1,2\n3,\"4\n5,6\n7,8\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\uFEFF", "\n", "\"a\"b,c\n1,2\n", "a,\"b\n"})
    void aFileWithoutAHeaderIsCorrupt(String text) {
        NexusDataException e = assertThrows(NexusDataException.class, () -> source(text));
        assertEquals(FaultCode.CORRUPT_FILE, e.code());
        assertTrue(e.getMessage().startsWith("events (in/events.csv): "), e.getMessage());
    }

    @Test
    void columnNamesMustBeUtf8() {
        NexusDataException e = assertThrows(NexusDataException.class, () -> source(new byte[] {'a', ',', (byte) 0xC3}));
        assertEquals(FaultCode.CORRUPT_FILE, e.code());
    }

    @Test
    void valuesKeepTheirBytesEvenIfTheyAreNotUtf8() throws IOException {
        byte[] value = new byte[256];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) i;
        }
        byte[] text = ("a,b\n\"" + new String(value, ISO_8859_1).replace("\"", "\"\"") + "\",x").getBytes(ISO_8859_1);
        Reading.eachBatch(
                source(text),
                List.of("a"),
                batch -> assertArrayEquals(value, ((VarCharVector) batch.root().getVector(0)).get(0)));
    }

    @Test
    void onlyTheWantedColumnsAreReadInTheWantedOrder() throws IOException {
        CsvSource source = source("a,b,c\n1,2,3\n4,5,6\n");
        assertEquals(List.of(row("3", "1"), row("6", "4")), Reading.text(source, List.of("c", "a")));
        assertThrows(IllegalArgumentException.class, () -> Reading.text(source, List.of("d")));
    }

    @Test
    void batchesHaveAtMostTheAllowedRowsAndRecordsMayCrossAnyBuffer() throws IOException {
        StringBuilder text = new StringBuilder("a,b\n");
        List<List<@Nullable String>> expected = new ArrayList<>();
        for (int i = 0; i < 150_001; i++) {
            text.append(i).append(",\"").append("é\"\"\r\n".repeat(i % 3)).append("\"\r\n");
            expected.add(row(Integer.toString(i), "é\"\r\n".repeat(i % 3)));
        }
        List<Integer> sizes = new ArrayList<>();
        CsvSource source = source(text.toString());
        Reading.eachBatch(source, List.of("a"), batch -> sizes.add(batch.root().getRowCount()));
        assertEquals(List.of(65_536, 65_536, 18_929), sizes);
        assertEquals(expected, Reading.text(source));
    }

    @Test
    void aRecordOfMoreThanSixteenMebibytesIsRefusedWithItsRow() throws IOException {
        int limit = CsvScanner.MAX_RECORD_BYTES;
        String most = "x".repeat(limit - 3);
        assertEquals(List.of(row("1", most)), rows("a,b\n1," + most + "\n"));
        CsvSource source = source("a,b\n1,2\n1," + most + "x\n3,4\n");
        NexusDataException e = assertThrows(NexusDataException.class, () -> Reading.text(source));
        assertEquals(FaultCode.CAPACITY, e.code());
        assertEquals(2, e.row());
    }

    @Test
    void whatDuckDbWritesIsReadBack() throws IOException, SQLException {
        Path file = folder.resolve("duck.csv");
        try (Connection db = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = db.createStatement()) {
            statement.execute("COPY (SELECT * FROM (VALUES (1, 'plain', TIMESTAMP '2024-01-02 03:04:05.12'),"
                    + " (2, NULL, NULL), (3, '', NULL), (4, 'a,\"b\"' || chr(10) || 'é😀', NULL)) t(a, b, c))"
                    + " TO '" + file + "' (FORMAT csv, HEADER)");
        }
        assertEquals(
                List.of(
                        row("1", "plain", "2024-01-02 03:04:05.12"),
                        row("2", null, null),
                        row("3", "", null),
                        row("4", "a,\"b\"\né😀", null)),
                Reading.text(CsvSource.open(file, "events", "duck.csv")));
    }

    /** FastCSV sees no difference between null and the empty string as strings, so nor does this comparison. */
    @Property(tries = 500)
    void wellFormedTextIsReadAsFastCsvReadsIt(@ForAll("csvText") String text) throws IOException {
        List<List<String>> oracle = new ArrayList<>();
        try (CsvReader<String[]> reader = CsvReader.builder().build(StringArrayHandler.of(), text)) {
            reader.forEach(record -> oracle.add(List.of(record)));
        }
        Path file = Files.createTempFile("nexus", ".csv");
        try {
            Files.writeString(file, text);
            CsvSource source = CsvSource.open(file, "events", "x.csv");
            List<List<String>> found = new ArrayList<>(List.of(Reading.names(source)));
            for (List<@Nullable String> row : Reading.text(source)) {
                found.add(row.stream().map(cell -> cell == null ? "" : cell).toList());
            }
            assertEquals(oracle, found);
        } finally {
            Files.delete(file);
        }
    }

    /** Any bytes at all: every record is a row or a malformed row, and nothing else is thrown. */
    @Property(tries = 500)
    void anyTextIsReadToItsEnd(@ForAll("anyText") String text) throws IOException {
        Path file = Files.createTempFile("nexus", ".csv");
        try {
            Files.writeString(file, "a,b\n" + text);
            CsvSource source = CsvSource.open(file, "events", "x.csv");
            int rows = Reading.text(source).size();
            assertTrue(Reading.malformed(source).size() <= rows);
            assertTrue(rows <= text.length());
        } finally {
            Files.delete(file);
        }
    }

    @Provide
    Arbitrary<String> csvText() {
        Arbitrary<String> field = SampleRows.texts().map(CsvSourceTest::quoteIfNeeded);
        Arbitrary<String> end = Arbitraries.of("\n", "\r\n", "\r");
        return Arbitraries.integers().between(2, 4).flatMap(columns -> {
            String header = String.join(",", List.of("a", "b", "c", "d").subList(0, columns));
            return field.list()
                    .ofSize(columns)
                    .map(fields -> String.join(",", fields))
                    .list()
                    .ofMaxSize(5)
                    .flatMap(records -> end.map(e -> header + e + String.join(e, records)));
        });
    }

    @Provide
    Arbitrary<String> anyText() {
        return Arbitraries.strings().withChars('a', ',', '"', '\n', '\r', 'é').ofMaxLength(30);
    }

    private static String quoteIfNeeded(String text) {
        boolean special = text.isEmpty() || text.matches("(?s).*[,\"\r\n].*") || text.startsWith("\uFEFF");
        return special ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    private static List<@Nullable String> row(@Nullable String... cells) {
        return Arrays.asList(cells);
    }

    private List<List<@Nullable String>> rows(String text) throws IOException {
        return Reading.text(source(text));
    }

    private CsvSource source(String text) throws IOException {
        return source(text.getBytes(UTF_8));
    }

    private CsvSource source(byte[] text) throws IOException {
        Path file = Files.createTempFile(folder, "in", ".csv");
        Files.write(file, text);
        return CsvSource.open(file, "events", "in/events.csv");
    }
}
