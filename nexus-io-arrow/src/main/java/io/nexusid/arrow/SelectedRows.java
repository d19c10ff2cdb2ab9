package io.nexusid.arrow;

import io.nexusid.arrow.format.HeapBatch;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A table given by selections: a row count and one {@link OutputColumn} per column. Any range of rows can be made on its
 * own, so several are made at once.
 */
final class SelectedRows implements TableRows {
    /** Readies what the columns share before each range of rows. */
    interface BatchHook {
        void prepare(int from, int count);
    }

    /** Makes columns with a hook of their own, so that ranges made at once do not disturb each other. */
    interface ColumnFactory {
        Columns create();
    }

    /**
     * Columns that make one range after the other.
     *
     * @param columns in table order; their names and types are always the same
     * @param hook called before each range
     */
    record Columns(List<OutputColumn> columns, BatchHook hook) {}

    private final int rows;
    private final ColumnFactory factory;
    private final Schema schema;

    /** Columns that share nothing and change nothing. */
    SelectedRows(int rows, List<OutputColumn> columns) {
        this(rows, () -> new Columns(columns, (from, count) -> {}));
    }

    SelectedRows(int rows, ColumnFactory factory) {
        this.rows = rows;
        this.factory = factory;
        this.schema = new Schema(
                factory.create().columns().stream().map(OutputColumn::field).toList());
    }

    int rows() {
        return rows;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public HeapCursor openHeap(BufferAllocator allocator, Workers workers) {
        return new SlicesAhead(rows, workers, () -> new HeapBatch(schema), this::filler);
    }

    private SlicesAhead.Filler filler() {
        Columns made = factory.create();
        OutputColumn.Scratch scratch = new OutputColumn.Scratch();
        return (batch, from, count) -> {
            made.hook().prepare(from, count);
            for (int i = 0; i < made.columns().size(); i++) {
                made.columns().get(i).fill(batch.column(i), from, count, scratch);
            }
        };
    }

    @Override
    public Cursor open(BufferAllocator allocator, Workers workers) {
        HeapCursor heap = openHeap(allocator, workers);
        return new Cursor() {
            @Override
            public @Nullable VectorSchemaRoot next() throws IOException {
                HeapBatch made = heap.next();
                if (made == null) {
                    return null;
                }
                VectorSchemaRoot batch = VectorSchemaRoot.create(schema, allocator);
                try {
                    made.copyTo(batch);
                    return batch;
                } catch (RuntimeException | Error e) {
                    batch.close();
                    throw e;
                }
            }

            @Override
            public void close() throws IOException {
                heap.close();
            }
        };
    }
}
