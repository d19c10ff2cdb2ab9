package io.nexusid.arrow.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.flatbuffers.FlatBufferBuilder;
import io.nexusid.api.ColumnType;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowFooter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Writes the Arrow IPC file format: one record batch per {@link #write}, plain utf8, no compression, no dictionaries.
 *
 * <p>Buffers go out through heap arrays, because Arrow's own writer asks for a JVM flag. They are made canonical on the
 * way (no bytes under nulls, no bits behind the last row, no validity where nothing is null), so that equal batches give
 * equal files whatever memory they came from.
 */
public final class ArrowTableWriter implements TableWriter {
    static final byte[] MAGIC = "ARROW1".getBytes(US_ASCII);
    static final int ALIGNMENT = 8;
    static final int CONTINUATION = 0xFFFFFFFF;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] ZEROS = new byte[ALIGNMENT];

    private final SyncedFile file;
    private final Schema schema;
    private final HeapBatch shape;
    private final byte[][] offsets;
    private final List<ArrowBlock> blocks = new ArrayList<>();
    private boolean whole = true;

    private ArrowTableWriter(SyncedFile file, Schema schema) {
        this.file = file;
        this.schema = schema;
        this.shape = new HeapBatch(schema);
        this.offsets = new byte[schema.getFields().size()][0];
    }

    /** Creates the file, or empties it, and writes the schema. */
    public static TableWriter create(Path path, Schema schema) throws IOException {
        SyncedFile file = SyncedFile.create(path);
        try {
            ArrowTableWriter writer = new ArrowTableWriter(file, schema);
            file.write(MAGIC, 0, MAGIC.length);
            writer.pad();
            writer.writeMessage(MessageSerializer.serializeMetadata(schema, IpcOption.DEFAULT));
            return writer;
        } catch (Throwable t) {
            file.close();
            throw t;
        }
    }

    @Override
    public void write(HeapBatch batch) throws IOException {
        shape.checkColumns(batch.schema());
        whole = false;
        int rows = batch.rows();
        List<Slice> body = new ArrayList<>();
        int[] nullCounts = new int[offsets.length];
        for (int i = 0; i < offsets.length; i++) {
            HeapColumn column = batch.column(i);
            column.canonicalize(rows);
            nullCounts[i] = column.nullCount(rows);
            addBuffers(column, i, rows, nullCounts[i], body);
        }
        long bodyLength = body.stream().mapToLong(slice -> padded(slice.length)).sum();
        long start = file.position();
        writeMessage(recordBatch(rows, nullCounts, body, bodyLength));
        int metadataLength = (int) (file.position() - start);
        for (Slice slice : body) {
            file.write(slice.bytes, 0, slice.length);
            pad();
        }
        blocks.add(new ArrowBlock(start, metadataLength, bodyLength));
        whole = true;
    }

    @Override
    public void close() throws IOException {
        try (file) {
            if (whole) {
                whole = false;
                writeFooter();
                file.finish();
            }
        }
    }

    /** Some first bytes of an array. */
    private static final class Slice {
        private final byte[] bytes;
        private final int length;

        Slice(byte[] bytes, int length) {
            this.bytes = bytes;
            this.length = length;
        }
    }

    private void addBuffers(HeapColumn column, int index, int rows, int nullCount, List<Slice> body) {
        body.add(new Slice(column.validity(), nullCount == 0 ? 0 : (rows + 7) / 8));
        if (column.type() == ColumnType.STRING) {
            int length = packOffsets(column, index, rows);
            body.add(new Slice(offsets[index], rows == 0 ? 0 : 4 * (rows + 1)));
            body.add(new Slice(packText(column, rows, length), length));
        } else {
            body.add(new Slice(column.data(), column.fixedBytes(rows)));
        }
    }

    /** Offsets from 0 in which a null is empty; returns the last. */
    private int packOffsets(HeapColumn column, int index, int rows) {
        if (offsets[index].length < 4 * (rows + 1)) {
            offsets[index] = new byte[4 * (rows + 1)];
        }
        byte[] out = offsets[index];
        int end = 0;
        INT.set(out, 0, 0);
        for (int row = 0; row < rows; row++) {
            if (!column.isNull(row)) {
                end += column.end(row) - column.start(row);
            }
            INT.set(out, 4 * row + 4, end);
        }
        return end;
    }

    /** The bytes of the values alone: usually the column's own, already side by side. */
    private static byte[] packText(HeapColumn column, int rows, int length) {
        if (rows == 0 || (column.start(0) == 0 && column.end(rows - 1) == length)) {
            return column.data();
        }
        byte[] packed = new byte[length];
        int end = 0;
        for (int row = 0; row < rows; row++) {
            if (!column.isNull(row)) {
                int size = column.end(row) - column.start(row);
                System.arraycopy(column.data(), column.start(row), packed, end, size);
                end += size;
            }
        }
        return packed;
    }

    private static ByteBuffer recordBatch(int rows, int[] nullCounts, List<Slice> body, long bodyLength) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        RecordBatch.startNodesVector(builder, nullCounts.length);
        for (int i = nullCounts.length - 1; i >= 0; i--) {
            FieldNode.createFieldNode(builder, rows, nullCounts[i]);
        }
        int nodes = builder.endVector();
        RecordBatch.startBuffersVector(builder, body.size());
        long end = bodyLength;
        for (int i = body.size() - 1; i >= 0; i--) {
            int length = body.get(i).length;
            end -= padded(length);
            Buffer.createBuffer(builder, end, length);
        }
        int buffers = builder.endVector();
        RecordBatch.startRecordBatch(builder);
        RecordBatch.addLength(builder, rows);
        RecordBatch.addNodes(builder, nodes);
        RecordBatch.addBuffers(builder, buffers);
        int batch = RecordBatch.endRecordBatch(builder);
        return MessageSerializer.serializeMessage(
                builder, MessageHeader.RecordBatch, batch, bodyLength, IpcOption.DEFAULT);
    }

    private void writeFooter() throws IOException {
        writeInt(CONTINUATION);
        writeInt(0);
        long start = file.position();
        writeBytes(WriteChannel.serialize(new ArrowFooter(schema, List.of(), blocks)));
        writeInt((int) (file.position() - start));
        file.write(MAGIC, 0, MAGIC.length);
    }

    private void writeMessage(ByteBuffer metadata) throws IOException {
        writeInt(CONTINUATION);
        writeInt((int) padded(metadata.remaining()));
        writeBytes(metadata);
        pad();
    }

    private void writeBytes(ByteBuffer bytes) throws IOException {
        file.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    private void writeInt(int value) throws IOException {
        byte[] bytes = new byte[4];
        INT.set(bytes, 0, value);
        file.write(bytes, 0, bytes.length);
    }

    private void pad() throws IOException {
        file.write(ZEROS, 0, (int) (padded(file.position()) - file.position()));
    }

    private static long padded(long length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
