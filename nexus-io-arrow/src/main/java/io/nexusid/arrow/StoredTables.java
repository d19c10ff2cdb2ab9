package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ProgressListener;
import io.nexusid.arrow.format.HeapBatch;
import io.nexusid.arrow.format.TableWriter;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.graph.IdentitySnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** The tables that a store makes of what it holds. */
final class StoredTables {
    private StoredTables() {}

    /**
     * The rows of an epoch about some entities.
     *
     * @param wanted says which
     */
    static RowsAbout about(
            NexusConfig config,
            Snapshot epoch,
            StoredAcceptance acceptance,
            IdentitySnapshot identities,
            Consumer<RowsAbout> wanted)
            throws IOException {
        Map<InputTable, StoredTable> tables = new EnumMap<>(InputTable.class);
        for (InputTable table : InputTable.values()) {
            tables.put(table, StoredColumns.all(epoch, table));
        }
        try (Workers workers = new Workers(config.threads())) {
            RowsAbout about = new RowsAbout(config, acceptance.hash(), identities, identities, tables, workers);
            wanted.accept(about);
            about.close();
            return about;
        }
    }

    /**
     * Resolved tables of an epoch.
     *
     * @param epoch taken over
     * @param about the rows to derive them from, or null for all
     */
    static ResolvedTables derive(
            NexusConfig config,
            Snapshot epoch,
            StoredAcceptance acceptance,
            IdentitySnapshot identities,
            BufferAllocator allocator,
            Collection<String> names,
            @Nullable RowsAbout about)
            throws IOException {
        List<AutoCloseable> owned = new ArrayList<>(List.of(epoch));
        try {
            List<OutputTable> found = Nexus.tablesOf(config, names);
            Set<String> wanted = new LinkedHashSet<>();
            found.forEach(table -> wanted.add(table.name()));
            EventLog log = StoredColumns.log(
                    epoch,
                    epoch.properties(),
                    config,
                    allocator,
                    (table, all) -> {
                        StoredTable some = about == null ? all : about.of(table, all);
                        return some.without(LatestVersions.outdated(all, table, acceptance, allocator));
                    },
                    about == null ? List.of() : List.of(about.otherIdentifiers()));
            owned.add(0, log);
            StoredTable all = StoredColumns.all(epoch, InputTable.ENTITY_IDENTIFIERS);
            StoredResolutions resolutions = new StoredResolutions(
                    EntityIds.of(epoch.properties(), config),
                    epoch,
                    identities,
                    epoch.epoch(),
                    about == null ? all : about.of(InputTable.ENTITY_IDENTIFIERS, all));
            Run run = new Run(config, log, allocator, wanted, Nexus.clock(config), ProgressListener.NONE, resolutions);
            return new ResolvedTables(run, allocator, found).owning(() -> closeAll(owned));
        } catch (Throwable t) {
            try {
                closeAll(owned);
            } catch (Exception e) {
                t.addSuppressed(e);
            }
            throw t;
        }
    }

    private static void closeAll(List<AutoCloseable> owned) throws Exception {
        for (AutoCloseable each : owned) {
            each.close();
        }
    }

    /** Writes a table alone, to {@code dir/NAME.FORMAT}. */
    static void write(
            String name, TableRows rows, NexusConfig config, BufferAllocator allocator, Path dir, TableFormat format)
            throws IOException {
        format.check(config);
        try (TableFiles files = TableFiles.create(dir, format)) {
            write(name, rows, allocator, files);
            files.publish();
        }
    }

    /** Writes a table beside others. */
    static void write(String name, TableRows rows, BufferAllocator allocator, TableFiles files) throws IOException {
        Workers workers = new Workers(1);
        TableWriter writer = files.open(name, rows.schema(), workers);
        try (TableRows.HeapCursor cursor = rows.openHeap(allocator, workers)) {
            for (HeapBatch batch = cursor.next(); batch != null; batch = cursor.next()) {
                writer.write(batch);
            }
        } catch (Throwable t) {
            try (writer) {
                throw t;
            }
        }
        files.finish(writer);
    }
}
