package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ProgressListener;
import io.nexusid.graph.KeyDictionary;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;

/** What all stages of one resolution share: the input, the settings, one reading of the clock, names and counters. */
final class Run {
    /** Work that may fail on I/O. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    private final NexusConfig config;
    private final EventLog log;
    private final BufferAllocator allocator;
    private final Set<String> tables;
    private final ProgressListener progress;
    private final List<LoadedTable> open = new ArrayList<>();
    private final Workers workers;
    private final long now;

    /** Names of entity types and identifier types are shared by all tables, so that codes compare. */
    private final KeyDictionary entityTypeNames = new KeyDictionary(16);

    private final KeyDictionary identifierTypeNames = new KeyDictionary(64);

    private final Map<String, Long> unmatched = new TreeMap<>();
    private final Map<String, Long> duplicateIds = new TreeMap<>();
    private final Map<String, Long> stagesMillis = new LinkedHashMap<>();

    Run(
            NexusConfig config,
            EventLog log,
            BufferAllocator allocator,
            Set<String> tables,
            Instant clock,
            ProgressListener progress) {
        this.config = config;
        this.log = log;
        this.allocator = allocator;
        this.tables = Set.copyOf(tables);
        this.progress = progress;
        this.workers = new Workers(config.threads());
        this.now = ChronoUnit.MICROS.between(Instant.EPOCH, clock);
    }

    NexusConfig config() {
        return config;
    }

    EventLog log() {
        return log;
    }

    BufferAllocator allocator() {
        return allocator;
    }

    ProgressListener progress() {
        return progress;
    }

    /** The run's one reading of the clock, in microseconds. */
    long now() {
        return now;
    }

    KeyDictionary entityTypeNames() {
        return entityTypeNames;
    }

    KeyDictionary identifierTypeNames() {
        return identifierTypeNames;
    }

    /** Whether the run was asked for any of these tables. */
    boolean wants(String... names) {
        for (String name : names) {
            if (tables.contains(name)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the run was asked for the resolved identifiers of any type. */
    boolean wantsResolvedIdentifiers() {
        return config.entityTypes().stream().anyMatch(t -> tables.contains(OutputTable.resolvedIdentifiers(t.name())));
    }

    /** Sets a count of rows without effect; set, not added, so that a stage computed again does not count twice. */
    void unmatched(InputTable table, String reason, long rows) {
        put(unmatched, table.tableName() + "." + reason, rows);
    }

    /** Sets the count of rows whose id an earlier row has. */
    void duplicateIds(InputTable table, long rows) {
        put(duplicateIds, table.tableName(), rows);
    }

    private static void put(Map<String, Long> counts, String name, long rows) {
        if (rows > 0) {
            counts.put(name, rows);
        }
    }

    /** Notes a table that a stage has loaded, so that it is given back if the stage fails. */
    void opened(LoadedTable table) {
        open.add(table);
    }

    /** Notes that a table was given back. */
    void closed(LoadedTable table) {
        open.remove(table);
    }

    Map<String, Long> unmatched() {
        return unmatched;
    }

    Map<String, Long> duplicateIds() {
        return duplicateIds;
    }

    Workers workers() {
        return workers;
    }

    Map<String, Long> stagesMillis() {
        return stagesMillis;
    }

    /** Runs a stage and notes how long it took. Stages do not nest. What a failed one has loaded is given back. */
    <T> T timed(String stage, Work<T> work) throws IOException {
        progress.progress(stage, 0, -1);
        long start = System.nanoTime();
        int openBefore = open.size();
        try {
            return workers.call(work);
        } catch (IOException | RuntimeException | Error e) {
            List.copyOf(open.subList(openBefore, open.size())).forEach(LoadedTable::close);
            throw e;
        } finally {
            stagesMillis.merge(stage, (System.nanoTime() - start) / 1_000_000, Long::sum);
        }
    }
}
