package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexusid.api.IdForm;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.RunReport;
import io.nexusid.fixtures.ChecksTimelines;
import io.nexusid.fixtures.HostileGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Relationships and traits through time, from files. */
@ChecksTimelines
class HistoriesTest {
    private static final NexusConfig CONFIG =
            NexusConfig.builder().clock(Instant.parse("2026-01-31T12:00:00Z")).build();
    private static final List<String> HISTORIES =
            List.of(OutputTable.RELATIONSHIP_STAYS, OutputTable.ENTITY_TRAIT_HISTORY);
    private static final String IDENTIFIERS = """
            edge_id,entity_type,identifier_type,identifier_value
            a,person,email,ann@x.org
            b,group,domain,x.org
            """;
    private static final String ENDS = "entity_a_type,entity_a_identifier_type,entity_a_identifier,"
            + "entity_b_type,entity_b_identifier_type,entity_b_identifier,relationship_type,";
    private static final String ANN_AT_X = "person,email,ann@x.org,group,domain,x.org,membership,";

    @TempDir
    Path dir;

    private Path in() throws IOException {
        Path in = Files.createDirectories(dir.resolve("in"));
        Files.writeString(in.resolve("entity_identifiers.csv"), IDENTIFIERS);
        return in;
    }

    private void declarations(String... rows) throws IOException {
        StringBuilder file = new StringBuilder(
                ENDS + "relationship_declaration_id,occurred_at,entity_a_role,entity_b_role,is_active\n");
        for (String row : rows) {
            file.append(ANN_AT_X).append(row).append('\n');
        }
        Files.writeString(in().resolve("relationship_declarations.csv"), file);
    }

    private void traits(String... rows) throws IOException {
        StringBuilder file = new StringBuilder(
                "entity_type,identifier_type,identifier_value,trait_name,entity_trait_id,occurred_at,trait_value,source,event_id\n");
        for (String row : rows) {
            file.append("person,email,ann@x.org,plan,").append(row).append('\n');
        }
        Files.writeString(in().resolve("entity_traits.csv"), file);
    }

    /** Rows without their ids, instants as days. */
    private List<String> rows(String table, String... columns) throws IOException {
        return LogFiles.resolve(CONFIG, in()).getOrDefault(table, List.of()).stream()
                .map(row -> shown(row, columns))
                .toList();
    }

    private static String shown(Map<String, Object> row, String... columns) {
        List<String> out = new ArrayList<>();
        for (String column : columns) {
            Object cell = row.get(column);
            out.add(cell instanceof Long micros ? day(micros) : String.valueOf(cell));
        }
        return String.join(" ", out);
    }

    private static String day(long micros) {
        return Instant.EPOCH
                .plus(micros, ChronoUnit.MICROS)
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .toString()
                .substring(5);
    }

    private List<String> stays() throws IOException {
        return rows(
                OutputTable.RELATIONSHIP_STAYS,
                "entity_a_role",
                "entity_b_role",
                "valid_from",
                "valid_to",
                "is_current",
                "relationship_declaration_id");
    }

    private List<String> history() throws IOException {
        return rows(
                OutputTable.ENTITY_TRAIT_HISTORY,
                "trait_name",
                "trait_value",
                "valid_from",
                "valid_to",
                "is_current",
                "source",
                "event_id");
    }

    @Test
    void aRelationshipHoldsUntilADeclarationSaysItDoesNotAndARoleBeginsItAnew() throws IOException {
        declarations(
                "d1,2024-01-01,member,,", // null is true
                "d2,2024-02-01,member,,true",
                "d3,2024-03-01,owner,,true",
                "d4,2024-04-01,owner,,false",
                "d5,2024-05-01,owner,,false",
                "d6,2024-06-01,owner,host,true");
        assertEquals(
                List.of(
                        "member null 01-01 03-01 false d1",
                        "owner null 03-01 04-01 false d3",
                        "owner host 06-01 null true d6"),
                stays());
    }

    @Test
    void ofDeclarationsOfOneInstantTheOneCountsThatTheRelationshipShows() throws IOException {
        declarations(
                "d2,2024-01-01,owner,,", "d1,2024-01-01,member,,", "d1,2024-02-01,,,true", "d1,2024-02-01,,,false");
        assertEquals(List.of("member null 01-01 02-01 false d1"), stays());
        assertEquals(
                List.of("null false 02-01"),
                rows(OutputTable.RELATIONSHIPS, "entity_a_role", "is_active", "last_updated_at"));
    }

    @Test
    void aTraitHasAValueUntilTheNextOneAndNullEndsIt() throws IOException {
        traits(
                "t1,2024-01-01,free,crm,e1",
                "t2,2024-02-01,free,shop,e2",
                "t3,2024-03-01,paid,shop,e3",
                "t4,2024-04-01,,shop,e4",
                "t5,2024-05-01,\"\",crm,e5",
                "t6,2024-06-01,paid,crm,e6",
                "t7,2024-06-01,free,crm,e7");
        assertEquals(
                List.of(
                        "plan free 01-01 03-01 false crm e1",
                        "plan paid 03-01 04-01 false shop e3",
                        "plan  05-01 06-01 false crm e5",
                        "plan paid 06-01 null true crm e6"),
                history());
    }

