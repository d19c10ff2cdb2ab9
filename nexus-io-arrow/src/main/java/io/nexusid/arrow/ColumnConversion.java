package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Makes one column of a batch canonical ({@link ArrowTypes}). A column that already is moves its buffers; every other
 * is read on the heap in bulk and written in bulk.
 */
@FunctionalInterface
interface ColumnConversion {
    /**
     * Converts the first {@code rows} cells. A cell that does not convert is null in the result and a fault of its row.
     *
     * @param source the column as the source gave it; it may lose its buffers to the result
     * @param target name and canonical type of the result
     * @return a new vector, which the caller owns
     */
    FieldVector convert(FieldVector source, int rows, Field target, ConversionSpace space);

    /**
     * The conversion between two types, or null if there is none that is safe.
     *
     * @param source the column in its source
     * @param target what it is to become
     * @param textual whether the source holds everything as text to be parsed (CSV)
     */
    static @Nullable ColumnConversion of(Field source, ColumnType target, boolean textual) {
        MinorType from = Types.getMinorTypeForArrowType(source.getType());
        if (from == MinorType.NULL) {
            return (vector, rows, field, space) -> CanonicalVector.nulls(field, target, rows, space.allocator);
        }
        boolean parse = textual && from == MinorType.VARCHAR;
        return switch (target) {
            case STRING -> ToText.from(from);
            case TIMESTAMP -> parse ? ToInstant::parsed : ToInstant.from(from);
            case BOOLEAN -> parse ? ToBoolean::parsed : ToBoolean.from(from);
            case DOUBLE -> parse ? ToDouble::parsed : ToDouble.from(source.getType(), from);
            case INTEGER, DECIMAL, DIGEST -> null;
        };
    }

    /** The conversion of a column that no table declares into text, or null if its values have no plain text. */
    static @Nullable ColumnConversion toText(Field source) {
        MinorType from = Types.getMinorTypeForArrowType(source.getType());
        ColumnConversion plain = of(source, ColumnType.STRING, false);
        return plain != null ? plain : ToText.spelled(source.getType(), from);
    }
}
