package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.InputTable;
import io.nexusid.api.OutputTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What holds after every step of a store under stable ids, whatever came. */
final class StoreInvariants {
    private final List<String> types;
    private final Map<List<Object>, Object> entityBefore = new HashMap<>();
    private List<Map<String, Object>> logBefore = List.of();

    StoreInvariants(List<String> types) {
        this.types = types;
    }

    /**
     * Checks a step.
     *
     * @param rows all identifier rows so far
     */
    void check(NexusStore store, List<Map<String, Object>> rows) throws IOException {
        Map<String, List<Map<String, Object>>> tables = tables(store);
        List<Map<String, Object>> log = TestTables.rows(store.log());
        Set<Object> losers = new HashSet<>();
        for (Map<String, Object> row : log) {
            checkShape(row);
            losers.add(row.get("previous_entity_id"));
        }
        losers.remove(null);
        assertEquals(logBefore, log.subList(0, logBefore.size()), "the log only grows");

        Map<List<Object>, Object> entityOf = new HashMap<>();
        for (String type : types) {
            for (Map<String, Object> row : tables.get(OutputTable.resolvedIdentifiers(type))) {
                List<Object> identifier = List.of(type, row.get("identifier_type"), row.get("identifier_value"));
                Object id = row.get(type + "_id");
                assertNull(entityOf.put(identifier, id), "one row for each identifier");
                assertFalse(losers.contains(id), "an identifier of an entity that lost");
                assertEquals(
                        id,
                        store.entityOf(type, (String) identifier.get(1), (String) identifier.get(2))
                                .orElseThrow());
                assertEquals(id, store.resolve((String) id).orElseThrow());
            }
        }
        checkMoves(log, entityOf);
        checkPartition(store, rows, entityOf);
        checkParticipants(tables.get(OutputTable.ENTITY_PARTICIPANTS), rows, entityOf, losers);
        for (Object loser : losers) {
            String current = store.resolve((String) loser).orElseThrow();
            assertFalse(losers.contains(current));
            assertFalse(store.identifiersOf((String) loser).isEmpty());
        }
        entityBefore.putAll(entityOf);
        logBefore = log;
    }

    private Map<String, List<Map<String, Object>>> tables(NexusStore store) throws IOException {
        List<String> names = new ArrayList<>(List.of(OutputTable.ENTITY_PARTICIPANTS));
        types.forEach(type -> names.add(OutputTable.resolvedIdentifiers(type)));
        Map<String, List<Map<String, Object>>> tables = new HashMap<>();
        try (ResolvedTables resolved = store.tables(names)) {
            for (String name : names) {
                tables.put(name, TestTables.rows(resolved.reader(name)));
            }
        }
        return tables;
    }

    private static void checkShape(Map<String, Object> row) {
        Object reason = row.get("resolution_reason");
        assertTrue(Set.of("full_resolution", "born", "accreted", "repointed").contains(reason), "reason " + reason);
        if (reason.equals("repointed")) {
            assertNotNull(row.get("previous_entity_id"));
            assertNotEquals(row.get("entity_id"), row.get("previous_entity_id"));
        } else {
            assertNull(row.get("previous_entity_id"));
        }
        String prefix = row.get("entity_type").equals("person") ? "per_" : "grp_";
        assertTrue(((String) row.get("entity_id")).startsWith(prefix));
    }

    /** Identifiers stay, and change their entity only as the log says. */
    private void checkMoves(List<Map<String, Object>> log, Map<List<Object>, Object> entityOf) {
        Map<List<Object>, Object> replayed = new HashMap<>(entityBefore);
        for (Map<String, Object> row : log.subList(logBefore.size(), log.size())) {
            List<Object> identifier =
                    List.of(row.get("entity_type"), row.get("identifier_type"), row.get("identifier_value"));
            assertEquals(replayed.get(identifier), row.get("previous_entity_id"), "from where it was");
            replayed.put(identifier, row.get("entity_id"));
        }
        assertEquals(replayed, entityOf, "the log leads to the mapping");
    }

    private void checkPartition(NexusStore store, List<Map<String, Object>> rows, Map<List<Object>, Object> entityOf)
            throws IOException {
        Map<String, List<Map<String, Object>>> atOnce =
                Stores.atOnce(store.config(), Map.of(InputTable.ENTITY_IDENTIFIERS, rows));
        Map<List<Object>, Object> expected = new HashMap<>();
        for (String type : types) {
            for (Map<String, Object> row : atOnce.get(OutputTable.resolvedIdentifiers(type))) {
                expected.put(
                        List.of(type, row.get("identifier_type"), row.get("identifier_value")), row.get(type + "_id"));
            }
        }
        assertEquals(parts(expected), parts(entityOf), "the partition of one run");
    }

    private static Set<Set<List<Object>>> parts(Map<List<Object>, Object> entityOf) {
        Map<Object, Set<List<Object>>> members = new HashMap<>();
        entityOf.forEach((identifier, entity) -> members.computeIfAbsent(
                        List.of(identifier.get(0), entity), e -> new HashSet<>())
                .add(identifier));
        return new HashSet<>(members.values());
    }

    private static void checkParticipants(
            List<Map<String, Object>> participants,
            List<Map<String, Object>> rows,
            Map<List<Object>, Object> entityOf,
            Set<Object> losers) {
        Set<String> expected = new TreeSet<>();
        for (Map<String, Object> row : rows) {
            Object entity = entityOf.get(
                    List.of(row.get("entity_type"), row.get("identifier_type"), row.get("identifier_value")));
            if (entity != null && row.get("event_id") != null) {
                expected.add(row.get("event_id") + " " + entity + " " + row.get("role"));
            }
        }
        Set<String> actual = new TreeSet<>();
        for (Map<String, Object> row : participants) {
            assertFalse(losers.contains(row.get("entity_id")), "a participant that lost");
            if (row.get("event_id") != null) {
                actual.add(row.get("event_id") + " " + row.get("entity_id") + " " + row.get("role"));
            }
        }
        assertEquals(expected, actual, "participants follow");
    }
}
