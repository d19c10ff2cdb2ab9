package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.FaultCode;
import io.nexusid.api.FaultPolicy;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusDataException;
import io.nexusid.arrow.format.RowBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLogInMemoryTest {
    private static final int MANY = 150_000;

    private final BufferAllocator root = new RootAllocator();
    private final BufferAllocator allocator = root.newChildAllocator("nexus", 0, Long.MAX_VALUE);

    @AfterEach
    void nothingLeaks() {
        allocator.close();
        root.close();
    }

    @Test
    void borrowedRowsAreReadInBatchesAndStayWhole() throws IOException {
        try (VectorSchemaRoot rows = events(root, MANY);
                EventLog log = builder().add(InputTable.EVENTS, rows).build()) {
            assertEquals(ids(MANY), Scans.cells(log, InputTable.EVENTS, "event_id"));
            assertEquals(ids(MANY), Scans.cells(log, InputTable.EVENTS, "event_id"));
            assertEquals(MANY, rows.getRowCount());
            assertEquals("e0", rows.getVector("event_id").getObject(0).toString());
            assertEquals(0, allocator.getAllocatedMemory());
        }
    }

    @Test
    void rowsOfAnUnrelatedAllocatorAreCopied() throws IOException {
        try (BufferAllocator stranger = new RootAllocator();
                VectorSchemaRoot rows = events(stranger, MANY);
                EventLog log = builder().add(InputTable.EVENTS, rows).build()) {
            assertEquals(ids(MANY), Scans.cells(log, InputTable.EVENTS, "event_id"));
        }
    }

    @Test
    void batchesOutliveTheirScanAndTheLog() throws IOException {
        RowBatch scanned;
        try (VectorSchemaRoot rows = events(root, 3);
                EventLog log = builder().add(InputTable.EVENTS, rows).build();
                TableScan scan = log.scan(InputTable.EVENTS, List.of("occurred_at", "event_id", "value"))) {
            scanned = scan.next();
        }
        try (scanned) {
            VectorSchemaRoot batch = scanned.root();
            assertEquals("e2", batch.getVector("event_id").getObject(2).toString());
            assertEquals(List.of("occurred_at", "event_id", "value"), names(batch));
            assertTrue(batch.getVector("value").isNull(0));
        }
    }

    @Test
    void aShortStreamIsKeptAndALongOneGoesToAFileThatIsDeleted() throws IOException {
        Set<Path> before = spillFiles();
        for (long keep : new long[] {1 << 20, 0, Long.MAX_VALUE}) {
            RepeatedRows stream = new RepeatedRows(events(root, 30_000), 5);
            try (EventLog log =
                    builder().keep(keep).add(InputTable.EVENTS, stream).build()) {
                assertTrue(stream.closed);
                assertEquals(keep == Long.MAX_VALUE, spillFiles().equals(before), "kept up to " + keep);
                List<Object> ids = Scans.cells(log, InputTable.EVENTS, "event_id");
                assertEquals(150_000, ids.size());
                assertEquals(ids(30_000), ids.subList(120_000, 150_000));
                assertEquals(ids, Scans.cells(log, InputTable.EVENTS, "event_id"));
            }
            assertEquals(before, spillFiles());
        }
    }

    @Test
    void dictionariesAreDecodedAndTheirIndicesChecked() throws IOException {
        DictionaryEncoding encoding = new DictionaryEncoding(7, false, null);
        try (VarCharVector words = Roots.text(root, "words", "email", "phone");
                VectorSchemaRoot rows = Roots.of(
                        Roots.text(root, "entity_type", "person", "person", "person"),
                        indices(encoding, 1, 0, 1),
                        Roots.text(root, "identifier_value", "a", "b", "c"))) {
            DictionaryProvider dictionaries =
                    new DictionaryProvider.MapDictionaryProvider(new Dictionary(words, encoding));
            try (EventLog log = builder()
                    .add(InputTable.ENTITY_IDENTIFIERS, rows, dictionaries)
                    .build()) {
                assertEquals(
                        List.of("phone", "email", "phone"),
                        Scans.cells(log, InputTable.ENTITY_IDENTIFIERS, "identifier_type"));
            }
            assertThrows(IllegalArgumentException.class, () -> builder().add(InputTable.ENTITY_IDENTIFIERS, rows));
            for (int wrong : new int[] {2, -1}) {
                ((IntVector) rows.getVector("identifier_type")).set(1, wrong);
                try (EventLog log = builder()
                        .add(InputTable.ENTITY_IDENTIFIERS, rows, dictionaries)
                        .build()) {
                    NexusDataException e = assertThrows(
                            NexusDataException.class,
                            () -> Scans.cells(log, InputTable.ENTITY_IDENTIFIERS, "identifier_type"));
                    assertEquals(
                            "entity_identifiers (input 1), column identifier_type: index " + wrong
                                    + " is outside its dictionary of 2 values [corrupt_file]",
                            e.getMessage());
                }
            }
        }
    }

    @Test
    void messagesNameTheInputByItsPlaceAmongThoseOfItsTable() throws IOException {
        try (VectorSchemaRoot first = events(root, 1);
                VectorSchemaRoot second = Roots.of(
                        Roots.text(root, "event_id", "x", null),
                        instants(root, 2),
                        Roots.fixed(new BigIntVector("value", root), 2, -1, (v, i) -> v.set(i, 5)));
                EventLog log = builder()
                        .add(InputTable.EVENTS, first)
                        .add(InputTable.EVENTS, second)
                        .build()) {
            NexusDataException e =
                    assertThrows(NexusDataException.class, () -> Scans.cells(log, InputTable.EVENTS, "value"));
            assertEquals(
                    "events (input 2), column event_id, row 2: null, where a value is required [missing_value]",
                    e.getMessage());
        }
    }

    @Test
    void aFailedBuildClosesItsStreams() {
        RepeatedRows fits = new RepeatedRows(events(root, 10), 1);
        RepeatedRows doesNot = new RepeatedRows(Roots.of(Roots.text(root, "event_id", "a")), 1);
        NexusDataException e = assertThrows(NexusDataException.class, () -> builder()
                .add(InputTable.EVENTS, fits)
                .add(InputTable.EVENTS, doesNot)
                .build());
        assertEquals(FaultCode.MISSING_COLUMN, e.code());
        assertTrue(fits.closed && doesNot.closed);
    }

    @Test
    void aScanThatRunsOutOfMemoryAtAnyAllocationLeaksNothing() throws IOException {
        try (VectorSchemaRoot rows = Roots.of(
                        Roots.text(root, "entity_type", "person", "person", null),
                        Roots.text(root, "identifier_type", "email", null, "email"),
                        Roots.fixed(new BigIntVector("identifier_value", root), 3, -1, (v, i) -> v.set(i, i)),
                        instants(root, 3));
                BufferAllocator limited = root.newChildAllocator("limited", 0, Long.MAX_VALUE)) {
            NexusConfig config = NexusConfig.builder()
                    .fault(FaultCode.MISSING_VALUE, FaultPolicy.SET_ASIDE)
                    .build();
            int failures = 0;
            for (long limit = 0; limit < 2_000; limit += 8) {
                limited.setLimit(limit);
                try (EventLog log = EventLog.builder(config, limited)
                        .add(InputTable.ENTITY_IDENTIFIERS, rows)
                        .build()) {
                    assertEquals(List.of("0"), Scans.cells(log, InputTable.ENTITY_IDENTIFIERS, "identifier_value"));
                } catch (OutOfMemoryException e) {
                    failures++;
                }
                assertEquals(0, limited.getAllocatedMemory(), "with " + limit + " bytes");
            }
            assertTrue(failures > 0);
        }
    }

    private EventLog.Builder builder() {
        return EventLog.builder(NexusConfig.defaults(), allocator);
    }

    private static List<String> names(VectorSchemaRoot batch) {
        return batch.getFieldVectors().stream().map(FieldVector::getName).toList();
    }

    private static VectorSchemaRoot events(BufferAllocator allocator, int rows) {
        return Roots.of(Roots.text(allocator, "event_id", ids(rows).toArray(String[]::new)), instants(allocator, rows));
    }

    private static TimeStampMicroTZVector instants(BufferAllocator allocator, int rows) {
        return Roots.fixed(
                new TimeStampMicroTZVector("occurred_at", allocator, "UTC"), rows, -1, (v, i) -> v.set(i, (long) i));
    }

    private IntVector indices(DictionaryEncoding encoding, int... values) {
        FieldType type = new FieldType(true, MinorType.INT.getType(), encoding);
        return Roots.fixed(
                new IntVector("identifier_type", type, root), values.length, -1, (v, i) -> v.set(i, values[i]));
    }

    private static List<Object> ids(int rows) {
        return IntStream.range(0, rows).mapToObj(i -> "e" + i).collect(Collectors.toCollection(ArrayList::new));
    }

    private static Set<Path> spillFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(f -> f.getFileName().toString().matches("nexus-.*\\.arrows"))
                    .collect(Collectors.toSet());
        }
    }

    /** A stream that gives the same rows several times. */
    private final class RepeatedRows extends ArrowReader {
        private final VectorSchemaRoot rows;
        private int left;
        private boolean closed;

        RepeatedRows(VectorSchemaRoot rows, int times) {
            super(root);
            this.rows = rows;
            this.left = times;
        }

        @Override
        public boolean loadNextBatch() throws IOException {
            if (left == 0) {
                return false;
            }
            left--;
            VectorSchemaRoot target = getVectorSchemaRoot();
            target.clear();
            for (FieldVector column : rows.getFieldVectors()) {
                column.makeTransferPair(target.getVector(column.getName())).splitAndTransfer(0, rows.getRowCount());
            }
            target.setRowCount(rows.getRowCount());
            return true;
        }

        @Override
        public long bytesRead() {
            return 0;
        }

        @Override
        protected void closeReadSource() {
            assertFalse(closed);
            closed = true;
            rows.close();
        }

        @Override
        protected Schema readSchema() {
            return rows.getSchema();
        }
    }
}
