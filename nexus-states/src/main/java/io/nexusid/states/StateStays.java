package io.nexusid.states;

import it.unimi.dsi.fastutil.ints.IntComparator;
import java.util.Arrays;

/**
 * Stays made from changes of state: each says that from an instant on, until its next change, a state of an entity has
 * this value. A stay is half-open, [entered, exited).
 *
 * <p>Per entity and state, in order of time:
 *
 * <ul>
 *   <li>the changes of one instant are one change: the first by event, value, number and category wins, each ascending
 *       with nulls last; the others are counted as {@link #superseded()};
 *   <li>a change without value and number ends the stay;
 *   <li>a change equal to the open stay in value, number and category changes nothing;
 *   <li>any other change ends the open stay, if there is one, and opens the next.
 * </ul>
 *
 * <p>A change may last a given time only. Its stay then ends by itself when that is over, unless a change comes before or
 * then: one that equals the open stay keeps it open for its own time from then on, which may be the shorter one. A change
 * of no time lasts until the next.
 *
 * <p>The result is the same in any order of the rows, up to the numbering of rows that are equal in everything.
 *
 * <p>Cost: one sort, O(n log n), presorted rows O(n); then one pass. Memory: 16 bytes per change and 4 per entity code
 * while computing, 20 bytes per stay afterwards. Immutable.
 */
public final class StateStays {
    /** The instant of what has not happened. */
    private static final long NEVER = Long.MIN_VALUE;

    private final int[] rows;
    private final long[] entered;
    private final long[] exited;
    private final long superseded;

    private StateStays(int[] rows, long[] entered, long[] exited, long superseded) {
        this.rows = rows;
        this.entered = entered;
        this.exited = exited;
        this.superseded = superseded;
    }

    /** Computes stays that last until the next change: see the other method of this name. */
    public static StateStays fromChanges(
            int rows,
            int[] entity,
            int[] state,
            long[] occurredAt,
            int[] valueRank,
            long[] number,
            int[] category,
            IntComparator eventOrder) {
        return fromChanges(rows, entity, state, occurredAt, valueRank, number, category, new long[rows], eventOrder);
    }

    /**
     * Computes the stays. The arrays are read and not kept.
     *
     * @param rows number of changes; the arrays may be longer
     * @param entity rank of the entity's id; negative rows (no owner) are skipped
     * @param state rank of the state's name
     * @param occurredAt epoch microseconds, never null
     * @param valueRank rank of the value, equal exactly when the values are; -1 is null
     * @param number {@link StateNumbers} bits
     * @param category 0 dimension, 1 measurement, 2 and up other categories, each its own number whatever the row order
     * @param lasts microseconds until the change ends by itself, 0 for never
     * @param eventOrder compares two rows by event id, nulls last
     * @throws IllegalArgumentException if an array is too short, an owned row has no state or no instant, or lasts for
     *     less than no time
     */
    public static StateStays fromChanges(
            int rows,
            int[] entity,
            int[] state,
            long[] occurredAt,
            int[] valueRank,
            long[] number,
            int[] category,
            long[] lasts,
            IntComparator eventOrder) {
        EntityRows.checkLength("entity", entity.length, rows);
        EntityRows.checkLength("state", state.length, rows);
        EntityRows.checkLength("occurredAt", occurredAt.length, rows);
        EntityRows.checkLength("valueRank", valueRank.length, rows);
        EntityRows.checkLength("number", number.length, rows);
        EntityRows.checkLength("category", category.length, rows);
        EntityRows.checkLength("lasts", lasts.length, rows);
        checkOwnedRows(rows, entity, state, occurredAt, lasts);
        IntComparator byTimeThenWinner = (a, b) -> {
            int order = Integer.compare(state[a], state[b]);
            if (order == 0) {
                order = Long.compare(occurredAt[a], occurredAt[b]);
            }
            return order != 0 ? order : compareWithinInstant(a, b, eventOrder, valueRank, number, category, lasts);
        };
        int[] changes = EntityRows.sorted(rows, entity, row -> entity[row] >= 0, byTimeThenWinner);
        return fromSorted(changes, entity, state, occurredAt, valueRank, number, category, lasts);
    }

