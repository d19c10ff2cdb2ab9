package io.nexusid.states;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.ints.IntComparator;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import org.jspecify.annotations.Nullable;

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
 * <p>Cost: changes are brought together by entity, O(n); then one sort per entity, O(n log n), and about n where an
 * entity's changes come in order; then one pass. Memory while computing: 24 bytes per change of at most four million at a
 * time, and up to 50 per stay; 20 bytes per stay afterwards. Immutable.
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
        return fromChanges(rows, entity, state, occurredAt, valueRank, number, category, null, eventOrder);
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
     * @param lasts microseconds until the change ends by itself, 0 for never; null if none does
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
            long @Nullable [] lasts,
            IntComparator eventOrder) {
        return fromChanges(
                rows, entity, state, occurredAt, valueRank, number, NumberForm.DOUBLE, category, lasts, eventOrder);
    }

    /**
     * As {@link #fromChanges(int, int[], int[], long[], int[], long[], int[], long[], IntComparator)}.
     *
     * @param number in this form
     */
    public static StateStays fromChanges(
            int rows,
            int[] entity,
            int[] state,
            long[] occurredAt,
            int[] valueRank,
            long[] number,
            NumberForm form,
            int[] category,
            long @Nullable [] lasts,
            IntComparator eventOrder) {
        EntityRows.checkLength("entity", entity.length, rows);
        EntityRows.checkLength("state", state.length, rows);
        EntityRows.checkLength("occurredAt", occurredAt.length, rows);
        EntityRows.checkLength("valueRank", valueRank.length, rows);
        EntityRows.checkLength("number", number.length, rows);
        EntityRows.checkLength("category", category.length, rows);
        EntityRows.checkLength("lasts", lasts == null ? rows : lasts.length, rows);
        checkOwnedRows(rows, entity, state, occurredAt, lasts);
        EntityBuckets buckets = new EntityBuckets(entity, rows);
        Sweep sweep = new Sweep(buckets, rows / 2, number, form, category, lasts, eventOrder);
        while (buckets.nextSlice()) {
            load(buckets, rows, entity, state, occurredAt, valueRank);
            for (int bucket = 0; bucket < buckets.buckets(); bucket++) {
                sweep.bucket(bucket);
            }
        }
        return new StateStays(
                sweep.rows.toIntArray(), sweep.entered.toLongArray(), sweep.exited.toLongArray(), sweep.superseded);
    }

    /** Writes a record, of instant and (state, value), for each row. */
    private static void load(
            EntityBuckets buckets, int rows, int[] entity, int[] state, long[] occurredAt, int[] valueRank) {
        long[] records = buckets.records();
        for (int row = 0; row < rows; row++) {
            if (buckets.holds(entity[row])) {
                int at = buckets.place(entity[row], row);
                records[at + 1] = occurredAt[row];
                records[at + 2] = (long) state[row] << 32 | (valueRank[row] & 0xffffffffL);
            }
        }
    }

    /** Works through the entities in order; numbers, categories and lengths are read where values do not decide. */
    private static final class Sweep {
        private final EntityBuckets buckets;
        private final long[] number;
        private final NumberForm form;
        private final int[] category;
        private final long @Nullable [] lasts;
        private final IntComparator eventOrder;
        private final IntComparator byStateThenTime = this::compare;
        private long[] records = new long[0];
        private int[] scratch = new int[0];

        private final IntArrayList rows;
        private final LongArrayList entered;
        private final LongArrayList exited;
        private long superseded;

        Sweep(
                EntityBuckets buckets,
                int expected,
                long[] number,
                NumberForm form,
                int[] category,
                long @Nullable [] lasts,
                IntComparator eventOrder) {
            this.buckets = buckets;
            this.number = number;
            this.form = form;
            this.category = category;
            this.lasts = lasts;
            this.eventOrder = eventOrder;
            rows = new IntArrayList(expected);
            entered = new LongArrayList(expected);
            exited = new LongArrayList(expected);
        }

        void bucket(int bucket) {
            int size = buckets.group(bucket);
            records = buckets.records();
            int[] order = buckets.order();
            if (scratch.length < size) {
                scratch = new int[size];
            }
            System.arraycopy(order, 0, scratch, 0, size);
            int from = 0;
            for (int code = 0; from < size; code++) {
                int to = buckets.end(code);
                if (to > from) {
                    IntArrays.mergeSort(order, from, to, byStateThenTime, scratch);
                    entity(order, from, to);
                }
                from = to;
            }
        }

        private int compare(int a, int b) {
            int order = Integer.compare(state(a), state(b));
            if (order == 0) {
                order = Long.compare(records[a + 1], records[b + 1]);
            }
            return order != 0 ? order : compareWithinInstant(a, b);
        }

        private int compareWithinInstant(int a, int b) {
            int row = buckets.row(a);
            int other = buckets.row(b);
            int order = eventOrder.compare(row, other);
            if (order == 0) {
                order = Integer.compareUnsigned(value(a), value(b)); // -1, null, is the greatest unsigned
            }
            if (order == 0) {
                order = form.compare(number[row], number[other]);
            }
            if (order == 0) {
                order = Integer.compare(category[row], category[other]);
            }
            if (order == 0 && lasts != null) {
                order = Long.compare(lasts[row], lasts[other]);
            }
            return order != 0 ? order : Integer.compare(row, other);
        }

        private void entity(int[] changes, int from, int to) {
            int previous = -1;
            int opener = -1; // of the open stay, which is the last one
            for (int i = from; i < to; i++) {
                int change = changes[i];
                long now = records[change + 1];
                boolean sameState = previous >= 0 && state(previous) == state(change);
                if (sameState && records[previous + 1] == now) {
                    superseded++;
                    continue;
                }
                previous = change;
                int last = rows.size() - 1;
                if (opener >= 0 && sameState && (exited.getLong(last) == NEVER || exited.getLong(last) >= now)) {
                    if (isEqual(opener, change)) {
                        exited.set(last, end(now, change));
                        continue;
                    }
                    exited.set(last, now);
                }
                opener = ends(change) ? -1 : change;
                if (opener >= 0) {
                    rows.add(buckets.row(change));
                    entered.add(now);
                    exited.add(end(now, change));
                }
            }
        }

        private boolean isEqual(int opener, int change) {
            int row = buckets.row(opener);
            int other = buckets.row(change);
            return value(opener) == value(change) && number[row] == number[other] && category[row] == category[other];
        }

        private boolean ends(int change) {
            return value(change) < 0 && StateNumbers.isNull(number[buckets.row(change)]);
        }

        private long end(long now, int change) {
            return lasts == null ? NEVER : StateStays.end(now, lasts[buckets.row(change)]);
        }

        private int state(int at) {
            return (int) (records[at + 2] >> 32);
        }

        private int value(int at) {
            return (int) records[at + 2];
        }
    }

    private static long end(long from, long lasts) {
        if (lasts == 0) {
            return NEVER;
        }
        return from > Long.MAX_VALUE - lasts ? Long.MAX_VALUE : from + lasts;
    }

    private static void checkOwnedRows(
            int rows, int[] entity, int[] state, long[] occurredAt, long @Nullable [] lasts) {
        for (int row = 0; row < rows; row++) {
            if (entity[row] >= 0 && (state[row] < 0 || occurredAt[row] == NEVER)) {
                throw new IllegalArgumentException("change " + row + " has no state or no instant");
            }
            if (lasts != null && lasts[row] < 0) {
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
