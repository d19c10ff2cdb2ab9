package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import io.nexusid.api.InputColumn;
import io.nexusid.api.InputTable;
import io.nexusid.arrow.format.BatchColumn;
import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.arrow.format.RowSource;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.store.Segment;
import io.nexusid.arrow.store.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table that a store has kept, as a source: in the order of their epochs, and within an epoch as they came.
 * {@link StoredRowsWriter} says how they lie. Borrows its snapshot. A batch is one block of rows, or
 * a few rows of many, read when it is asked for.
 */
final class StoredTable implements RowSource {
    private static final int FEW_ROWS = 1 << 11;

    /** One block of rows. */
    record Block(Segment segment, int index, long epoch, int rows) {
        /** What its rows speak of, in a column of {@link RowMarks}. */
        int[] marks(String column) throws IOException {
            return segment.column(column).ints(index);
        }
    }

    private final InputTable table;
    private final List<Block> blocks;
    private final List<Field> columns;
    /** By block, the rows that are left out; none for most. */
    private final Map<Block, BitSet> leftOut;
    /** Where cells are kept once they are read, if they are. */
    private final @Nullable KeptCells cells;

    private StoredTable(
            InputTable table,
            List<Block> blocks,
            List<Field> columns,
            Map<Block, BitSet> leftOut,
            @Nullable KeptCells cells) {
        this.table = table;
        this.cells = cells;
        this.blocks = blocks;
        this.columns = columns;
        this.leftOut = leftOut;
    }

