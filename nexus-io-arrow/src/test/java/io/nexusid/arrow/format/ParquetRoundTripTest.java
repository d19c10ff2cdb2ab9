package io.nexusid.arrow.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetRoundTripTest {
    private static final int BLOCK = 128;

    @Property(tries = 80)
    void whatIsWrittenIsRead(
            @ForAll("tables") List<Object[]> rows,
            @ForAll @IntRange(min = 1, max = 300) int batchRows,
            @ForAll @IntRange(min = 1, max = 4) int groupBlocks,
            @ForAll("written") ParquetCodec codec,
            @ForAll @IntRange(min = 1, max = 200) int textLimit)
            throws IOException {
        Path file = Files.createTempFile("round", ".parquet");
        try (BufferAllocator allocator = new RootAllocator()) {
            ParquetTables.write(allocator, file, codec, groupBlocks * BLOCK, batchRows, rows);
            assertEquals(ParquetTables.shown(rows), ParquetTables.shown(ParquetTables.readAll(allocator, file)));
            assertEquals(
                    ParquetTables.shown(rows), ParquetTables.shown(readInSmallBatches(allocator, file, textLimit)));
        } finally {
            Files.delete(file);
        }
    }

    private static List<Object[]> readInSmallBatches(BufferAllocator allocator, Path file, int textLimit)
            throws IOException {
        try (ParquetSource source = ParquetSource.open(file, "table", "table.parquet");
                RowReader reader = source.read(allocator, List.of("text", "instant", "flag", "number"))) {
            ((ParquetRowReader) reader).limitText(textLimit);
            return ParquetTables.drain(reader, 4);
        }
    }

    @Provide
    Arbitrary<ParquetCodec> written() {
        return Arbitraries.of(ParquetCodec.class).filter(codec -> codec != ParquetCodec.GZIP);
    }

    @Provide
    Arbitrary<List<Object[]>> tables() {
        Arbitrary<String> text = Arbitraries.oneOf(
                Arbitraries.of("", "a", "\u0000", "ğüşİı", "\uD83D\uDE00\uD83C\uDFF3", "null", " "),
                Arbitraries.strings().ofMaxLength(20).map(s -> s.replaceAll("\\p{Cs}", "?")),
                Arbitraries.integers().between(1, 5000).map("x"::repeat));
        Arbitrary<Long> instant = Arbitraries.oneOf(
                Arbitraries.longs(),
                Arbitraries.of(Long.MAX_VALUE, Long.MIN_VALUE + 1, 0L, -1L, 1_700_000_000_000_000L));
        Arbitrary<Double> number = Arbitraries.oneOf(
                Arbitraries.longs().map(Double::longBitsToDouble),
                Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, 0.0, 1.5));
        Arbitrary<Boolean> flag = Arbitraries.of(true, false);
        return Combinators.combine(
                        text.injectNull(0.2), instant.injectNull(0.2), flag.injectNull(0.2), number.injectNull(0.2))
                .as((t, i, f, n) -> new Object[] {t, i, f, n})
                .list()
                .ofMaxSize(700);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNCOMPRESSED", "SNAPPY"})
    void manyBatchesAndRowGroupsKeepTheirRows(ParquetCodec codec, @TempDir Path dir) throws IOException {
        List<Object[]> rows = manyRows(70_000);
        Path file = dir.resolve("many.parquet");
        try (BufferAllocator allocator = new RootAllocator()) {
            ParquetTables.write(allocator, file, codec, 256 * BLOCK, 50_001, rows);
            assertEquals(ParquetTables.shown(rows), ParquetTables.shown(ParquetTables.readAll(allocator, file)));
        }
    }

    /** Distinct texts beyond a dictionary, few-valued numbers, long stretches of null. */
    private static List<Object[]> manyRows(int count) {
        Random random = new Random(7);
        List<Object[]> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean gap = i % 40_000 > 30_000;
            rows.add(new Object[] {
                gap ? null : "customer-" + random.nextInt(1 << 20),
                gap ? null : 1_700_000_000_000_000L + i,
                random.nextInt(10) == 0 ? null : random.nextBoolean(),
                gap ? null : (double) random.nextInt(50)
            });
        }
        return rows;
    }

    @Test
    void noRowsMakeAFileWithColumns(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("empty.parquet");
        try (BufferAllocator allocator = new RootAllocator()) {
            ParquetTables.write(allocator, file, ParquetCodec.SNAPPY, BLOCK, 1, List.of());
            try (ParquetSource source = ParquetSource.open(file, "table", "empty.parquet");
                    RowReader reader = source.read(allocator, List.of("text"))) {
                assertEquals(ParquetTables.SCHEMA.getFields(), source.columns());
                assertEquals(0, source.rowCount());
                assertEquals(null, reader.next());
            }
        }
    }

    @Test
    void onlyTheRequestedColumnsComeInTheRequestedOrder(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("some.parquet");
        try (BufferAllocator allocator = new RootAllocator()) {
            ParquetTables.write(
                    allocator, file, ParquetCodec.SNAPPY, BLOCK, 1, List.<Object[]>of(new Object[] {"a", 1L, true, 2.0
                    }));
            try (ParquetSource source = ParquetSource.open(file, "table", "some.parquet")) {
                List<Object[]> rows = ParquetTables.read(allocator, source, List.of("number", "text"));
                assertArrayEquals(new Object[] {2.0, "a"}, rows.get(0));
                assertEquals(1, ParquetTables.read(allocator, source, List.of()).size());
                assertThrows(IllegalArgumentException.class, () -> source.read(allocator, List.of("other")));
            }
        }
    }

    @Test
    void sameRowsGiveSameBytesWhateverTheBatches(@TempDir Path dir) throws IOException {
        List<Object[]> rows = manyRows(10_000);
        try (BufferAllocator allocator = new RootAllocator()) {
            ParquetTables.write(allocator, dir.resolve("a"), ParquetCodec.SNAPPY, 64 * BLOCK, 10_000, rows);
            ParquetTables.write(allocator, dir.resolve("b"), ParquetCodec.SNAPPY, 64 * BLOCK, 77, rows);
        }
        assertEquals(-1, Files.mismatch(dir.resolve("a"), dir.resolve("b")));
    }

    @Test
    void longTextsMakeSmallBatches(@TempDir Path dir) throws IOException {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            rows.add(new Object[] {i % 3 == 0 ? null : "y".repeat(60_000), (long) i, null, null});
        }
        Path file = dir.resolve("long.parquet");
        try (BufferAllocator allocator = new RootAllocator()) {
            ParquetTables.write(allocator, file, ParquetCodec.SNAPPY, 1 << 20, 50, rows);
            try (ParquetSource source = ParquetSource.open(file, "table", "long.parquet");
                    RowReader reader = source.read(allocator, List.of("instant", "text"))) {
                ((ParquetRowReader) reader).limitText(1 << 20);
                long next = 0;
                int batches = 0;
                for (RowBatch batch = reader.next(); batch != null; batch = reader.next()) {
                    try (RowBatch open = batch) {
                        VectorSchemaRoot root = open.root();
                        for (int i = 0; i < root.getRowCount(); i++, next++) {
                            assertEquals(next, ((TimeStampVector) root.getVector(0)).get(i));
                            assertEquals(next % 3 == 0, root.getVector(1).isNull(i));
                        }
                        assertTrue(allocator.getAllocatedMemory() < 3L << 20);
                        batches++;
                    }
                }
                assertEquals(300, next);
                assertTrue(batches > 1);
            }
        }
    }

    @Test
    void aWriterClosedAfterAFailedWriteLeavesNoValidFile(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("failed.parquet");
        Schema other = new Schema(List.of(Field.nullable("x", ArrowType.Utf8.INSTANCE)));
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot wrong = VectorSchemaRoot.create(other, allocator)) {
            TableWriter writer = ParquetTableWriter.create(file, ParquetTables.SCHEMA);
            assertThrows(IllegalArgumentException.class, () -> writer.write(wrong));
            HeapBatch unfilled = new HeapBatch(ParquetTables.SCHEMA);
            unfilled.rows(3);
            assertThrows(RuntimeException.class, () -> writer.write(unfilled));
            assertThrows(IllegalStateException.class, () -> writer.write(unfilled));
            writer.close();
        }
        assertThrows(NexusDataException.class, () -> ParquetSource.open(file, "table", "failed.parquet"));
    }

    @Test
    void onlyTheFourTypesAndDistinctNamesAreWritten(@TempDir Path dir) {
        Field text = Field.nullable("a", ArrowType.Utf8.INSTANCE);
        Field number = Field.nullable("b", new ArrowType.Int(32, true));
        Path file = dir.resolve("no.parquet");
        assertThrows(
                IllegalArgumentException.class, () -> ParquetTableWriter.create(file, new Schema(List.of(number))));
        assertThrows(
                IllegalArgumentException.class, () -> ParquetTableWriter.create(file, new Schema(List.of(text, text))));
        assertThrows(
                IllegalArgumentException.class,
                () -> ParquetTableWriter.create(file, new Schema(List.of(text)), ParquetCodec.GZIP));
        assertTrue(Files.notExists(file));
    }
}
