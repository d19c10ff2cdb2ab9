package io.nexusid.arrow;

import io.nexusid.arrow.format.RowReader;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** A table given by selections: a row count and one {@link OutputColumn} per column. */
final class SelectedRows implements TableRows {
    /** Readies what the columns of one cursor share before each batch, for pivots. */
    interface BatchHook {
        void prepare(int from, int count);
    }

    /** Makes the columns of one cursor, with a hook of their own so that cursors do not disturb each other. */
    interface ColumnFactory {
        Columns create();
    }

    /**
     * The columns of one cursor.
     *
     * @param columns in table order; their names and types are the same for every cursor
     * @param hook called before each batch
     */
    record Columns(List<OutputColumn> columns, BatchHook hook) {}

    private final int rows;
    private final ColumnFactory factory;
    private final Schema schema;

    SelectedRows(int rows, List<OutputColumn> columns) {
        this(rows, () -> new Columns(columns, (from, count) -> {}));
    }

    SelectedRows(int rows, ColumnFactory factory) {
        this.rows = rows;
        this.factory = factory;
        this.schema = new Schema(factory.create().columns().stream()
                .map(c -> ArrowTypes.field(c.name(), c.type()))
                .toList());
    }

    int rows() {
        return rows;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public Cursor open(BufferAllocator allocator, Workers workers) {
        Columns columns = factory.create();
        // A column's scratch is used by whichever thread fills it, one batch after the other.
        OutputColumn.Scratch[] scratch =
                new OutputColumn.Scratch[columns.columns().size()];
        Arrays.setAll(scratch, i -> new OutputColumn.Scratch());
        return new Cursor() {
            private int next;

            @Override
            public @Nullable VectorSchemaRoot next() {
                if (next >= rows) {
                    return null;
                }
                int count = Math.min(RowReader.MAX_BATCH_ROWS, rows - next);
                columns.hook().prepare(next, count);
                VectorSchemaRoot batch = VectorSchemaRoot.create(schema, allocator);
                try {
                    int from = next;
                    workers.forEach(
                            scratch.length,
                            i -> columns.columns().get(i).fill(batch.getVector(i), from, count, scratch[i]));
                    batch.setRowCount(count);
                } catch (RuntimeException | Error e) {
                    batch.close();
                    throw e;
                }
                next += count;
                return batch;
            }

            @Override
            public void close() {}
        };
    }
}
