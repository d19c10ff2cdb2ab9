package io.nexusid.graph;

import java.util.Arrays;

/**
 * Stable sorts of row numbers by a key that each row has; sort by the least significant key first to sort by several.
 *
 * <p>Ints whose range is not larger than the number of rows by much take one counting pass; all else radix passes over
 * the bits that differ ({@link KeySort}). Scratch: 24 bytes a row, dropped at the end.
 */
public final class RowSort {
    private static final int SMALL = 1 << 10;

    private RowSort() {}

    /** Sorts {@code rows[from, to)} by {@code keyByRow[row]} ascending, negative keys (null) last and as equals. */
    public static void sort(int[] rows, int from, int to, int[] keyByRow) {
        int greatest = -1;
        for (int i = from; i < to; i++) {
            greatest = Math.max(greatest, keyByRow[rows[i]]);
        }
        if (to - from > SMALL && greatest < 2L * (to - from)) {
            count(rows, from, to, keyByRow, greatest + 1);
            return;
        }
        long[] keys = new long[to - from];
        for (int i = from; i < to; i++) {
            int key = keyByRow[rows[i]];
            keys[i - from] = key < 0 ? greatest + 1L : key;
        }
        sort(keys, rows, from);
    }

    private static void count(int[] rows, int from, int to, int[] keyByRow, int nullKey) {
        int[] next = new int[nullKey + 2];
        int[] old = Arrays.copyOfRange(rows, from, to);
        for (int row : old) {
            int key = keyByRow[row];
            next[(key < 0 ? nullKey : key) + 1]++;
        }
        next[0] = from;
        for (int k = 0; k < nullKey; k++) {
            next[k + 1] += next[k];
        }
        for (int row : old) {
            int key = keyByRow[row];
            rows[next[key < 0 ? nullKey : key]++] = row;
        }
    }

    /**
     * Sorts {@code rows[from, to)} by {@code keyByRow[row]}, signed ascending, {@link Long#MIN_VALUE} (null) last.
     */
    public static void sortByLong(int[] rows, int from, int to, long[] keyByRow) {
        long[] keys = new long[to - from];
        for (int i = from; i < to; i++) {
            keys[i - from] = nullsLast(keyByRow[rows[i]]);
        }
        sort(keys, rows, from);
    }

    private static void sort(long[] keys, int[] rows, int from) {
        KeySort sort = new KeySort();
        if (from == 0) {
            sort.sort(keys, rows, 0, keys.length);
            return;
        }
        int[] part = Arrays.copyOfRange(rows, from, from + keys.length);
        sort.sort(keys, part, 0, part.length);
        System.arraycopy(part, 0, rows, from, part.length);
    }

    /** Maps signed order with {@link Long#MIN_VALUE} last to unsigned order, one to one. */
    static long nullsLast(long value) {
        return value + Long.MAX_VALUE;
    }

    /** Two codes as one key: unsigned, it orders by the first, then the second, negative (null, -1) last. */
    static long pair(int first, int second) {
        return ((long) first << 32) | (second & 0xffffffffL);
    }
}
