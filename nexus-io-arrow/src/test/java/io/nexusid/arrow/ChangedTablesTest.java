package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexusid.api.Aggregator;
import io.nexusid.api.EntityType;
import io.nexusid.api.IdPolicy;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ParticipantIds;
import io.nexusid.api.PeriodRange;
import io.nexusid.api.ResolveOn;
import io.nexusid.api.Survivor;
import io.nexusid.fixtures.ChecksTimelines;
import io.nexusid.fixtures.HostileGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.arrow.vector.ipc.ArrowReader;

/** Changed rows, applied in order to empty tables, give the tables of the store. */
@ChecksTimelines
class ChangedTablesTest {
    /** Whether tables may be compared whole. */
    private enum Names {
        HOSTILE,
        TAME
    }

    @Property(tries = 12)
    void changesOfHostileLogsAddUpToTheTables(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int size)
            throws IOException {
        check(seed, size, Names.HOSTILE);
    }

    @Property(tries = 15)
    void changesDerivedFromTouchedRowsAloneAddUpToTheTables(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int size) throws IOException {
        check(seed, size, Names.TAME);
    }

    private static void check(long seed, int size, Names names) throws IOException {
        Random random = new Random(seed);
        NexusConfig config = config(random, names);
        Map<InputTable, List<Map<String, Object>>> log = Stores.stamped(HostileGenerator.log(seed, size), random);
        if (names == Names.TAME) {
            log = TameNames.of(log);
        }
        Path dir = Files.createTempDirectory("nexus-changes");
        NexusStore store = NexusStore.open(dir, config);
        AppliedChanges applied = new AppliedChanges(config);
        boolean isLater = false;
        try {
            for (Map<InputTable, List<Map<String, Object>>> part : Stores.dealt(log, 1 + random.nextInt(6), random)) {
                Changes changes = Stores.append(store, part);
                if (random.nextInt(4) == 0) {
                    store.compact();
                }
                try (ChangedTables tables = changes.tables()) {
                    if (names == Names.TAME && isLater) {
                        assertEquals(
                                List.of(),
                                tables.tables().stream()
                                        .map(OutputTable::name)
                                        .filter(tables::isComparedWhole)
                                        .filter(name -> !name.equals(OutputTable.MEASUREMENT_MOVEMENTS))
                                        .toList());
                    }
                    applied.apply(changes, tables);
                }
                isLater |= changes.committed();
                applied.check(store);
                if (random.nextInt(4) == 0) {
                    store.close();
                    store = NexusStore.open(dir, config);
                }
            }
            checkOneEntity(store, random);
            checkTimelines(store, random);
        } finally {
            store.close();
            Stores.delete(dir);
        }
    }

    /** What the rows about one entity say of it is what all rows say. */
    private static void checkOneEntity(NexusStore store, Random random) throws IOException {
        List<String> names = ChangeKeys.tables(store.config()).stream()
                .map(OutputTable::name)
                .filter(name -> !name.equals(OutputTable.MEASUREMENT_MOVEMENTS))
                .toList();
        Map<String, List<Map<String, Object>>> all = Stores.tables(store);
        List<Map<String, Object>> persons = Objects.requireNonNull(all.get(OutputTable.PERSONS));
        if (persons.isEmpty()) {
            return;
        }
        String id = (String) persons.get(random.nextInt(persons.size())).get("person_id");
        List<NexusStore.Identifier> identifiers = store.identifiersOf(id);
        assertEquals(
                TestTables.rows(store.log()).stream()
                        .filter(row -> identifiers.contains(new NexusStore.Identifier(
                                String.valueOf(row.get("entity_type")),
                                String.valueOf(row.get("identifier_type")),
                                String.valueOf(row.get("identifier_value")))))
                        .toList(),
                TestTables.rows(store.historyOf(id)));
        try (ResolvedTables about = store.tablesAbout(id, names)) {
            for (String name : names) {
                assertEquals(
                        of(id, Objects.requireNonNull(all.get(name))),
                        of(id, TestTables.rows(about.reader(name))),
                        name);
            }
        }
    }

