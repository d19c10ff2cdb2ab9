package io.nexusid.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexusid.api.IdForm;
import io.nexusid.api.IdPolicy;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.NexusStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a store: two days of data, whole tables, the log, one person, and the checks. */
class StoreCommandsTest {
    private static final String COLUMNS =
            "event_id,edge_id,entity_type,identifier_type,identifier_value,source,occurred_at,_ingested_at\n";

    @TempDir
    Path folder;

    private String store;
    private Printed stdout;
    private Printed stderr;

    @BeforeEach
    void appendOneDay() throws IOException {
        store = folder.resolve("store").toString();
        day("monday", """
                e1,g1,person,email,ann@example.org,shop,2024-01-01 10:00:00,2024-01-01 11:00:00
                e2,g2,person,cookie,c-1,web,2024-01-01 10:00:00,2024-01-01 12:00:00
                """);
        assertEquals(Main.DONE, append("monday"), () -> stderr.text());
    }

    private void day(String name, String rows) throws IOException {
        Files.createDirectory(folder.resolve(name));
        Files.writeString(folder.resolve(name).resolve("entity_identifiers.csv"), COLUMNS + rows);
    }

    private int run(String... args) {
        stdout = new Printed();
        stderr = new Printed();
        return Main.run(stdout.stream(), stderr.stream(), args);
    }

