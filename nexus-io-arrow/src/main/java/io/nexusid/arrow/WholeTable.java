package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.util.VectorSchemaRootAppender;

/** Reads a table into one batch. */
final class WholeTable {
    private static final long MAX_COLUMN_BYTES = Integer.MAX_VALUE;

    private WholeTable() {}

    static VectorSchemaRoot read(String name, TableRows rows, BufferAllocator allocator, Workers workers)
            throws IOException {
        return read(name, rows, allocator, workers, MAX_COLUMN_BYTES);
    }

    static VectorSchemaRoot read(
            String name, TableRows rows, BufferAllocator allocator, Workers workers, long maxColumnBytes)
            throws IOException {
        VectorSchemaRoot whole = VectorSchemaRoot.create(rows.schema(), allocator);
        try (TableRows.Cursor cursor = rows.open(allocator, workers)) {
            whole.getFieldVectors().forEach(FieldVector::allocateNew);
            whole.setRowCount(0);
            long[] bytes = new long[whole.getFieldVectors().size()];
            for (VectorSchemaRoot batch = cursor.next(); batch != null; batch = cursor.next()) {
                try (VectorSchemaRoot owned = batch) {
                    checkSize(name, owned, bytes, maxColumnBytes);
                    VectorSchemaRootAppender.append(whole, owned);
                }
            }
            return whole;
        } catch (IOException | RuntimeException | Error e) {
            whole.close();
            throw e;
        }
    }

    private static void checkSize(String name, VectorSchemaRoot batch, long[] bytes, long maxColumnBytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (batch.getVector(i) instanceof VarCharVector text) {
                bytes[i] += text.getEndOffset(text.getValueCount() - 1);
                if (bytes[i] > maxColumnBytes) {
                    throw NexusDataException.of(FaultCode.CAPACITY, name)
                            .column(text.getName())
                            .because("has more than " + maxColumnBytes
                                    + " bytes of text, the most that one batch can hold: stream the" + " table");
                }
            }
        }
    }
}
