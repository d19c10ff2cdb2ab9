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
     * @param eventOrder compares two rows by event id, nulls last
     * @throws IllegalArgumentException if an array is too short, or an owned row has no state or no instant
     */
    public static StateStays fromChanges(
            int rows,
            int[] entity,
            int[] state,
            long[] occurredAt,
            int[] valueRank,
            long[] number,
            int[] category,
            IntComparator eventOrder) {
        EntityRows.checkLength("entity", entity.length, rows);
        EntityRows.checkLength("state", state.length, rows);
        EntityRows.checkLength("occurredAt", occurredAt.length, rows);
        EntityRows.checkLength("valueRank", valueRank.length, rows);
        EntityRows.checkLength("number", number.length, rows);
        EntityRows.checkLength("category", category.length, rows);
        checkOwnedRows(rows, entity, state, occurredAt);
        IntComparator byTimeThenWinner = (a, b) -> {
            int order = Integer.compare(state[a], state[b]);
            if (order == 0) {
                order = Long.compare(occurredAt[a], occurredAt[b]);
            }
            return order != 0 ? order : compareWithinInstant(a, b, eventOrder, valueRank, number, category);
        };
        int[] changes = EntityRows.sorted(rows, entity, row -> entity[row] >= 0, byTimeThenWinner);
        return fromSorted(changes, entity, state, occurredAt, valueRank, number, category);
    }

    private static int compareWithinInstant(
            int a, int b, IntComparator eventOrder, int[] valueRank, long[] number, int[] category) {
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
            int[] category) {
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
            open &= sameState;
            boolean ends = valueRank[change] < 0 && StateNumbers.isNull(number[change]);
            if (open) {
                int opener = changes[stays - 1];
                if (valueRank[opener] == valueRank[change]
                        && number[opener] == number[change]
                        && category[opener] == category[change]) {
                    continue;
                }
                exited[stays - 1] = occurredAt[change];
            }
            open = !ends;
            if (open) {
                changes[stays] = change;
                exited[stays++] = NEVER;
            }
        }
        long[] entered = new long[stays];
        for (int i = 0; i < stays; i++) {
            entered[i] = occurredAt[changes[i]];
        }
        return new StateStays(Arrays.copyOf(changes, stays), entered, Arrays.copyOf(exited, stays), superseded);
    }

    private static void checkOwnedRows(int rows, int[] entity, int[] state, long[] occurredAt) {
        for (int row = 0; row < rows; row++) {
            if (entity[row] >= 0 && (state[row] < 0 || occurredAt[row] == NEVER)) {
                throw new IllegalArgumentException("change " + row + " has no state or no instant");
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
