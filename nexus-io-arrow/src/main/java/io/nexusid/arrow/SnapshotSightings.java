package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.FaultPolicy;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.SnapshotDiffSpec;
import io.nexusid.arrow.format.BatchColumn;
import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.arrow.format.RowSource;
import io.nexusid.arrow.format.TextBlock;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * The rows of a snapshot diff's file that show something: whose value, which one, when, and the extra columns, all but the
 * instant as codes of their texts. Rows without key or value, null or nothing but spaces, show nothing and are counted.
 *
 * <p>Memory: 16 bytes a row, 4 more per extra column, and the distinct texts. Read once; immutable afterwards.
 */
final class SnapshotSightings {
    private static final int KEY = 0;
    private static final int VALUE = 1;
    private static final int OBSERVED_AT = 2;
    private static final int EXTRAS = 3;
    private static final String NO_INSTANT = "null, where an instant is required";

    private final SnapshotDiffSpec diff;
    private final NexusConfig config;
    private final RowSource source;
    private final ConversionSpace space;
    private final List<String> names;
    private final List<Field> fields = new ArrayList<>();
    private final List<ColumnConversion> conversions = new ArrayList<>();
    /** By column its texts; that of the instant is empty. */
    private final CodedColumn[] texts;

    private final IntArrayList[] codes;
    private final LongArrayList observedAt = new LongArrayList();
    private final CheckedDictionary[] dictionaries;
    private final SnapshotValues values;
    private final List<Rejects.Reject> rejects = new ArrayList<>();
    private long rowsRead;
    private long withoutKey;
    private long withoutValue;

    private SnapshotSightings(RowSource source, SnapshotDiffSpec diff, NexusConfig config, BufferAllocator allocator) {
        this.diff = diff;
        this.config = config;
        this.source = source;
        this.space = new ConversionSpace(allocator, Rejects.SNAPSHOTS);
        this.names = diff.columns();
        this.texts = new CodedColumn[names.size()];
        this.codes = new IntArrayList[names.size()];
        this.dictionaries = new CheckedDictionary[names.size()];
        Arrays.setAll(texts, i -> new CodedColumn());
        Arrays.setAll(codes, i -> new IntArrayList());
        Arrays.setAll(dictionaries, i -> new CheckedDictionary());
        this.values = new SnapshotValues(texts[VALUE]);
        for (int i = 0; i < names.size(); i++) {
            bind(i);
        }
    }

    /**
     * Reads a file, which stays the caller's.
     *
     * @throws IOException if the system fails to read
     * @throws NexusDataException if a column is missing or of a wrong type, or a row has a fault that fails the run
     */
    static SnapshotSightings read(
            RowSource source, SnapshotDiffSpec diff, NexusConfig config, BufferAllocator allocator) throws IOException {
        SnapshotSightings sightings = new SnapshotSightings(source, diff, config, allocator);
        try (RowReader reader = source.read(allocator, sightings.names)) {
            for (RowBatch batch = reader.next(); batch != null; batch = reader.next()) {
                try (RowBatch owned = batch) {
                    sightings.add(owned);
                }
            }
        }
        return sightings;
    }

    private void bind(int column) {
        String name = names.get(column);
        List<Field> found = source.columns().stream()
                .filter(field -> field.getName().equals(name))
                .toList();
        if (found.size() != 1) {
            throw fault(found.isEmpty() ? FaultCode.MISSING_COLUMN : FaultCode.DUPLICATE_COLUMN, name)
                    .because(found.isEmpty() ? "the snapshot diff reads this column" : "two columns have this name");
        }
        Field field = found.get(0);
        ColumnConversion conversion = column == OBSERVED_AT
                ? ColumnConversion.of(field, ColumnType.TIMESTAMP, source.textual())
                : ColumnConversion.toText(field);
        // Text may say an instant or a number in any file: it is read from the text in any case.
        boolean asInstant = column == VALUE && diff.occurredAt() == SnapshotDiffSpec.OccurredAt.VALUE;
        boolean asNumber = column == VALUE && diff.measurement() != null;
        if (conversion == null
                || (asInstant && ColumnConversion.of(field, ColumnType.TIMESTAMP, true) == null)
                || (asNumber && ColumnConversion.of(field, ColumnType.DOUBLE, true) == null)) {
            ColumnType wanted = column == OBSERVED_AT || asInstant
                    ? ColumnType.TIMESTAMP
                    : asNumber ? ColumnType.DOUBLE : ColumnType.STRING;
            throw fault(FaultCode.WRONG_TYPE, name)
                    .because(field.getType() + " cannot be read as "
                            + wanted.name().toLowerCase(Locale.ROOT));
        }
        fields.add(field);
        conversions.add(conversion);
    }

    private NexusDataException.Builder fault(FaultCode code, String column) {
        return NexusDataException.of(code, Rejects.SNAPSHOTS)
                .file(source.name())
                .column(column);
    }

