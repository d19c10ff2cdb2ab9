package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.FaultCode;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogFilesTest {
    private static final String IDENTIFIERS = "entity_type,identifier_type,identifier_value";

    @TempDir
    Path dir;

    private final BufferAllocator allocator = new RootAllocator();

    @AfterEach
    void nothingLeaks() {
        allocator.close();
    }

    @Test
    void filesOfATableAreUnionedInPathByteOrderWithTheSupersetOfTheirColumns() throws IOException {
        write("entity_identifiers/b/2.csv", "source," + IDENTIFIERS, "s2,person,email,four");
        write("entity_identifiers/a.csv", IDENTIFIERS, "person,email,three");
        write("entity_identifiers.csv", IDENTIFIERS + ",role", "person,email,two,buyer");
        write("Shop_entity_identifiers.csv", IDENTIFIERS, "person,email,one");
        write("ünix_entity_identifiers.csv", IDENTIFIERS, "person,email,five");
        try (EventLog log = open()) {
            assertEquals(
                    List.of(
                            Arrays.asList("one", null, null),
                            Arrays.asList("two", "buyer", null),
                            Arrays.asList("three", null, null),
                            Arrays.asList("four", null, "s2"),
                            Arrays.asList("five", null, null)),
                    Scans.rows(log, InputTable.ENTITY_IDENTIFIERS, "identifier_value", "role", "source"));
        }
    }

    @Test
    void theLongestTableNameThatEndsAFileNameWins() throws IOException {
        write("x_event_measurements.csv", "event_id,measurement_name,value", "e,m,1");
        write("x_person_identifiers.csv", "identifier_type,identifier_value", "email,a");
        write("computed_traits.csv", "entity_id,entity_type,trait_name,trait_value", "e,person,t,v");
        try (EventLog log = open()) {
            assertEquals(
                    Set.of(InputTable.EVENT_MEASUREMENTS, InputTable.ENTITY_IDENTIFIERS, InputTable.COMPUTED_TRAITS),
                    log.tables());
        }
    }

    @Test
    void whatIsNotUnderstoodIsListedAndHiddenFilesAreNot() throws IOException {
        write("events.csv", "event_id,occurred_at,colour,Size", "e1,2024-01-01,red,1");
        write("notes.txt", "hello");
        write("notevents.csv", "hello");
        write("other/events.csv", "event_id,occurred_at", "e2,2024-01-01");
        write("events/readme.md", "hello");
        write("_SUCCESS", "");
        write(".hidden/events.csv", "no");
        write("events/_metadata.csv", "no");
        try (EventLog log = open()) {
            assertEquals(
                    List.of(
                            "events/readme.md",
                            "notes.txt",
                            "notevents.csv",
                            "other/events.csv",
                            "events.csv, column colour",
                            "events.csv, column Size"),
                    log.ignored());
            assertEquals(List.of("e1"), Scans.cells(log, InputTable.EVENTS, "event_id"));
        }
    }

    @Test
    void olderTableNamesFixTheirConstants() throws IOException {
        write(
                "crm_person_identifiers.csv",
                "id,row_id,identifier_type,identifier_value,synced_at",
                "p1,e1,email,a,2024-01-01");
        write("group_identifiers.csv", "group_identifier_id,identifier_type,identifier_value", "g1,domain,b");
        write(
                "person_traits.csv",
                "person_trait_id,identifier_type,identifier_value,trait_name,trait_value",
                "t1,email,a,name,Ann");
        write(
                "membership_identifiers.csv",
                "membership_id,person_identifier,person_identifier_type,group_identifier,group_identifier_type,role",
                "m1,a,email,b,domain,admin");
        try (EventLog log = open()) {
            assertEquals(
                    List.of(
                            List.of("p1", "e1", "person", "email", "a", 1704067200000000L),
                            Arrays.asList("g1", null, "group", "domain", "b", null)),
                    Scans.rows(
                            log,
                            InputTable.ENTITY_IDENTIFIERS,
                            "entity_identifier_id",
                            "edge_id",
                            "entity_type",
                            "identifier_type",
                            "identifier_value",
                            "_ingested_at"));
            assertEquals(
                    List.of(List.of("t1", "person", "Ann")),
                    Scans.rows(log, InputTable.ENTITY_TRAITS, "entity_trait_id", "entity_type", "trait_value"));
            assertEquals(
                    List.of(List.of("m1", "person", "group", "membership", "a_to_b", true, "admin", "a", "b")),
                    Scans.rows(
                            log,
                            InputTable.RELATIONSHIP_DECLARATIONS,
                            "relationship_declaration_id",
                            "entity_a_type",
                            "entity_b_type",
                            "relationship_type",
                            "relationship_direction",
                            "is_active",
                            "entity_a_role",
                            "entity_a_identifier",
                            "entity_b_identifier"));
            assertEquals(List.of(), log.ignored());
        }
    }

    @Test
    void aColumnThatAnOlderTableNameFixesIsIgnoredAndListed() throws IOException {
        write("person_identifiers.csv", IDENTIFIERS, "alien,email,a");
        try (EventLog log = open()) {
            assertEquals(List.of("person"), Scans.cells(log, InputTable.ENTITY_IDENTIFIERS, "entity_type"));
            assertEquals(List.of("person_identifiers.csv, column entity_type"), log.ignored());
        }
    }

    @Test
    void furtherColumnsOfRegistrationsAreTraitsInOrderOfFirstAppearance() throws IOException {
        write("a_entity_registrations.csv", "entity_type,plan,source,source_id,entity_id", "sub,gold,s,1,x");
        write("b_entity_registrations.csv", "seats,entity_type,source,source_id,plan", "3,sub,s,2,free");
        try (EventLog log = open()) {
            assertEquals(List.of("plan", "seats"), log.furtherColumns(InputTable.ENTITY_REGISTRATIONS));
            assertEquals(List.of("a_entity_registrations.csv, column entity_id"), log.ignored());
            assertTrue(log.has(InputTable.ENTITY_REGISTRATIONS, "seats"));
            assertFalse(log.has(InputTable.ENTITY_REGISTRATIONS, "_source_created_at"));
            assertEquals(
                    List.of(Arrays.asList("1", "gold", null), List.of("2", "free", "3")),
                    Scans.rows(log, InputTable.ENTITY_REGISTRATIONS, "source_id", "plan", "seats"));
        }
    }

    @Test
    void aFolderWithoutTablesIsAnError() throws IOException {
        write("notes.txt", "hello");
        NexusDataException e = assertThrows(NexusDataException.class, this::open);
        assertEquals(FaultCode.NO_TABLES, e.code());
        assertTrue(e.getMessage().startsWith(dir + ": no input table here"), e.getMessage());
    }

    @Test
    void aMissingFolderAndAFileInItsPlaceAreSystemErrors() throws IOException {
        write("events.csv", "event_id,occurred_at");
        assertThrows(NoSuchFileException.class, () -> open(dir.resolve("nowhere")));
        assertThrows(NotDirectoryException.class, () -> open(dir.resolve("events.csv")));
    }

    @Test
    void headersAreCheckedBeforeAnyRowIsRead() throws IOException {
        write("events.csv", "event_id", "e1");
        write("crm_entity_identifiers.csv", IDENTIFIERS, "person,email,a");
        NexusDataException e = assertThrows(NexusDataException.class, this::open);
        assertEquals(
                "events (events.csv), column occurred_at: this column is required [missing_column]", e.getMessage());
    }

    @Test
    void aClosedLogRefusesScansAndABorrowedOneRefusesToClose() throws IOException {
        write("events.csv", "event_id,occurred_at");
        EventLog log = open();
        log.borrow();
        assertThrows(IllegalStateException.class, log::close);
        log.release();
        log.close();
        log.close();
        assertThrows(IllegalStateException.class, () -> log.scan(InputTable.EVENTS, List.of("event_id")));
    }

    @Test
    void unknownAndRepeatedColumnsOfARequestAreMisuse() throws IOException {
        write("events.csv", "event_id,occurred_at,colour");
        try (EventLog log = open()) {
            assertThrows(IllegalArgumentException.class, () -> log.scan(InputTable.EVENTS, List.of("colour")));
            assertThrows(
                    IllegalArgumentException.class, () -> log.scan(InputTable.EVENTS, List.of("event_id", "event_id")));
            assertEquals(List.of(), Scans.rows(log, InputTable.STATES, "entity_id"));
            assertEquals(Set.of(), log.rejects().counts().keySet());
        }
    }

    private EventLog open() throws IOException {
        return open(dir);
    }

    private EventLog open(Path folder) throws IOException {
        return EventLog.open(folder, NexusConfig.defaults(), allocator);
    }

    private void write(String name, String... lines) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(lines));
    }
}
