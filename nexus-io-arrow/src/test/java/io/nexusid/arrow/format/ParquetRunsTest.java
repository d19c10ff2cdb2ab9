package io.nexusid.arrow.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.junit.jupiter.api.Test;

class ParquetRunsTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Property(tries = 300)
    void whatTheLibraryEncodesIsDecodedInAnySlices(
            @ForAll @IntRange(min = 1, max = 32) int width, @ForAll @IntRange(max = 600) int count, @ForAll long seed)
            throws IOException {
        Random random = new Random(seed);
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            boolean repeat = i > 0 && random.nextInt(10) < 7;
            values[i] = repeat ? values[i - 1] : (int) (random.nextLong() & ((1L << width) - 1));
        }
        RunLengthBitPackingHybridEncoder encoder =
                new RunLengthBitPackingHybridEncoder(width, 64, 1 << 20, new HeapByteBufferAllocator());
        for (int value : values) {
            encoder.writeInt(value);
        }
        encoder.toBytes().writeAllTo(bytes);
        byte[] encoded = bytes.toByteArray();
        bytes.reset();

        ParquetRuns runs = new ParquetRuns();
        runs.start(encoded, 0, encoded.length, width);
        int[] decoded = new int[count];
        for (int at = 0; at < count; ) {
            int n = Math.min(count - at, 1 + random.nextInt(40));
            int[] slice = new int[n];
            runs.read(slice, n);
            System.arraycopy(slice, 0, decoded, at, n);
            at += n;
        }
        assertArrayEquals(values, decoded);
    }

    @Test
    void aWidthOfZeroGivesZerosFromNothing() {
        ParquetRuns runs = new ParquetRuns();
        runs.start(new byte[0], 0, 0, 0);
        int[] out = new int[5];
        Arrays.fill(out, 9);
        runs.read(out, 5);
        assertArrayEquals(new int[5], out);
    }

    @Test
    void bytesThatEndTooSoonAreDamageEvenIfTheArrayGoesOn() {
        ParquetRuns runs = new ParquetRuns();
        // One group of eight values of eight bits, of which the stream holds four.
        byte[] array = {3, 1, 2, 3, 4, 5, 6, 7, 8};
        runs.start(array, 0, 5, 8);
        runs.read(new int[4], 4);
        assertThrows(ParquetDamage.class, () -> runs.read(new int[1], 1));
        runs.start(array, 0, 0, 8);
        assertThrows(ParquetDamage.class, () -> runs.read(new int[1], 1));
        assertThrows(ParquetDamage.class, () -> runs.start(array, 0, 5, 33));
    }
}
