package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.arrow.format.RowSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.util.TransferPair;
import org.jspecify.annotations.Nullable;

/**
 * Batches in memory, borrowed from the user or owned. Reading shares their buffers where allocators allow it (one root
 * allocator) and copies them otherwise; dictionary-encoded columns are decoded.
 */
final class MemorySource implements RowSource {
    private final String table;
    private final String name;
    private final List<Field> columns;
    private final List<VectorSchemaRoot> batches;
    private final @Nullable DictionaryProvider dictionaries;
    private final boolean ownsBatches;

    private MemorySource(
            String table,
            String name,
            List<Field> columns,
            List<VectorSchemaRoot> batches,
            @Nullable DictionaryProvider dictionaries,
            boolean ownsBatches) {
        this.table = table;
        this.name = name;
        this.columns = columns;
        this.batches = batches;
        this.dictionaries = dictionaries;
        this.ownsBatches = ownsBatches;
    }

    /**
     * Rows that stay the caller's, and must stay as they are while this source is used.
     *
     * @param dictionaries those of its dictionary-encoded columns, or null if it has none
     */
    static MemorySource borrowing(
            String table, String name, VectorSchemaRoot rows, @Nullable DictionaryProvider dictionaries) {
        List<Field> columns = rows.getSchema().getFields().stream()
                .map(field -> DictionaryColumn.decodedField(field, dictionaries))
                .toList();
        return new MemorySource(table, name, columns, List.of(rows), dictionaries, false);
    }

    /** Batches without dictionaries, which are closed with this source. */
    static MemorySource owning(String table, String name, List<Field> columns, List<VectorSchemaRoot> batches) {
        return new MemorySource(table, name, columns, List.copyOf(batches), null, true);
    }

    @Override
    public String name() {
        return name;
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
        return batches.stream().mapToLong(VectorSchemaRoot::getRowCount).sum();
    }

    @Override
    public RowReader read(BufferAllocator allocator, List<String> names) {
        return new Reader(allocator, names);
    }

    @Override
    public void close() {
        if (ownsBatches) {
            batches.forEach(VectorSchemaRoot::close);
        }
    }

    private final class Reader implements RowReader {
        private final BufferAllocator allocator;
        private final List<String> names;
        private int batch;
        private int row;

        Reader(BufferAllocator allocator, List<String> names) {
            this.allocator = allocator;
            this.names = names;
        }

        @Override
        public @Nullable RowBatch next() {
            while (batch < batches.size() && row >= batches.get(batch).getRowCount()) {
                batch++;
                row = 0;
            }
            if (batch == batches.size()) {
                return null;
            }
            VectorSchemaRoot rows = batches.get(batch);
            int count = Math.min(MAX_BATCH_ROWS, rows.getRowCount() - row);
            List<FieldVector> vectors = new ArrayList<>();
            try {
                for (String column : names) {
                    vectors.add(slice(rows.getVector(column), row, count));
                }
                row += count;
                return RowBatch.of(new VectorSchemaRoot(
                        vectors.stream().map(FieldVector::getField).toList(), vectors, count));
            } catch (RuntimeException | Error e) {
                AutoCloseables.closeNoChecked(() -> AutoCloseables.close(vectors));
                throw e;
            }
        }

        private FieldVector slice(FieldVector column, int from, int count) {
            if (column.getField().getDictionary() == null) {
                return share(column, from, count, allocator);
            }
            FieldVector values = DictionaryColumn.dictionary(column.getField(), dictionaries);
            return DictionaryColumn.decode(column, values, from, count, allocator, damaged(table, name));
        }

        @Override
        public void close() {}
    }

    /** Starts the error for content that breaks its own format. */
    static NexusDataException.Builder damaged(String table, String name) {
        return NexusDataException.of(FaultCode.CORRUPT_FILE, table).file(name);
    }

    /** Some rows of a column in a new vector of this allocator, which the caller owns; the column stays whole. */
    static FieldVector share(FieldVector column, int from, int count, BufferAllocator allocator) {
        if (column instanceof NullVector) {
            return new NullVector(column.getField(), count);
        }
        boolean related = column.getAllocator().getRoot() == allocator.getRoot();
        TransferPair transfer = column.getTransferPair(related ? allocator : column.getAllocator());
        transfer.splitAndTransfer(from, count);
        FieldVector slice = (FieldVector) transfer.getTo();
        if (related) {
            return slice;
        }
        try (slice) {
            return copy(slice, count, allocator);
        }
    }

    private static FieldVector copy(FieldVector slice, int count, BufferAllocator allocator) {
        FieldVector result = slice.getField().createVector(allocator);
        List<ArrowBuf> copies = new ArrayList<>();
        try {
            for (ArrowBuf buffer : slice.getFieldBuffers()) {
                ArrowBuf copy = allocator.buffer(buffer.writerIndex());
                copies.add(copy);
                copy.setBytes(0, buffer, 0, buffer.writerIndex());
                copy.writerIndex(buffer.writerIndex());
            }
            result.loadFieldBuffers(new ArrowFieldNode(count, slice.getNullCount()), copies);
            return result;
        } catch (RuntimeException | Error e) {
            result.close();
            throw e;
        } finally {
            copies.forEach(ArrowBuf::close);
        }
    }
}
