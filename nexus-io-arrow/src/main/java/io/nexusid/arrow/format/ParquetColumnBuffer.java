package io.nexusid.arrow.format;

import org.apache.arrow.memory.BufferAllocator;

/** Decoded rows of one column on the heap, until a batch of them is taken. */
interface ParquetColumnBuffer {
    /** A buffer for up to {@code capacity} rows. */
    static ParquetColumnBuffer of(ParquetColumn column, int capacity) {
        return column.form() == ParquetColumn.Form.TEXT
                ? new ParquetTextBuffer(column.field(), capacity)
                : new ParquetNumberBuffer(column, capacity);
    }

    int rows();

    /** Whether no further rows are taken although there is room for them. */
    default boolean full() {
        return false;
    }

    /** Takes up to {@code most} rows from the front of the block; fewer only if the block ends or this is full. */
    void take(ParquetBlock block, int most);

    /** Takes note of rows without values, for a column that has none. */
    default void takeNothing(int count) {
        throw new IllegalStateException("a column of values");
    }

    /**
     * Removes the first {@code count} rows and returns them.
     *
     * @throws org.apache.arrow.memory.OutOfMemoryException if the allocator has reached its limit; nothing is leaked
     */
    BatchColumn drain(BufferAllocator allocator, int count);

    /** Lowers the bytes of text a batch takes, for tests. */
    default void limitText(int bytes) {}
}
