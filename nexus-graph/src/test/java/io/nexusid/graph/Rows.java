package io.nexusid.graph;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Random columns for the tests. */
final class Rows {
    private Rows() {}

    /** Codes below a bound, skewed to the small ones, with some nulls. */
    static int[] codes(SplittableRandom random, int rows, int bound, double nulls) {
        int[] codes = new int[rows];
        for (int i = 0; i < rows; i++) {
            double skewed = random.nextDouble() * random.nextDouble();
            codes[i] = random.nextDouble() < nulls ? -1 : (int) (skewed * bound);
        }
        return codes;
    }

    /** Few different instants, so that ties are common, and some nulls. */
    static long[] instants(SplittableRandom random, int rows) {
        long[] pool = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -5, 0, 7, 1_700_000_000_000_000L, Long.MAX_VALUE};
        long[] instants = new long[rows];
        for (int i = 0; i < rows; i++) {
            instants[i] = pool[random.nextInt(pool.length)];
        }
        return instants;
    }

    static int[] permutation(SplittableRandom random, int n) {
        int[] order = ascending(n);
        for (int i = n - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int held = order[i];
            order[i] = order[j];
            order[j] = held;
        }
        return order;
    }

    static int[] ascending(int n) {
        int[] numbers = new int[n];
        Arrays.setAll(numbers, i -> i);
        return numbers;
    }

    /** The column after its rows have been put in another order: row i is the old row order[i]. */
    static int[] reordered(int[] column, int[] order) {
        return Arrays.stream(order).map(i -> column[i]).toArray();
    }

    static long[] reordered(long[] column, int[] order) {
        return Arrays.stream(order).mapToLong(i -> column[i]).toArray();
    }
}
