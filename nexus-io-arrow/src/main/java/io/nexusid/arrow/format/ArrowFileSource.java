package io.nexusid.arrow.format;

import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * An Arrow IPC file ({@code NAME.arrow}), uncompressed or zstd. Needs no JVM flag. Only wanted columns are read;
 * dictionaries become values.
 *
 * <p>The file is read as the stream inside it, and the stream is held against the footer when the file is opened: same
 * schema, same batches at the same places. So a truncated file, or one of another format, is known at once. All that is
 * needed to read safely is checked (see {@link IpcBatch}); but the format has no checksums, so that a flipped bit in a
 * value goes unnoticed.
 */
public final class ArrowFileSource implements RowSource {
    private static final int START = 8;
    private static final int TRAILER_BYTES = Integer.BYTES + ArrowTableWriter.MAGIC.length;
    private static final int MAX_FOOTER_BYTES = 256 << 20;

    private final FileOrigin origin;
    private final long streamEnd;
    private final List<IpcField> fields;
    private final List<Field> columns;
    private final long rowCount;

    private ArrowFileSource(FileOrigin origin, long streamEnd, List<IpcField> fields, long rowCount) {
        this.origin = origin;
        this.streamEnd = streamEnd;
        this.fields = fields;
        this.columns = fields.stream().map(IpcField::decoded).toList();
        this.rowCount = rowCount;
    }

    /**
     * Reads the footer and the metadata of every batch. Nothing stays open.
     *
     * @param file where it is
     * @param table the input table it belongs to
     * @param name how messages name it
     */
    public static ArrowFileSource open(Path file, String table, String name) throws IOException {
        FileOrigin origin = new FileOrigin(file, table, name);
        try (IpcInput input = IpcInput.open(origin)) {
            return open(input);
        } catch (NexusDataException e) {
            throw e;
        } catch (RuntimeException e) {
            throw origin.corrupt("the metadata does not parse", e);
        }
    }

    @Override
    public String name() {
        return origin.name();
    }

    @Override
    public List<Field> columns() {
        return columns;
    }

    @Override
    public boolean textual() {
        return false;
    }

    @Override
    public long rowCount() {
        return rowCount;
    }

    @Override
    public RowReader read(BufferAllocator allocator, List<String> names) throws IOException {
        int[] positions = ColumnNames.positions(columns, names);
        IpcInput input = IpcInput.open(origin);
        return IpcReader.open(input, new IpcMessages(input, START, streamEnd, false), allocator, fields, positions);
    }

    @Override
    public void close() {}

    private static ArrowFileSource open(IpcInput input) throws IOException {
        FileOrigin origin = input.origin();
        long trailer = input.size() - TRAILER_BYTES;
        if (trailer < START || !hasMagic(input, 0)) {
            throw origin.corrupt("not an Arrow IPC file (a stream is named .arrows)");
        }
        if (!hasMagic(input, trailer + Integer.BYTES)) {
            throw origin.corrupt("the file is cut off: it does not end as an Arrow IPC file does");
        }
        int footerLength = input.read(trailer, Integer.BYTES).getInt();
        if (footerLength <= 0 || footerLength > Math.min(trailer - START, MAX_FOOTER_BYTES)) {
            throw origin.corrupt("a footer of " + Integer.toUnsignedLong(footerLength) + " bytes");
        }
        long streamEnd = trailer - footerLength;
        Footer footer = Footer.getRootAsFooter(input.read(streamEnd, footerLength));
        IpcMessages messages = new IpcMessages(input, START, streamEnd, false);
        List<IpcField> fields = messages.schema();
        Schema schema = footer.schema();
        if (schema == null || !fields.equals(IpcSchema.read(origin, schema, footer.version()))) {
            throw origin.corrupt("the footer has another schema than the file");
        }
        return new ArrowFileSource(origin, streamEnd, fields, countRows(origin, messages, footer));
    }

    /** Goes through all messages without their bodies and compares them with the footer. */
    private static long countRows(FileOrigin origin, IpcMessages messages, Footer footer) throws IOException {
        long rows = 0;
        int batches = 0;
        int dictionaries = 0;
        for (IpcMessages.IpcMessage message = messages.next(); message != null; message = messages.next()) {
            byte kind = message.metadata().headerType();
            Block block = null;
            if (kind == MessageHeader.RecordBatch && batches < footer.recordBatchesLength()) {
                block = footer.recordBatches(batches++);
                long length = ((RecordBatch) message.metadata().header(new RecordBatch())).length();
                rows = Math.addExact(rows, Math.max(0, length));
            } else if (kind == MessageHeader.DictionaryBatch && dictionaries < footer.dictionariesLength()) {
                block = footer.dictionaries(dictionaries++);
            }
            if (block == null || block.offset() != message.position() || block.bodyLength() != message.bodyLength()) {
                throw origin.corrupt("the footer does not name the message at byte " + message.position());
            }
        }
        if (batches != footer.recordBatchesLength() || dictionaries != footer.dictionariesLength()) {
            throw origin.corrupt("the footer names batches that are not there");
        }
        return rows;
    }

    private static boolean hasMagic(IpcInput input, long position) throws IOException {
        return input.read(position, ArrowTableWriter.MAGIC.length).equals(ByteBuffer.wrap(ArrowTableWriter.MAGIC));
    }
}
