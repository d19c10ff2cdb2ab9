package io.nexusid.benchmarks;

import java.util.Arrays;

/** What every benchmark asks of its contenders before any time is taken. */
final class Agreement {
    private Agreement() {}

    /** Fails unless a contender's result is the one expected. */
    static void check(String contender, long[] expected, long[] actual) {
        int at = Arrays.mismatch(expected, actual);
        if (at >= 0) {
            throw new IllegalStateException(
                    contender + " differs at " + at + " (" + expected.length + " and " + actual.length + " values)");
        }
    }

    /** Fails unless a contender's result is the one expected. */
    static void check(String contender, int[] expected, int[] actual) {
        check(contender, longs(expected), longs(actual));
    }

    static long[] longs(int[] values) {
        long[] out = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = values[i];
        }
        return out;
    }
}