    private static int compareWithinInstant(
            int a, int b, IntComparator eventOrder, int[] valueRank, long[] number, int[] category, long[] lasts) {
        int order = eventOrder.compare(a, b);
        if (order == 0) {
            order = Integer.compareUnsigned(valueRank[a], valueRank[b]); // -1, null, is the greatest unsigned
        }
        if (order == 0) {
            order = StateNumbers.compare(number[a], number[b]);
        }
        if (order == 0) {
            order = Integer.compare(category[a], category[b]);
        }
        if (order == 0) {
            order = Long.compare(lasts[a], lasts[b]);
        }
        return order != 0 ? order : Integer.compare(a, b);
    }

    /** Moves the rows that open a stay to the front of {@code changes}: never more stays than changes read. */
    private static StateStays fromSorted(
            int[] changes,
            int[] entity,
            int[] state,
            long[] occurredAt,
            int[] valueRank,
            long[] number,
            int[] category,
            long[] lasts) {
        long[] exited = new long[changes.length];
        int stays = 0;
        boolean open = false;
        long superseded = 0;
        int previous = -1;
        for (int i = 0; i < changes.length; i++) {
            int change = changes[i];
            boolean sameState = previous >= 0 && entity[previous] == entity[change] && state[previous] == state[change];
            if (sameState && occurredAt[previous] == occurredAt[change]) {
                superseded++;
                continue;
            }
            previous = change;
            long now = occurredAt[change];
            open = open && sameState && (exited[stays - 1] == NEVER || exited[stays - 1] >= now);
            boolean ends = valueRank[change] < 0 && StateNumbers.isNull(number[change]);
            if (open) {
                int opener = changes[stays - 1];
                if (valueRank[opener] == valueRank[change]
                        && number[opener] == number[change]
                        && category[opener] == category[change]) {
                    exited[stays - 1] = end(now, lasts[change]);
                    continue;
                }
                exited[stays - 1] = now;
            }
            open = !ends;
            if (open) {
                changes[stays] = change;
                exited[stays++] = end(now, lasts[change]);
            }
        }
        long[] entered = new long[stays];
        for (int i = 0; i < stays; i++) {
            entered[i] = occurredAt[changes[i]];
        }
        return new StateStays(Arrays.copyOf(changes, stays), entered, Arrays.copyOf(exited, stays), superseded);
    }

    private static long end(long from, long lasts) {
        if (lasts == 0) {
            return NEVER;
        }
        return from > Long.MAX_VALUE - lasts ? Long.MAX_VALUE : from + lasts;
    }

    private static void checkOwnedRows(int rows, int[] entity, int[] state, long[] occurredAt, long[] lasts) {
        for (int row = 0; row < rows; row++) {
            if (entity[row] >= 0 && (state[row] < 0 || occurredAt[row] == NEVER)) {
                throw new IllegalArgumentException("change " + row + " has no state or no instant");
            }
            if (lasts[row] < 0) {
                throw new IllegalArgumentException("change " + row + " lasts for " + lasts[row]);
            }
        }
    }

    /** Number of stays, sorted by (entity, state, entered). */
    public int size() {
        return rows.length;
    }

    /** The change that opened stay {@code i}: its value, number, category and trigger event are the stay's. */
    public int row(int i) {
        return rows[i];
    }

    /** The first instant of stay {@code i}, epoch microseconds. */
    public long enteredAt(int i) {
        return entered[i];
    }

    /** The first instant after stay {@code i}, epoch microseconds; {@link Long#MIN_VALUE} while it is open. */
    public long exitedAt(int i) {
        return exited[i];
    }

    /** Number of changes that lost to another one of their entity, state and instant. */
    public long superseded() {
        return superseded;
    }
}
