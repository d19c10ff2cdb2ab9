package io.nexusid.arrow.store;

import it.unimi.dsi.fastutil.longs.LongArrays;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * A column of 128-bit fingerprints. Their order, in this package, is that of two signed numbers, the high half first. 16
 * bytes each, and 4 for each while it sorts.
 */
public final class Fingerprints {
    private long[] high;
    private long[] low;
    private int size;

    /** An empty column with room for so many. */
    public Fingerprints(int capacity) {
        high = new long[capacity];
        low = new long[capacity];
    }

    /** Appends one. */
    public void add(long highHalf, long lowHalf) {
        if (size == high.length) {
            int capacity = Math.max(16, Math.addExact(size, size >> 1));
            high = Arrays.copyOf(high, capacity);
            low = Arrays.copyOf(low, capacity);
        }
        high[size] = highHalf;
        low[size++] = lowHalf;
    }

    /** Leaves none. */
    public void clear() {
        size = 0;
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** The high half of the nth. */
    public long high(int n) {
        return high[n];
    }

    /** The low half of the nth. */
    public long low(int n) {
        return low[n];
    }

    /** The positions in ascending order of what stands there, equals by position. */
    int[] order() {
        int[] order = new int[size];
        Arrays.setAll(order, i -> i);
        LongArrays.radixSortIndirect(order, high, low, 0, size, true);
        return order;
    }

    /** Keeps only what a filter of positions keeps, in place. */
    void retain(IntPredicate keep) {
        int kept = 0;
        for (int n = 0; n < size; n++) {
            if (keep.test(n)) {
                high[kept] = high[n];
                low[kept++] = low[n];
            }
        }
        size = kept;
    }

    static int compare(long high1, long low1, long high2, long low2) {
        return high1 != high2 ? Long.compare(high1, high2) : Long.compare(low1, low2);
    }
}
