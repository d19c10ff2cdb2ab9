package io.nexusid.graph;

import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.ints.IntComparator;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.Arrays;
import java.util.Objects;

/**
 * Who took part in what: one row for each (entity, event, role), however many identifiers of the entity the event names.
 *
 * <p>One counting sort by entity, then two sorts of each entity's rows: by (event, role) to find the groups, by time for
 * the result. Both cost one pass where the input is in time order, and never more than n log n for an entity with a
 * million rows. 4 bytes per row and per entity while computing, 12 per participant kept.
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
        RowGroups groups = RowGroups.of(entity, rows);
        Sweep sweep = new Sweep(groups, event, roleRank, occurredAt, splitByTime, eventOrder);
        for (int g = 0; g < groups.groups(); g++) {
            sweep.entity(groups.from(g), groups.to(g));
        }
        return new Participants(groups.firstRows(sweep.out), sweep.times.toLongArray());
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

    /** Works through the entities in order and writes the result over the grouped rows it has read. */
    private static final class Sweep {
        private final int[] grouped;
        private final int[] event;
        private final int[] roleRank;
        private final long[] occurredAt;
        private final boolean splitByTime;
        private final IntComparator byEventThenRole;
        private final KeySort keySort = new KeySort();
        private final long[] keys;
        private final int[] mine;
        private final LongArrayList times;
        private int out;

        Sweep(
                RowGroups groups,
                int[] event,
                int[] roleRank,
                long[] occurredAt,
                boolean splitByTime,
                IntComparator eventOrder) {
            this.grouped = groups.rows();
            this.event = event;
            this.roleRank = roleRank;
            this.occurredAt = occurredAt;
            this.splitByTime = splitByTime;
            this.byEventThenRole = (a, b) -> compare(a, b, event, roleRank, eventOrder);
            this.mine = new int[groups.largest()];
            this.keys = new long[mine.length];
            this.times = new LongArrayList(grouped.length / 2);
        }

        private static int compare(int a, int b, int[] event, int[] roleRank, IntComparator eventOrder) {
            int left = event[a];
            int right = event[b];
            if (left != right) {
                int order =
                        left < 0 || right < 0 ? Integer.compareUnsigned(left, right) : eventOrder.compare(left, right);
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compareUnsigned(roleRank[a], roleRank[b]);
        }

        void entity(int from, int to) {
            int n = to - from;
            if (n == 1) {
                emit(grouped[from], occurredAt[grouped[from]]);
                return;
            }
            System.arraycopy(grouped, from, mine, 0, n);
            if (splitByTime) {
                loadTimes(n);
                keySort.sort(keys, mine, 0, n);
            }
            for (int i = 0; i < n; i++) {
                keys[i] = RowSort.pair(event[mine[i]], roleRank[mine[i]]);
            }
            keySort.sort(keys, mine, 0, n);
            emitInTimeOrder(collapse(n));
        }

        private void loadTimes(int n) {
            for (int i = 0; i < n; i++) {
                keys[i] = RowSort.nullsLast(occurredAt[mine[i]]);
            }
        }

        /** Leaves the first row of each group in mine and its instant in keys; returns how many groups there are. */
        private int collapse(int n) {
            int groups = 0;
            int start = 0;
            for (int i = 1; i <= n; i++) {
                if (i < n && keys[i] == keys[start] && sameTime(mine[i], mine[start])) {
                    continue;
                }
                long least = Instants.least(mine, start, i, occurredAt);
                mine[groups] = mine[start];
                // Behind the read position: start >= groups, and keys[i], the next group's, is still to come.
                keys[groups++] = RowSort.nullsLast(least);
                start = i;
            }
            return groups;
        }

        private boolean sameTime(int row, int other) {
            return !splitByTime || occurredAt[row] == occurredAt[other];
        }

        private void emitInTimeOrder(int groups) {
            keySort.sort(keys, mine, 0, groups);
            int start = 0;
            for (int i = 1; i <= groups; i++) {
                if (i == groups || keys[i] != keys[start]) {
                    sortTies(start, i);
                    long time = keys[start] - Long.MAX_VALUE;
                    for (int j = start; j < i; j++) {
                        emit(mine[j], time);
                    }
                    start = i;
                }
            }
        }

        private void sortTies(int from, int to) {
            int n = to - from;
            if (n == 2) {
                if (byEventThenRole.compare(mine[from], mine[from + 1]) > 0) {
                    int first = mine[from];
                    mine[from] = mine[from + 1];
                    mine[from + 1] = first;
                }
            } else if (n > 2) {
                int[] ties = Arrays.copyOfRange(mine, from, to);
                IntArrays.mergeSort(ties, byEventThenRole);
                System.arraycopy(ties, 0, mine, from, n);
            }
        }

        private void emit(int row, long time) {
            grouped[out++] = row;
            times.add(time);
        }
    }
}
