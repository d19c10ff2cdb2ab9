package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.Field;

/** Vectors of {@link ArrowTypes}. */
final class CanonicalVector {
    private CanonicalVector() {}

    /** An empty vector of this type; the caller owns it. */
    static FieldVector vector(Field field, ColumnType type, BufferAllocator allocator) {
        return switch (type) {
            case STRING -> new VarCharVector(field, allocator);
            case TIMESTAMP -> new TimeStampMicroTZVector(field, allocator);
            case BOOLEAN -> new BitVector(field, allocator);
            case DOUBLE -> new Float8Vector(field, allocator);
            case INTEGER -> new BigIntVector(field, allocator);
            case DECIMAL -> new DecimalVector(field, allocator);
            case DIGEST -> new FixedSizeBinaryVector(field, allocator);
        };
    }

    /** A vector of nulls. */
    static FieldVector nulls(Field field, ColumnType type, int rows, BufferAllocator allocator) {
        FieldVector vector = vector(field, type, allocator);
        try {
            if (vector instanceof VarCharVector text) {
                text.allocateNew(0, rows);
            } else {
                ((BaseFixedWidthVector) vector).allocateNew(rows);
            }
            vector.setValueCount(rows);
            return vector;
        } catch (RuntimeException | Error e) {
            vector.close();
            throw e;
        }
    }
}
