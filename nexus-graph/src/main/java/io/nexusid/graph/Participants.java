package io.nexusid.graph;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.ints.IntComparator;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.Arrays;
import java.util.Objects;

/**
 * Who took part in what: one row for each (entity, event, role), however many identifiers of the entity the event names.
 *
 * <p>Rows that follow one another in the same group are one from the start. The rest is brought together by entity with
 * its instants, events and roles ({@link RowBuckets}); then an entity's rows are sorted by (event, role) to find the
 * groups, unless their order shows that there is one row in each, and by time for the result. Both sorts cost one pass
 * where the input is in time order, and never more than n log n for an entity with a million rows. Memory: 24 bytes a row
 * of at most four million at a time, 12 per participant kept.
 */
public final class Participants {
    private final int[] rows;
    private final long[] occurredAt;

    private Participants(int[] rows, long[] occurredAt) {
        this.rows = rows;
        this.occurredAt = occurredAt;
    }

    /**
     * Groups the rows; the result is sorted by (entity, instant, event, role), nulls last.
     *
     * @param entity by row; negative: the row is skipped
     * @param event by row; negative: null, one event of its own
     * @param roleRank by row, the rank of the role's name; negative: null
     * @param occurredAt by row; a group's instant is the least that is not null
     * @param splitByTime true if rows of different instants are different participants
     * @param eventOrder compares two event codes by the bytes of their ids
     */
    public static Participants compute(
            int rows,
            int[] entity,
            int[] event,
            int[] roleRank,
            long[] occurredAt,
            boolean splitByTime,
            IntComparator eventOrder) {
        Objects.checkFromIndexSize(0, rows, event.length);
        RowBuckets buckets = new RowBuckets(entity, rows);
        Sweep sweep = new Sweep(buckets, rows / 2, splitByTime, eventOrder);
        while (buckets.nextSlice()) {
            load(buckets, rows, entity, event, roleRank, occurredAt, splitByTime);
            for (int bucket = 0; bucket < buckets.buckets(); bucket++) {
                sweep.bucket(bucket);
            }
        }
        return new Participants(sweep.rows.toIntArray(), sweep.times.toLongArray());
    }

    /** Writes a record, of instant and (event, role), for each row but those that only repeat the last record. */
    private static void load(
            RowBuckets buckets,
            int rows,
            int[] entity,
            int[] event,
            int[] roleRank,
            long[] occurredAt,
            boolean splitByTime) {
        long[] records = buckets.records();
        int at = 0;
        int lastEntity = -1;
        long lastGroup = 0;
        for (int row = 0; row < rows; row++) {
            int code = entity[row];
            if (!buckets.holds(code)) {
                continue;
            }
            long group = RowSort.pair(event[row], roleRank[row]);
            long time = RowSort.nullsLast(occurredAt[row]);
            if (code == lastEntity && group == lastGroup && !(splitByTime && records[at + 1] != time)) {
                if (Long.compareUnsigned(time, records[at + 1]) < 0) {
                    records[at + 1] = time;
                }
                continue;
            }
            at = buckets.place(code, row);
            records[at + 1] = time;
            records[at + 2] = group;
            lastEntity = code;
            lastGroup = group;
        }
    }

    /** How many participants there are. */
    public int size() {
        return rows.length;
    }

    /** The smallest row number of the group. */
    public int row(int i) {
        return rows[i];
    }

    /** The group's instant, or {@link Long#MIN_VALUE}. */
    public long occurredAt(int i) {
        return occurredAt[i];
    }

    /** Works through the entities in order. */
    private static final class Sweep {
        private final RowBuckets buckets;
        private final boolean splitByTime;
        private final IntComparator eventOrder;
        private final KeySort keySort = new KeySort();
        private long[] records = new long[0];
        /** Of the entity at hand: the places of its records, and what they are sorted by. */
        private int[] mine = new int[16];

