package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.ColumnType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusDataException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The limits of what one run, one column and one table can hold, with small numbers in their place. */
class LimitsTest {
    private static void assertRefused(String table, String reason, Executable action) {
        NexusDataException refused = assertThrows(NexusDataException.class, action);
        assertEquals(FaultCode.CAPACITY, refused.code());
        assertEquals(table, refused.table());
        assertTrue(refused.getMessage().contains(reason), refused::getMessage);
    }

    @Test
    void rowsAreCountedBeforeTheyAreTaken() {
        assertEquals(10, LoadedTable.claim(InputTable.EVENTS, 4, 6, 10));
        assertEquals(10, LoadedTable.claim(InputTable.EVENTS, 10, 0, 10));
        assertRefused("events", "more than 10 rows", () -> LoadedTable.claim(InputTable.EVENTS, 4, 7, 10));
        assertRefused(
                "events",
                "more than 2147483639 rows",
                () -> LoadedTable.claim(
                        InputTable.EVENTS, Integer.MAX_VALUE - 10, Integer.MAX_VALUE, Integer.MAX_VALUE - 8));
    }

    @Test
    void aTextColumnOfOneBatchEndsAtItsLimitAndKeepsWhatItHas() {
        StagedText text = new StagedText("events", 10);
        byte[] cell = "abcd".getBytes(UTF_8);
        text.start(4);
        text.append(cell, 0, 4);
        text.append(cell, 0, 4);
        assertRefused("events", "more than 10 bytes in 3 rows", () -> text.append(cell, 0, 3));
        assertRefused("events", "more than 10 bytes in 3 rows", () -> text.begin(Integer.MAX_VALUE));
        text.append(cell, 2, 4);
        try (BufferAllocator allocator = new RootAllocator();
                VarCharVector vector = text.toVector(ArrowTypes.field("name", ColumnType.STRING), allocator)) {
            assertEquals(3, vector.getValueCount());
            assertEquals("cd", vector.getObject(2).toString());
        }
    }

    @Test
    void aTableReadWholeRefusesMoreTextThanOneVectorHoldsAndGivesAllMemoryBack() throws Exception {
        int rows = 100_000;
        TableRows table = new SelectedRows(
                rows,
                List.of(
                        OutputColumn.text("short", (i, out) -> out.text.append(new byte[1])),
                        OutputColumn.text("long", (i, out) -> out.text.append(new byte[10]))));
        try (BufferAllocator allocator = new RootAllocator();
                Workers workers = new Workers(1)) {
            assertRefused(
                    "nexus_events",
                    "column long",
                    () -> WholeTable.read("nexus_events", table, allocator, workers, 10L * rows - 1));
            assertEquals(0, allocator.getAllocatedMemory());
            try (VectorSchemaRoot whole = WholeTable.read("nexus_events", table, allocator, workers, 10L * rows)) {
                assertEquals(rows, whole.getRowCount());
            }
        }
    }

    @Test
    void rejectsThatFitNoMoreLeaveThoseThatWereThere() {
        Rejects rejects = new Rejects(3);
        rejects.replace(twoRejectsOf(InputTable.EVENTS));
        assertRefused(
                "entity_traits",
                "4 rows were set aside",
                () -> rejects.replace(twoRejectsOf(InputTable.ENTITY_TRAITS)));
        assertEquals(2, rejects.size());
        assertEquals(InputTable.EVENTS.tableName(), rejects.get(1).table());
        rejects.replace(twoRejectsOf(InputTable.EVENTS));
        assertEquals(2, rejects.size());
    }

    private static Rejects.OfTable twoRejectsOf(InputTable table) {
        Rejects.OfTable rejects = new Rejects.OfTable(table);
        rejects.startFile("file");
        rejects.add(1, FaultCode.BLANK_IDENTIFIER, "identifier_value", "is blank");
        rejects.add(2, FaultCode.BLANK_IDENTIFIER, "identifier_value", "is blank");
        return rejects;
    }

    @Test
    void aColumnToBeWrittenEndsAtItsLimitAndKeepsWhatItHas() {
        TextAppender column = new TextAppender(10_000).begin(3);
        column.append(new byte[9_999]);
        assertRefused("output", "one column of 2 rows has more than", () -> column.append(new byte[2]));
        column.append(new byte[1]);
        assertEquals(10_000, column.position());
    }
}
