package io.nexusid.states;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;

/**
 * Calendar periods in UTC that follow one another without gaps, each half-open. Memory: 8 bytes per period. Immutable.
 */
public final class Periods {
    private static final long MICROS_A_SECOND = 1_000_000L;
    private static final int MOST = 1_000_000;
    private static final int FARTHEST_YEAR = 9999;

    /** The length of a period. */
    public enum Unit {
        /** From midnight to midnight. */
        DAY,
        /** ISO weeks, from Monday on. */
        WEEK,
        /** Calendar months. */
        MONTH;

        private LocalDate floor(LocalDate date) {
            return switch (this) {
                case DAY -> date;
                case WEEK -> date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                case MONTH -> date.withDayOfMonth(1);
            };
        }

        private LocalDate next(LocalDate date) {
            return switch (this) {
                case DAY -> date.plusDays(1);
                case WEEK -> date.plusWeeks(1);
                case MONTH -> date.plusMonths(1);
            };
        }
    }

    /** The first instant of each period, and the first after the last. */
    private final long[] bounds;

    private Periods(long[] bounds) {
        this.bounds = bounds;
    }

    /**
     * The periods that have an instant in [from, to).
     *
     * @param from epoch microseconds
     * @param to epoch microseconds
     * @throws IllegalArgumentException if there is none, there are more than a million, or a year has five digits
     */
    public static Periods covering(Unit unit, long from, long to) {
        if (from >= to) {
            throw new IllegalArgumentException("the range of periods is empty: from " + from + " to " + to);
        }
        LocalDate last = dateOf(to - 1);
        LocalDate start = unit.floor(dateOf(from));
        if (start.getYear() < -FARTHEST_YEAR || last.getYear() > FARTHEST_YEAR) {
            throw new IllegalArgumentException("periods from " + start + " to " + last + " are none of a calendar");
        }
        long[] bounds = new long[16];
        int count = 0;
        while (!start.isAfter(last)) {
            if (count == MOST) {
                throw new IllegalArgumentException("more than " + MOST + " periods of a " + unit);
            }
            if (count + 1 == bounds.length) {
                bounds = Arrays.copyOf(bounds, 2 * count + 2);
            }
            bounds[count++] = micros(start);
            start = unit.next(start);
        }
        bounds[count] = micros(start);
        return new Periods(Arrays.copyOf(bounds, count + 1));
    }

    private static LocalDate dateOf(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS_A_SECOND))
                .atOffset(ZoneOffset.UTC)
                .toLocalDate();
    }

    private static long micros(LocalDate date) {
        return Math.multiplyExact(date.atStartOfDay().toEpochSecond(ZoneOffset.UTC), MICROS_A_SECOND);
    }

    /** How many periods there are, at least one. */
    public int size() {
        return bounds.length - 1;
    }

    /** The first instant of a period, epoch microseconds. */
    public long start(int period) {
        return bounds[period];
    }

    /** The first instant after a period, epoch microseconds. */
    public long end(int period) {
        return bounds[period + 1];
    }

    /** The period an instant is in; -1 before the first, {@link #size} after the last. O(log n). */
    public int at(long instant) {
        int found = Arrays.binarySearch(bounds, instant);
        return found >= 0 ? found : -found - 2;
    }

    /** How many periods end at or before an instant, those before the first not counted. */
    int endedBy(long instant) {
        return Math.min(Math.max(at(instant), 0), size());
    }
}
