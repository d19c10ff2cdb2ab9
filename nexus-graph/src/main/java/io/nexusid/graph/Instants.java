package io.nexusid.graph;

/** Extremes of the instants of some rows, where null is {@link Long#MIN_VALUE}. */
final class Instants {
    static final long NULL = Long.MIN_VALUE;

    private Instants() {}

    /** The least that is not null, or null. */
    static long least(int[] rows, int from, int to, long[] instant) {
        long least = instant[rows[from]];
        for (int i = from + 1; i < to; i++) {
            least = earlier(least, instant[rows[i]]);
        }
        return least;
    }

    /** The greatest, or null if all are. */
    static long greatest(int[] rows, int from, int to, long[] instant) {
        long greatest = instant[rows[from]];
        for (int i = from + 1; i < to; i++) {
            greatest = Math.max(greatest, instant[rows[i]]);
        }
        return greatest;
    }

    /** The earlier of two, a null giving way. */
    static long earlier(long a, long b) {
        return a == NULL || (b != NULL && b < a) ? b : a;
    }
}
