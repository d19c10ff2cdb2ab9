package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.ColumnType;
import io.nexusid.arrow.format.BatchColumn;
import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.arrow.format.RowSource;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Identifiers that a store knows to be observed, each as a row of {@code entity_identifiers} that says nothing else: they
 * stand for the rows that observed them where a run reads only a part of these.
 */
final class OtherIdentifiers implements RowSource {
    private static final List<String> COLUMNS = List.of("entity_type", "identifier_type", "identifier_value");

    private final IntOpenHashSet nodes = new IntOpenHashSet();
    private final List<List<String>> rows = new ArrayList<>();

    /** Adds an identifier, unless it is there. */
    void add(int node, String entityType, String identifierType, String value) {
        if (nodes.add(node)) {
            rows.add(List.of(entityType, identifierType, value));
        }
    }

    @Override
    public String name() {
        return "other identifiers";
    }

    @Override
    public List<Field> columns() {
        return COLUMNS.stream()
                .map(name -> ArrowTypes.field(name, ColumnType.STRING))
                .toList();
    }

    @Override
    public boolean textual() {
        return false;
    }

    @Override
    public long rowCount() {
        return rows.size();
    }

    @Override
    public RowReader read(BufferAllocator allocator, List<String> names) {
        return new RowReader() {
            private int next;

            @Override
            public @Nullable RowBatch next() {
                int count = Math.min(MAX_BATCH_ROWS, rows.size() - next);
                if (count == 0) {
                    return null;
                }
                List<BatchColumn> columns = new ArrayList<>();
                for (String name : names) {
                    TextAppender texts = new TextAppender().begin(count);
                    for (List<String> row : rows.subList(next, next + count)) {
                        texts.append(row.get(COLUMNS.indexOf(name)).getBytes(UTF_8));
                    }
                    columns.add(BatchColumn.of(ArrowTypes.field(name, ColumnType.STRING), allocator, texts.toBlock()));
                }
                next += count;
                return new RowBatch(count, columns, List.of());
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {}
}
