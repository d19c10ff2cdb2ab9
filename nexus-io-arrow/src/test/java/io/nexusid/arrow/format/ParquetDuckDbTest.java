package io.nexusid.arrow.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What DuckDB writes is read, and what is written DuckDB reads. */
class ParquetDuckDbTest {
    @TempDir
    Path dir;

    private Connection duckdb;
    private BufferAllocator allocator;

    @BeforeEach
    void open() throws SQLException {
        duckdb = DriverManager.getConnection("jdbc:duckdb:");
        allocator = new RootAllocator();
        execute("SET TimeZone = 'UTC'");
    }

    @AfterEach
    void close() throws SQLException {
        duckdb.close();
        allocator.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute(sql);
        }
    }

    private Path copy(String select, String options) throws SQLException {
        Path file = dir.resolve("duck.parquet");
        execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet" + options + ")");
        return file;
    }

    private ParquetSource source(Path file) throws IOException {
        return ParquetSource.open(file, "events", "duck.parquet");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'text'::VARCHAR; Utf8; text",
                "'ada'::ENUM('bob', 'ada'); Utf8; ada",
                "'{\"a\":1}'::JSON; Utf8; {\"a\":1}",
                "'b\\xFF'::BLOB; Utf8; b\ufffd",
                "(-128)::TINYINT; Int(32, true); -128",
                "(-32768)::SMALLINT; Int(32, true); -32768",
                "(-2147483648)::INTEGER; Int(32, true); -2147483648",
                "(-9223372036854775808)::BIGINT; Int(64, true); -9223372036854775808",
                "255::UTINYINT; Int(64, true); 255",
                "65535::USMALLINT; Int(64, true); 65535",
                "4294967295::UINTEGER; Int(64, true); 4294967295",
                "18446744073709551615::UBIGINT; Int(64, false); -1",
                "1.5::FLOAT; FloatingPoint(SINGLE); 1.5",
                "'-inf'::DOUBLE; FloatingPoint(DOUBLE); -Infinity",
                "true; Bool; true",
                "'-1.5'::DECIMAL(4,1); Decimal(4, 1, 128); -1.5",
                "'123456.789'::DECIMAL(9,3); Decimal(9, 3, 128); 123456.789",
                "'-123456789012.34'::DECIMAL(18,2); Decimal(18, 2, 128); -123456789012.34",
                "'-1234567890123456789012345678.90'::DECIMAL(38,2); Decimal(38, 2, 128);"
                        + " -1234567890123456789012345678.90",
                "DATE '1969-12-31'; Date(DAY); -1",
                "TIMESTAMP '2024-02-29 12:00:00.123456'; Timestamp(MICROSECOND, null); 1709208000123456",
                "TIMESTAMPTZ '2024-02-29 12:00:00.123456Z'; Timestamp(MICROSECOND, UTC); 1709208000123456",
                "'2024-02-29 12:00:00.123456789'::TIMESTAMP_NS; Timestamp(NANOSECOND, null); 1709208000123456789",
                "'2024-02-29 12:00:00.123'::TIMESTAMP_MS; Timestamp(MILLISECOND, null); 1709208000123",
                "'2024-02-29 12:00:00'::TIMESTAMP_S; Timestamp(MICROSECOND, null); 1709208000000000",
            })
    void everyTypeOfDuckDbKeepsItsValue(String sql, String type, String expected) throws Exception {
        String select = "SELECT CASE WHEN i % 3 = 1 THEN NULL ELSE " + sql + " END AS x FROM range(4) t(i)";
        try (ParquetSource source = source(copy(select, ""))) {
            assertEquals(type, source.columns().get(0).getType().toString());
            List<Object[]> rows = ParquetTables.read(allocator, source, List.of("x"));
            List<String> read = rows.stream().map(row -> String.valueOf(row[0])).toList();
            assertEquals(Arrays.asList(expected, "null", expected, expected), read);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1, 2]",
                "{'a': 1}",
                "MAP {'a': 1}",
                "TIME '12:00:00'",
                "INTERVAL 1 DAY",
                "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::UUID"
            })
    void aColumnOfAnotherTypeIsListedAndOnlyReadingItIsAnError(String sql) throws Exception {
        try (ParquetSource source =
                source(copy("SELECT 'before' AS a, " + sql + " AS x, 'after' AS b FROM range(3)", ""))) {
            assertEquals(
                    List.of("a", "x", "b"),
                    source.columns().stream().map(Field::getName).toList());
            for (Object[] row : ParquetTables.read(allocator, source, List.of("a", "b"))) {
                assertEquals(List.of("before", "after"), Arrays.asList(row));
            }
            NexusDataException error =
                    assertThrows(NexusDataException.class, () -> source.read(allocator, List.of("x")));
            assertEquals(FaultCode.WRONG_TYPE, error.code());
            assertEquals("x", error.column());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "uncompressed, V1",
        "snappy, V1",
        "gzip, V1",
        "zstd, V1",
        "lz4_raw, V1",
        "uncompressed, V2",
        "snappy, V2",
        "gzip, V2",
        "zstd, V2",
        "lz4_raw, V2"
    })
    void everyCodecAndPageVersionOfDuckDbIsRead(String codec, String version) throws Exception {
        String select = "SELECT i, 'u' || md5(i::VARCHAR) AS plain, 'd' || (i % 7) AS few,"
                + " CASE WHEN i % 5 > 1 THEN (i * 7919) % 1000003 END AS gaps, i % 3 = 0 AS flag,"
                + " CASE WHEN i > 1000 THEN sin(i) END AS late, repeat('z', (i % 50)::INTEGER) AS lengths"
                + " FROM range(7000) t(i)";
        Path file = copy(select, ", CODEC " + codec + ", PARQUET_VERSION " + version + ", ROW_GROUP_SIZE 2048");
        List<String> names = List.of("i", "plain", "few", "gaps", "flag", "late", "lengths");
        try (ParquetSource source = source(file)) {
            assertEquals(7000, source.rowCount());
            assertEquals(
                    ParquetTables.shown(query("SELECT * FROM '" + file + "'", names.size())),
                    ParquetTables.shown(ParquetTables.read(allocator, source, names)));
        }
    }

    private List<Object[]> query(String sql, int columns) throws SQLException {
        List<Object[]> rows = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                Object[] row = new Object[columns];
                for (int c = 0; c < columns; c++) {
                    row[c] = result.getObject(c + 1);
                }
                rows.add(row);
            }
        }
        return rows;
    }

    @Test
    void brotliIsRefusedByName() throws Exception {
        try (ParquetSource source = source(copy("SELECT 'a' AS x FROM range(100)", ", CODEC brotli"))) {
            NexusDataException error =
                    assertThrows(NexusDataException.class, () -> source.read(allocator, List.of("x")));
            assertEquals(FaultCode.UNSUPPORTED_CODEC, error.code());
            assertEquals(
                    "events (duck.parquet), column x: the codec BROTLI is not read;"
                            + " none, snappy, zstd, gzip and lz4_raw are [unsupported_codec]",
                    error.getMessage());
        }
    }

    @Test
    void anEncryptedFileIsRefusedInOneLine() throws Exception {
        execute("SET force_mbedtls_unsafe = 'true'");
        execute("PRAGMA add_parquet_key('key', '0123456789112345')");
        Path file = copy("SELECT 'a' AS x", ", ENCRYPTION_CONFIG {footer_key: 'key'}");
        NexusDataException error = assertThrows(NexusDataException.class, () -> source(file));
        assertEquals(FaultCode.CORRUPT_FILE, error.code());
        assertEquals(
                "events (duck.parquet): the footer is encrypted; encrypted files are not read [corrupt_file]",
                error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNCOMPRESSED", "SNAPPY", "ZSTD", "LZ4_RAW"})
    void duckDbReadsWhatIsWritten(String codec) throws Exception {
        Path file = dir.resolve("ours.parquet");
        List<Object[]> rows = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < 9000; i++) {
            rows.add(new Object[] {
                random.nextInt(9) == 0 ? null : "ş\uD83D\uDE00" + random.nextInt(30_000),
                random.nextInt(9) == 0 ? null : random.nextLong() / 100,
                random.nextInt(9) == 0 ? null : random.nextBoolean(),
                random.nextInt(9) == 0 ? null : random.nextGaussian()
            });
        }
        rows.add(new Object[] {"", 0L, false, Double.NaN});
        rows.add(new Object[] {null, -1L, null, Double.NEGATIVE_INFINITY});
        ParquetTables.write(allocator, file, ParquetCodec.valueOf(codec), 64 * 128, 3000, rows);
        assertEquals(
                ParquetTables.shown(rows),
                ParquetTables.shown(query("SELECT text, epoch_us(instant), flag, number FROM '" + file + "'", 4)));
        assertEquals(
                List.of("VARCHAR|String ", "TIMESTAMP WITH TIME ZONE|String ", "BOOLEAN|String ", "DOUBLE|String "),
                ParquetTables.shown(query("SELECT column_type FROM (DESCRIBE SELECT * FROM '" + file + "')", 1)));
        // Statistics must be true: others prune by them.
        assertEquals(
                query("SELECT count(*) FROM '" + file + "' WHERE text = ''", 1).get(0)[0], 1L);
        assertEquals(
                query("SELECT count(*) FROM '" + file + "' WHERE instant > TIMESTAMPTZ '2200-01-01'", 1)
                        .get(0)[0],
                rows.stream()
                        .filter(row -> row[1] != null && (Long) row[1] > micros("2200-01-01T00:00:00Z"))
                        .count());
        assertNotEquals(
                0L,
                query("SELECT count(*) FROM parquet_metadata('" + file + "') WHERE stats_min_value IS NOT NULL", 1)
                        .get(0)[0]);
    }

    private static long micros(String instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant));
    }

    @Test
    void datesBeforeTheEpochKeepTheirDay() throws Exception {
        try (ParquetSource source = source(copy("SELECT DATE '0001-01-01' AS x", ""))) {
            Object day = ParquetTables.read(allocator, source, List.of("x")).get(0)[0];
            assertEquals((int) LocalDate.of(1, 1, 1).toEpochDay(), day);
        }
    }
}
