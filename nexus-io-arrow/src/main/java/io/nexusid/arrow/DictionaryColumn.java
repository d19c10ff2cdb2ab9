package io.nexusid.arrow;

import io.nexusid.api.NexusDataException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/**
 * Columns of indices into a dictionary. Arrow's own decoder takes an index equal to the dictionary's size for null; here
 * every index outside is an error.
 */
final class DictionaryColumn {
    private DictionaryColumn() {}

    /**
     * The field of the decoded column; any other field as it is.
     *
     * @throws IllegalArgumentException if the dictionary is not there
     */
    static Field decodedField(Field field, @Nullable DictionaryProvider dictionaries) {
        if (field.getDictionary() == null) {
            return field;
        }
        Field values = dictionary(field, dictionaries).getField();
        return new Field(field.getName(), FieldType.nullable(values.getType()), values.getChildren());
    }

    /**
     * The values of a dictionary-encoded column.
     *
     * @throws IllegalArgumentException if the dictionary is not there
     */
    static FieldVector dictionary(Field field, @Nullable DictionaryProvider dictionaries) {
        Dictionary dictionary = dictionaries == null
                ? null
                : dictionaries.lookup(field.getDictionary().getId());
        if (dictionary == null) {
            throw new IllegalArgumentException(
                    "column " + field.getName() + " is dictionary-encoded: its dictionary is needed too");
        }
        return dictionary.getVector();
    }

    /**
     * Decodes some rows into a new vector, which the caller owns.
     *
     * @param fault starts the error for an index that is not one of the dictionary's
     */
    static FieldVector decode(
            FieldVector indices,
            FieldVector values,
            int from,
            int count,
            BufferAllocator allocator,
            NexusDataException.Builder fault) {
        String name = indices.getField().getName();
        int[] rows = indices(indices, values.getValueCount(), from, count, fault);
        if (values instanceof VarCharVector texts) {
            return decodeText(name, rows, texts, allocator);
        }
        Field field = new Field(
                name,
                FieldType.nullable(values.getField().getType()),
                values.getField().getChildren());
        FieldVector result = field.createVector(allocator);
        try {
            result.setInitialCapacity(count);
            result.allocateNew();
            for (int i = 0; i < count; i++) {
                if (rows[i] >= 0) {
                    result.copyFromSafe(rows[i], i, values);
                }
            }
            result.setValueCount(count);
            return result;
        } catch (RuntimeException | Error e) {
            result.close();
            throw e;
        }
    }

    /** The indices, -1 for null. */
    private static int[] indices(FieldVector indices, int size, int from, int count, NexusDataException.Builder fault) {
        BaseIntVector column = (BaseIntVector) indices;
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) {
            if (indices.isNull(from + i)) {
                rows[i] = -1;
                continue;
            }
            long index = column.getValueAsLong(from + i);
            if (index < 0 || index >= size) {
                throw fault.column(indices.getField().getName())
                        .because("index " + index + " is outside its dictionary of " + size + " values");
            }
            rows[i] = (int) index;
        }
        return rows;
    }

    private static FieldVector decodeText(String name, int[] rows, VarCharVector values, BufferAllocator allocator) {
        byte[][] texts = new byte[values.getValueCount()][];
        StagedText text = new StagedText(name);
        text.start(rows.length);
        for (int row : rows) {
            if (row < 0 || values.isNull(row)) {
                text.appendNull();
                continue;
            }
            byte[] bytes = texts[row];
            if (bytes == null) {
                bytes = values.get(row);
                texts[row] = bytes;
            }
            text.append(bytes, 0, bytes.length);
        }
        Field field = new Field(name, FieldType.nullable(values.getField().getType()), null);
        return text.toVector(field, allocator);
    }
}
