package io.nexusid.graph;

import it.unimi.dsi.fastutil.ints.IntComparator;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.Objects;

/**
 * Current relationships: the latest declaration of every (a, b, type), and when the first and the last was declared.
 *
 * <p>One counting sort by a, then a sort of each a's rows: linear, also for an a with a million rows. 4 bytes per row and
 * per a while computing, 20 per relationship kept. Direction counts: (a, b) and (b, a) are two.
 */
public final class Relationships {
    private final int[] rows;
    private final long[] createdAt;
    private final long[] updatedAt;

    private Relationships(int[] rows, long[] createdAt, long[] updatedAt) {
        this.rows = rows;
        this.createdAt = createdAt;
        this.updatedAt = updatedAt;
    }

    /**
     * Folds the declarations; the result is sorted by (a, b, type).
     *
     * <p>The latest {@code occurredAt} wins, null last; then the row that is smaller by {@code tie}; then the smaller
     * row number.
     *
     * @param a by row; negative: the row is skipped
     * @param b by row; negative: the row is skipped
     * @param type by row, as a rank; negative: null, sorts last
     * @param tie compares row numbers
     */
    public static Relationships compute(int rows, int[] a, int[] b, int[] type, long[] occurredAt, IntComparator tie) {
        Objects.checkFromIndexSize(0, rows, b.length);
        RowGroups groups = RowGroups.of(a, rows);
        int[] grouped = groups.rows();
        int[] mine = new int[groups.largest()];
        long[] keys = new long[mine.length];
        KeySort keySort = new KeySort();
        LongArrayList created = new LongArrayList();
        LongArrayList updated = new LongArrayList();
        int out = 0;
        for (int g = 0; g < groups.groups(); g++) {
            int n = 0;
            for (int i = groups.from(g); i < groups.to(g); i++) {
                int row = grouped[i];
                if (b[row] >= 0) {
                    keys[n] = RowSort.pair(b[row], type[row]);
                    mine[n++] = row;
                }
            }
            keySort.sort(keys, mine, 0, n);
            int start = 0;
            for (int i = 1; i <= n; i++) {
                if (i == n || keys[i] != keys[start]) {
                    grouped[out++] = latest(mine, start, i, occurredAt, tie);
                    created.add(Instants.least(mine, start, i, occurredAt));
                    updated.add(Instants.greatest(mine, start, i, occurredAt));
                    start = i;
                }
            }
        }
        return new Relationships(groups.firstRows(out), created.toLongArray(), updated.toLongArray());
    }

    private static int latest(int[] rows, int from, int to, long[] occurredAt, IntComparator tie) {
        int best = rows[from];
        for (int i = from + 1; i < to; i++) {
            int row = rows[i];
            boolean wins = occurredAt[row] != occurredAt[best]
                    ? occurredAt[row] > occurredAt[best]
                    : tie.compare(row, best) < 0;
            best = wins ? row : best;
        }
        return best;
    }

    /** How many relationships there are. */
    public int size() {
        return rows.length;
    }

    /** The row number of the latest declaration. */
    public int row(int i) {
        return rows[i];
    }

    /** The earliest instant of any declaration, or {@link Long#MIN_VALUE} if none has one. */
    public long createdAt(int i) {
        return createdAt[i];
    }

    /** The latest instant of any declaration, or {@link Long#MIN_VALUE} if none has one. */
    public long updatedAt(int i) {
        return updatedAt[i];
    }
}
