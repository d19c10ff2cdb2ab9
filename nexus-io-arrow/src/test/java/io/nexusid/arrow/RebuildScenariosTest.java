package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.EntityType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.FaultPolicy;
import io.nexusid.api.GapMode;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ParticipantIds;
import io.nexusid.api.ResolveOn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of ids when a store is opened under other rules, case by case. */
class RebuildScenariosTest {
    private static final NexusConfig RAW =
            NexusConfig.builder().clock(Instant.parse("2026-01-31T12:00:00Z")).build();
    private static final NexusConfig NORMALIZED =
            RAW.toBuilder().resolveOn(ResolveOn.NORMALIZED).build();

    @TempDir
    Path dir;

    /** One event with these e-mails. */
    private static Changes append(NexusStore store, String type, String... emails) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String email : emails) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("event_id", "event" + store.epoch());
            row.put("edge_id", "edge" + store.epoch());
            row.put("entity_type", type);
            row.put("identifier_type", "email");
            row.put("identifier_value", email);
            row.put("occurred_at", store.epoch());
            row.put("_ingested_at", store.epoch());
            rows.add(row);
        }
        return Stores.append(store, Map.of(InputTable.ENTITY_IDENTIFIERS, rows));
    }

    private static String person(NexusStore store, String email) {
        return store.entityOf("person", "email", email).orElseThrow();
    }

    private static List<List<Object>> logged(NexusStore store, long since) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        for (Map<String, Object> row : TestTables.rows(store.log(since))) {
            List<Object> cells = new ArrayList<>();
            for (String column :
                    List.of("resolution_reason", "identifier_value", "previous_entity_id", "entity_id", "seq")) {
                cells.add(String.valueOf(row.get(column)));
            }
            rows.add(cells);
        }
        return rows;
    }

    @Test
    void whoBecomesOneKeepsTheIdOfTheLargest() throws IOException {
        String small;
        String large;
        try (NexusStore store = NexusStore.open(dir, RAW)) {
            append(store, "person", "Ann@x.org");
            append(store, "person", "ann@x.org", "ann2@x.org");
            small = person(store, "Ann@x.org");
            large = person(store, "ann@x.org");
        }
        try (NexusStore store = NexusStore.openRebuilding(dir, NORMALIZED)) {
            Changes changes = store.rebuilt().orElseThrow();
            assertEquals(3, changes.epoch());
            assertEquals(2, changes.count("person", ChangeReason.FULL_RESOLUTION));
            assertEquals(1, changes.count("person", ChangeReason.REPOINTED));
            assertEquals(Map.of("person", 1, "group", 0), changes.merged());
            assertEquals(large, person(store, "Ann@x.org"));
            assertEquals(Optional.of(large), store.resolve(small));
            assertEquals(
                    List.of(
                            List.of("full_resolution", "ann2@x.org", "null", large, "0"),
                            List.of("full_resolution", "ann@x.org", "null", large, "1"),
                            List.of("repointed", "ann@x.org", small, large, "2")),
                    logged(store, 2));
        }
    }

    @Test
    void whoFallsApartLeavesItsIdToTheLargerPartAndTheLogTellsWhoLeft() throws IOException {
        String id;
        try (NexusStore store = NexusStore.open(dir, NORMALIZED)) {
            append(store, "person", "B@x.org", "c@x.org");
            append(store, "person", "b@x.org", "a@x.org");
            append(store, "person", "B@X.ORG", "d@x.org", "e@x.org");
            id = person(store, "b@x.org");
        }
        try (NexusStore store = NexusStore.openRebuilding(dir, RAW)) {
            assertEquals(id, person(store, "d@x.org"), "three of its five identifiers");
            String first = person(store, "c@x.org");
            String second = person(store, "a@x.org");
            assertEquals(3, List.of(id, first, second).stream().distinct().count());
            assertEquals(
                    List.of(
                            List.of("repointed", "B@x.org", id, first, "7"),
                            List.of("repointed", "a@x.org", id, second, "8"),
                            List.of("repointed", "b@x.org", id, second, "9"),
                            List.of("repointed", "c@x.org", id, first, "10")),
                    logged(store, 3).stream()
                            .filter(row -> row.get(0).equals("repointed"))
                            .toList());
            assertEquals(List.of(), TestTables.rows(store.aliases()));
        }
    }

    @Test
    void anIdOfATypeThatIsNotResolvedAnyMoreLeadsNowhereUntilItIsAgain() throws IOException {
        NexusConfig registered = NexusConfig.builder()
                .entityTypes(EntityType.PERSON, EntityType.registered("group"))
                .build();
        String id;
        try (NexusStore store = NexusStore.open(dir, RAW)) {
            append(store, "group", "x.org", "y.org");
            id = store.entityOf("group", "email", "x.org").orElseThrow();
        }
        List<List<Object>> before;
        try (NexusStore store = NexusStore.openRebuilding(dir, registered)) {
            assertEquals(1, store.rebuilt().orElseThrow().count("group", ChangeReason.DROPPED));
            assertEquals(
                    Map.of("person", 0, "group", 0),
                    store.rebuilt().orElseThrow().merged());
            assertEquals(Optional.empty(), store.resolve(id));
            Map<String, Object> alias = TestTables.rows(store.aliases()).get(0);
            assertEquals("group", alias.get("entity_type"));
            assertEquals(id, alias.get("previous_entity_id"));
            assertEquals(null, alias.get("entity_id"));
            assertEquals(2L, alias.get("epoch"));
            before = logged(store, 0);
            assertEquals(List.of("dropped", "x.org", id, "null", "0"), before.get(2));
            Changes later = append(store, "group", "z.org");
            try (ChangedTables tables = later.tables()) {
                assertEquals(List.of(), TestTables.rows(tables.reader(OutputTable.ENTITIES)), "nobody is resolved");
            }
            append(store, "person", "ann@x.org");
        }
        try (NexusStore store = NexusStore.openRebuilding(dir, RAW)) {
            assertEquals(Optional.of(id), store.entityOf("group", "email", "y.org"));
            assertEquals(Optional.of(id), store.resolve(id));
            assertEquals(List.of(), TestTables.rows(store.aliases()));
            assertEquals(before, logged(store, 0).subList(0, 3));
        }
    }

    @Test
    void anotherPrefixMakesAnotherIdOfEachAndTheOldOnesLeadOn() throws IOException {
        NexusConfig human = NexusConfig.builder()
                .entityTypes(new EntityType("person", true, "human"), EntityType.GROUP)
                .build();
        String id;
        List<List<Object>> before;
        try (NexusStore store = NexusStore.open(dir, RAW)) {
            append(store, "person", "ann@x.org");
            id = person(store, "ann@x.org");
            before = logged(store, 0);
        }
        String other = id.replace("per_", "human_");
        try (NexusStore store = NexusStore.openRebuilding(dir, human)) {
            assertEquals(other, person(store, "ann@x.org"));
            assertEquals(Optional.of(other), store.resolve(id));
            assertEquals(1, store.identifiersOf(id).size());
            assertEquals(before, logged(store, 0).subList(0, 1), "what was logged stays as it was");
        }
        try (NexusStore store = NexusStore.openRebuilding(dir, RAW)) {
            assertEquals(Optional.of(id), store.resolve(other));
            assertEquals(Optional.of(id), store.resolve(id));
            Map<String, Object> alias = TestTables.rows(store.aliases()).get(0);
            assertEquals(List.of(other, id), List.of(alias.get("previous_entity_id"), alias.get("entity_id")));
        }
    }

    @Test
    void onlyOtherRulesRebuildAndOnlyIfAsked() throws IOException {
        try (NexusStore store = NexusStore.openRebuilding(dir, RAW)) {
            assertFalse(store.rebuilt().isPresent(), "a new store");
            append(store, "person", "ann@x.org");
        }
        NexusConfigException e = assertThrows(NexusConfigException.class, () -> NexusStore.open(dir, NORMALIZED));
        assertTrue(Objects.requireNonNull(e.getMessage()).contains("append --rebuild"), e.getMessage());
        assertThrows(NexusConfigException.class, () -> NexusStore.openToRead(dir, NORMALIZED));
        NexusConfig gaps = NexusConfig.builder().gapMode(GapMode.COMPAT).build();
        for (NexusConfig same : List.of(RAW, gaps)) {
            try (NexusStore store = NexusStore.openRebuilding(dir, same)) {
                assertFalse(store.rebuilt().isPresent());
                assertEquals(1, store.epoch());
            }
        }
    }

    @Test
    void aRebuildThatTheRowsDoNotBearChangesNothing() throws IOException {
        NexusConfig blanks = NexusConfig.builder().ignoreEmptyIdentifiers(false).build();
        NexusConfig strict = NexusConfig.builder()
                .fault(FaultCode.BLANK_IDENTIFIER, FaultPolicy.FAIL)
                .build();
        String id;
        try (NexusStore store = NexusStore.open(dir, blanks)) {
            append(store, "person", "", "ann@x.org");
            id = person(store, "ann@x.org");
        }
        assertThrows(NexusDataException.class, () -> NexusStore.openRebuilding(dir, strict));
        try (NexusStore store = NexusStore.open(dir, blanks)) {
            assertEquals(1, store.epoch());
            assertEquals(id, person(store, ""));
        }
        try (NexusStore store = NexusStore.openRebuilding(dir, RAW)) {
            Changes changes = store.rebuilt().orElseThrow();
            List<Map<String, Object>> rejects = TestTables.rows(changes.rejects());
            assertEquals(1, rejects.size(), "what the rules of now set aside is listed");
            assertEquals("blank_identifier", rejects.get(0).get("code"));
            assertEquals(id, person(store, "ann@x.org"));
            assertEquals(Optional.empty(), store.entityOf("person", "email", ""));
        }
    }

    @Test
    void aRebuildAndTheAppendAfterItAreToldAsOne() throws IOException {
        AppliedChanges applied = new AppliedChanges(RAW);
        try (NexusStore store = NexusStore.open(dir, RAW)) {
            applied.apply(append(store, "person", "Ann@x.org", "bob@x.org"));
            applied.apply(append(store, "person", "ann@x.org"));
        }
        try (NexusStore store = NexusStore.openRebuilding(dir, NORMALIZED)) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("event_id", "late");
            row.put("edge_id", "edge0");
            row.put("entity_type", "person");
            row.put("identifier_type", "email");
            row.put("identifier_value", "CARL@x.org");
            row.put("_ingested_at", 9L);
            Changes last = Stores.append(store, Map.of(InputTable.ENTITY_IDENTIFIERS, List.of(row)));
            assertEquals(person(store, "ann@x.org"), person(store, "carl@x.org"), "a late member of an edge of before");
            Changes rebuilt = store.rebuilt().orElseThrow();
            Changes both = last.with(rebuilt);
            assertEquals(4, both.epoch());
            assertEquals(3, rebuilt.epoch());
            assertThrows(IllegalArgumentException.class, () -> rebuilt.with(last));
            applied.apply(both);
            applied.check(store);
        }
    }

    @Test
    void participantsThatKeepTheirIdsAreMintedAnewByARebuildOnly() throws IOException {
        NexusConfig stable =
                NexusConfig.builder().participantIds(ParticipantIds.STABLE).build();
        NexusConfig normalized =
                stable.toBuilder().resolveOn(ResolveOn.NORMALIZED).build();
        try (NexusStore store = NexusStore.open(dir, stable)) {
            append(store, "person", "Ann@x.org");
            append(store, "person", "ann@x.org");
            append(store, "person", "ann@x.org", "Ann@x.org");
        }
        assertNotEquals(mintedAnew(stable), participants(stable), "one is called after the id that is gone");
        NexusStore.openRebuilding(dir, normalized).close();
        List<Object> rebuilt = participants(normalized);
        assertEquals(mintedAnew(normalized), rebuilt);
        try (NexusStore store = NexusStore.open(dir, normalized)) {
            append(store, "person", "bob@x.org", "carl@x.org");
            append(store, "person", "ann@x.org", "bob@x.org");
        }
        assertTrue(participants(normalized).containsAll(rebuilt));
        assertFalse(mintedAnew(normalized).containsAll(rebuilt), "the entity has lost its id since");
    }

    private List<Object> mintedAnew(NexusConfig config) throws IOException {
        return participants(
                config.toBuilder().participantIds(ParticipantIds.REBUILD).build());
    }

    private List<Object> participants(NexusConfig config) throws IOException {
        try (NexusStore store = NexusStore.openToRead(dir, config);
                ResolvedTables tables = store.tables(List.of(OutputTable.ENTITY_PARTICIPANTS))) {
            return TestTables.rows(tables.reader(OutputTable.ENTITY_PARTICIPANTS)).stream()
                    .map(row -> row.get("entity_participant_id"))
                    .toList();
        }
    }
}
