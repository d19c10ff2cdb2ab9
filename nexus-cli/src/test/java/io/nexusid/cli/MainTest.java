package io.nexusid.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands in this process: exit codes, what is printed where, what is written. */
class MainTest {
    private static final String DEMO = Path.of("..", "src-test-fixtures", "src", "main", "resources", "demo")
            .toString();

    @TempDir
    Path folder;

    private Path in;
    private Path out;
    private Printed stdout;
    private Printed stderr;

    @BeforeEach
    void writeAnnAndHerTwoNames() throws IOException {
        in = Files.createDirectory(folder.resolve("in"));
        out = folder.resolve("out");
        Files.writeString(in.resolve("entity_identifiers.csv"), """
                event_id,edge_id,entity_type,identifier_type,identifier_value,occurred_at
                e1,g1,person,email,ann@example.org,2024-01-01 10:00:00
                e1,g1,person,cookie,c-1,2024-01-01 10:00:00
                e2,g2,person,email,bob@example.org,2024-01-02 10:00:00
                """);
    }

    private int run(String... args) {
        stdout = new Printed();
        stderr = new Printed();
        return Main.run(stdout.stream(), stderr.stream(), args);
    }

    private int resolve(String... more) {
        return run(
                Stream.concat(Stream.of("resolve", "--in", in.toString(), "--out", out.toString()), Arrays.stream(more))
                        .toArray(String[]::new));
    }

    private List<String> written() throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void assertOneErrorLine(String... parts) {
        assertEquals("", stdout.text());
        assertEquals(1, stderr.text().lines().count(), stderr.text());
        assertTrue(stderr.text().startsWith("nexus: "), stderr.text());
        for (String part : parts) {
            assertTrue(stderr.text().contains(part), stderr.text());
        }
    }

    @Test
    void resolveWritesTheTablesAndPrintsASummary() throws IOException {
        assertEquals(Main.DONE, resolve("--format", "csv"));
        assertEquals("", stderr.text());
        assertTrue(stdout.text().contains("entity_identifiers"), stdout.text());
        assertTrue(written().contains("nexus_entities.csv"), written().toString());
        assertTrue(
                written().stream().allMatch(name -> name.endsWith(".csv")),
                written().toString());
        assertEquals(3, Files.readAllLines(out.resolve("nexus_entities.csv")).size());
    }

    @Test
    void quietPrintsNothing() {
        assertEquals(Main.DONE, resolve("--quiet"));
        assertEquals("", stdout.text());
        assertEquals("", stderr.text());
    }

    @Test
    void jsonStandsAloneOnStandardOutput() throws IOException {
        assertEquals(Main.DONE, resolve("--json", "--format=arrow"));
        JsonNode json = new ObjectMapper().readTree(stdout.text());
        assertEquals("", stderr.text());
        assertEquals(3, json.at("/tables_in/entity_identifiers/rows").asInt());
        assertEquals(3, json.at("/identifiers").asInt());
        assertEquals(1, json.at("/links").asInt());
        assertEquals(2, json.at("/components").asInt());
        assertEquals(2, json.at("/entities/person").asInt());
        assertEquals(2, json.at("/tables_out/nexus_entities").asInt());
    }

    @Test
    void onlyTheNamedTablesAndTheRejectsAreWritten() throws IOException {
        assertEquals(Main.DONE, resolve("--tables", "nexus_entities, nexus_persons", "--format", "csv"));
        assertEquals(List.of("nexus_entities.csv", "nexus_persons.csv", "nexus_rejects.csv"), written());
    }

    @Test
    void anUnknownTableIsMisuseAndTheTablesAreListed() {
        assertEquals(Main.USAGE, resolve("--tables", "nexus_entities,nexus_people"));
        assertOneErrorLine("'nexus_people'", "nexus_entities", "nexus_resolved_person_identifiers");
        assertFalse(Files.exists(out));
    }

    @Test
    void aConfiguredTypeHasItsTable() throws IOException {
        Path config =
                Files.writeString(folder.resolve("nexus.json"), "{\"entity_types\": [\"person\", \"household\"]}");
        assertEquals(
                Main.DONE,
                resolve(
                        "--config",
                        config.toString(),
                        "--tables",
                        "nexus_resolved_household_identifiers",
                        "--format=csv"));
        assertEquals(List.of("nexus_rejects.csv", "nexus_resolved_household_identifiers.csv"), written());
    }

    @Test
    void theCommandLineWinsOverTheFile() throws IOException {
        Path config = Files.writeString(folder.resolve("nexus.json"), "{\"clock\": \"2001-01-01T00:00:00Z\"}");
        assertEquals(
                Main.DONE,
                resolve(
                        "--config",
                        config.toString(),
                        "--clock",
                        "2002-02-02T00:00:00Z",
                        "--format",
                        "csv",
                        "--quiet"));
        String entities = Files.readString(out.resolve("nexus_entities.csv"));
        assertTrue(entities.contains("2002-02-02 00:00:00"), entities);
        assertFalse(entities.contains("2001-01-01"), entities);
    }

    @Test
    void anUnknownKeyIsBadConfiguration() throws IOException {
        Path config = Files.writeString(folder.resolve("nexus.json"), "{\"max_hopps\": 3}");
        assertEquals(Main.FAILED, resolve("--config", config.toString()));
        assertOneErrorLine("/max_hopps");
        assertFalse(Files.exists(out));
    }

