package io.nexusid.arrow.format;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;

/** Rows of one table in one place: a file, or batches handed over in memory. Can be read any number of times. */
public interface RowSource extends AutoCloseable {
    /** How messages name it: the path relative to the input folder, with {@code /}. */
    String name();

    /**
     * Its columns in its own order, with the Arrow types that {@link #read} gives them. Names may be repeated: that is
     * for the caller to refuse.
     */
    List<Field> columns();

    /** Whether values are text still to be parsed by the declared type (CSV); every column is then utf8. */
    boolean textual();

    /** The number of rows, or -1 where only reading tells. */
    long rowCount();

    /**
     * Starts to read some columns from the first row.
     *
     * @param allocator owns what the batches hold
     * @param columns names out of {@link #columns}; each occurs there once
     * @throws IOException if the system fails to read
     * @throws io.nexusid.api.NexusDataException if the content is damaged or not supported
     */
    RowReader read(BufferAllocator allocator, List<String> columns) throws IOException;

    @Override
    void close() throws IOException;
}
