package io.nexusid.arrow.format;

import org.jspecify.annotations.Nullable;

/**
 * A few decoded rows between {@link ParquetPageDecoder} and {@link ParquetColumnBuffer}, consumed from the front.
 * Values stand densely, nulls left out: as {@code longs} for numbers (float bits as their int, booleans 0 or 1), as
 * ranges of {@code source} for bytes, or as entries of a {@code dictionary} for text.
 */
final class ParquetBlock {
    /** The most rows of a block. */
    static final int ROWS = 1024;

    int rows;
    /** How many of the rows are not null. */
    int values;
    /** 1 for a value, 0 for null. Meaningless where {@code values == rows}. */
    final int[] levels = new int[ROWS];

    final long[] longs = new long[ROWS];

    byte @Nullable [] source;
    final int[] starts = new int[ROWS];
    final int[] lengths = new int[ROWS];

    /** What {@code entries} refer to, or null if values lie in {@code source}. */
    @Nullable TextDictionary dictionary;

    final int[] entries = new int[ROWS];

    /** The next row to consume. */
    int row;
    /** The next value to consume. */
    int value;

    boolean consumed() {
        return row == rows;
    }

    /** Empties the block, ready for {@code rows} rows. */
    void reset(int rows) {
        this.rows = rows;
        this.row = 0;
        this.value = 0;
    }
}
