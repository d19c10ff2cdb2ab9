package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.AsOfTie;
import io.nexusid.api.ChangeReason;
import io.nexusid.api.IdForm;
import io.nexusid.api.IdPolicy;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.fixtures.HostileGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an entity was at an instant, against a search through its changes; and its life, from a log and from a store. */
class EntityTimelineTest {
    private static final long START = 1_700_000_000_000_000L;
    private static final List<String> PEOPLE = List.of("ann", "bob");
    /** A number that has no measurement before it may well be called a delta, a text always. */
    private static final List<String> MEASUREMENTS = List.of("mrr", "usage_delta");

    private static final List<String> DIMENSIONS = List.of("plan", "mrr_delta_text");

    @TempDir
    Path folder;

    /** From an instant on a state of a person has this value; none ends it. */
    record Change(String person, String state, int at, int value) {
        boolean ends() {
            return value == 0;
        }

        Object held() {
            return MEASUREMENTS.contains(state) ? (Object) (value * 2.5) : "v" + value;
        }

        /** The address of a person and their device belong to one entity: changes name either. */
        Map<String, Object> row() {
            boolean measured = MEASUREMENTS.contains(state);
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("entity_type", "person");
            row.put("identifier_type", at % 2 == 0 ? "email" : "device");
            row.put("identifier_value", at % 2 == 0 ? person + "@example.org" : person + "'s");
            row.put("state_name", state);
            row.put("state_value", measured || ends() ? null : held());
            row.put("state_numeric_value", measured && !ends() ? held() : null);
            row.put("state_category", measured ? "measurement" : "dimension");
            row.put("occurred_at", START + at);
            return row;
        }
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        List<String> states = new ArrayList<>(DIMENSIONS);
        states.addAll(MEASUREMENTS);
        return Combinators.combine(
                        Arbitraries.of(PEOPLE),
                        Arbitraries.of(states),
                        Arbitraries.integers().between(0, 12),
                        Arbitraries.integers().between(0, 3))
                .as(Change::new)
                .list()
                .ofMaxSize(16)
                .map(all -> List.copyOf(all.stream()
                        .collect(Collectors.toMap(
                                c -> List.of(c.person(), c.state(), c.at()), c -> c, (a, b) -> a, LinkedHashMap::new))
                        .values()));
    }

    /** What the oracle holds: the last change of each state that has happened. */
    private static Map<String, Object> searched(List<Change> changes, String person, int at, AsOfTie tie) {
        Map<String, Change> last = new TreeMap<>();
        for (Change each : changes) {
            boolean happened = tie == AsOfTie.AT ? each.at() <= at : each.at() < at;
            if (each.person().equals(person) && happened) {
                last.merge(each.state(), each, (a, b) -> a.at() > b.at() ? a : b);
            }
        }
        Map<String, Object> held = new TreeMap<>();
        last.forEach((state, change) -> {
            if (!change.ends()) {
                held.put(state, change.held());
            }
        });
        return held;
    }

    @Property(tries = 80)
    void stateAtIsWhatTheChangesSoFarSay(@ForAll("changes") List<Change> changes, @ForAll AsOfTie tie)
            throws IOException {
        NexusConfig config = NexusConfig.builder().asOfTie(tie).build();
        Map<InputTable, List<Map<String, Object>>> log = new LinkedHashMap<>(Map.of(
                InputTable.ENTITY_IDENTIFIERS,
                PEOPLE.stream().flatMap(p -> identifiers(p)).toList()));
        if (!changes.isEmpty()) {
            log.put(InputTable.STATE_CHANGES, changes.stream().map(Change::row).toList());
        }
        Map<String, EntityTimeline> timelines = timelines(config, log);
        for (String person : PEOPLE) {
            for (int at = -1; at <= 14; at++) {
                Map<String, Object> found = timelines.get(person).stateAt(instant(START + at));
                assertEquals(searched(changes, person, at, tie), new TreeMap<>(found), person + " at " + at);
            }
        }
    }

    private static Stream<Map<String, Object>> identifiers(String person) {
        return Map.of("email", person + "@example.org", "device", person + "'s").entrySet().stream()
                .map(e -> Map.of(
                        "event_id",
                        "e-" + person,
                        "edge_id",
                        "g-" + person,
                        "entity_type",
                        "person",
                        "identifier_type",
                        e.getKey(),
                        "identifier_value",
                        e.getValue(),
                        "source",
                        "s",
                        "occurred_at",
                        START,
                        "_ingested_at",
                        START));
    }

    private static Map<String, EntityTimeline> timelines(
            NexusConfig config, Map<InputTable, List<Map<String, Object>>> log) throws IOException {
        List<EntityTimeline.Identifier> emails = PEOPLE.stream()
                .map(person -> new EntityTimeline.Identifier("email", person + "@example.org"))
                .toList();
        Map<String, EntityTimeline> timelines = new TreeMap<>();
        for (EntityTimeline timeline : timelines(config, log, emails)) {
            String person = timeline.identifiers().get(0).value().substring(0, 3);
            timelines.put(person, timeline);
        }
        return timelines;
    }

