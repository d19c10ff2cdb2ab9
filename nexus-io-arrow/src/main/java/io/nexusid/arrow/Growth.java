package io.nexusid.arrow;

import it.unimi.dsi.fastutil.ints.IntArrayList;

/** Makes room in columns that grow by a batch at a time. */
final class Growth {
    private Growth() {}

    /**
     * Appends {@code more} cells to be filled by the caller, and returns where they start. By half at a time: the list's
     * own way to set a size makes room for just that, so that every batch would copy all before it.
     */
    static int extend(IntArrayList list, int more) {
        int from = list.size();
        int size = Math.addExact(from, more);
        int capacity = list.elements().length;
        if (capacity < size) {
            list.ensureCapacity(
                    (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(size, capacity + (capacity >> 1) + 16L)));
        }
        list.size(size);
        return from;
    }
}
