package io.nexusid.arrow;

import io.nexusid.api.Aggregator;
import io.nexusid.api.InputTable;
import io.nexusid.api.OutputTable;
import io.nexusid.graph.KeyDictionary;
import io.nexusid.graph.RowSort;
import io.nexusid.states.StateNumbers;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.ints.IntComparator;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@link OutputTable#EVENT_MEASUREMENTS} and {@link OutputTable#EVENT_DIMENSIONS}: one row per event, one column per
 * name. Each row's cells are computed once and kept as (column, value); the wide rows are laid out batch by batch.
 */
final class WideEvents implements AutoCloseable {
    private static final int NONE = -1;
    static final Set<String> FIXED = Set.of("event_id", "occurred_at", "source");
    private static final Set<String> TRUE_WORDS = Set.of("true", "t", "yes", "y", "1");

    private final Run run;
    private final boolean measurements;
    private final LoadedTable table;
    private final CodedColumn event = new CodedColumn(new KeyDictionary(1 << 10));
    private final CodedColumn names;
    private final CodedColumn sources;
    /** By code of a lower-case name, the number of its normalised form. */
    private final int[] wideOfName;

    private final List<String> columns = new ArrayList<>();
    private final boolean[] flagColumn;
    private final Aggregator[] aggregator;
    /** By number of a normalised name, its column. */
    private final int[] columnOfWide;

    private final int[] order;
    private final IntArrayList firstOfEvent = new IntArrayList();
    private final IntArrayList firstCell = new IntArrayList();
    private final IntArrayList cellColumn = new IntArrayList();
    /** {@link StateNumbers} bits of a measurement, a value's code of a label, 0 or 1 of a flag. */
    private final LongArrayList cellValue = new LongArrayList();

    private WideEvents(Run run, boolean measurements) throws IOException {
        this.run = run;
        this.measurements = measurements;
        this.table = load();
        this.names = table.codes(measurements ? "measurement_name" : "dimension_name")
                .lowered();
        this.sources = table.codes("source").lowered();
        this.wideOfName = PivotNames.columnOfName(names);
        int wideNames = Arrays.stream(wideOfName).max().orElse(NONE) + 1;
        this.flagColumn = new boolean[wideNames];
        this.aggregator = new Aggregator[wideNames];
        this.columnOfWide = new int[wideNames];
        layOut();
        if (measurements) {
            run.unmatched(InputTable.EVENT_MEASUREMENTS, "mixed_units", mixedUnits());
        }
        this.order = sortedRows();
        fillCells();
    }

    static WideEvents measurements(Run run) throws IOException {
        return new WideEvents(run, true);
    }

    static WideEvents dimensions(Run run) throws IOException {
        return new WideEvents(run, false);
    }

    private LoadedTable load() throws IOException {
        LoadedTable.Request request = LoadedTable.of(
                        measurements ? InputTable.EVENT_MEASUREMENTS : InputTable.EVENT_DIMENSIONS)
                .codes("event_id", event)
                .codes("source")
                .instants("occurred_at");
        if (!measurements) {
            return request.codes("dimension_name", "dimension_value").load(run);
        }
        request.codes("measurement_name", "value_unit").numbers("value");
        if (run.config().aggregatesInOrder()) {
            request.texts("event_measurement_id").instants("_ingested_at");
        }
        return request.load(run);
    }

    private void layOut() {
        Map<String, Integer> wide = new TreeMap<>(Bytes.ORDER);
        String[] smallestName = new String[columnOfWide.length];
        for (int code = 0; code < wideOfName.length; code++) {
            String name = names.text(code);
            int number = wideOfName[code];
            wide.put(ColumnNames.normalize(name), number);
            String other = smallestName[number];
            smallestName[number] = other == null || Bytes.ORDER.compare(name, other) < 0 ? name : other;
        }
        String prefix = measurements ? "measurement_" : "dimension_";
        Map<String, String> columnNames = ColumnNames.free(prefix, wide.keySet(), FIXED);
        Map<String, Integer> wideOfColumn = new TreeMap<>(Bytes.ORDER);
        wide.forEach((name, number) -> wideOfColumn.put(columnNames.getOrDefault(name, name), number));
        wide.forEach((name, number) -> flagColumn[number] = !measurements && name.startsWith("is_"));
        wideOfColumn.forEach((column, number) -> {
            columnOfWide[number] = columns.size();
            columns.add(column);
            aggregator[number] = run.config().aggregator(smallestName[number]);
        });
    }

