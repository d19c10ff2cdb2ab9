package io.nexusid.arrow;

import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ProgressListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * Resolves event logs: who is who, what is known of each, what held when.
 *
 * <pre>{@code
 * try (Nexus nexus = Nexus.open(Path.of("nexus.json"));
 *      EventLog log = nexus.read(Path.of("in"));
 *      ResolvedTables tables = nexus.resolve(log)) {
 *   tables.write(Path.of("out"), TableFormat.PARQUET);
 * }
 * }</pre>
 *
 * <p>Owns the Arrow memory of everything that comes from it; what comes from it is closed first, and closing reports
 * memory that was not given back. Not thread-safe; any number of instances may run side by side.
 */
public final class Nexus implements AutoCloseable {
    private final NexusConfig config;
    private final BufferAllocator allocator;
    private ProgressListener progress = ProgressListener.NONE;

    private Nexus(NexusConfig config, BufferAllocator allocator) {
        this.config = config;
        this.allocator = allocator;
    }

    /** Opens with these settings. */
    public static Nexus open(NexusConfig config) {
        return new Nexus(config, new RootAllocator());
    }

    /** Opens with these settings, taking memory from a child of the caller's allocator: its limit holds. */
    public static Nexus open(NexusConfig config, BufferAllocator parent) {
        return new Nexus(config, parent.newChildAllocator("nexus", 0, Long.MAX_VALUE));
    }

    /**
     * Opens with the settings of a JSON file.
     *
     * @throws IOException if the file cannot be read
     * @throws NexusConfigException if it is wrong
     */
    public static Nexus open(Path configFile) throws IOException {
        return open(ConfigFile.read(configFile).build());
    }

    /** Hears how far runs are. */
    public Nexus progress(ProgressListener listener) {
        this.progress = listener;
        return this;
    }

    /** The settings. */
    public NexusConfig config() {
        return config;
    }

    /**
     * Opens the tables of a folder: finds the files and checks their columns; rows are read by {@link #resolve}. The
     * caller closes the log.
     *
     * @throws IOException if a file cannot be read
     * @throws io.nexusid.api.NexusDataException if a file is damaged, or its columns are not what the table needs
     */
    public EventLog read(Path dir) throws IOException {
        return EventLog.open(dir, config, allocator);
    }

    /** Collects tables that are in memory, or come as Arrow streams, into a log. */
    public EventLog.Builder log() {
        return EventLog.builder(config, allocator);
    }

    /**
     * Resolves a log. Who is who is decided now; tables are computed as they are asked for. The caller closes the
     * tables, then the log.
     *
     * @throws io.nexusid.api.NexusDataException if rows are bad and the fault's policy is to fail
     */
    public ResolvedTables resolve(EventLog log) throws IOException {
        return resolve(log, namesByDefault());
    }

    /**
     * Resolves a log, reading and computing only what these tables need, and {@code nexus_rejects}.
     *
     * @throws IllegalArgumentException if a name is none of the tables of this configuration
     */
    public ResolvedTables resolve(EventLog log, Collection<String> tables) throws IOException {
        List<OutputTable> found = tablesOf(config, tables);
        Set<String> names = new LinkedHashSet<>();
        found.forEach(table -> names.add(table.name()));
        Run run = new Run(config, log, allocator, names, clock(), progress);
        return new ResolvedTables(run, allocator, found);
    }

    /** These tables and {@code nexus_rejects}, in the order in which they are written. */
    static List<OutputTable> tablesOf(NexusConfig config, Collection<String> tables) {
        Set<String> wanted = new LinkedHashSet<>(tables);
        wanted.add(OutputTable.REJECTS);
        List<OutputTable> found = new ArrayList<>();
        for (OutputTable table : OutputTable.all(config)) {
            if (wanted.remove(table.name())) {
                found.add(table);
            }
        }
        if (!wanted.isEmpty()) {
            throw new IllegalArgumentException("no tables " + wanted + "; known: "
                    + OutputTable.all(config).stream().map(OutputTable::name).toList());
        }
        return found;
    }

    private List<String> namesByDefault() {
        return namesByDefault(config);
    }

    /** The tables that are written when none is named. */
    static List<String> namesByDefault(NexusConfig config) {
        return OutputTable.all(config).stream()
                .filter(OutputTable::byDefault)
                .map(OutputTable::name)
                .toList();
    }

    private Instant clock() {
        return clock(config);
    }

    /** The configured instant, else {@code SOURCE_DATE_EPOCH} (seconds), else now. */
    static Instant clock(NexusConfig config) {
        if (config.clock().isPresent()) {
            return config.clock().get();
        }
        String epoch = System.getenv("SOURCE_DATE_EPOCH");
        if (epoch == null || epoch.isEmpty()) {
            return Instant.now();
        }
        try {
            return Instant.ofEpochSecond(Long.parseLong(epoch));
        } catch (NumberFormatException | DateTimeException e) {
            throw new NexusConfigException("SOURCE_DATE_EPOCH", "'" + epoch + "' is no number of seconds", e);
        }
    }

    /**
     * Gives the memory back.
     *
     * @throws IllegalStateException if something that came from this was not closed
     */
    @Override
    public void close() {
        allocator.close();
    }
}
