package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.FaultCode;
import io.nexusid.api.FaultPolicy;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.OutputTable;
import io.nexusid.api.RunReport;
import io.nexusid.api.SnapshotDiffSpec;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.format.ArrowTableWriter;
import io.nexusid.arrow.format.ParquetTableWriter;
import io.nexusid.arrow.format.TableWriter;
import io.nexusid.fixtures.ChecksTimelines;
import io.nexusid.fixtures.HostileGenerator;
import io.nexusid.fixtures.SlowResolver;
import io.nexusid.fixtures.SlowSnapshotDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshot diffs, from the configuration and files to tables. */
@ChecksTimelines
class SnapshotDiffFilesTest {
    private static final String CHANGES = """
            {"file": "crm/plans.csv", "entity_key": "customer", "value": "plan", "observed_at": "seen_at",
             "event_name": "plan_seen", "source": "crm", "grain": "change", "occurred_at": "observed",
             "entity": {"entity_type": "group", "identifier_type": "customer_id", "role": "customer"},
             "dimension": "plan"}""";
    private static final String PLANS = """
            customer,plan,seen_at,ignored
            c1,free,2024-01-01,x
            c1,free,2024-01-02,x
            c1,,2024-01-03,x
            c1,paid,2024-01-05,x
            c1,  ,2024-01-04,x
            ,paid,2024-01-04,x
            c1,paid,2024-01-06,x
            c1,free,2024-01-07,x
            """;

    @TempDir
    Path dir;

    private NexusConfig.Builder config(String... diffs) {
        String json = "{\"snapshot_diffs\": [" + String.join(",", diffs) + "]}";
        return ConfigFile.parse(json.getBytes(UTF_8), "nexus.json").clock(Instant.parse("2026-01-31T12:00:00Z"));
    }

    private void plans(String text) throws IOException {
        Files.createDirectories(dir.resolve("in/crm"));
        Files.writeString(dir.resolve("in/crm/plans.csv"), text);
    }

