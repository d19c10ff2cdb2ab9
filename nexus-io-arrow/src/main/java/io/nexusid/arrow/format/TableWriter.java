package io.nexusid.arrow.format;

import java.io.IOException;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Writes one table to one file, batch by batch. {@link #close} completes the file and syncs it to disk; a writer closed
 * after a failed {@link #write} leaves a file that the caller deletes. Not thread-safe.
 *
 * <p>Columns are utf8, timestamp[µs, UTC], bool, float64, int64 and fixed-size binary of 16 bytes (not in CSV), all nullable.
 */
public interface TableWriter extends AutoCloseable {
    /**
     * Appends rows. The batch stays the caller's, who may fill it anew.
     *
     * @throws IllegalArgumentException if the batch does not have the columns of the file
     */
    void write(HeapBatch batch) throws IOException;

    /** Appends rows. The batch stays the caller's. */
    default void write(VectorSchemaRoot batch) throws IOException {
        write(new HeapBatch(batch.getSchema()).load(batch));
    }

    @Override
    void close() throws IOException;
}
