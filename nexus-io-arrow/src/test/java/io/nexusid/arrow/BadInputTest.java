package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.FaultCode;
import io.nexusid.api.FaultPolicy;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.OutputTable;
import io.nexusid.api.RunReport;
import io.nexusid.arrow.format.ArrowTableWriter;
import io.nexusid.arrow.format.ParquetTableWriter;
import io.nexusid.arrow.format.TableWriter;
import io.nexusid.fixtures.Demo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong, there is one clear error, nothing is written and no memory is kept. */
class BadInputTest {
    private static final String SECRET = "qz-Secret-7";
    private static final NexusConfig CONFIG =
            NexusConfig.builder().clock(Instant.parse("2026-01-31T12:00:00Z")).build();

    @TempDir
    Path dir;

    private Path in;
    private Path out;

    @BeforeEach
    void aDemoThatWasWrittenBefore() throws IOException {
        in = dir.resolve("in");
        out = dir.resolve("out");
        Demo.copyTo(in);
        Files.createDirectories(out);
        Files.writeString(out.resolve("nexus_entities.parquet"), "older");
        Files.writeString(out.resolve("nexus_entities.csv"), "older");
        Files.writeString(out.resolve("mine.txt"), "mine");
    }

    private RunReport run(NexusConfig config) throws IOException {
        return run(config, TableFormat.PARQUET);
    }

