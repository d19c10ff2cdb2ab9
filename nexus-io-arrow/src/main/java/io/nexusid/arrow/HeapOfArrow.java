package io.nexusid.arrow;

import io.nexusid.arrow.format.HeapBatch;
import java.io.IOException;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Copies the batches of a cursor to the heap, while the next ones are made. */
final class HeapOfArrow implements TableRows.HeapCursor {
    private final HeapBatch heap;
    private final TableRows.Cursor cursor;
    private final ReadAhead<VectorSchemaRoot> ahead;

    HeapOfArrow(Schema schema, TableRows.Cursor cursor, Workers workers) {
        this.heap = new HeapBatch(schema);
        this.cursor = cursor;
        this.ahead = new ReadAhead<>(cursor::next, VectorSchemaRoot::close, workers);
    }

    @Override
    public @Nullable HeapBatch next() throws IOException {
        try (VectorSchemaRoot batch = ahead.next()) {
            return batch == null ? null : heap.load(batch);
        }
    }

    @Override
    public void close() throws IOException {
        try (cursor) {
            ahead.close();
        }
    }
}
