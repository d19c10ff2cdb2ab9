package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.ColumnType;
import io.nexusid.api.InputTable;
import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.store.EpochWriter;
import io.nexusid.arrow.store.FingerprintHash;
import io.nexusid.arrow.store.SegmentMerge;
import io.nexusid.arrow.store.SegmentWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes the rows of a table that an epoch takes, in blocks of {@value #BLOCK_ROWS} rows; {@link StoredTable} reads them.
 *
 * <p>Each block of rows is one block of every column, so that segments can be merged block after block. A declared column has
 * {@code NAME} and, for text, {@code NAME.ends}; an empty block stands for nothing but nulls. Columns that are not
 * declared go into one, {@value #FURTHER}: for each row those that are not null, each as the lengths and bytes of name and
 * value. {@value #HEAD} has two longs for each block, the epoch and the number of rows; the columns of {@link RowMarks}
 * say what each row is about.
 */
final class StoredRowsWriter {
    static final int BLOCK_ROWS = 8_192;
    static final String HEAD = ".head";
    static final String FURTHER = ".further";
    static final String ENDS = ".ends";

    /** The cells of a block that are collected. */
    private static final class Column {
        final String name;
        final ColumnType type;
        /** Where the text of each row ends; -1 minus that if it is null. */
        final int[] ends = new int[BLOCK_ROWS];

        byte[] bytes = {};
        int length;
        final long[] values;
        boolean anything;

        Column(String name, ColumnType type) {
            this.name = name;
            this.type = type;
            this.values = new long[type == ColumnType.STRING ? 0 : BLOCK_ROWS];
        }

        void addText(int at, byte[] from, int start, int count) {
            room(count);
            System.arraycopy(from, start, bytes, length, count);
            length += count;
            ends[at] = length;
            anything = true;
        }

        void room(int more) {
            if (bytes.length - length < more) {
                bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), 2 * bytes.length));
            }
        }
    }

    private final EpochWriter epoch;
    private final InputTable table;
    private final Intake intake;
    private final EventLog log;
    private final List<StoredCells> cells = new ArrayList<>();
    private final Map<String, StoredCells> cellsByName = new HashMap<>();
    private final List<Column> columns = new ArrayList<>();
    private final List<StoredCells> further = new ArrayList<>();
    private final Column furtherColumn = new Column(FURTHER, ColumnType.STRING);
    private final MarkedRows marks;
    private final StoredNames.Seen names;
    private int collected;

    private StoredRowsWriter(
            EpochWriter epoch,
            InputTable table,
            Intake intake,
            EventLog log,
            FingerprintHash hash,
            StoredNames.Seen names) {
        this.epoch = epoch;
        this.table = table;
        this.intake = intake;
        this.log = log;
        table.columns().forEach(c -> {
            StoredCells declared = new StoredCells(c.name(), c.type());
            cells.add(declared);
            cellsByName.put(c.name(), declared);
            columns.add(new Column(c.name(), c.type()));
        });
        log.furtherColumns(table).forEach(name -> further.add(new StoredCells(name, ColumnType.STRING)));
        this.marks = new MarkedRows(
                table,
                RowMarks.columns(table),
                new RowMarks(log.config(), hash),
                new RowPrints(table, List.of(), hash),
                column -> cellsOf(column).text(),
                BLOCK_ROWS);
        this.names = names;
    }

    private StoredCells cellsOf(String column) {
        return Objects.requireNonNull(cellsByName.get(column));
    }

    /** The name that segments of a table's rows have. */
    static String segments(InputTable table) {
        return "rows." + table.tableName();
    }

    /**
     * Writes all rows of a log that are taken.
     *
     * @param hash makes their marks
     * @param names hears of the names among them that become columns
     */
    static void write(EpochWriter epoch, Intake intake, EventLog log, FingerprintHash hash, StoredNames.Seen names)
            throws IOException {
        for (InputTable table : intake.tables()) {
            if (intake.takesAny(table)) {
                new StoredRowsWriter(epoch, table, intake, log, hash, names).write();
                epoch.mergeTiers(segments(table), SegmentMerge.concatenation());
            }
        }
    }

    private void write() throws IOException {
        List<String> names = new ArrayList<>();
        cells.forEach(c -> names.add(c.name()));
        further.forEach(c -> names.add(c.name()));
        long written = 0;
        int row = 0;
        try (SegmentWriter segment = epoch.create(segments(table));
                TableScan scan = log.scan(table, names)) {
            for (RowBatch batch = scan.next(); batch != null; batch = scan.next()) {
                try (RowBatch owned = batch) {
                    load(owned);
                    for (int i = 0; i < owned.rows(); i++, row++) {
                        if (intake.takes(table, row)) {
                            collect(i, intake.isGiven(table, row));
                            written++;
                            if (collected == BLOCK_ROWS) {
                                flush(segment);
                            }
                        }
                    }
                }
            }
            if (collected > 0) {
                flush(segment);
            }
            segment.finish(written);
        }
    }

    private void load(RowBatch batch) {
        int at = 0;
        for (StoredCells column : cells) {
            column.load(batch.column(at++), batch.rows());
        }
        for (StoredCells column : further) {
            column.load(batch.column(at++), batch.rows());
        }
    }

    private void collect(int row, boolean isGiven) {
        for (int c = 0; c < columns.size(); c++) {
            StoredCells from = cells.get(c);
            Column to = columns.get(c);
            if (from.isNull(row)) {
                to.ends[collected] = -1 - to.length;
                if (!from.isText()) {
                    to.values[collected] = StoredCells.nullValue(to.type);
                }
            } else if (from.isText()) {
                TextBlock text = from.text();
                to.addText(collected, text.bytes(), text.from(row), text.length(row));
            } else {
                to.values[collected] = from.value64(row);
                to.anything = true;
            }
        }
        if (!further.isEmpty()) {
            collectFurther(row);
        }
        marks.add(row, isGiven);
        names.add(table, row, this::cellsOf);
        collected++;
    }

    private void collectFurther(int row) {
        for (StoredCells column : further) {
            if (!column.isNull(row)) {
                byte[] name = column.name().getBytes(UTF_8);
                TextBlock text = column.text();
                putPart(name, 0, name.length);
                putPart(text.bytes(), text.from(row), text.length(row));
                furtherColumn.anything = true;
            }
        }
        furtherColumn.ends[collected] = furtherColumn.length;
    }

    private void putPart(byte[] from, int at, int count) {
        furtherColumn.room(count + Integer.BYTES);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            furtherColumn.bytes[furtherColumn.length++] = (byte) (count >>> shift);
        }
        System.arraycopy(from, at, furtherColumn.bytes, furtherColumn.length, count);
        furtherColumn.length += count;
    }

    private void flush(SegmentWriter segment) throws IOException {
        segment.longs(HEAD, new long[] {epoch.epoch(), collected}, 0, 2);
        marks.flush(segment);
        for (Column column : columns) {
            flush(segment, column);
        }
        if (table.keepsFurtherColumns()) {
            flush(segment, furtherColumn);
        }
        collected = 0;
    }

    private void flush(SegmentWriter segment, Column column) throws IOException {
        int count = column.anything ? collected : 0;
        if (column.type == ColumnType.STRING) {
            segment.ints(column.name + ENDS, column.ends, 0, count);
            segment.bytes(column.name, column.bytes, 0, column.length);
        } else if (column.type == ColumnType.BOOLEAN) {
            byte[] flags = new byte[count];
            for (int i = 0; i < count; i++) {
                flags[i] = (byte) column.values[i];
            }
            segment.bytes(column.name, flags, 0, count);
        } else {
            segment.longs(column.name, column.values, 0, count);
        }
        column.length = 0;
        column.anything = false;
    }
}
