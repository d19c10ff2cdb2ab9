package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexusid.api.Compat;
import io.nexusid.api.EntityType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.FaultPolicy;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFaultsTest {
    private static final String TYPED = "entity_type,identifier_type,identifier_value";

    @TempDir
    Path dir;

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void nothingLeaks() {
        allocator.close();
    }

    @Test
    void blankIdentifiersAreSetAsideByDefault() throws IOException {
        write("entity_identifiers.csv", TYPED, "person,email,a", "person,,b", "person,email,\"\"", "person,email,d");
        try (EventLog log = open(NexusConfig.defaults())) {
            assertEquals(List.of("a", "d"), Scans.cells(log, InputTable.ENTITY_IDENTIFIERS, "identifier_value"));
            assertEquals(
                    List.of(
                            "entity_identifiers entity_identifiers.csv 2 blank_identifier identifier_type: null is no"
                                    + " identifier",
                            "entity_identifiers entity_identifiers.csv 3 blank_identifier identifier_value: empty text"
                                    + " is no identifier"),
                    rejects(log));
            assertEquals(
                    Map.of(InputTable.ENTITY_IDENTIFIERS, new RunReport.TableIn(4, 2)),
                    log.rejects().counts());
        }
    }

    @Test
    void emptyIdentifiersStayIfSoConfiguredAndNullOnesInThePreset() throws IOException {
        write("entity_identifiers.csv", TYPED, "person,email,a", "person,,b", "person,email,\"\"");
        NexusConfig emptyStays =
                NexusConfig.builder().ignoreEmptyIdentifiers(false).build();
        try (EventLog log = open(emptyStays)) {
            assertEquals(List.of("a", ""), Scans.cells(log, InputTable.ENTITY_IDENTIFIERS, "identifier_value"));
        }
        try (EventLog log = open(NexusConfig.of(Compat.V0_13_DUCKDB))) {
            assertEquals(List.of("a", "b", ""), Scans.cells(log, InputTable.ENTITY_IDENTIFIERS, "identifier_value"));
        }
    }

    @Test
    void eachFaultFailsWithFileColumnRowAndMaskedValue() throws IOException {
        assertFault(
                "events (events.csv), column event_id, row 2: null, where a value is required [missing_value]",
                InputTable.EVENTS,
                "event_id,occurred_at",
                "e1,2024-01-01",
                ",2024-01-01");
        assertFault(
                "events (events.csv), column occurred_at, row 1: text that is no timestamp (yyyy-MM-dd HH:mm:ss, the"
                        + " time and a zone optional): '2…' (10 characters) [unreadable_value]",
                InputTable.EVENTS,
                "event_id,occurred_at",
                "e1,2023-02-29");
        assertFault(
                "events (events.csv), column occurred_at, row 1: a year outside 0001 to 9999: '0…' (10 characters)"
                        + " [timestamp_out_of_range]",
                InputTable.EVENTS,
                "event_id,occurred_at",
                "e1,0000-01-01");
        assertFault(
                "event_measurements (event_measurements.csv), column value, row 1: text that is no number: 'l…'"
                        + " (4 characters) [unreadable_value]",
                InputTable.EVENT_MEASUREMENTS,
                "event_id,measurement_name,value",
                "e1,m,lots");
        assertFault(
                "event_measurements (event_measurements.csv), column measurement_name, row 1: empty text is no name"
                        + " [blank_name]",
                InputTable.EVENT_MEASUREMENTS,
                "event_id,measurement_name,value",
                "e1,\"\",1");
        assertFault(
                "states (states.csv), column is_current, row 1: text that is no boolean (true, t, yes, y, 1, false, f,"
                        + " no, n, 0): 'm…' (5 characters) [unreadable_value]",
                InputTable.STATES,
                "entity_id,entity_type,state_name,state_entered_at,is_current",
                "e,person,s,,maybe");
        assertFault(
                "event_dimensions (event_dimensions.csv), column dimension_value, row 3: text that is no boolean (true,"
                        + " t, yes, y, 1, false, f, no, n, 0): 'm…' (5 characters) [unreadable_value]",
                InputTable.EVENT_DIMENSIONS,
                "event_id,dimension_name,dimension_value",
                "e,is_vip,YES",
                "e,island,maybe",
                "e,Is vip,maybe");
        assertFault(
                "entity_registrations (entity_registrations.csv), column entity_type, row 2: 'person' is configured to be"
                        + " resolved: it cannot be registered [resolved_type_registered]",
                InputTable.ENTITY_REGISTRATIONS,
                "entity_type,source,source_id",
                "plan,s,1",
                "person,s,2");
        assertFault(
                "entity_identifiers (entity_identifiers.csv), column role, row 1: bytes that are not UTF-8: 'x…'"
                        + " (3 characters) [invalid_utf8]",
                InputTable.ENTITY_IDENTIFIERS,
                TYPED + ",role",
                "person,email,a,xy\u00ff");
    }

    @Test
    void aRecordThatDoesNotParseFailsWithItsRow() throws IOException {
        write("events.csv", "event_id,occurred_at", "e1,2024-01-01", "e2,2024-01-01,more");
        NexusDataException e = failure(InputTable.EVENTS, "event_id", NexusConfig.defaults());
        assertEquals(FaultCode.MALFORMED_RECORD, e.code());
        assertEquals(2, e.row());
        assertEquals("events.csv", e.file());
    }

    @Test
    void everyRowFaultCanBeSetAside() throws IOException {
        write(
                "events.csv",
                "event_id,occurred_at,significance,source",
                "e1,2024-01-01,1,s",
                ",2024-01-01,1,s",
                "e3,yesterday,1,s",
                "e4,0000-01-01,1,s",
                "e5,2024-01-01,x,s",
                "e6,2024-01-01,1,\u00ff",
                "e7,2024-01-01",
                "e8,2024-01-01,1,s");
        write("entity_traits.csv", TYPED + ",trait_name,trait_value", "person,email,a,,v");
        NexusConfig config = settingAsideEverything();
        try (EventLog log = open(config)) {
            assertEquals(List.of("e1", "e8"), Scans.cells(log, InputTable.EVENTS, "event_id"));
            assertEquals(List.of(), Scans.cells(log, InputTable.ENTITY_TRAITS, "trait_value"));
            assertEquals(
                    List.of(
                            "2 missing_value event_id",
                            "3 unreadable_value occurred_at",
                            "4 timestamp_out_of_range occurred_at",
                            "5 unreadable_value significance",
                            "6 invalid_utf8 source",
                            "7 malformed_record null",
                            "1 blank_name trait_name"),
                    codes(log));
            assertEquals(
                    Map.of(
                            InputTable.EVENTS,
                            new RunReport.TableIn(8, 6),
                            InputTable.ENTITY_TRAITS,
                            new RunReport.TableIn(1, 1)),
                    log.rejects().counts());
        }
    }

    @Test
    void aRowIsReportedForItsFirstFaultInDeclaredOrderWhateverTheFileAndTheRequestSay() throws IOException {
        write("events.csv", "source,significance,occurred_at,event_id", "\u00ff,x,y,e1");
        try (EventLog log = open(settingAsideEverything())) {
            assertEquals(List.of(), Scans.rows(log, InputTable.EVENTS, "source", "significance"));
            assertEquals(List.of("1 unreadable_value occurred_at"), codes(log));
        }
    }

    @Test
    void theFirstFaultyRowInFileOrderFailsNotTheFirstFaultyColumn() throws IOException {
        write("events.csv", "event_id,occurred_at,significance", "e1,2024-01-01,x", ",2024-01-01,1");
        NexusDataException e = failure(InputTable.EVENTS, "significance", NexusConfig.defaults());
        assertEquals("significance", e.column());
        assertEquals(1, e.row());
    }

    @Test
    void everyScanGivesTheSameRowsAndCountsThemOnce() throws IOException {
        write(
                "events.csv",
                "event_id,occurred_at,significance",
                "e1,2024-01-01,1",
                "e2,2024-01-01,x",
                "e3,2024-01-01,3");
        write("x_events.csv", "event_id,occurred_at", "e4,bad", "e5,2024-01-01");
        try (EventLog log = open(settingAsideEverything())) {
            for (String column : List.of("event_id", "significance", "event_name", "_ingested_at", "event_id")) {
                assertEquals(3, Scans.cells(log, InputTable.EVENTS, column).size(), column);
            }
            assertEquals(Arrays.asList("e1", "e3", "e5"), Scans.cells(log, InputTable.EVENTS, "event_id"));
            assertEquals(List.of("2 unreadable_value significance", "1 unreadable_value occurred_at"), codes(log));
            assertEquals(
                    Map.of(InputTable.EVENTS, new RunReport.TableIn(5, 2)),
                    log.rejects().counts());
        }
    }

    @Test
    void aScanThatEndsEarlyLeavesNoRejects() throws IOException {
        write("entity_identifiers.csv", TYPED, "person,,a", "person,email,b");
        try (EventLog log = open(NexusConfig.defaults())) {
            try (TableScan scan = log.scan(InputTable.ENTITY_IDENTIFIERS, List.of("identifier_value"))) {
                scan.next().close();
                assertEquals(2, scan.rowsRead());
                assertEquals(1, scan.rowsRejected());
            }
            assertEquals(0, log.rejects().size());
        }
    }

    @Test
    void lenientBooleansAndUnresolvedTypesPass() throws IOException {
        write("event_dimensions.csv", "event_id,dimension_name,dimension_value", "e,is_vip,maybe");
        write("entity_registrations.csv", "entity_type,source,source_id", "person,s,1");
        NexusConfig config = NexusConfig.builder()
                .lenientBooleans(true)
                .entityTypes(EntityType.GROUP)
                .build();
        try (EventLog log = open(config)) {
            assertEquals(List.of("maybe"), Scans.cells(log, InputTable.EVENT_DIMENSIONS, "dimension_value"));
            assertEquals(List.of("1"), Scans.cells(log, InputTable.ENTITY_REGISTRATIONS, "source_id"));
        }
    }

    private void assertFault(String message, InputTable table, String... lines) throws IOException {
        String name = table.tableName() + ".csv";
        write(name, lines);
        String lastColumn = lines[0].substring(lines[0].lastIndexOf(',') + 1);
        assertEquals(message, failure(table, lastColumn, NexusConfig.defaults()).getMessage());
        Files.delete(dir.resolve(name));
    }

    private NexusDataException failure(InputTable table, String column, NexusConfig config) throws IOException {
        try (EventLog log = open(config)) {
            return assertThrows(NexusDataException.class, () -> Scans.cells(log, table, column));
        }
    }

    private static NexusConfig settingAsideEverything() {
        NexusConfig.Builder config = NexusConfig.builder();
        for (FaultCode code : FaultCode.values()) {
            if (code.rowLevel()) {
                config.fault(code, FaultPolicy.SET_ASIDE);
            }
        }
        return config.build();
    }

    private static List<String> rejects(EventLog log) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < log.rejects().size(); i++) {
            Rejects.Reject r = log.rejects().get(i);
            rows.add(r.table() + " " + r.file() + " " + r.row() + " " + r.code().code() + " " + r.column() + ": "
                    + r.reason());
        }
        return rows;
    }

    private static List<String> codes(EventLog log) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < log.rejects().size(); i++) {
            Rejects.Reject r = log.rejects().get(i);
            rows.add(r.row() + " " + r.code().code() + " " + r.column());
        }
        return rows;
    }

    private EventLog open(NexusConfig config) throws IOException {
        return EventLog.open(dir, config, allocator);
    }

    /** One byte per character, so that a file can hold what is not UTF-8. */
    private void write(String name, String... lines) throws IOException {
        Files.write(dir.resolve(name), List.of(lines), ISO_8859_1);
    }
}
