package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.Aggregator;
import io.nexusid.api.EntityType;
import io.nexusid.api.IdPolicy;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ResolveOn;
import io.nexusid.api.Survivor;
import io.nexusid.fixtures.ChecksTimelines;
import io.nexusid.fixtures.HostileGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whole tables of a store equal those of one run over all rows that it took, however these came. */
@ChecksTimelines
class StoreTablesTest {
    private static final String[] HISTORY = {
        "event_id", "resolution_reason", "previous_entity_id", "resolved_at_watermark"
    };

    @Property(tries = 25)
    void underContentIdsEveryTableIsThatOfOneRun(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int size)
            throws IOException {
        Random random = new Random(seed);
        NexusConfig config = config(random, IdPolicy.CONTENT);
        Map<InputTable, List<Map<String, Object>>> log = Stores.stamped(HostileGenerator.log(seed, size), random);
        StoreModel model = new StoreModel();
        Map<String, List<Map<String, Object>>> actual = appended(config, log, model, random);
        assertSameUnderContentIds(config, Stores.atOnce(config, model.rows()), actual);
    }

    /** Every cell is the same but for the history of identifiers. */
    static void assertSameUnderContentIds(
            NexusConfig config,
            Map<String, List<Map<String, Object>>> expected,
            Map<String, List<Map<String, Object>>> actual) {
        for (OutputTable table : OutputTable.all(config)) {
            String name = table.name();
            if (table.sortKey().isEmpty()) {
                assertEquals(Stores.counted(expected.get(name)), Stores.counted(actual.get(name)), name);
            } else if (name.startsWith("nexus_resolved_") && name.endsWith("_identifiers")) {
                assertEquals(
                        Stores.without(expected.get(name), HISTORY), Stores.without(actual.get(name), HISTORY), name);
            } else {
                assertEquals(expected.get(name), actual.get(name), name);
            }
        }
    }

    @Property(tries = 25)
    void underStableIdsEveryTableIsThatOfOneRunButForTheIds(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int size) throws IOException {
        Random random = new Random(seed);
        NexusConfig config = config(random, IdPolicy.STABLE);
        Map<InputTable, List<Map<String, Object>>> log = Stores.stamped(HostileGenerator.log(seed, size), random);
        // These name entities by the ids that one run would give.
        log.remove(InputTable.COMPUTED_TRAITS);
        log.remove(InputTable.STATES);
        StoreModel model = new StoreModel();
        Map<String, List<Map<String, Object>>> actual = appended(config, log, model, random);
        assertSameButForIds(config, Stores.atOnce(config, model.rows()), actual);
    }

    /** Every row is the same once ids are replaced by those of one run. */
    static void assertSameButForIds(
            NexusConfig config,
            Map<String, List<Map<String, Object>>> expected,
            Map<String, List<Map<String, Object>>> actual) {
        Map<String, String> contentIds = contentIds(config, expected, actual);
        for (OutputTable table : OutputTable.all(config)) {
            String name = table.name();
            assertEquals(
                    Stores.counted(canonical(expected.get(name), Map.of())),
                    Stores.counted(canonical(actual.get(name), contentIds)),
                    name);
        }
    }

    /** The tables of a store that took a log in parts, some of them twice, and was opened anew in between. */
    private static Map<String, List<Map<String, Object>>> appended(
            NexusConfig config, Map<InputTable, List<Map<String, Object>>> log, StoreModel model, Random random)
            throws IOException {
        Path dir = Files.createTempDirectory("nexus-store");
        NexusStore store = NexusStore.open(dir, config);
        try {
            for (Map<InputTable, List<Map<String, Object>>> part : Stores.dealt(log, 1 + random.nextInt(5), random)) {
                int taken = model.append(part);
                long before = store.epoch();
                Changes changes = Stores.append(store, part);
                assertEquals(taken > 0, changes.committed());
                assertEquals(
                        taken,
                        changes.rows().values().stream()
                                .mapToLong(Changes.Rows::taken)
                                .sum());
                assertEquals(taken > 0 ? before + 1 : before, store.epoch());
                if (random.nextInt(3) == 0) {
                    assertFalse(Stores.append(store, part).committed());
                }
                if (random.nextInt(3) == 0) {
                    store.close();
                    store = NexusStore.open(dir, config);
                }
                if (random.nextInt(5) == 0) {
                    store.compact();
                }
            }
            assertTrue(store.verify().clean());
            return Stores.tables(store);
        } finally {
            store.close();
            Stores.delete(dir);
        }
    }

    private static NexusConfig config(Random random, IdPolicy policy) {
        NexusConfig.Builder builder = NexusConfig.builder()
                .entityTypes(EntityType.PERSON, EntityType.registered("subscription"), EntityType.GROUP)
                .clock(Instant.parse("2026-01-31T12:00:00Z"))
                .lenientBooleans(true)
                .idPolicy(policy)
                .survivor(random.nextBoolean() ? Survivor.MOST_ROWS : Survivor.OLDEST)
                .aggregator("amount", Aggregator.SUM)
                .resolveOn(random.nextInt(3) == 0 ? ResolveOn.NORMALIZED : ResolveOn.RAW);
        if (random.nextBoolean()) {
            builder.internalEmails(List.of("ann@x.org", "user0@X.com", "a@x.com"));
        }
        return builder.build();
    }

    /** From each id of the store to that of one run, told by the identifiers of the two. */
    private static Map<String, String> contentIds(
            NexusConfig config,
            Map<String, List<Map<String, Object>>> atOnce,
            Map<String, List<Map<String, Object>>> stored) {
        Map<String, String> ids = new HashMap<>();
        for (EntityType type : config.entityTypes()) {
            if (type.resolved()) {
                String table = OutputTable.resolvedIdentifiers(type.name());
                Map<List<Object>, String> content = new HashMap<>();
                atOnce.get(table).forEach(row -> content.put(identifier(row), (String) row.get(type.name() + "_id")));
                stored.get(table).forEach(row -> {
                    String id = (String) row.get(type.name() + "_id");
                    String other = ids.put(id, content.get(identifier(row)));
                    assertTrue(other == null || other.equals(content.get(identifier(row))), "one id, two entities");
                });
            }
        }
        return ids;
    }

    private static List<Object> identifier(Map<String, Object> row) {
        return List.of(row.get("identifier_type"), row.get("identifier_value"));
    }

    /** Rows with each entity id replaced, and without what is minted from one or is history. */
    private static List<Map<String, Object>> canonical(List<Map<String, Object>> rows, Map<String, String> ids) {
        List<String> minted = List.of(
                "person_identifier_id",
                "group_identifier_id",
                "entity_participant_id",
                "entity_trait_id",
                "relationship_id",
                "membership_id",
                "state_id",
                "entity_state_id",
                "previous_state_id",
                "previous_entity_state_id");
        List<Map<String, Object>> canonical = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            Map<String, Object> copy = new LinkedHashMap<>();
            row.forEach((name, value) -> {
                boolean history =
                        row.containsKey("resolution_reason") && List.of(HISTORY).contains(name);
                if (!minted.contains(name) && !history) {
                    copy.put(name, value instanceof String text ? ids.getOrDefault(text, text) : value);
                }
            });
            canonical.add(copy);
        }
        return canonical;
    }
}
