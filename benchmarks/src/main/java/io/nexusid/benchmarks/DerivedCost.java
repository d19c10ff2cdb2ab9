package io.nexusid.benchmarks;

import io.nexusid.api.OutputTable;
import io.nexusid.arrow.ChangedTables;
import io.nexusid.arrow.Changes;
import io.nexusid.arrow.NexusStore;
import io.nexusid.arrow.ResolvedTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.ipc.ArrowReader;

/** What it costs a store to derive what an append changed, or what there is of one entity. Nothing is written. */
final class DerivedCost {
    /** Times that only warm up. */
    private static final int WARM_UP = 4;

    private DerivedCost() {}

    /**
     * Reads the changed rows of every table that is written by default, to the end. The stages are the tables: the first pays
     * for finding the rows, and each for what it is the first to need.
     */
    static LivingStore.Took changedRows(Changes changes) throws IOException {
        Map<String, Double> tableSeconds = new LinkedHashMap<>();
        long cpu = LivingStore.cpuNanos();
        long start = System.nanoTime();
        try (ChangedTables tables = changes.tables()) {
            for (OutputTable table : tables.tables()) {
                if (table.byDefault()) {
                    long since = System.nanoTime();
                    read(tables.reader(table.name()));
                    tableSeconds.put(table.name(), LivingStore.seconds(since));
                }
            }
        }
        return took(cpu, start, tableSeconds);
    }

    /** What {@code nexus lookup} reads of entities: their traits and their history. */
    static List<LivingStore.Took> lookups(NexusStore store, List<NexusStore.Identifier> identifiers)
            throws IOException {
        List<LivingStore.Took> all = new ArrayList<>();
        for (NexusStore.Identifier each : identifiers) {
            String id =
                    store.entityOf(each.entityType(), each.type(), each.value()).orElseThrow();
            String traits = OutputTable.RESOLVED_ENTITY_TRAITS;
            long cpu = LivingStore.cpuNanos();
            long start = System.nanoTime();
            try (ResolvedTables tables = store.tablesAbout(id, List.of(traits))) {
                read(tables.reader(traits));
            }
            double ofTraits = LivingStore.seconds(start);
            read(store.historyOf(id));
            Map<String, Double> stages = new LinkedHashMap<>();
            stages.put("traits", ofTraits);
            stages.put("history", LivingStore.seconds(start) - ofTraits);
            all.add(took(cpu, start, stages));
        }
        return all.subList(WARM_UP, all.size());
    }

    /** Timelines of entities. */
    static List<LivingStore.Took> timelines(NexusStore store, List<NexusStore.Identifier> identifiers)
            throws IOException {
        List<LivingStore.Took> all = new ArrayList<>();
        for (NexusStore.Identifier each : identifiers) {
            long cpu = LivingStore.cpuNanos();
            long start = System.nanoTime();
            if (store.timelines(each.entityType(), each.type(), each.value()).isEmpty()) {
                throw new IllegalStateException("nobody has an identifier that was taken");
            }
            all.add(took(cpu, start, Map.of()));
        }
        return all.subList(WARM_UP, all.size());
    }

    private static LivingStore.Took took(long cpu, long start, Map<String, Double> stages) {
        return new LivingStore.Took(LivingStore.seconds(start), (LivingStore.cpuNanos() - cpu) / 1e9, stages);
    }

    private static void read(ArrowReader reader) throws IOException {
        try (reader) {
            while (reader.loadNextBatch()) {
                reader.getVectorSchemaRoot();
            }
        }
    }
}
