package io.nexusid.arrow;

import io.nexusid.arrow.format.TextBlock;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.Arrays;

/**
 * Counts the rows whose id an earlier row has. Keeps a 64-bit fingerprint a row, so that a count of some ten million
 * rows may, once in a hundred thousand runs, be one too high; it is only reported, nothing follows from it.
 */
final class IdCount {
    private final LongArrayList fingerprints = new LongArrayList();

    void add(TextBlock ids) {
        for (int i = 0; i < ids.rows(); i++) {
            if (!ids.isNull(i)) {
                fingerprints.add(fingerprint(ids.bytes(), ids.from(i), ids.length(i)));
            }
        }
    }

    /** A polynomial over the bytes, its bits then spread (the finisher of SplittableRandom). */
    private static long fingerprint(byte[] text, int from, int length) {
        long h = length;
        for (int i = from; i < from + length; i++) {
            h = h * 0x9E3779B97F4A7C15L + (text[i] & 0xff) + 1;
        }
        h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
        h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
        return h ^ (h >>> 31);
    }

    /** Rows beyond the first of each id. */
    long duplicates() {
        long[] sorted = fingerprints.toLongArray();
        Arrays.sort(sorted);
        long count = 0;
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                count++;
            }
        }
        return count;
    }
}
