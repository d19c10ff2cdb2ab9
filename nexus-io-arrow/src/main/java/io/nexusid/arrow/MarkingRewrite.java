package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.store.FingerprintHash;
import io.nexusid.arrow.store.Segment;
import io.nexusid.arrow.store.SegmentColumn;
import io.nexusid.arrow.store.SegmentMerge;
import io.nexusid.arrow.store.SegmentWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes the kept rows of a table as they stand, but for the {@link RowMarks} that depend on the rules: those are made anew. */
final class MarkingRewrite implements SegmentMerge {
    private final InputTable table;
    private final RowMarks marks;
    private final RowPrints prints;
    private final List<String> columns;

    MarkingRewrite(InputTable table, RowMarks marks, FingerprintHash hash) {
        this.table = table;
        this.marks = marks;
        this.prints = new RowPrints(table, List.of(), hash);
        this.columns = RowMarks.columnsByRules(table);
    }

    @Override
    public long merge(List<Segment> inputs, SegmentWriter output) throws IOException {
        long rows = 0;
        for (Segment input : inputs) {
            rows += input.info().rows();
            for (SegmentColumn column : input.columns()) {
                for (int b = 0; b < column.blocks() && !columns.contains(column.name()); b++) {
                    SegmentMerge.copy(column, b, output);
                }
            }
            SegmentColumn heads = input.column(StoredRowsWriter.HEAD);
            for (int b = 0; b < heads.blocks(); b++) {
                long[] head = heads.longs(b);
                mark(new StoredTable.Block(input, b, head[0], (int) head[1]), output);
            }
        }
        return rows;
    }

    private void mark(StoredTable.Block block, SegmentWriter output) throws IOException {
        BlockRows all = BlockRows.all(block);
        Map<String, TextBlock> cells = new HashMap<>();
        for (String column : MarkedRows.identifierColumns(table)) {
            cells.put(column, all.text(column));
        }
        MarkedRows marked = new MarkedRows(
                table, columns, marks, prints, column -> Objects.requireNonNull(cells.get(column)), all.size());
        for (int row = 0; row < all.size(); row++) {
            marked.add(row, false);
        }
        marked.flush(output);
    }
}
