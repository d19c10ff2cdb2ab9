package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.ColumnType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.FaultPolicy;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusDataException;
import io.nexusid.arrow.format.BatchColumn;
import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.format.TextDictionary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/** One pass over one source: reads a batch, makes it canonical, judges its rows and hands out those that are accepted. */
final class SourceScan implements AutoCloseable {
    private static final TextDictionary NO_TEXTS = new TextDictionary(new byte[0], new int[0], new int[0]);

    private final InputTable table;
    private final String name;
    private final ScanPlan plan;
    private final NexusConfig config;
    private final RowRules rules;
    private final @Nullable MintedIds mintedIds;
    private final ConversionSpace space;
    private final Rejects.OfTable rejects;
    private final Rejects.@Nullable Known known;
    private final RowReader reader;
    private final CheckedDictionary[] dictionaries;
    private final Map<String, TextDictionary> constants = new HashMap<>();
    private long rowsRead;

    /**
     * Starts the pass.
     *
     * @param deferred columns that a later scan of the run reads
     * @param mintsIds whether row ids are minted where they are missing, or left null
     * @param rejects takes the rows that are set aside
     * @param known the rows of this source that an earlier scan has set aside, or null if this is the first
     */
    SourceScan(
            InputTable table,
            InputBinding source,
            List<String> requested,
            Set<String> deferred,
            NexusConfig config,
            ConversionSpace space,
            boolean mintsIds,
            Rejects.OfTable rejects,
            Rejects.@Nullable Known known)
            throws IOException {
        this.table = table;
        this.name = source.source().name();
        this.plan = new ScanPlan(table, source, requested, deferred, config, known != null, mintsIds);
        this.config = config;
        this.rules = new RowRules(table, config);
        this.mintedIds = plan.id() < 0 ? null : new MintedIds(table, config.idDialect());
        this.space = space;
        this.rejects = rejects;
        this.known = known;
        this.dictionaries = new CheckedDictionary[plan.columns().size()];
        Arrays.setAll(dictionaries, i -> new CheckedDictionary());
        this.reader = source.source().read(space.allocator, plan.reads());
    }

    /** The next accepted rows, at least one, or null at the end. The caller owns them. */
    @Nullable RowBatch next() throws IOException {
        while (true) {
            try (RowBatch batch = reader.next()) {
                if (batch == null) {
                    return null;
                }
                int rows = batch.rows();
                RowBatch accepted = rows == 0 ? null : accept(batch, rows);
                rowsRead += rows;
                if (accepted != null) {
                    return accepted;
                }
            }
        }
    }

