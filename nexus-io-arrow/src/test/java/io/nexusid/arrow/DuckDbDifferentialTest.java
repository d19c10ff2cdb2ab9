package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.nexusid.api.Compat;
import io.nexusid.api.EntityType;
import io.nexusid.api.InputColumn;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.fixtures.ChecksTimelines;
import io.nexusid.fixtures.Demo;
import io.nexusid.fixtures.HostileGenerator;
import io.nexusid.fixtures.WorkloadGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DuckDB, told in SQL what the tables are, computes the same rows from the same files. */
@ChecksTimelines
class DuckDbDifferentialTest {
    private static final List<String> TABLES = List.of(
            "nexus_resolved_person_identifiers",
            "nexus_resolved_group_identifiers",
            "nexus_resolved_task_identifiers",
            OutputTable.IDENTIFIERS_TO_ENTITY_ID,
            OutputTable.RESOLVED_ENTITY_TRAITS,
            OutputTable.ENTITY_PARTICIPANTS,
            OutputTable.RESOLVED_RELATIONSHIP_DECLARATIONS,
            OutputTable.RELATIONSHIPS,
            OutputTable.STATES,
            OutputTable.ENTITY_STATES,
            OutputTable.EVENT_MEASUREMENTS,
            OutputTable.EVENT_DIMENSIONS);

