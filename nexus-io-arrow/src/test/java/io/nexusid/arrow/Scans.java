package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.arrow.format.RowBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Reads scans into lists that tests can compare. */
final class Scans {
    private Scans() {}

    /** All accepted rows: text as String, instants as their microseconds, null as null. */
    static List<List<Object>> rows(EventLog log, InputTable table, String... columns) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        try (TableScan scan = log.scan(table, Arrays.asList(columns))) {
            boolean more = true;
            while (more) {
                try (RowBatch batch = scan.next()) {
                    more = batch != null;
                    if (more) {
                        append(batch.root(), rows);
                    }
                }
            }
        }
        return rows;
    }

    /** All accepted cells of one column. */
    static List<Object> cells(EventLog log, InputTable table, String column) throws IOException {
        return rows(log, table, column).stream()
                .map(row -> row.get(0))
                .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
    }

    private static void append(VectorSchemaRoot batch, List<List<Object>> rows) {
        for (int i = 0; i < batch.getRowCount(); i++) {
            List<Object> row = new ArrayList<>();
            for (FieldVector vector : batch.getFieldVectors()) {
                Object value = vector.getObject(i);
                row.add(value == null || vector instanceof TimeStampMicroTZVector ? value : plain(value));
            }
            rows.add(Collections.unmodifiableList(row));
        }
    }

    private static Object plain(Object value) {
        return value instanceof Boolean || value instanceof Double ? value : value.toString();
    }
}
