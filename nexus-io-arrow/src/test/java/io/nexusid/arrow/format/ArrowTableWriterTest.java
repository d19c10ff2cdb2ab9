package io.nexusid.arrow.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrowTableWriterTest {
    @TempDir
    Path folder;

    @Property(tries = 200)
    void whatIsWrittenIsReadBack(@ForAll("batches") List<List<SampleRows.Row>> batches) throws IOException {
        Path file = Files.createTempFile("nexus", ".arrow");
        try {
            write(file, batches);
            ArrowFileSource source = ArrowFileSource.open(file, "t", "t.arrow");
            List<SampleRows.Row> expected =
                    batches.stream().flatMap(List::stream).toList();
            assertEquals(SampleRows.SCHEMA.getFields(), source.columns());
            assertEquals(expected.size(), source.rowCount());
            List<SampleRows.Row> found = new ArrayList<>();
            Reading.eachBatch(source, SampleRows.COLUMNS, batch -> found.addAll(SampleRows.rows(batch.root())));
            assertEquals(expected, found);
        } finally {
            Files.delete(file);
        }
    }

    @Property(tries = 100)
    void arrowsOwnReaderReadsWhatIsWritten(@ForAll("batches") List<List<SampleRows.Row>> batches) throws IOException {
        Path file = Files.createTempFile("nexus", ".arrow");
        try (BufferAllocator allocator = new RootAllocator()) {
            write(file, batches);
            byte[] bytes = Files.readAllBytes(file);
            List<SampleRows.Row> found = new ArrayList<>();
            try (ArrowStreamReader reader = StockIpc.reader(Arrays.copyOfRange(bytes, 8, bytes.length), allocator)) {
                assertEquals(SampleRows.SCHEMA, reader.getVectorSchemaRoot().getSchema());
                while (reader.loadNextBatch()) {
                    found.addAll(SampleRows.rows(reader.getVectorSchemaRoot()));
                }
            }
            assertEquals(batches.stream().flatMap(List::stream).toList(), found);
        } finally {
            Files.delete(file);
        }
    }

    /** The same rows cut out of a larger batch, and with rubbish under their nulls and behind their end. */
    @Property(tries = 100)
    void equalRowsGiveEqualBytes(@ForAll("rows") List<SampleRows.Row> rows) throws IOException {
        Path plain = Files.createTempFile("nexus", ".arrow");
        Path cut = Files.createTempFile("nexus", ".arrow");
        try (BufferAllocator allocator = new RootAllocator()) {
            write(plain, List.of(rows));
            List<SampleRows.Row> more = new ArrayList<>(rows);
            for (int i = 0; i < 3; i++) {
                more.add(0, new SampleRows.Row("before", 7L, true, 7.0));
                more.add(new SampleRows.Row("after", 8L, true, 8.0));
            }
            try (VectorSchemaRoot all = SampleRows.root(allocator, more);
                    VectorSchemaRoot slice = all.slice(3, rows.size());
                    TableWriter writer = ArrowTableWriter.create(cut, SampleRows.SCHEMA)) {
                soilNulls(slice);
                writer.write(slice);
            }
            assertArrayEquals(Files.readAllBytes(plain), Files.readAllBytes(cut));
        } finally {
            Files.delete(plain);
            Files.delete(cut);
        }
    }

    @Test
    void aWriterClosedAfterAFailedBatchLeavesNoWholeFile() throws IOException {
        Path file = folder.resolve("t.arrow");
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = SampleRows.root(allocator, List.of(new SampleRows.Row("x", 1L, true, 1.0)));
                TableWriter writer = ArrowTableWriter.create(file, SampleRows.SCHEMA)) {
            writer.write(root);
            HeapBatch unfilled = new HeapBatch(SampleRows.SCHEMA);
            unfilled.rows(1);
            assertThrows(RuntimeException.class, () -> writer.write(unfilled));
        }
        assertThrows(NexusDataException.class, () -> ArrowFileSource.open(file, "t", "t.arrow"));
    }

    @Test
    void aBatchWithOtherColumnsIsRefusedAndSpoilsNothing() throws IOException {
        Path file = folder.resolve("refused.arrow");
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = SampleRows.root(allocator, List.of(new SampleRows.Row("x", 1L, true, 1.0)));
                TableWriter writer = ArrowTableWriter.create(file, SampleRows.SCHEMA)) {
            List<FieldVector> swapped =
                    List.of(root.getVector(0), root.getVector(1), root.getVector(3), root.getVector(2));
            assertThrows(IllegalArgumentException.class, () -> writer.write(new VectorSchemaRoot(swapped)));
            writer.write(root);
        }
        Path plain = folder.resolve("plain.arrow");
        write(plain, List.of(List.of(new SampleRows.Row("x", 1L, true, 1.0))));
        assertArrayEquals(Files.readAllBytes(plain), Files.readAllBytes(file));
    }

    @Provide
    Arbitrary<List<List<SampleRows.Row>>> batches() {
        return SampleRows.arbitrary().list().ofMaxSize(3);
    }

    @Provide
    Arbitrary<List<SampleRows.Row>> rows() {
        return SampleRows.arbitrary();
    }

    static void write(Path file, List<List<SampleRows.Row>> batches) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                TableWriter writer = ArrowTableWriter.create(file, SampleRows.SCHEMA)) {
            for (List<SampleRows.Row> rows : batches) {
                try (VectorSchemaRoot root = SampleRows.root(allocator, rows)) {
                    writer.write(root);
                }
            }
        }
    }

    private static void soilNulls(VectorSchemaRoot root) {
        for (int row = 0; row < root.getRowCount(); row++) {
            if (root.getVector("flag").isNull(row)) {
                BitVectorHelper.setBit(root.getVector("flag").getDataBuffer(), row);
            }
            for (String name : List.of("instant", "number")) {
                ArrowBuf data = root.getVector(name).getDataBuffer();
                if (root.getVector(name).isNull(row)) {
                    data.setLong(8L * row, 0x5555_5555_5555_5555L);
                }
            }
        }
    }
}
