package io.nexusid.graph;

import java.util.Arrays;

/**
 * A column of longs that only grows at its end. One thread appends while others read what they were given by
 * {@link #share}: elements below the size of that moment never change, so nothing is copied.
 */
final class LongPages {
    private static final int SHIFT = 10;
    private static final int PAGE = 1 << SHIFT;
    private static final int MASK = PAGE - 1;

    private long[][] pages;
    private int size;

    LongPages() {
        this(new long[1][], 0);
    }

    private LongPages(long[][] pages, int size) {
        this.pages = pages;
        this.size = size;
    }

    int size() {
        return size;
    }

    long get(int index) {
        return pages[index >>> SHIFT][index & MASK];
    }

    void append(long value) {
        int page = size >>> SHIFT;
        if (page == pages.length) {
            pages = Arrays.copyOf(pages, page + (page >> 1) + 1);
        }
        if (pages[page] == null) {
            pages[page] = new long[PAGE];
        }
        pages[page][size & MASK] = value;
        size++;
    }

    /** Forgets the elements from {@code newSize} on, which nobody may have been given. */
    void truncate(int newSize) {
        size = newSize;
    }

    /** The column as it stands, for reading only. */
    LongPages share() {
        return new LongPages(pages, size);
    }

    /** The heap this column holds, in bytes, to within a few hundred. */
    long retainedBytes() {
        return ((size + (long) MASK) >>> SHIFT) * (8L * PAGE + 16) + 4L * pages.length;
    }
}
