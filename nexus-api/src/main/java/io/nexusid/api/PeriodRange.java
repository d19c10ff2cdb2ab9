package io.nexusid.api;

import java.time.Instant;

/**
 * The periods of UTC's calendar that snapshots and movements are made for: all that have an instant in [from, to).
 *
 * @param unit how long a period is
 * @param from the first instant
 * @param to the first instant after
 */
public record PeriodRange(Unit unit, Instant from, Instant to) {
    /** The length of a period. */
    public enum Unit {
        /** From midnight to midnight. */
        DAY,
        /** ISO weeks, from Monday on. */
        WEEK,
        /** Calendar months. */
        MONTH
    }

    /** Checks that the range is not empty. */
    public PeriodRange {
        if (!from.isBefore(to)) {
            throw new NexusConfigException("/periods/to", "is not after from");
        }
    }
}