    /** The timelines of the owners of an identifier, read from the rows about them, are those that all rows give. */
    private static void checkTimelines(NexusStore store, Random random) throws IOException {
        List<Map<String, Object>> owned;
        try (ResolvedTables all = store.tables(List.of(OutputTable.IDENTIFIERS_TO_ENTITY_ID))) {
            owned = TestTables.rows(all.reader(OutputTable.IDENTIFIERS_TO_ENTITY_ID));
        }
        for (int i = 0; i < 3 && !owned.isEmpty(); i++) {
            Map<String, Object> one = owned.get(random.nextInt(owned.size()));
            String entityType = String.valueOf(one.get("entity_type"));
            String type = String.valueOf(one.get("identifier_type"));
            String value = String.valueOf(one.get("identifier_value"));
            List<EntityTimeline> expected;
            try (ResolvedTables all = store.tables(EntityTimeline.TABLES);
                    ArrowReader log = store.log()) {
                expected = all.timelines(entityType, type, value);
                EntityTimeline.addResolutions(expected, log);
            }
            List<EntityTimeline> found = store.timelines(entityType, type, value);
            assertEquals(
                    expected.stream().map(EntityTimeline::entityId).toList(),
                    found.stream().map(EntityTimeline::entityId).toList());
            for (int t = 0; t < found.size(); t++) {
                assertEquals(expected.get(t).identifiers(), found.get(t).identifiers());
                assertEquals(expected.get(t).entries(), found.get(t).entries());
                for (EntityTimeline.Entry entry : found.get(t).entries()) {
                    Instant at = entry.at() == null ? Instant.EPOCH : entry.at();
                    assertEquals(expected.get(t).stateAt(at), found.get(t).stateAt(at));
                }
            }
        }
        assertEquals(List.of(), store.timelines("person", "email", "nobody at all"));
        assertEquals(List.of(), store.timelines("no type", "email", "ann"));
    }

    /** The rows about an entity, without null cells: not those of others that once had its id, which may come back to life. */
    private static List<Map<String, Object>> of(String id, List<Map<String, Object>> rows) {
        List<Map<String, Object>> mine = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            Map<String, Object> present = new TreeMap<>(row);
            present.remove("previous_entity_id");
            if (present.containsValue(id)) {
                Map<String, Object> cells = new TreeMap<>(row);
                cells.values().removeIf(Objects::isNull);
                mine.add(cells);
            }
        }
        return mine;
    }

    private static NexusConfig config(Random random, Names names) {
        NexusConfig.Builder builder = NexusConfig.builder()
                .entityTypes(EntityType.PERSON, EntityType.registered("subscription"), EntityType.GROUP)
                .clock(Instant.parse("2026-01-31T12:00:00Z"))
                .lenientBooleans(true)
                .idPolicy(random.nextBoolean() ? IdPolicy.CONTENT : IdPolicy.STABLE)
                .participantIds(random.nextBoolean() ? ParticipantIds.STABLE : ParticipantIds.REBUILD)
                .survivor(random.nextBoolean() ? Survivor.MOST_ROWS : Survivor.OLDEST)
                .resolveOn(random.nextInt(3) == 0 ? ResolveOn.NORMALIZED : ResolveOn.RAW);
        if (random.nextBoolean()) {
            builder.internalEmails(List.of("ann@x.org", "user0@X.com", "a@x.com"));
        }
        if (names == Names.HOSTILE) {
            builder.aggregator("amount", Aggregator.SUM);
            builder.states(DeclaredStates.some(random)).derivedStates(DeclaredStates.derived(random));
        } else {
            builder.aggregator(List.of(Aggregator.values()).get(random.nextInt(Aggregator.values().length)));
            builder.states(TameNames.states(random)).derivedStates(TameNames.derived());
        }
        if (random.nextBoolean()) {
            builder.periods(new PeriodRange(
                    PeriodRange.Unit.DAY,
                    Instant.parse("2024-05-30T00:00:00Z"),
                    Instant.parse("2024-06-05T00:00:00Z")));
        }
        return builder.build();
    }
}
