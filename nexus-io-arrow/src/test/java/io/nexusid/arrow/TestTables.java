package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.ColumnType;
import io.nexusid.api.InputColumn;
import io.nexusid.api.InputTable;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Rows as maps, which the oracle speaks, to and from Arrow. */
final class TestTables {
    private TestTables() {}

    /** Rows [from, end) of a table as a batch; the columns are those that any row of the whole list has as a key. */
    static VectorSchemaRoot batch(
            InputTable table, List<Map<String, Object>> rows, int from, int end, BufferAllocator allocator) {
        Set<String> names = new LinkedHashSet<>();
        table.columns().stream()
                .map(InputColumn::name)
                .filter(c -> rows.stream().anyMatch(r -> r.containsKey(c)))
                .forEach(names::add);
        rows.forEach(row -> names.addAll(row.keySet()));
        List<Field> fields =
                names.stream().map(name -> field(table, name, rows)).toList();
        VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(fields), allocator);
        root.allocateNew();
        for (int i = from; i < end; i++) {
            for (FieldVector vector : root.getFieldVectors()) {
                set(vector, i - from, rows.get(i).get(vector.getName()));
            }
        }
        root.setRowCount(end - from);
        return root;
    }

    /** A declared number whose cells are all decimals, or all whole, is a column of such. */
    private static Field field(InputTable table, String name, List<Map<String, Object>> rows) {
        ColumnType declared = table.column(name).map(InputColumn::type).orElse(ColumnType.STRING);
        Object first = declared == ColumnType.DOUBLE
                ? rows.stream()
                        .map(row -> row.get(name))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null)
                : null;
        if (first instanceof BigDecimal decimal) {
            return Field.nullable(name, ArrowTypes.decimal(decimal.scale()));
        }
        return ArrowTypes.field(name, first instanceof Long ? ColumnType.INTEGER : declared);
    }

    private static void set(FieldVector vector, int i, Object value) {
        if (value == null) {
            vector.setNull(i);
        } else if (vector instanceof VarCharVector v) {
            v.setSafe(i, ((String) value).getBytes(UTF_8));
        } else if (vector instanceof TimeStampMicroTZVector v) {
            v.setSafe(i, (Long) value);
        } else if (vector instanceof BitVector v) {
            v.setSafe(i, (Boolean) value ? 1 : 0);
        } else if (vector instanceof Float8Vector v) {
            v.setSafe(i, (Double) value);
        } else if (vector instanceof DecimalVector v) {
            v.setSafe(i, (BigDecimal) value);
        } else if (vector instanceof BigIntVector v) {
            v.setSafe(i, (Long) value);
        } else {
            throw new IllegalArgumentException(vector.getField().toString());
        }
    }

    /** All rows of a reader, which is closed. */
    static List<Map<String, Object>> rows(ArrowReader reader) throws IOException {
        try (reader) {
            List<Map<String, Object>> rows = new ArrayList<>();
            while (reader.loadNextBatch()) {
                addRows(reader.getVectorSchemaRoot(), rows);
            }
            return rows;
        }
    }

    /** All rows of a batch, which is closed. */
    static List<Map<String, Object>> rows(VectorSchemaRoot batch) {
        try (batch) {
            List<Map<String, Object>> rows = new ArrayList<>();
            addRows(batch, rows);
            return rows;
        }
    }

    private static void addRows(VectorSchemaRoot batch, List<Map<String, Object>> rows) {
        for (int i = 0; i < batch.getRowCount(); i++) {
            Map<String, Object> row = new LinkedHashMap<>();
            for (FieldVector vector : batch.getFieldVectors()) {
                row.put(vector.getName(), get(vector, i));
            }
            rows.add(row);
        }
    }

    private static Object get(FieldVector vector, int i) {
        if (vector.isNull(i)) {
            return null;
        }
        if (vector instanceof VarCharVector v) {
            return new String(v.get(i), UTF_8);
        }
        if (vector instanceof TimeStampMicroTZVector v) {
            return v.get(i);
        }
        if (vector instanceof BitVector v) {
            return v.get(i) == 1;
        }
        if (vector instanceof BigIntVector v) {
            return v.get(i);
        }
        if (vector instanceof DecimalVector v) {
            return v.getObject(i);
        }
        if (vector instanceof FixedSizeBinaryVector v) {
            return HexFormat.of().formatHex(v.get(i));
        }
        return ((Float8Vector) vector).get(i);
    }
}
