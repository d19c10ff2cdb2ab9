package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.fixtures.ChecksTimelines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The eight shapes of incremental resolution, and that every invariant holds after every step of each. */
@ChecksTimelines
class StoreScenariosTest {
    private static final List<String> TYPES = List.of("person", "group");
    private static final long DAY = 86_400_000_000L;

    @TempDir
    private Path dir;

    private NexusStore store;
    private StoreInvariants invariants;
    private final List<Map<String, Object>> rows = new ArrayList<>();
    private List<Map<String, Object>> step = new ArrayList<>();
    private final Map<ChangeReason, Integer> reasons = new HashMap<>();
    private int steps;
    private int events;

    @BeforeEach
    void open() throws IOException {
        NexusConfig config = NexusConfig.builder()
                .clock(Instant.parse("2026-01-31T12:00:00Z"))
                .build();
        store = NexusStore.open(dir, config);
        invariants = new StoreInvariants(TYPES);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    /** One event in which all of these were seen, as {@code type:value}; a group's are {@code group/type:value}. */
    private void event(String... identifiers) {
        String edge = "edge" + ++events;
        for (String identifier : identifiers) {
            member(edge, identifier);
        }
    }

    private void member(String edge, String identifier) {
        boolean group = identifier.startsWith("group/");
        String[] parts = identifier.substring(group ? 6 : 0).split(":", -1);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("event_id", "event-of-" + edge);
        row.put("edge_id", edge);
        row.put("entity_type", group ? "group" : "person");
        row.put("identifier_type", parts[0]);
        row.put("identifier_value", parts[1]);
        row.put("role", null);
        row.put("source", "test");
        row.put("occurred_at", DAY * 19_000 - DAY * steps);
        row.put("_ingested_at", DAY * 20_000 + DAY * steps);
        step.add(row);
    }

    /** Delivers the events since the last step, checks everything, and delivers them again. */
    private Changes deliver() throws IOException {
        steps++;
        Changes changes = Stores.append(store, Map.of(InputTable.ENTITY_IDENTIFIERS, step));
        rows.addAll(step);
        for (ChangeReason reason : ChangeReason.values()) {
            TYPES.forEach(type -> reasons.merge(reason, changes.count(type, reason), Integer::sum));
        }
        invariants.check(store, rows);
        Changes again = Stores.append(store, Map.of(InputTable.ENTITY_IDENTIFIERS, step));
        assertFalse(again.committed());
        assertEquals(
                step.size(), again.rows().get(InputTable.ENTITY_IDENTIFIERS).duplicates());
        invariants.check(store, rows);
        step = new ArrayList<>();
        return changes;
    }

    private String person(String type, String value) {
        return store.entityOf("person", type, value).orElseThrow();
    }

    private int count(ChangeReason reason) {
        return reasons.get(reason);
    }

    @Test
    void aStrangerIsBorn() throws IOException {
        event("email:a");
        deliver();
        event("email:b");
        deliver();
        assertNotEquals(person("email", "a"), person("email", "b"));
        assertEquals(1, count(ChangeReason.BORN));
        assertEquals(0, count(ChangeReason.ACCRETED));
        assertEquals(0, count(ChangeReason.REPOINTED));
    }

    @Test
    void aNewIdentifierJoinsAndNothingIsNoStep() throws IOException {
        event("email:a", "anon:n");
        deliver();
        String id = person("email", "a");
        event("anon:n", "email:c");
        deliver();
        assertEquals(id, person("email", "c"));
        assertEquals(1, count(ChangeReason.ACCRETED));
        assertFalse(Stores.append(store, Map.of()).committed());
        assertEquals(2, store.epoch());
    }

    @Test
    void twoEntitiesBecomeOneAndTheSmallerIdSurvivesATie() throws IOException {
        event("email:1", "anon:1");
        event("email:2", "anon:2");
        deliver();
        String first = person("email", "1");
        String second = person("email", "2");
        event("anon:1", "email:2");
        deliver();
        String survivor = first.compareTo(second) < 0 ? first : second;
        assertEquals(survivor, person("anon", "2"));
        assertEquals(survivor, person("email", "1"));
        assertEquals(2, count(ChangeReason.REPOINTED));
        assertEquals(survivor, store.resolve(first).orElseThrow());
        assertEquals(survivor, store.resolve(second).orElseThrow());
        assertEquals(4, store.identifiersOf(second).size());
    }

    @Test
    void aChainWithinOneBatchHasAnyLength() throws IOException {
        event("email:1a", "email:1b");
        event("email:2a", "email:2b");
        event("email:3a", "email:3b");
        deliver();
        event("email:1b", "anon:x");
        event("anon:x", "email:2a");
        event("email:2b", "anon:y");
        event("anon:y", "email:3a");
        deliver();
        assertEquals(person("email", "1a"), person("email", "3b"));
        assertEquals(2, count(ChangeReason.ACCRETED));
        assertEquals(4, count(ChangeReason.REPOINTED));
    }

    @Test
    void aChainAcrossBatchesIsCompressed() throws IOException {
        event("email:1a", "email:1b");
        event("email:2a", "email:2b");
        event("email:3a", "email:3b");
        deliver();
        event("email:1b", "email:2a");
        deliver();
        event("email:2b", "email:3a");
        deliver();
        assertEquals(person("email", "1a"), person("email", "3b"));
        assertEquals(4, count(ChangeReason.REPOINTED));
    }

    @Test
    void theWatermarkRisesWithEveryStep() throws IOException {
        event("email:a", "anon:n");
        Instant first = deliver().watermarks().get("test");
        event("email:a", "anon:n");
        Instant second = deliver().watermarks().get("test");
        event("email:b");
        Instant third = deliver().watermarks().get("test");
        assertTrue(first.isBefore(second) && second.isBefore(third));
        assertEquals(1, count(ChangeReason.BORN));
        assertEquals(2, count(ChangeReason.REOBSERVED));
    }

    @Test
    void whatHappenedBeforeAndArrivesLaterJoins() throws IOException {
        event("email:1", "anon:n");
        deliver();
        event("anon:n", "email:2");
        step.forEach(row -> row.put("occurred_at", 0L));
        deliver();
        assertEquals(person("email", "1"), person("email", "2"));
        assertEquals(1, count(ChangeReason.ACCRETED));
    }

    @Test
    void groupsMergeAndThePersonBesideThemDoesNot() throws IOException {
        event("group/domain:x.org", "group/name:X");
        event("group/domain:y.org", "group/name:Y");
        deliver();
        event("group/domain:x.org", "group/domain:y.org", "email:ann");
        Changes changes = deliver();
        assertEquals(store.entityOf("group", "name", "X"), store.entityOf("group", "name", "Y"));
        assertEquals(2, changes.count("group", ChangeReason.REPOINTED));
        assertEquals(1, changes.count("person", ChangeReason.BORN));
        assertEquals(1, store.identifiersOf(person("email", "ann")).size());
    }

    @Test
    void aLateMemberOfAnEdgeGroupLinks() throws IOException {
        member("shared", "email:a");
        deliver();
        store.close();
        store = NexusStore.open(dir, store.config());
        member("shared", "phone:b");
        deliver();
        assertEquals(person("email", "a"), person("phone", "b"));
    }

    @Test
    void theExampleOfTheReferenceHasItsIds() throws IOException {
        event("email:a1", "ph:a2", "dev:a3");
        event("email:b1", "ph:b2");
        deliver();
        assertEquals("per_068f790477536740351eae58cf591636", person("email", "a1"));
        assertEquals("per_c90be5f4da8508387760c113328e7ecd", person("email", "b1"));
        event("ph:a2", "email:b1", "email:new");
        deliver();
        assertEquals("per_068f790477536740351eae58cf591636", person("ph", "b2"));
        assertEquals(
                "per_068f790477536740351eae58cf591636",
                store.resolve("per_c90be5f4da8508387760c113328e7ecd").orElseThrow());
        List<String> reasons = new ArrayList<>();
        try (ResolvedTables tables = store.tables(List.of("nexus_resolved_person_identifiers"))) {
            TestTables.rows(tables.reader("nexus_resolved_person_identifiers"))
                    .forEach(row -> reasons.add(row.get("identifier_value") + " " + row.get("resolution_reason") + " "
                            + row.get("previous_entity_id")));
        }
        assertEquals(
                List.of(
                        "a3 full_resolution null",
                        "a1 full_resolution null",
                        "b1 repointed per_c90be5f4da8508387760c113328e7ecd",
                        "new accreted null",
                        "a2 reobserved null",
                        "b2 repointed per_c90be5f4da8508387760c113328e7ecd"),
                reasons);
    }
}