        private long[] keys = new long[16];
        private final IntArrayList rows;
        private final LongArrayList times;

        Sweep(RowBuckets buckets, int expected, boolean splitByTime, IntComparator eventOrder) {
            this.buckets = buckets;
            this.splitByTime = splitByTime;
            rows = new IntArrayList(expected);
            times = new LongArrayList(expected);
            this.eventOrder = eventOrder;
        }

        void bucket(int bucket) {
            int size = buckets.group(bucket);
            records = buckets.records();
            int from = 0;
            for (int code = 0; from < size; code++) {
                int to = buckets.end(code);
                if (to > from) {
                    entity(from, to);
                }
                from = to;
            }
        }

        private void entity(int from, int to) {
            int n = to - from;
            if (mine.length < n) {
                mine = new int[n + n / 2];
                keys = new long[mine.length];
            }
            System.arraycopy(buckets.order(), from, mine, 0, n);
            emitInTimeOrder(eachAlone(n) ? loadTimes(n) : collapse(n));
        }

        /** Whether (event, role) ascends, as it does where events are numbered as they come and each is named once. */
        private boolean eachAlone(int n) {
            for (int i = 1; i < n; i++) {
                if (Long.compareUnsigned(records[mine[i - 1] + 2], records[mine[i] + 2]) >= 0) {
                    return false;
                }
            }
            return true;
        }

        private int loadTimes(int n) {
            for (int i = 0; i < n; i++) {
                keys[i] = records[mine[i] + 1];
            }
            return n;
        }

        /** Leaves the first record of each group in mine and its instant in keys; returns how many groups there are. */
        private int collapse(int n) {
            if (splitByTime) {
                keySort.sort(keys, mine, 0, loadTimes(n));
            }
            for (int i = 0; i < n; i++) {
                keys[i] = records[mine[i] + 2];
            }
            keySort.sort(keys, mine, 0, n);
            int groups = 0;
            int start = 0;
            long least = records[mine[0] + 1];
            for (int i = 1; i <= n; i++) {
                long time = i < n ? records[mine[i] + 1] : 0;
                if (i < n && keys[i] == keys[start] && !(splitByTime && time != least)) {
                    least = Long.compareUnsigned(time, least) < 0 ? time : least;
                    continue;
                }
                mine[groups] = mine[start];
                // Behind the read position: start >= groups, and keys[i], the next group's, is still to come.
                keys[groups++] = least;
                least = time;
                start = i;
            }
            return groups;
        }

        private void emitInTimeOrder(int groups) {
            keySort.sort(keys, mine, 0, groups);
            int start = 0;
            for (int i = 1; i <= groups; i++) {
                if (i == groups || keys[i] != keys[start]) {
                    sortTies(start, i);
                    long time = keys[start] - Long.MAX_VALUE;
                    for (int j = start; j < i; j++) {
                        rows.add(buckets.row(mine[j]));
                        times.add(time);
                    }
                    start = i;
                }
            }
        }

        private void sortTies(int from, int to) {
            int n = to - from;
            if (n == 2) {
                if (byEventThenRole(mine[from], mine[from + 1]) > 0) {
                    int first = mine[from];
                    mine[from] = mine[from + 1];
                    mine[from + 1] = first;
                }
            } else if (n > 2) {
                int[] ties = Arrays.copyOfRange(mine, from, to);
                IntArrays.mergeSort(ties, this::byEventThenRole);
                System.arraycopy(ties, 0, mine, from, n);
            }
        }

        private int byEventThenRole(int a, int b) {
            int left = (int) (records[a + 2] >>> 32);
            int right = (int) (records[b + 2] >>> 32);
            if (left != right) {
                int order =
                        left < 0 || right < 0 ? Integer.compareUnsigned(left, right) : eventOrder.compare(left, right);
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compareUnsigned((int) records[a + 2], (int) records[b + 2]);
        }
    }
}