    private int append(String day, String... more) {
        return run(Stream.concat(
                        Stream.of(
                                "append",
                                "--store",
                                store,
                                "--in",
                                folder.resolve(day).toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private void appendTuesday() throws IOException {
        day("tuesday", """
                e3,g3,person,email,ann@example.org,shop,2024-01-02 10:00:00,2024-01-02 11:00:00
                e3,g3,person,cookie,c-1,shop,2024-01-02 10:00:00,2024-01-02 11:00:00
                """);
        assertEquals(Main.DONE, append("tuesday"), () -> stderr.text());
    }

    @Test
    void appendSaysWhatItTookAndHowFarEachSourceIs() throws IOException {
        assertTrue(stdout.text().startsWith("epoch 1\n"), stdout.text());
        appendTuesday();
        assertTrue(stdout.text().contains("epoch 2"), stdout.text());
        assertTrue(stdout.text().contains("shop    2024-01-02T11:00:00Z"), stdout.text());
        assertTrue(stdout.text().contains("web     2024-01-01T12:00:00Z"), stdout.text());
        assertEquals(Main.DONE, append("tuesday"));
        assertTrue(stdout.text().startsWith("nothing new, still epoch 2\n"), stdout.text());
        assertEquals(Main.DONE, append("tuesday", "--quiet"));
        assertEquals("", stdout.text());
    }

    @Test
    void appendSaysWhatItMergedSetAsideAndIgnored() throws IOException {
        appendTuesday();
        assertTrue(stdout.text().lines().anyMatch(line -> line.matches("person +0 +0 +0 +1 +1 +1")), stdout.text());
        day("wednesday", """
                e4,g4,person,email,,shop,2024-01-03 10:00:00,2024-01-03 11:00:00
                """);
        Files.writeString(folder.resolve("wednesday").resolve("notes.csv"), "a\n");
        assertEquals(Main.DONE, append("wednesday"), () -> stderr.text());
        assertTrue(
                stdout.text().lines().anyMatch(line -> line.matches("entity_identifiers +1 +0 +0 +0 +1")),
                stdout.text());
        assertTrue(stdout.text().contains("ignored: notes.csv\n"), stdout.text());
    }

    @Test
    void lookupSaysWhyThereIsNobody() {
        assertEquals(Main.FAILED, run("lookup", "--store", store, "--entity-type", "person", "email", "b@example.org"));
        assertTrue(stderr.text().contains("no person has this identifier"), stderr.text());
        assertEquals(Main.FAILED, run("lookup", "--store", store, "--entity-type", "people", "email", "b@example.org"));
        assertTrue(stderr.text().contains("these are: person, group"), stderr.text());
    }

    @Test
    void appendNamesThePinnedIdsThatAreGone() throws IOException {
        store = folder.resolve("pinning").toString();
        String ann = "per_" + SurrogateKey.of("email", "ann@example.org");
        String cookie = "per_" + SurrogateKey.of("cookie", "c-1");
        Path config = folder.resolve("nexus.json");
        Files.writeString(config, "{\"survivor\": \"pinned\", \"pinned_ids\": [\"" + ann + "\", \"" + cookie + "\"]}");
        assertEquals(Main.DONE, append("monday", "--config", config.toString()), () -> stderr.text());
        assertFalse(stdout.text().contains("pinned"), stdout.text());
        appendTuesday();
        boolean annFirst = ann.compareTo(cookie) < 0;
        String lost = annFirst ? cookie + "  " + ann : ann + "  " + cookie;
        assertTrue(stdout.text().contains("pinned id that is gone"), stdout.text());
        assertTrue(stdout.text().contains(lost), stdout.text());
    }

    @Test
    void tablesAndLogAreWritten() throws IOException {
        appendTuesday();
        String out = folder.resolve("out").toString();
        assertEquals(Main.DONE, run("tables", "--store", store, "--out", out, "--format", "csv"));
        List<String> people = Files.readAllLines(Path.of(out, "nexus_persons.csv"));
        assertEquals(2, people.size());
        assertEquals(Main.DONE, run("log", "--store", store, "--out", out, "--format", "csv"));
        assertEquals(
                4, Files.readAllLines(Path.of(out, "nexus_resolution_log.csv")).size());
        assertEquals(Main.DONE, run("log", "--store", store, "--since", "1"));
        assertEquals(2, stdout.text().lines().count());
        assertTrue(stdout.text().contains("\trepointed\t"), stdout.text());
    }

    @Test
    void appendWritesTheRowsThatChanged() throws IOException {
        appendTuesday();
        day("wednesday", """
                e4,g4,person,email,ann@example.org,shop,2024-01-03 10:00:00,2024-01-03 11:00:00
                """);
        Path out = folder.resolve("changes");
        assertEquals(Main.DONE, append("wednesday", "--out", out.toString(), "--format", "csv"), () -> stderr.text());
        List<String> participants = Files.readAllLines(out.resolve("nexus_entity_participants_changes.csv"));
        assertEquals(2, participants.size());
        assertTrue(participants.get(0).startsWith("change,epoch,entity_participant_id,"), participants.get(0));
        assertTrue(participants.get(1).startsWith("upsert,3,ent_"), participants.get(1));
        assertEquals(
                1,
                Files.readAllLines(out.resolve("nexus_resolution_log.csv")).size(),
                "an identifier that is seen again is not logged");
        assertEquals(Main.DONE, append("wednesday", "--out", out.toString(), "--format", "csv"));
        assertEquals(
                1,
                Files.readAllLines(out.resolve("nexus_entity_participants_changes.csv"))
                        .size());
    }

    @Test
    void logListsWhereDeadIdsLead() throws IOException {
        assertEquals(Main.DONE, run("log", "--store", store, "--aliases"));
        assertEquals(1, stdout.text().lines().count());
        appendTuesday();
        assertEquals(Main.DONE, run("log", "--store", store, "--aliases"));
        assertEquals(2, stdout.text().lines().count(), stdout.text());
        assertTrue(stdout.text().startsWith("entity_type\tprevious_entity_id\tentity_id\tat\tepoch\n"), stdout.text());
        String out = folder.resolve("out").toString();
        assertEquals(Main.DONE, run("log", "--store", store, "--aliases", "--out", out, "--format", "csv"));
        assertEquals(2, Files.readAllLines(Path.of(out, "nexus_id_aliases.csv")).size());
        assertEquals(Main.USAGE, run("log", "--store", store, "--aliases", "--since", "1"));
    }

    @Test
    void lookupShowsIdIdentifiersAndHistory() throws IOException {
        appendTuesday();
        assertEquals(Main.DONE, run("lookup", "--store", store, "--entity-type", "person", "email", "ann@example.org"));
        assertTrue(stdout.text().startsWith("per_"), stdout.text());
        assertTrue(stdout.text().contains("cookie") && stdout.text().contains("repointed"), stdout.text());
        assertEquals(Main.FAILED, run("lookup", "--store", store, "--entity-type", "person", "email", "nobody"));
        assertFalse(stderr.text().contains("nobody"));
    }

    @Test
    void timelineShowsTheEventsAndWhenTheStoreLearnedWhoIsWho() throws IOException {
        appendTuesday();
        assertEquals(Main.DONE, run("timeline", "--store", store, "email", "ann@example.org"), () -> stderr.text());
        List<String> lines =
                stdout.text().lines().map(line -> line.replaceAll("  +", "  ")).toList();
        assertTrue(stdout.text().lines().allMatch(line -> line.length() <= 80), stdout.text());
        assertTrue(lines.get(0).startsWith("person per_"), stdout.text());
        assertEquals("when (UTC)", lines.get(1).substring(0, 10), stdout.text());
        assertEquals("2024-01-01 10:00  identity  cookie  c-1", lines.get(2), stdout.text());
        assertTrue(
                lines.stream().anyMatch(l -> l.startsWith("2024-01-01 12:00  resolution  full_resolution  cookie c-1")),
                stdout.text());
        assertTrue(lines.get(lines.size() - 2).startsWith("2024-01-02 11:00  resolution  repointed  "), stdout.text());
        assertTrue(lines.get(lines.size() - 1).startsWith("resolution: when the store learned it"), stdout.text());
    }

    @Test
    void timelineAsJsonNamesTheClockOfEachEntry() throws IOException {
        appendTuesday();
        assertEquals(Main.DONE, run("timeline", "--store", store, "email", "ann@example.org", "--json"));
        int resolutions = 0;
        for (JsonNode entry : new ObjectMapper().readTree(stdout.text()).get(0).get("entries")) {
            boolean resolution = entry.get("kind").textValue().equals("resolution");
            resolutions += resolution ? 1 : 0;
            assertEquals(
                    resolution ? "_ingested_at" : "occurred_at",
                    entry.get("clock").textValue(),
                    stdout.text());
        }
        assertEquals(3, resolutions, stdout.text());
    }

    @Test
    void timelineAsksForOneSource() {
        assertEquals(Main.FAILED, run("timeline", "--store", store, "email", "nobody@example.org"));
        assertEquals("nexus: no person has this identifier\n", stderr.text());
        assertEquals(Main.USAGE, run("timeline", "email", "ann@example.org"));
        assertEquals(Main.USAGE, run("timeline", "--store", store, "--in", store, "email", "ann@example.org"));
    }

    @Test
    void anAppendWithoutSettingsHasThoseOfTheAppendBefore() throws IOException {
        store = folder.resolve("other").toString();
        Path config = folder.resolve("content.json");
        Files.writeString(config, "{\"id_policy\": \"content\", \"ids\": \"binary\"}");
        assertEquals(Main.DONE, append("monday", "--config", config.toString()), () -> stderr.text());
        appendTuesday();
        assertTrue(stdout.text().contains("epoch 2"), stdout.text());
        try (NexusStore reader = NexusStore.openToRead(Path.of(store))) {
            assertEquals(IdPolicy.CONTENT, reader.config().idPolicy());
            assertEquals(IdForm.BINARY, reader.config().ids());
        }
        Files.writeString(config, "{}");
        assertEquals(Main.FAILED, append("tuesday", "--config", config.toString()));
        assertTrue(stderr.text().contains("id_policy"), stderr.text());
    }

    @Test
    void otherRulesRebuildIfAskedAndTheirChangesAreWrittenWithThoseOfTheAppend() throws IOException {
        day("tuesday", """
                e3,g3,person,email,Ann@example.org,shop,2024-01-02 10:00:00,2024-01-02 11:00:00
                """);
        Path config = folder.resolve("normalized.json");
        Files.writeString(config, "{\"resolve_on\": \"normalized\"}");
        assertEquals(Main.USAGE, run("append", "--store", store, "--rebuild"));
        assertTrue(stderr.text().contains("--config"), stderr.text());
        assertEquals(Main.FAILED, append("tuesday", "--config", config.toString()));
        assertTrue(stderr.text().contains("append --rebuild"), stderr.text());
        Path out = folder.resolve("out");
        String[] changes = {"--config", config.toString(), "--rebuild", "--out", out.toString(), "--format", "csv"};
        assertEquals(Main.DONE, append("tuesday", changes), () -> stderr.text());
        String printed = stdout.text();
        assertTrue(printed.startsWith("epoch 2: rebuilt"), printed);
        assertTrue(printed.contains("epoch 3\n"), printed);
        assertTrue(
                Files.readString(out.resolve("nexus_resolution_log.csv")).contains("full_resolution"),
                "the rows of both epochs");
        assertEquals(Main.DONE, run("append", "--store", store, "--rebuild", "--config", config.toString(), "--quiet"));
        assertEquals("", stdout.text());
        assertEquals(Main.DONE, run("append", "--store", store, "--rebuild", "--config", config.toString()));
        assertEquals("the rules are those of the store: nothing to rebuild\n", stdout.text());
        assertEquals(
                Main.DONE,
                run(
                        "append",
                        "--store",
                        store,
                        "--in",
                        folder.resolve("tuesday").toString()));
        assertTrue(stdout.text().startsWith("nothing new, still epoch 3"), stdout.text());
    }

    /** A store keeps no declarations of states: they come with the question. */
    @Test
    void declaredStatesAreDerivedFromAStoreWithTheirConfiguration() throws IOException {
        day("tuesday", """
                e3,g3,person,email,ann@example.org,shop,2024-01-02 10:00:00,2024-01-02 11:00:00
                """);
        Files.writeString(folder.resolve("tuesday/events.csv"), """
                event_id,event_name,source,occurred_at,_ingested_at
                e3,signed_up,shop,2024-01-02 10:00:00,2024-01-02 11:00:00
                """);
        assertEquals(Main.DONE, append("tuesday"), () -> stderr.text());
        String config = folder.resolve("states.json").toString();
        Files.writeString(Path.of(config), """
                {"states": [{"name": "lifecycle", "entity_type": "person",
                             "set": [{"event": {"event_name": "signed_up"}, "value": "trial"}]}]}
                """);
        Path out = folder.resolve("out");
        String[] tables = {"tables", "--store", store, "--out", out.toString(), "--format", "csv"};
        assertEquals(Main.DONE, run(tables), () -> stderr.text());
        assertEquals(1, Files.readAllLines(out.resolve("nexus_states.csv")).size());
        String[] withStates =
                Stream.concat(Stream.of(tables), Stream.of("--config", config)).toArray(String[]::new);
        assertEquals(Main.DONE, run(withStates), () -> stderr.text());
        List<String> states = Files.readAllLines(out.resolve("nexus_states.csv"));
        assertEquals(2, states.size());
        assertTrue(states.get(1).contains("lifecycle"), states.get(1));
        assertEquals(
                Main.DONE,
                run("timeline", "--store", store, "--config", config, "email", "ann@example.org"),
                () -> stderr.text());
        assertTrue(stdout.text().contains("trial"), stdout.text());
        Files.writeString(Path.of(config), "{\"id_policy\": \"content\"}");
        assertEquals(Main.FAILED, run(withStates));
        assertTrue(stderr.text().contains("id_policy"), stderr.text());
    }

    @Test
    void aStoreWithBinaryIdsShowsThemAsText() throws IOException {
        Path config = folder.resolve("binary.json");
        Files.writeString(config, "{\"ids\": \"binary\"}");
        String binary = folder.resolve("binary").toString();
        assertEquals(
                Main.DONE,
                run(
                        "append",
                        "--store",
                        binary,
                        "--config",
                        config.toString(),
                        "--in",
                        folder.resolve("monday").toString()),
                () -> stderr.text());
        assertEquals(Main.DONE, run("timeline", "--store", binary, "email", "ann@example.org"), () -> stderr.text());
        assertTrue(stdout.text().startsWith("person per_"), stdout.text());
        assertEquals(Main.DONE, run("log", "--store", binary));
        assertTrue(stdout.text().contains("\tann@example.org\tper_"), stdout.text());
        assertEquals(
                Main.DONE, run("lookup", "--store", binary, "--entity-type", "person", "email", "ann@example.org"));
        assertTrue(
                stdout.text()
                        .lines()
                        .anyMatch(line -> line.matches(" +1 +email ann@example.org +full_resolution +per_\\w+ +-")),
                stdout.text());
    }

    @Test
    void anAppendWhoseChangesCannotBeWrittenSaysThatItHappened() throws IOException {
        day("tuesday", """
                e3,g3,person,email,ann@example.org,shop,2024-01-02 10:00:00,2024-01-02 11:00:00
                """);
        Path out = Files.createFile(folder.resolve("file"));
        assertEquals(Main.FAILED, append("tuesday", "--out", out.toString()));
        assertTrue(stderr.text().contains("epoch 2 is in the store"), stderr.text());
        assertTrue(stderr.text().contains(out + ": there is something else of that name"), stderr.text());
        assertEquals(Main.DONE, append("tuesday"));
        assertTrue(stdout.text().startsWith("nothing new, still epoch 2\n"), stdout.text());
    }

    @Test
    void verifyNamesTheDamagedFile() throws IOException {
        assertEquals(Main.DONE, run("verify", "--store", store));
        assertTrue(stdout.text().startsWith("sound: "), stdout.text());
        Path segment;
        try (Stream<Path> files = Files.list(Path.of(store))) {
            segment = files.filter(f -> f.getFileName().toString().startsWith("segment-"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(segment);
        bytes[40] ^= 1;
        Files.write(segment, bytes);
        assertEquals(Main.FAILED, run("verify", "--store", store));
        assertTrue(stderr.text().contains(segment.getFileName().toString()), stderr.text());
    }

    @Test
    void aFolderThatIsNoStoreIsOneLine() {
        assertEquals(
                Main.FAILED,
                run(
                        "tables",
                        "--store",
                        folder.toString(),
                        "--out",
                        folder.resolve("o").toString()));
        assertEquals(1, stderr.text().lines().count(), stderr.text());
        assertEquals(Main.USAGE, run("append", "--in", folder.toString()));
    }

    @Test
    void olderEpochsAreShownAsLongAsTheyAreKept() throws IOException {
        day("tuesday", """
                e3,g3,person,email,ann@example.org,shop,2024-01-02 10:00:00,2024-01-02 11:00:00
                e3,g3,person,cookie,c-1,web,2024-01-02 10:00:00,2024-01-02 11:00:00
                """);
        day("wednesday", """
                e4,g4,person,email,bob@example.org,shop,2024-01-03 10:00:00,2024-01-03 11:00:00
                """);
        assertEquals(Main.DONE, append("tuesday"), () -> stderr.text());
        String[] lookup = {"lookup", "--store", store, "--entity-type", "person", "email", "ann@example.org"};
        assertEquals(Main.DONE, run(lookup));
        assertTrue(stdout.text().contains("c-1"), stdout.text());
        String[] then =
                Stream.concat(Stream.of(lookup), Stream.of("--epoch", "1")).toArray(String[]::new);
        assertEquals(Main.DONE, run(then), () -> stderr.text());
        assertFalse(stdout.text().contains("c-1"), stdout.text());
        assertEquals(Main.DONE, run("log", "--store", store, "--epoch", "1"));
        assertEquals(3, stdout.text().lines().count(), stdout.text());
        String out = folder.resolve("first").toString();
        assertEquals(Main.DONE, run("tables", "--store", store, "--out", out, "--format", "csv", "--epoch", "1"));
        assertEquals(
                3,
                Files.readAllLines(folder.resolve("first").resolve("nexus_resolved_person_identifiers.csv"))
                        .size());
        assertEquals(Main.DONE, append("wednesday"), () -> stderr.text());
        assertEquals(Main.USAGE, run(then));
        assertTrue(stderr.text().contains("epoch 1 is not kept: the store has epochs 2 to 3"), stderr.text());
    }
}
