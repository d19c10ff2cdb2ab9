package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.Compat;
import io.nexusid.api.EntityType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.FaultPolicy;
import io.nexusid.api.IdForm;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.OutputTable;
import io.nexusid.fixtures.ChecksTimelines;
import io.nexusid.fixtures.HostileGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code ids: binary} and surrogate keys every table is the default one, with its ids said in another way. */
@ChecksTimelines
class BinaryIdsTest {
    private static final Instant CLOCK = Instant.parse("2026-01-31T12:00:00Z");
    private static final String ANN = "bc4ea5ba42bae89bd4c4f32b1f2e1d3f";

    /** The prefix that ids of each type have; every other type is registered, or not known. */
    private static final Map<String, String> PREFIXES = Map.of("person", "per_", "group", "grp_", "task", "job_");

    /** For each column of bytes what leads back to the text: a prefix, or the column that tells the entity's type. */
    private static final Map<String, String> OF_COLUMN = Map.ofEntries(
            Map.entry("entity_id", "entity_type"),
            Map.entry("traits_entity_id", "entity_type"),
            Map.entry("identifier_id", "entity_type"),
            Map.entry("entity_a_id", "entity_a_type"),
            Map.entry("entity_b_id", "entity_b_type"),
            Map.entry("previous_entity_id", "never"),
            Map.entry("person_id", "per_"),
            Map.entry("group_id", "grp_"),
            Map.entry("task_id", "job_"),
            Map.entry("person_identifier_id", "per_idfr_"),
            Map.entry("group_identifier_id", "grp_idfr_"),
            Map.entry("task_identifier_id", "job_idfr_"),
            Map.entry("entity_trait_id", "ent_tr_"),
            Map.entry("entity_participant_id", "ent_"),
            Map.entry("relationship_id", "rel_"),
            Map.entry("membership_id", "mem_"),
            Map.entry("state_id", "st_"),
            Map.entry("overlapped_state_id", "st_"),
            Map.entry("entity_state_id", "es_"),
            Map.entry("previous_entity_state_id", "es_"),
            Map.entry("edge_uniqueness_hash", ""));

    @TempDir
    Path dir;

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void everyTableIsTheDefaultOneWithItsIdsSaidInAnotherWay(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int size) throws IOException {
        Path in = Files.createTempDirectory("binary-ids");
        try {
            LogFiles.write(in, log(seed, size), "arrow");
            Map<String, List<Map<String, Object>>> hex =
                    LogFiles.resolve(config(seed).build(), in);
            NexusConfig config = binary(config(seed)).build();
            Map<String, List<Map<String, Object>>> binary = LogFiles.resolve(config, in);
            Map<String, Long> keys = keys(hex.get(OutputTable.ENTITIES));
            // Stays of relationships have the types of their ends where the relationships have them.
            addTypes(hex);
            addTypes(binary);
            for (String table : LogFiles.names(config)) {
                assertEquals(hex.get(table), shownAsText(table, binary.get(table), hex.get(table), keys), table);
            }
        } finally {
            deleteFolder(in);
        }
    }

    private static void addTypes(Map<String, List<Map<String, Object>>> tables) {
        Map<Object, Map<String, Object>> relationships = new HashMap<>();
        tables.get(OutputTable.RELATIONSHIPS).forEach(row -> relationships.put(row.get("relationship_id"), row));
        for (Map<String, Object> stay : tables.get(OutputTable.RELATIONSHIP_STAYS)) {
            Map<String, Object> relationship = relationships.get(stay.get("relationship_id"));
            for (String end : List.of("a", "b")) {
                stay.put("entity_" + end + "_type", relationship.get("entity_" + end + "_type"));
                // To the end: keys come last in both.
                if (stay.containsKey("entity_" + end + "_key")) {
                    stay.put("entity_" + end + "_key", stay.remove("entity_" + end + "_key"));
                }
            }
        }
    }

