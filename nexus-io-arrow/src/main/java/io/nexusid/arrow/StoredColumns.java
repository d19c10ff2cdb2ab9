package io.nexusid.arrow;

import io.nexusid.api.InputColumn;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.format.RowSource;
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

    /** Whether rows that say nothing in a column mean something else than rows of a log without it, and both came. */
    static boolean changeMeaning(Map<String, String> before, Map<String, String> after) {
        List<String> had = columns(before, InputTable.STATES);
        return !had.isEmpty()
                && !had.contains("state_category")
                && columns(after, InputTable.STATES).contains("state_category");
    }

    /** Chooses rows of a table. */
    interface Choice {
        StoredTable of(InputTable table, StoredTable all) throws IOException;
    }

    /**
     * Some rows of a snapshot as a log, which borrows it.
     *
     * @param properties those of the epoch whose columns the tables are to have
     * @param choice is handed each table with all declared columns; only which rows it leaves counts
     * @param identifiers further rows of {@code entity_identifiers}
     */
    static EventLog log(
            Snapshot snapshot,
            Map<String, String> properties,
            NexusConfig config,
            BufferAllocator allocator,
            Choice choice,
            List<RowSource> identifiers)
            throws IOException {
        // Rows that were taken under a milder setting stay: they were judged then.
        NexusConfig mild = config.toBuilder().lenientBooleans(true).build();
        EventLog.Builder builder = EventLog.builder(mild, allocator);
        for (InputTable table : InputTable.values()) {
            List<String> columns = columns(properties, table);
            if (!columns.isEmpty()) {
                StoredTable rows = choice.of(table, all(snapshot, table)).with(columns);
                builder.add(table, null, () -> rows);
            }
        }
        for (RowSource source : identifiers) {
            builder.add(InputTable.ENTITY_IDENTIFIERS, null, () -> source);
        }
        return builder.build();
    }

    /** All rows of a table with its declared columns. */
    static StoredTable all(Snapshot snapshot, InputTable table) throws IOException {
        return StoredTable.of(
                snapshot, table, table.columns().stream().map(InputColumn::name).toList());
    }

    static void compact(EpochWriter epoch) throws IOException {
        for (InputTable table : InputTable.values()) {
            epoch.mergeAll(StoredRowsWriter.segments(table), SegmentMerge.concatenation());
        }
    }
}
