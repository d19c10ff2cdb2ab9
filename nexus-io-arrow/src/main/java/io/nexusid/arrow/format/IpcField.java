package io.nexusid.arrow.format;

import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * A column as an IPC schema declares it.
 *
 * @param type the type of its values, also where a dictionary holds them
 * @param children of nested types
 * @param encoding how it refers to a dictionary, or null if it holds its values itself
 */
record IpcField(
        String name,
        ArrowType type,
        List<IpcField> children,
        @Nullable Encoding encoding) {
    /**
     * References into a dictionary.
     *
     * @param dictionary which one
     * @param indexType the integers that stand in for the values
     */
    record Encoding(long dictionary, ArrowType.Int indexType) {}

    /** Whether its values are text of any width. */
    boolean isText() {
        return type instanceof ArrowType.Utf8
                || type instanceof ArrowType.LargeUtf8
                || type instanceof ArrowType.Utf8View;
    }

    /** Whether it holds other columns, which {@link IpcBatch} does not load. */
    boolean isNested() {
        return !children.isEmpty() || type.isComplex();
    }

    /** The field that {@link IpcReader} gives its values; text out of a dictionary is plain utf8. */
    Field decoded() {
        ArrowType given = encoding != null && isText() ? ArrowType.Utf8.INSTANCE : type;
        return new Field(
                name,
                FieldType.nullable(given),
                children.stream().map(IpcField::decoded).toList());
    }

    /** The column without its dictionary: what the dictionary itself is. */
    IpcField values() {
        return new IpcField(name, type, children, null);
    }

    /** The field of what a record batch holds for this column: its values, or its references. */
    Field stored() {
        return Field.nullable(name, encoding == null ? type : encoding.indexType());
    }
}
