package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that come with the id of another row and other content are listed with where they are. */
class ChangedContentTest {
    @TempDir
    private Path folder;

    /** A row of entity_identifiers; without a value it is set aside. */
    private record Row(String id, String value) {}

    private static void write(Path log, String file, List<Row> rows) throws IOException {
        Path table = Files.createDirectories(log.resolve("entity_identifiers"));
        StringBuilder csv = new StringBuilder("entity_identifier_id,edge_id,entity_type,identifier_type,"
                + "identifier_value,occurred_at,_ingested_at\n");
        for (Row row : rows) {
            csv.append(row.id)
                    .append(",edge,person,email,")
                    .append(row.value)
                    .append(",2026-01-01T00:00:00Z,2026-01-01T00:00:00Z\n");
        }
        Files.writeString(table.resolve(file), csv, UTF_8);
    }

    private static Changes append(NexusStore store, Path log) throws IOException {
        try (EventLog opened = store.read(log)) {
            return store.append(opened);
        }
    }

    private static Map<String, Object> listed(String file, long row, String id) {
        Map<String, Object> listed = new LinkedHashMap<>();
        listed.put("input_table", "entity_identifiers");
        listed.put("file", "entity_identifiers/" + file);
        listed.put("row_number", row);
        listed.put("row_id", NexusDataException.mask(id));
        return listed;
    }

    @Test
    void theListIsWrittenBesideTheChangedRows() throws IOException {
        Path monday = folder.resolve("monday");
        Path tuesday = folder.resolve("tuesday");
        write(monday, "a.csv", List.of(new Row("row1", "a")));
        write(tuesday, "a.csv", List.of(new Row("row2", "b"), new Row("", "c"), new Row("row1", "d")));
        try (NexusStore store = NexusStore.open(folder.resolve("store"), NexusConfig.defaults())) {
            assertEquals(List.of(), TestTables.rows(append(store, monday).changedContent()));
            Changes changes = append(store, tuesday);
            assertEquals(List.of(listed("a.csv", 3, "row1")), TestTables.rows(changes.changedContent()));
            store.writeChanges(changes, folder.resolve("out"), TableFormat.CSV);
            store.writeChanges(append(store, tuesday), folder.resolve("nothing"), TableFormat.CSV);
        }
        String header = "input_table,file,row_number,row_id";
        assertEquals(
                List.of(header, "entity_identifiers,entity_identifiers/a.csv,3,'r…' (4 characters)"),
                Files.readAllLines(folder.resolve("out").resolve("nexus_changed_content.csv")));
        assertEquals(
                List.of(header), Files.readAllLines(folder.resolve("nothing").resolve("nexus_changed_content.csv")));
    }

    @Property(tries = 40)
    void everyRowThatIsCountedIsListedWhereItIs(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path dir = Files.createTempDirectory("changed-content");
        Set<String> ids = new HashSet<>();
        Set<Row> contents = new HashSet<>();
        try (NexusStore store = NexusStore.open(dir.resolve("store"), NexusConfig.defaults())) {
            for (int n = 0; n < 3; n++) {
                Path log = dir.resolve("log" + n);
                List<Map<String, Object>> expected = new ArrayList<>();
                for (String file : List.of("a.csv", "b.csv", "c.csv")) {
                    List<Row> rows = rows(random);
                    write(log, file, rows);
                    for (int i = 0; i < rows.size(); i++) {
                        Row row = rows.get(i);
                        boolean taken = !row.value.isEmpty() && contents.add(row);
                        if (taken && !row.id.isEmpty() && !ids.add(row.id)) {
                            expected.add(listed(file, i + 1, row.id));
                        }
                    }
                }
                Changes changes = append(store, log);
                assertEquals(expected, TestTables.rows(changes.changedContent()));
                assertEquals(
                        expected.size(),
                        changes.rows().get(InputTable.ENTITY_IDENTIFIERS).changedContent());
            }
        } finally {
            delete(dir);
        }
    }

    private static void delete(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static List<Row> rows(Random random) {
        List<Row> rows = new ArrayList<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            String id = random.nextInt(4) == 0 ? "" : "id".repeat(1 + random.nextInt(5));
            rows.add(new Row(id, random.nextInt(3) == 0 ? "" : "v" + random.nextInt(6)));
        }
        return rows;
    }
}
