package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.LegacyTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.SnapshotDiffSpec;
import io.nexusid.arrow.format.RowSource;
import io.nexusid.arrow.format.RowSources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/**
 * The input tables: files of a folder, or batches and streams handed over in memory, each table the union of its sources
 * by column name. Opening reads headers only, and the files of snapshot diffs, and checks every column's name and type; rows are read, made canonical and
 * checked by scans. {@code docs/tables.md} has the tables, file names and conversions.
 *
 * <p>An open log holds no rows but those of streams ({@link Builder#add(InputTable, ArrowReader)}). Any number of scans
 * may run at once, each by one thread.
 */
public final class EventLog implements AutoCloseable {
    private final NexusConfig config;
    private final BufferAllocator allocator;
    private final Map<InputTable, List<InputBinding>> sources = new EnumMap<>(InputTable.class);
    private final List<String> ignored = new ArrayList<>();
    private final Rejects rejects = new Rejects();
    private final SnapshotCounts snapshotCounts = new SnapshotCounts();
    private StateUnit stateUnit = StateUnit.DOUBLE;
    private final AtomicInteger borrowers = new AtomicInteger();
    private boolean closed;

    private EventLog(NexusConfig config, BufferAllocator allocator) {
        this.config = config;
        this.allocator = allocator;
    }

    /**
     * Opens the tables of a folder.
     *
     * @param allocator owns all batches that scans hand out; must outlive them
     * @throws IOException if the folder or a file cannot be read
     * @throws NexusDataException if there is no table, the header of a file is damaged or does not fit its table, or a row
     *     that a snapshot diff reads is bad
     */
    static EventLog open(Path dir, NexusConfig config, BufferAllocator allocator) throws IOException {
        Set<String> snapshots = new HashSet<>();
        config.snapshotDiffs().forEach(diff -> snapshots.add(diff.file()));
        InputFiles files = InputFiles.in(dir, snapshots);
        Builder builder = builder(config, allocator);
        files.snapshots()
                .forEach((name, path) -> builder.snapshots.put(name, () -> {
                    if (!RowSources.isKnown(name)) {
                        throw new NexusConfigException(
                                "/snapshot_diffs", name + " is none of .parquet, .arrow, .arrows and .csv");
                    }
                    return RowSources.open(path, Rejects.SNAPSHOTS, name);
                }));
        builder.ignored.addAll(files.ignored());
        for (InputFiles.Found file : files.found()) {
            String table = file.table().tableName();
            builder.add(file.table(), file.legacy(), () -> RowSources.open(file.path(), table, file.name()));
        }
        return builder.build();
    }

    /** A log of tables in memory. The allocator owns all batches that scans hand out and must outlive them. */
    static Builder builder(NexusConfig config, BufferAllocator allocator) {
        return new Builder(config, allocator);
    }

    /** The settings that its rows are read by. */
    NexusConfig config() {
        return config;
    }

    /** The tables that have at least one source. */
    public Set<InputTable> tables() {
        return Collections.unmodifiableSet(
                sources.isEmpty() ? EnumSet.noneOf(InputTable.class) : EnumSet.copyOf(sources.keySet()));
    }

    /** What is not understood, as the user would name it: files, and columns as {@code file, column name}. */
    public List<String> ignored() {
        return Collections.unmodifiableList(ignored);
    }

    /** Whether some source of the table has this column, under this or an older name. */
    boolean has(InputTable table, String column) {
        return of(table).stream().anyMatch(source -> source.column(column) != null);
    }

    /** The trait columns of {@code entity_registrations} in order of first appearance; no other table has any. */
    List<String> furtherColumns(InputTable table) {
        Set<String> names = new LinkedHashSet<>();
        of(table).forEach(source -> names.addAll(source.further()));
        return List.copyOf(names);
    }

    /** How many rows the files of a table announce, or -1 if one of them does not say. */
    long announcedRows(InputTable table) {
        long rows = 0;
        for (InputBinding source : of(table)) {
            long more = source.source().rowCount();
            if (more < 0) {
                return -1;
            }
            rows += more;
        }
        return rows;
    }

    /**
     * Starts a pass over a table.
     *
     * @param columns what to hand out, in order: declared columns, or further ones (as text)
     * @throws IllegalArgumentException if the table has no such column, or one is named twice
     */
    TableScan scan(InputTable table, List<String> columns) throws IOException {
        return scan(table, columns, Set.of());
    }

