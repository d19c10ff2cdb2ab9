package io.nexusid.states;

import java.util.Arrays;

/**
 * Records of rows, brought near the other rows of their entity. The same as RowBuckets of nexus-graph, where the reasons
 * stand: the two modules do not know each other, and neither should show this to its users.
 *
 * <p>Used so: while {@link #nextSlice}, the kernel runs over all rows, asks {@link #place} for the place of each and
 * writes its record there; then for each {@link #group bucket} it works through the records code by code. Records of one
 * code keep the order in which they were placed. Rows with a negative code are in no slice.
 *
 * <p>Memory: 24 bytes for each row of a slice, which has four million rows, or those of one bucket where that has more;
 * 4 bytes a bucket of 8,192 rows. Cost: a pass over the codes to count and one for each slice, one write of a record for
 * each row, then work in the cache. A code may have at most 700 million rows.
 */
final class EntityBuckets {
    /** Longs of a record: code and row, then two of the kernel's own. */
    static final int RECORD = 3;

    private static final int BUCKET_ROWS = 1 << 13;
    private static final int SLICE_ROWS = 1 << 22;
    /** Counters of one bucket take at most 256 KiB. */
    private static final int WIDEST = 16;

    private final int sliceRows;
    private final int shift;
    /** By bucket the number of rows in those before it; one more for all. */
    private final int[] starts;

    private long[] records = new long[0];
    private int first;
    private int end;
    /** By bucket of the slice, the record to be placed next. */
    private int[] next = new int[0];

    private final int[] ends;
    private int[] order = new int[0];

    EntityBuckets(int[] code, int rows) {
        this(code, rows, BUCKET_ROWS, SLICE_ROWS);
    }

    EntityBuckets(int[] code, int rows, int bucketRows, int sliceRows) {
        this.sliceRows = sliceRows;
        int greatest = -1;
        for (int row = 0; row < rows; row++) {
            greatest = Math.max(greatest, code[row]);
        }
        shift = shiftFor(greatest + 1L, rows, bucketRows);
        starts = new int[greatest < 0 ? 1 : (greatest >>> shift) + 2];
        for (int row = 0; row < rows; row++) {
            if (code[row] >= 0) {
                starts[(code[row] >>> shift) + 1]++;
            }
        }
        for (int bucket = 1; bucket < starts.length; bucket++) {
            starts[bucket] += starts[bucket - 1];
        }
        ends = new int[1 << shift];
    }

    /** The widest power of two of codes that has no more rows than a bucket should, were they spread evenly. */
    private static int shiftFor(long codes, int rows, int bucketRows) {
        int shift = 0;
        while (shift < WIDEST && 1L << shift < codes && (2L << shift) * rows <= codes * bucketRows) {
            shift++;
        }
        return shift;
    }

    /** Turns to the next buckets, as many as fit a slice, and forgets the records of the last; false after the last. */
    boolean nextSlice() {
        first = end;
        int buckets = starts.length - 1;
        while (end < buckets && (end == first || starts[end + 1] - starts[first] <= sliceRows)) {
            end++;
        }
        if (end == first) {
            return false;
        }
        int needed = Math.multiplyExact(starts[end] - starts[first], RECORD);
        if (records.length < needed) {
            records = new long[needed];
        }
        next = Arrays.copyOfRange(starts, first, end);
        for (int bucket = 0; bucket < next.length; bucket++) {
            next[bucket] = (next[bucket] - starts[first]) * RECORD;
        }
        return true;
    }

    /** Whether rows of this code belong to the slice. */
    boolean holds(int code) {
        // A negative code becomes a bucket that never is.
        return Integer.compareUnsigned((code >>> shift) - first, next.length) < 0;
    }

    /** Begins the record of a row of the slice and returns where; two longs after that place are the kernel's. */
    int place(int code, int row) {
        int bucket = (code >>> shift) - first;
        int at = next[bucket];
        next[bucket] = at + RECORD;
        records[at] = (long) (code & (1 << shift) - 1) << 32 | row;
        return at;
    }

    /** The records; the same array until the next slice. */
    long[] records() {
        return records;
    }

    /** The row of the record at this place. */
    int row(int at) {
        return (int) records[at];
    }

    /** Number of buckets of the slice. */
    int buckets() {
        return next.length;
    }

    /** Number of codes that a bucket may hold. */
    int codes() {
        return ends.length;
    }

    /**
     * Groups the records of a bucket: {@link #order()} has their places, those of its c-th code before {@code end(c)}.
     * Returns how many there are.
     */
    int group(int bucket) {
        int from = (starts[first + bucket] - starts[first]) * RECORD;
        int to = next[bucket];
        int size = (to - from) / RECORD;
        if (order.length < size) {
            order = new int[size];
        }
        Arrays.fill(ends, 0);
        for (int at = from; at < to; at += RECORD) {
            ends[(int) (records[at] >>> 32)]++;
        }
        int place = 0;
        for (int code = 0; code < ends.length; code++) {
            int count = ends[code];
            ends[code] = place;
            place += count;
        }
        // Each start moves up to its end.
        for (int at = from; at < to; at += RECORD) {
            order[ends[(int) (records[at] >>> 32)]++] = at;
        }
        return size;
    }

    /** The places of the bucket's records, code by code. */
    int[] order() {
        return order;
    }

    /** Where the records of the bucket's c-th code end in the order. */
    int end(int code) {
        return ends[code];
    }
}
