package io.nexusid.arrow;

import static io.nexusid.arrow.LogFiles.micros;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.nexusid.api.Compat;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.RunReport;
import io.nexusid.fixtures.ChecksTimelines;
import io.nexusid.fixtures.Demo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The demo, read from files of every format and written to files of every format, has the ids worked out by hand. */
@ChecksTimelines
class DemoTest {
    private static final NexusConfig CONFIG =
            NexusConfig.builder().clock(Instant.parse("2026-01-31T12:00:00Z")).build();

    private static final String LEWIS = "per_af43a612f874b7e1c8d28599d89e2d94";
    private static final String KEVIN = "per_ff9d445fa3150ab8b095900741df02d8";
    private static final String BILLING = "per_6ccccb954806ff58fd281df5c019043f";
    private static final String WELCOME = "per_d4aea9aa66529b9111fc6efa6513f564";
    private static final String SUPPORT = "per_7f322647297e66126d01a199efd883ca";
    private static final String FARMS = "grp_53ca25232f983645d22d9c9a461e014d";
    private static final String SLIDERULE = "grp_8222f8ac38e2bd0d71e7046776f86ca9";

    @TempDir
    Path dir;

    private Map<String, List<Map<String, Object>>> out = Map.of();

    static Stream<Arguments> formats() {
        return LogFiles.EXTENSIONS.stream()
                .flatMap(in -> Stream.of(TableFormat.values()).map(format -> Arguments.of(in, format)));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyFormatInAndOutGivesTheGoldenTables(String in, TableFormat format) throws IOException {
        Path input = dir.resolve("in");
        if (in.equals("csv")) {
            Demo.copyTo(input);
        } else {
            LogFiles.write(input, Demo.rows(), in);
        }
        Map<String, Schema> schemas = LogFiles.resolve(CONFIG, input, dir.resolve("out"), format);
        out = LogFiles.read(dir.resolve("out"), format, schemas);
        assertCounts();
        assertPeople();
        assertCompanies();
        assertRelationships();
        assertTimelines();
        assertTimeOfProcessing();
    }

    private void assertCounts() {
        Map<String, Integer> expected = new HashMap<>();
        expected.put(OutputTable.EVENTS, 11);
        expected.put(OutputTable.ENTITY_IDENTIFIERS, 63);
        expected.put(OutputTable.ENTITY_TRAITS, 72);
        expected.put(OutputTable.RELATIONSHIP_DECLARATIONS, 23);
        expected.put(OutputTable.EVENT_MEASUREMENTS_UNIONED, 4);
        expected.put(OutputTable.EVENT_DIMENSIONS_UNIONED, 0);
        expected.put(OutputTable.COMPUTED_TRAITS, 0);
        expected.put(OutputTable.EDGES, 28);
        expected.put("nexus_resolved_person_identifiers", 5);
        expected.put("nexus_resolved_group_identifiers", 10);
        expected.put(OutputTable.IDENTIFIERS_TO_ENTITY_ID, 15);
        expected.put(OutputTable.RESOLVED_ENTITY_TRAITS, 20);
        expected.put(OutputTable.RESOLVED_RELATIONSHIP_DECLARATIONS, 23);
        expected.put(OutputTable.RELATIONSHIPS, 5);
        expected.put(OutputTable.ENTITIES, 7);
        expected.put(OutputTable.ENTITY_PARTICIPANTS, 40);
        expected.put(OutputTable.EVENT_MEASUREMENTS, 4);
        expected.put(OutputTable.EVENT_DIMENSIONS, 0);
        expected.put(OutputTable.STATES, 7);
        expected.put(OutputTable.ENTITY_STATES, 6);
        expected.put(OutputTable.ENTITY_STATE_PARTICIPANTS, 15);
        expected.put(OutputTable.STATE_FINDINGS, 0);
        expected.put(OutputTable.RELATIONSHIP_STAYS, 14);
        expected.put(OutputTable.ENTITY_TRAIT_HISTORY, 20);
        expected.put(OutputTable.PERSONS, 5);
        expected.put(OutputTable.GROUPS, 2);
        expected.put(OutputTable.MEMBERSHIPS, 5);
        expected.put(OutputTable.REJECTS, 0);
        Map<String, Integer> actual = new HashMap<>();
        out.forEach((table, rows) -> actual.put(table, rows.size()));
        assertEquals(expected, actual);
        assertEquals(23, count(OutputTable.ENTITY_IDENTIFIERS, "entity_type", "person"));
        assertEquals(40, count(OutputTable.ENTITY_IDENTIFIERS, "entity_type", "group"));
        assertEquals(5, count(OutputTable.ENTITY_IDENTIFIERS, "source", "shop"));
        assertEquals(18, count(OutputTable.ENTITY_IDENTIFIERS, "source", "mail"));
        assertEquals(24, count(OutputTable.ENTITY_IDENTIFIERS, "source", "calendar"));
        assertEquals(16, count(OutputTable.ENTITY_IDENTIFIERS, "source", "billing"));
        assertEquals(23, count(OutputTable.ENTITY_PARTICIPANTS, "entity_type", "person"));
        assertEquals(17, count(OutputTable.ENTITY_PARTICIPANTS, "entity_type", "group"));
    }

    private void assertPeople() {
        Map<String, Object> lewis = only(OutputTable.PERSONS, "person_id", LEWIS);
        assertEquals(LEWIS, lewis.get("id"));
        assertEquals("Lewis Smith", lewis.get("name"));
        assertEquals("lewis.smith@hollywoodfarms.com", lewis.get("email"));
        assertEquals("+15551234567", lewis.get("phone"));
        assertEquals(micros("2019-03-15 11:45:00"), lewis.get("_created_at"));
        assertEquals(micros("2019-03-15 11:45:00"), lewis.get("first_interaction_at"));
        assertEquals(micros("2024-08-06 12:41:00"), lewis.get("last_interaction_at"));
        assertEquals(
                "Kevin McLaughlin",
                only(OutputTable.PERSONS, "person_id", KEVIN).get("name"));
        assertEquals(
                "SlideRule Billing",
                only(OutputTable.PERSONS, "person_id", BILLING).get("name"));
        assertEquals(
                "SlideRule Welcome",
                only(OutputTable.PERSONS, "person_id", WELCOME).get("name"));
        assertNull(only(OutputTable.PERSONS, "person_id", SUPPORT).get("name"));
        assertEquals(
                Map.of(
                        "lewis.smith@hollywoodfarms.com", LEWIS,
                        "kevin@sliderule.com", KEVIN,
                        "billing@sliderule.com", BILLING,
                        "welcome@sliderule.com", WELCOME,
                        "support@sliderule.com", SUPPORT),
                owners("person"));
        assertEquals(
                "per_idfr_403a55e84c91ec173c5da997e249da9e",
                only("nexus_resolved_person_identifiers", "person_id", LEWIS).get("person_identifier_id"));
    }

    private void assertCompanies() {
        Map<Object, Object> expected = new HashMap<>();
        for (String value : List.of(
                "hollywoodfarms.com",
                "www.hollywoodfarms.com",
                "hollywood-farms.myshopify.com",
                "shop_20417",
                "cus_hollywood_farms",
                "in_240601",
                "in_240701",
                "sub_hollywood_farms")) {
            expected.put(value, FARMS);
        }
        expected.put("sliderule.com", SLIDERULE);
        expected.put("www.sliderule.com", SLIDERULE);
        assertEquals(expected, owners("group"));
        Map<String, Object> farms = only(OutputTable.GROUPS, "group_id", FARMS);
        assertEquals("Hollywood Farms", farms.get("name"));
        assertEquals("shopify store", farms.get("type"));
        assertEquals("usd", farms.get("currency"));
        assertEquals("cus_hollywood_farms", farms.get("stripe_customer_id"));
        assertEquals(SLIDERULE, only(OutputTable.GROUPS, "group_id", SLIDERULE).get("id"));
    }

    private void assertRelationships() {
        Map<String, Object> lewis = relationship("rel_6e4040d4a7ba0b88da259be40e612cd2", LEWIS, FARMS);
        assertEquals("sender", lewis.get("entity_a_role"));
        assertEquals(micros("2024-08-06 12:41:00"), lewis.get("established_at"));
        assertEquals(micros("2019-03-15 11:45:00"), lewis.get("_created_at"));
        assertEquals(
                "member",
                relationship("rel_4354692914c5eacee05122c1008e3436", KEVIN, SLIDERULE)
                        .get("entity_a_role"));
        relationship("rel_1063a704421fc9b791b007b5f3a99a61", SUPPORT, SLIDERULE);
        relationship("rel_3cad3ecf5e2b657d6dd521b41426b0a5", BILLING, SLIDERULE);
        relationship("rel_d327d653539a1673f26f2ba251d21c39", WELCOME, SLIDERULE);
        Map<String, Object> membership =
                only(OutputTable.MEMBERSHIPS, "relationship_id", "rel_6e4040d4a7ba0b88da259be40e612cd2");
        assertEquals(LEWIS, membership.get("person_id"));
        assertEquals(FARMS, membership.get("group_id"));
        assertEquals("sender", membership.get("role"));
    }

    private Map<String, Object> relationship(String id, String a, String b) {
        Map<String, Object> row = only(OutputTable.RELATIONSHIPS, "relationship_id", id);
        assertEquals(a, row.get("entity_a_id"));
        assertEquals(b, row.get("entity_b_id"));
        return row;
    }

    private void assertTimelines() {
        assertEquals(
                List.of(
                        row("2024-05-18 00:00:00", "2024-06-01 11:00:00", false, "trial", null, null),
                        row("2024-06-01 11:00:00", "2024-07-01 11:00:00", false, "active", 29.99, 29.99),
                        row("2024-07-01 11:00:00", "2024-07-18 16:05:00", false, "past_due", 29.99, 0.0),
                        row("2024-07-18 16:05:00", null, true, "active", 29.99, 0.0)),
                timeline(FARMS, "billing_lifecycle", "mrr", "mrr_delta"));
        assertEquals(
                List.of(
                        row("2024-06-20 14:15:00", "2024-08-06 12:41:00", false, "invited"),
                        row("2024-08-06 12:41:00", null, true, "active")),
                timeline(LEWIS, "engagement"));
        Object before = null;
        for (Map<String, Object> state : out.get(OutputTable.ENTITY_STATES)) {
            if (FARMS.equals(state.get("entity_id"))) {
                assertEquals(before, state.get("previous_entity_state_id"));
                before = state.get("entity_state_id");
            }
        }
    }

    private void assertTimeOfProcessing() {
        Set<Object> times = new HashSet<>();
        for (String table : List.of(
                OutputTable.EVENTS,
                OutputTable.ENTITIES,
                OutputTable.PERSONS,
                OutputTable.GROUPS,
                OutputTable.RELATIONSHIPS)) {
            out.get(table).forEach(row -> times.add(row.get("_processed_at")));
        }
        assertEquals(Set.of(micros("2026-01-31 12:00:00")), times);
    }

    @Test
    void theReportCountsTheDemo() throws IOException {
        Demo.copyTo(dir.resolve("in"));
        try (Nexus nexus = Nexus.open(CONFIG);
                EventLog log = nexus.read(dir.resolve("in"));
                ResolvedTables tables = nexus.resolve(log)) {
            tables.write(dir.resolve("out"), TableFormat.PARQUET);
            RunReport report = tables.report();
            assertEquals(15, report.identifiers());
            assertEquals(links(), report.links());
            assertEquals(7, report.components());
            assertEquals(8, report.largestComponent());
            assertEquals(Map.of("person", 5L, "group", 2L), report.entities());
            assertEquals(0, report.idCollisions());
            assertEquals(Map.of(), report.unmatched());
            assertEquals(List.of(), report.ignored());
            Map<String, RunReport.TableIn> in = new HashMap<>();
            Demo.rows().forEach((table, rows) -> in.put(table.tableName(), new RunReport.TableIn(rows.size(), 0)));
            assertEquals(in, report.tablesIn());
            assertEquals(40L, report.tablesOut().get(OutputTable.ENTITY_PARTICIPANTS));
            assertEquals(null, report.tablesOut().get(OutputTable.EDGES));
        }
    }

    /** Distinct identifiers per edge and entity type, less one each. */
    private static long links() {
        Map<List<Object>, Set<List<Object>>> members = new HashMap<>();
        for (Map<String, Object> row : Demo.rows().get(InputTable.ENTITY_IDENTIFIERS)) {
            members.computeIfAbsent(List.of(row.get("edge_id"), row.get("entity_type")), k -> new HashSet<>())
                    .add(List.of(row.get("identifier_type"), row.get("identifier_value")));
        }
        return members.values().stream().mapToLong(m -> m.size() - 1L).sum();
    }

    @Test
    void thePresetResolvesTheDemoToTheSameEntities() throws IOException {
        Demo.copyTo(dir.resolve("in"));
        NexusConfig preset = NexusConfig.builder()
                .compat(Compat.V0_13_DUCKDB)
                .clock(CONFIG.clock().orElseThrow())
                .stateEventsFrom(Instant.EPOCH)
                .build();
        Map<String, List<Map<String, Object>>> ours = LogFiles.resolve(CONFIG, dir.resolve("in"));
        Map<String, List<Map<String, Object>>> theirs = LogFiles.resolve(preset, dir.resolve("in"));
        assertEquals(ours, theirs);
    }

    private long count(String table, String column, String value) {
        return out.get(table).stream().filter(r -> value.equals(r.get(column))).count();
    }

    private Map<String, Object> only(String table, String column, String value) {
        List<Map<String, Object>> found =
                out.get(table).stream().filter(r -> value.equals(r.get(column))).toList();
        assertEquals(1, found.size(), table + " with " + column + " " + value);
        return found.get(0);
    }

    private Map<Object, Object> owners(String type) {
        Map<Object, Object> owners = new HashMap<>();
        out.get("nexus_resolved_" + type + "_identifiers")
                .forEach(row -> owners.put(row.get("identifier_value"), row.get(type + "_id")));
        return owners;
    }

    private static List<Object> row(String from, String to, boolean current, Object... cells) {
        List<Object> row = new ArrayList<>();
        row.add(micros(from));
        row.add(to == null ? null : (Object) micros(to));
        row.add(current);
        row.addAll(Arrays.asList(cells));
        return row;
    }

    private List<List<Object>> timeline(String entity, String... columns) {
        List<List<Object>> timeline = new ArrayList<>();
        for (Map<String, Object> state : out.get(OutputTable.ENTITY_STATES)) {
            if (entity.equals(state.get("entity_id"))) {
                List<Object> row = new ArrayList<>();
                for (String column : List.of("valid_from", "valid_to", "is_current")) {
                    row.add(state.get(column));
                }
                for (String column : columns) {
                    row.add(state.get(column));
                }
                timeline.add(row);
            }
        }
        return timeline;
    }
}
