package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Tables that know nothing but the changes they were told: what a reader of changed rows keeps. */
final class AppliedChanges {
    private List<OutputTable> tables = List.of();
    private final Map<String, List<Map<String, Object>>> rows = new LinkedHashMap<>();
    private final Map<String, Set<String>> flags = new LinkedHashMap<>();
    private final Map<String, List<String>> columns = new LinkedHashMap<>();

    AppliedChanges(NexusConfig config) {
        follow(config);
    }

    /** Tables that there are under other rules are kept from now on, others not any more. */
    void follow(NexusConfig config) {
        tables = ChangeKeys.tables(config);
        tables.forEach(table -> rows.putIfAbsent(table.name(), new ArrayList<>()));
        rows.keySet().retainAll(tables.stream().map(OutputTable::name).toList());
    }

    /** Derives changes and applies them. */
    int apply(Changes changes) throws IOException {
        try (ChangedTables changed = changes.tables()) {
            return apply(changes, changed);
        }
    }

    /** Does what the documentation says; returns how many rows there were. */
    int apply(Changes changes, ChangedTables changed) throws IOException {
        int count = 0;
        for (OutputTable table : tables) {
            List<Map<String, Object>> told = TestTables.rows(changed.reader(table.name()));
            count += told.size();
            List<String> key = changed.key(table.name());
            noteColumns(table.name(), changed);
            Set<List<Object>> keys = new HashSet<>();
            List<Map<String, Object>> upserts = new ArrayList<>();
            for (Map<String, Object> row : told) {
                assertEquals(changes.epoch(), row.get("epoch"));
                boolean upsert = row.get("change").equals("upsert");
                assertTrue(upsert || row.get("change").equals("delete"));
                boolean again = !keys.add(key(row, key));
                assertFalse(again && !upsert, "a key is deleted and written");
                Map<String, Object> cells = new LinkedHashMap<>(row);
                cells.remove("change");
                cells.remove("epoch");
                if (upsert) {
                    upserts.add(cells);
                } else {
                    cells.forEach((name, cell) -> assertTrue(cell == null || key.contains(name), name));
                }
            }
            List<Map<String, Object>> mine = Objects.requireNonNull(rows.get(table.name()));
            mine.removeIf(row -> keys.contains(key(row, key)));
            mine.addAll(upserts);
        }
        return count;
    }

    /** A later append only adds columns at the end. */
    private void noteColumns(String table, ChangedTables changed) throws IOException {
        try (var reader = changed.reader(table)) {
            List<String> names = reader.getVectorSchemaRoot().getSchema().getFields().stream()
                    .map(field -> field.getName())
                    .toList();
            assertEquals(List.of("change", "epoch"), names.subList(0, 2));
            if (!changed.isComparedWhole(table)) {
                List<String> before = columns.getOrDefault(table, List.of());
                assertEquals(before, names.subList(0, before.size()), table);
                columns.put(table, names);
            }
            if (table.equals(OutputTable.EVENT_DIMENSIONS)) {
                Set<String> flagged = flags.computeIfAbsent(table, t -> new LinkedHashSet<>());
                reader.getVectorSchemaRoot().getSchema().getFields().stream()
                        .filter(field -> field.getType() instanceof org.apache.arrow.vector.types.pojo.ArrowType.Bool)
                        .forEach(field -> flagged.add(field.getName()));
            }
        }
    }

    private static List<Object> key(Map<String, Object> row, List<String> key) {
        List<Object> cells = new ArrayList<>();
        key.forEach(column -> cells.add(row.get(column)));
        return cells;
    }

    /** The tables are those of the store. */
    void check(NexusStore store) throws IOException {
        List<String> names = tables.stream().map(OutputTable::name).toList();
        try (ResolvedTables all = store.tables(names)) {
            for (String name : names) {
                assertEquals(
                        Stores.counted(shown(name, TestTables.rows(all.reader(name)))),
                        Stores.counted(shown(name, Objects.requireNonNull(rows.get(name)))),
                        name);
            }
        }
    }

    /** Rows without their null cells, sorted by column: a column that is not there is null, or false. */
    private List<Map<String, Object>> shown(String table, List<Map<String, Object>> all) {
        List<Map<String, Object>> shown = new ArrayList<>();
        for (Map<String, Object> row : all) {
            Map<String, Object> cells = new java.util.TreeMap<>();
            flags.getOrDefault(table, Set.of()).forEach(flag -> cells.put(flag, false));
            row.forEach((name, cell) -> {
                if (cell != null) {
                    cells.put(name, cell);
                }
            });
            shown.add(cells);
        }
        return shown;
    }
}
