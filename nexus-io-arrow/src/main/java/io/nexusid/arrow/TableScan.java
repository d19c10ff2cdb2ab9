package io.nexusid.arrow;

import java.io.IOException;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** One pass over the accepted rows of one table in order (files in path byte order, rows as they stand). */
final class TableScan implements AutoCloseable {
    /** The next rows, at least one, or null at the end. The caller owns them. */
    @Nullable VectorSchemaRoot next() throws IOException {
        return null;
    }

    /** Data rows read so far, accepted or not. */
    long rowsRead() {
        return 0;
    }

    /** Rows set aside so far. */
    long rowsRejected() {
        return 0;
    }

    @Override
    public void close() throws IOException {}
}
