package io.nexusid.arrow.format;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Consecutive rows of one source, owned by whoever holds it. */
public final class RowBatch implements AutoCloseable {
    /**
     * A record that does not parse.
     *
     * @param index 0-based row within the batch
     * @param reason what is wrong with it, without any of its values
     */
    public record MalformedRow(int index, String reason) {}

    private final int rows;
    private final List<BatchColumn> columns;
    private final List<MalformedRow> malformed;
    private @Nullable VectorSchemaRoot root;

    /**
     * A batch that owns its columns.
     *
     * @param columns the requested columns in the requested order
     * @param malformed rows of this batch (0-based within it, ascending) that do not parse as records; their cells are
     *     null
     */
    public RowBatch(int rows, List<BatchColumn> columns, List<MalformedRow> malformed) {
        this.rows = rows;
        this.columns = List.copyOf(columns);
        this.malformed = malformed;
    }

    /** A batch of these vectors, which are taken over. */
    public static RowBatch of(VectorSchemaRoot root, List<MalformedRow> malformed) {
        List<BatchColumn> columns =
                root.getFieldVectors().stream().map(BatchColumn::of).toList();
        return new RowBatch(root.getRowCount(), columns, malformed);
    }

    /** A batch of these vectors, which are taken over, in which every row parses. */
    public static RowBatch of(VectorSchemaRoot root) {
        return of(root, List.of());
    }

    public int rows() {
        return rows;
    }

    public BatchColumn column(int index) {
        return columns.get(index);
    }

    public List<MalformedRow> malformed() {
        return malformed;
    }

    /** All columns in Arrow memory; closed with this batch. */
    public VectorSchemaRoot root() {
        VectorSchemaRoot whole = root;
        if (whole == null) {
            List<FieldVector> vectors = new ArrayList<>(columns.size());
            for (BatchColumn column : columns) {
                vectors.add(column.vector());
            }
            whole = new VectorSchemaRoot(
                    vectors.stream().map(FieldVector::getField).toList(), vectors, rows);
            root = whole;
        }
        return whole;
    }

    @Override
    public void close() {
        columns.forEach(BatchColumn::close);
    }
}