    @Test
    void badDataFailsWithItsPlaceAndWithoutItsValue() throws IOException {
        Files.writeString(in.resolve("events.csv"), "event_id,occurred_at\ne1,yesterday evening\n");
        assertEquals(Main.FAILED, resolve());
        assertOneErrorLine("events", "occurred_at", "row 1", "[unreadable_value]");
        assertFalse(stderr.text().contains("yesterday"), stderr.text());
        assertFalse(Files.exists(out));
    }

    @Test
    void debugAddsTheTrace() throws IOException {
        Files.writeString(in.resolve("events.csv"), "event_id,occurred_at\ne1,yesterday evening\n");
        assertEquals(Main.FAILED, resolve("--debug"));
        assertTrue(stderr.text().lines().count() > 1);
        assertTrue(stderr.text().contains("NexusDataException"), stderr.text());
    }

    @Test
    void aFolderWithoutTablesIsBadData() throws IOException {
        Files.delete(in.resolve("entity_identifiers.csv"));
        assertEquals(Main.FAILED, resolve());
        assertOneErrorLine("[no_tables]");
    }

    @Test
    void aMissingFolderIsNamed() {
        in = folder.resolve("missing");
        assertEquals(Main.FAILED, resolve());
        assertOneErrorLine(in.toString(), "no such file or folder");
    }

    @Test
    void aFileIsNoFolder() {
        in = in.resolve("entity_identifiers.csv");
        assertEquals(Main.FAILED, resolve());
        assertOneErrorLine(in.toString(), "not a folder");
    }

    @Test
    void aMissingConfigurationIsNamed() {
        assertEquals(
                Main.FAILED, resolve("--config", folder.resolve("gone.json").toString()));
        assertOneErrorLine("gone.json", "no such file or folder");
    }

    @Test
    void resultsAreNotWrittenAmongTheInput() {
        out = in.resolve("..").resolve("in");
        assertEquals(Main.USAGE, resolve());
        assertOneErrorLine("--in and --out are the same folder");
    }

    @Test
    void badOptionsAreMisuse() {
        assertEquals(Main.USAGE, resolve("--format", "xlsx"));
        assertOneErrorLine("--format", "'xlsx'", "parquet, arrow, csv");
        assertEquals(Main.USAGE, resolve("--compat", "v9"));
        assertOneErrorLine("--compat", "'v9'", "v0.13-duckdb");
        assertEquals(Main.USAGE, resolve("--clock", "noon"));
        assertOneErrorLine("--clock", "'noon'");
        assertEquals(Main.USAGE, resolve("--threads", "-1"));
        assertOneErrorLine("--threads");
        assertEquals(Main.USAGE, resolve("--threads", "many"));
        assertOneErrorLine("--threads", "'many'");
        assertEquals(Main.USAGE, resolve("--colour"));
        assertOneErrorLine("--colour", "nexus resolve --help");
        assertEquals(Main.USAGE, run("resolve", "--in", in.toString()));
        assertOneErrorLine("--out");
        assertEquals(Main.USAGE, run("frobnicate"));
        assertOneErrorLine("'frobnicate'");
        assertEquals(Main.USAGE, run());
        assertOneErrorLine("which command?");
        assertFalse(Files.exists(out));
    }

    @Test
    void anOptionCannotForgeALine() {
        assertEquals(Main.USAGE, resolve("--tables", "x\nnexus: all is well\u001b[2J"));
        assertOneErrorLine("'x nexus: all is well [2J'");
    }

    @Test
    void helpAndVersionAreAnswers() {
        for (String[] args : new String[][] {{"--help"}, {"resolve", "--help"}, {"demo", "--help"}, {"--version"}}) {
            assertEquals(Main.DONE, run(args));
            assertEquals("", stderr.text());
            assertFalse(stdout.text().isBlank());
            assertTrue(stdout.text().lines().allMatch(line -> line.length() <= 80), stdout.text());
        }
        assertFalse(stdout.text().contains("@"), stdout.text());
    }

    @Test
    void theDemoShowsPeopleCompaniesAndTimelines() {
        assertEquals(Main.DONE, run("demo", "--in", DEMO));
        assertEquals("", stderr.text());
        for (String part : List.of(
                "Lewis Smith",
                "Kevin McLaughlin",
                "Hollywood Farms",
                "sliderule.com",
                "per_af43a6",
                "grp_53ca25",
                "billing_lifecycle",
                "past_due",
                "29.99",
                "engagement",
                "invited")) {
            assertTrue(stdout.text().contains(part), part + " is missing in\n" + stdout.text());
        }
        assertTrue(stdout.text().lines().allMatch(line -> line.length() <= 80), stdout.text());
        assertFalse(Files.exists(out));
    }

    @Test
    void theDemoWritesWhenAsked() throws IOException {
        assertEquals(Main.DONE, run("demo", "--in", DEMO, "--out", out.toString(), "--format", "csv", "--json"));
        assertEquals(
                5,
                new ObjectMapper()
                        .readTree(stdout.text())
                        .at("/entities/person")
                        .asInt());
        assertTrue(written().contains("nexus_entity_states.csv"), written().toString());
    }

    @Test
    void aMissingDemoTellsWhereItWorks() {
        assertEquals(Main.FAILED, run("demo", "--in", folder.resolve("none").toString()));
        assertOneErrorLine("./nexus demo");
    }
}
