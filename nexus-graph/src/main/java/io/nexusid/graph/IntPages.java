package io.nexusid.graph;

import java.util.Arrays;

/**
 * A growing column of ints of which one thread writes the next version while others read earlier ones.
 *
 * <p>A tree of three levels: pages of {@value #PAGE} ints, branches of {@value #PAGE} pages, one root. {@link #share}
 * gives the column as it stands, to be read by any thread; the first write to a page after that copies the page, and the
 * branch and the root above it. So a version costs what it changes, not what there is: 4 KiB for each touched page. Read:
 * three dependent loads, of which the first two stay in the cache.
 */
final class IntPages {
    static final int PAGE = 1 << 10;

    private static final int PAGE_SHIFT = 10;
    private static final int BRANCH_SHIFT = 20;
    private static final int MASK = PAGE - 1;

    private final int blank;
    private int[][][] root;
    private int size;

    // Who may be written in place: what carries the present stamp. A page carries its own behind its elements.
    private int stamp = 1;
    private int[] branchStamps;
    private boolean ownsRoot = true;
    private long copies;

    /** An empty column; elements not written yet read as {@code blank}. */
    IntPages(int blank) {
        this.blank = blank;
        this.root = new int[1][][];
        this.branchStamps = new int[1];
    }

    private IntPages(IntPages shared) {
        this.blank = shared.blank;
        this.root = shared.root;
        this.size = shared.size;
        this.branchStamps = new int[0];
    }

    int size() {
        return size;
    }

    int get(int index) {
        return root[index >>> BRANCH_SHIFT][(index >>> PAGE_SHIFT) & MASK][index & MASK];
    }

    void set(int index, int value) {
        int[] page = root[index >>> BRANCH_SHIFT][(index >>> PAGE_SHIFT) & MASK];
        if (page[PAGE] != stamp) {
            page = own(index);
        }
        page[index & MASK] = value;
    }

    /** Makes the column at least this long. */
    void grow(int atLeast) {
        if (atLeast <= size) {
            return;
        }
        int pages = (size + MASK) >>> PAGE_SHIFT;
        int needed = (atLeast + MASK) >>> PAGE_SHIFT;
        for (int p = pages; p < needed; p++) {
            int[] page = new int[PAGE + 1];
            if (blank != 0) {
                Arrays.fill(page, 0, PAGE, blank);
            }
            page[PAGE] = stamp;
            ownBranch(p >>> PAGE_SHIFT)[p & MASK] = page;
        }
        size = atLeast;
    }

    private int[] own(int index) {
        int[][] branch = ownBranch(index >>> BRANCH_SHIFT);
        int at = (index >>> PAGE_SHIFT) & MASK;
        int[] page = branch[at].clone();
        page[PAGE] = stamp;
        branch[at] = page;
        copies++;
        return page;
    }

    private int[][] ownBranch(int at) {
        if (at >= root.length || !ownsRoot) {
            root = Arrays.copyOf(root, Math.max(root.length, at + 1));
            branchStamps = Arrays.copyOf(branchStamps, root.length);
            ownsRoot = true;
        }
        if (branchStamps[at] != stamp) {
            root[at] = root[at] == null ? new int[PAGE][] : root[at].clone();
            branchStamps[at] = stamp;
        }
        return root[at];
    }

    /** The column as it stands, for reading only; later writes to this one do not show in it. */
    IntPages share() {
        stamp++;
        ownsRoot = false;
        return new IntPages(this);
    }

    /** Takes everything back that was written since {@code shared} was given. */
    void restore(IntPages shared) {
        root = shared.root;
        size = shared.size;
        branchStamps = Arrays.copyOf(branchStamps, root.length);
        stamp++;
        ownsRoot = false;
    }

    /** How many pages have been copied since the beginning. */
    long copies() {
        return copies;
    }

    /** The heap of this version, in bytes, to within a few hundred. */
    long retainedBytes() {
        long pages = ((long) size + MASK) >>> PAGE_SHIFT;
        long branches = (pages + MASK) >>> PAGE_SHIFT;
        return pages * (4L * (PAGE + 1) + 20) + branches * (4L * PAGE + 20);
    }
}
