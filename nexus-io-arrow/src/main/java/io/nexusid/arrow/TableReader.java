package io.nexusid.arrow;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/** A resolved table as Arrow's own reader: each batch moves into the one root that the caller holds. */
final class TableReader extends ArrowReader {
    private final TableRows.Cursor cursor;
    private final Schema schema;

    TableReader(TableRows rows, BufferAllocator allocator, Workers workers) throws IOException {
        super(allocator);
        this.schema = rows.schema();
        this.cursor = rows.open(allocator, workers);
    }

    @Override
    public boolean loadNextBatch() throws IOException {
        VectorSchemaRoot root = getVectorSchemaRoot();
        VectorSchemaRoot batch = cursor.next();
        if (batch == null) {
            root.getFieldVectors().forEach(FieldVector::clear);
            root.setRowCount(0);
            return false;
        }
        try (VectorSchemaRoot from = batch) {
            List<FieldVector> vectors = from.getFieldVectors();
            for (int i = 0; i < vectors.size(); i++) {
                vectors.get(i).makeTransferPair(root.getVector(i)).transfer();
            }
            root.setRowCount(from.getRowCount());
        }
        return true;
    }

    /** Not counted: rows are made here, not read. */
    @Override
    public long bytesRead() {
        return 0;
    }

    @Override
    protected void closeReadSource() throws IOException {
        cursor.close();
    }

    @Override
    protected Schema readSchema() {
        return schema;
    }
}
