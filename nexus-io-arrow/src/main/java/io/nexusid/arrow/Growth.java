package io.nexusid.arrow;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;

/** Makes room in columns that grow by a batch at a time. */
final class Growth {
    /** What a file announces is believed up to this multiple of what it has shown. */
    private static final long TRUST = 8;

    private static final long MOST = Integer.MAX_VALUE - 8L;

    private Growth() {}

    /**
     * Appends {@code more} cells to be filled by the caller, and returns where they start. By half at a time: the list's
     * own way to set a size makes room for just that, so that every batch would copy all before it.
     *
     * @param expected how many cells there will probably be, or -1
     */
    static int extend(IntArrayList list, int more, long expected) {
        int from = list.size();
        int size = Math.addExact(from, more);
        if (list.elements().length < size) {
            list.ensureCapacity(capacity(size, list.elements().length, expected));
        }
        list.size(size);
        return from;
    }

    /** As for ints. */
    static int extend(LongArrayList list, int more, long expected) {
        int from = list.size();
        int size = Math.addExact(from, more);
        if (list.elements().length < size) {
            list.ensureCapacity(capacity(size, list.elements().length, expected));
        }
        list.size(size);
        return from;
    }

    private static int capacity(int size, int before, long expected) {
        long announced = Math.min(expected, TRUST * size);
        return (int) Math.min(MOST, Math.max(size, Math.max(announced, before + (before >> 1) + 16L)));
    }
}
