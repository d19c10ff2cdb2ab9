package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.fixtures.ChecksTimelines;
import io.nexusid.fixtures.Demo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table and column names of earlier releases give what today's names give. */
@ChecksTimelines
class SeedsTest {
    private static final NexusConfig CONFIG =
            NexusConfig.builder().clock(Instant.parse("2026-01-31T12:00:00Z")).build();

    @TempDir
    Path dir;

    private Path in;
    private Map<String, List<Map<String, Object>>> expected = Map.of();

    @BeforeEach
    void resolveTodaysNames() throws IOException {
        in = dir.resolve("old");
        LogFiles.write(dir.resolve("new"), Demo.rows(), "csv");
        expected = LogFiles.resolve(CONFIG, dir.resolve("new"));
        LogFiles.write(in, others(), "csv");
    }

    /** Tables that have no older name. */
    private static Map<InputTable, List<Map<String, Object>>> others() {
        Map<InputTable, List<Map<String, Object>>> others = Demo.rows();
        others.keySet()
                .removeAll(List.of(
                        InputTable.EVENTS,
                        InputTable.ENTITY_IDENTIFIERS,
                        InputTable.ENTITY_TRAITS,
                        InputTable.RELATIONSHIP_DECLARATIONS));
        return others;
    }

    private static List<Map<String, Object>> rows(InputTable table) {
        return Demo.rows().get(table);
    }

    private static List<Map<String, Object>> rows(InputTable table, String type) {
        return rows(table).stream()
                .filter(row -> type.equals(row.get("entity_type")))
                .toList();
    }

