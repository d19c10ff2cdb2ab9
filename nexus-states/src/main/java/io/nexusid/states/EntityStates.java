package io.nexusid.states;

import io.nexusid.api.AsOfTie;
import io.nexusid.api.DeltaMode;
import io.nexusid.api.GapMode;
import it.unimi.dsi.fastutil.ints.IntComparator;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;

/**
 * The timeline of every entity as one wide table (SCD2): a row per change point, saying which stay of each state is in
 * force from then on.
 *
 * <p>The rules:
 *
 * <ul>
 *   <li>The change points of an entity are the instants at which any of its stays is entered or exited, also of stays
 *       that are empty, absent or shown in no column.
 *   <li>A stay is active in [entered, exited) if it is present; one exited at or before its entry never is. Of the
 *       active stays of a state the latest entered is in force, between equals the first by {@code tie}; an earlier
 *       one resurfaces if it outlasts the later.
 *   <li>A change point has a row if any stay is active. Rows that show the same as the one before are kept, unless
 *       {@link TimelineRules#coalesceUnchanged} says otherwise.
 *   <li>A row is valid until the next row of its entity, and is current if there is none, except as follows.
 * </ul>
 *
 * <p>A gap is a time between two change points, or after the last, in which no stay is active, after one was:
 *
 * <table>
 * <caption>What the two modes make of a gap</caption>
 * <tr><th>gaps</th><th>deltas</th><th>rows</th><th>deltas on return</th></tr>
 * <tr><td>CLOSE</td><td>CONSERVING</td><td>the row before ends where the gap starts; if a measurement held a number
 *     then, the gap has a row of its own: no stay in any column, each lost number as a negative delta, never
 *     current</td><td>the whole value</td></tr>
 * <tr><td>CLOSE</td><td>COMPAT</td><td>the row before ends where the gap starts</td>
 *     <td>the difference to the row before the gap, as in the reference</td></tr>
 * <tr><td>COMPAT</td><td>either</td><td>the row before runs on until the next one, or stays current</td>
 *     <td>the difference to that row, whose value the table shows throughout the gap</td></tr>
 * </table>
 *
 * <p>A delta is the measurement less that of the previous row, null counted as zero. CONSERVING: null only if both are
 * null, so the deltas of an entity up to an instant add up to the value the table shows then. COMPAT: null whenever
 * the measurement is. Differences of doubles are rounded as doubles are; those of EXACT numbers are exact. NaN and
 * infinite numbers are {@link StayChecks}' to set aside; here the delta to and from them is NaN or infinite.
 *
 * <p>Cost: two sorts, O(n log n) comparisons, about n for stays that come sorted by entity and entry; then one sweep,
 * O(n) however stays overlap. Columns cost nothing per row while sweeping. {@link #stay} and {@link #delta} are O(1).
 * At most two rows per stay come out; with stays that follow one another, about one. Memory while computing, beside
 * the result: 28 bytes per stay where stays follow one another, up to 44 where they leave gaps (half as much again while
 * a list grows), 4 per entity code, 8 per state code. Memory of the result: 20 bytes per row, and per column 1.5 bits
 * per row and 4 bytes for each change of its stay, 12 in a measurement.
 *
 * <p>Immutable, and safe for use by many threads. The input arrays are not kept.
 */
public final class EntityStates {
    private static final long NEVER = Long.MIN_VALUE;

    private final int[] entity;
    private final long[] validFrom;
    private final long[] validTo;
    private final BitSet gapRows;
    private final ColumnRuns[] columns;
    private final TimelineRules rules;

    /** Takes over its arguments. */
    EntityStates(
            int[] entity, long[] validFrom, long[] validTo, BitSet gapRows, ColumnRuns[] columns, TimelineRules rules) {
        this.entity = entity;
        this.validFrom = validFrom;
        this.validTo = validTo;
        this.gapRows = gapRows;
        this.columns = columns;
        this.rules = rules;
    }

    /** Computes timelines of doubles with a row for every change point: see the other method of this name. */
    public static EntityStates compute(
            int rows,
            int[] entity,
            int[] state,
            int[] column,
            boolean[] measurement,
            long[] enteredAt,
            long[] exitedAt,
            boolean[] present,
            long[] number,
            IntComparator tie,
            GapMode gaps,
            DeltaMode deltas) {
        return compute(
                rows,
                entity,
                state,
                column,
                measurement,
                enteredAt,
                exitedAt,
                present,
                new int[0],
                number,
                tie,
                TimelineRules.of(gaps, deltas));
    }

