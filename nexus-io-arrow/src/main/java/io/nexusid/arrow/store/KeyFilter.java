package io.nexusid.arrow.store;

/**
 * Says of most absent keys that they are absent: a Bloom filter of 10 bits a key whose seven bits for one key lie in one
 * line of 64 bytes (Putze, Sanders, Singler 2007). About one absent key in a hundred is let through.
 *
 * <p>The key is a fingerprint already, so its bits are used as they are: the high half chooses the line, in order, so that
 * keys in ascending order go through the filter from front to back; the low half chooses the bits.
 */
final class KeyFilter {
    private static final int BITS_A_KEY = 10;
    private static final int LINE_WORDS = 8;
    private static final int PROBES = 7;

    private final long[] words;
    private final long lines;

    private KeyFilter(long[] words) {
        this.words = words;
        this.lines = words.length / LINE_WORDS;
    }

    /** An empty filter for so many keys. */
    static KeyFilter forKeys(long keys) {
        long bits = Math.multiplyExact(keys, BITS_A_KEY);
        long lines = Math.max(1, (bits + LINE_WORDS * Long.SIZE - 1) / (LINE_WORDS * Long.SIZE));
        return new KeyFilter(new long[Math.toIntExact(lines * LINE_WORDS)]);
    }

    /** Whether a filter can have this content. */
    static boolean canBe(long[] words) {
        return words.length > 0 && words.length % LINE_WORDS == 0;
    }

    /** The filter with this content, which it keeps. */
    static KeyFilter of(long[] words) {
        return new KeyFilter(words);
    }

    long[] words() {
        return words;
    }

    void add(long high, long low) {
        int line = line(high);
        for (int i = 0; i < PROBES; i++) {
            int bit = (int) (low >>> (9 * i)) & 511;
            words[line + (bit >>> 6)] |= 1L << bit;
        }
    }

    boolean mayContain(long high, long low) {
        int line = line(high);
        for (int i = 0; i < PROBES; i++) {
            int bit = (int) (low >>> (9 * i)) & 511;
            if (((words[line + (bit >>> 6)] >>> bit) & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    /** The first word of the line of a key: the upper half of the high half, scaled to the number of lines. */
    private int line(long high) {
        long upper = (high >>> 32) ^ 0x80000000L;
        return (int) ((upper * lines) >>> 32) * LINE_WORDS;
    }
}
