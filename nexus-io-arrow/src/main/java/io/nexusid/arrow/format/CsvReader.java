package io.nexusid.arrow.format;

import io.nexusid.api.FaultCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** One pass over a CSV file: {@link CsvScanner} finds the fields, {@link TextColumn} collects those of a batch. */
final class CsvReader implements RowReader {
    /** A batch ends early at about this many bytes, far from the 2 GiB that one utf8 vector can hold. */
    private static final long BATCH_BYTES = 64L << 20;

    private final FileOrigin origin;
    private final BufferAllocator allocator;
    private final CsvScanner scanner;
    private final int fieldCount;
    private final int[] fields;
    private final List<TextColumn> columns = new ArrayList<>();
    private long rowsBefore;

    private CsvReader(
            FileOrigin origin, BufferAllocator allocator, CsvScanner scanner, List<Field> header, int[] fields) {
        this.origin = origin;
        this.allocator = allocator;
        this.scanner = scanner;
        this.fieldCount = header.size();
        this.fields = fields;
        for (int field : fields) {
            columns.add(new TextColumn(header.get(field)));
        }
    }

    /**
     * Opens the file behind its header.
     *
     * @param header all columns of the file
     * @param fields positions of the wanted ones
     */
    static CsvReader open(FileOrigin origin, BufferAllocator allocator, List<Field> header, int[] fields)
            throws IOException {
        CsvScanner scanner = CsvScanner.open(origin.path(), header.size());
        CsvReader reader = new CsvReader(origin, allocator, scanner, header, fields);
        try {
            reader.nextRecord();
            return reader;
        } catch (Throwable t) {
            reader.close();
            throw t;
        }
    }

    @Override
    public @Nullable RowBatch next() throws IOException {
        List<RowBatch.MalformedRow> malformed = new ArrayList<>();
        int rows = 0;
        long bytes = 0;
        while (rows < MAX_BATCH_ROWS && bytes < BATCH_BYTES && nextRecord()) {
            if (fieldCount > 1 && scanner.blank()) {
                continue;
            }
            String defect = defect();
            if (defect == null) {
                bytes += append();
            } else {
                malformed.add(new RowBatch.MalformedRow(rows, defect));
                columns.forEach(TextColumn::appendNull);
            }
            rows++;
            rowsBefore++;
        }
        return rows == 0 ? null : RowBatch.of(takeRoot(rows), List.copyOf(malformed));
    }

    @Override
    public void close() throws IOException {
        scanner.close();
    }

    private boolean nextRecord() throws IOException {
        try {
            return scanner.next();
        } catch (CsvScanner.OversizedRecordException e) {
            throw origin.fault(FaultCode.CAPACITY)
                    .row(rowsBefore + 1)
                    .because("a record of more than 16 MiB; is a quote left open?");
        }
    }

    private @Nullable String defect() {
        String defect = scanner.defect();
        if (defect == null && scanner.fieldCount() != fieldCount) {
            defect = scanner.fieldCount() + " fields where the header has " + fieldCount;
        }
        return defect;
    }

    private long append() {
        long bytes = 0;
        for (int i = 0; i < fields.length; i++) {
            int field = fields[i];
            TextColumn column = columns.get(i);
            if (scanner.isNull(field)) {
                column.appendNull();
            } else {
                int end = scanner.end(field);
                int length = end - scanner.start(field);
                column.append(scanner.bytes(), scanner.start(field), length);
                bytes += length;
            }
        }
        return bytes;
    }

    private VectorSchemaRoot takeRoot(int rows) {
        List<Field> schema = new ArrayList<>();
        List<FieldVector> vectors = new ArrayList<>();
        try {
            for (TextColumn column : columns) {
                schema.add(column.field());
                vectors.add(column.takeVector(allocator));
            }
            return new VectorSchemaRoot(schema, vectors, rows);
        } catch (Throwable t) {
            AutoCloseables.close(t, vectors);
            throw t;
        }
    }
}
