package io.nexusid.arrow.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

class TextBlockTest {
    private static final String[] ENTRIES = {"", "a", "person", "größer", "\uD83D\uDE00", "unused"};
    private static final Field FIELD = Field.nullable("text", ArrowType.Utf8.INSTANCE);

    @Property(tries = 200)
    void bothFormsHoldTheSameCells(@ForAll long seed, @ForAll @IntRange(max = 40) int rows) {
        Random random = new Random(seed);
        int[] codes = random.ints(rows, -1, ENTRIES.length - 1).toArray();
        List<String> expected = new ArrayList<>();
        for (int code : codes) {
            expected.add(code < 0 ? null : ENTRIES[code]);
        }
        assertEquals(expected, cells(coded(codes)));
        assertEquals(expected.contains(null), coded(codes).hasNulls());
        assertEquals(expected, cells(coded(codes).flatten()));
        try (BufferAllocator allocator = new RootAllocator();
                VarCharVector vector = coded(codes).toVector(FIELD, allocator)) {
            assertEquals(expected, cells(new TextBlock().load(vector)));
            assertEquals(expected.stream().filter(e -> e == null).count(), vector.getNullCount());
        }
        int[] starts = new int[rows + 1];
        int[] ends = new int[rows + 1];
        List<String> kept = new ArrayList<>();
        int runs = 0;
        for (int i = 0; i < rows; i += 2 + random.nextInt(3)) {
            starts[runs] = i;
            ends[runs++] = Math.min(rows, i + 1 + random.nextInt(2));
            kept.addAll(expected.subList(i, ends[runs - 1]));
        }
        assertEquals(kept, cells(coded(codes).take(starts, ends, runs)));
        assertEquals(kept, cells(coded(codes).flatten().take(starts, ends, runs)));
    }

    /** Pages of a column begin with a dictionary and go on without; row groups end within batches. */
    @Example
    void columnsThatAreOnlyPartlyCodedAreReadAsWritten() throws IOException {
        Random random = new Random(7);
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 150_000; i++) {
            boolean few = i % 100_000 < 40_000;
            String text = few ? "name" + random.nextInt(5) : "x".repeat(200) + random.nextInt();
            rows.add(new Object[] {random.nextInt(50) == 0 ? null : text, (long) i, true, 1.0});
        }
        Path file = Files.createTempFile("partly", ".parquet");
        int coded = 0;
        int flat = 0;
        List<String> found = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator()) {
            ParquetTables.write(allocator, file, ParquetCodec.SNAPPY, 100_000, 9_999, rows);
            try (ParquetSource source = ParquetSource.open(file, "table", "table.parquet");
                    RowReader reader = source.read(allocator, List.of("text"))) {
                for (RowBatch batch = reader.next(); batch != null; batch = reader.next()) {
                    TextBlock block = batch.column(0).text();
                    coded += block.dictionary() != null ? 1 : 0;
                    flat += block.dictionary() == null ? 1 : 0;
                    found.addAll(cells(block));
                }
            }
        } finally {
            Files.delete(file);
        }
        assertTrue(coded > 0 && flat > 0, coded + " coded and " + flat + " flat batches");
        assertEquals(rows.stream().map(row -> (String) row[0]).toList(), found);
    }

    private static TextBlock coded(int[] codes) {
        byte[][] texts = Arrays.stream(ENTRIES).map(e -> e.getBytes(UTF_8)).toArray(byte[][]::new);
        int[] lengths = Arrays.stream(texts).mapToInt(text -> text.length).toArray();
        int[] starts = new int[lengths.length];
        for (int i = 1; i < starts.length; i++) {
            starts[i] = starts[i - 1] + lengths[i - 1];
        }
        byte[] bytes = String.join("", ENTRIES).getBytes(UTF_8);
        return TextBlock.coded(new TextDictionary(bytes, starts, lengths), codes.clone());
    }

    private static List<String> cells(TextBlock block) {
        List<String> cells = new ArrayList<>();
        int[] kinds = block.kinds(3);
        for (int i = 0; i < block.rows(); i++) {
            assertEquals(block.isNull(i) ? -1 : 3, kinds[i]);
            assertEquals(block.isNull(i) || block.text(i).isEmpty(), block.isBlank(i));
            cells.add(block.isNull(i) ? null : block.text(i));
        }
        return cells;
    }
}
