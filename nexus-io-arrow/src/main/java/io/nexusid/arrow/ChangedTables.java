package io.nexusid.arrow;

import io.nexusid.api.IdForm;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What an append changed in the derived tables, as rows to be applied to the tables as they were.
 *
 * <p>A changed row has the columns {@value ChangedRows#CHANGE} ({@code upsert} or {@code delete}) and
 * {@value ChangedRows#EPOCH}, then those of the table: the ones that are always there, in the table's order, and behind them
 * those that come from the data, in the order in which the store first met their names, so that a later append only adds
 * columns at the end. A delete fills only the {@linkplain #key key}. Rows come in the order of the key.
 *
 * <p>To apply them, remove every row whose key is among them, then add the upserts without their first two columns: a key
 * that has several rows (a given stay twice) comes with all of them. A column that is new is null in the rows you hold, or
 * false if it is a flag of {@code nexus_event_dimensions}. The core tables ({@code nexus_events} and those like it) are not
 * derived: they grow by the rows that were appended.
 *
 * <p>Only rows about what the append touched are read and derived, as they were before and as they are now; what is equal
 * vanishes. Finding them looks at 4 to 8 bytes of every kept row, on all threads; of those found the pages of 4 KiB are read
 * that they lie in.
 * Tables whose columns can be told only from all rows (names that clash with columns, a state that is now a text and now a
 * number) and {@code nexus_measurement_movements}, which adds up everybody, are derived whole and compared, as is every
 * table by the first append. Surrogate keys, which are good within one run, are left out.
 *
 * <p>Not thread-safe. Close it before the store.
 */
public final class ChangedTables implements AutoCloseable {
    /** The rows of a store before or after an append, derived. */
    interface Side {
        /** All tables of this side that are derived from these rows; the caller closes them. */
        ResolvedTables tables(Set<String> names) throws IOException;
    }

    /**
     * Where the tables come from.
     *
     * @param before from the rows that matter, as they were
     * @param now from the rows that matter, as they are
     * @param wholeBefore from all rows as they were
     * @param wholeNow from all rows as they are
     * @param asWritten from no rows, with ids in the form in which they are written
     * @param none from no rows
     * @param knownBefore the names of the tables that there were before
     */
    record Sides(
            Side before,
            Side now,
            Side wholeBefore,
            Side wholeNow,
            Side asWritten,
            Side none,
            Set<String> knownBefore) {}

    private final NexusConfig config;
    private final BufferAllocator allocator;
    private final long epoch;
    private final Sides sides;
    private final WideColumns wide;
    /** The tables that are compared whole. */
    private final Set<String> whole;

    private final Closeable owned;
    private final Map<Side, ResolvedTables> opened = new LinkedHashMap<>();
    private final Workers workers = new Workers(1);
    private final List<OutputTable> tables;
    private boolean closed;

    ChangedTables(
            NexusConfig config,
            BufferAllocator allocator,
            long epoch,
            Sides sides,
            WideColumns wide,
            boolean allWhole,
            Closeable owned) {
        this.config = config;
        this.allocator = allocator;
        this.epoch = epoch;
        this.sides = sides;
        this.wide = wide;
        this.owned = owned;
        this.tables = ChangeKeys.tables(config);
        this.whole = new HashSet<>();
        for (OutputTable table : tables) {
            if (allWhole || !wide.isPlain(table.name()) || table.name().equals(OutputTable.MEASUREMENT_MOVEMENTS)) {
                whole.add(table.name());
            }
        }
    }

    /** The tables that have changes, those included that are written only when named. */
    public List<OutputTable> tables() {
        return tables;
    }

    /**
     * The columns by which the rows of a table are told apart here.
     *
     * @throws IllegalArgumentException if it has no changes
     */
    public List<String> key(String table) {
        return keys(table).columns();
    }

    private ChangeKeys keys(String table) {
        if (tables.stream().noneMatch(t -> t.name().equals(table))) {
            throw new IllegalArgumentException(table + " has no changes; these have: "
                    + tables.stream().map(OutputTable::name).toList());
        }
        return ChangeKeys.of(config, table);
    }

    /** Whether a table is derived whole to see what changed. */
    boolean isComparedWhole(String table) {
        return whole.contains(table);
    }

    /**
     * Streams the changed rows of a table in batches of at most 65,536. The reader is the caller's to close, before this is
     * closed.
     *
     * @throws IllegalArgumentException if the table has no changes
     */
    public ArrowReader reader(String table) throws IOException {
        return new TableReader(rows(table), allocator, workers);
    }

    private TableRows rows(String table) throws IOException {
        if (closed) {
            throw new IllegalStateException("these changes are closed");
        }
        ChangeKeys key = keys(table);
        Side then = whole.contains(table) ? sides.wholeBefore() : sides.before();
        ResolvedTables before = opened(sides.knownBefore().contains(table) ? then : sides.none(), table);
        ResolvedTables now = opened(whole.contains(table) ? sides.wholeNow() : sides.now(), table);
        TableRows rowsBefore = before.rows(table);
        TableRows rowsNow = now.rows(table);
        List<Field> columns = columns(table, rowsBefore.schema(), rowsNow.schema());
        List<String> flags = columns.stream()
                .filter(column ->
                        table.equals(OutputTable.EVENT_DIMENSIONS) && column.getType() instanceof ArrowType.Bool)
                .map(Field::getName)
                .toList();
        ChangedRows.Form form = new ChangedRows.Form(columns, flags, key);
        return new ChangedRows(form, epoch, () -> before.reader(rowsBefore), () -> now.reader(rowsNow));
    }

    private ResolvedTables opened(Side side, String table) throws IOException {
        ResolvedTables known = opened.get(side);
        if (known == null) {
            Set<String> names = new HashSet<>();
            for (OutputTable each : tables) {
                if (whole.contains(each.name()) == whole.contains(table)) {
                    names.add(each.name());
                }
            }
            known = side.tables(names);
            opened.put(side, known);
        }
        return known;
    }

    /** The columns of a table's changes: those that are always there, then those from the data. */
    private List<Field> columns(String table, Schema before, Schema now) throws IOException {
        List<Field> columns = new ArrayList<>();
        Map<String, Field> fromData = new LinkedHashMap<>();
        wide.columns(table).forEach((name, type) -> fromData.put(name, ArrowTypes.field(name, type)));
        if (whole.contains(table)) {
            fromData.keySet().removeIf(name -> find(now, name) == null && find(before, name) == null);
        }
        // A column that is gone counts too: rows that had something in it have changed.
        for (Schema schema : List.of(before, now)) {
            for (Field field : schema.getFields()) {
                if (wide.isWide(table) && !wide.isFixed(table, field.getName()) && !isSurrogateKey(field)) {
                    fromData.put(field.getName(), field);
                }
            }
        }
        for (Field field : now.getFields()) {
            if (!fromData.containsKey(field.getName()) && !isSurrogateKey(field)) {
                columns.add(field);
            }
        }
        columns.addAll(fromData.values());
        if (config.ids() == IdForm.BINARY) {
            try (ResolvedTables empty = sides.asWritten().tables(Set.of(table))) {
                Schema written = empty.rows(table).schema();
                columns.replaceAll(column -> {
                    Field same =
                            wide.columns(table).containsKey(column.getName()) ? null : find(written, column.getName());
                    return same == null ? column : same;
                });
            }
        }
        return columns;
    }

    private static boolean isSurrogateKey(Field field) {
        return field.getType() instanceof ArrowType.Int;
    }

    private static @Nullable Field find(Schema schema, String name) {
        return schema.getFields().stream()
                .filter(field -> field.getName().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Writes the changed rows of all tables that are written by default, each to {@code dir/NAME_changes.FORMAT}. */
    public void write(Path dir, TableFormat format) throws IOException {
        format.check(config);
        try (TableFiles files = TableFiles.create(dir, format)) {
            write(files);
            files.publish();
        }
    }

    /** Writes them beside other files. */
    void write(TableFiles files) throws IOException {
        List<OutputTable> left =
                new ArrayList<>(tables.stream().filter(OutputTable::byDefault).toList());
        while (!left.isEmpty()) {
            String table = left.remove(0).name();
            StoredTables.write(table + "_changes", rows(table), allocator, files);
            List<String> names = left.stream().map(OutputTable::name).toList();
            opened.values().forEach(each -> each.keepFor(names));
        }
    }

    /** Gives back what was derived. Closing twice does nothing. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (owned) {
            opened.values().forEach(ResolvedTables::close);
            workers.close();
        }
    }
}
