package io.nexusid.arrow.format;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** One pass over some columns of a Parquet file. Batches may be of any size up to the most, by the length of values. */
final class ParquetRowReader implements RowReader {
    private final BufferAllocator allocator;
    private final FileChannel channel;
    private final List<ParquetColumnReader> columns = new ArrayList<>();
    private long rowsLeft;

    ParquetRowReader(ParquetOrigin origin, ParquetFooter footer, List<ParquetColumn> columns, BufferAllocator allocator)
            throws IOException {
        this.allocator = allocator;
        this.rowsLeft = footer.rows();
        this.channel = FileChannel.open(origin.path(), StandardOpenOption.READ);
        int batchRows = (int) Math.min(MAX_BATCH_ROWS, footer.rows());
        for (ParquetColumn column : columns) {
            this.columns.add(new ParquetColumnReader(origin, footer, column, channel, batchRows));
        }
    }

    /** Lowers the bytes of text a batch takes, for tests. */
    void limitText(int bytes) {
        columns.forEach(column -> column.limitText(bytes));
    }

    @Override
    public @Nullable RowBatch next() throws IOException {
        if (rowsLeft == 0) {
            return null;
        }
        int rows = (int) Math.min(MAX_BATCH_ROWS, rowsLeft);
        for (ParquetColumnReader column : columns) {
            rows = Math.min(rows, column.fill(rows));
        }
        List<BatchColumn> drained = new ArrayList<>(columns.size());
        try {
            for (ParquetColumnReader column : columns) {
                drained.add(column.drain(allocator, rows));
            }
        } catch (RuntimeException | Error e) {
            drained.forEach(BatchColumn::close);
            throw e;
        }
        rowsLeft -= rows;
        return new RowBatch(rows, drained, List.of());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
