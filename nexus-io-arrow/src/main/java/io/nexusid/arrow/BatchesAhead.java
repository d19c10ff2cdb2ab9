package io.nexusid.arrow;

import java.io.IOException;
import java.util.concurrent.ForkJoinTask;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Makes the next batch of a cursor while the caller still writes the last one. */
final class BatchesAhead implements TableRows.Cursor {
    private final TableRows.Cursor cursor;
    private final Workers workers;
    private @Nullable ForkJoinTask<Next> ahead;

    /** A batch, or the end: a task cannot answer null. */
    private record Next(@Nullable VectorSchemaRoot batch) {}

    BatchesAhead(TableRows.Cursor cursor, Workers workers) {
        this.cursor = cursor;
        this.workers = workers;
    }

    @Override
    public @Nullable VectorSchemaRoot next() throws IOException {
        if (workers.threads() == 1) {
            return cursor.next();
        }
        ForkJoinTask<Next> current = ahead != null ? ahead : start();
        ahead = null;
        VectorSchemaRoot batch = Workers.join(current).batch();
        if (batch != null) {
            ahead = start();
        }
        return batch;
    }

    private ForkJoinTask<Next> start() {
        return workers.submit(() -> new Next(cursor.next()));
    }

    @Override
    public void close() throws IOException {
        ForkJoinTask<Next> last = ahead;
        ahead = null;
        try (cursor) {
            if (last != null) {
                last.quietlyJoin();
                if (last.isCompletedNormally() && last.join().batch() != null) {
                    last.join().batch().close();
                }
            }
        }
    }
}
