package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.InputTable;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which rows a store keeps, the slow way: everything in maps. */
final class StoreModel {
    private final Set<List<Object>> contents = new HashSet<>();
    private final Map<InputTable, List<Map<String, Object>>> kept = new EnumMap<>(InputTable.class);

    /** Takes a log; returns how many rows were new. */
    int append(Map<InputTable, List<Map<String, Object>>> log) {
        int[] taken = {0};
        log.forEach((table, rows) -> {
            List<Map<String, Object>> all = kept.computeIfAbsent(table, t -> new ArrayList<>());
            Map<List<Object>, Map<String, Object>> first = new HashMap<>();
            for (Map<String, Object> row : rows) {
                Map<String, Object> other = first.get(content(table, row));
                if (other == null || stamp(row) < stamp(other)) {
                    first.put(content(table, row), row);
                }
            }
            for (Map<String, Object> row : rows) {
                List<Object> content = content(table, row);
                if (first.get(content) == row && contents.add(content)) {
                    all.add(row);
                    taken[0]++;
                }
            }
        });
        return taken[0];
    }

    /** The rows that a resolution of everything reads. */
    Map<InputTable, List<Map<String, Object>>> rows() {
        Map<InputTable, List<Map<String, Object>>> standing = new EnumMap<>(InputTable.class);
        kept.forEach((table, rows) -> {
            Map<Object, Map<String, Object>> best = new HashMap<>();
            String id =
                    table == InputTable.EVENTS ? "event_id" : table.mintedId().orElse("");
            boolean allStay = id.isEmpty()
                    || table == InputTable.ENTITY_IDENTIFIERS
                    || table == InputTable.RELATIONSHIP_DECLARATIONS;
            for (Map<String, Object> row : rows) {
                Map<String, Object> other = best.get(row.get(id));
                if (other == null || standsBefore(table, row, other)) {
                    best.put(row.get(id), row);
                }
            }
            List<Map<String, Object>> left = new ArrayList<>();
            for (Map<String, Object> row : rows) {
                if (allStay || row.get(id) == null || best.get(row.get(id)) == row) {
                    left.add(row);
                }
            }
            standing.put(table, left);
        });
        return standing;
    }

    private static boolean standsBefore(InputTable table, Map<String, Object> a, Map<String, Object> b) {
        long stampA = a.get("_ingested_at") == null ? Long.MIN_VALUE : (Long) a.get("_ingested_at");
        long stampB = b.get("_ingested_at") == null ? Long.MIN_VALUE : (Long) b.get("_ingested_at");
        return stampA != stampB ? stampA > stampB : Arrays.compareUnsigned(bytes(table, a), bytes(table, b)) < 0;
    }

    private static long stamp(Map<String, Object> row) {
        return row.get("_ingested_at") == null ? Long.MAX_VALUE : (Long) row.get("_ingested_at");
    }

    private static List<Object> content(InputTable table, Map<String, Object> row) {
        Map<String, Object> cells = new TreeMap<>(row);
        cells.remove("_ingested_at");
        cells.values().removeIf(v -> v == null);
        return List.of(table, cells);
    }

    private static byte[] bytes(InputTable table, Map<String, Object> row) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        part(out, table.tableName());
        row.keySet().stream()
                .filter(name -> row.get(name) != null && !name.equals("_ingested_at"))
                .sorted((a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)))
                .forEach(name -> {
                    part(out, name);
                    Object value = row.get(name);
                    if (value instanceof String text) {
                        part(out, text);
                    } else if (value instanceof Double number) {
                        number(out, Double.doubleToLongBits(number));
                    } else if (value instanceof Boolean flag) {
                        number(out, flag ? 1 : 0);
                    } else {
                        number(out, (Long) value);
                    }
                });
        return out.toByteArray();
    }

    private static void part(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .array());
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, long value) {
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }
}
