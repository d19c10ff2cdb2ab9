package io.nexusid.arrow;

import io.nexusid.api.InputColumn;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.store.EpochWriter;
import io.nexusid.arrow.store.SegmentMerge;
import io.nexusid.arrow.store.Snapshot;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Which columns the tables of a store have: those that any log had, since a column that is not there means something else
 * than one that is null. In properties {@code columns.TABLE}; and the log that the kept rows make.
 */
final class StoredColumns {
    private static final String PROPERTY = "columns.";

    private StoredColumns() {}

    static void write(EpochWriter epoch, SortedMap<String, String> before, EventLog log) {
        for (InputTable table : log.tables()) {
            Set<String> columns = new LinkedHashSet<>(columns(before, table));
            for (InputColumn column : table.columns()) {
                if (log.has(table, column.name())) {
                    columns.add(column.name());
                }
            }
            table.mintedId().ifPresent(columns::add);
            columns.addAll(log.furtherColumns(table));
            epoch.property(PROPERTY + table.tableName(), StoreSettings.writeList(columns));
        }
    }

    private static List<String> columns(Map<String, String> properties, InputTable table) {
        String value = properties.get(PROPERTY + table.tableName());
        return value == null ? List.of() : StoreSettings.readList(value);
    }

    /** The rows of a snapshot as a log, which borrows it. */
    static EventLog log(Snapshot snapshot, StoredAcceptance acceptance, NexusConfig config, BufferAllocator allocator)
            throws IOException {
        EventLog.Builder builder = EventLog.builder(config, allocator);
        SortedMap<String, String> properties = snapshot.properties();
        for (InputTable table : InputTable.values()) {
            List<String> columns = columns(properties, table);
            if (!columns.isEmpty()) {
                List<String> declared =
                        table.columns().stream().map(InputColumn::name).toList();
                StoredTable all = StoredTable.of(snapshot, table, declared);
                StoredTable rows = StoredTable.of(snapshot, table, columns)
                        .without(LatestVersions.outdated(all, table, acceptance, allocator));
                builder.add(table, null, () -> rows);
            }
        }
        return builder.build();
    }

    static void compact(EpochWriter epoch) throws IOException {
        for (InputTable table : InputTable.values()) {
            epoch.mergeAll(StoredRowsWriter.segments(table), SegmentMerge.concatenation());
        }
    }
}
