package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.format.HeapColumn;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** The Arrow type of each Nexus column type: all that a resolved table, or an accepted input batch, can hold. */
final class ArrowTypes {
    private ArrowTypes() {}

    static ArrowType of(ColumnType type) {
        return switch (type) {
            case STRING -> ArrowType.Utf8.INSTANCE;
            case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
            case BOOLEAN -> ArrowType.Bool.INSTANCE;
            case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case INTEGER -> new ArrowType.Int(Long.SIZE, true);
            case DECIMAL -> decimal(0);
            case DIGEST -> new ArrowType.FixedSizeBinary(SurrogateKey.DIGEST_LENGTH);
        };
    }

    /** A decimal with this many digits behind the point. */
    static ArrowType decimal(int scale) {
        return new ArrowType.Decimal(HeapColumn.DECIMAL_DIGITS, scale, 128);
    }

    static Field field(String name, ColumnType type) {
        return Field.nullable(name, of(type));
    }
}