    /** Names that want a fixed column or another's delta; who gets which column is not said in SQL. */
    private static final Set<String> CONTESTED = Set.of(
            "mrr_delta",
            "mrr_delta_delta",
            "entity_id",
            "valid_from",
            "occurred_at",
            "source",
            "measurement_source",
            "event_id");

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void hostileLogs(long seed) throws IOException, SQLException {
        check(hostile(seed, 40), Compat.NONE);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void hostileLogsUnderThePreset(long seed) throws IOException, SQLException {
        check(hostile(seed, 40), Compat.V0_13_DUCKDB);
    }

    @Test
    @Tag("slow")
    void manyHostileLogs() throws IOException, SQLException {
        Path all = dir;
        for (int seed = 100; seed < 300; seed++) {
            dir = Files.createDirectory(all.resolve("seed-" + seed));
            check(hostile(seed, 20 + seed), seed % 3 == 0 ? Compat.V0_13_DUCKDB : Compat.NONE);
        }
    }

    @Test
    void aWorkloadOfTwoThousandEvents() throws IOException, SQLException {
        check(workload(7, 2_000), Compat.NONE);
    }

    @Test
    void theDemo() throws IOException, SQLException {
        check(Demo.rows(), Compat.NONE);
        dir = dir.resolve("preset");
        check(Demo.rows(), Compat.V0_13_DUCKDB);
    }

    @Test
    void csvIsWrittenAsDuckDbWritesText() throws IOException, SQLException {
        NexusConfig config = config(Compat.NONE);
        LogFiles.write(dir.resolve("in"), hostile(5, 60), "parquet");
        LogFiles.resolve(config, dir.resolve("in"), dir.resolve("out"), TableFormat.CSV);
        LogFiles.resolve(config, dir.resolve("in"), dir.resolve("typed"), TableFormat.PARQUET);
        try (DuckDbTables duckdb = new DuckDbTables(config, dir.resolve("in"))) {
            for (String table : LogFiles.names(config)) {
                String typed = "read_parquet('" + dir.resolve("typed/" + table + ".parquet") + "')";
                List<String> cells = duckdb.column("SELECT CASE WHEN column_type LIKE 'TIMESTAMP%' THEN '\"'"
                        + " || column_name || '\"::TIMESTAMP::VARCHAR' ELSE '\"' || column_name || '\"::VARCHAR' END"
                        + " FROM (DESCRIBE SELECT * FROM " + typed + ")");
                String rendered = "SELECT " + String.join(", ", cells) + " FROM " + typed;
                String text = "SELECT * FROM read_csv('" + dir.resolve("out/" + table + ".csv")
                        + "', header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"',"
                        + " allow_quoted_nulls = false, auto_detect = false, columns = {"
                        + String.join(
                                ", ",
                                duckdb.column("SELECT '''' || column_name || ''': ''VARCHAR''' FROM (DESCRIBE SELECT *"
                                        + " FROM " + typed + ")"))
                        + "})";
                assertSameRows(duckdb, table, rendered, text);
            }
        }
    }

    private void check(Map<InputTable, List<Map<String, Object>>> log, Compat compat) throws IOException, SQLException {
        NexusConfig config = config(compat);
        Path in = dir.resolve("in");
        LogFiles.write(in, log, "parquet");
        LogFiles.resolve(config, in, dir.resolve("out"), TableFormat.PARQUET);
        try (DuckDbTables duckdb = new DuckDbTables(config, in)) {
            if (!hasCategories(log)) {
                throw new IllegalArgumentException("the SQL takes the category as it is given");
            }
            assertNotEquals(List.of("0"), duckdb.column("SELECT count(*) FROM nexus_entity_participants"));
            for (String table : TABLES) {
                String actual = "SELECT * FROM read_parquet('" + dir.resolve("out/" + table + ".parquet") + "')";
                assertEquals(
                        duckdb.column("SELECT column_name FROM (DESCRIBE " + table + ")"),
                        duckdb.column("SELECT column_name FROM (DESCRIBE " + actual + ")"),
                        table);
                assertSameRows(duckdb, table, "SELECT * FROM " + table, actual);
            }
        }
    }

    private static void assertSameRows(DuckDbTables duckdb, String table, String expected, String actual)
            throws SQLException {
        String missing = "SELECT t::VARCHAR FROM ((" + expected + ") EXCEPT ALL (" + actual + ")) t LIMIT 5";
        String extra = "SELECT t::VARCHAR FROM ((" + actual + ") EXCEPT ALL (" + expected + ")) t LIMIT 5";
        assertEquals(
                List.of(List.of(), List.of()),
                List.of(duckdb.column(missing), duckdb.column(extra)),
                table + ": rows that only DuckDB has, rows that only Nexus has");
    }

    private static NexusConfig config(Compat compat) {
        return NexusConfig.builder()
                .compat(compat)
                .maxHops(NexusConfig.UNLIMITED_HOPS)
                .entityTypes(EntityType.PERSON, EntityType.GROUP, EntityType.resolved("task"))
                .clock(Instant.parse("2026-01-31T12:00:00.25Z"))
                .build();
    }

    private static boolean hasCategories(Map<InputTable, List<Map<String, Object>>> log) {
        return log.getOrDefault(InputTable.STATES, List.of()).stream().allMatch(r -> r.containsKey("state_category"));
    }

    private static Map<InputTable, List<Map<String, Object>>> hostile(long seed, int size) {
        Map<InputTable, List<Map<String, Object>>> log = HostileGenerator.logWithBlanks(seed, size);
        log.values()
                .forEach(rows ->
                        rows.removeIf(row -> List.of("state_name", "measurement_name", "dimension_name").stream()
                                .anyMatch(name -> CONTESTED.contains(String.valueOf(row.get(name))))));
        log.getOrDefault(InputTable.STATES, List.of()).forEach(row -> row.putIfAbsent("state_category", "dimension"));
        return log;
    }

    private static Map<InputTable, List<Map<String, Object>>> workload(long seed, long events) {
        Map<InputTable, List<Map<String, Object>>> log = new EnumMap<>(InputTable.class);
        new WorkloadGenerator(seed, events).generate((table, values) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            List<InputColumn> columns = table.columns();
            for (int i = 0; i < values.length; i++) {
                row.put(columns.get(i).name(), values[i]);
            }
            table.mintedId().ifPresent(row::remove);
            log.computeIfAbsent(table, t -> new ArrayList<>()).add(row);
        });
        return log;
    }
}
