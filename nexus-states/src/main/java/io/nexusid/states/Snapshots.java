package io.nexusid.states;

import java.util.Objects;

/**
 * What each entity was at the end of each period: a row for every entity and period with a state in force one
 * microsecond before the period's end. Entities without a state then have no row.
 *
 * <p>The rows are not made but counted: those that a row of the timeline gives are one stretch of periods, so 4 bytes per
 * row of the timeline hold a table of any length, and a row is found by binary search, O(log n). Sorted by (entity,
 * period). Immutable; keeps the timelines it is made from.
 */
public final class Snapshots {
    private final EntityStates timelines;
    private final Periods periods;
    /** By row of the timelines, how many snapshots come before its own. */
    private final int[] before;

    private Snapshots(EntityStates timelines, Periods periods, int[] before) {
        this.timelines = timelines;
        this.periods = periods;
        this.before = before;
    }

    /**
     * Counts the snapshots.
     *
     * @param most greatest number of rows allowed
     * @throws IllegalArgumentException if there would be more
     */
    public static Snapshots of(EntityStates timelines, Periods periods, int most) {
        int[] before = new int[timelines.size() + 1];
        long rows = 0;
        for (int row = 0; row < timelines.size(); row++) {
            before[row] = (int) rows;
            rows += timelines.isGap(row) ? 0 : end(timelines, periods, row) - first(timelines, periods, row);
            if (rows > most) {
                throw new IllegalArgumentException(
                        "more than " + most + " snapshots; choose a shorter range or longer periods");
            }
        }
        before[timelines.size()] = (int) rows;
        return new Snapshots(timelines, periods, before);
    }

    /** The first period that ends while this row holds, that is at or after from + 1 µs. */
    private static int first(EntityStates timelines, Periods periods, int row) {
        return periods.endedBy(timelines.validFrom(row));
    }

    private static int end(EntityStates timelines, Periods periods, int row) {
        long to = timelines.validTo(row);
        return to == Long.MIN_VALUE ? periods.size() : periods.endedBy(to);
    }

    /** Number of snapshots. */
    public int size() {
        return before[before.length - 1];
    }

    /** The row of the timelines that snapshot {@code i} shows. */
    public int state(int i) {
        Objects.checkIndex(i, size());
        int low = 0;
        int high = before.length - 1;
        // The last row with before <= i; rows without snapshots share the number of the next.
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (before[middle] <= i) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The period of snapshot {@code i}. */
    public int period(int i) {
        int row = state(i);
        return first(timelines, periods, row) + i - before[row];
    }
}
