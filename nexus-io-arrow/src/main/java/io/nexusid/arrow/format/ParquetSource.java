package io.nexusid.arrow.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A Parquet file of flat columns.
 *
 * <p>The footer is read when it is opened and the file is open only while {@link #read} readers are. Page checksums are
 * verified where the writer left them; statistics are never believed. Whatever is damaged, encrypted or of no reading
 * is a {@link io.nexusid.api.NexusDataException} that names table, file and, where one is at fault, column.
 */
public final class ParquetSource implements RowSource {
    private final ParquetOrigin origin;
    private final ParquetFooter footer;

    private ParquetSource(ParquetOrigin origin, ParquetFooter footer) {
        this.origin = origin;
        this.footer = footer;
    }

    /**
     * Opens a file.
     *
     * @param file where it is
     * @param table the input table it belongs to, for messages
     * @param name how messages name the file
     * @throws IOException if the system fails to read
     * @throws io.nexusid.api.NexusDataException if it is not a Parquet file, or damaged
     */
    public static ParquetSource open(Path file, String table, String name) throws IOException {
        ParquetOrigin origin = new ParquetOrigin(file, table, name);
        return new ParquetSource(origin, ParquetFooter.read(origin));
    }

    @Override
    public String name() {
        return origin.name();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Signed integers up to 32 bits are int32, unsigned up to 32 bits and signed 64 int64, unsigned 64 uint64; INT96
     * is timestamp[µs, UTC], {@code Long.MIN_VALUE} where it overflows; bytes without annotation are utf8, not checked
     * to be so; a column of the null type is null. Struct, list, time and binary types describe columns that
     * {@link #read} refuses.
     */
    @Override
    public List<Field> columns() {
        return footer.columns().stream().map(ParquetColumn::field).toList();
    }

    @Override
    public boolean textual() {
        return false;
    }

    @Override
    public long rowCount() {
        return footer.rows();
    }

    @Override
    public RowReader read(BufferAllocator allocator, List<String> columns) throws IOException {
        List<ParquetColumn> requested = new ArrayList<>(columns.size());
        for (String name : columns) {
            ParquetColumn column = column(name);
            ParquetColumnReader.check(origin, footer, column);
            requested.add(column);
        }
        return new ParquetRowReader(origin, footer, requested, allocator);
    }

    private ParquetColumn column(String name) {
        List<ParquetColumn> found =
                footer.columns().stream().filter(c -> c.name().equals(name)).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException("column " + name + " occurs " + found.size() + " times");
        }
        return found.get(0);
    }

    /** Does nothing: only readers hold the file open. */
    @Override
    public void close() {}
}