    private RunReport run(NexusConfig config, TableFormat format) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                Nexus nexus = Nexus.open(config, allocator);
                EventLog log = nexus.read(in);
                ResolvedTables tables = nexus.resolve(log)) {
            tables.write(out, format);
            return tables.report();
        }
    }

    /** The run fails with this code at this place; output is untouched, memory given back, the value not shown. */
    private void assertFails(FaultCode code, String table, String file, String column, long row) throws IOException {
        Map<String, String> before = contents();
        NexusDataException fault = assertThrows(NexusDataException.class, () -> run(CONFIG));
        String message = fault.getMessage();
        assertEquals(code, fault.code(), message);
        assertEquals(table, fault.table(), message);
        assertEquals(file, fault.file(), message);
        assertEquals(column, fault.column(), message);
        assertEquals(row, fault.row(), message);
        assertEquals(1, message.lines().count(), message);
        assertTrue(message.contains(table) && message.endsWith("[" + code.code() + "]"), message);
        assertTrue(file == null || message.contains(file), message);
        assertTrue(column == null || message.contains("column " + column), message);
        assertTrue(row < 0 || message.contains("row " + row), message);
        for (Throwable t = fault; t != null; t = t.getCause()) {
            assertFalse(String.valueOf(t.getMessage()).contains("Secret"), t.toString());
        }
        assertEquals(List.of(), Arrays.asList(fault.getSuppressed()), "memory that was kept");
        assertEquals(before, contents());
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

    private void csv(String name, String... lines) throws IOException {
        Files.createDirectories(in.resolve(name).getParent());
        Files.write(in.resolve(name), (String.join("\n", lines) + "\n").getBytes(ISO_8859_1));
    }

    /** Writes columns as a file of this extension. */
    private void file(String name, Columns columns) throws IOException {
        Path file = in.resolve(name);
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = Roots.of(columns.make(allocator));
                TableWriter writer = name.endsWith(".parquet")
                        ? ParquetTableWriter.create(file, root.getSchema())
                        : ArrowTableWriter.create(file, root.getSchema())) {
            writer.write(root);
        }
    }

    private interface Columns {
        FieldVector[] make(BufferAllocator allocator);
    }

    private static TimeStampMicroTZVector times(BufferAllocator allocator, int nullRow, long... micros) {
        return Roots.fixed(
                new TimeStampMicroTZVector("occurred_at", allocator, "UTC"),
                micros.length,
                nullRow,
                (v, i) -> v.set(i, micros[i]));
    }

    @Test
    void aMissingRequiredColumn() throws IOException {
        csv("events/z.csv", "event_id,event_name", "e1," + SECRET);
        assertFails(FaultCode.MISSING_COLUMN, "events", "events/z.csv", "occurred_at", -1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "arrow"})
    void aMissingRequiredColumnOfABinaryFile(String extension) throws IOException {
        file("events/z." + extension, a -> new FieldVector[] {Roots.text(a, "event_id", SECRET)});
        assertFails(FaultCode.MISSING_COLUMN, "events", "events/z." + extension, "occurred_at", -1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "arrow"})
    void aWrongType(String extension) throws IOException {
        file("events/z." + extension, a ->
                new FieldVector[] {Roots.text(a, "event_id", "e1"), Roots.text(a, "occurred_at", SECRET)});
        assertFails(FaultCode.WRONG_TYPE, "events", "events/z." + extension, "occurred_at", -1);
    }

    @Test
    void anUnreadableTimestamp() throws IOException {
        csv("events/z.csv", "event_id,occurred_at", "e1,2024-01-01", "e2," + SECRET);
        assertFails(FaultCode.UNREADABLE_VALUE, "events", "events/z.csv", "occurred_at", 2);
    }

    @Test
    void anUnreadableNumber() throws IOException {
        csv("event_measurements/z.csv", "event_id,measurement_name,value", "e1,m,1", "e1,m,", "e1,m," + SECRET);
        assertFails(FaultCode.UNREADABLE_VALUE, "event_measurements", "event_measurements/z.csv", "value", 3);
    }

    @Test
    void anUnreadableFlag() throws IOException {
        csv(
                "relationship_declarations/z.csv",
                "entity_a_identifier,entity_a_identifier_type,entity_a_type,entity_b_identifier,"
                        + "entity_b_identifier_type,entity_b_type,relationship_type,is_active",
                "a,email,person,b,domain,group,membership," + SECRET);
        assertFails(
                FaultCode.UNREADABLE_VALUE,
                "relationship_declarations",
                "relationship_declarations/z.csv",
                "is_active",
                1);
    }

    @Test
    void anUnreadableFlagAmongDimensions() throws IOException {
        csv("event_dimensions/z.csv", "event_id,dimension_name,dimension_value", "e1,is_vip," + SECRET);
        assertFails(FaultCode.UNREADABLE_VALUE, "event_dimensions", "event_dimensions/z.csv", "dimension_value", 1);
    }

    @Test
    void invalidUtf8() throws IOException {
        csv("events/z.csv", "event_id,occurred_at,event_name", "e1,2024-01-01," + SECRET + "\u00e9");
        assertFails(FaultCode.INVALID_UTF8, "events", "events/z.csv", "event_name", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "arrow"})
    void invalidUtf8InABinaryFile(String extension) throws IOException {
        file("events/z." + extension, a -> {
            VarCharVector name = Roots.text(a, "event_name", "fine", "");
            name.setSafe(1, (SECRET + "\u00e9").getBytes(ISO_8859_1));
            return new FieldVector[] {Roots.text(a, "event_id", "e1", "e2"), times(a, -1, 0, 0), name};
        });
        assertFails(FaultCode.INVALID_UTF8, "events", "events/z." + extension, "event_name", 2);
    }

    @Test
    void aNullEntityType() throws IOException {
        csv("entity_identifiers/z.csv", "entity_type,identifier_type,identifier_value", ",email," + SECRET);
        assertFails(FaultCode.MISSING_VALUE, "entity_identifiers", "entity_identifiers/z.csv", "entity_type", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "arrow"})
    void aNullTime(String extension) throws IOException {
        file("events/z." + extension, a ->
                new FieldVector[] {Roots.text(a, "event_id", "e1", SECRET), times(a, 1, 0, 0)});
        assertFails(FaultCode.MISSING_VALUE, "events", "events/z." + extension, "occurred_at", 2);
    }

    @Test
    void aYearThatNoCalendarHas() throws IOException {
        csv("events/z.csv", "event_id,occurred_at", "e1,0000-12-31");
        assertFails(FaultCode.TIMESTAMP_OUT_OF_RANGE, "events", "events/z.csv", "occurred_at", 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "arrow"})
    void theInstantThatStandsForNull(String extension) throws IOException {
        file("events/z." + extension, a ->
                new FieldVector[] {Roots.text(a, "event_id", "e"), times(a, -1, Long.MIN_VALUE)});
        assertFails(FaultCode.TIMESTAMP_OUT_OF_RANGE, "events", "events/z." + extension, "occurred_at", 1);
    }

    @Test
    void secondsThatOverflowInMemory() throws IOException {
        NexusDataException fault = inMemory(a -> new FieldVector[] {
            Roots.text(a, "event_id", "e"),
            Roots.fixed(new TimeStampSecVector("occurred_at", a), 1, -1, (v, i) -> v.set(i, Long.MAX_VALUE / 2))
        });
        assertEquals(FaultCode.TIMESTAMP_OUT_OF_RANGE, fault.code());
        fault = inMemory(a -> new FieldVector[] {
            Roots.text(a, "event_id", "e"),
            Roots.fixed(new DateMilliVector("occurred_at", a), 1, -1, (v, i) -> v.set(i, Long.MIN_VALUE + 1))
        });
        assertEquals(FaultCode.TIMESTAMP_OUT_OF_RANGE, fault.code());
    }

    @Test
    void anIntegerThatNoDoubleHoldsInMemory() throws IOException {
        NexusDataException fault = inMemory(a -> new FieldVector[] {
            Roots.text(a, "event_id", "e"),
            times(a, -1, 0),
            Roots.fixed(new BigIntVector("significance", a), 1, -1, (v, i) -> v.set(i, (1L << 53) + 1))
        });
        assertEquals(FaultCode.UNREADABLE_VALUE, fault.code());
        assertEquals("significance", fault.column());
        assertFalse(fault.getMessage().contains("9007199254740993"), fault.getMessage());
    }

    private static NexusDataException inMemory(Columns columns) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = Roots.of(columns.make(allocator));
                Nexus nexus = Nexus.open(CONFIG, allocator);
                EventLog log = nexus.log().add(InputTable.EVENTS, root).build()) {
            NexusDataException fault = assertThrows(NexusDataException.class, () -> {
                try (ResolvedTables tables = nexus.resolve(log)) {
                    tables.reader(OutputTable.EVENTS).close();
                    tables.root(OutputTable.EVENTS).close();
                }
            });
            assertEquals(1, fault.row());
            return fault;
        }
    }

    @Test
    void twoColumnsOfOneName() throws IOException {
        csv("events/z.csv", "event_id,occurred_at,event_id", "e1,2024-01-01," + SECRET);
        assertFails(FaultCode.DUPLICATE_COLUMN, "events", "events/z.csv", "event_id", -1);
    }

    @Test
    void twoColumnsThatDifferInCase() throws IOException {
        csv("events/z.csv", "event_id,occurred_at,Event_Id", "e1,2024-01-01," + SECRET);
        assertFails(FaultCode.DUPLICATE_COLUMN, "events", "events/z.csv", "Event_Id", -1);
    }

    @Test
    void anOldAndANewNameTogether() throws IOException {
        csv("events/z.csv", "event_id,occurred_at,synced_at,_ingested_at", "e1,2024-01-01,,");
        NexusDataException fault = assertThrows(NexusDataException.class, () -> run(CONFIG));
        assertEquals(FaultCode.DUPLICATE_COLUMN, fault.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "arrow", "arrows"})
    void aTruncatedFile(String extension) throws IOException {
        Path file = in.resolve("events/z." + extension);
        LogFiles.write(file, InputTable.EVENTS, Demo.rows().get(InputTable.EVENTS), 0, 11);
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 3, 8, whole.length / 3, whole.length / 2, whole.length - 9, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            NexusDataException fault = assertThrows(NexusDataException.class, () -> run(CONFIG), "cut to " + length);
            assertEquals(FaultCode.CORRUPT_FILE, fault.code());
            assertFails(FaultCode.CORRUPT_FILE, "events", "events/z." + extension, fault.column(), fault.row());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "arrow", "arrows"})
    void aFileThatIsNotWhatItsNameSays(String extension) throws IOException {
        csv("events/z." + extension, "event_id,occurred_at", "e1," + SECRET, SECRET.repeat(40));
        assertFails(FaultCode.CORRUPT_FILE, "events", "events/z." + extension, null, -1);
    }

    @Test
    void aRecordWithTooManyFields() throws IOException {
        csv("events/z.csv", "event_id,occurred_at", "e1,2024-01-01", "e2,2024-01-01," + SECRET);
        assertFails(FaultCode.MALFORMED_RECORD, "events", "events/z.csv", null, 2);
    }

    @Test
    void aQuoteThatNeverEnds() throws IOException {
        csv("events/z.csv", "event_id,occurred_at,event_name", "e1,2024-01-01,\"" + SECRET);
        assertFails(FaultCode.MALFORMED_RECORD, "events", "events/z.csv", null, 1);
    }

    @Test
    void aStateWithoutName() throws IOException {
        csv(
                "state_changes/z.csv",
                "entity_type,identifier_type,identifier_value,state_name,occurred_at,state_value",
                "person,email," + SECRET + ",,2024-01-01,x");
        assertFails(FaultCode.BLANK_NAME, "state_changes", "state_changes/z.csv", "state_name", 1);
    }

    @Test
    void aRegistrationOfAResolvedType() throws IOException {
        csv("entity_registrations/z.csv", "entity_type,source,source_id", "person,crm," + SECRET);
        assertFails(
                FaultCode.RESOLVED_TYPE_REGISTERED,
                "entity_registrations",
                "entity_registrations/z.csv",
                "entity_type",
                1);
    }

    @Test
    void aFolderWithoutTables() throws IOException {
        in = Files.createDirectory(dir.resolve("none"));
        Files.writeString(in.resolve("notes.csv"), SECRET);
        Map<String, String> before = contents();
        NexusDataException fault = assertThrows(NexusDataException.class, () -> run(CONFIG));
        assertEquals(FaultCode.NO_TABLES, fault.code());
        assertEquals(before, contents());
    }

    @Test
    void theFirstFaultInFileOrderIsReported() throws IOException {
        csv("events/y.csv", "event_id,occurred_at", "e1,2024-01-01", "e2,x", "e3,y");
        csv("events/z.csv", "event_id,occurred_at", "e1,z");
        assertFails(FaultCode.UNREADABLE_VALUE, "events", "events/y.csv", "occurred_at", 2);
    }

    @Test
    void everyRowFaultCanBeSetAsideAndAddsUp() throws IOException {
        csv(
                "events/z.csv",
                "event_id,occurred_at,event_name,significance",
                "e1,2024-01-01,fine,1",
                "e2," + SECRET + ",x,1",
                ",2024-01-01,x,1",
                "e4,0000-01-01,x,1",
                "e5,2024-01-01," + SECRET + "\u00e9,1",
                "e6,2024-01-01,x," + SECRET,
                "e7,2024-01-01,x,1," + SECRET);
        csv(
                "entity_traits/z.csv",
                "entity_type,identifier_type,identifier_value,trait_name,trait_value",
                "person,email,kevin@sliderule.com,,x",
                "person,,kevin@sliderule.com,name," + SECRET,
                "person,email,kevin@sliderule.com,title,boss");
        NexusConfig.Builder builder = NexusConfig.builder();
        for (FaultCode code : FaultCode.values()) {
            if (code.rowLevel()) {
                builder.fault(code, FaultPolicy.SET_ASIDE);
            }
        }
        RunReport report = run(builder.build(), TableFormat.CSV);
        assertEquals(new RunReport.TableIn(18, 6), report.tablesIn().get("events"));
        assertEquals(new RunReport.TableIn(75, 2), report.tablesIn().get("entity_traits"));
        assertEquals(12, report.tablesOut().get(OutputTable.EVENTS));
        assertEquals(73, report.tablesOut().get(OutputTable.ENTITY_TRAITS));
        assertEquals(8, report.tablesOut().get(OutputTable.REJECTS));
        String rejects = Files.readString(out.resolve("nexus_rejects.csv"), UTF_8);
        assertFalse(rejects.contains("Secret"), rejects);
        List<String> places = rejects.lines()
                .skip(1)
                .map(line -> String.join(",", Arrays.asList(line.split(",", -1)).subList(0, 5)))
                .toList();
        assertEquals(
                List.of(
                        "events,events/z.csv,2,unreadable_value,occurred_at",
                        "events,events/z.csv,3,missing_value,event_id",
                        "events,events/z.csv,4,timestamp_out_of_range,occurred_at",
                        "events,events/z.csv,5,invalid_utf8,event_name",
                        "events,events/z.csv,6,unreadable_value,significance",
                        "events,events/z.csv,7,malformed_record,",
                        "entity_traits,entity_traits/z.csv,1,blank_name,trait_name",
                        "entity_traits,entity_traits/z.csv,2,blank_identifier,identifier_type"),
                places);
    }

    @Test
    void aSuccessfulRunReplacesOlderFilesAndNothingElse() throws IOException {
        run(CONFIG);
        assertFalse(Files.exists(out.resolve("nexus_entities.csv")));
        assertEquals("mine", Files.readString(out.resolve("mine.txt")));
        assertTrue(Files.size(out.resolve("nexus_entities.parquet")) > 100);
        try (Stream<Path> files = Files.list(out)) {
            assertEquals(
                    List.of(),
                    files.map(f -> f.getFileName().toString())
                            .filter(f -> f.startsWith("."))
                            .toList());
        }
    }

    @Test
    void anOutputThatIsAFileStaysAFile() throws IOException {
        out = Files.writeString(dir.resolve("file"), "a file");
        assertThrows(IOException.class, () -> run(CONFIG));
        assertEquals("a file", Files.readString(out));
    }

    @Test
    void aFaultMakesNoNewOutputFolder() throws IOException {
        out = dir.resolve("new");
        csv("events/z.csv", "event_id,occurred_at", "e1,x");
        assertThrows(NexusDataException.class, () -> run(CONFIG));
        assertFalse(Files.exists(out));
    }

    @Test
    void everyMemoryLimitEndsInSuccessOrInOneErrorAndNoLeak() throws IOException {
        Map<String, String> before = contents();
        int failures = 0;
        int successes = 0;
        for (long limit = 1; limit < 64L << 20; limit += limit / 4 + 1) {
            try (BufferAllocator allocator = new RootAllocator(limit)) {
                try (Nexus nexus = Nexus.open(CONFIG, allocator);
                        EventLog log = nexus.read(in);
                        ResolvedTables tables = nexus.resolve(log)) {
                    tables.write(out.resolve("limited"), TableFormat.PARQUET);
                    successes++;
                } catch (OutOfMemoryException e) {
                    assertEquals(List.of(), Arrays.asList(e.getSuppressed()), "at " + limit);
                    assertEquals(before, contents(), "at " + limit);
                    failures++;
                }
                assertEquals(0, allocator.getAllocatedMemory(), "at " + limit);
            }
            if (successes > 0) {
                break;
            }
        }
        assertEquals(1, successes);
        assertTrue(failures > 10, failures + " failures");
    }

    @Test
    void aListenerThatThrowsAtAnyPointLeavesNothing() throws IOException {
        Map<String, String> before = contents();
        int failures = 0;
        for (boolean thrown = true; thrown; failures += thrown ? 1 : 0) {
            int[] calls = {failures};
            thrown = false;
            try (BufferAllocator allocator = new RootAllocator();
                    Nexus nexus = Nexus.open(CONFIG, allocator).progress((stage, done, total) -> {
                        if (calls[0]-- == 0) {
                            throw new IllegalArgumentException("stop");
                        }
                    });
                    EventLog log = nexus.read(in);
                    ResolvedTables tables = nexus.resolve(log)) {
                tables.write(out, TableFormat.ARROW);
            } catch (IllegalArgumentException e) {
                thrown = true;
                assertEquals(List.of(), Arrays.asList(e.getSuppressed()), "at call " + failures);
                assertEquals(before, contents(), "at call " + failures);
            }
        }
        assertTrue(failures > 30, failures + " calls");
        assertTrue(Files.exists(out.resolve("nexus_entities.arrow")));
    }

    @Test
    void anInterruptedWriteLeavesNothing() throws IOException {
        Map<String, String> before = contents();
        try (BufferAllocator allocator = new RootAllocator();
                Nexus nexus = Nexus.open(CONFIG, allocator);
                EventLog log = nexus.read(in);
                ResolvedTables tables = nexus.resolve(log)) {
            Thread.currentThread().interrupt();
            try {
                assertThrows(IOException.class, () -> tables.write(out, TableFormat.PARQUET));
            } finally {
                assertTrue(Thread.interrupted(), "the interrupt is kept for the caller");
            }
        }
        assertEquals(before, contents());
    }

    @Test
    void aFolderBelowAFileIsAnError() throws IOException {
        out = Files.writeString(dir.resolve("file"), "a file").resolve("below");
        assertThrows(IOException.class, () -> run(CONFIG));
        assertEquals("a file", Files.readString(dir.resolve("file")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nexus_events", "nexus_entities", "nexus_rejects"})
    void aFolderInTheWayOfATableLeavesNothingHalfPublished(String table) throws IOException {
        Path taken = out.resolve(table + ".arrow");
        Files.createDirectories(taken.resolve("mine"));
        Map<String, String> before = contents();
        assertThrows(IOException.class, () -> run(CONFIG, TableFormat.ARROW));
        assertEquals(before, contents());
    }

    @Test
    void aFolderNamedLikeAnOlderFormatStays() throws IOException {
        Files.createDirectories(out.resolve("nexus_events.csv").resolve("mine"));
        Files.createDirectories(out.resolve("nexus_groups.csv"));
        run(CONFIG);
        assertTrue(Files.isDirectory(out.resolve("nexus_events.csv").resolve("mine")));
        assertTrue(Files.isDirectory(out.resolve("nexus_groups.csv")));
        assertTrue(Files.exists(out.resolve("nexus_rejects.parquet")));
    }
}
