package io.nexusid.arrow.format;

import io.nexusid.api.FaultCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.RowGroup;
import org.jspecify.annotations.Nullable;

/** Reads one column through all row groups of a file into a {@link ParquetColumnBuffer}. */
final class ParquetColumnReader {
    private final ParquetOrigin origin;
    private final ParquetFooter footer;
    private final ParquetColumn column;
    private final FileChannel channel;
    private final ParquetPageDecoder decoder;
    private final ParquetColumnBuffer buffer;
    private final ParquetBlock block = new ParquetBlock();
    private int nextGroup;
    private long groupRowsLeft;
    private @Nullable ParquetPages pages;

    ParquetColumnReader(
            ParquetOrigin origin, ParquetFooter footer, ParquetColumn column, FileChannel channel, int batchRows) {
        this.origin = origin;
        this.footer = footer;
        this.column = column;
        this.channel = channel;
        this.decoder = new ParquetPageDecoder(origin, column, footer.createdBy());
        this.buffer = ParquetColumnBuffer.of(column, batchRows);
    }

    /**
     * Checks all that can be told of a column before it is read.
     *
     * @throws io.nexusid.api.NexusDataException if its type, codec or whereabouts are not read
     */
    static void check(ParquetOrigin origin, ParquetFooter footer, ParquetColumn column) {
        if (column.form() == ParquetColumn.Form.UNREADABLE) {
            throw origin.fault(
                    FaultCode.WRONG_TYPE,
                    column.name(),
                    "columns of type " + column.field().getType() + " are not read",
                    null);
        }
        for (RowGroup group : footer.rowGroups()) {
            ColumnChunk chunk = group.getColumns().get(column.leaf());
            if (chunk.isSetCrypto_metadata() || !chunk.isSetMeta_data()) {
                throw origin.corrupt(column.name(), "the column is encrypted; encrypted columns are not read", null);
            }
            if (chunk.isSetFile_path()) {
                throw origin.corrupt(column.name(), "the column lies in another file, which is not read", null);
            }
            ColumnMetaData meta = chunk.getMeta_data();
            if (meta.getNum_values() != group.getNum_rows()
                    || meta.getType() != column.physical()
                    || !meta.getPath_in_schema().equals(List.of(column.name()))) {
                throw origin.corrupt(column.name(), "a column chunk does not match its row group", null);
            }
            if (ParquetCodec.of(meta.getCodec()) == null) {
                throw origin.fault(
                        FaultCode.UNSUPPORTED_CODEC,
                        column.name(),
                        "the codec " + meta.getCodec() + " is not read; none, snappy, zstd, gzip and lz4_raw are",
                        null);
            }
        }
    }

    /**
     * Reads until {@code rows} rows are buffered, and returns how many are; fewer, but at least one, if their values
     * are very long.
     */
    int fill(int rows) throws IOException {
        if (column.form() == ParquetColumn.Form.NOTHING) {
            buffer.takeNothing(Math.max(0, rows - buffer.rows()));
            return buffer.rows();
        }
        try {
            while (buffer.rows() < rows && !buffer.full()) {
                if (block.consumed()) {
                    decode();
                }
                buffer.take(block, rows - buffer.rows());
            }
            return buffer.rows();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw origin.damaged(column.name(), e);
        }
    }

    private void decode() throws IOException {
        while (decoder.rowsLeft() == 0) {
            if (groupRowsLeft == 0) {
                openChunk();
                continue;
            }
            ParquetPages source = pages;
            if (source == null) {
                throw new IllegalStateException("no chunk");
            }
            ParquetPage page = source.next();
            if (page.dictionary()) {
                decoder.dictionary(page);
            } else {
                ParquetDamage.unless(page.rows() <= groupRowsLeft, "a column chunk has more rows than its row group");
                groupRowsLeft -= page.rows();
                if (page.rows() > 0) {
                    decoder.start(page);
                }
            }
        }
        decoder.next(block);
    }

    private void openChunk() {
        ParquetDamage.unless(nextGroup < footer.rowGroups().size(), "the column ends before its last row");
        RowGroup group = footer.rowGroups().get(nextGroup++);
        groupRowsLeft = group.getNum_rows();
        decoder.startChunk();
        if (groupRowsLeft > 0) {
            ColumnMetaData meta = group.getColumns().get(column.leaf()).getMeta_data();
            ParquetCodec codec = ParquetCodec.of(meta.getCodec());
            if (codec == null) {
                throw new IllegalStateException("checked before");
            }
            pages = new ParquetPages(channel, meta, codec, column.optional(), footer.fileBytes());
        }
    }

    /** The first rows buffered, which the caller owns. */
    BatchColumn drain(BufferAllocator allocator, int rows) {
        return buffer.drain(allocator, rows);
    }

    /** Lowers the bytes of text a batch takes, for tests. */
    void limitText(int bytes) {
        buffer.limitText(bytes);
    }
}