    @Test
    void aRowWithoutAnInstantChangesNothingAndIsCounted() throws IOException {
        traits("t1,,free,crm,e1", "t2,2024-02-01,paid,crm,e2");
        declarations("d1,,member,,", "d2,,member,,false");
        assertEquals(List.of("plan paid 02-01 null true crm e2"), history());
        assertEquals(List.of(), stays());
        try (BufferAllocator allocator = new RootAllocator();
                Nexus nexus = Nexus.open(CONFIG, allocator);
                EventLog log = nexus.read(in());
                ResolvedTables tables = nexus.resolve(log, HISTORIES)) {
            tables.write(dir.resolve("out"), TableFormat.PARQUET);
            RunReport report = tables.report();
            assertEquals(
                    Map.of(
                            "entity_traits.history_without_instant",
                            1L,
                            "relationship_declarations.stay_without_instant",
                            2L),
                    report.unmatched());
            assertEquals(
                    Map.of(
                            OutputTable.RELATIONSHIP_STAYS,
                            0L,
                            OutputTable.ENTITY_TRAIT_HISTORY,
                            1L,
                            OutputTable.REJECTS,
                            0L),
                    report.tablesOut());
        }
    }

    @Test
    void theyAreWrittenOnlyWhenNamed() throws IOException {
        traits("t1,2024-01-01,free,crm,e1");
        try (Nexus nexus = Nexus.open(CONFIG);
                EventLog log = nexus.read(in());
                ResolvedTables tables = nexus.resolve(log)) {
            tables.write(dir.resolve("out"), TableFormat.CSV);
        }
        for (String table : HISTORIES) {
            assertEquals(false, Files.exists(dir.resolve("out").resolve(table + ".csv")), table);
        }
    }

    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void whatIsWrittenReadsAsWhatWasComputed(TableFormat format) throws IOException {
        traits("t1,2024-01-01,free,crm,e1", "t2,2024-02-01,paid,,", "t3,2024-03-01,,,");
        declarations("d1,2024-01-01,member,,", "d2,2024-02-01,owner,,");
        Path out = dir.resolve("out");
        Map<String, List<Map<String, Object>>> computed = LogFiles.resolve(CONFIG, in());
        Map<String, List<Map<String, Object>>> read =
                LogFiles.read(out, format, LogFiles.resolve(CONFIG, in(), out, format));
        for (String table : HISTORIES) {
            assertEquals(computed.get(table), read.get(table), table);
            assertEquals(2, read.getOrDefault(table, List.of()).size(), table);
        }
    }

    @Test
    void keysAndIdsAsBytesNameTheSameEntities() throws IOException {
        traits("t1,2024-01-01,free,crm,e1");
        declarations("d1,2024-01-01,member,,");
        Map<String, List<Map<String, Object>>> text = LogFiles.resolve(CONFIG, in());
        NexusConfig bytes =
                NexusConfig.builder().ids(IdForm.BINARY).surrogateKeys(true).build();
        Map<String, List<Map<String, Object>>> binary = LogFiles.resolve(bytes, in());
        for (String column : List.of("relationship_id", "entity_a_id", "entity_b_id")) {
            String id = (String) binary.getOrDefault(OutputTable.RELATIONSHIP_STAYS, List.of())
                    .get(0)
                    .get(column);
            String whole = (String) text.getOrDefault(OutputTable.RELATIONSHIP_STAYS, List.of())
                    .get(0)
                    .get(column);
            assertEquals(whole.substring(4), id);
        }
        assertEquals(
                2L,
                binary.getOrDefault(OutputTable.ENTITY_TRAIT_HISTORY, List.of())
                        .get(0)
                        .get("entity_key"));
    }

    /** What is current is what the tables of the present show, and a history has no holes that nothing made. */
    @Property(tries = 15)
    void theLastStayIsThePresent(@ForAll long seed) throws IOException {
        Map<InputTable, List<Map<String, Object>>> log = HostileGenerator.log(seed, 40);
        Path in = Files.createTempDirectory("histories");
        try {
            LogFiles.write(in, log, "arrow");
            Map<String, List<Map<String, Object>>> tables = LogFiles.resolve(CONFIG, in);
            Map<List<Object>, Object> current = new HashMap<>();
            for (Map<String, Object> row : tables.getOrDefault(OutputTable.ENTITY_TRAIT_HISTORY, List.of())) {
                if (Boolean.TRUE.equals(row.get("is_current"))) {
                    List<Object> key = List.of(row.get("entity_id"), row.get("entity_type"), row.get("trait_name"));
                    assertEquals(null, current.put(key, row.get("trait_value")));
                }
            }
            Map<List<Object>, Object> present = new HashMap<>();
            for (Map<String, Object> row : tables.getOrDefault(OutputTable.RESOLVED_ENTITY_TRAITS, List.of())) {
                if (row.get("occurred_at") != null && row.get("trait_value") != null) {
                    present.put(
                            List.of(row.get("entity_id"), row.get("entity_type"), row.get("trait_name")),
                            row.get("trait_value"));
                }
            }
            assertEquals(present, current);
            List<Object> active = tables.getOrDefault(OutputTable.RELATIONSHIPS, List.of()).stream()
                    .filter(row -> row.get("last_updated_at") != null && !Boolean.FALSE.equals(row.get("is_active")))
                    .map(row -> row.get("relationship_id") + " " + row.get("entity_a_role") + row.get("entity_b_role"))
                    .sorted()
                    .map(Object.class::cast)
                    .toList();
            List<Object> holding = tables.getOrDefault(OutputTable.RELATIONSHIP_STAYS, List.of()).stream()
                    .filter(row -> Boolean.TRUE.equals(row.get("is_current")))
                    .map(row -> row.get("relationship_id") + " " + row.get("entity_a_role") + row.get("entity_b_role"))
                    .sorted()
                    .map(Object.class::cast)
                    .toList();
            assertEquals(active, holding);
        } finally {
            try (var files = Files.list(in)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(in);
        }
    }
}
