package io.nexusid.arrow.format;

import java.io.IOException;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Writes one table to one file, batch by batch. {@link #close} completes the file and syncs it to disk; a writer closed
 * after a failed {@link #write} leaves a file that the caller deletes. Not thread-safe.
 *
 * <p>Columns are utf8, timestamp[µs, UTC], bool, float64 and int64, all nullable.
 */
public interface TableWriter extends AutoCloseable {
    /** Appends rows. The batch stays the caller's. */
    void write(VectorSchemaRoot batch) throws IOException;

    @Override
    void close() throws IOException;
}
