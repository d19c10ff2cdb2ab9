package io.nexusid.arrow;

import io.nexusid.arrow.format.HeapBatch;
import java.io.IOException;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Copies the batches of a cursor to the heap. */
final class HeapOfArrow implements TableRows.HeapCursor {
    private final HeapBatch heap;
    private final TableRows.Cursor cursor;

    HeapOfArrow(Schema schema, TableRows.Cursor cursor) {
        this.heap = new HeapBatch(schema);
        this.cursor = cursor;
    }

    @Override
    public @Nullable HeapBatch next() throws IOException {
        try (VectorSchemaRoot batch = cursor.next()) {
            return batch == null ? null : heap.load(batch);
        }
    }

    @Override
    public void close() throws IOException {
        cursor.close();
    }
}
