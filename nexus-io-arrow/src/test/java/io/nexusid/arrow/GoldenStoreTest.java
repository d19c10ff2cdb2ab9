package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.EntityType;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.ResolveOn;
import io.nexusid.arrow.store.LocalDisk;
import io.nexusid.fixtures.ChecksTimelines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole store of format 1, as {@link NexusStore} once wrote it: rows of every kind, identities of two generations, what was
 * accepted. It must open for ever.
 *
 * <p>{@code mvn test -Dtest=GoldenStoreTest -Dnexus.golden=write -pl nexus-io-arrow -am
 * -Dsurefire.failIfNoSpecifiedTests=false} writes it anew: only while its format is unpublished.
 */
@ChecksTimelines
class GoldenStoreTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "nexus-store-v1");
    private static final long DAY = 86_400_000_000L;
    private static final long START = 1_704_067_200_000_000L; // 2024-01-01
    private static final List<String> IDENTIFIERS = List.of("ann", "ann-2", "d-1", "d-2", "acme");

    @TempDir
    Path folder;

    /** As the store was made. */
    private static NexusConfig before() {
        return NexusConfig.builder()
                .entityTypes(EntityType.PERSON, EntityType.GROUP)
                .clock(Instant.parse("2024-02-01T00:00:00Z"))
                .keepEpochs(3)
                .build();
    }

    /** As it was rebuilt. */
    private static NexusConfig config() {
        return before().toBuilder().resolveOn(ResolveOn.NORMALIZED).build();
    }

    @BeforeEach
    void writeAnewIfAsked() throws IOException {
        if ("write".equals(System.getProperty("nexus.golden"))) {
            if (Files.exists(GOLDEN)) {
                for (Path file : files(GOLDEN).values()) {
                    Files.delete(file);
                }
            }
            write(GOLDEN);
        }
    }

    private static void write(Path dir) throws IOException {
        LongSupplier random = () -> 0x0123456789abcdefL;
        try (NexusStore store =
                StoreOpening.toAppend().config(before()).random(random).open(LocalDisk.create(dir))) {
            Stores.append(store, first());
            Stores.append(store, second());
        }
        StoreOpening.toAppend()
                .config(config())
                .rebuilding()
                .random(random)
                .open(LocalDisk.create(dir))
                .close();
        Files.deleteIfExists(dir.resolve("LOCK"));
    }

    private static Map<InputTable, List<Map<String, Object>>> first() {
        Map<InputTable, List<Map<String, Object>>> log = new LinkedHashMap<>();
        log.put(InputTable.EVENTS, List.of(event("e1", 1), event("e2", 1)));
        log.put(
                InputTable.ENTITY_IDENTIFIERS,
                List.of(
                        identifier("e1", "person", "email", "ann", 1),
                        identifier("e1", "person", "device", "d-1", 1),
                        identifier("e1", "group", "domain", "acme", 1),
                        identifier("e2", "person", "device", "d-2", 1)));
        log.put(InputTable.ENTITY_TRAITS, List.of(trait("e1", "ann", "city", "Gävle", 1)));
        log.put(
                InputTable.STATE_CHANGES,
                List.of(state("e1", "plan", "free", null, 1), state("e2", "mrr", null, 2.5, 1)));
        return log;
    }

    /** Two people turn out to be one, a row comes again with other content, a row of an earlier edge comes late. */
    private static Map<InputTable, List<Map<String, Object>>> second() {
        Map<InputTable, List<Map<String, Object>>> log = new LinkedHashMap<>();
        log.put(InputTable.EVENTS, List.of(event("e2", 2), event("e3", 2)));
        log.put(
                InputTable.ENTITY_IDENTIFIERS,
                List.of(
                        identifier("e3", "person", "device", "d-1", 2),
                        identifier("e3", "person", "device", "d-2", 2),
                        identifier("e1", "person", "email", "ann-2", 2),
                        identifier("e4", "person", "email", "Ann-2", 2)));
        log.put(InputTable.ENTITY_TRAITS, List.of(trait("e3", "ann", "city", "Lund", 2)));
        log.put(InputTable.STATE_CHANGES, List.of(state("e3", "plan", "pro", null, 2)));
        return log;
    }

    private static Map<String, Object> event(String id, int day) {
        return row("event_id", id, "event_name", "login", "occurred_at", START, "source", "s", day);
    }

    private static Map<String, Object> identifier(String event, String entityType, String type, String value, int day) {
        Map<String, Object> row =
                row("event_id", event, "edge_id", "g-" + event, "occurred_at", START, "source", "s", day);
        row.put("entity_type", entityType);
        row.put("identifier_type", type);
        row.put("identifier_value", value);
        return row;
    }

    private static Map<String, Object> trait(String event, String email, String name, String value, int day) {
        Map<String, Object> row =
                row("event_id", event, "trait_name", name, "occurred_at", START + day, "source", "s", day);
        row.put("entity_type", "person");
        row.put("identifier_type", "email");
        row.put("identifier_value", email);
        row.put("trait_value", value);
        return row;
    }

    private static Map<String, Object> state(String event, String name, String value, Double number, int day) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("event_id", event);
        row.put("entity_type", "person");
        row.put("identifier_type", "device");
        row.put("identifier_value", "d-1");
        row.put("state_name", name);
        row.put("state_value", value);
        row.put("state_numeric_value", number);
        row.put("state_category", number == null ? "dimension" : "measurement");
        row.put("occurred_at", START + day);
        row.put("source", "s");
        return row;
    }

    private static Map<String, Object> row(
            String a, Object b, String c, Object d, String e, Object f, String g, Object h, int day) {
        Map<String, Object> row = new LinkedHashMap<>(Map.of(a, b, c, d, e, f, g, h));
        row.put("_ingested_at", START + day * DAY);
        return row;
    }

    private static Map<String, Path> files(Path dir) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(dir)) {
            all.forEach(file -> files.put(file.getFileName().toString(), file));
        }
        files.remove("LOCK");
        return files;
    }

    private Path copy() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("copy"));
        for (Map.Entry<String, Path> file : files(GOLDEN).entrySet()) {
            Files.copy(file.getValue(), copy.resolve(file.getKey()));
        }
        return copy;
    }

    @Test
    void theStoreIsStillWrittenTheSame() throws IOException {
        Path now = folder.resolve("now");
        write(now);
        Map<String, Path> expected = files(GOLDEN);
        Map<String, Path> found = files(now);
        assertEquals(expected.keySet(), found.keySet());
        for (Map.Entry<String, Path> file : expected.entrySet()) {
            assertArrayEquals(
                    Files.readAllBytes(file.getValue()), Files.readAllBytes(found.get(file.getKey())), file.getKey());
        }
    }

    @Test
    void itIsSoundAndKnowsWhoIsWho() throws IOException {
        Path copy = copy();
        assertTrue(NexusStore.verify(copy).clean());
        try (NexusStore store = NexusStore.openToRead(copy)) {
            assertEquals(3, store.epoch());
            List<String> ids = new ArrayList<>();
            for (String value : IDENTIFIERS) {
                String entityType = value.equals("acme") ? "group" : "person";
                String type = value.equals("acme") ? "domain" : value.startsWith("ann") ? "email" : "device";
                ids.add(store.entityOf(entityType, type, value).orElseThrow());
            }
            assertEquals(1, ids.subList(0, 4).stream().distinct().count());
            assertTrue(ids.get(4).startsWith("grp_"));
            assertEquals(4, store.identifiersOf(ids.get(0)).size());
            assertEquals(
                    7,
                    TestTables.rows(store.log()).size()
                            - TestTables.rows(store.log(2)).size());
            assertEquals(6, TestTables.rows(store.log(2)).size(), "five identifiers, and one that moved");
            assertEquals(2, TestTables.rows(store.aliases()).size());
            assertEquals(
                    Map.of("plan", "pro", "mrr", 2.5),
                    store.timelines("person", "email", "ann").get(0).stateAt(Instant.parse("2024-02-01T00:00:00Z")));
        }
    }

    @Test
    void itsTablesAreThoseOfAStoreMadeNow() throws IOException {
        write(folder.resolve("now"));
        try (NexusStore old = NexusStore.open(copy(), config());
                NexusStore now = NexusStore.open(folder.resolve("now"), config())) {
            assertEquals(Stores.tables(now), Stores.tables(old));
        }
    }

    @Test
    void itTakesWhatIsNewAndNothingTwice() throws IOException {
        Path copy = copy();
        try (NexusStore store = NexusStore.open(copy, config())) {
            assertEquals(false, Stores.append(store, first()).committed());
            assertEquals(false, Stores.append(store, second()).committed());
            Changes changes = Stores.append(
                    store,
                    Map.of(InputTable.ENTITY_IDENTIFIERS, List.of(identifier("e3", "person", "email", "late", 3))));
            assertEquals(1, changes.count("person", ChangeReason.ACCRETED));
            assertEquals(store.entityOf("person", "email", "ann"), store.entityOf("person", "email", "late"));
        }
        assertTrue(NexusStore.verify(copy).clean());
        try (NexusStore store = NexusStore.open(copy, config())) {
            assertEquals(4, store.epoch());
            store.compact();
            assertEquals(store.entityOf("person", "email", "ann"), store.entityOf("person", "email", "late"));
        }
    }
}
