package io.nexusid.arrow.format;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.util.TransferPair;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the messages of an IPC file or stream. Loads the wanted columns of one record batch at a time and gives
 * them out in slices of at most {@link RowReader#MAX_BATCH_ROWS} rows that share its memory; dictionary references
 * become values slice by slice.
 */
final class IpcReader implements RowReader {
    /** A slice ends early where the values of one dictionary column pass this: a few bytes can stand for many. */
    private static final long DECODED_BYTES = 64L << 20;

    private final IpcInput input;
    private final IpcMessages messages;
    private final BufferAllocator allocator;
    private final List<IpcField> fields;
    private final boolean[] wanted;
    private final List<Column> columns = new ArrayList<>();
    private final Map<Long, IpcDictionary> dictionaries = new HashMap<>();
    private List<FieldVector> loaded = List.of();
    private int rows;
    private int position;

    /** A wanted column: where its vector is among the loaded ones, and how its references become values. */
    private static final class Column {
        private final Field field;
        private final int loadedAt;
        private final @Nullable IpcDictionary dictionary;
        private final int[] codes;

        Column(Field field, int loadedAt, @Nullable IpcDictionary dictionary) {
            this.field = field;
            this.loadedAt = loadedAt;
            this.dictionary = dictionary;
            this.codes = dictionary == null ? new int[0] : new int[MAX_BATCH_ROWS];
        }
    }

    private IpcReader(
            IpcInput input, IpcMessages messages, BufferAllocator allocator, List<IpcField> fields, boolean[] wanted) {
        this.input = input;
        this.messages = messages;
        this.allocator = allocator;
        this.fields = fields;
        this.wanted = wanted;
    }

    /**
     * Starts behind the schema. Takes over the input, also when it fails.
     *
     * @param messages from the first on
     * @param fields all columns
     * @param positions the wanted ones
     */
    static IpcReader open(
            IpcInput input, IpcMessages messages, BufferAllocator allocator, List<IpcField> fields, int[] positions)
            throws IOException {
        boolean[] wanted = new boolean[fields.size()];
        for (int position : positions) {
            wanted[position] = true;
        }
        IpcReader reader = new IpcReader(input, messages, allocator, fields, wanted);
        try {
            for (int position : positions) {
                IpcField field = fields.get(position);
                reader.columns.add(new Column(field.decoded(), reader.loadedAt(position), reader.dictionary(field)));
            }
            if (!messages.schema().equals(fields)) {
                throw input.origin().corrupt("the file changed while it was read");
            }
            return reader;
        } catch (Throwable t) {
            reader.close();
            throw t;
        }
    }

    @Override
    public @Nullable RowBatch next() throws IOException {
        try {
            while (position == rows) {
                release();
                IpcMessages.IpcMessage message = messages.next();
                if (message == null) {
                    return null;
                }
                load(message);
            }
            return slice();
        } catch (NexusDataException e) {
            throw e;
        } catch (OutOfMemoryException e) {
            throw input.origin()
                    .fault(FaultCode.CAPACITY)
                    .cause(e)
                    .because("a record batch does not fit the memory given; write smaller batches");
        } catch (RuntimeException e) {
            throw input.origin().corrupt("a message does not parse", e);
        }
    }

    @Override
    public void close() throws IOException {
        release();
        dictionaries.values().forEach(IpcDictionary::close);
        input.close();
    }

    private int loadedAt(int position) {
        int before = 0;
        for (int i = 0; i < position; i++) {
            before += wanted[i] ? 1 : 0;
        }
        return before;
    }

    private @Nullable IpcDictionary dictionary(IpcField field) {
        IpcField.Encoding encoding = field.encoding();
        if (field.isNested()) {
            throw input.origin()
                    .fault(FaultCode.WRONG_TYPE)
                    .column(field.name())
                    .because("a nested column (" + field.type() + ") is not read");
        }
        if (encoding == null) {
            return null;
        }
        IpcDictionary dictionary = dictionaries.computeIfAbsent(
                encoding.dictionary(), id -> new IpcDictionary(input.origin(), allocator, field));
        if (!dictionary.field().type().equals(field.type())) {
            throw input.origin()
                    .corrupt("columns " + field.name() + " and "
                            + dictionary.field().name() + " share a dictionary but not a type");
        }
        return dictionary;
    }

    private void load(IpcMessages.IpcMessage message) throws IOException {
        switch (message.metadata().headerType()) {
            case MessageHeader.RecordBatch -> {
                IpcBatch batch = batch(message, (RecordBatch) message.metadata().header(new RecordBatch()));
                if (batch.rows() > 0) {
                    loaded = batch.load(fields, wanted);
                    rows = batch.rows();
                }
            }
            case MessageHeader.DictionaryBatch ->
                loadDictionary(message, (DictionaryBatch) message.metadata().header(new DictionaryBatch()));
            default -> throw input.origin().corrupt("an unexpected kind of message at byte " + message.position());
        }
    }

    private void loadDictionary(IpcMessages.IpcMessage message, DictionaryBatch metadata) throws IOException {
        IpcDictionary dictionary = dictionaries.get(metadata.id());
        if (dictionary == null) {
            return;
        }
        List<FieldVector> values =
                batch(message, metadata.data()).load(List.of(dictionary.field()), new boolean[] {true});
        try {
            if (!metadata.isDelta()) {
                dictionary.clear();
            }
            dictionary.append(values.get(0));
        } finally {
            values.forEach(FieldVector::close);
        }
    }

    private IpcBatch batch(IpcMessages.IpcMessage message, RecordBatch metadata) {
        IpcBody body = new IpcBody(input, message.bodyPosition(), message.bodyLength(), metadata.compression());
        return new IpcBatch(input.origin(), allocator, metadata, body);
    }

    private RowBatch slice() {
        int count = Math.min(MAX_BATCH_ROWS, rows - position);
        for (Column column : columns) {
            if (column.dictionary != null) {
                BaseIntVector references = (BaseIntVector) loaded.get(column.loadedAt);
                count = column.dictionary.resolve(references, position, count, DECODED_BYTES, column.codes);
            }
        }
        List<BatchColumn> sliced = new ArrayList<>();
        try {
            for (Column column : columns) {
                sliced.add(slice(column, count));
            }
        } catch (Throwable t) {
            AutoCloseables.close(t, sliced);
            throw t;
        }
        position += count;
        return new RowBatch(count, sliced, List.of());
    }

    private BatchColumn slice(Column column, int count) {
        if (column.dictionary != null) {
            return column.dictionary.take(column.codes, count, allocator, column.field);
        }
        TransferPair pair = loaded.get(column.loadedAt).getTransferPair(column.field, allocator);
        pair.splitAndTransfer(position, count);
        return BatchColumn.of((FieldVector) pair.getTo());
    }

    private void release() {
        loaded.forEach(FieldVector::close);
        loaded = List.of();
        rows = 0;
        position = 0;
    }
}
