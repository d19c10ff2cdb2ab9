package io.nexusid.graph;

import java.util.SplittableRandom;

/**
 * An attacker who knows the code of {@link KeyHash} and, by some leak, the seed of this process: he writes down as many
 * keys of any hash as he likes. Shares no code with the hash.
 */
final class LeakedSecret {
    /** Length of the keys he makes with {@link #keys}. */
    static final int LENGTH = 32;

    private final long start;
    private final long left;
    private final long right;
    private final long end;

    LeakedSecret(long seed) {
        // The hash draws its secrets as SplitMix64 does.
        SplittableRandom random = new SplittableRandom(seed);
        start = random.nextLong();
        left = random.nextLong();
        right = random.nextLong();
        end = random.nextLong();
    }

    /**
     * Writes {@code count} keys of kind 0 to {@code data}, one after the other, that are all distinct, {@code from} being
     * the number of the first; those of one cluster have one hash.
     *
     * <p>The first sixteen bytes are the key's number. They leave some state; the last sixteen fold it: a word that makes
     * one factor 1, and a word that makes the other factor the cluster's target, whatever the state was.
     */
    void keys(byte[] data, int from, int count, int cluster) {
        long target = Math.abs(new SplittableRandom(cluster).nextLong() >>> 1);
        for (int i = 0; i < count; i++) {
            int at = LENGTH * (from + i);
            long number = (long) from + i;
            put(data, at, number);
            put(data, at + 8, ~number);
            long state = fold(number ^ left, ~number ^ start);
            put(data, at + 16, right ^ 1);
            put(data, at + 24, state ^ target);
        }
    }

    /** Writes keys of 16 bytes whose first word is a secret, so that their product is zero whatever the second word. */
    void zeroes(byte[] data, int count) {
        for (int i = 0; i < count; i++) {
            put(data, 16 * i, left);
            put(data, 16 * i + 8, i);
        }
    }

    /** The hash that all of {@link #zeroes} share. */
    long hashOfZeroes() {
        return fold(right, 16 ^ end);
    }

    private static long fold(long a, long b) {
        return (a * b) ^ Math.multiplyHigh(a, b);
    }

    private static void put(byte[] data, int at, long word) {
        for (int i = 0; i < 8; i++) {
            data[at + i] = (byte) (word >>> (8 * i));
        }
    }
}