    /**
     * Computes the timelines.
     *
     * @param rows number of stays; the arrays by stay may be longer
     * @param entity rank of the entity's id; negative rows are ignored
     * @param state rank of the state's name
     * @param column the output column of the stay's state, -1 for a stay that is shown in none: it makes change points,
     *     and counts as active. A column belongs to one state. Within a state the stay in force decides: if its column
     *     is -1, the state's column is empty meanwhile
     * @param measurement per output column, whether it is a measurement and so has deltas
     * @param enteredAt epoch microseconds; {@link Long#MIN_VALUE} is null, and the row is ignored
     * @param exitedAt epoch microseconds; {@link Long#MIN_VALUE} is null, the stay is open
     * @param present whether the stay has a value or a number; one that has none is never active
     * @param value code of the value, equal exactly when the values are, -1 for null; read only where unchanged rows are
     *     left out, and may be empty otherwise
     * @param number numbers in the form the rules name, read for measurements
     * @param tie order of the stays of one entity, state and entry; the first wins. Of equal ones a shown one wins,
     *     then the one that lasts longer, so that the order of the rows does not matter
     * @throws IllegalArgumentException if an array is too short, a code is out of range, or a column is given to two
     *     states
     * @throws ArithmeticException if an EXACT number is too large
     */
    public static EntityStates compute(
            int rows,
            int[] entity,
            int[] state,
            int[] column,
            boolean[] measurement,
            long[] enteredAt,
            long[] exitedAt,
            boolean[] present,
            int[] value,
            long[] number,
            IntComparator tie,
            TimelineRules rules) {
        EntityRows.checkLength("entity", entity.length, rows);
        EntityRows.checkLength("state", state.length, rows);
        EntityRows.checkLength("column", column.length, rows);
        EntityRows.checkLength("enteredAt", enteredAt.length, rows);
        EntityRows.checkLength("exitedAt", exitedAt.length, rows);
        EntityRows.checkLength("present", present.length, rows);
        EntityRows.checkLength("number", number.length, rows);
        EntityRows.checkLength("value", value.length, rules.coalesceUnchanged() ? rows : 0);
        checkCodes(rows, entity, state, column, measurement.length);
        if (rules.numbers() == NumberForm.EXACT) {
            for (int row = 0; row < rows; row++) {
                if (!StateNumbers.isNull(number[row])) {
                    NumberForm.exact(number[row]);
                }
            }
        }
        return new TimelineSweep(
                        rows,
                        entity,
                        state,
                        column,
                        measurement,
                        enteredAt,
                        exitedAt,
                        present,
                        value,
                        number,
                        tie,
                        rules)
                .run();
    }

    private static void checkCodes(int rows, int[] entity, int[] state, int[] column, int columns) {
        int[] stateOf = new int[columns];
        Arrays.fill(stateOf, -1);
        for (int row = 0; row < rows; row++) {
            if (entity[row] < 0) {
                continue;
            }
            if (state[row] < 0) {
                throw new IllegalArgumentException("stay " + row + " has no state");
            }
            int shownIn = column[row];
            if (shownIn < -1 || shownIn >= columns) {
                throw new IllegalArgumentException("stay " + row + " has column " + shownIn + " of " + columns);
            }
            if (shownIn >= 0) {
                if (stateOf[shownIn] >= 0 && stateOf[shownIn] != state[row]) {
                    throw new IllegalArgumentException(
                            "column " + shownIn + " is given to states " + stateOf[shownIn] + " and " + state[row]);
                }
                stateOf[shownIn] = state[row];
            }
        }
    }

    /** Number of rows, sorted by (entity, valid from). */
    public int size() {
        return entity.length;
    }

    /** The entity of row {@code i}. */
    public int entity(int i) {
        return entity[i];
    }

    /** The first instant of row {@code i}, epoch microseconds. */
    public long validFrom(int i) {
        return validFrom[i];
    }

    /** The first instant after row {@code i}, epoch microseconds; {@link Long#MIN_VALUE} if it has no end. */
    public long validTo(int i) {
        return validTo[i];
    }

    /** Whether row {@code i} has no end and is no gap; at most one row of an entity is current. */
    public boolean isCurrent(int i) {
        return validTo[i] == NEVER && !gapRows.get(i);
    }

    /** Whether row {@code i} only records what a gap has taken away: no state is held while it is valid. */
    public boolean isGap(int i) {
        Objects.checkIndex(i, entity.length);
        return gapRows.get(i);
    }

    /** Whether the entity of row {@code i} has an earlier row, which is row {@code i - 1} then. */
    public boolean hasPrevious(int i) {
        return i > 0 && entity[i - 1] == entity[i];
    }

    /** The stay in force in this column of row {@code i}, as a row number of the input; -1 for none. */
    public int stay(int column, int i) {
        Objects.checkIndex(i, entity.length);
        return columns[column].stay(i);
    }

    /**
     * What this measurement is in row {@code i}, in the form of the numbers; null if no stay is in force.
     *
     * @throws IllegalArgumentException if the column is no measurement
     */
    public long number(int column, int i) {
        Objects.checkIndex(i, entity.length);
        return columns[column].number(i);
    }

    /**
     * The row that says what the entity is at an instant, -1 if it holds no state then. O(log n).
     *
     * @param tie which of two rows that touch at the instant
     */
    public int rowAt(int entityCode, long instant, AsOfTie tie) {
        int low = 0;
        int high = entity.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean before = entity[middle] < entityCode
                    || (entity[middle] == entityCode && tie.hasBegun(validFrom[middle], instant));
            if (before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int row = low - 1;
        return row >= 0 && entity[row] == entityCode && holdsStates(row, instant, tie) ? row : -1;
    }

    /** By entity code its first row, and one past the greatest code the number of rows. */
    int[] firstRows() {
        int codes = entity.length == 0 ? 0 : entity[entity.length - 1] + 1;
        int[] first = new int[codes + 1];
        int code = 0;
        for (int row = 0; row < entity.length; row++) {
            while (code <= entity[row]) {
                first[code++] = row;
            }
        }
        first[codes] = entity.length;
        return first;
    }

    /** Whether a row that has begun by an instant says what the entity is then. */
    boolean holdsStates(int row, long instant, AsOfTie tie) {
        return (validTo[row] == NEVER || !tie.hasBegun(validTo[row], instant)) && !gapRows.get(row);
    }

    /**
     * What this measurement gained since the previous row, in the form of the numbers.
     *
     * @throws IllegalArgumentException if the column is no measurement
     */
    public long delta(int column, int i) {
        return columns[column].change(i, hasPrevious(i), rules);
    }
}