    /** Writes rows as CSV without some columns, others under their older names. */
    private void old(
            String file, InputTable table, List<Map<String, Object>> rows, List<String> without, String... renames)
            throws IOException {
        List<Map<String, Object>> kept = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            Map<String, Object> copy = new LinkedHashMap<>(row);
            copy.keySet().removeAll(without);
            kept.add(copy);
        }
        Path path = in.resolve(file);
        LogFiles.write(path, table, kept, 0, kept.size());
        List<String> lines = new ArrayList<>(Files.readAllLines(path, UTF_8));
        List<String> header = new ArrayList<>(Arrays.asList(lines.get(0).split(",", -1)));
        for (String rename : renames) {
            String[] names = rename.split("=", -1);
            int at = header.indexOf(names[1]);
            if (at < 0) {
                throw new IllegalArgumentException(names[1] + " is not among " + header);
            }
            header.set(at, names[0]);
        }
        lines.set(0, String.join(",", header));
        Files.write(path, lines, UTF_8);
    }

    private void oldIdentifiers(String file, String type, String id) throws IOException {
        old(
                file,
                InputTable.ENTITY_IDENTIFIERS,
                rows(InputTable.ENTITY_IDENTIFIERS, type),
                List.of("entity_type"),
                id + "=entity_identifier_id",
                "row_id=edge_id",
                "synced_at=_ingested_at");
    }

    private void oldTraits(String file, String type, String id) throws IOException {
        old(
                file,
                InputTable.ENTITY_TRAITS,
                rows(InputTable.ENTITY_TRAITS, type),
                List.of("entity_type"),
                id + "=entity_trait_id");
    }

    private void oldMemberships(String file, String id) throws IOException {
        old(
                file,
                InputTable.RELATIONSHIP_DECLARATIONS,
                rows(InputTable.RELATIONSHIP_DECLARATIONS),
                List.of("entity_a_type", "entity_b_type", "relationship_type", "relationship_direction", "is_active"),
                id + "=relationship_declaration_id",
                "person_identifier=entity_a_identifier",
                "person_identifier_type=entity_a_identifier_type",
                "group_identifier=entity_b_identifier",
                "group_identifier_type=entity_b_identifier_type",
                "role=entity_a_role");
    }

    private void oldEvents(String file, String id) throws IOException {
        old(
                file,
                InputTable.EVENTS,
                rows(InputTable.EVENTS),
                List.of(),
                id + "=event_id",
                "event_significance=significance",
                "synced_at=_ingested_at");
    }

    @Test
    void tablesOfPersonsGroupsAndMembershipsAreToday() throws IOException {
        oldIdentifiers("person_identifiers.csv", "person", "id");
        oldIdentifiers("group_identifiers.csv", "group", "group_identifier_id");
        oldTraits("person_traits.csv", "person", "person_trait_id");
        oldTraits("group_traits.csv", "group", "id");
        oldMemberships("membership_identifiers.csv", "membership_identifier_id");
        oldEvents("events.csv", "id");
        assertSameTables();
    }

    @Test
    void sourcesMayCallTheirFilesAfterThemselves() throws IOException {
        oldIdentifiers("all_person_identifiers.csv", "person", "person_identifier_id");
        oldIdentifiers("group_identifiers/all/part-0.csv", "group", "id");
        oldTraits("person_traits/all.csv", "person", "id");
        oldTraits("all_group_traits.csv", "group", "group_trait_id");
        oldMemberships("all_membership_identifiers.csv", "membership_id");
        oldEvents("all_events.csv", "event_id");
        assertSameTables();
    }

    @Test
    void oldAndNewNamesMayStandSideBySide() throws IOException {
        oldIdentifiers("person_identifiers.csv", "person", "id");
        LogFiles.write(
                in.resolve("entity_identifiers.parquet"),
                InputTable.ENTITY_IDENTIFIERS,
                rows(InputTable.ENTITY_IDENTIFIERS, "group"),
                0,
                40);
        oldTraits("group_traits.csv", "group", "id");
        List<Map<String, Object>> traits = rows(InputTable.ENTITY_TRAITS, "person");
        LogFiles.write(in.resolve("entity_traits.arrow"), InputTable.ENTITY_TRAITS, traits, 0, traits.size());
        oldMemberships("membership_identifiers.csv", "id");
        LogFiles.write(in.resolve("events.arrows"), InputTable.EVENTS, rows(InputTable.EVENTS), 0, 11);
        assertSameTables();
    }

    @Test
    void aValueOnAnEventIsAMeasurement() throws IOException {
        Files.writeString(dir.resolve("new/more_events.csv"), """
                id,occurred_at,value,value_unit,source,synced_at
                evt_x,2024-09-01,12.5,EUR,Shop,2024-09-02
                evt_y,2024-09-01,,EUR,Shop,2024-09-02
                """);
        Map<String, List<Map<String, Object>>> out = LogFiles.resolve(CONFIG, dir.resolve("new"));
        List<Map<String, Object>> measured = out.get(OutputTable.EVENT_MEASUREMENTS_UNIONED);
        assertEquals(5, measured.size());
        Map<String, Object> last = measured.get(4);
        assertEquals("evt_x", last.get("event_id"));
        assertEquals("value", last.get("measurement_name"));
        assertEquals(12.5, last.get("value"));
        assertEquals("eur", last.get("value_unit"));
        assertEquals("shop", last.get("source"));
        assertEquals(13, out.get(OutputTable.EVENTS).size());
    }

    /** Derived tables are equal; the others have equal rows, in the order of other files. */
    private void assertSameTables() throws IOException {
        try (Nexus nexus = Nexus.open(CONFIG);
                EventLog log = nexus.read(in)) {
            assertEquals(List.of(), log.ignored());
        }
        Map<String, List<Map<String, Object>>> actual = LogFiles.resolve(CONFIG, in);
        for (OutputTable table : OutputTable.all(CONFIG)) {
            List<Map<String, Object>> before = expected.get(table.name());
            List<Map<String, Object>> after = actual.get(table.name());
            if (table.sortKey().isEmpty()) {
                assertEquals(sorted(before), sorted(after), table.name());
            } else {
                assertEquals(before, after, table.name());
            }
        }
    }

    private static List<Map<String, Object>> sorted(List<Map<String, Object>> rows) {
        return rows.stream().sorted(Comparator.comparing(Object::toString)).collect(Collectors.toList());
    }
}
