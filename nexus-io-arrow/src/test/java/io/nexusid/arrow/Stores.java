package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Logs of maps into stores, and tables of maps out of them. */
final class Stores {
    private Stores() {}

    static Changes append(NexusStore store, Map<InputTable, List<Map<String, Object>>> log) throws IOException {
        List<VectorSchemaRoot> batches = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator()) {
            try {
                EventLog.Builder builder = store.collect();
                log.forEach((table, rows) -> {
                    VectorSchemaRoot batch = TestTables.batch(table, rows, 0, rows.size(), allocator);
                    batches.add(batch);
                    builder.add(table, batch);
                });
                try (EventLog opened = builder.build()) {
                    return store.append(opened);
                }
            } finally {
                batches.forEach(VectorSchemaRoot::close);
            }
        }
    }

    /** Deletes a folder and its files. */
    static void delete(Path dir) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(dir);
    }

    static Map<String, List<Map<String, Object>>> tables(NexusStore store) throws IOException {
        Map<String, List<Map<String, Object>>> all = new LinkedHashMap<>();
        List<String> names = LogFiles.names(store.config());
        try (ResolvedTables tables = store.tables(names)) {
            for (String name : names) {
                all.put(name, TestTables.rows(tables.reader(name)));
            }
        }
        TimelineRows.note(store.config(), all);
        return all;
    }

    static Map<String, List<Map<String, Object>>> atOnce(
            NexusConfig config, Map<InputTable, List<Map<String, Object>>> log) throws IOException {
        Map<String, List<Map<String, Object>>> all = new LinkedHashMap<>();
        List<VectorSchemaRoot> batches = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator();
                Nexus nexus = Nexus.open(config, allocator)) {
            EventLog.Builder builder = nexus.log();
            log.forEach((table, rows) -> {
                VectorSchemaRoot batch = TestTables.batch(table, rows, 0, rows.size(), allocator);
                batches.add(batch);
                builder.add(table, batch);
            });
            try (EventLog opened = builder.build();
                    ResolvedTables tables = nexus.resolve(opened, LogFiles.names(config))) {
                for (OutputTable table : OutputTable.all(config)) {
                    all.put(table.name(), TestTables.rows(tables.reader(table.name())));
                }
            } finally {
                batches.forEach(VectorSchemaRoot::close);
            }
        }
        TimelineRows.note(config, all);
        return all;
    }

    /** Every row that must say when it was loaded does; two versions of a row are never loaded at once. */
    static Map<InputTable, List<Map<String, Object>>> stamped(
            Map<InputTable, List<Map<String, Object>>> log, Random random) {
        Map<InputTable, List<Map<String, Object>>> stamped = new EnumMap<>(InputTable.class);
        log.forEach((table, rows) -> {
            List<Map<String, Object>> copies = new ArrayList<>();
            for (Map<String, Object> row : rows) {
                Map<String, Object> copy = new LinkedHashMap<>(row);
                if (table.column("_ingested_at").isPresent() && copy.get("_ingested_at") == null) {
                    copy.put("_ingested_at", 1_700_000_000_000_000L + random.nextInt(1_000));
                }
                copies.add(copy);
            }
            stamped.put(table, copies);
        });
        return stamped;
    }

    /** The rows of a log, shuffled and dealt to some logs; each of those has all columns. */
    static List<Map<InputTable, List<Map<String, Object>>>> dealt(
            Map<InputTable, List<Map<String, Object>>> log, int parts, Random random) {
        List<Map<InputTable, List<Map<String, Object>>>> dealt = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            dealt.add(new EnumMap<>(InputTable.class));
        }
        log.forEach((table, rows) -> {
            List<Map<String, Object>> order = new ArrayList<>(rows);
            Collections.shuffle(order, random);
            for (Map<String, Object> row : order) {
                dealt.get(random.nextInt(parts))
                        .computeIfAbsent(table, t -> new ArrayList<>())
                        .add(row);
            }
        });
        return dealt;
    }

    /** Rows without some columns. */
    static List<Map<String, Object>> without(List<Map<String, Object>> rows, String... columns) {
        List<Map<String, Object>> left = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            Map<String, Object> copy = new LinkedHashMap<>(row);
            List.of(columns).forEach(copy::remove);
            left.add(copy);
        }
        return left;
    }

    /** How many rows are equal to each, as text: order does not count. */
    static Map<String, Integer> counted(List<Map<String, Object>> rows) {
        Map<String, Integer> counts = new HashMap<>();
        rows.forEach(row -> counts.merge(row.toString(), 1, Integer::sum));
        return counts;
    }
}