    private void add(RowBatch batch) {
        int rows = batch.rows();
        BatchFaults faults = space.faults;
        faults.start(rows);
        for (RowBatch.MalformedRow row : batch.malformed()) {
            faults.add(row.index(), FaultCode.MALFORMED_RECORD, row.reason());
        }
        long[] instants = new long[rows];
        for (int i = 0; i < names.size(); i++) {
            faults.in(names.get(i));
            if (i == OBSERVED_AT) {
                readInstants(batch.column(i), rows, instants);
            } else {
                readTexts(i, batch.column(i), rows);
            }
        }
        for (int row = 0; row < rows; row++) {
            examine(row, instants[row]);
            BatchFaults.Fault fault = faults.of(row);
            if (fault != null) {
                setAside(fault, batch, row);
            } else if (isBlank(KEY, row)) {
                withoutKey++;
            } else if (isBlank(VALUE, row)) {
                withoutValue++;
            } else {
                observedAt.add(instants[row]);
                for (int i = 0; i < codes.length; i++) {
                    if (i != OBSERVED_AT) {
                        codes[i].add(texts[i].code(row));
                    }
                }
            }
        }
        rowsRead += rows;
        space.faults.start(0);
    }

    private void readTexts(int column, BatchColumn cells, int rows) {
        texts[column].clear();
        if (cells.isOnHeap()) {
            append(column, cells.text());
            return;
        }
        Field target = ArrowTypes.field(names.get(column), ColumnType.STRING);
        try (BatchColumn converted =
                BatchColumn.of(conversions.get(column).convert(cells.vector(), rows, target, space))) {
            append(column, converted.text());
        }
    }

    private void append(int column, TextBlock cells) {
        Utf8.check(cells, dictionaries[column], space.faults);
        texts[column].append(cells);
    }

    private void readInstants(BatchColumn cells, int rows, long[] out) {
        Field target = ArrowTypes.field(names.get(OBSERVED_AT), ColumnType.TIMESTAMP);
        try (BatchColumn converted =
                BatchColumn.of(conversions.get(OBSERVED_AT).convert(cells.vector(), rows, target, space))) {
            space.fixed.load(converted.vector(), rows, Long.BYTES);
            for (int i = 0; i < rows; i++) {
                out[i] = space.fixed.isNull(i) ? Instants.NULL : space.fixed.i64(i);
            }
        }
    }

    /** Records what is wrong with a row that shows something. */
    private void examine(int row, long instant) {
        BatchFaults faults = space.faults;
        if (isBlank(KEY, row) || isBlank(VALUE, row)) {
            return;
        }
        if (instant == Instants.NULL) {
            faults.in(diff.observedAt());
            faults.add(row, FaultCode.MISSING_VALUE, NO_INSTANT);
        }
        faults.in(diff.value());
        int code = texts[VALUE].code(row);
        if (diff.occurredAt() == SnapshotDiffSpec.OccurredAt.VALUE && values.instant(code) == Instants.NULL) {
            faults.add(row, FaultCode.UNREADABLE_VALUE, "text that is no timestamp");
        }
        if (diff.measurement() != null && !values.isNumber(code)) {
            faults.add(row, FaultCode.UNREADABLE_VALUE, "text that is no number");
        }
    }

    private boolean isBlank(int column, int row) {
        int code = texts[column].code(row);
        return code < 0 || texts[column].isBlank(code);
    }

    private void setAside(BatchFaults.Fault fault, RowBatch batch, int row) {
        long number = rowsRead + row + 1;
        if (config.faultPolicy(fault.code()) == FaultPolicy.SET_ASIDE) {
            rejects.add(new Rejects.Reject(
                    Rejects.SNAPSHOTS, source.name(), number, fault.code(), fault.column(), fault.reason()));
            return;
        }
        int column = names.indexOf(fault.column());
        boolean shown = column >= 0
                && batch.column(column).isText()
                && row < batch.column(column).text().rows()
                && !batch.column(column).text().isBlank(row);
        throw NexusDataException.of(fault.code(), Rejects.SNAPSHOTS)
                .file(source.name())
                .column(fault.column())
                .row(number)
                .because(
                        shown
                                ? fault.reason() + ": "
                                        + NexusDataException.mask(
                                                batch.column(column).text().text(row))
                                : fault.reason());
    }

    /** Number of rows that show something. */
    int size() {
        return observedAt.size();
    }

    int key(int row) {
        return codes[KEY].getInt(row);
    }

    int value(int row) {
        return codes[VALUE].getInt(row);
    }

    long observedAt(int row) {
        return observedAt.getLong(row);
    }

    /** Code of the row's text in an extra column, -1 for null. */
    int extra(int column, int row) {
        return codes[EXTRAS + column].getInt(row);
    }

    CodedColumn keys() {
        return texts[KEY];
    }

    /** The texts of the values. */
    CodedColumn valueTexts() {
        return texts[VALUE];
    }

    /** What the values say beside their texts. */
    SnapshotValues values() {
        return values;
    }

    CodedColumn extraTexts(int column) {
        return texts[EXTRAS + column];
    }

    /** By code of an extra column its position: numbers by value where the file has numbers, anything else by bytes. */
    int[] extraRanks(int column) {
        boolean numbers =
                !source.textual() && ColumnConversion.of(fields.get(EXTRAS + column), ColumnType.DOUBLE, false) != null;
        CodedColumn cells = extraTexts(column);
        return numbers ? new SnapshotValues(cells).ranksByNumber() : cells.rankOfCode();
    }

    List<Rejects.Reject> rejects() {
        return rejects;
    }

    /** The file as messages name it. */
    String file() {
        return source.name();
    }

    long rowsRead() {
        return rowsRead;
    }

    long withoutKey() {
        return withoutKey;
    }

    long withoutValue() {
        return withoutValue;
    }
}
