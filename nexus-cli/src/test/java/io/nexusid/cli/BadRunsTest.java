package io.nexusid.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexusid.fixtures.Demo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that fails says why in one line that shows no value, and leaves the output folder as it was. */
class BadRunsTest {
    private static final String SECRET = "qz-Secret-7";

    @TempDir
    Path dir;

    private Path in;
    private Path out;
    private Printed stdout;
    private Printed stderr;

    @BeforeEach
    void theDemoAndAnOlderResult() throws IOException {
        in = dir.resolve("in");
        out = dir.resolve("out");
        Demo.copyTo(in);
        Files.createDirectory(out);
        Files.writeString(out.resolve("nexus_entities.parquet"), "older");
        Files.writeString(out.resolve("nexus_events.csv"), "older");
        Files.writeString(out.resolve("mine.txt"), "mine");
    }

    private int resolve(String... more) {
        stdout = new Printed();
        stderr = new Printed();
        String[] args = Stream.concat(
                        Stream.of("resolve", "--in", in.toString(), "--out", out.toString()), Arrays.stream(more))
                .toArray(String[]::new);
        return Main.run(stdout.stream(), stderr.stream(), args);
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.toList()) {
                String name = out.relativize(file).toString();
                contents.put(name, Files.isDirectory(file) ? "" : Files.readString(file, ISO_8859_1));
            }
        }
        return contents;
    }

    private void assertFails(String... parts) throws IOException {
        for (String format : List.of("parquet", "arrow", "csv")) {
            Map<String, String> before = contents();
            assertEquals(Main.FAILED, resolve("--format", format));
            assertEquals("", stdout.text());
            assertEquals(1, stderr.text().lines().count(), stderr.text());
            assertTrue(stderr.text().startsWith("nexus: "), stderr.text());
            for (String part : parts) {
                assertTrue(stderr.text().contains(part), stderr.text());
            }
            assertFalse(stderr.text().contains("Secret"), stderr.text());
            assertFalse(stderr.text().contains("internal error"), stderr.text());
            assertEquals(before, contents());
        }
    }

    @Test
    void binaryIdsAreRefusedInCsvBeforeAnythingIsRead() throws IOException {
        Path config = Files.writeString(dir.resolve("nexus.json"), "{\"ids\": \"binary\"}");
        Files.writeString(in.resolve("broken_events.parquet"), "no parquet");
        Map<String, String> before = contents();
        assertEquals(Main.FAILED, resolve("--config", config.toString(), "--format", "csv"));
        assertEquals(
                "nexus: /ids: 'binary' cannot be written as csv, which is text: write parquet or arrow, or 'hex' ids\n",
                stderr.text());
        assertEquals(before, contents());
        Files.delete(in.resolve("broken_events.parquet"));
        assertEquals(Main.DONE, resolve("--config", config.toString(), "--format", "arrow"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "events; event_id,event_name; e1,SECRET; [missing_column]; occurred_at; ''",
                "events; event_id,occurred_at; e1,SECRET; [unreadable_value]; occurred_at; row 1",
                "events; event_id,occurred_at,significance; e1,2024-01-01,SECRET; [unreadable_value]; significance; row 1",
                "events; event_id,occurred_at; ,2024-01-01; [missing_value]; event_id; row 1",
                "events; event_id,occurred_at; SECRET,0000-01-01; [timestamp_out_of_range]; occurred_at; row 1",
                "events; event_id,occurred_at,source; e,2024-01-01,SECRET\u00e9; [invalid_utf8]; source; row 1",
                "events; event_id,occurred_at; e,2024-01-01,SECRET; [malformed_record]; z.csv; row 1",
                "events; event_id,occurred_at; \"SECRET; [malformed_record]; z.csv; row 1",
                "events; event_id,occurred_at,event_id; SECRET,2024-01-01,e; [duplicate_column]; event_id; ''",
                "events; event_id,occurred_at,EVENT_ID; SECRET,2024-01-01,e; [duplicate_column]; EVENT_ID; ''",
                "events; id,event_id,occurred_at; SECRET,e,2024-01-01; [duplicate_column]; z.csv; ''",
                "entity_identifiers; entity_type,identifier_type,identifier_value; ,email,SECRET; [missing_value];"
                        + " entity_type; row 1",
                "entity_traits; entity_type,identifier_type,identifier_value,trait_name,trait_value;"
                        + " person,email,SECRET,,x; [blank_name]; trait_name; row 1",
                "event_dimensions; event_id,dimension_name,dimension_value; e,is_vip,SECRET; [unreadable_value];"
                        + " dimension_value; row 1",
                "entity_registrations; entity_type,source,source_id; group,crm,SECRET; [resolved_type_registered];"
                        + " entity_type; row 1"
            })
    void everyFaultIsOneLine(String table, String header, String row, String code, String column, String place)
            throws IOException {
        Path file = in.resolve(table).resolve("z.csv");
        Files.createDirectories(file.getParent());
        Files.write(file, (header + "\n" + row.replace("SECRET", SECRET) + "\n").getBytes(ISO_8859_1));
        assertFails(table, table + "/z.csv", code, column, place);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "arrow", "arrows"})
    void aDamagedFileIsOneLine(String extension) throws IOException {
        Path file = in.resolve("events").resolve("z." + extension);
        Files.writeString(file, "event_id,occurred_at\n" + SECRET.repeat(200));
        assertFails("events/z." + extension, "[corrupt_file]");
        Files.write(file, new byte[0]);
        assertFails("events/z." + extension, "[corrupt_file]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "arrow"})
    void aTruncatedFileIsOneLine(String extension) throws IOException {
        Path result = out;
        out = dir.resolve("first");
        assertEquals(Main.DONE, resolve("--format", extension));
        byte[] whole = Files.readAllBytes(out.resolve("nexus_events." + extension));
        out = result;
        for (int length : new int[] {whole.length / 2, whole.length - 1}) {
            Files.write(in.resolve("events").resolve("z." + extension), Arrays.copyOf(whole, length));
            assertFails("events/z." + extension, "[corrupt_file]");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"max_hopps\": 3}; /max_hopps",
                "{\"max_hops\": \"three\"}; /max_hops",
                "{\"max_hops\": 3, \"max_hops\": 4}; max_hops",
                "{\"faults\": {\"missing_column\": \"set_aside\"}}; /faults/missing_column",
                "{\"faults\": {\"blank_identifier\": \"ignore\"}}; /faults/blank_identifier",
                "{\"entity_types\": [\"person\", \"person\"]}; /entity_types",
                "{\"clock\": \"noon\"}; /clock",
                "{; nexus.json",
                "[]; nexus.json"
            })
    void aBadConfigurationIsOneLine(String json, String part) throws IOException {
        Path config = Files.writeString(dir.resolve("nexus.json"), json);
        Map<String, String> before = contents();
        assertEquals(Main.FAILED, resolve("--config", config.toString()));
        assertEquals("", stdout.text());
        assertEquals(1, stderr.text().lines().count(), stderr.text());
        assertTrue(stderr.text().contains(part), stderr.text());
        assertFalse(stderr.text().contains("internal error"), stderr.text());
        assertEquals(before, contents());
    }

    @Test
    void rowsThatAreSetAsideAddUp() throws IOException {
        Path config = Files.writeString(
                dir.resolve("nexus.json"),
                "{\"faults\": {\"unreadable_value\": \"set_aside\", \"missing_value\": \"set_aside\"}}");
        Files.writeString(in.resolve("events/z.csv"), """
                event_id,occurred_at,significance
                e1,2024-01-01,1
                e2,%1$s,1
                ,2024-01-01,1
                e4,2024-01-01,%1$s
                """.formatted(SECRET));
        Files.writeString(
                in.resolve("entity_identifiers/z.csv"),
                "entity_type,identifier_type,identifier_value\nperson,email,\nperson,,%1$s\nperson,email,%1$s\n"
                        .formatted(SECRET));
        assertEquals(Main.DONE, resolve("--config", config.toString(), "--format", "csv", "--json"));
        assertEquals("", stderr.text());
        JsonNode json = new ObjectMapper().readTree(stdout.text());
        assertRows(json, "events", "nexus_events", 15, 3);
        assertRows(json, "entity_identifiers", "nexus_entity_identifiers", 66, 2);
        assertEquals(5, json.at("/tables_out/nexus_rejects").asInt());
        List<String> rejects = Files.readAllLines(out.resolve("nexus_rejects.csv"), UTF_8);
        assertEquals("input_table,file,row_number,code,column_name,reason", rejects.get(0));
        assertEquals(
                List.of(
                        "events,events/z.csv,2,unreadable_value,occurred_at",
                        "events,events/z.csv,3,missing_value,event_id",
                        "events,events/z.csv,4,unreadable_value,significance",
                        "entity_identifiers,entity_identifiers/z.csv,1,blank_identifier,identifier_value",
                        "entity_identifiers,entity_identifiers/z.csv,2,blank_identifier,identifier_type"),
                rejects.stream()
                        .skip(1)
                        .map(line -> String.join(
                                ",", Arrays.asList(line.split(",", -1)).subList(0, 5)))
                        .toList());
        assertFalse(String.join("\n", rejects).contains("Secret"));
        assertFalse(Files.exists(out.resolve("nexus_entities.parquet")), "the older format of a table written anew");
        assertEquals("mine", Files.readString(out.resolve("mine.txt")));
    }

    private static void assertRows(JsonNode json, String in, String out, int read, int rejected) {
        assertEquals(read, json.at("/tables_in/" + in + "/rows").asInt());
        assertEquals(rejected, json.at("/tables_in/" + in + "/rejected").asInt());
        assertEquals(read - rejected, json.at("/tables_out/" + out).asInt());
    }

    @Test
    void anOutputThatIsAFileIsOneLine() throws IOException {
        out = Files.writeString(dir.resolve("file"), "a file");
        assertEquals(Main.FAILED, resolve());
        assertEquals(1, stderr.text().lines().count(), stderr.text());
        assertTrue(stderr.text().contains(out.toString()), stderr.text());
        assertEquals("a file", Files.readString(out));
        out = out.resolve("below");
        assertEquals(Main.FAILED, resolve());
        assertEquals(1, stderr.text().lines().count(), stderr.text());
        assertFalse(stderr.text().contains("internal error"), stderr.text());
        assertEquals("a file", Files.readString(dir.resolve("file")));
    }

    /** The system refuses files above a size: the write fails midway, as on a full disk. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aDiskThatIsFullLeavesNothing() throws Exception {
        Map<String, String> before = contents();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -f 8; exec \"$@\"",
                        "sh",
                        java,
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.nexusid.cli.Main",
                        "resolve",
                        "--in",
                        in.toString(),
                        "--out",
                        out.toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        List<String> lines = new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(Main.FAILED, process.exitValue(), lines.toString());
        List<String> errors =
                lines.stream().filter(line -> line.startsWith("nexus: ")).toList();
        assertEquals(1, errors.size(), lines.toString());
        assertFalse(errors.get(0).contains("internal error"), errors.get(0));
        assertEquals(before, contents());
    }
}
