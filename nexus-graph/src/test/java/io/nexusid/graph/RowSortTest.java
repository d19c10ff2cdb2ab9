package io.nexusid.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RowSortTest {
    private static int[] sorted(int[] rows, int from, int to, Comparator<Integer> order) {
        int[] expected = rows.clone();
        int[] part = Arrays.stream(rows, from, to)
                .boxed()
                .sorted(order)
                .mapToInt(i -> i)
                .toArray();
        System.arraycopy(part, 0, expected, from, part.length);
        return expected;
    }

    @Property(tries = 300)
    void intsSortStablyWithNullsLast(
            @ForAll long seed, @ForAll @IntRange(max = 3000) int n, @ForAll @IntRange(min = 1) int bound) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] keys = Rows.codes(random, n, bound, 0.1);
        int[] rows = Rows.permutation(random, n);
        int from = random.nextInt(n + 1);
        int to = from + random.nextInt(n - from + 1);
        Comparator<Integer> byKey =
                Comparator.comparing((Integer row) -> keys[row] < 0).thenComparing(row -> keys[row]);
        int[] expected = sorted(rows, from, to, byKey);
        RowSort.sort(rows, from, to, keys);
        assertArrayEquals(expected, rows);
    }

    @Property(tries = 300)
    void longsSortStablyWithNullsLast(@ForAll long seed, @ForAll @IntRange(max = 3000) int n) {
        SplittableRandom random = new SplittableRandom(seed);
        int width = random.nextInt(65);
        long[] keys = Rows.instants(random, n);
        for (int i = 0; i < n; i++) {
            if (random.nextInt(3) > 0) {
                keys[i] = width == 0 ? 3 : random.nextLong() >> (64 - width);
            }
        }
        int[] rows = Rows.permutation(random, n);
        int from = random.nextInt(n + 1);
        int to = from + random.nextInt(n - from + 1);
        Comparator<Integer> byKey = Comparator.comparing((Integer row) -> keys[row] == Long.MIN_VALUE)
                .thenComparing(row -> keys[row]);
        int[] expected = sorted(rows, from, to, byKey);
        RowSort.sortByLong(rows, from, to, keys);
        assertArrayEquals(expected, rows);
    }

    @Test
    void aLongStretchOfMicrosecondsSorts() {
        SplittableRandom random = new SplittableRandom(5);
        int n = 200_000;
        long[] keys =
                random.longs(n, 1_600_000_000_000_000L, 1_700_000_000_000_000L).toArray();
        int[] rows = Rows.ascending(n);
        RowSort.sortByLong(rows, 0, n, keys);
        long[] expected = keys.clone();
        Arrays.sort(expected);
        assertArrayEquals(expected, Rows.reordered(keys, rows));
    }

    @Test
    void rowsOfOneGroupKeepTheirOrderAndNullsAreLeftOut() {
        RowGroups groups = RowGroups.of(new int[] {2, -1, 0, 2, -7, 0, 9}, 6);
        assertEquals(3, groups.groups());
        assertArrayEquals(new int[] {2, 5, 0, 3}, groups.rows());
        assertEquals(2, groups.from(1));
        assertEquals(2, groups.to(1));
        assertEquals(2, groups.largest());
    }
}
