package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.Aggregator;
import io.nexusid.api.EntityType;
import io.nexusid.api.IdPolicy;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.ParticipantIds;
import io.nexusid.api.ResolveOn;
import io.nexusid.api.Survivor;
import io.nexusid.fixtures.ChecksTimelines;
import io.nexusid.fixtures.HostileGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A store that was rebuilt under other rules is as one that had these rules from the start, but for its ids and its log. */
@ChecksTimelines
class StoreRebuildTest {
    @Property(tries = 30)
    void everyTableIsThatOfOneRunUnderTheRulesOfNow(@ForAll long seed, @ForAll @IntRange(min = 1, max = 25) int size)
            throws IOException {
        Random random = new Random(seed);
        Map<InputTable, List<Map<String, Object>>> log = Stores.stamped(HostileGenerator.log(seed, size), random);
        // These name entities by the ids that one run would give.
        log.remove(InputTable.COMPUTED_TRAITS);
        log.remove(InputTable.STATES);
        NexusConfig config = config(random);
        AppliedChanges applied = new AppliedChanges(config);
        StoreModel model = new StoreModel();
        Path dir = Files.createTempDirectory("nexus-store");
        NexusStore store = NexusStore.open(dir, config);
        try {
            for (Map<InputTable, List<Map<String, Object>>> part : Stores.dealt(log, 1 + random.nextInt(4), random)) {
                if (random.nextBoolean()) {
                    config = config(random);
                    store.close();
                    store = NexusStore.openRebuilding(dir, config);
                    applied.follow(config);
                    if (store.rebuilt().isPresent()) {
                        applied.apply(store.rebuilt().get());
                    }
                }
                model.append(part);
                applied.apply(Stores.append(store, part));
                if (random.nextInt(4) == 0) {
                    store.compact();
                }
            }
            config = config(random);
            store.close();
            store = NexusStore.openRebuilding(dir, config);
            applied.follow(config);
            if (store.rebuilt().isPresent()) {
                applied.apply(store.rebuilt().get());
            }
            applied.check(store);
            assertTrue(store.verify().clean());
            Map<String, List<Map<String, Object>>> expected = Stores.atOnce(config, model.rows());
            if (config.idPolicy() == IdPolicy.CONTENT) {
                StoreTablesTest.assertSameUnderContentIds(config, expected, Stores.tables(store));
            } else {
                StoreTablesTest.assertSameButForIds(config, expected, Stores.tables(store));
            }
            List<Map<String, Object>> logged = TestTables.rows(store.log());
            store.close();
            store = NexusStore.open(dir, config);
            assertEquals(logged, TestTables.rows(store.log()));
        } finally {
            store.close();
            Stores.delete(dir);
        }
    }

    private static NexusConfig config(Random random) {
        EntityType person = random.nextInt(3) == 0 ? new EntityType("person", true, "human") : EntityType.PERSON;
        EntityType group = random.nextInt(3) == 0 ? EntityType.registered("group") : EntityType.GROUP;
        EntityType subscription = EntityType.registered("subscription");
        return NexusConfig.builder()
                .entityTypes(
                        random.nextBoolean()
                                ? new EntityType[] {person, subscription, group}
                                : new EntityType[] {group, person, subscription})
                .clock(Instant.parse("2026-01-31T12:00:00Z"))
                .lenientBooleans(true)
                .idPolicy(random.nextInt(3) == 0 ? IdPolicy.CONTENT : IdPolicy.STABLE)
                .participantIds(ParticipantIds.REBUILD)
                .survivor(random.nextBoolean() ? Survivor.MOST_ROWS : Survivor.OLDEST)
                .aggregator("amount", Aggregator.SUM)
                .resolveOn(random.nextInt(3) == 0 ? ResolveOn.NORMALIZED : ResolveOn.RAW)
                .build();
    }
}
