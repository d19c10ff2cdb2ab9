package io.nexusid.arrow;

/** Order and folds of instants in which {@link OutputColumn#NULL_INSTANT} stands for null. */
final class Instants {
    static final long NULL = OutputColumn.NULL_INSTANT;

    private Instants() {}

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
