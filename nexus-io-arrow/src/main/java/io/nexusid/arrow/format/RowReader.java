package io.nexusid.arrow.format;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One pass over a {@link RowSource}. Not thread-safe. */
public interface RowReader extends AutoCloseable {
    /** The most rows of a batch. */
    int MAX_BATCH_ROWS = 65_536;

    /**
     * The next rows, or null at the end. The caller owns the batch and closes it.
     *
     * @throws IOException if the system fails to read
     * @throws io.nexusid.api.NexusDataException if the content is damaged or not supported
     */
    @Nullable RowBatch next() throws IOException;

    @Override
    void close() throws IOException;
}