    private RunReport write(NexusConfig config) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                Nexus nexus = Nexus.open(config, allocator);
                EventLog log = nexus.read(dir.resolve("in"));
                ResolvedTables tables = nexus.resolve(log)) {
            tables.write(dir.resolve("out"), TableFormat.CSV);
            assertEquals(List.of(), log.ignored());
            return tables.report();
        }
    }

    private List<String> csv(String table, Integer... columns) throws IOException {
        return Files.readAllLines(dir.resolve("out").resolve(table + ".csv"), UTF_8).stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .map(cells -> String.join(
                        ",", Arrays.stream(columns).map(c -> cells[c]).toList()))
                .toList();
    }

    @Test
    void changesOfAFieldBecomeEventsOfItsEntity() throws IOException {
        plans(PLANS);
        RunReport report = write(config(CHANGES).build());
        String first = SurrogateKey.id("event", "c1", "free", "1", "plan_seen");
        assertEquals(
                List.of(
                        first + ",2024-01-01 00:00:00,plan_seen,plan_seen: c1,plan_seen,crm,2024-01-01 00:00:00",
                        SurrogateKey.id("event", "c1", "paid", "2", "plan_seen")
                                + ",2024-01-05 00:00:00,plan_seen,plan_seen: c1,plan_seen,crm,2024-01-05 00:00:00",
                        SurrogateKey.id("event", "c1", "free", "3", "plan_seen")
                                + ",2024-01-07 00:00:00,plan_seen,plan_seen: c1,plan_seen,crm,2024-01-07 00:00:00"),
                csv(OutputTable.EVENTS, 0, 1, 2, 3, 4, 6, 8));
        assertEquals(3, csv(OutputTable.ENTITY_PARTICIPANTS, 0).size());
        assertEquals(
                List.of("group,customer", "group,customer", "group,customer"),
                csv(OutputTable.ENTITY_PARTICIPANTS, 1, 4));
        assertEquals(
                List.of("free", "free", "paid"),
                csv(OutputTable.EVENT_DIMENSIONS, 3).stream().sorted().toList());
        assertEquals(new RunReport.TableIn(8, 0), report.tablesIn().get("snapshot_diffs"));
        assertEquals(new RunReport.TableIn(3, 0), report.tablesIn().get("events"));
        assertEquals(1L, report.unmatched().get("snapshot_diffs.no_key"));
        assertEquals(2L, report.unmatched().get("snapshot_diffs.no_value"));
    }

    @Test
    void eachDistinctInstantIsAnEventAtThatInstant() throws IOException {
        plans("""
                customer,renews_at,_ingested_at,region,seats
                c1,2024-03-01,2024-01-02,north,5
                c1,2024-03-01,2024-01-01,,7
                c1,2024-04-01,2024-01-03,south,
                """);
        write(config("""
                {"file": "crm/plans.csv", "entity_key": "customer", "value": "renews_at", "event_name": "renewal",
                 "event_type": "billing", "event_description": "renews", "extra_columns": ["region", "seats"]}""").build());
        assertEquals(
                List.of(
                        "2024-03-01 00:00:00,renewal,renews,billing,unknown,2024-01-01 00:00:00",
                        "2024-04-01 00:00:00,renewal,renews,billing,unknown,2024-01-03 00:00:00"),
                csv(OutputTable.EVENTS, 1, 2, 3, 4, 6, 8));
        assertEquals(
                SurrogateKey.id("event", "c1", "2024-03-01", "renewal"),
                csv(OutputTable.EVENTS, 0).get(0));
        assertEquals(
                List.of("region,north", "seats,7", "region,south"), csv(OutputTable.EVENT_DIMENSIONS_UNIONED, 2, 3));
    }

    @Test
    void statesFollowFromWhatSnapshotsShow() throws IOException {
        plans(PLANS);
        String json = """
                {"snapshot_diffs": [%s], "states": [{"name": "plan", "entity_type": "group",
                  "set": [{"event": {"event_name": "plan_seen"}, "value_from": {"dimension": "plan"}}]}]}
                """.formatted(CHANGES);
        write(ConfigFile.parse(json.getBytes(UTF_8), "nexus.json").build());
        assertEquals(
                List.of(
                        "plan,free,2024-01-01 00:00:00",
                        "plan,paid,2024-01-05 00:00:00",
                        "plan,free,2024-01-07 00:00:00"),
                csv(OutputTable.STATES, 3, 4, 7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "arrow"})
    void binaryFilesHaveNumbersAndInstantsOfTheirOwn(String extension) throws IOException {
        Files.createDirectories(dir.resolve("in"));
        Path file = dir.resolve("in/prices." + extension);
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = Roots.of(
                        Roots.text(allocator, "sku", "a", "a", "a"),
                        Roots.fixed(new Float8Vector("price", allocator), 3, -1, (v, i) -> v.set(i, i < 2 ? 9.5 : 10)),
                        Roots.fixed(new Float8Vector("stock", allocator), 3, -1, (v, i) -> v.set(i, i == 0 ? 9 : 10)),
                        Roots.fixed(
                                new TimeStampMicroTZVector("at", allocator, "UTC"),
                                3,
                                -1,
                                (v, i) -> v.set(i, 10L - i)));
                TableWriter writer = extension.equals("parquet")
                        ? ParquetTableWriter.create(file, root.getSchema())
                        : ArrowTableWriter.create(file, root.getSchema())) {
            writer.write(root);
        }
        write(config("""
                {"file": "prices.%s", "entity_key": "sku", "value": "price", "observed_at": "at", "event_name": "priced",
                 "occurred_at": "observed", "measurement": "Price", "value_unit": "EUR", "extra_columns": ["stock"]}""".formatted(extension)).build());
        assertEquals(List.of("price,10.0,eur", "price,9.5,eur"), csv(OutputTable.EVENT_MEASUREMENTS_UNIONED, 2, 3, 4));
        assertEquals(List.of("stock,10.0", "stock,10.0"), csv(OutputTable.EVENT_DIMENSIONS_UNIONED, 2, 3));
        assertEquals(
                SurrogateKey.id("event", "a", "10.0", "priced"),
                csv(OutputTable.EVENTS, 0).get(0));
    }

    private NexusDataException fails(String diff, String text) throws IOException {
        plans(text);
        NexusDataException fault =
                assertThrows(NexusDataException.class, () -> write(config(diff).build()));
        assertEquals("snapshot_diffs", fault.table());
        assertEquals("crm/plans.csv", fault.file());
        assertFalse(fault.getMessage().contains("Secret"), fault.getMessage());
        assertFalse(Files.exists(dir.resolve("out")));
        return fault;
    }

    @Test
    void whatIsWrongIsSaidWithFileColumnAndRow() throws IOException {
        NexusDataException fault = fails(CHANGES, "customer,plan,seen_at\nc1,x,2024-01-01\nc1,x,Secret\n");
        assertEquals(FaultCode.UNREADABLE_VALUE, fault.code());
        assertEquals("seen_at", fault.column());
        assertEquals(2, fault.row());
        fault = fails(CHANGES, "customer,plan,seen_at\nc1,Secret,\n");
        assertEquals(FaultCode.MISSING_VALUE, fault.code());
        assertEquals("seen_at", fault.column());
        fault = fails(CHANGES, "customer,plan,seen\n");
        assertEquals(FaultCode.MISSING_COLUMN, fault.code());
        fault = fails(CHANGES, "customer,plan,seen_at,plan\n");
        assertEquals(FaultCode.DUPLICATE_COLUMN, fault.code());
        fault = fails(CHANGES, "customer,plan,seen_at\nc1,x,2024-01-01,Secret\n");
        assertEquals(FaultCode.MALFORMED_RECORD, fault.code());
        String distinct = CHANGES.replace("\"change\"", "\"distinct_value\"");
        fault = fails(distinct.replace("\"observed\"", "\"value\""), "customer,plan,seen_at\nc1,qzSecret,2024-01-01\n");
        assertEquals(FaultCode.UNREADABLE_VALUE, fault.code());
        assertEquals("plan", fault.column());
        fault = fails(
                distinct.replace("\"dimension\"", "\"measurement\""),
                "customer,plan,seen_at\nc1,qzSecret,2024-01-01\n");
        assertEquals("plan", fault.column());
        assertEquals(1, fault.row());
    }

    @Test
    void badRowsCanBeSetAsideAndAreListed() throws IOException {
        plans("customer,plan,seen_at\nc1,free,2024-01-01\nc1,paid,never\nc1,free,\n,free,2024-01-02\n");
        RunReport report = write(config(CHANGES)
                .fault(FaultCode.UNREADABLE_VALUE, FaultPolicy.SET_ASIDE)
                .fault(FaultCode.MISSING_VALUE, FaultPolicy.SET_ASIDE)
                .build());
        assertEquals(
                List.of(
                        "snapshot_diffs,crm/plans.csv,2,unreadable_value,seen_at",
                        "snapshot_diffs,crm/plans.csv,3,missing_value,seen_at"),
                csv(OutputTable.REJECTS, 0, 1, 2, 3, 4));
        assertEquals(new RunReport.TableIn(4, 2), report.tablesIn().get("snapshot_diffs"));
        assertEquals(1, csv(OutputTable.EVENTS, 0).size());
    }

    @Test
    void contradictionsInTheConfigurationAreNamed() throws IOException {
        plans(PLANS);
        Function<String, String> message = diff -> String.valueOf(assertThrows(
                        NexusConfigException.class, () -> write(config(diff).build()))
                .getMessage());
        assertTrue(message.apply(CHANGES.replace("\"observed\"", "\"value\""))
                .startsWith("/snapshot_diffs/0/occurred_at"));
        assertTrue(message.apply(CHANGES.replace("crm/plans.csv", "plans.csv")).startsWith("/snapshot_diffs/0/file"));
        assertTrue(message.apply(CHANGES.replace("crm/plans", "../plans")).startsWith("/snapshot_diffs/0/file"));
        assertTrue(message.apply(CHANGES.replace("\"seen_at\"", "\"plan\"")).contains("named twice"));
        assertTrue(message.apply(CHANGES.replace("\"source\"", "\"sauce\"")).startsWith("/snapshot_diffs/0/sauce"));
        assertTrue(message.apply(CHANGES.replace("\"dimension\"", "\"value_unit\""))
                .contains("value_unit"));
        assertTrue(message.apply(CHANGES.replace("plan_seen", "")).contains("event_name"));
    }

    /** Every table of a run equals that of a slow one over the same log with what the slow diff adds to it. */
    @Property(tries = 10)
    void everyTableEqualsTheSlowOnes(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        SnapshotDiffSpec diff = spec(random);
        List<Map<String, Object>> sightings = sightings(random);
        Map<InputTable, List<Map<String, Object>>> log = new EnumMap<>(HostileGenerator.log(seed, 12));
        // Minted ids depend on whether there is this column.
        log.getOrDefault(InputTable.ENTITY_IDENTIFIERS, List.of()).forEach(row -> row.putIfAbsent("role", null));
        NexusConfig config = NexusConfig.builder()
                .snapshotDiffs(List.of(diff))
                .clock(Instant.parse("2026-01-31T12:00:00Z"))
                .lenientBooleans(true)
                .threads(1 + random.nextInt(3))
                .build();
        Map<InputTable, List<Map<String, Object>>> whole = new EnumMap<>(InputTable.class);
        log.forEach((table, rows) -> whole.put(table, new ArrayList<>(rows)));
        SlowSnapshotDiff.joined(diff, sightings)
                .forEach((table, rows) ->
                        whole.computeIfAbsent(table, t -> new ArrayList<>()).addAll(rows));
        Path in = Files.createTempDirectory("snapshots");
        try {
            LogFiles.write(in, log, "arrow");
            StringBuilder csv = new StringBuilder("at,key,extra,value\n");
            Collections.shuffle(sightings, random);
            sightings.forEach(
                    row -> csv.append(row.get("at") == null ? "" : "1970-01-01 00:00:00.00000" + row.get("at"))
                            .append(',')
                            .append(cell(row.get("key")))
                            .append(',')
                            .append(cell(row.get("extra")))
                            .append(',')
                            .append(cell(row.get("value")))
                            .append('\n'));
            Files.writeString(in.resolve("s.csv"), csv);
            Map<String, List<Map<String, Object>>> expected = SlowResolver.resolve(config, whole);
            Map<String, List<Map<String, Object>>> actual = LogFiles.resolve(config, in);
            for (OutputTable table : OutputTable.all(config)) {
                assertEquals(expected.get(table.name()), actual.get(table.name()), table.name());
            }
        } finally {
            try (var files = Files.list(in)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(in);
        }
    }

    private static String cell(Object value) {
        return value == null ? "" : "\"" + value + "\"";
    }

    private static SnapshotDiffSpec spec(Random random) {
        SnapshotDiffSpec.Builder diff = SnapshotDiffSpec.of("s.csv", "key", "value", "seen")
                .observedAt("at")
                .occurredAt(SnapshotDiffSpec.OccurredAt.OBSERVED)
                .grain(random.nextBoolean() ? SnapshotDiffSpec.Grain.CHANGE : SnapshotDiffSpec.Grain.DISTINCT_VALUE);
        if (random.nextBoolean()) {
            diff.entity(new SnapshotDiffSpec.Entity("person", "email", random.nextBoolean() ? "owner" : null));
        }
        if (random.nextBoolean()) {
            diff.dimension("Plan");
        }
        if (random.nextBoolean()) {
            diff.measurement(new SnapshotDiffSpec.Measurement("Amount", random.nextBoolean() ? "EUR" : null));
        }
        if (random.nextBoolean()) {
            diff.extraColumns(
                    List.of("extra"),
                    random.nextBoolean() ? SnapshotDiffSpec.Extras.MAX : SnapshotDiffSpec.Extras.FIRST);
        }
        if (random.nextBoolean()) {
            diff.event(new SnapshotDiffSpec.EventTexts("seen", "type", "what", "Mail"));
        }
        return diff.build();
    }

    private static List<Map<String, Object>> sightings(Random random) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = random.nextInt(30); i > 0; i--) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("key", pick(random, "user0@X.com", "user1@X.com", "b-c", "\ue000", "\ud83d\ude00", "", " ", null));
            row.put("value", pick(random, "1", "2.50", "-3", "1", "10", "9", "  ", null));
            row.put("at", (long) random.nextInt(6));
            row.put("extra", pick(random, "a", "b", "", null));
            rows.add(row);
        }
        return rows;
    }

    private static String pick(Random random, String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    @Test
    void tablesInMemoryCanBeSnapshotsToo() throws IOException {
        NexusConfig config = config(CHANGES).build();
        try (BufferAllocator allocator = new RootAllocator();
                Nexus nexus = Nexus.open(config, allocator);
                VectorSchemaRoot rows = Roots.of(new FieldVector[] {
                    Roots.text(allocator, "customer", "c1"),
                    Roots.text(allocator, "plan", "free"),
                    Roots.fixed(new TimeStampMicroTZVector("seen_at", allocator, "UTC"), 1, -1, (v, i) -> v.set(i, 7))
                })) {
            assertThrows(NexusConfigException.class, () -> nexus.log().build());
            try (EventLog log = nexus.log().addSnapshots("crm/plans.csv", rows).build();
                    ResolvedTables tables = nexus.resolve(log)) {
                assertEquals(
                        7L,
                        TestTables.rows(tables.reader(OutputTable.EVENTS))
                                .get(0)
                                .get("occurred_at"));
            }
        }
    }
}
