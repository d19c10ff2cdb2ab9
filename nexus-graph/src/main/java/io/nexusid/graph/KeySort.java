package io.nexusid.graph;

import java.util.Arrays;

/**
 * Sorts longs, unsigned ascending, and the ints beside them; stable.
 *
 * <p>Short stretches by insertion, sorted ones not at all, the rest by least-significant-digit radix over the bits in
 * which the keys differ: about 3 ns per element and pass, one pass per 8 (long stretches: 11) bits. Never quadratic.
 * Keeps scratch of 12 bytes per element of the longest stretch it has sorted by radix. One instance serves one thread.
 */
final class KeySort {
    private static final int INSERTION = 40;
    private static final int LONG_STRETCH = 1 << 14;

    private long[] otherKeys = new long[0];
    private int[] otherValues = new int[0];
    private final int[] counts = new int[1 << 11];

    void sort(long[] keys, int[] values, int from, int to) {
        if (to - from <= INSERTION) {
            insertion(keys, values, from, to);
            return;
        }
        long least = keys[from];
        long greatest = keys[from];
        boolean sorted = true;
        for (int i = from + 1; i < to; i++) {
            long key = keys[i];
            sorted &= Long.compareUnsigned(keys[i - 1], key) <= 0;
            least = Long.compareUnsigned(key, least) < 0 ? key : least;
            greatest = Long.compareUnsigned(key, greatest) > 0 ? key : greatest;
        }
        if (!sorted) {
            radix(keys, values, from, to, least, Long.SIZE - Long.numberOfLeadingZeros(greatest - least));
        }
    }

    private static void insertion(long[] keys, int[] values, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            long key = keys[i];
            int j = i - 1;
            if (Long.compareUnsigned(keys[j], key) <= 0) {
                continue;
            }
            int value = values[i];
            while (j >= from && Long.compareUnsigned(keys[j], key) > 0) {
                keys[j + 1] = keys[j];
                values[j + 1] = values[j];
                j--;
            }
            keys[j + 1] = key;
            values[j + 1] = value;
        }
    }

    private void radix(long[] keys, int[] values, int from, int to, long least, int width) {
        int n = to - from;
        if (otherKeys.length < n) {
            otherKeys = new long[n];
            otherValues = new int[n];
        }
        int widest = n < LONG_STRETCH ? 8 : 11;
        int passes = (width + widest - 1) / widest;
        int bits = (width + passes - 1) / passes;
        boolean moved = false;
        for (int pass = 0; pass < passes; pass++) {
            boolean done = moved
                    ? scatter(otherKeys, otherValues, 0, n, keys, values, from, least, pass * bits, bits)
                    : scatter(keys, values, from, n, otherKeys, otherValues, 0, least, pass * bits, bits);
            moved ^= done;
        }
        if (moved) {
            System.arraycopy(otherKeys, 0, keys, from, n);
            System.arraycopy(otherValues, 0, values, from, n);
        }
    }

    /** One pass; false if all keys have the same digit and nothing was moved. */
    private boolean scatter(
            long[] keys,
            int[] values,
            int from,
            int n,
            long[] toKeys,
            int[] toValues,
            int to,
            long least,
            int shift,
            int bits) {
        int digits = 1 << bits;
        int mask = digits - 1;
        int[] next = counts;
        Arrays.fill(next, 0, digits, 0);
        for (int i = from; i < from + n; i++) {
            next[digit(keys[i] - least, shift, mask)]++;
        }
        if (next[digit(keys[from] - least, shift, mask)] == n) {
            return false;
        }
        int at = to;
        for (int d = 0; d < digits; d++) {
            int count = next[d];
            next[d] = at;
            at += count;
        }
        for (int i = from; i < from + n; i++) {
            long key = keys[i];
            int target = next[digit(key - least, shift, mask)]++;
            toKeys[target] = key;
            toValues[target] = values[i];
        }
        return true;
    }

    private static int digit(long key, int shift, int mask) {
        return (int) (key >>> shift) & mask;
    }
}