    /** Number of rows with a unit whose measurement comes in another unit too: what they are combined to means little. */
    private long mixedUnits() {
        CodedColumn units = table.codes("value_unit").lowered();
        int[] first = new int[columnOfWide.length];
        Arrays.fill(first, NONE);
        boolean[] mixed = new boolean[columnOfWide.length];
        long[] rows = new long[columnOfWide.length];
        for (int row = 0; row < table.rows(); row++) {
            int unit = units.code(row);
            if (unit >= 0) {
                int wide = wide(row);
                first[wide] = first[wide] < 0 ? unit : first[wide];
                mixed[wide] |= first[wide] != unit;
                rows[wide]++;
            }
        }
        long count = 0;
        for (int wide = 0; wide < mixed.length; wide++) {
            count += mixed[wide] ? rows[wide] : 0;
        }
        return count;
    }

    /** Rows by event id; where events are split, also by time and source. */
    private int[] sortedRows() {
        int n = table.rows();
        int[] rows = new int[n];
        int[] eventRank = new int[n];
        int[] sourceRank = sources.ranks();
        int[] rankOfEvent = event.rankOfCode();
        for (int row = 0; row < n; row++) {
            rows[row] = row;
            eventRank[row] = rankOfEvent[event.code(row)];
        }
        if (run.config().compat().splitsWideTablesByOccurrence()) {
            RowSort.sort(rows, 0, n, sourceRank);
            RowSort.sortByLong(rows, 0, n, table.instants("occurred_at"));
        }
        RowSort.sort(rows, 0, n, eventRank);
        return rows;
    }

    private boolean sameEvent(int a, int b) {
        if (event.code(a) != event.code(b)) {
            return false;
        }
        return !run.config().compat().splitsWideTablesByOccurrence()
                || (table.instants("occurred_at")[a] == table.instants("occurred_at")[b]
                        && sources.code(a) == sources.code(b));
    }

    private void fillCells() {
        IntComparator byColumn = (a, b) -> {
            int byWide = Integer.compare(wide(a), wide(b));
            return byWide != 0 ? byWide : compareWithinCell(a, b);
        };
        int from = 0;
        for (int i = 1; i <= order.length; i++) {
            if (i < order.length && sameEvent(order[from], order[i])) {
                continue;
            }
            firstOfEvent.add(from);
            firstCell.add(cellColumn.size());
            IntArrays.mergeSort(order, from, i, byColumn);
            int cell = from;
            for (int j = from + 1; j <= i; j++) {
                if (j == i || wide(order[j]) != wide(order[cell])) {
                    addCell(cell, j);
                    cell = j;
                }
            }
            from = i;
        }
        firstOfEvent.add(order.length);
        firstCell.add(cellColumn.size());
    }

    private int wide(int row) {
        return wideOfName[names.code(row)];
    }

    /** The order in which SUM adds and LAST looks; MAX does not care. */
    private int compareWithinCell(int a, int b) {
        Aggregator how = aggregator[wide(a)];
        if (!measurements || how == Aggregator.MAX) {
            return 0;
        }
        int result = 0;
        if (how == Aggregator.LAST) {
            result = Long.compare(table.instants("occurred_at")[b], table.instants("occurred_at")[a]);
            result = result != 0
                    ? result
                    : Long.compare(table.instants("_ingested_at")[b], table.instants("_ingested_at")[a]);
        }
        result = result != 0 ? result : table.texts("event_measurement_id").compare(a, b);
        return result != 0 ? result : StateNumbers.compare(table.numbers("value")[a], table.numbers("value")[b]);
    }

    private void addCell(int from, int end) {
        int number = wide(order[from]);
        long value = measurements ? measurement(aggregator[number], from, end) : dimension(number, from, end);
        boolean isNull = measurements ? StateNumbers.isNull(value) : value < 0;
        if (!isNull) {
            cellColumn.add(columnOfWide[number]);
            cellValue.add(value);
        }
    }

    private long measurement(Aggregator how, int from, int end) {
        double result = 0;
        boolean any = false;
        for (int i = from; i < end; i++) {
            long bits = table.numbers("value")[order[i]];
            if (StateNumbers.isNull(bits)) {
                continue;
            }
            double value = StateNumbers.value(bits);
            if (!any) {
                result = value;
            } else if (how == Aggregator.MAX) {
                result = Double.compare(value, result) > 0 ? value : result;
            } else if (how == Aggregator.SUM) {
                result += value;
            }
            any = true;
        }
        return any ? StateNumbers.of(result) : StateNumbers.NULL;
    }

    private long dimension(int number, int from, int end) {
        CodedColumn values = table.codes("dimension_value");
        int result = NONE;
        for (int i = from; i < end; i++) {
            int code = values.code(order[i]);
            if (code < 0) {
                continue;
            }
            if (flagColumn[number]) {
                boolean isTrue = TRUE_WORDS.contains(values.text(code).toLowerCase(Locale.ROOT));
                result = Math.max(result, isTrue ? 1 : 0);
            } else if (result < 0 || values.compareCodes(code, result) > 0) {
                result = code;
            }
        }
        return result;
    }

