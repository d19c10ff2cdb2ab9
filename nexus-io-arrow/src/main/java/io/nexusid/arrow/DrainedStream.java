package io.nexusid.arrow;

import io.nexusid.arrow.format.ArrowStreamSource;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.arrow.format.RowSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Makes the rows of a stream, which can be read once, readable any number of times: they are kept in memory up to a
 * limit, and beyond it all of them go into one temporary file in the Arrow stream format. Dictionaries are decoded on
 * the way. Nested columns are dropped: no table can use them.
 */
final class DrainedStream {
    /** Streams of up to this many bytes stay in memory. */
    static final long KEPT_BYTES = 64L << 20;

    private final String table;
    private final String name;
    private final BufferAllocator allocator;
    private final long keptLimit;
    private final List<VectorSchemaRoot> kept = new ArrayList<>();
    private long keptBytes;
    private @Nullable SpillFile spill;

    private DrainedStream(String table, String name, BufferAllocator allocator, long keptLimit) {
        this.table = table;
        this.name = name;
        this.allocator = allocator;
        this.keptLimit = keptLimit;
    }

    /**
     * Reads a stream to its end. Whatever happens, the stream stays open and the caller's.
     *
     * @param table the input table it belongs to, for messages
     * @param name how messages name it
     * @param keptLimit the most bytes to keep in memory
     * @return a source whose closing frees the memory or deletes the file
     */
    static RowSource drain(String table, String name, ArrowReader stream, BufferAllocator allocator, long keptLimit)
            throws IOException {
        DrainedStream drained = new DrainedStream(table, name, allocator, keptLimit);
        try {
            return drained.drain(stream);
        } catch (Throwable t) {
            drained.discard(t);
            throw t;
        }
    }

    private RowSource drain(ArrowReader stream) throws IOException {
        VectorSchemaRoot root = stream.getVectorSchemaRoot();
        List<Field> columns = root.getSchema().getFields().stream()
                .map(field -> DictionaryColumn.decodedField(field, stream))
                .toList();
        while (stream.loadNextBatch()) {
            if (root.getRowCount() > 0) {
                add(take(stream, root));
            }
        }
        SpillFile file = spill;
        if (file == null) {
            return MemorySource.owning(table, name, columns, kept);
        }
        file.finish();
        return new Spilled(file.path(), ArrowStreamSource.open(file.path(), table, name), columns);
    }

    private VectorSchemaRoot take(ArrowReader stream, VectorSchemaRoot root) throws IOException {
        int rows = root.getRowCount();
        List<FieldVector> vectors = new ArrayList<>();
        try {
            for (FieldVector column : root.getFieldVectors()) {
                Field field = column.getField();
                if (field.getDictionary() != null) {
                    FieldVector values = DictionaryColumn.dictionary(field, stream);
                    vectors.add(DictionaryColumn.decode(
                            column, values, 0, rows, allocator, MemorySource.damaged(table, name)));
                } else if (field.getChildren().isEmpty()) {
                    vectors.add(MemorySource.share(column, 0, rows, allocator));
                }
            }
            List<Field> fields = vectors.stream().map(FieldVector::getField).toList();
            return new VectorSchemaRoot(fields, vectors, rows);
        } catch (RuntimeException | Error e) {
            vectors.forEach(FieldVector::close);
            throw e;
        }
    }

    private void add(VectorSchemaRoot batch) throws IOException {
        long bytes = batch.getFieldVectors().stream()
                .mapToLong(FieldVector::getBufferSize)
                .sum();
        if (spill == null && keptBytes + bytes <= keptLimit) {
            kept.add(batch);
            keptBytes += bytes;
            return;
        }
        try (batch) {
            SpillFile file = spill;
            if (file == null) {
                file = SpillFile.create(batch.getSchema());
                spill = file;
                for (VectorSchemaRoot earlier : kept) {
                    file.write(earlier);
                    earlier.close();
                }
                kept.clear();
            }
            file.write(batch);
        }
    }

    private void discard(Throwable cause) {
        try {
            AutoCloseables.close(kept);
            if (spill != null) {
                spill.delete();
            }
        } catch (Exception e) {
            cause.addSuppressed(e);
        }
    }

    /** The temporary file, which still knows the columns that did not go into it. */
    private static final class Spilled implements RowSource {
        private final Path file;
        private final RowSource rows;
        private final List<Field> columns;

        Spilled(Path file, RowSource rows, List<Field> columns) {
            this.file = file;
            this.rows = rows;
            this.columns = columns;
        }

        @Override
        public String name() {
            return rows.name();
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
            return rows.rowCount();
        }

        @Override
        public RowReader read(BufferAllocator allocator, List<String> names) throws IOException {
            return rows.read(allocator, names);
        }

        @Override
        public void close() throws IOException {
            try (rows) {
                Files.deleteIfExists(file);
            }
        }
    }
}