    long rowsRead() {
        return rowsRead;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private @Nullable RowBatch accept(RowBatch batch, int rows) {
        @Nullable BatchColumn[] cells = new BatchColumn[plan.columns().size()];
        try {
            examine(batch, rows, cells);
            judge(batch, rows, cells);
            RowSelection selection = RowSelection.withoutFault(space.faults, rows);
            if (selection.size() == 0) {
                return null;
            }
            mintIds(rows, cells);
            return handOut(selection, cells);
        } finally {
            for (BatchColumn column : cells) {
                if (column != null) {
                    column.close();
                }
            }
        }
    }

    /** Makes every planned column canonical and records what is wrong. */
    private void examine(RowBatch batch, int rows, @Nullable BatchColumn[] cells) {
        BatchFaults faults = space.faults;
        faults.start(rows);
        if (known != null) {
            known.in(rowsRead, rows, faults::addKnown);
        }
        for (RowBatch.MalformedRow row : batch.malformed()) {
            faults.add(row.index(), FaultCode.MALFORMED_RECORD, row.reason());
        }
        int names = plan.dimensionNames();
        for (int i = 0; i < cells.length; i++) {
            ScanPlan.Planned planned = plan.columns().get(i);
            faults.in(planned.column().name());
            BatchColumn column = column(planned, batch, rows);
            cells[i] = column;
            if (planned.bound() != null) {
                if (column.isText()) {
                    Utf8.check(column.text(), dictionaries[i], faults);
                }
                rules.check(planned.column(), column, names < 0 ? null : cells[names], rows, space);
            }
        }
        int ids = plan.find("entity_id");
        int types = plan.find("entity_type");
        if (ids >= 0 && types >= 0) {
            rules.checkIds(Objects.requireNonNull(cells[ids]), Objects.requireNonNull(cells[types]), faults);
        }
    }

    private BatchColumn column(ScanPlan.Planned planned, RowBatch batch, int rows) {
        boolean text = planned.column().type() == ColumnType.STRING;
        InputBinding.Bound bound = planned.bound();
        if (bound == null) {
            return text
                    ? coded(planned, NO_TEXTS, rows, -1)
                    : BatchColumn.of(CanonicalVector.nulls(
                            planned.field(), planned.column().type(), rows, space.allocator));
        }
        ColumnConversion conversion = bound.conversion();
        if (conversion == null) {
            return constant(planned, String.valueOf(bound.constant()), rows);
        }
        BatchColumn source = batch.column(planned.readIndex());
        if (text && source.isOnHeap()) {
            return BatchColumn.of(planned.field(), space.allocator, source.text());
        }
        return BatchColumn.of(conversion.convert(source.vector(), rows, planned.field(), space));
    }

    private BatchColumn coded(ScanPlan.Planned planned, TextDictionary texts, int rows, int code) {
        int[] codes = new int[rows];
        Arrays.fill(codes, code);
        return BatchColumn.of(planned.field(), space.allocator, TextBlock.coded(texts, codes));
    }

    private BatchColumn constant(ScanPlan.Planned planned, String value, int rows) {
        if (planned.column().type() == ColumnType.BOOLEAN) {
            space.staged.startBits(rows);
            for (int i = 0; i < rows && value.equals("true"); i++) {
                space.staged.setTrue(i);
            }
            return BatchColumn.of(space.staged.into(new BitVector(planned.field(), space.allocator)));
        }
        TextDictionary text = constants.computeIfAbsent(value, v -> TextDictionary.of(v.getBytes(UTF_8)));
        return coded(planned, text, rows, 0);
    }

    /** Fails with the first row whose fault fails the run; otherwise takes note of the rows that are set aside. */
    private void judge(RowBatch batch, int rows, @Nullable BatchColumn[] cells) {
        BatchFaults faults = space.faults;
        for (int row = 0; row < rows && !faults.isEmpty(); row++) {
            BatchFaults.Fault fault = faults.of(row);
            if (fault == null || fault.equals(BatchFaults.KNOWN)) {
                continue;
            }
            if (config.faultPolicy(fault.code()) == FaultPolicy.FAIL) {
                throw failure(fault, row, batch, cells);
            }
            if (known != null) {
                throw NexusDataException.of(FaultCode.CORRUPT_FILE, table.tableName())
                        .file(name)
                        .because("the file was changed while it was being read");
            }
            rejects.add(rowsRead + row + 1, fault.code(), fault.column(), fault.reason());
        }
    }

    private NexusDataException failure(
            BatchFaults.Fault fault, int row, RowBatch batch, @Nullable BatchColumn[] cells) {
        String value = null;
        for (int i = 0; i < cells.length && fault.code().rowLevel(); i++) {
            ScanPlan.Planned planned = plan.columns().get(i);
            if (planned.column().name().equals(fault.column()) && planned.readIndex() >= 0) {
                value = text(cells[i], batch.column(planned.readIndex()), row);
            }
        }
        return NexusDataException.of(fault.code(), table.tableName())
                .file(name)
                .column(fault.column())
                .row(rowsRead + row + 1)
                .because(value == null ? fault.reason() : fault.reason() + ": " + NexusDataException.mask(value));
    }

    /** The cell if it is text that is neither null nor empty, or else null. */
    private static @Nullable String text(@Nullable BatchColumn converted, BatchColumn source, int row) {
        for (BatchColumn column : Arrays.asList(converted, source)) {
            if (column != null && column.isText() && row < column.text().rows()) {
                return column.text().isBlank(row) ? null : column.text().text(row);
            }
        }
        return null;
    }

    private void mintIds(int rows, @Nullable BatchColumn[] cells) {
        if (mintedIds == null) {
            return;
        }
        List<@Nullable FieldVector> parts = new ArrayList<>();
        for (int part : plan.idParts()) {
            BatchColumn column = cells[part];
            parts.add(column == null ? null : column.vector());
        }
        int id = plan.id();
        BatchColumn given = cells[id];
        FieldVector minted = mintedIds.mint(
                given == null ? null : (VarCharVector) given.vector(),
                parts,
                rows,
                plan.columns().get(id).field(),
                space);
        if (minted != null) {
            cells[id] = BatchColumn.of(minted);
            if (given != null) {
                given.close();
            }
        }
    }

    private RowBatch handOut(RowSelection selection, @Nullable BatchColumn[] cells) {
        List<BatchColumn> out = new ArrayList<>();
        try {
            for (int i : plan.outputs()) {
                BatchColumn column = cells[i];
                if (column == null) {
                    throw new IllegalStateException("column " + i + " is handed out twice");
                }
                if (selection.isAll()) {
                    cells[i] = null;
                    out.add(column);
                } else {
                    out.add(selection.take(column, space.allocator));
                }
            }
            return new RowBatch(selection.size(), out, List.of());
        } catch (RuntimeException | Error e) {
            out.forEach(BatchColumn::close);
            throw e;
        }
    }
}
