package io.nexusid.arrow.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Reads a source from start to end with an allocator of its own, which fails the test if anything leaks. */
final class Reading {
    interface BatchConsumer {
        void accept(RowBatch batch);
    }

    private Reading() {}

    static void eachBatch(RowSource source, List<String> columns, BatchConsumer consumer) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                RowReader reader = source.read(allocator, columns)) {
            for (RowBatch batch = reader.next(); batch != null; batch = reader.next()) {
                try (RowBatch open = batch) {
                    consumer.accept(open);
                }
            }
        }
    }

    static List<String> names(RowSource source) {
        return source.columns().stream().map(Field::getName).toList();
    }

    /** Every cell's {@code toString()}, null for null. */
    static List<List<@Nullable String>> text(RowSource source, List<String> columns) throws IOException {
        List<List<@Nullable String>> rows = new ArrayList<>();
        eachBatch(source, columns, batch -> {
            for (int row = 0; row < batch.root().getRowCount(); row++) {
                List<@Nullable String> cells = new ArrayList<>();
                for (int i = 0; i < columns.size(); i++) {
                    Object cell = batch.root().getVector(i).getObject(row);
                    cells.add(
                            cell instanceof byte[] bytes
                                    ? Arrays.toString(bytes)
                                    : cell == null ? null : cell.toString());
                }
                rows.add(cells);
            }
        });
        return rows;
    }

    static List<List<@Nullable String>> text(RowSource source) throws IOException {
        return text(source, names(source));
    }

    /** {@code row: reason} of every malformed row, rows counted from 1 over all batches. */
    static List<String> malformed(RowSource source) throws IOException {
        List<String> found = new ArrayList<>();
        int[] before = {0};
        eachBatch(source, names(source), batch -> {
            for (RowBatch.MalformedRow row : batch.malformed()) {
                found.add(before[0] + row.index() + 1 + ": " + row.reason());
            }
            before[0] += batch.root().getRowCount();
        });
        return found;
    }
}
