package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexusid.api.EntityType;
import io.nexusid.api.InputColumn;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.Presence;
import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.arrow.store.LocalDisk;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.arrow.store.StoreFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.util.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kept rows come back as they were given, all of them or some, however they lie in blocks, pages and segments. */
class StoredRowsTest {
    private static final long AT = 1_704_067_200_000_000L;
    private static final List<String> FURTHER = List.of("plan", "größe");
    /** Tables that together have columns of all types, and the column that tells their rows apart here. */
    private static final Map<InputTable, String> IDS = Map.of(
            InputTable.ENTITY_REGISTRATIONS, "source_id",
            InputTable.EVENTS, "event_id",
            InputTable.RELATIONSHIP_DECLARATIONS, "relationship_declaration_id");

    @TempDir
    Path folder;

    private static NexusConfig config() {
        return NexusConfig.builder()
                .entityTypes(EntityType.PERSON, EntityType.registered("subscription"))
                .build();
    }

    /** A row with cells of every type that the table has; {@code kind} says how many are null, and how long texts are. */
    private static Map<String, Object> row(InputTable table, int number, Random random, int kind) {
        Map<String, Object> cells = new LinkedHashMap<>();
        for (InputColumn column : table.columns()) {
            boolean isNeeded = column.presence() == Presence.REQUIRED
                    || column.presence() == Presence.IDENTIFIER
                    || column.name().equals("_ingested_at");
            if (column.name().equals(IDS.get(table))) {
                cells.put(column.name(), "id-" + number);
            } else if (column.name().endsWith("entity_type") || column.name().endsWith("_a_type")) {
                cells.put(column.name(), table == InputTable.ENTITY_REGISTRATIONS ? "subscription" : "person");
            } else if (isNeeded || (kind > 0 && random.nextInt(3) > 0)) {
                Object value =
                        switch (column.type()) {
                            case STRING -> (isNeeded ? "n" : "") + text(random, kind == 1 ? 3 : 40);
                            case TIMESTAMP -> AT + random.nextInt(1_000_000);
                            case BOOLEAN -> random.nextBoolean();
                            default -> random.nextDouble();
                        };
                cells.put(column.name(), value);
            }
        }
        if (table.keepsFurtherColumns() && kind > 0 && random.nextBoolean()) {
            cells.put(FURTHER.get(random.nextInt(2)), text(random, 10));
        }
        return cells;
    }

    private static String text(Random random, int atMost) {
        return "ä".repeat(random.nextInt(2)) + "x".repeat(random.nextInt(atMost));
    }