    /** As {@link #scan(InputTable, List)}, leaving it to a later scan, which must follow, to look at some columns. */
    TableScan scan(InputTable table, List<String> columns, Set<String> deferred) throws IOException {
        return scan(table, columns, deferred, true);
    }

    /** As {@link #scan(InputTable, List)}, but row ids that are missing stay null. */
    TableScan scanAsGiven(InputTable table, List<String> columns) throws IOException {
        return scan(table, columns, Set.of(), false);
    }

    private TableScan scan(InputTable table, List<String> columns, Set<String> deferred, boolean mintsIds)
            throws IOException {
        if (closed) {
            throw new IllegalStateException("the event log is closed");
        }
        Set<String> further = new HashSet<>(furtherColumns(table));
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            if (table.column(column).isEmpty() && !further.contains(column)) {
                throw new IllegalArgumentException(table.tableName() + " has no column " + column);
            }
            if (!seen.add(column)) {
                throw new IllegalArgumentException("column " + column + " is named twice");
            }
        }
        return new TableScan(table, of(table), columns, deferred, config, mintsIds, allocator, rejects);
    }

    /** The unit of all numbers of states. */
    StateUnit stateUnit() {
        return stateUnit;
    }

    private void settleStateUnit() {
        List<InputBinding> stated = new ArrayList<>(of(InputTable.STATES));
        stated.addAll(of(InputTable.STATE_CHANGES));
        stateUnit = StateUnit.of(stated);
    }

    /** What complete scans have set aside so far. */
    Rejects rejects() {
        return rejects;
    }

    /** What became of the rows that snapshot diffs have read. */
    SnapshotCounts snapshotCounts() {
        return snapshotCounts;
    }

    /** Keeps the log open until {@link #release}. */
    void borrow() {
        borrowers.incrementAndGet();
    }

    /** Ends one {@link #borrow}. */
    void release() {
        borrowers.decrementAndGet();
    }

    /**
     * Frees what the log holds and deletes its temporary files; tables that were borrowed stay the caller's. Closing
     * again does nothing.
     *
     * @throws IllegalStateException if resolved tables that read from it are still open
     */
    @Override
    public void close() throws IOException {
        if (borrowers.get() > 0) {
            throw new IllegalStateException("close the resolved tables before the event log they read from");
        }
        if (!closed) {
            closed = true;
            closeAll(sources.values().stream()
                    .flatMap(List::stream)
                    .map(InputBinding::source)
                    .toList());
        }
    }

    private List<InputBinding> of(InputTable table) {
        return sources.getOrDefault(table, List.of());
    }

    private void bind(InputTable table, @Nullable LegacyTable legacy, RowSource source) {
        InputBinding binding = InputBinding.of(table, legacy, source);
        sources.computeIfAbsent(table, t -> new ArrayList<>()).add(binding);
        binding.ignored().forEach(column -> ignored.add(source.name() + ", column " + column));
    }

    private static void closeAll(List<? extends AutoCloseable> all) throws IOException {
        try {
            AutoCloseables.close(all);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /**
     * Collects tables that are handed over in memory. Several sources of one table are read in the order of adding;
     * messages name them {@code input 1}, {@code input 2} and so on within their table.
     */
    public static final class Builder {
        private final NexusConfig config;
        private final BufferAllocator allocator;
        private final List<Pending> pending = new ArrayList<>();
        private final List<ArrowReader> readers = new ArrayList<>();
        private final List<String> ignored = new ArrayList<>();
        private final Map<String, Opening> snapshots = new HashMap<>();
        private final Map<InputTable, Integer> counts = new EnumMap<>(InputTable.class);
        private long keptBytes = DrainedStream.KEPT_BYTES;

        private Builder(NexusConfig config, BufferAllocator allocator) {
            this.config = config;
            this.allocator = allocator;
        }

        /** A source that {@link #build} opens. */
        interface Opening {
            RowSource open() throws IOException;
        }

        private record Pending(InputTable table, @Nullable LegacyTable legacy, Opening source) {}

        /** Adds rows that stay the caller's; they must stay open and unchanged until the log is closed. */
        public Builder add(InputTable table, VectorSchemaRoot rows) {
            return add(table, rows, null);
        }

        /** Adds rows with dictionary-encoded columns; the rows and dictionaries stay the caller's. */
        public Builder add(InputTable table, VectorSchemaRoot rows, @Nullable DictionaryProvider dictionaries) {
            MemorySource source = MemorySource.borrowing(table.tableName(), nextName(table), rows, dictionaries);
            return add(table, null, () -> source);
        }

        /**
         * Adds a stream, which {@link #build} reads to its end and closes. Up to 64 MiB are kept in memory; a longer
         * stream goes into one temporary file, which is deleted when the log is closed.
         */
        public Builder add(InputTable table, ArrowReader rows) {
            String name = nextName(table);
            readers.add(rows);
            return add(table, null, () -> DrainedStream.drain(table.tableName(), name, rows, allocator, keptBytes));
        }

        /**
         * Adds a stream of the Arrow C Data interface, given by the address of its {@code ArrowArrayStream}; it is taken
         * over at once and treated as {@link #add(InputTable, ArrowReader)} does.
         *
         * @throws IllegalStateException if the artifact {@code arrow-c-data} is not on the class path
         */
        public Builder addStream(InputTable table, long arrowArrayStreamAddress) {
            return add(table, CDataStreams.open(arrowArrayStreamAddress, allocator));
        }

        /**
         * Adds rows that snapshot diffs read as the file of this name; they stay the caller's, and are not used once
         * {@link #build} is done.
         */
        public Builder addSnapshots(String file, VectorSchemaRoot rows) {
            snapshots.put(file, () -> MemorySource.borrowing(Rejects.SNAPSHOTS, file, rows, null));
            return this;
        }

        /** Adds any source, which the log closes. */
        Builder add(InputTable table, @Nullable LegacyTable legacy, Opening source) {
            pending.add(new Pending(table, legacy, source));
            return this;
        }

        /** Sets the most bytes of a stream that stay in memory. */
        Builder keep(long bytes) {
            keptBytes = bytes;
            return this;
        }

        /**
         * Reads all streams and the files of snapshot diffs, and checks all columns. Closes everything that was given to be closed if that fails.
         *
         * @throws IOException if reading fails
         * @throws NexusDataException if the columns of a source do not fit its table, or a row of a snapshot is bad
         * @throws NexusConfigException if a snapshot diff reads a file that is not there
         */
        public EventLog build() throws IOException {
            EventLog log = new EventLog(config, allocator);
            List<RowSource> opened = new ArrayList<>();
            try {
                log.ignored.addAll(ignored);
                for (Pending next : pending) {
                    RowSource source = next.source().open();
                    opened.add(source);
                    log.bind(next.table(), next.legacy(), source);
                }
                closeAll(readers);
                for (int i = 0; i < config.snapshotDiffs().size(); i++) {
                    SnapshotDiffSpec diff = config.snapshotDiffs().get(i);
                    Opening snapshot = snapshots.get(diff.file());
                    if (snapshot == null) {
                        throw new NexusConfigException(
                                "/snapshot_diffs/" + i + "/file", "there is no " + diff.file() + " in the input");
                    }
                    for (SnapshotEvents.Joined joined : join(diff, snapshot, log)) {
                        opened.add(joined.rows());
                        log.bind(joined.table(), null, joined.rows());
                    }
                }
                log.settleStateUnit();
                return log;
            } catch (Throwable t) {
                for (List<? extends AutoCloseable> all : List.of(opened, readers)) {
                    try {
                        closeAll(all);
                    } catch (IOException | RuntimeException e) {
                        t.addSuppressed(e);
                    }
                }
                throw t;
            }
        }

        private List<SnapshotEvents.Joined> join(SnapshotDiffSpec diff, Opening snapshot, EventLog log)
                throws IOException {
            try (RowSource rows = snapshot.open();
                    Workers workers = new Workers(config.threads())) {
                SnapshotSightings sightings = SnapshotSightings.read(rows, diff, config, allocator);
                log.rejects.addOfSnapshots(sightings.rejects());
                log.snapshotCounts.add(sightings);
                return SnapshotEvents.of(sightings, diff).join(allocator, workers, keptBytes);
            }
        }

        private String nextName(InputTable table) {
            return "input " + counts.merge(table, 1, Integer::sum);
        }
    }
}