    /** The cells of the events of one batch. One per cursor. */
    private final class Pivot implements SelectedRows.BatchHook {
        private final int[][] cells = new int[columns.size()][0];
        private int from;

        @Override
        public void prepare(int start, int count) {
            from = start;
            for (int c = 0; c < cells.length; c++) {
                cells[c] = cells[c].length < count ? new int[count] : cells[c];
                Arrays.fill(cells[c], NONE);
            }
            for (int row = 0; row < count; row++) {
                for (int i = firstCell.getInt(start + row); i < firstCell.getInt(start + row + 1); i++) {
                    cells[cellColumn.getInt(i)][row] = i;
                }
            }
        }

        int cell(int column, int row) {
            return cells[column][row - from];
        }
    }

    /** Hears of an event and its cell in one column. */
    interface CellConsumer {
        /**
         * One cell that is not null.
         *
         * @param value {@link StateNumbers} bits of a measurement, else what {@link #label} reads
         */
        void accept(byte[] eventId, long value);
    }

    /** Hands over the cells of the column that this name shares, in the order of the rows. */
    void forEachCell(String name, CellConsumer cells) {
        int column = column(name);
        for (int i = 0; column >= 0 && i + 1 < firstOfEvent.size(); i++) {
            for (int cell = firstCell.getInt(i); cell < firstCell.getInt(i + 1); cell++) {
                if (cellColumn.getInt(cell) == column) {
                    cells.accept(event.bytes(event.code(first(i))), cellValue.getLong(cell));
                }
            }
        }
    }

    /** The text of a dimension's cell; a flag's is true or false. */
    byte[] label(String name, long cell) {
        return isFlag(column(name))
                ? Bytes.of(Boolean.toString(cell != 0))
                : table.codes("dimension_value").bytes((int) cell);
    }

    private int column(String name) {
        String wanted = ColumnNames.normalize(name);
        for (int code = 0; code < wideOfName.length; code++) {
            if (ColumnNames.normalize(names.text(code)).equals(wanted)) {
                return columnOfWide[wideOfName[code]];
            }
        }
        return NONE;
    }

    TableRows rows() {
        return new SelectedRows(firstOfEvent.size() - 1, () -> {
            Pivot pivot = new Pivot();
            List<OutputColumn> out = new ArrayList<>();
            out.add(OutputColumn.text("event_id", (i, scratch) -> event.copyTo(event.code(first(i)), scratch.text)));
            out.add(OutputColumn.instant("occurred_at", this::occurredAt));
            out.add(OutputColumn.text("source", (i, scratch) -> sources.copyTo(source(i), scratch.text)));
            for (int wide = 0; wide < columns.size(); wide++) {
                out.add(column(pivot, columns.get(wide), wide));
            }
            return new SelectedRows.Columns(out, pivot);
        });
    }

    private OutputColumn column(Pivot pivot, String name, int column) {
        if (measurements) {
            return OutputColumn.number(name, i -> {
                int cell = pivot.cell(column, i);
                return cell < 0 ? StateNumbers.NULL : cellValue.getLong(cell);
            });
        }
        if (isFlag(column)) {
            return OutputColumn.flag(name, i -> {
                int cell = pivot.cell(column, i);
                return cell < 0 ? 0 : (int) cellValue.getLong(cell);
            });
        }
        CodedColumn values = table.codes("dimension_value");
        return OutputColumn.text(name, (i, scratch) -> {
            int cell = pivot.cell(column, i);
            values.copyTo(cell < 0 ? NONE : (int) cellValue.getLong(cell), scratch.text);
        });
    }

    private boolean isFlag(int column) {
        for (int wide = 0; wide < columnOfWide.length; wide++) {
            if (columnOfWide[wide] == column) {
                return flagColumn[wide];
            }
        }
        return false;
    }

    private int first(int i) {
        return order[firstOfEvent.getInt(i)];
    }

    private long occurredAt(int i) {
        long earliest = Instants.NULL;
        for (int j = firstOfEvent.getInt(i); j < firstOfEvent.getInt(i + 1); j++) {
            earliest = Instants.min(earliest, table.instants("occurred_at")[order[j]]);
        }
        return earliest;
    }

    private int source(int i) {
        int smallest = NONE;
        for (int j = firstOfEvent.getInt(i); j < firstOfEvent.getInt(i + 1); j++) {
            int code = sources.code(order[j]);
            if (code >= 0 && (smallest < 0 || sources.compareCodes(code, smallest) < 0)) {
                smallest = code;
            }
        }
        return smallest;
    }

    @Override
    public void close() {
        table.close();
    }
}
