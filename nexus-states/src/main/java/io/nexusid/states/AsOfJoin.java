package io.nexusid.states;

import io.nexusid.api.AsOfTie;
import java.util.Arrays;

/**
 * Events joined to the states of those who took part: for each (entity, instant) the row of the entity's timeline that
 * says what it was then. Instants before the first row, after the last or in a gap have none.
 *
 * <p>Rows that come by entity and in order of time move one cursor along the timelines, in steps that double where it has
 * far to go: O(n + m). A row that steps back in time is found by binary search in its entity's rows. Rows whose entities
 * jump about are brought together by entity first ({@link EntityBuckets}), so that an entity's rows are looked at while they
 * are in the cache. Any order gives the same answer, in O(n log m) at worst. Memory: 4 bytes per row for the result;
 * while computing 4 per entity code, and 24 per row of at most four million at a time where entities jump about.
 * Immutable; the input arrays are not kept.
 */
public final class AsOfJoin {
    private static final int NONE = -1;

    private final int[] states;
    private final int matched;

    private AsOfJoin(int[] states, int matched) {
        this.states = states;
        this.matched = matched;
    }

    /**
     * Joins the rows.
     *
     * @param rows number of rows; the arrays may be longer
     * @param entity code as in the timelines; negative rows have no state
     * @param occurredAt epoch microseconds; {@link Long#MIN_VALUE} is null, and the row has no state
     * @param tie which state is seen at the instant of a change
     * @param from first instant to join; rows before it have no state
     * @param to first instant not to join; {@link Long#MAX_VALUE} for no end
     * @throws IllegalArgumentException if an array is too short
     */
    public static AsOfJoin compute(
            int rows, int[] entity, long[] occurredAt, EntityStates timelines, AsOfTie tie, long from, long to) {
        EntityRows.checkLength("entity", entity.length, rows);
        EntityRows.checkLength("occurredAt", occurredAt.length, rows);
        Join join = new Join(rows, timelines, tie, from, to);
        if (jumpsAbout(rows, entity)) {
            join.byEntity(rows, entity, occurredAt);
        } else {
            for (int row = 0; row < rows; row++) {
                join.row(row, entity[row], occurredAt[row]);
            }
        }
        return new AsOfJoin(join.states, join.matched);
    }

    /** Whether more than one row in sixteen belongs to an entity that comes before that of the row before. */
    private static boolean jumpsAbout(int rows, int[] entity) {
        int backwards = 0;
        for (int row = 1; row < rows; row++) {
            backwards += entity[row] < entity[row - 1] ? 1 : 0;
        }
        return backwards > rows >>> 4;
    }

    /** The row of the timelines that this row of the input sees, -1 for none. */
    public int state(int row) {
        return states[row];
    }

    /** Number of rows that have a state. */
    public int matched() {
        return matched;
    }

    /** Looks up one row after the other. */
    private static final class Join {
        private final int[] firstRow;
        private final int[] states;
        private final Cursor cursor;
        private final long from;
        private final long to;
        private int at = NONE;
        private int matched;

        Join(int rows, EntityStates timelines, AsOfTie tie, long from, long to) {
            this.from = from;
            this.to = to;
            firstRow = timelines.firstRows();
            states = new int[rows];
            Arrays.fill(states, NONE);
            cursor = new Cursor(timelines, tie);
        }

        void byEntity(int rows, int[] entity, long[] occurredAt) {
            EntityBuckets buckets = new EntityBuckets(entity, rows);
            while (buckets.nextSlice()) {
                long[] records = buckets.records();
                for (int row = 0; row < rows; row++) {
                    if (buckets.holds(entity[row])) {
                        int place = buckets.place(entity[row], row);
                        records[place + 1] = occurredAt[row];
                        records[place + 2] = entity[row];
                    }
                }
                for (int bucket = 0; bucket < buckets.buckets(); bucket++) {
                    int size = buckets.group(bucket);
                    int[] order = buckets.order();
                    for (int i = 0; i < size; i++) {
                        int place = order[i];
                        row(buckets.row(place), (int) records[place + 2], records[place + 1]);
                    }
                }
            }
        }

        void row(int row, int code, long instant) {
            boolean wanted = instant >= from && (instant < to || to == Long.MAX_VALUE) && instant != Long.MIN_VALUE;
            if (code < 0 || code >= firstRow.length - 1 || !wanted) {
                return;
            }
            if (code != at) {
                cursor.enter(firstRow[code], firstRow[code + 1]);
                at = code;
            }
            int state = cursor.seek(instant);
            if (state != NONE) {
                states[row] = state;
                matched++;
            }
        }
    }

    /** A place in one entity's timeline. */
    private static final class Cursor {
        private final EntityStates timelines;
        private final AsOfTie tie;
        private int first;
        private int end;
        /** The first row that has not begun at the last instant. */
        private int next;

        private long last;

        Cursor(EntityStates timelines, AsOfTie tie) {
            this.timelines = timelines;
            this.tie = tie;
        }

        void enter(int firstRow, int endRow) {
            first = firstRow;
            end = endRow;
            next = firstRow;
            last = Long.MIN_VALUE;
        }

        int seek(long instant) {
            if (instant >= last) {
                gallop(instant);
            } else {
                search(first, next, instant);
            }
            last = instant;
            return next > first && timelines.holdsStates(next - 1, instant, tie) ? next - 1 : NONE;
        }

        private void gallop(long instant) {
            for (int step = 1; next < end && hasBegun(next, instant); step *= 2) {
                int far = Math.min(end - 1, next + step);
                if (!hasBegun(far, instant)) {
                    search(next + 1, far, instant);
                    return;
                }
                next = far + 1;
            }
        }

        private void search(int from, int to, long instant) {
            int low = from;
            int high = to;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (hasBegun(middle, instant)) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            next = low;
        }

        private boolean hasBegun(int row, long instant) {
            return tie.hasBegun(timelines.validFrom(row), instant);
        }
    }
}