    /** Rows as the default run has them, once their bytes are digits behind a prefix and their keys have been checked. */
    private static List<Map<String, Object>> shownAsText(
            String table, List<Map<String, Object>> binary, List<Map<String, Object>> hex, Map<String, Long> keys) {
        List<Map<String, Object>> shown = new ArrayList<>();
        for (int i = 0; i < binary.size(); i++) {
            Map<String, Object> row = new LinkedHashMap<>();
            Map<String, Object> expected = i < hex.size() ? hex.get(i) : Map.of();
            for (Map.Entry<String, Object> cell : binary.get(i).entrySet()) {
                String column = cell.getKey();
                if (expected.containsKey(column)) {
                    assertEquals(row.size(), List.copyOf(expected.keySet()).indexOf(column), table + "." + column);
                    row.put(column, text(table, column, cell.getValue(), binary.get(i)));
                } else {
                    String id = column.replaceFirst("_key$", "_id");
                    String type = typeOf(id, expected);
                    if (table.equals(OutputTable.RELATIONSHIP_STAYS)) {
                        // Ends of several types may share both ids, and with them the relationship's.
                        assertTrue(keys.entrySet().stream()
                                .anyMatch(key -> key.getValue().equals(cell.getValue())
                                        && key.getKey().endsWith(" " + expected.get(id))));
                        continue;
                    }
                    assertEquals(keys.get(type + " " + expected.get(id)), cell.getValue(), table + "." + column);
                }
            }
            shown.add(row);
        }
        return shown;
    }

    /** Tables with columns named by the data list theirs; in others a name is enough. */
    private static boolean isBytes(String table, String column) {
        return switch (table) {
            case OutputTable.ENTITIES -> Set.of("entity_id", "traits_entity_id").contains(column);
            case OutputTable.PERSONS -> Set.of("person_id", "id").contains(column);
            case OutputTable.GROUPS -> Set.of("group_id", "id").contains(column);
            case OutputTable.ENTITY_STATES ->
                Set.of("entity_state_id", "entity_id", "previous_entity_state_id")
                        .contains(column);
            case OutputTable.EVENT_MEASUREMENTS, OutputTable.EVENT_DIMENSIONS, OutputTable.REJECTS -> false;
            default -> !CoreTables.isCore(table) && OF_COLUMN.containsKey(column);
        };
    }

    private static Object text(String table, String column, Object value, Map<String, Object> row) {
        if (value == null || !isBytes(table, column)) {
            return value;
        }
        if (column.equals("id")) {
            return (table.equals(OutputTable.PERSONS) ? "per_" : "grp_") + value;
        }
        String origin = OF_COLUMN.get(column);
        return (origin.endsWith("_type") ? PREFIXES.getOrDefault((String) row.get(origin), "ent_") : origin) + value;
    }

    private static String typeOf(String idColumn, Map<String, Object> row) {
        String origin = OF_COLUMN.get(idColumn);
        return origin.endsWith("_type") ? (String) row.get(origin) : idColumn.replaceFirst("_id$", "");
    }

    /** By type and id the row of the entity in the table of all entities, counted from 1. */
    private static Map<String, Long> keys(List<Map<String, Object>> entities) {
        Map<String, Long> keys = new HashMap<>();
        for (int i = 0; i < entities.size(); i++) {
            keys.put(entities.get(i).get("entity_type") + " " + entities.get(i).get("entity_id"), i + 1L);
        }
        assertEquals(entities.size(), keys.size());
        return keys;
    }

    @Test
    void parquetAndArrowFilesHoldTheSameRowsInTheSameOrder() throws IOException, SQLException {
        for (long seed : new long[] {3, 5, 8}) {
            Path in = dir.resolve("in" + seed);
            LogFiles.write(in, log(seed, 60), "parquet");
            Path hex = dir.resolve("hex" + seed);
            NexusConfig config = binary(config(seed)).build();
            LogFiles.resolve(config(seed).build(), in, hex, TableFormat.PARQUET);
            Path parquet = dir.resolve("parquet" + seed);
            Map<String, Schema> schemas = LogFiles.resolve(config, in, parquet, TableFormat.PARQUET);
            Path arrow = dir.resolve("arrow" + seed);
            LogFiles.resolve(config, in, arrow, TableFormat.ARROW);
            Map<String, List<Map<String, Object>>> streamed = LogFiles.resolve(config, in);
            assertEquals(streamed, LogFiles.read(arrow, TableFormat.ARROW, schemas));
            assertSameInDuckDb(config, hex, parquet);
            LogFiles.resolve(binary(config(seed)).threads(1).build(), in, dir.resolve("one"), TableFormat.PARQUET);
            for (String table : schemas.keySet()) {
                assertArrayEquals(
                        Files.readAllBytes(parquet.resolve(table + ".parquet")),
                        Files.readAllBytes(dir.resolve("one/" + table + ".parquet")),
                        table);
            }
        }
    }

