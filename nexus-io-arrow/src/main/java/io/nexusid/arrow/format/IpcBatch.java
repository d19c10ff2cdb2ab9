package io.nexusid.arrow.format;

import io.nexusid.api.FaultCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * Loads columns of one record batch. Goes through the batch's nodes and buffers in the order of the schema; of a column
 * that is not wanted it only counts them.
 *
 * <p>Nothing the file says is believed: rows of all columns are equal, buffers lie in the body and are as long as the
 * rows need, validity has the announced number of nulls, offsets start at 0 or later, do not decrease and stay in the
 * data, views stay in their buffers. So no later read of a loaded vector can leave its buffers. Costs one pass over
 * validity, offsets and views; memory: the wanted buffers, without padding.
 */
final class IpcBatch {
    /** Of the buffers that {@link TypeLayout} counts for a view type, those that hold data. */
    private static final int VIEW_DATA_BUFFERS_COUNTED = TypeLayout.getTypeBufferCount(ArrowType.Utf8View.INSTANCE) - 2;

    private final FileOrigin origin;
    private final IpcCheck check;
    private final BufferAllocator allocator;
    private final RecordBatch batch;
    private final IpcBody body;
    private final int rows;
    private int node;
    private int buffer;
    private int view;

    /**
     * @param allocator owns the loaded vectors
     * @param batch what the metadata says
     * @param body where the buffers are
     */
    IpcBatch(FileOrigin origin, BufferAllocator allocator, RecordBatch batch, IpcBody body) {
        this.origin = origin;
        this.check = new IpcCheck(origin);
        this.allocator = allocator;
        this.batch = batch;
        this.body = body;
        long length = batch.length();
        if (length < 0 || length > Integer.MAX_VALUE - 64) {
            throw origin.corrupt("a batch of " + length + " rows");
        }
        this.rows = (int) length;
    }

    int rows() {
        return rows;
    }

    /**
     * Loads the wanted columns.
     *
     * @param fields all columns of the batch
     * @param wanted which of them
     * @return one vector for each wanted column, in the order of {@code fields}; the caller closes them
     */
    List<FieldVector> load(List<IpcField> fields, boolean[] wanted) throws IOException {
        List<FieldVector> vectors = new ArrayList<>();
        try {
            for (int i = 0; i < fields.size(); i++) {
                if (wanted[i]) {
                    vectors.add(column(fields.get(i)));
                } else {
                    skip(fields.get(i), true);
                }
            }
            check.require(
                    node == batch.nodesLength() && buffer == batch.buffersLength(), "other columns than the schema");
            return vectors;
        } catch (Throwable t) {
            AutoCloseables.close(t, vectors);
            throw t;
        }
    }

    private FieldVector column(IpcField field) throws IOException {
        FieldVector vector = field.stored().createVector(allocator);
        List<ArrowBuf> buffers = new ArrayList<>();
        try {
            if (rows == 0) {
                skip(field, true);
                return vector;
            }
            int nullCount = nextNode(true);
            if (!(vector instanceof NullVector)) {
                buffers.add(validity(nullCount));
                addValues(vector, buffers);
            }
            vector.loadFieldBuffers(new ArrowFieldNode(rows, nullCount), buffers);
            return vector;
        } catch (Throwable t) {
            vector.close();
            throw t;
        } finally {
            // The vector holds references of its own.
            buffers.forEach(ArrowBuf::close);
        }
    }

    private ArrowBuf validity(int nullCount) throws IOException {
        IpcBody.Part part = nextPart();
        if (part.length() == 0) {
            check.require(nullCount == 0, "nulls without a validity buffer");
            return allocator.getEmpty();
        }
        ArrowBuf bits = part.read(allocator, (rows + 7L) / 8);
        try {
            check.require(check.nullCount(bits, rows) == nullCount, "another number of nulls than announced");
        } catch (Throwable t) {
            bits.close();
            throw t;
        }
        return bits;
    }

    /** Adds what follows the validity; a buffer is in the list, which the caller closes, before it is looked at. */
    private void addValues(FieldVector vector, List<ArrowBuf> buffers) throws IOException {
        if (vector instanceof BitVector) {
            buffers.add(nextPart().read(allocator, (rows + 7L) / 8));
        } else if (vector instanceof BaseFixedWidthVector fixed) {
            buffers.add(nextPart().read(allocator, (long) fixed.getTypeWidth() * rows));
        } else if (vector instanceof BaseVariableWidthVector) {
            addVariable(4, buffers);
        } else if (vector instanceof BaseLargeVariableWidthVector) {
            addVariable(8, buffers);
        } else if (vector instanceof BaseVariableWidthViewVector) {
            addViews(buffers);
        } else {
            throw origin.fault(FaultCode.WRONG_TYPE)
                    .column(vector.getName())
                    .because("values of type " + vector.getField().getType() + " are not read");
        }
    }

    private void addVariable(int offsetBytes, List<ArrowBuf> buffers) throws IOException {
        ArrowBuf offsets = nextPart().read(allocator, (rows + 1L) * offsetBytes);
        buffers.add(offsets);
        IpcBody.Part data = nextPart();
        long end = check.lastOffset(offsets, rows, offsetBytes);
        buffers.add(data.read(allocator, end));
    }

    private void addViews(List<ArrowBuf> buffers) throws IOException {
        ArrowBuf views = nextPart().read(allocator, (long) rows * BaseVariableWidthViewVector.ELEMENT_SIZE);
        buffers.add(views);
        List<ArrowBuf> data = new ArrayList<>();
        int count = nextViewBuffers();
        for (int i = 0; i < count; i++) {
            IpcBody.Part part = nextPart();
            ArrowBuf bytes = part.read(allocator, part.length());
            buffers.add(bytes);
            data.add(bytes);
        }
        check.views(views, buffers.get(0), rows, data);
    }

    /** Passes over a column's nodes and buffers. */
    private void skip(IpcField field, boolean top) {
        nextNode(top);
        if (field.encoding() != null) {
            buffer += TypeLayout.getTypeBufferCount(field.encoding().indexType());
            return;
        }
        buffer += TypeLayout.getTypeBufferCount(field.type());
        if (field.type() instanceof ArrowType.Utf8View || field.type() instanceof ArrowType.BinaryView) {
            // Counted among the type's buffers is one for the data, of which there can be any number.
            buffer += nextViewBuffers() - VIEW_DATA_BUFFERS_COUNTED;
        }
        for (IpcField child : field.children()) {
            skip(child, false);
        }
    }

    /** The null count of the next node; a top-level one has the rows of the batch. */
    private int nextNode(boolean top) {
        check.require(node < batch.nodesLength(), "fewer columns than the schema");
        FieldNode next = batch.nodes(node++);
        long length = next.length();
        check.require(top ? length == rows : length >= 0, "a column with another number of rows");
        check.require(next.nullCount() >= 0 && next.nullCount() <= length, "more nulls than rows");
        return top ? (int) next.nullCount() : 0;
    }

    private IpcBody.Part nextPart() throws IOException {
        check.require(buffer < batch.buffersLength(), "fewer buffers than its columns need");
        Buffer next = batch.buffers(buffer++);
        return body.part(next.offset(), next.length());
    }

    private int nextViewBuffers() {
        check.require(view < batch.variadicBufferCountsLength(), "a view column without its number of buffers");
        long count = batch.variadicBufferCounts(view++);
        check.require(count >= 0 && count <= batch.buffersLength(), "more buffers than there are");
        return (int) count;
    }
}