    /**
     * The rows of a snapshot.
     *
     * @param columns the columns that the table has in this store
     */
    static StoredTable of(Snapshot snapshot, InputTable table, List<String> columns) throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Segment segment : snapshot.segments(StoredRowsWriter.segments(table))) {
            long[] heads = segment.column(StoredRowsWriter.HEAD).smallLongs();
            for (int b = 0; b < heads.length / 2; b++) {
                blocks.add(new Block(segment, b, heads[2 * b], (int) heads[2 * b + 1]));
            }
        }
        // Merges bring segments out of order; blocks of one epoch lie in one segment, in order.
        blocks.sort(Comparator.comparingLong(Block::epoch));
        return new StoredTable(table, List.copyOf(blocks), fields(table, columns), Map.of(), null);
    }

    private static List<Field> fields(InputTable table, List<String> columns) {
        return columns.stream()
                .map(name -> ArrowTypes.field(
                        name, table.column(name).map(InputColumn::type).orElse(ColumnType.STRING)))
                .toList();
    }

    /** The same rows with these columns. */
    StoredTable with(List<String> names) {
        return new StoredTable(table, blocks, fields(table, names), leftOut, cells);
    }

    /** The same without some rows. */
    StoredTable without(Map<Block, BitSet> rows) {
        Map<Block, BitSet> all = new HashMap<>(leftOut);
        rows.forEach((block, more) -> all.merge(block, more, (a, b) -> {
            BitSet both = (BitSet) a.clone();
            both.or(b);
            return both;
        }));
        return new StoredTable(table, blocks, columns, Map.copyOf(all), cells);
    }

    /** The same without the rows of later epochs. */
    StoredTable through(long epoch) {
        return new StoredTable(
                table, blocks.stream().filter(b -> b.epoch() <= epoch).toList(), columns, leftOut, cells);
    }

    /** Of all rows only some; blocks without any are not read. */
    StoredTable only(Map<Block, BitSet> rows) {
        return only(rows, null);
    }

    /** As {@link #only(Map)}; cells that were read are kept here, if anywhere. */
    StoredTable only(Map<Block, BitSet> rows, @Nullable KeptCells memory) {
        List<Block> some = new ArrayList<>();
        Map<Block, BitSet> others = new HashMap<>();
        for (Block block : blocks) {
            BitSet kept = rows.get(block);
            if (kept != null && !kept.isEmpty()) {
                some.add(block);
                BitSet left = (BitSet) kept.clone();
                left.flip(0, block.rows());
                others.put(block, left);
            }
        }
        return new StoredTable(table, List.copyOf(some), columns, others, memory).without(leftOut(some));
    }

    private Map<Block, BitSet> leftOut(List<Block> ofBlocks) {
        Map<Block, BitSet> out = new HashMap<>(leftOut);
        out.keySet().retainAll(ofBlocks);
        return out;
    }

    /** The rows of a block that are not left out, ascending. */
    int[] rows(Block block) {
        BitSet out = leftOut.get(block);
        int[] rows = new int[rowCount(block)];
        int row = -1;
        for (int i = 0; i < rows.length; i++) {
            row = out == null ? i : out.nextClearBit(row + 1);
            rows[i] = row;
        }
        return rows;
    }

    private int rowCount(Block block) {
        BitSet out = leftOut.get(block);
        return block.rows() - (out == null ? 0 : out.cardinality());
    }

    List<Block> blocks() {
        return blocks;
    }

    @Override
    public String name() {
        return "store";
    }

    @Override
    public List<Field> columns() {
        return columns;
    }

    @Override
    public boolean textual() {
        return false;
    }

    @Override
    public long rowCount() {
        return blocks.stream().mapToLong(this::rowCount).sum();
    }

    @Override
    public RowReader read(BufferAllocator allocator, List<String> names) {
        return new Reader(allocator, names);
    }

    @Override
    public void close() {}

    private final class Reader implements RowReader {
        private final BufferAllocator allocator;
        private final List<Field> fields = new ArrayList<>();
        private int next;

        Reader(BufferAllocator allocator, List<String> names) {
            this.allocator = allocator;
            for (String name : names) {
                fields.add(columns.stream()
                        .filter(f -> f.getName().equals(name))
                        .findFirst()
                        .orElseThrow());
            }
        }

        @Override
        public @Nullable RowBatch next() throws IOException {
            List<BlockRows> rows = nextRows();
            if (rows.isEmpty()) {
                return null;
            }
            int count = rows.stream().mapToInt(BlockRows::size).sum();
            List<BatchColumn> read = new ArrayList<>();
            try {
                Map<String, TextBlock> further = null;
                for (Field field : fields) {
                    InputColumn declared = table.column(field.getName()).orElse(null);
                    if (declared != null) {
                        read.add(column(rows, count, declared, field));
                    } else {
                        further = further == null ? BlockRows.further(rows) : further;
                        TextBlock cells = further.get(field.getName());
                        read.add(BatchColumn.of(field, allocator, cells == null ? nulls(count) : cells));
                    }
                }
                return new RowBatch(count, read, List.of());
            } catch (IOException | RuntimeException | Error e) {
                read.forEach(BatchColumn::close);
                throw e;
            }
        }

        /**
         * The rows of the next blocks, as many as make no more than a full one; none at the end. Fewer where cells are kept,
         * so that most batches are the same for a reader of some more epochs.
         */
        private List<BlockRows> nextRows() {
            List<BlockRows> taken = new ArrayList<>();
            int most = cells == null ? StoredRowsWriter.BLOCK_ROWS : FEW_ROWS;
            int count = 0;
            while (next < blocks.size()) {
                Block block = blocks.get(next);
                count += rowCount(block);
                if (count > most && !taken.isEmpty()) {
                    break;
                }
                taken.add(new BlockRows(block, rows(block)));
                next++;
            }
            return taken;
        }

        private BatchColumn column(List<BlockRows> rows, int count, InputColumn column, Field field)
                throws IOException {
            if (column.type() == ColumnType.STRING) {
                TextBlock text = cells == null ? BlockRows.text(rows, column.name()) : cells.text(rows, column.name());
                return BatchColumn.of(field, allocator, text);
            }
            FieldVector vector = CanonicalVector.vector(field, column.type(), allocator);
            try {
                ((BaseFixedWidthVector) vector).allocateNew(count);
                long nothing = StoredCells.nullValue(column.type());
                long[] values = cells == null ? BlockRows.values(rows, column) : cells.values(rows, column);
                for (int i = 0; i < count; i++) {
                    if (values[i] != nothing) {
                        set(vector, i, values[i]);
                    }
                }
                vector.setValueCount(count);
                return BatchColumn.of(vector);
            } catch (IOException | RuntimeException | Error e) {
                vector.close();
                throw e;
            }
        }

        private void set(FieldVector vector, int row, long value) {
            if (vector instanceof TimeStampMicroTZVector instants) {
                instants.set(row, value);
            } else if (vector instanceof Float8Vector numbers) {
                numbers.set(row, Double.longBitsToDouble(value));
            } else {
                ((BitVector) vector).set(row, (int) value);
            }
        }

        @Override
        public void close() {}
    }

    private static TextBlock nulls(int rows) {
        int[] ends = new int[rows];
        Arrays.fill(ends, -1);
        return TextBlock.ending(new byte[0], ends);
    }
}
