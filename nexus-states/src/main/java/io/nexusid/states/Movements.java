package io.nexusid.states;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a measurement moved from period to period, added up over groups of entities: what it was, what came new, what was
 * gained and lost, and what it is. In each period opening + new + gained + lost is closing, which is the next opening.
 *
 * <ul>
 *   <li>opening: the sum of all values in force just before the period;
 *   <li>new: the first value an entity ever had, if it came in the period;
 *   <li>gained and lost: all other changes, upward and downward, each change by itself. A value that vanishes, in a gap or
 *       in a row without it, is lost; on return it is gained. Lost is zero or negative;
 *   <li>closing: the sum of all values in force at the end.
 * </ul>
 *
 * <p>Read from the values, so gaps count whatever rules drew the timelines, as far as these show them. A group that
 * never has a value has no movements. Sums of doubles are made in order of entity and time, and so are the same for any
 * order of the input; closing is by definition the sum of the four, so even rounded figures add up.
 *
 * <p>Cost: one pass over the timelines, O(log periods) for each change. Memory: 32 bytes per group and period. Immutable;
 * keeps neither timelines nor codes.
 */
public final class Movements {
    private static final int NEW = 0;
    private static final int GAINED = 1;
    private static final int LOST = 2;
    private static final int CLOSING = 3;
    private static final int FIGURES = 4;

    private final int periods;
    private final NumberForm form;
    /** By group, what was there before the first period; null for a group without values. */
    private final long[] @Nullable [] figures;

    private final long[] opening;

    private Movements(Sums sums) {
        this.periods = sums.periods.size();
        this.form = sums.form;
        this.figures = sums.figures;
        this.opening = sums.opening;
        for (int group = 0; group < figures.length; group++) {
            long[] ofGroup = figures[group];
            if (ofGroup == null) {
                continue;
            }
            long sum = opening[group];
            for (int at = 0; at < ofGroup.length; at += FIGURES) {
                sum = form.plus(sum, ofGroup[at + NEW]);
                sum = form.plus(sum, ofGroup[at + GAINED]);
                sum = form.plus(sum, ofGroup[at + LOST]);
                ofGroup[at + CLOSING] = sum;
            }
        }
    }

    /**
     * Adds up the changes of one measurement.
     *
     * @param column a measurement of the timelines
     * @param groupOf by entity code, its group, such as its type; negative entities are left out
     * @param groups number of groups
     * @param form how the timelines carry numbers
     * @throws IllegalArgumentException if the column is no measurement
     * @throws ArithmeticException if an EXACT sum has more than 63 bits
     */
    public static Movements compute(
            EntityStates timelines, int column, int[] groupOf, int groups, Periods periods, NumberForm form) {
        Sums sums = new Sums(groups, periods, form);
        long before = StateNumbers.NULL;
        boolean seen = false;
        for (int row = 0; row < timelines.size(); row++) {
            int group = groupOf[timelines.entity(row)];
            if (!timelines.hasPrevious(row)) {
                before = StateNumbers.NULL;
                seen = false;
            }
            long now = timelines.number(column, row);
            if (group >= 0) {
                sums.add(group, timelines.validFrom(row), now, before, seen);
            }
            seen |= !StateNumbers.isNull(now);
            before = now;
            long end = timelines.validTo(row);
            boolean followed =
                    row + 1 < timelines.size() && timelines.hasPrevious(row + 1) && timelines.validFrom(row + 1) == end;
            if (end != Long.MIN_VALUE && !followed) {
                if (group >= 0) {
                    sums.add(group, end, StateNumbers.NULL, before, seen);
                }
                before = StateNumbers.NULL;
            }
        }
        return new Movements(sums);
    }

    /** Whether any entity of the group ever has a value; only then the figures can be asked for. */
    public boolean has(int group) {
        return figures[group] != null;
    }

    /** The sum just before the period, in the form of the numbers, as are the others. */
    public long opening(int group, int period) {
        return period == 0 ? opening[group] : figure(group, period - 1, CLOSING);
    }

    /** First values. */
    public long arrived(int group, int period) {
        return figure(group, period, NEW);
    }

    /** Changes upward. */
    public long gained(int group, int period) {
        return figure(group, period, GAINED);
    }

    /** Changes downward, not positive. */
    public long lost(int group, int period) {
        return figure(group, period, LOST);
    }

    /** The sum at the end of the period. */
    public long closing(int group, int period) {
        return figure(group, period, CLOSING);
    }

    private long figure(int group, int period, int figure) {
        long[] ofGroup = figures[group];
        if (ofGroup == null || period < 0 || period >= periods) {
            throw new IllegalArgumentException("group " + group + " has no movements in period " + period);
        }
        return ofGroup[period * FIGURES + figure];
    }

    /** The figures while they grow. */
    private static final class Sums {
        private final Periods periods;
        private final NumberForm form;
        private final long[] @Nullable [] figures;
        private final long[] opening;

        Sums(int groups, Periods periods, NumberForm form) {
            this.periods = periods;
            this.form = form;
            this.figures = new long[groups][];
            this.opening = new long[groups];
            Arrays.fill(opening, NumberForm.ZERO);
        }

        void add(int group, long instant, long now, long before, boolean seen) {
            long change = form.difference(now, before);
            if (StateNumbers.isNull(change)) {
                return;
            }
            long[] ofGroup = figures[group];
            if (ofGroup == null) {
                ofGroup = new long[periods.size() * FIGURES];
                figures[group] = ofGroup;
            }
            int period = periods.at(instant);
            if (period < 0) {
                opening[group] = form.plus(opening[group], change);
            } else if (period < periods.size()) {
                int figure = seen ? form.compare(change, NumberForm.ZERO) >= 0 ? GAINED : LOST : NEW;
                int at = period * FIGURES + figure;
                ofGroup[at] = form.plus(ofGroup[at], change);
            }
        }
    }
}
