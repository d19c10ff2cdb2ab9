package io.nexusid.arrow;

import io.nexusid.arrow.format.HeapBatch;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** The rows of one resolved table, ready to be streamed any number of times. */
interface TableRows {
    /** Names and types of the columns. */
    Schema schema();

    /** Starts at the first row. What the cursor hands out belongs to this allocator. */
    Cursor open(BufferAllocator allocator, Workers workers) throws IOException;

    /** Starts at the first row, for writers. The allocator serves rows that come from Arrow memory. */
    default HeapCursor openHeap(BufferAllocator allocator, Workers workers) throws IOException {
        return new HeapOfArrow(schema(), open(allocator, workers), workers);
    }

    /** One pass over the rows. Not thread-safe. */
    interface Cursor extends AutoCloseable {
        /** The next batch of at most 65,536 rows, owned by the caller, or null at the end. */
        @Nullable VectorSchemaRoot next() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** One pass over the rows on the heap. Not thread-safe. */
    interface HeapCursor extends AutoCloseable {
        /** The next batch of at most 65,536 rows, good until the next call, or null at the end. */
        @Nullable HeapBatch next() throws IOException;

        @Override
        void close() throws IOException;
    }
}
