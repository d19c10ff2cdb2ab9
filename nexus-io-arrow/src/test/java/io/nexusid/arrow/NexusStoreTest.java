package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.Compat;
import io.nexusid.api.EntityType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.GapMode;
import io.nexusid.api.IdPolicy;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ResolveOn;
import io.nexusid.fixtures.ChecksTimelines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store takes, refuses and reports. */
@ChecksTimelines
class NexusStoreTest {
    @TempDir
    private Path dir;

    private static Map<String, Object> row(Object... cells) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < cells.length; i += 2) {
            row.put((String) cells[i], cells[i + 1]);
        }
        return row;
    }

    private static Map<String, Object> seen(String email, String source, Object ingested) {
        return row(
                "entity_identifier_id",
                null,
                "edge_id",
                "edge-" + email,
                "entity_type",
                "person",
                "identifier_type",
                "email",
                "identifier_value",
                email,
                "source",
                source,
                "_ingested_at",
                ingested);
    }

    @SafeVarargs
    private static Map<InputTable, List<Map<String, Object>>> log(Map<String, Object>... rows) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            all.add(row);
        }
        return Map.of(InputTable.ENTITY_IDENTIFIERS, all);
    }

    private Map<String, String> bytes() throws IOException {
        Map<String, String> bytes = new TreeMap<>();
        try (Stream<Path> files = Files.list(dir)) {
            for (Path file : files.filter(f -> !f.endsWith("LOCK")).toList()) {
                bytes.put(file.getFileName().toString(), Arrays.toString(Files.readAllBytes(file)));
            }
        }
        return bytes;
    }

    @Test
    void aSourceThatLagsLosesNothing() throws IOException {
        try (NexusStore store = NexusStore.open(dir, NexusConfig.defaults())) {
            Stores.append(store, log(seen("a", "fast", 2_000_000L)));
            Changes changes = Stores.append(store, log(seen("b", "slow", 1_000_000L), seen("c", null, 3_000_000L)));
            assertTrue(store.entityOf("person", "email", "b").isPresent());
            assertEquals(
                    Map.of(
                            "<none>", Instant.ofEpochSecond(3),
                            "fast", Instant.ofEpochSecond(2),
                            "slow", Instant.ofEpochSecond(1)),
                    changes.watermarks());
            Stores.append(store, log(seen("d", "fast", 1_000_000L)));
            assertEquals(Instant.ofEpochSecond(2), store.watermarks().get("fast"));
        }
    }

    @Test
    void aSecondDeliveryChangesNoByte() throws IOException {
        try (NexusStore store = NexusStore.open(dir, NexusConfig.defaults())) {
            Stores.append(store, log(seen("a", "s", 1L), seen("b", "s", 2L)));
            Map<String, String> before = bytes();
            Changes changes = Stores.append(store, log(seen("b", "s", 9L), seen("a", "s", 1L), seen("a", "s", 1L)));
            assertFalse(changes.committed());
            assertEquals(1, changes.epoch());
            assertEquals(before, bytes());
        }
    }

    @Test
    void anOtherVersionOfARowIsTakenAndReported() throws IOException {
        Map<String, Object> first = seen("a", "s", 1L);
        first.put("entity_identifier_id", "row1");
        Map<String, Object> second = seen("b", "s", 2L);
        second.put("entity_identifier_id", "row1");
        try (NexusStore store = NexusStore.open(dir, NexusConfig.defaults())) {
            Stores.append(store, log(first));
            Changes changes = Stores.append(store, log(second));
            assertEquals(new Changes.Rows(1, 1, 0, 1, 0), changes.rows().get(InputTable.ENTITY_IDENTIFIERS));
            assertTrue(store.entityOf("person", "email", "a").isPresent());
            assertTrue(store.entityOf("person", "email", "b").isPresent());
        }
    }

    @Test
    void ofTwoVersionsOfAnEventTheOneLoadedLastStands() throws IOException {
        try (NexusStore store = NexusStore.open(dir, NexusConfig.defaults())) {
            for (String name : List.of("new", "old")) {
                Stores.append(
                        store,
                        Map.of(
                                InputTable.EVENTS,
                                List.of(row(
                                        "event_id",
                                        "e",
                                        "occurred_at",
                                        5L,
                                        "event_name",
                                        name,
                                        "_ingested_at",
                                        name.equals("new") ? 9L : 8L))));
            }
            try (ResolvedTables tables = store.tables(List.of("nexus_events"))) {
                List<Map<String, Object>> rows = TestTables.rows(tables.reader("nexus_events"));
                assertEquals(1, rows.size());
                assertEquals("new", rows.get(0).get("event_name"));
            }
        }
    }

    @Test
    void aRowThatDoesNotSayWhenItWasLoadedIsRefusedAndNothingIsTaken() throws IOException {
        try (NexusStore store = NexusStore.open(dir, NexusConfig.defaults())) {
            Stores.append(store, log(seen("a", "s", 1L)));
            Map<String, String> before = bytes();
            NexusDataException e = assertThrows(
                    NexusDataException.class,
                    () -> Stores.append(store, log(seen("secret", "s", 1L), seen("secret2", "shop", null))));
            assertEquals(FaultCode.MISSING_VALUE, e.code());
            assertEquals(2, e.row());
            assertEquals("input 1", e.file());
            assertTrue(Objects.requireNonNull(e.getMessage()).contains("source shop"), e.getMessage());
            assertFalse(e.getMessage().contains("secret"));
            assertEquals(before, bytes());
            assertTrue(store.entityOf("person", "email", "secret").isEmpty());
            assertTrue(Stores.append(store, log(seen("secret", "s", 1L))).committed());
        }
    }

    @Test
    void allSourcesThatDoNotSayWhenRowsWereLoadedAreNamedAndTheFirstRowIs() throws IOException {
        try (NexusStore store = NexusStore.open(dir, NexusConfig.defaults())) {
            NexusDataException e = assertThrows(
                    NexusDataException.class,
                    () -> Stores.append(
                            store,
                            log(
                                    seen("", "s", 1L),
                                    seen("a", "s", 1L),
                                    seen("", "s", 1L),
                                    seen("b", "shop", null),
                                    seen("", "s", 1L),
                                    seen("c", null, null),
                                    seen("d", "mail", null))));
            assertEquals(4, e.row());
            assertTrue(
                    Objects.requireNonNull(e.getMessage()).contains("rows of sources <none>, mail, shop do not say"),
                    e.getMessage());
        }
    }

    @Test
    void mergedEntitiesAreCountedAndRenamedOnesAreNot() throws IOException {
        NexusConfig config = NexusConfig.builder().idPolicy(IdPolicy.CONTENT).build();
        Map<String, Object> first = seen("m", "s", 1L);
        Map<String, Object> smaller = seen("b", "s", 2L);
        Map<String, Object> other = seen("z", "s", 3L);
        first.put("edge_id", "edge");
        smaller.put("edge_id", "edge");
        try (NexusStore store = NexusStore.open(dir, config)) {
            Stores.append(store, log(first, other));
            assertEquals(0, Stores.append(store, log(smaller)).merged().get("person"));
            Map<String, Object> both = seen("z", "s", 4L);
            both.put("edge_id", "edge");
            assertEquals(1, Stores.append(store, log(both)).merged().get("person"));
        }
    }

    @Test
    void rowsThatAreSetAsideAreCountedAndListed() throws IOException {
        try (NexusStore store = NexusStore.open(dir, NexusConfig.defaults())) {
            Changes changes = Stores.append(store, log(seen("a", "s", 1L), seen("", "s", 1L), seen("a", "s", 1L)));
            assertEquals(new Changes.Rows(3, 1, 1, 0, 1), changes.rows().get(InputTable.ENTITY_IDENTIFIERS));
            List<Map<String, Object>> rejects = TestTables.rows(changes.rejects());
            assertEquals(1, rejects.size());
            assertEquals(2L, rejects.get(0).get("row_number"));
            assertEquals("blank_identifier", rejects.get(0).get("code"));
            Path out = dir.resolve("out");
            store.writeChanges(Stores.append(store, log(seen("", "s", 1L))), out, TableFormat.CSV);
            assertEquals(2, Files.readAllLines(out.resolve("nexus_rejects.csv")).size());
        }
    }

    @Test
    void anIdentifierIsFoundAsItsRowHasItWhereTheNormalizedValueCounts() throws IOException {
        NexusConfig config =
                NexusConfig.builder().resolveOn(ResolveOn.NORMALIZED).build();
        try (NexusStore store = NexusStore.open(dir, config)) {
            Stores.append(store, log(seen("Ann@Example.org", "s", 1L)));
            assertEquals(
                    store.entityOf("person", "email", "ann@example.org").orElseThrow(),
                    store.entityOf("person", "email", "Ann@Example.org").orElseThrow());
            assertTrue(store.entityOf("person", "cookie", "Ann@Example.org").isEmpty());
            assertEquals(
                    1, store.timelines("person", "email", "ANN@example.org").size());
        }
    }

    @Test
    void rowsThatWereTakenStayWhenASettingBecomesStricter() throws IOException {
        Map<InputTable, List<Map<String, Object>>> flags = Map.of(
                InputTable.EVENT_DIMENSIONS,
                List.of(row(
                        "event_id", "e",
                        "dimension_name", "is_new",
                        "dimension_value", "maybe",
                        "_ingested_at", 1L)),
                InputTable.EVENTS,
                List.of(row("event_id", "e", "occurred_at", 1L, "_ingested_at", 1L)));
        try (NexusStore store =
                NexusStore.open(dir, NexusConfig.builder().lenientBooleans(true).build())) {
            Stores.append(store, flags);
        }
        try (NexusStore store = NexusStore.open(dir, NexusConfig.defaults())) {
            assertThrows(NexusDataException.class, () -> Stores.append(store, flags));
            Changes changes = Stores.append(store, log(seen("a", "s", 1L)));
            try (ChangedTables tables = changes.tables();
                    ResolvedTables all = store.tables()) {
                assertEquals(List.of(), TestTables.rows(tables.reader(OutputTable.EVENT_DIMENSIONS)));
                assertEquals(
                        false,
                        TestTables.rows(all.reader(OutputTable.EVENT_DIMENSIONS))
                                .get(0)
                                .get("is_new"));
            }
        }
    }

    @Test
    void aBadRowInAnyTableLeavesAllAsItWas() throws IOException {
        try (NexusStore store = NexusStore.open(dir, NexusConfig.defaults())) {
            Stores.append(store, log(seen("a", "s", 1L)));
            Map<String, String> before = bytes();
            Map<InputTable, List<Map<String, Object>>> bad = Map.of(
                    InputTable.ENTITY_IDENTIFIERS,
                    List.of(seen("b", "s", 2L)),
                    InputTable.STATE_CHANGES,
                    List.of(row(
                            "entity_type", "person",
                            "identifier_type", "email",
                            "identifier_value", "b",
                            "state_name", "",
                            "state_value", "x",
                            "occurred_at", 1L)));
            assertThrows(NexusDataException.class, () -> Stores.append(store, bad));
            assertEquals(before, bytes());
            assertTrue(store.entityOf("person", "email", "b").isEmpty());
        }
    }

    @Test
    void otherRulesAreRefusedAndOtherSettingsAreNot() throws IOException {
        NexusStore.open(dir, NexusConfig.defaults()).close();
        try (NexusStore store = NexusStore.open(dir, NexusConfig.defaults())) {
            Stores.append(store, log(seen("a", "s", 1L)));
        }
        NexusConfig other = NexusConfig.builder().idPolicy(IdPolicy.CONTENT).build();
        NexusConfigException e = assertThrows(NexusConfigException.class, () -> NexusStore.open(dir, other));
        assertTrue(Objects.requireNonNull(e.getMessage()).contains("id_policy"), e.getMessage());
        NexusConfig types = NexusConfig.builder().entityTypes(EntityType.PERSON).build();
        assertThrows(NexusConfigException.class, () -> NexusStore.open(dir, types));
        NexusConfig gaps = NexusConfig.builder().gapMode(GapMode.COMPAT).build();
        try (NexusStore store = NexusStore.open(dir, gaps)) {
            Stores.append(store, log(seen("b", "s", 1L)));
        }
        try (NexusStore store = NexusStore.openToRead(dir)) {
            assertEquals(GapMode.COMPAT, store.config().gapMode());
        }
    }

    @Test
    void whatNoStoreCanDoIsRefusedBeforeAFolderIsMade() {
        Path target = dir.resolve("new");
        assertThrows(NexusConfigException.class, () -> NexusStore.open(target, NexusConfig.of(Compat.V0_13_DUCKDB)));
        NexusConfig capped = NexusConfig.builder().maxHops(3).build();
        assertThrows(NexusConfigException.class, () -> NexusStore.open(target, capped));
        assertFalse(Files.exists(target));
    }

    @Test
    void oneWritesAndOthersRead() throws IOException {
        try (NexusStore store = NexusStore.open(dir, NexusConfig.defaults())) {
            Stores.append(store, log(seen("a", "s", 1L)));
            assertThrows(IllegalStateException.class, () -> NexusStore.open(dir, NexusConfig.defaults()));
            try (NexusStore reader = NexusStore.openToRead(dir)) {
                assertEquals(store.entityOf("person", "email", "a"), reader.entityOf("person", "email", "a"));
                assertThrows(IllegalStateException.class, () -> Stores.append(reader, log(seen("b", "s", 1L))));
                for (int i = 0; i < 5; i++) {
                    Stores.append(store, log(seen("b", "s", 1L), seen("c" + i, "s", 1L)));
                }
                assertTrue(reader.entityOf("person", "email", "b").isEmpty());
                assertEquals(1, reader.epoch());
                assertEquals(1, Stores.tables(reader).get("nexus_entities").size());
            }
        }
    }

    @Test
    void tablesKeepTheEpochTheyWereAskedOf() throws IOException {
        try (NexusStore store = NexusStore.open(dir, NexusConfig.defaults())) {
            Stores.append(store, log(seen("a", "s", 1L)));
            try (ResolvedTables tables = store.tables()) {
                for (int i = 0; i < 10; i++) {
                    Stores.append(store, log(seen("b" + i, "s", 1L)));
                }
                assertEquals(1, TestTables.rows(tables.reader("nexus_entities")).size());
            }
            assertEquals(11, TestTables.rows(store.log()).size());
            assertEquals(3, TestTables.rows(store.log(8)).size());
        }
    }

    @Test
    void anEmptyStoreHasEmptyTables() throws IOException {
        try (NexusStore store = NexusStore.open(dir, NexusConfig.defaults())) {
            assertTrue(Stores.tables(store).values().stream().allMatch(List::isEmpty));
            assertTrue(store.resolve("per_00000000000000000000000000000000").isEmpty());
            assertTrue(store.resolve("nonsense").isEmpty());
            assertTrue(
                    store.identifiersOf("per_0000000000000000000000000000000g").isEmpty());
            store.compact();
            assertTrue(store.verify().clean());
        }
    }

    @Test
    void aLogReadWithOtherSettingsIsRefused() throws IOException {
        try (NexusStore store = NexusStore.open(dir, NexusConfig.defaults());
                Nexus nexus = Nexus.open(NexusConfig.builder().build());
                EventLog log = nexus.log().build()) {
            assertThrows(IllegalArgumentException.class, () -> store.append(log));
        }
    }
}