    /** The timeline of each person who owns one of these, in one run. */
    private static List<EntityTimeline> timelines(
            NexusConfig config,
            Map<InputTable, List<Map<String, Object>>> log,
            Collection<EntityTimeline.Identifier> people)
            throws IOException {
        List<VectorSchemaRoot> batches = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator();
                Nexus nexus = Nexus.open(config, allocator)) {
            EventLog.Builder builder = nexus.log();
            log.forEach((table, rows) -> {
                VectorSchemaRoot batch = TestTables.batch(table, rows, 0, rows.size(), allocator);
                batches.add(batch);
                builder.add(table, batch);
            });
            try (EventLog opened = builder.build();
                    ResolvedTables tables = nexus.resolve(opened, EntityTimeline.TABLES)) {
                List<EntityTimeline> timelines = new ArrayList<>();
                for (EntityTimeline.Identifier each : people) {
                    timelines.addAll(tables.timelines("person", each.type(), each.value()));
                }
                return timelines;
            } finally {
                batches.forEach(VectorSchemaRoot::close);
            }
        }
    }

    /** Identifiers of people, spread over a resolution log. */
    private static Set<EntityTimeline.Identifier> some(List<Map<String, Object>> log, int count) {
        List<Map<String, Object>> people = log.stream()
                .filter(row -> row.get("entity_type").equals("person"))
                .toList();
        Set<EntityTimeline.Identifier> some = new LinkedHashSet<>();
        for (int i = 0; i < Math.min(count, people.size()); i++) {
            Map<String, Object> row = people.get(i * (people.size() - 1) / count);
            some.add(new EntityTimeline.Identifier(
                    (String) row.get("identifier_type"), (String) row.get("identifier_value")));
        }
        return some;
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static EntityTimeline annWith(AsOfTie tie, Change... changes) throws IOException {
        Map<InputTable, List<Map<String, Object>>> log = Map.of(
                InputTable.ENTITY_IDENTIFIERS, identifiers("ann").toList(),
                InputTable.STATE_CHANGES,
                        List.of(changes).stream().map(Change::row).toList());
        return timelines(NexusConfig.builder().asOfTie(tie).build(), log).get("ann");
    }

    @Test
    void aGapThatATimelineRecordsIsNoState() throws IOException {
        EntityTimeline ann = annWith(
                AsOfTie.AT,
                new Change("ann", "mrr", 2, 1),
                new Change("ann", "mrr", 4, 0),
                new Change("ann", "mrr", 6, 2));
        assertEquals(Map.of("mrr", 2.5), ann.stateAt(instant(START + 3)));
        assertEquals(Map.of(), ann.stateAt(instant(START + 4)));
        assertEquals(Map.of(), ann.stateAt(instant(START + 5)));
        assertEquals(Map.of("mrr", 5.0), ann.stateAt(instant(START + 6)));
    }

    @Test
    void atTheInstantOfAChangeTheTieDecides() throws IOException {
        Change[] changes = {new Change("ann", "plan", 2, 1), new Change("ann", "plan", 4, 2)};
        EntityTimeline before = annWith(AsOfTie.BEFORE, changes);
        EntityTimeline at = annWith(AsOfTie.AT, changes);
        assertEquals(Map.of(), before.stateAt(instant(START + 2)));
        assertEquals(Map.of("plan", "v1"), at.stateAt(instant(START + 2)));
        assertEquals(Map.of("plan", "v1"), before.stateAt(instant(START + 4)));
        assertEquals(Map.of("plan", "v2"), at.stateAt(instant(START + 4)));
    }

    @Test
    void anInstantIsTakenToTheMicrosecondBefore() throws IOException {
        EntityTimeline ann = annWith(AsOfTie.AT, new Change("ann", "plan", 2, 1));
        assertEquals(Map.of(), ann.stateAt(instant(START + 2).minusNanos(1)));
        assertEquals(Map.of("plan", "v1"), ann.stateAt(instant(START + 2).plusNanos(999)));
        assertEquals(Map.of(), ann.stateAt(Instant.MIN));
        assertEquals(Map.of("plan", "v1"), ann.stateAt(Instant.parse("2900-01-01T00:00:00Z")));
        assertEquals(Map.of("plan", "v1"), ann.stateAt(Instant.MAX));
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void aStoreTellsTheSameLifeAsOneRunAndWhenItLearnedWhoIsWho(
            @ForAll long seed, @ForAll @IntRange(min = 3, max = 20) int size) throws IOException {
        Random random = new Random(seed);
        NexusConfig config = NexusConfig.builder()
                .idPolicy(IdPolicy.CONTENT)
                .lenientBooleans(true)
                .build();
        Map<InputTable, List<Map<String, Object>>> log = Stores.stamped(HostileGenerator.log(seed, size), random);
        StoreModel model = new StoreModel();
        Path dir = Files.createTempDirectory("nexus-store");
        try (NexusStore store = NexusStore.open(dir, config)) {
            for (Map<InputTable, List<Map<String, Object>>> part : Stores.dealt(log, 1 + random.nextInt(4), random)) {
                model.append(part);
                Stores.append(store, part);
            }
            List<Map<String, Object>> rows = TestTables.rows(store.log());
            Set<EntityTimeline.Identifier> some = some(rows, 3);
            List<EntityTimeline> once = timelines(config, model.rows(), some);
            int next = 0;
            for (EntityTimeline.Identifier each : some) {
                EntityTimeline found =
                        store.timelines("person", each.type(), each.value()).get(0);
                EntityTimeline expected = once.get(next++);
                assertEquals(expected.entityId(), found.entityId());
                assertEquals(expected.identifiers(), found.identifiers());
                assertEquals(
                        expected.entries(),
                        found.entries().stream()
                                .filter(e -> e.kind() != EntityTimeline.Kind.RESOLUTION)
                                .toList());
                assertResolutionsAreThoseOfTheLog(found, rows);
            }
        } finally {
            try (Stream<Path> files = Files.walk(dir)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void assertResolutionsAreThoseOfTheLog(EntityTimeline timeline, List<Map<String, Object>> log) {
        Set<String> expected = new TreeSet<>();
        for (Map<String, Object> row : log) {
            EntityTimeline.Identifier identifier = new EntityTimeline.Identifier(
                    (String) row.get("identifier_type"), (String) row.get("identifier_value"));
            if (row.get("entity_type").equals("person")
                    && timeline.identifiers().contains(identifier)) {
                Object before = row.get("previous_entity_id");
                expected.add(row.get("resolved_at_watermark") + " " + row.get("resolution_reason") + " "
                        + identifier.type() + " " + identifier.value() + (before == null ? "" : " from " + before));
            }
        }
        Set<String> found = new TreeSet<>();
        Instant last = Instant.MIN;
        for (EntityTimeline.Entry entry : timeline.entries()) {
            assertTrue(entry.at() == null || !entry.at().isBefore(last), "in order of time");
            last = entry.at() == null ? Instant.MAX : entry.at();
            if (entry.kind() == EntityTimeline.Kind.RESOLUTION) {
                assertEquals("_ingested_at", entry.kind().clock());
                found.add(ChronoUnit.MICROS.between(Instant.EPOCH, entry.at()) + " " + entry.what() + " "
                        + entry.detail());
            }
        }
        assertEquals(expected, found);
    }

    @Test
    void anEntityThatMergedTellsWhenAndFromWhich() throws IOException {
        try (NexusStore store = NexusStore.open(folder.resolve("store"), NexusConfig.defaults())) {
            Stores.append(store, Map.of(InputTable.ENTITY_IDENTIFIERS, List.of(seen("e1", "email", "ann", 1))));
            Stores.append(store, Map.of(InputTable.ENTITY_IDENTIFIERS, List.of(seen("e2", "device", "d", 2))));
            String email = store.entityOf("person", "email", "ann").orElseThrow();
            String device = store.entityOf("person", "device", "d").orElseThrow();
            Stores.append(
                    store,
                    Map.of(
                            InputTable.ENTITY_IDENTIFIERS,
                            List.of(seen("e3", "email", "ann", 3), seen("e3", "device", "d", 3))));
            EntityTimeline ann = store.timelines("person", "email", "ann").get(0);
            String loser = ann.entityId().equals(email) ? device : email;
            String moved = loser.equals(email) ? "email ann" : "device d";
            List<EntityTimeline.Entry> resolutions = ann.entries().stream()
                    .filter(e -> e.kind() == EntityTimeline.Kind.RESOLUTION)
                    .toList();
            assertEquals(3, resolutions.size());
            assertEquals(
                    new EntityTimeline.Entry(
                            instant(START + 3),
                            EntityTimeline.Kind.RESOLUTION,
                            ChangeReason.REPOINTED.code(),
                            moved + " from " + loser,
                            null),
                    resolutions.get(2));
            assertEquals(List.of(), store.timelines("person", "email", "nobody"));
        }
    }

    @Test
    void timelinesNeedIdsAsText() throws IOException {
        NexusConfig binary = NexusConfig.builder().ids(IdForm.BINARY).build();
        try (NexusStore store = NexusStore.open(folder.resolve("binary"), binary)) {
            Stores.append(store, Map.of(InputTable.ENTITY_IDENTIFIERS, List.of(seen("e1", "email", "ann", 1))));
            assertThrows(IllegalStateException.class, () -> store.timelines("person", "email", "ann"));
        }
        try (NexusStore store = NexusStore.openToRead(folder.resolve("binary"), IdForm.HEX)) {
            assertEquals(1, store.timelines("person", "email", "ann").size());
        }
    }

    private static Map<String, Object> seen(String edge, String type, String value, long ingested) {
        return Map.of(
                "event_id",
                "of-" + edge,
                "edge_id",
                edge,
                "entity_type",
                "person",
                "identifier_type",
                type,
                "identifier_value",
                value,
                "source",
                "s",
                "occurred_at",
                START,
                "_ingested_at",
                START + ingested);
    }
}
