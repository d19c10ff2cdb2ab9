package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexusid.api.Aggregator;
import io.nexusid.api.AsOfTie;
import io.nexusid.api.Compat;
import io.nexusid.api.DeltaMode;
import io.nexusid.api.DerivedTies;
import io.nexusid.api.EntityType;
import io.nexusid.api.GapMode;
import io.nexusid.api.IdDialect;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.PeriodRange;
import io.nexusid.api.ResolveOn;
import io.nexusid.api.StayPolicy;
import io.nexusid.fixtures.ChecksTimelines;
import io.nexusid.fixtures.HostileGenerator;
import io.nexusid.fixtures.SlowResolver;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;

/** Every table of a run equals what the slow resolver says, for hostile logs and all kinds of settings. */
@ChecksTimelines
class OracleTest {
    private static final Instant CLOCK = Instant.parse("2026-01-31T12:00:00Z");

    @Property(tries = 60)
    void everyTableEqualsTheSlowResolvers(@ForAll long seed, @ForAll @IntRange(min = 0, max = 40) int size)
            throws IOException {
        check(config(seed), withOddStays(HostileGenerator.log(seed, size), new Random(seed)));
    }

    /** Adds what only some sources do: infinities, numbers that are none, and stays twice. */
    private static Map<InputTable, List<Map<String, Object>>> withOddStays(
            Map<InputTable, List<Map<String, Object>>> log, Random random) {
        Map<InputTable, List<Map<String, Object>>> odd = new EnumMap<>(log);
        List<Map<String, Object>> stays = new ArrayList<>(log.getOrDefault(InputTable.STATES, List.of()));
        for (Map<String, Object> stay : List.copyOf(stays)) {
            Map<String, Object> copy = new LinkedHashMap<>(stay);
            switch (random.nextInt(6)) {
                case 0 -> copy.put("state_exited_at", 253_402_300_799_000_000L);
                case 1 -> copy.put("state_entered_at", -62_135_596_800_000_000L);
                case 2 -> copy.put("state_numeric_value", Double.NaN);
                case 3 -> copy.put("state_exited_at", null);
                default -> copy.put("is_current", random.nextBoolean());
            }
            stays.add(copy);
        }
        if (!stays.isEmpty()) {
            odd.put(InputTable.STATES, stays);
        }
        for (Map<String, Object> change : log.getOrDefault(InputTable.STATE_CHANGES, List.of())) {
            if (random.nextInt(12) == 0) {
                change.put("state_numeric_value", random.nextBoolean() ? Double.NaN : Double.NEGATIVE_INFINITY);
            }
        }
        return odd;
    }

    @Test
    void entitiesOfTwoTypesThatShareAnIdAreSortedById() throws IOException {
        for (long seed : new long[] {964, 965, -3, -386}) {
            check(config(seed), HostileGenerator.log(seed, 40));
        }
    }

    @Property(tries = 30)
    void thePresetEqualsTheSlowResolversPreset(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int size)
            throws IOException {
        NexusConfig config = NexusConfig.builder()
                .compat(Compat.V0_13_DUCKDB)
                .entityTypes(types(new Random(seed)))
                .maxHops(1 + Math.floorMod(seed, 4))
                .clock(CLOCK)
                .states(DeclaredStates.some(new Random(seed)))
                .derivedStates(DeclaredStates.derived(new Random(seed)))
                .build();
        check(config, HostileGenerator.logWithBlanks(seed, size));
    }

    @Property(tries = 15)
    void rowOrderAndSlicingDoNotMatter(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int size)
            throws IOException {
        NexusConfig config = config(seed);
        Map<InputTable, List<Map<String, Object>>> log = HostileGenerator.log(seed, size);
        Map<String, List<Map<String, Object>>> once = resolve(config, log, new Random(seed));
        Random random = new Random(seed);
        Map<InputTable, List<Map<String, Object>>> shuffled = shuffled(log, random);
        Map<String, List<Map<String, Object>>> again = resolve(config, shuffled, random);
        for (OutputTable table : OutputTable.all(config)) {
            if (!table.sortKey().isEmpty()) {
                assertEquals(once.get(table.name()), again.get(table.name()), table.name());
            }
        }
    }

    /** A run that does not need the texts of edges keeps none; the rows of an edge stand anywhere here. */
    @Property(tries = 15)
    void aTableAskedForAloneIsTheSame(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int size)
            throws IOException {
        NexusConfig config = config(seed);
        Random random = new Random(seed);
        Map<InputTable, List<Map<String, Object>>> log = shuffled(HostileGenerator.log(seed, size), random);
        Map<String, List<Map<String, Object>>> all = resolve(config, log, random);
        for (String table : List.of(
                OutputTable.IDENTIFIERS_TO_ENTITY_ID,
                OutputTable.RESOLVED_ENTITY_TRAITS,
                OutputTable.ENTITY_PARTICIPANTS,
                OutputTable.EDGES,
                OutputTable.resolvedIdentifiers("person"))) {
            assertEquals(
                    all.get(table), resolve(config, log, random, List.of(table)).get(table), table);
        }
    }

