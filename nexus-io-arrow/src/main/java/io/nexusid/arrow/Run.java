package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ProgressListener;
import io.nexusid.graph.KeyDictionary;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable StoredResolutions stored;
    /** What the stage that this thread is at has loaded. A thread that waits in one stage may do another meanwhile. */
    private static final ThreadLocal<@Nullable List<LoadedTable>> OPEN = new ThreadLocal<>();

    private final Workers workers;
    private final long now;
    private final long startNanos = System.nanoTime();

    /** Names of entity types and identifier types are shared by all tables, so that codes compare. */
    private final Names entityTypes = new Names();

    private final Names identifierTypes = new Names();

    private final Map<String, Long> unmatched = new ConcurrentSkipListMap<>();
    private final Map<String, Long> duplicateIds = new ConcurrentSkipListMap<>();
    private final Map<String, Long> stagesMillis = Collections.synchronizedMap(new LinkedHashMap<>());

    Run(
            NexusConfig config,
            EventLog log,
            BufferAllocator allocator,
            Set<String> tables,
            Instant clock,
            ProgressListener progress) {
        this(config, log, allocator, tables, clock, progress, null);
    }

    /** A run over the rows of a store. */
    Run(
            NexusConfig config,
            EventLog log,
            BufferAllocator allocator,
            Set<String> tables,
            Instant clock,
            ProgressListener progress,
            @Nullable StoredResolutions stored) {
        this.stored = stored;
        this.config = config;
        this.log = log;
        this.allocator = allocator;
        this.tables = Set.copyOf(tables);
        this.progress = (stage, done, total) -> {
            synchronized (this) {
                progress.progress(stage, done, total);
            }
        };
        this.workers = new Workers(config.threads());
        this.now = Instants.micros(clock);
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

    /** Who is who as a store has decided, or null where this run decides. */
    @Nullable StoredResolutions stored() {
        return stored;
    }

    /** The run's one reading of the clock, in microseconds. */
    long now() {
        return now;
    }

    Names entityTypes() {
        return entityTypes;
    }

    Names identifierTypes() {
        return identifierTypes;
    }

    /** The names of {@link #entityTypes} so far; not to be added to. */
    KeyDictionary entityTypeNames() {
        return entityTypes.known();
    }

    /** The names of {@link #identifierTypes} so far; not to be added to. */
    KeyDictionary identifierTypeNames() {
        return identifierTypes.known();
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
        List<LoadedTable> mine = OPEN.get();
        if (mine != null) {
            mine.add(table);
        }
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

    /** Wall time since the run began. */
    long elapsedMillis() {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }

    /**
     * Runs a stage and notes how long it took; stages may overlap. What a failed one has loaded is given back.
     *
     * @throws IOException what the stage threw
     */
    <T> T timed(String stage, Work<T> work) throws IOException {
        progress.progress(stage, 0, -1);
        long start = System.nanoTime();
        try {
            return workers.call(() -> scoped(work));
        } finally {
            stagesMillis.merge(stage, (System.nanoTime() - start) / 1_000_000, Long::sum);
        }
    }

    private <T> T scoped(Work<T> work) throws IOException {
        List<LoadedTable> outer = OPEN.get();
        List<LoadedTable> mine = new ArrayList<>();
        OPEN.set(mine);
        try {
            return work.run();
        } catch (IOException | RuntimeException | Error e) {
            mine.forEach(LoadedTable::close);
            throw e;
        } finally {
            OPEN.set(outer);
        }
    }
}
