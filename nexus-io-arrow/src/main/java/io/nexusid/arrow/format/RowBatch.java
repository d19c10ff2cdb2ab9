package io.nexusid.arrow.format;

import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Consecutive rows of one source, owned by whoever holds it.
 *
 * @param root the requested columns in the requested order
 * @param malformed rows of this batch (0-based within it, ascending) that do not parse as records; their cells are null
 */
public record RowBatch(VectorSchemaRoot root, List<MalformedRow> malformed) implements AutoCloseable {
    /**
     * A record that does not parse.
     *
     * @param index 0-based row within the batch
     * @param reason what is wrong with it, without any of its values
     */
    public record MalformedRow(int index, String reason) {}

    /** A batch in which every row parses. */
    public static RowBatch of(VectorSchemaRoot root) {
        return new RowBatch(root, List.of());
    }

    @Override
    public void close() {
        root.close();
    }
}
