package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.IdForm;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.SurrogateKey;
import io.nexusid.api.Survivor;
import io.nexusid.fixtures.ChecksTimelines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids that a store is told to keep. */
@ChecksTimelines
class PinnedIdsTest {
    private static final long DAY = 86_400_000_000L;

    @TempDir
    private Path dir;

    private int events;
    private String ann = "";
    private String bob = "";

    private static NexusConfig pinning(String... ids) {
        return NexusConfig.builder()
                .clock(Instant.parse("2026-01-31T12:00:00Z"))
                .survivor(Survivor.PINNED)
                .pinnedIds(List.of(ids))
                .build();
    }

    private List<Map<String, Object>> together(String... emails) {
        events++;
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String email : emails) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("event_id", "event" + events);
            row.put("edge_id", "edge" + events);
            row.put("entity_type", "person");
            row.put("identifier_type", "email");
            row.put("identifier_value", email);
            row.put("source", "test");
            row.put("occurred_at", DAY * 19_000);
            row.put("_ingested_at", DAY * 20_000 + events);
            rows.add(row);
        }
        return rows;
    }

    private Changes append(NexusStore store, String... emails) throws IOException {
        return Stores.append(store, Map.of(InputTable.ENTITY_IDENTIFIERS, together(emails)));
    }

    private static String person(NexusStore store, String email) {
        return store.entityOf("person", "email", email).orElseThrow();
    }

    @BeforeEach
    void twoPeopleAndNoPin() throws IOException {
        try (NexusStore store = NexusStore.open(dir, pinning())) {
            append(store, "ann", "ann.2", "ann.3");
            append(store, "bob");
            ann = person(store, "ann");
            bob = person(store, "bob");
        }
    }

    @Test
    void anIdThatIsPinnedWhenTheStoreIsOpenedSurvivesALargerOne() throws IOException {
        try (NexusStore store = NexusStore.open(dir, pinning(bob))) {
            Changes changes = append(store, "ann", "bob");
            assertEquals(bob, person(store, "ann.3"));
            assertEquals(Optional.of(bob), store.resolve(ann));
            assertTrue(changes.lostPins().isEmpty());
        }
        try (NexusStore store = NexusStore.open(dir)) {
            assertEquals(Set.of(bob), store.config().pinnedIds(), "an append without settings has those before");
            append(store, "carl", "carl.2", "carl.3", "carl.4", "carl.5");
            append(store, "carl", "ann");
            assertEquals(bob, person(store, "carl"));
        }
        try (NexusStore store = NexusStore.open(dir, pinning())) {
            append(store, "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9", "d10");
            String dora = person(store, "d1");
            append(store, "d1", "ann");
            assertEquals(dora, person(store, "bob"), "nothing is pinned any more");
        }
    }

    @Test
    void aPinnedIdThatAnotherOneTakesIsReported() throws IOException {
        try (NexusStore store = NexusStore.open(dir, pinning(bob, ann))) {
            assertEquals(Map.of(bob, ann), append(store, "ann", "bob").lostPins());
            assertTrue(append(store, "ann", "eve").lostPins().isEmpty());
        }
        try (NexusStore store = NexusStore.open(dir, pinning(bob))) {
            append(store, "d1", "d2", "d3", "d4", "d5", "d6");
            String dora = person(store, "d1");
            Changes changes = append(store, "d1", "ann");
            assertEquals(dora, person(store, "bob"), "an id that is gone pins nobody");
            assertTrue(changes.lostPins().isEmpty());
        }
    }

    @Test
    void theTextOfAPinIsTheSameWhateverFormIdsHaveInTables() throws IOException {
        NexusConfig binary = pinning(bob).toBuilder().ids(IdForm.BINARY).build();
        try (NexusStore store = NexusStore.open(dir, binary)) {
            append(store, "ann", "bob");
            assertEquals(bob, person(store, "ann"));
        }
    }

    @Test
    void anIdThatIsNotThereYetPinsItsPersonFromBirthOn() throws IOException {
        String later = "per_" + SurrogateKey.of("email", "later");
        try (NexusStore store = NexusStore.open(dir, pinning(later))) {
            append(store, "later");
            append(store, "ann", "later");
            assertEquals(later, person(store, "ann"));
        }
    }

    @Test
    void whoSurvivesIsARuleAndWhoIsPinnedIsNot() {
        NexusConfig other = NexusConfig.builder().survivor(Survivor.MOST_ROWS).build();
        NexusConfigException refused = assertThrows(NexusConfigException.class, () -> NexusStore.open(dir, other));
        assertTrue(refused.getMessage().startsWith("/survivor: "), refused.getMessage());
    }

    @Test
    void oneRunAsksNobodyWhoIsPinned() throws IOException {
        List<Map<String, Object>> rows = together("ann", "bob");
        Map<InputTable, List<Map<String, Object>>> log = Map.of(InputTable.ENTITY_IDENTIFIERS, rows);
        NexusConfig plain = pinning().toBuilder().survivor(Survivor.MOST_ROWS).build();
        assertEquals(Stores.atOnce(plain, log), Stores.atOnce(pinning(bob), log));
    }
}
