package io.nexusid.cli;

import io.nexusid.api.IdDialect;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FloatingPointVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/** A small table taken out of Arrow to be shown. Every row is an object: for dozens of rows, not for results. */
final class ShownRows {
    private static final String NOTHING = "-";
    /** Of an id, enough to tell the demo's entities apart. */
    private static final int SHORT_ID = 10;

    /** One row: the values that are not null, by column. */
    record Row(Map<String, Object> values) {
        /** The value, numbers with two decimals. */
        String text(String column) {
            Object value = values.get(column);
            if (value instanceof Double number) {
                return BigDecimal.valueOf(number)
                        .setScale(2, RoundingMode.HALF_EVEN)
                        .toPlainString();
            }
            if (value instanceof Boolean truth) {
                return truth ? "yes" : "no";
            }
            return value == null ? NOTHING : value.toString();
        }

        /** The instant, to the minute, UTC. */
        String time(String column) {
            String text = text(column);
            return text.length() > 16 ? text.substring(0, 16) : text;
        }

        /** The first characters of an id. */
        String shortId(String column) {
            String text = text(column);
            return text.length() > SHORT_ID ? text.substring(0, SHORT_ID) + "…" : text;
        }
    }

    /** All columns in the table's order, and whether each holds numbers. */
    private final Map<String, Boolean> columns;

    private final List<Row> rows;

    private ShownRows(Map<String, Boolean> columns, List<Row> rows) {
        this.columns = columns;
        this.rows = List.copyOf(rows);
    }

    /** Reads all rows and closes the reader. */
    static ShownRows read(ArrowReader reader) throws IOException {
        try (reader) {
            Map<String, Boolean> columns = new LinkedHashMap<>();
            List<Row> rows = new ArrayList<>();
            VectorSchemaRoot batch = reader.getVectorSchemaRoot();
            for (FieldVector column : batch.getFieldVectors()) {
                columns.put(column.getName(), column instanceof FloatingPointVector || column instanceof DecimalVector);
            }
            while (reader.loadNextBatch()) {
                for (int row = 0; row < batch.getRowCount(); row++) {
                    rows.add(row(batch, row));
                }
            }
            return new ShownRows(columns, rows);
        }
    }

    private static Row row(VectorSchemaRoot batch, int row) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (FieldVector column : batch.getFieldVectors()) {
            Object value = value(column, row);
            if (value != null) {
                values.put(column.getName(), value);
            }
        }
        return new Row(values);
    }

    /** A cell as it is shown, null for null. */
    static @Nullable Object value(FieldVector column, int row) {
        if (column.isNull(row)) {
            return null;
        }
        if (column instanceof TimeStampVector instants) {
            return IdDialect.DUCKDB.timestamp(instants.get(row));
        }
        Object value = column.getObject(row);
        if (value instanceof BigDecimal exact) {
            return exact.toPlainString();
        }
        return value instanceof Number || value instanceof Boolean ? value : String.valueOf(value);
    }

    List<Row> rows() {
        return rows;
    }

    /** The rows that have this value in this column. */
    ShownRows where(String column, String value) {
        return new ShownRows(
                columns,
                rows.stream()
                        .filter(row -> value.equals(row.values().get(column)))
                        .toList());
    }

    /** The columns that have a value in some row, in the table's order. */
    List<String> columnsWithValues() {
        return columns.keySet().stream()
                .filter(column -> rows.stream().anyMatch(row -> row.values().containsKey(column)))
                .toList();
    }

    /** Whether this column holds numbers. */
    boolean isNumber(String column) {
        return columns.getOrDefault(column, false);
    }
}
