package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.RunReport;
import io.nexusid.api.StayPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every odd thing that states can come with has one answer, from file to file. */
class OddStatesTest {
    private static final String ANN = "per_00000000000000000000000000000001";
    private static final List<String> TABLES =
            List.of(OutputTable.STATES, OutputTable.STATE_FINDINGS, OutputTable.ENTITY_STATES);

    @TempDir
    Path dir;

    private RunReport run(NexusConfig.Builder config, String file, String... lines) throws IOException {
        Path in = Files.createDirectories(dir.resolve("in"));
        Files.writeString(in.resolve("entity_identifiers.csv"), """
                edge_id,entity_type,identifier_type,identifier_value
                a,person,email,ann@x.org
                """);
        Files.writeString(in.resolve(file), String.join("\n", lines) + "\n");
        try (BufferAllocator allocator = new RootAllocator();
                Nexus nexus = Nexus.open(config.clock(Instant.EPOCH).build(), allocator);
                EventLog log = nexus.read(in);
                ResolvedTables tables = nexus.resolve(log, TABLES)) {
            tables.write(dir.resolve("out"), TableFormat.CSV);
            return tables.report();
        }
    }

    private RunReport states(StayPolicy policy, String... rows) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("entity_id,entity_type,state_name,state_value,state_numeric_value,state_entered_at,state_exited_at,"
                + "is_current");
        for (String row : rows) {
            lines.add(ANN + ",person," + row);
        }
        return run(NexusConfig.builder().stayPolicy(policy), "states.csv", lines.toArray(String[]::new));
    }

    private RunReport changes(String... rows) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(
                "entity_type,identifier_type,identifier_value,state_name,state_value,state_numeric_value,occurred_at");
        for (String row : rows) {
            lines.add("person,email,ann@x.org," + row);
        }
        return run(NexusConfig.builder(), "state_changes.csv", lines.toArray(String[]::new));
    }

    /** Columns of a written table, midnights without their time. */
    private List<String> rows(String table, Integer... columns) throws IOException {
        return Files.readAllLines(dir.resolve("out").resolve(table + ".csv"), UTF_8).stream()
                .skip(1)
                .map(line -> line.replace(" 00:00:00", "").split(",", -1))
                .map(cells -> String.join(
                        " ", Arrays.stream(columns).map(c -> cells[c]).toList()))
                .toList();
    }

    private List<String> stays() throws IOException {
        return rows(OutputTable.STATES, 3, 4, 5, 7, 8, 9);
    }

    private List<String> findings() throws IOException {
        return rows(OutputTable.STATE_FINDINGS, 3, 6, 7);
    }

    private String header(String table) throws IOException {
        return Files.readAllLines(dir.resolve("out").resolve(table + ".csv"), UTF_8)
                .get(0);
    }

    @Test
    void instantsThatAreNullInvertedOrSomebodysInfinity() throws IOException {
        String[] rows = {
            "a,x,,,2024-02-01,true",
            "b,x,,2024-02-01,2024-01-01,",
            "c,x,,2024-01-01,9999-12-31,",
            "d,x,,0001-01-01,2024-01-01,",
            "e,x,,2024-01-01,2024-02-01,true",
            "f,x,,2024-01-01,,false"
        };
        RunReport report = states(StayPolicy.REPORT, rows);
        assertEquals(
                List.of(
                        "a x   2024-02-01 true",
                        "b x  2024-02-01 2024-01-01 false",
                        "c x  2024-01-01  true",
                        "e x  2024-01-01 2024-02-01 true",
                        "f x  2024-01-01  false"),
                stays());
        assertEquals(
                List.of(
                        "a no_entry false",
                        "b exit_before_entry false",
                        "c exit_at_infinity false",
                        "d entry_at_minus_infinity true",
                        "e current_but_ended false",
                        "f open_but_not_current false"),
                findings());
        assertEquals(1L, report.unmatched().get("states.exit_before_entry"));
        states(StayPolicy.REJECT, rows);
        assertEquals(List.of("c x  2024-01-01  true"), stays());
        states(StayPolicy.LATEST_ENTERED, rows);
        assertEquals(
                List.of("c x  2024-01-01  true", "e x  2024-01-01 2024-02-01 false", "f x  2024-01-01  true"), stays());
    }

    @Test
    void overlappingOpenStays() throws IOException {
        String[] rows = {"a,x,,2024-01-01,,", "a,y,,2024-02-01,,", "a,z,,2024-03-01,2024-04-01,"};
        states(StayPolicy.REPORT, rows);
        assertEquals(List.of("a overlap false", "a overlap false"), findings());
        assertEquals(
                List.of(
                        "x 2024-01-01 2024-02-01",
                        "y 2024-02-01 2024-03-01",
                        "z 2024-03-01 2024-04-01",
                        "y 2024-04-01 "),
                rows(OutputTable.ENTITY_STATES, 3, 4, 5));
        states(StayPolicy.REJECT, rows);
        assertEquals(List.of("x 2024-01-01 "), rows(OutputTable.ENTITY_STATES, 3, 4, 5));
        states(StayPolicy.LATEST_ENTERED, rows);
        assertEquals(
                List.of("x 2024-01-01 2024-02-01", "y 2024-02-01 2024-03-01", "z 2024-03-01 2024-04-01"),
                rows(OutputTable.ENTITY_STATES, 3, 4, 5));
    }

    @Test
    void numbersThatAreNoneAreSetAsideWhereverTheyComeFrom() throws IOException {
        RunReport report =
                states(StayPolicy.REPORT, "mrr,,nan,2024-01-01,,", "mrr,,-inf,2024-01-01,,", "mrr,,7,2024-02-01,,");
        assertEquals(List.of("mrr  7.0 2024-02-01  true"), stays());
        assertEquals(2L, report.unmatched().get("states.number_not_finite"));
        Files.delete(dir.resolve("in/states.csv"));
        report = changes(
                "mrr,,7,2024-01-01",
                "mrr,,nan,2024-02-01",
                "mrr,active,inf,2024-03-01",
                "mrr,,8,2024-04-01",
                "seats,,-inf,2024-01-01");
        assertEquals(List.of("mrr  7.0 2024-01-01 2024-04-01 false", "mrr  8.0 2024-04-01  true"), stays());
        assertEquals(Map.of("state_changes.number_not_finite", 3L), report.unmatched());
    }

    @Test
    void allAtOneInstant() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            rows.add("s" + i % 3 + ",v" + (999 - i) + ",,2024-01-01");
        }
        RunReport report = changes(rows.toArray(String[]::new));
        assertEquals(
                List.of("s0 v702  2024-01-01  true", "s1 v701  2024-01-01  true", "s2 v700  2024-01-01  true"),
                stays());
        assertEquals(List.of("v702 v701 v700 2024-01-01  true"), rows(OutputTable.ENTITY_STATES, 3, 4, 5, 6, 7, 8));
        assertEquals(Map.of("state_changes.superseded", 297L), report.unmatched());
    }

    @Test
    void namesOfColumnsThatThereAreAlready() throws IOException {
        changes(
                "entity_id,x,,2024-01-01",
                "Valid From,y,,2024-01-01",
                "mrr,,1,2024-01-01",
                "mrr_delta,z,,2024-01-01",
                "state_entity_id,w,,2024-01-01");
        assertEquals(
                "entity_state_id,entity_id,entity_type,state_entity_id,state_mrr_delta,state_state_entity_id,"
                        + "state_valid_from,mrr,mrr_delta,valid_from,valid_to,is_current,previous_entity_state_id",
                header(OutputTable.ENTITY_STATES));
        assertEquals(List.of("w z x y 1.0 1.0"), rows(OutputTable.ENTITY_STATES, 3, 4, 5, 6, 7, 8));
    }

    @Test
    void fiveHundredStates() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            rows.add("s" + (1000 + i) + ",v" + i + ",,2024-01-01");
            rows.add("s" + (1000 + i) + ",,,2024-01-02 00:00:00." + (1000 + i));
        }
        changes(rows.toArray(String[]::new));
        String[] columns = header(OutputTable.ENTITY_STATES).split(",", -1);
        assertEquals(500 + 7, columns.length);
        assertEquals("s1000", columns[3]);
        assertEquals("s1499", columns[502]);
        List<String> timeline = rows(OutputTable.ENTITY_STATES, 3, 502, 503);
        assertEquals(500, timeline.size());
        assertEquals("v0 v499 2024-01-01", timeline.get(0));
        assertEquals(" v499 2024-01-02.1498", timeline.get(499));
    }

    @Test
    void aMillionChangesOfOneEntity() throws IOException {
        int n = 1_000_000;
        List<String> names = List.of(OutputTable.STATES, OutputTable.ENTITY_STATES);
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot who = Roots.of(
                        Roots.text(allocator, "entity_type", "person"),
                        Roots.text(allocator, "identifier_type", "email"),
                        Roots.text(allocator, "identifier_value", "ann@x.org"));
                VectorSchemaRoot what = Roots.of(
                        repeated(allocator, "entity_type", n, "person"),
                        repeated(allocator, "identifier_type", n, "email"),
                        repeated(allocator, "identifier_value", n, "ann@x.org"),
                        repeated(allocator, "state_name", n, "mood"),
                        repeated(allocator, "state_value", n, "good", "bad"),
                        Roots.fixed(
                                new TimeStampMicroTZVector("occurred_at", allocator, "UTC"),
                                n,
                                -1,
                                (v, i) -> v.set(i, (i * 7_919L) % n)));
                Nexus nexus = Nexus.open(NexusConfig.defaults(), allocator);
                EventLog log = nexus.log()
                        .add(InputTable.ENTITY_IDENTIFIERS, who)
                        .add(InputTable.STATE_CHANGES, what)
                        .build();
                ResolvedTables tables = nexus.resolve(log, names)) {
            long stays = 0;
            for (String name : names) {
                long rows = 0;
                try (ArrowReader reader = tables.reader(name)) {
                    while (reader.loadNextBatch()) {
                        rows += reader.getVectorSchemaRoot().getRowCount();
                    }
                }
                stays = stays == 0 ? rows : stays;
                assertEquals(stays, rows, name);
            }
            // Both 7,919 and its inverse are odd and n is even: neighbours in time always differ.
            assertEquals(n, stays);
        }
    }

    private static VarCharVector repeated(BufferAllocator allocator, String name, int rows, String... texts) {
        VarCharVector vector = Roots.text(allocator, name);
        for (int i = 0; i < rows; i++) {
            vector.setSafe(i, texts[i % texts.length].getBytes(UTF_8));
        }
        vector.setValueCount(rows);
        return vector;
    }
}
