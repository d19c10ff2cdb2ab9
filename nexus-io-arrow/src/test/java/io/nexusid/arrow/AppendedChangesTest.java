package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.Aggregator;
import io.nexusid.api.GapMode;
import io.nexusid.api.IdForm;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rows of derived tables an append changes. */
class AppendedChangesTest {
    private static final NexusConfig CONFIG =
            NexusConfig.builder().clock(Instant.parse("2026-01-31T12:00:00Z")).build();

    @TempDir
    private Path dir;

    private static Map<String, Object> row(Object... cells) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < cells.length; i += 2) {
            row.put((String) cells[i], cells[i + 1]);
        }
        return row;
    }

    private static Map<String, Object> seen(String event, String email) {
        return row(
                "event_id",
                event,
                "edge_id",
                event,
                "entity_type",
                "person",
                "identifier_type",
                "email",
                "identifier_value",
                email,
                "role",
                "owner",
                "occurred_at",
                5L,
                "_ingested_at",
                7L);
    }

    private static Map<String, Object> trait(String email, String name, String value) {
        return row(
                "event_id",
                "e",
                "entity_type",
                "person",
                "identifier_type",
                "email",
                "identifier_value",
                email,
                "trait_name",
                name,
                "trait_value",
                value,
                "occurred_at",
                5L);
    }

    private static Map<InputTable, List<Map<String, Object>>> log(Map<InputTable, List<Map<String, Object>>> tables) {
        return new EnumMap<>(tables);
    }

    private static Map<InputTable, List<Map<String, Object>>> identifiers(List<Map<String, Object>> rows) {
        return log(Map.of(InputTable.ENTITY_IDENTIFIERS, rows));
    }

    /** The changed rows of a table, each as change and some cells. */
    private static List<List<Object>> changed(Changes changes, String table, String... columns) throws IOException {
        List<List<Object>> told = new ArrayList<>();
        try (ChangedTables tables = changes.tables()) {
            for (Map<String, Object> row : TestTables.rows(tables.reader(table))) {
                List<Object> cells = new ArrayList<>(List.of(row.get("change")));
                for (String column : columns) {
                    cells.add(String.valueOf(row.get(column)));
                }
                told.add(cells);
            }
        }
        return told;
    }

    @Test
    void aMergeDeletesTheRowsOfTheLoserAndWritesThoseOfTheSurvivor() throws IOException {
        try (NexusStore store = NexusStore.open(dir, CONFIG)) {
            Stores.append(
                    store,
                    log(Map.of(
                            InputTable.ENTITY_IDENTIFIERS,
                            List.of(seen("e1", "a"), seen("e1", "b"), seen("e2", "c")),
                            InputTable.ENTITY_TRAITS,
                            List.of(trait("c", "plan", "pro")))));
            String winner = store.entityOf("person", "email", "a").orElseThrow();
            String loser = store.entityOf("person", "email", "c").orElseThrow();
            Changes changes = Stores.append(store, identifiers(List.of(seen("e3", "b"), seen("e3", "c"))));
            assertEquals(
                    Set.of(List.of("delete", loser), List.of("upsert", winner)),
                    Set.copyOf(changed(changes, OutputTable.ENTITIES, "entity_id")));
            assertEquals(
                    Set.of(List.of("delete", loser, "plan", "null"), List.of("upsert", winner, "plan", "pro")),
                    Set.copyOf(changed(
                            changes, OutputTable.RESOLVED_ENTITY_TRAITS, "entity_id", "trait_name", "trait_value")));
            assertEquals(
                    Set.of(
                            List.of("delete", loser, "e2"),
                            List.of("upsert", winner, "e2"),
                            List.of("upsert", winner, "e3")),
                    Set.copyOf(changed(changes, OutputTable.ENTITY_PARTICIPANTS, "entity_id", "event_id")));
            assertEquals(
                    Set.of(
                            List.of("delete", loser, "c"),
                            List.of("upsert", winner, "c"),
                            List.of("upsert", winner, "b")),
                    Set.copyOf(changed(
                            changes, OutputTable.resolvedIdentifiers("person"), "person_id", "identifier_value")));
        }
    }

    @Test
    void anAppendWithoutNewRowsChangesNoRow() throws IOException {
        try (NexusStore store = NexusStore.open(dir, CONFIG)) {
            Stores.append(store, identifiers(List.of(seen("e1", "a"))));
            Changes changes = Stores.append(store, identifiers(List.of(seen("e1", "a"))));
            assertFalse(changes.committed());
            assertEquals(0, new AppliedChanges(CONFIG).apply(changes));
        }
    }

    @Test
    void whoIsNotTouchedIsNotTold() throws IOException {
        try (NexusStore store = NexusStore.open(dir, CONFIG)) {
            Stores.append(store, identifiers(List.of(seen("e1", "a"), seen("e2", "b"))));
            Changes changes = Stores.append(store, identifiers(List.of(seen("e3", "b"))));
            String touched = store.entityOf("person", "email", "b").orElseThrow();
            assertEquals(
                    List.of(List.of("upsert", touched, "e3")),
                    changed(changes, OutputTable.ENTITY_PARTICIPANTS, "entity_id", "event_id"));
            assertEquals(List.of(), changed(changes, OutputTable.ENTITIES, "entity_id"));
        }
    }

    @Test
    void anEventThatComesLateChangesThoseWhoTookPart() throws IOException {
        try (NexusStore store = NexusStore.open(dir, CONFIG)) {
            Stores.append(store, identifiers(List.of(seen("e1", "a"), seen("e2", "b"))));
            Changes changes = Stores.append(
                    store,
                    log(Map.of(
                            InputTable.EVENTS, List.of(row("event_id", "e1", "occurred_at", 3L, "_ingested_at", 9L)))));
            assertEquals(
                    List.of(List.of(
                            "upsert", store.entityOf("person", "email", "a").orElseThrow(), "3")),
                    changed(changes, OutputTable.ENTITIES, "entity_id", "first_interaction_at"));
        }
    }

    @Test
    void aTraitWaitsForItsIdentifier() throws IOException {
        try (NexusStore store = NexusStore.open(dir, CONFIG)) {
            Stores.append(store, identifiers(List.of(seen("e1", "a"))));
            Changes waiting =
                    Stores.append(store, log(Map.of(InputTable.ENTITY_TRAITS, List.of(trait("late", "plan", "pro")))));
            assertEquals(List.of(), changed(waiting, OutputTable.RESOLVED_ENTITY_TRAITS, "trait_value"));
            Changes changes = Stores.append(store, identifiers(List.of(seen("e2", "late"))));
            assertEquals(
                    List.of(List.of("upsert", "pro")),
                    changed(changes, OutputTable.RESOLVED_ENTITY_TRAITS, "trait_value"));
        }
    }

    @Test
    void aCategoryThatStaysGetLateChangesAllOfThem() throws IOException {
        AppliedChanges applied = new AppliedChanges(CONFIG);
        try (NexusStore store = NexusStore.open(dir, CONFIG)) {
            for (boolean categories : new boolean[] {false, false, true}) {
                Map<String, Object> stay = row(
                        "entity_id",
                        categories ? "x" : "y" + store.epoch(),
                        "entity_type",
                        "person",
                        "state_name",
                        "plan",
                        "state_value",
                        "on",
                        "state_entered_at",
                        1L);
                if (categories) {
                    stay.put("state_category", "dimension");
                }
                Changes changes = Stores.append(store, log(Map.of(InputTable.STATES, List.of(stay))));
                assertEquals(categories ? 4 : 2, applied.apply(changes));
                applied.check(store);
            }
        }
    }

    @Test
    void changesOfAnOlderAppendAreStillThere() throws IOException {
        AppliedChanges applied = new AppliedChanges(CONFIG);
        List<Changes> all = new ArrayList<>();
        try (NexusStore store = NexusStore.open(dir, CONFIG)) {
            for (int i = 0; i < 12; i++) {
                all.add(Stores.append(
                        store,
                        log(Map.of(
                                InputTable.ENTITY_IDENTIFIERS,
                                List.of(seen("e" + i, "a" + i), seen("e" + i, "a" + i / 2)),
                                InputTable.ENTITY_TRAITS,
                                List.of(trait("a" + (i + 1), "t" + i, "x"))))));
            }
            store.compact();
            for (Changes each : all) {
                applied.apply(each);
            }
            applied.check(store);
        }
    }

    @Test
    void idsAsBytesAreBytesInChangesToo() throws IOException {
        NexusConfig binary =
                CONFIG.toBuilder().ids(IdForm.BINARY).surrogateKeys(true).build();
        try (NexusStore store = NexusStore.open(dir, binary)) {
            Stores.append(store, identifiers(List.of(seen("e1", "a"))));
            Changes changes = Stores.append(store, identifiers(List.of(seen("e2", "a"))));
            String id = store.entityOf("person", "email", "a").orElseThrow().substring("per_".length());
            try (ChangedTables tables = changes.tables()) {
                Map<String, Object> row = TestTables.rows(tables.reader(OutputTable.ENTITY_PARTICIPANTS))
                        .get(0);
                assertEquals(id, row.get("entity_id"));
                assertEquals("e2", row.get("event_id"));
                assertFalse(row.containsKey("entity_key"));
            }
        }
    }

    @Test
    void changesAreWrittenBesideTheLog() throws IOException {
        Path out = dir.resolve("out");
        try (NexusStore store = NexusStore.open(dir.resolve("store"), CONFIG)) {
            Changes changes = Stores.append(
                    store,
                    log(Map.of(
                            InputTable.ENTITY_IDENTIFIERS,
                            List.of(seen("e1", "a")),
                            InputTable.ENTITY_TRAITS,
                            List.of(trait("a", "epoch", "1"), trait("a", "change", "2")))));
            store.writeChanges(changes, out, TableFormat.CSV);
            Set<String> expected =
                    new TreeSet<>(Set.of("nexus_resolution_log.csv", "nexus_rejects.csv", "nexus_changed_content.csv"));
            try (ChangedTables tables = changes.tables()) {
                tables.tables().stream()
                        .filter(OutputTable::byDefault)
                        .forEach(table -> expected.add(table.name() + "_changes.csv"));
                assertThrows(IllegalArgumentException.class, () -> tables.reader(OutputTable.EVENTS));
            }
            try (Stream<Path> files = Files.list(out)) {
                assertEquals(
                        expected,
                        new TreeSet<>(files.map(f -> f.getFileName().toString()).toList()));
            }
            String header =
                    Files.readAllLines(out.resolve("nexus_persons_changes.csv")).get(0);
            assertTrue(header.startsWith("change,epoch,person_id,id,_processed_at"), header);
            assertTrue(header.endsWith("first_interaction_at,table_change,table_epoch"), header);
        }
    }

    private static Map<String, Object> stay(String email, String state, String value, long at) {
        return row(
                "entity_type",
                "person",
                "identifier_type",
                "email",
                "identifier_value",
                email,
                "state_name",
                state,
                "state_value",
                value,
                "occurred_at",
                at);
    }

    @Test
    void otherSettingsChangeTheRowsThatTheyDeriveOtherwise() throws IOException {
        NexusConfig later = CONFIG.toBuilder()
                .gapMode(GapMode.COMPAT)
                .internalEmails(List.of("a"))
                .aggregator(Aggregator.SUM)
                .build();
        Map<String, Object> measured = row(
                "event_id", "e1", "measurement_name", "amount", "value", 1.5, "occurred_at", 5L, "_ingested_at", 7L);
        Map<String, Object> again = new LinkedHashMap<>(measured);
        again.put("value", 2.5);
        Map<InputTable, List<Map<String, Object>>> first = log(Map.of(
                InputTable.ENTITY_IDENTIFIERS,
                List.of(seen("e1", "a"), seen("e2", "b")),
                InputTable.EVENTS,
                List.of(row("event_id", "e1", "occurred_at", 5L, "_ingested_at", 7L)),
                InputTable.EVENT_MEASUREMENTS,
                List.of(measured, again),
                InputTable.STATE_CHANGES,
                List.of(stay("b", "plan", "free", 1), stay("b", "plan", null, 2), stay("b", "plan", "paid", 3))));
        AppliedChanges applied = new AppliedChanges(CONFIG);
        try (NexusStore store = NexusStore.open(dir, CONFIG)) {
            applied.apply(Stores.append(store, first));
            applied.check(store);
        }
        try (NexusStore store = NexusStore.open(dir, later)) {
            Changes changes = Stores.append(store, identifiers(List.of(seen("e3", "c"))));
            applied.apply(changes);
            applied.check(store);
            assertTrue(changed(changes, "nexus_resolved_entity_traits", "trait_name")
                    .contains(List.of("upsert", "is_internal_user")));
            changes = Stores.append(store, identifiers(List.of(seen("e4", "d"))));
            try (ChangedTables tables = changes.tables()) {
                assertFalse(tables.isComparedWhole("nexus_states"));
            }
            applied.apply(changes);
            applied.check(store);
        }
    }

    @Test
    void changesOfAClosedStoreAreRefused() throws IOException {
        Changes changes;
        try (NexusStore store = NexusStore.open(dir, CONFIG)) {
            changes = Stores.append(store, identifiers(List.of(seen("e1", "a"))));
        }
        assertThrows(IllegalStateException.class, changes::tables);
    }

    @Test
    void everyIdThatIsGoneHasOneAliasThatLives() throws IOException {
        try (NexusStore store = NexusStore.open(dir, CONFIG)) {
            Stores.append(store, identifiers(List.of(seen("e1", "a"), seen("e2", "b"), seen("e3", "c"))));
            Set<String> all = new TreeSet<>();
            for (String email : List.of("a", "b", "c")) {
                all.add(store.entityOf("person", "email", email).orElseThrow());
            }
            assertEquals(List.of(), TestTables.rows(store.aliases()));
            Stores.append(store, identifiers(List.of(seen("e4", "a"), seen("e4", "b"))));
            Stores.append(store, identifiers(List.of(seen("e5", "b"), seen("e5", "c"))));
            String now = store.entityOf("person", "email", "a").orElseThrow();
            List<Map<String, Object>> aliases = TestTables.rows(store.aliases());
            all.remove(now);
            assertEquals(
                    all,
                    new TreeSet<>(aliases.stream()
                            .map(r -> r.get("previous_entity_id"))
                            .map(String::valueOf)
                            .toList()));
            assertEquals(2, aliases.size());
            for (Map<String, Object> alias : aliases) {
                assertEquals(now, alias.get("entity_id"));
                assertEquals("person", alias.get("entity_type"));
                assertEquals(7L, alias.get("at"));
            }
            assertEquals(
                    Set.of(2L, 3L),
                    Set.of(aliases.get(0).get("epoch"), aliases.get(1).get("epoch")));
        }
    }
}
