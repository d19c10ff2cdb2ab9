package io.nexusid.arrow.format;

import io.nexusid.api.FaultCode;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.DictionaryEncoding;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Union;
import org.apache.arrow.vector.types.UnionMode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/**
 * The columns of an IPC file, out of its metadata, which nobody vouches for: a flatbuffer can refer to one string or one
 * child many times or in a circle, so the number of columns, their depth and their text are limited here, before
 * anything is built from them. Custom metadata and extension types are not looked at: such a column is its storage.
 */
final class IpcSchema {
    private static final int MAX_FIELDS = 100_000;
    private static final int MAX_DEPTH = 64;
    private static final long MAX_TEXT = 64L << 20;

    private final FileOrigin origin;
    private final boolean beforeVersion5;
    private int fields;
    private long text;

    private IpcSchema(FileOrigin origin, short version) {
        this.origin = origin;
        this.beforeVersion5 = version < MetadataVersion.V5;
    }

    /**
     * The top-level columns.
     *
     * @param version of the metadata that holds the schema
     */
    static List<IpcField> read(FileOrigin origin, Schema schema, short version) {
        if (schema.endianness() != Endianness.Little) {
            throw origin.fault(FaultCode.UNSUPPORTED_CODEC).because("the file is big-endian");
        }
        IpcSchema reader = new IpcSchema(origin, version);
        List<IpcField> columns = new ArrayList<>();
        for (int i = 0; i < schema.fieldsLength(); i++) {
            columns.add(reader.field(schema.fields(i), 1));
        }
        return List.copyOf(columns);
    }

    private IpcField field(Field field, int depth) {
        if (++fields > MAX_FIELDS || depth > MAX_DEPTH) {
            throw origin.fault(FaultCode.CAPACITY)
                    .because("more than " + MAX_FIELDS + " columns, or nested more than " + MAX_DEPTH + " deep");
        }
        String name = counted(field.name());
        ArrowType type = type(field);
        List<IpcField> children = new ArrayList<>();
        for (int i = 0; i < field.childrenLength(); i++) {
            children.add(field(field.children(i), depth + 1));
        }
        return new IpcField(name, type, List.copyOf(children), encoding(field.dictionary()));
    }

    private ArrowType type(Field field) {
        if (field.typeType() == Type.Union) {
            // Arrow's own conversion would allocate a list of type ids as long as the file says.
            if (beforeVersion5) {
                throw origin.fault(FaultCode.UNSUPPORTED_CODEC).because("a union column written before Arrow 1.0");
            }
            Union union = (Union) field.type(new Union());
            return new ArrowType.Union(UnionMode.fromFlatbufID(union.mode()), new int[0]);
        }
        if (field.typeType() == Type.Timestamp) {
            counted(((Timestamp) field.type(new Timestamp())).timezone());
        }
        return ArrowType.getTypeForField(field);
    }

    private static IpcField.@Nullable Encoding encoding(@Nullable DictionaryEncoding dictionary) {
        if (dictionary == null) {
            return null;
        }
        Int index = dictionary.indexType();
        ArrowType.Int type =
                index == null ? new ArrowType.Int(32, true) : new ArrowType.Int(index.bitWidth(), index.isSigned());
        return new IpcField.Encoding(dictionary.id(), type);
    }

    private String counted(@Nullable String name) {
        String given = name == null ? "" : name;
        text += given.length();
        if (text > MAX_TEXT) {
            throw origin.fault(FaultCode.CAPACITY).because("column names of more than 64 MiB");
        }
        return given;
    }
}
