package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.EntityType;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ParticipantIds;
import io.nexusid.api.SurrogateKey;
import io.nexusid.fixtures.HostileGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Participants that keep their ids, against the rule carried out step by step. */
class StableParticipantsTest {
    /** A participant as the rule keeps it; its entity is known by one of its identifiers. */
    private record Kept(String id, String type, Object event, Object role, String mintedFrom) {}

    @Property(tries = 15)
    void aParticipantKeepsTheIdOfTheEpochThatBroughtIt(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int size)
            throws IOException {
        Random random = new Random(seed);
        NexusConfig config = NexusConfig.builder()
                .entityTypes(EntityType.PERSON, EntityType.GROUP)
                .lenientBooleans(true)
                .participantIds(ParticipantIds.STABLE)
                .build();
        Map<InputTable, List<Map<String, Object>>> log = Stores.stamped(HostileGenerator.log(seed, size), random);
        log.keySet().retainAll(Set.of(InputTable.ENTITY_IDENTIFIERS));
        Path dir = Files.createTempDirectory("nexus-participants");
        Set<List<Object>> known = new HashSet<>();
        List<Kept> kept = new ArrayList<>();
        Set<String> everSeen = new HashSet<>();
        try (NexusStore store = NexusStore.open(dir, config)) {
            for (Map<InputTable, List<Map<String, Object>>> part : Stores.dealt(log, 4, random)) {
                Stores.append(store, part);
                for (Map<String, Object> row : part.getOrDefault(InputTable.ENTITY_IDENTIFIERS, List.of())) {
                    Map<String, Object> content = new LinkedHashMap<>(row);
                    content.remove("_ingested_at");
                    if (known.add(Arrays.asList(content.values().toArray()))) {
                        keep(store, row, kept);
                    }
                }
                Map<List<Object>, Integer> expected = new LinkedHashMap<>();
                for (Kept each : kept) {
                    Object entity = store.resolve(each.mintedFrom()).orElseThrow();
                    expected.merge(Arrays.asList(each.id(), entity, each.event(), each.role()), 1, Integer::sum);
                }
                Map<List<Object>, Integer> actual = new LinkedHashMap<>();
                try (ResolvedTables tables = store.tables(List.of(OutputTable.ENTITY_PARTICIPANTS))) {
                    for (Map<String, Object> row : TestTables.rows(tables.reader(OutputTable.ENTITY_PARTICIPANTS))) {
                        actual.merge(
                                Arrays.asList(
                                        row.get("entity_participant_id"),
                                        row.get("entity_id"),
                                        row.get("event_id"),
                                        row.get("role")),
                                1,
                                Integer::sum);
                    }
                }
                assertEquals(expected, actual);
                Set<String> now = new HashSet<>();
                kept.forEach(each -> now.add(each.id()));
                assertTrue(now.containsAll(everSeen), "an id has gone");
                everSeen.addAll(now);
            }
        } finally {
            Stores.delete(dir);
        }
    }

    private static void keep(NexusStore store, Map<String, Object> row, List<Kept> kept) {
        String type = (String) row.get("entity_type");
        String entity = store.entityOf(type, (String) row.get("identifier_type"), (String) row.get("identifier_value"))
                .orElse(null);
        if (entity == null) {
            return;
        }
        Object event = row.get("event_id");
        Object role = row.get("role");
        for (Kept each : kept) {
            if (each.type().equals(type)
                    && java.util.Objects.equals(each.event(), event)
                    && java.util.Objects.equals(each.role(), role)
                    && store.resolve(each.mintedFrom()).orElseThrow().equals(entity)) {
                return;
            }
        }
        String id = "ent_" + SurrogateKey.of((String) event, entity, (String) role);
        kept.add(new Kept(id, type, event, role, entity));
    }
}
