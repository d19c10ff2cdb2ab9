package io.nexusid.arrow;

import java.time.Instant;

/** Order and folds of instants in which {@link OutputColumn#NULL_INSTANT} stands for null. */
final class Instants {
    static final long NULL = OutputColumn.NULL_INSTANT;

    private static final long MICROS = 1_000_000;

    private Instants() {}

    /** Microseconds since 1970, rounded down; the first or the last that there are for an instant beyond them. */
    static long micros(Instant instant) {
        try {
            long seconds = Math.multiplyExact(instant.getEpochSecond(), MICROS);
            return Math.max(NULL + 1, Math.addExact(seconds, instant.getNano() / 1_000L));
        } catch (ArithmeticException e) {
            return instant.getEpochSecond() < 0 ? NULL + 1 : Long.MAX_VALUE;
        }
    }

    /** Ascending, null last. */
    static int compare(long a, long b) {
        if (a == NULL || b == NULL) {
            return Boolean.compare(a == NULL, b == NULL);
        }
        return Long.compare(a, b);
    }

    /** The earlier one that is not null. */
    static long min(long a, long b) {
        if (a == NULL) {
            return b;
        }
        return b == NULL ? a : Math.min(a, b);
    }

    /** The later one that is not null: null is the smallest long. */
    static long max(long a, long b) {
        return Math.max(a, b);
    }
}