    private static List<Map<String, Object>> rows(StoredTable table, List<String> names) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator();
                RowReader reader = table.read(allocator, names)) {
            for (RowBatch batch = reader.next(); batch != null; batch = reader.next()) {
                try (RowBatch owned = batch) {
                    VectorSchemaRoot root = owned.root();
                    for (int row = 0; row < owned.rows(); row++) {
                        Map<String, Object> cells = new HashMap<>();
                        for (FieldVector vector : root.getFieldVectors()) {
                            if (!vector.isNull(row)) {
                                cells.put(vector.getName(), value(vector, row));
                            }
                        }
                        rows.add(cells);
                    }
                }
            }
        }
        assertEquals(table.rowCount(), rows.size());
        return rows;
    }

    private static Object value(FieldVector vector, int row) {
        Object value = vector.getObject(row);
        return value instanceof Text ? value.toString() : value;
    }

    private static Map<StoredTable.Block, BitSet> some(StoredTable table, Random random, double share) {
        Map<StoredTable.Block, BitSet> chosen = new HashMap<>();
        for (StoredTable.Block block : table.blocks()) {
            BitSet rows = new BitSet();
            for (int row = 0; row < block.rows(); row++) {
                rows.set(row, random.nextDouble() < share);
            }
            chosen.put(block, rows);
        }
        return chosen;
    }

    /** Checks all rows and some; returns how many blocks there are. */
    private static int check(Path store, InputTable table, List<Map<String, Object>> given, Random random)
            throws IOException {
        Set<String> names = new LinkedHashSet<>();
        table.columns().forEach(column -> names.add(column.name()));
        if (table.keepsFurtherColumns()) {
            names.addAll(FURTHER);
        }
        String id = Objects.requireNonNull(IDS.get(table));
        List<String> columns = List.copyOf(names);
        try (StoreFiles files = StoreFiles.openForReading(LocalDisk.of(store));
                Snapshot snapshot = files.openLatest()) {
            StoredTable all = StoredTable.of(snapshot, table, columns);
            List<Map<String, Object>> whole = rows(all, columns);
            Map<String, Map<String, Object>> byId = new HashMap<>();
            for (Map<String, Object> row : given) {
                byId.put(String.valueOf(row.get(id)), row);
            }
            assertEquals(byId.size(), whole.size());
            for (Map<String, Object> row : whole) {
                assertEquals(Objects.requireNonNull(byId.get(String.valueOf(row.get(id)))), row);
            }
            for (double share : new double[] {0, 0.0003, 0.01, 0.3, 1}) {
                Map<StoredTable.Block, BitSet> chosen = some(all, random, share);
                List<Map<String, Object>> expected = new ArrayList<>();
                int at = 0;
                for (StoredTable.Block block : all.blocks()) {
                    int start = at;
                    BitSet rows = Objects.requireNonNull(chosen.get(block));
                    rows.stream().forEach(row -> expected.add(whole.get(start + row)));
                    at += block.rows();
                }
                assertEquals(expected, rows(all.only(chosen), columns));
                assertEquals(
                        expected.stream().map(row -> row.get(id)).toList(),
                        rows(all.only(chosen), List.of(id)).stream()
                                .map(row -> row.get(id))
                                .toList());
            }
            return all.blocks().size();
        }
    }

    /** One page of ends has 1,024 rows, one of instants 512; a block has 8,192. */
    @ParameterizedTest
    @ValueSource(ints = {1, 511, 512, 513, 1023, 1024, 1025, 8191, 8192, 8193})
    void rowsComeBackAtTheBoundsOfPagesAndBlocks(int count) throws IOException {
        Random random = new Random(count);
        Map<InputTable, List<Map<String, Object>>> given = rows(0, count, count % 3, random);
        try (NexusStore store = NexusStore.open(folder, config())) {
            Stores.append(store, given);
        }
        for (InputTable table : IDS.keySet()) {
            List<Map<String, Object>> rows = Objects.requireNonNull(given.get(table));
            assertEquals(count > 8192 ? 2 : 1, check(folder, table, rows, random));
        }
    }

    private static Map<InputTable, List<Map<String, Object>>> rows(int from, int to, int kind, Random random) {
        Map<InputTable, List<Map<String, Object>>> log = new EnumMap<>(InputTable.class);
        for (InputTable table : IDS.keySet()) {
            List<Map<String, Object>> rows = new ArrayList<>();
            for (int number = from; number < to; number++) {
                rows.add(row(table, number, random, kind));
            }
            log.put(table, rows);
        }
        return log;
    }

    @Test
    void rowsComeBackFromMergedSegments() throws IOException {
        Random random = new Random(7);
        Map<InputTable, List<Map<String, Object>>> given = new EnumMap<>(InputTable.class);
        IDS.keySet().forEach(table -> given.put(table, new ArrayList<>()));
        try (NexusStore store = NexusStore.open(folder, config())) {
            int from = 0;
            for (int epoch = 0; epoch < 20; epoch++) {
                int to = from + 1 + random.nextInt(300);
                Map<InputTable, List<Map<String, Object>>> batch = rows(from, to, epoch % 3, random);
                Stores.append(store, batch);
                batch.forEach((table, rows) ->
                        Objects.requireNonNull(given.get(table)).addAll(rows));
                from = to;
            }
            checkAll(given, random);
            store.compact();
        }
        checkAll(given, random);
    }

    private void checkAll(Map<InputTable, List<Map<String, Object>>> given, Random random) throws IOException {
        for (InputTable table : IDS.keySet()) {
            assertEquals(20, check(folder, table, Objects.requireNonNull(given.get(table)), random));
        }
    }
}
