package io.nexusid.graph;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AdjacentKeysTest {
    /** Rows of keys in the form a file gives them. */
    private static final class Column {
        final int[] kinds;
        final int[] offsets;
        final byte[] data;

        Column(int[] kinds, int[] offsets, byte[] data) {
            this.kinds = kinds;
            this.offsets = offsets;
            this.data = data;
        }

        int rows() {
            return kinds.length;
        }

        Column slice(int from, int to) {
            return new Column(
                    Arrays.copyOfRange(kinds, from, to), Arrays.copyOfRange(offsets, from, to + 1), data.clone());
        }

        /** What a dictionary, which keeps all keys, makes of them. */
        int[] oracle() {
            int[] codes = new int[rows()];
            new KeyDictionary(0).addAll(kinds, data, offsets, rows(), codes, 0);
            return codes;
        }
    }

    /** Runs of keys; of {@code comeBack} in a hundred the key was there before. */
    private static Column runs(SplittableRandom random, int rows, int comeBack) {
        int[] kinds = new int[rows];
        int[] offsets = new int[rows + 1];
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        int keys = 0;
        int kind = 0;
        byte[] key = {};
        for (int row = 0; row < rows; row++) {
            if (row == 0 || random.nextInt(3) > 0) {
                int number = random.nextInt(100) < comeBack ? random.nextInt(keys + 1) : keys++;
                kind = number % 3;
                key = "x"
                        .repeat(number % 40)
                        .concat(Integer.toString(number / 3))
                        .getBytes(UTF_8);
            }
            kinds[row] = random.nextInt(8) == 0 ? -1 - random.nextInt(2) : kind;
            data.writeBytes(key);
            offsets[row + 1] = data.size();
        }
        return new Column(kinds, offsets, data.toByteArray());
    }

    private static int[] number(AdjacentKeys keys, Column column, SplittableRandom random) {
        int[] codes = new int[column.rows() + 2];
        for (int from = 0, to; from < column.rows(); from = to) {
            to = from + 1 + random.nextInt(column.rows() - from);
            Column slice = column.slice(from, to);
            keys.addAll(slice.kinds, slice.data, slice.offsets, slice.rows(), codes, from);
        }
        if (!keys.seal()) {
            for (int from = 0, to; from < column.rows(); from = to) {
                to = from + 1 + random.nextInt(column.rows() - from);
                Column slice = column.slice(from, to);
                keys.confirm(slice.kinds, slice.data, slice.offsets, slice.rows(), codes, from);
            }
            keys.finish(codes, column.rows());
        }
        return Arrays.copyOf(codes, column.rows());
    }

    @Property(tries = 300)
    void keysAreNumberedAsInADictionaryInAnySlicing(
            @ForAll long seed, @ForAll @IntRange(max = 300) int rows, @ForAll @IntRange(max = 99) int comeBack) {
        SplittableRandom random = new SplittableRandom(seed);
        Column column = runs(random, rows, comeBack / 10 * (comeBack / 10));
        int[] expected = column.oracle();
        AdjacentKeys keys = new AdjacentKeys();
        assertArrayEquals(expected, number(keys, column, random));
        assertEquals(Arrays.stream(expected).max().orElse(-1) + 1, keys.size());
    }

    @Test
    void manyRunsOfDifferentKeysNeedNoSecondShowing() {
        Column column = runs(new SplittableRandom(4), 300_000, 0);
        AdjacentKeys keys = new AdjacentKeys();
        int[] codes = new int[column.rows()];
        keys.addAll(column.kinds, column.data, column.offsets, column.rows(), codes, 0);
        assertTrue(keys.seal());
        assertArrayEquals(column.oracle(), codes);
    }

    @Test
    void aFewKeysThatComeBackAmongManyAreFound() {
        SplittableRandom random = new SplittableRandom(5);
        Column column = runs(random, 200_000, 1);
        assertArrayEquals(column.oracle(), number(new AdjacentKeys(), column, random));
    }

    @Test
    void differentKeysOfOneHashStayApart() {
        long seed = 6;
        int count = 2_000;
        byte[] data = new byte[LeakedSecret.LENGTH * count];
        new LeakedSecret(seed).keys(data, 0, count / 2, 7);
        new LeakedSecret(seed).keys(data, count / 2, count / 2, 8);
        int[] offsets = new int[count + 1];
        Arrays.setAll(offsets, i -> i * LeakedSecret.LENGTH);
        Column column = new Column(new int[count], offsets, data);
        int[] everyOne = new int[count];
        Arrays.setAll(everyOne, i -> i);

        AdjacentKeys keys = new AdjacentKeys(new KeyHash(seed));
        int[] codes = new int[count];
        keys.addAll(column.kinds, data, offsets, count, codes, 0);
        assertFalse(keys.seal());
        keys.confirm(column.kinds, data, offsets, count, codes, 0);
        keys.finish(codes, count);
        assertArrayEquals(everyOne, codes);
    }

    @Property(tries = 200)
    void hashesThatAreTwiceAreFoundHoweverTheyAreChosen(@ForAll long seed, @ForAll @IntRange(max = 200) int count) {
        SplittableRandom random = new SplittableRandom(seed);
        // Some all start looking at one place of the table; zero is what stands for an empty one.
        int shift = random.nextInt(2) * 40;
        long[] hashes = random.longs(count, 0, 300).map(h -> h << shift).toArray();
        LongOpenHashSet expected = new LongOpenHashSet();
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < i; j++) {
                if (hashes[i] == hashes[j]) {
                    expected.add(hashes[i]);
                }
            }
        }
        LongOpenHashSet found = new LongOpenHashSet();
        AdjacentKeys.findShared(hashes, 0, count, new long[1024], 256, found);
        assertEquals(expected, found);
    }

    @Test
    void hashesChosenToMeetCostNoMoreThanSorting() {
        int count = 1 << 18;
        long[] hashes = new long[count];
        Arrays.setAll(hashes, i -> ((long) i + 1) << 32);
        LongOpenHashSet found = new LongOpenHashSet();
        // Looked for one by one, they would take 2^35 steps.
        AdjacentKeys.findShared(hashes, 0, count, new long[2 * count], 2 * count, found);
        assertTrue(found.isEmpty());
    }

    @Test
    void noKeysAtAllAreFine() {
        AdjacentKeys keys = new AdjacentKeys();
        keys.addAll(new int[] {-1, -2}, new byte[0], new int[3], 2, new int[2], 0);
        assertTrue(keys.seal());
        assertEquals(0, keys.size());
    }
}