    /** Stays of relationships with the types of their ends, which decide what ids begin with. */
    private static final String TYPED_STAYS = """
            (SELECT s.*, r.entity_a_type, r.entity_b_type FROM read_parquet('%1$s/nexus_relationship_stays.parquet') s
             JOIN (SELECT relationship_id, min(entity_a_type) entity_a_type, min(entity_b_type) entity_b_type
                   FROM read_parquet('%1$s/nexus_relationships.parquet') GROUP BY 1) r USING (relationship_id)
             ORDER BY s.relationship_id, s.valid_from, s.relationship_declaration_id, s.valid_to)""";

    private static void assertSameInDuckDb(NexusConfig config, Path hex, Path binary) throws SQLException {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
            for (String table : LogFiles.names(config)) {
                String files = table.equals(OutputTable.RELATIONSHIP_STAYS)
                        ? TYPED_STAYS
                        : "read_parquet('%1$s/" + table + ".parquet')";
                List<String> columns = column(
                        duckdb,
                        "SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT * FROM " + files.formatted(hex)
                                + ")");
                List<String> cells = new ArrayList<>();
                Set<String> bytes = new TreeSet<>();
                for (String described : columns) {
                    String column = described.substring(0, described.indexOf(' '));
                    cells.add(isBytes(table, column) ? asText(table, column) : '"' + column + '"');
                    if (isBytes(table, column)) {
                        bytes.add(column);
                    }
                }
                assertEquals(
                        bytes,
                        new TreeSet<>(column(
                                duckdb,
                                "SELECT column_name FROM (DESCRIBE SELECT * FROM " + files.formatted(binary)
                                        + ") WHERE column_type = 'BLOB'")),
                        table);
                String expected = "SELECT row(*COLUMNS(*))::VARCHAR FROM " + files.formatted(hex);
                String actual = "SELECT row(" + String.join(", ", cells) + ")::VARCHAR FROM " + files.formatted(binary);
                assertEquals(column(duckdb, expected), column(duckdb, actual), table);
            }
        }
    }

    /** What the documents say leads back to the text. */
    private static String asText(String table, String column) {
        String origin =
                column.equals("id") ? table.equals(OutputTable.PERSONS) ? "per_" : "grp_" : OF_COLUMN.get(column);
        String prefix = "'" + origin + "'";
        if (origin.endsWith("_type")) {
            prefix = "CASE " + origin
                    + " WHEN 'person' THEN 'per_' WHEN 'group' THEN 'grp_' WHEN 'task' THEN 'job_' ELSE 'ent_' END";
        }
        return prefix + " || lower(hex(\"" + column + "\"))";
    }

    private static List<String> column(Connection duckdb, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    @Test
    void keysJoinTablesAsTypeAndIdDo() throws IOException, SQLException {
        LogFiles.write(dir.resolve("in"), log(4, 80), "parquet");
        LogFiles.resolve(binary(config(4)).build(), dir.resolve("in"), dir.resolve("out"), TableFormat.PARQUET);
        String from = " FROM '" + dir.resolve("out/nexus_entity_participants.parquet") + "' p JOIN '"
                + dir.resolve("out/nexus_entities.parquet") + "' e ON ";
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
            List<String> byKey = column(
                    duckdb,
                    "SELECT hex(entity_participant_id) || e.entity_type || hex(e.entity_id)" + from
                            + "p.entity_key = e.entity_key ORDER BY 1");
            List<String> byId = column(
                    duckdb,
                    "SELECT hex(entity_participant_id) || e.entity_type || hex(e.entity_id)" + from
                            + "p.entity_type = e.entity_type AND p.entity_id = e.entity_id ORDER BY 1");
            assertFalse(byKey.isEmpty());
            assertEquals(byId, byKey);
        }
    }

    @Test
    void anEntityOfEachTypeWithOneIdentifierHasTheSameBytesAndAnotherKey() throws IOException {
        csv("entity_identifiers", """
                edge_id,entity_type,identifier_type,identifier_value
                e1,person,email,ann@x.org
                e1,group,email,ann@x.org
                """);
        List<Map<String, Object>> entities = resolve(
                        NexusConfig.builder().ids(IdForm.BINARY).surrogateKeys(true))
                .get(OutputTable.ENTITIES);
        assertEquals(
                List.of("group", "person"),
                entities.stream().map(e -> e.get("entity_type")).toList());
        assertEquals(entities.get(0).get("entity_id"), entities.get(1).get("entity_id"));
        assertEquals(
                List.of(1L, 2L), entities.stream().map(e -> e.get("entity_key")).toList());
    }

    @Test
    void aGivenStateWhoseEntityIdIsNotOfTheMintedFormIsAFaultOfItsRow() throws IOException {
        String known = "per_" + ANN;
        csv("states", """
                entity_id,entity_type,state_name,state_value,state_entered_at
                %s,person,plan,gold,2024-01-01
                %s,robot,plan,gold,2024-01-01
                %s,person,plan,gold,2024-01-01
                """.formatted(known, "ent_" + ANN, known.replace('b', 'B')));
        NexusConfig.Builder config = NexusConfig.builder().ids(IdForm.BINARY);
        NexusDataException failure = assertThrows(NexusDataException.class, () -> resolve(config));
        assertEquals(FaultCode.UNREADABLE_VALUE, failure.code());
        assertEquals(
                "states (states.csv), column entity_id, row 3: is no id of this entity type (its prefix, _ and 32"
                        + " hexadecimal digits), which ids = binary needs: 'p…' (36 characters) [unreadable_value]",
                failure.getMessage());
        Map<String, List<Map<String, Object>>> kept =
                resolve(config.fault(FaultCode.UNREADABLE_VALUE, FaultPolicy.SET_ASIDE));
        assertEquals(
                List.of(ANN, ANN),
                kept.get(OutputTable.STATES).stream()
                        .map(s -> s.get("entity_id"))
                        .toList());
        assertEquals(1, kept.get(OutputTable.REJECTS).size());
        assertEquals(
                3,
                resolve(NexusConfig.builder().ids(IdForm.HEX))
                        .get(OutputTable.STATES)
                        .size());
    }

    @Test
    void aWholeTableInOneBatchIsTheStreamedOne() throws IOException {
        LogFiles.write(dir.resolve("in"), log(6, 60), "parquet");
        try (BufferAllocator allocator = new RootAllocator();
                Nexus nexus = Nexus.open(binary(config(6)).build(), allocator);
                EventLog log = nexus.read(dir.resolve("in"));
                ResolvedTables tables = nexus.resolve(log)) {
            for (OutputTable table : tables.tables()) {
                assertEquals(
                        TestTables.rows(tables.reader(table.name())),
                        TestTables.rows(tables.root(table.name())),
                        table.name());
            }
        }
    }

    @Test
    void aStateOfAnUnknownEntityHasAnIdAndNoKey() throws IOException {
        csv("states", """
                entity_id,entity_type,state_name,state_value,state_entered_at
                %s,person,plan,gold,2024-01-01
                """.formatted("per_" + ANN));
        Map<String, List<Map<String, Object>>> tables =
                resolve(NexusConfig.builder().ids(IdForm.BINARY).surrogateKeys(true));
        for (String table : List.of(OutputTable.STATES, OutputTable.ENTITY_STATES)) {
            Map<String, Object> row = tables.get(table).get(0);
            assertEquals(ANN, row.get("entity_id"));
            assertTrue(row.containsKey("entity_key"));
            assertEquals(null, row.get("entity_key"));
        }
    }

    @Test
    void namesInTheDataGiveWayToKeysOnlyIfThereAreKeys() throws IOException {
        csv("entity_identifiers", """
                edge_id,entity_type,identifier_type,identifier_value
                e1,person,email,ann@x.org
                """);
        csv("entity_traits", """
                entity_type,identifier_type,identifier_value,trait_name,trait_value
                person,email,ann@x.org,entity key,one
                person,email,ann@x.org,person_key,two
                """);
        csv("state_changes", """
                entity_type,identifier_type,identifier_value,state_name,state_value,occurred_at
                person,email,ann@x.org,entity_key,gold,2024-01-01
                """);
        Map<String, List<Map<String, Object>>> plain = resolve(NexusConfig.builder());
        Map<String, Object> entity = plain.get(OutputTable.ENTITIES).get(0);
        assertEquals("one", entity.get("entity_key"));
        assertEquals("gold", plain.get(OutputTable.ENTITY_STATES).get(0).get("entity_key"));
        Map<String, List<Map<String, Object>>> keyed =
                resolve(NexusConfig.builder().surrogateKeys(true));
        entity = keyed.get(OutputTable.ENTITIES).get(0);
        assertEquals(1L, entity.get("entity_key"));
        assertEquals("one", entity.get("trait_entity_key"));
        assertEquals("two", entity.get("person_key"));
        Map<String, Object> person = keyed.get(OutputTable.PERSONS).get(0);
        assertEquals(1L, person.get("person_key"));
        assertEquals("two", person.get("trait_person_key"));
        Map<String, Object> states = keyed.get(OutputTable.ENTITY_STATES).get(0);
        assertEquals(1L, states.get("entity_key"));
        assertEquals("gold", states.get("state_entity_key"));
    }

    @Test
    void csvIsRefusedBeforeAnythingIsWritten() throws IOException {
        csv("entity_identifiers", """
                edge_id,entity_type,identifier_type,identifier_value
                e1,person,email,ann@x.org
                """);
        Path out = dir.resolve("out");
        NexusConfig config = NexusConfig.builder().ids(IdForm.BINARY).build();
        NexusConfigException refused = assertThrows(
                NexusConfigException.class, () -> LogFiles.resolve(config, dir.resolve("in"), out, TableFormat.CSV));
        assertEquals(
                "/ids: 'binary' cannot be written as csv, which is text: write parquet or arrow, or 'hex' ids",
                refused.getMessage());
        assertTrue(Files.notExists(out));
        LogFiles.resolve(NexusConfig.builder().surrogateKeys(true).build(), dir.resolve("in"), out, TableFormat.CSV);
        assertTrue(Files.readString(out.resolve("nexus_persons.csv")).startsWith("person_id,id,"));
    }

    @Test
    void idsAreSixteenBytesAndKeysWholeNumbers() throws IOException {
        csv("entity_identifiers", """
                edge_id,entity_type,identifier_type,identifier_value
                e1,person,email,ann@x.org
                """);
        NexusConfig config =
                NexusConfig.builder().ids(IdForm.BINARY).surrogateKeys(true).build();
        Map<String, Schema> schemas =
                LogFiles.resolve(config, dir.resolve("in"), dir.resolve("out"), TableFormat.ARROW);
        for (String table : schemas.keySet()) {
            schemas.get(table).getFields().forEach(field -> {
                boolean bytes = field.getType().equals(new ArrowType.FixedSizeBinary(16));
                assertEquals(isBytes(table, field.getName()), bytes, table + "." + field.getName());
            });
        }
        List<String> participants = schemas.get(OutputTable.ENTITY_PARTICIPANTS).getFields().stream()
                .map(f -> f.getName())
                .toList();
        assertEquals(
                List.of(
                        "entity_participant_id",
                        "entity_type",
                        "event_id",
                        "entity_id",
                        "role",
                        "occurred_at",
                        "entity_key"),
                participants);
    }

    private void csv(String table, String rows) throws IOException {
        Files.createDirectories(dir.resolve("in"));
        Files.writeString(dir.resolve("in/" + table + ".csv"), rows);
    }

    private Map<String, List<Map<String, Object>>> resolve(NexusConfig.Builder config) throws IOException {
        return LogFiles.resolve(config.clock(CLOCK).build(), dir.resolve("in"));
    }

    private static NexusConfig.Builder binary(NexusConfig.Builder config) {
        return config.ids(IdForm.BINARY).surrogateKeys(true);
    }

    private static NexusConfig.Builder config(long seed) {
        Random random = new Random(seed);
        List<EntityType> types =
                new ArrayList<>(List.of(EntityType.PERSON, EntityType.GROUP, new EntityType("task", true, "job")));
        if (random.nextBoolean()) {
            types.add(0, EntityType.registered("subscription"));
        }
        NexusConfig.Builder builder =
                NexusConfig.builder().entityTypes(types).clock(CLOCK).lenientBooleans(true);
        return random.nextInt(4) == 0 ? builder.compat(Compat.V0_13_DUCKDB) : builder;
    }

    /** A log whose given states name entities by ids of the minted form; others are another test's. */
    private static Map<InputTable, List<Map<String, Object>>> log(long seed, int size) {
        Map<InputTable, List<Map<String, Object>>> log = HostileGenerator.log(seed, size);
        for (Map<String, Object> stay : log.getOrDefault(InputTable.STATES, List.of())) {
            String id = (String) stay.get("entity_id");
            String prefix = PREFIXES.getOrDefault((String) stay.get("entity_type"), "ent_");
            stay.put("entity_id", prefix + id.substring(id.length() - 32));
        }
        return log;
    }

    private static void deleteFolder(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