    private static Map<InputTable, List<Map<String, Object>>> shuffled(
            Map<InputTable, List<Map<String, Object>>> log, Random random) {
        Map<InputTable, List<Map<String, Object>>> shuffled = new EnumMap<>(InputTable.class);
        log.forEach((table, rows) -> {
            List<Map<String, Object>> copy = new ArrayList<>(rows);
            Collections.shuffle(copy, random);
            shuffled.put(table, copy);
        });
        return shuffled;
    }

    private static List<EntityType> types(Random random) {
        List<EntityType> types = new ArrayList<>(List.of(EntityType.PERSON, EntityType.GROUP));
        if (random.nextBoolean()) {
            types.add(EntityType.resolved("task"));
        }
        if (random.nextBoolean()) {
            types.add(0, EntityType.registered("subscription"));
        }
        return types;
    }

    private static NexusConfig config(long seed) {
        Random random = new Random(seed);
        NexusConfig.Builder builder = NexusConfig.builder()
                .entityTypes(types(random))
                .clock(CLOCK)
                .lenientBooleans(true)
                .gapMode(pick(random, GapMode.values()))
                .deltaMode(pick(random, DeltaMode.values()))
                .stayPolicy(pick(random, StayPolicy.values()))
                .coalesceUnchanged(random.nextInt(3) == 0)
                .asOfTie(pick(random, AsOfTie.values()))
                .idDialect(pick(random, IdDialect.values()))
                .maxHops(random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0)
                .aggregator(pick(random, Aggregator.values()))
                .aggregator("amount", Aggregator.SUM)
                .ignoreEmptyIdentifiers(random.nextInt(4) > 0);
        if (random.nextBoolean()) {
            builder.states(DeclaredStates.some(random))
                    .derivedStates(DeclaredStates.derived(random))
                    .derivedTies(pick(random, DerivedTies.values()));
        }
        if (random.nextBoolean()) {
            builder.periods(Arrays.stream(PeriodRange.Unit.values())
                    .filter(unit -> random.nextBoolean())
                    .map(unit -> new PeriodRange(
                            unit,
                            Instant.parse("2024-05-17T08:00:00Z"),
                            Instant.parse(random.nextBoolean() ? "2024-06-01T23:00:00Z" : "2024-07-01T00:00:00Z")))
                    .toList());
        }
        if (random.nextInt(3) == 0) {
            builder.resolveOn(ResolveOn.NORMALIZED);
        }
        if (random.nextBoolean()) {
            builder.internalEmails(List.of("ann@x.org", "bob@x.org", "a@x.com"));
        }
        return builder.build();
    }

    private static <T> T pick(Random random, T[] values) {
        return List.of(values).get(random.nextInt(values.length));
    }

    private static void check(NexusConfig config, Map<InputTable, List<Map<String, Object>>> log) throws IOException {
        Map<String, List<Map<String, Object>>> expected = SlowResolver.resolve(config, log);
        Map<String, List<Map<String, Object>>> actual = resolve(config, log, new Random(42));
        for (OutputTable table : OutputTable.all(config)) {
            assertRowsEqual(table.name(), expected.get(table.name()), actual.get(table.name()));
        }
    }

    private static void assertRowsEqual(
            String table, List<Map<String, Object>> expected, List<Map<String, Object>> actual) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            assertEquals(
                    new ArrayList<>(expected.get(i).keySet()),
                    new ArrayList<>(actual.get(i).keySet()),
                    table + " columns");
            assertEquals(expected.get(i), actual.get(i), table + " row " + i);
        }
        assertEquals(expected.size(), actual.size(), table + " rows");
    }

    private static Map<String, List<Map<String, Object>>> resolve(
            NexusConfig config, Map<InputTable, List<Map<String, Object>>> log, Random random) throws IOException {
        return resolve(
                config,
                log,
                random,
                OutputTable.all(config).stream().map(OutputTable::name).toList());
    }

    /** Tables of a log that is handed over in batches of random sizes; every byte of memory is given back. */
    private static Map<String, List<Map<String, Object>>> resolve(
            NexusConfig config, Map<InputTable, List<Map<String, Object>>> log, Random random, List<String> names)
            throws IOException {
        Map<String, List<Map<String, Object>>> out = new HashMap<>();
        List<VectorSchemaRoot> batches = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator()) {
            try (Nexus nexus = Nexus.open(config, allocator)) {
                EventLog.Builder builder = nexus.log();
                log.forEach((table, rows) -> {
                    int from = 0;
                    do {
                        int end = Math.min(rows.size(), from + 1 + random.nextInt(20));
                        VectorSchemaRoot batch = TestTables.batch(table, rows, from, end, allocator);
                        batches.add(batch);
                        builder.add(table, batch);
                        from = end;
                    } while (from < rows.size());
                });
                try (EventLog input = builder.build();
                        ResolvedTables tables = nexus.resolve(input, names)) {
                    for (String name : names) {
                        out.put(name, TestTables.rows(tables.reader(name)));
                    }
                }
            } finally {
                batches.forEach(VectorSchemaRoot::close);
            }
        }
        TimelineRows.note(config, out);
        return out;
    }
}
