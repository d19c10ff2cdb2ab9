package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.Objects;
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
 * {@link StoredRowsWriter} says how they lie. Borrows its snapshot. A batch is one block of rows, read when it is asked for.
 */
final class StoredTable implements RowSource {
    /** One block of rows. */
    record Block(Segment segment, int index, long epoch, int rows) {}

    private final InputTable table;
    private final List<Block> blocks;
    private final List<Field> columns;
    /** By block, the rows that are left out; none for most. */
    private final Map<Block, BitSet> leftOut;

    private StoredTable(InputTable table, List<Block> blocks, List<Field> columns, Map<Block, BitSet> leftOut) {
        this.table = table;
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
            int count = segment.column(StoredRowsWriter.HEAD).blocks();
            for (int b = 0; b < count; b++) {
                long[] head = segment.column(StoredRowsWriter.HEAD).longs(b);
                blocks.add(new Block(segment, b, head[0], (int) head[1]));
            }
        }
        // Merges bring segments out of order; blocks of one epoch lie in one segment, in order.
        blocks.sort(Comparator.comparingLong(Block::epoch));
        return new StoredTable(table, List.copyOf(blocks), fields(table, columns), Map.of());
    }

    private static List<Field> fields(InputTable table, List<String> columns) {
        return columns.stream()
                .map(name -> ArrowTypes.field(
                        name, table.column(name).map(InputColumn::type).orElse(ColumnType.STRING)))
                .toList();
    }

    /** The same rows with these columns. */
    StoredTable with(List<String> names) {
        return new StoredTable(table, blocks, fields(table, names), leftOut);
    }

    /** The same without some rows. */
    StoredTable without(Map<Block, BitSet> rows) {
        Map<Block, BitSet> all = new HashMap<>(leftOut);
        rows.forEach((block, more) -> all.merge(block, more, (a, b) -> {
            BitSet both = (BitSet) a.clone();
            both.or(b);
            return both;
        }));
        return new StoredTable(table, blocks, columns, Map.copyOf(all));
    }

    /** The same without the rows of later epochs. */
    StoredTable through(long epoch) {
        return new StoredTable(
                table, blocks.stream().filter(b -> b.epoch() <= epoch).toList(), columns, leftOut);
    }

    /** Of all rows only some; blocks without any are not read. */
    StoredTable only(Map<Block, BitSet> rows) {
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
        return new StoredTable(table, List.copyOf(some), columns, others).without(leftOut(some));
    }

    private Map<Block, BitSet> leftOut(List<Block> ofBlocks) {
        Map<Block, BitSet> out = new HashMap<>(leftOut);
        out.keySet().retainAll(ofBlocks);
        return out;
    }

    /** The rows of a block that are not left out, ascending. */
    int[] rows(Block block) {
        BitSet out = leftOut.get(block);
        int[] rows = new int[block.rows() - (out == null ? 0 : out.cardinality())];
        int at = 0;
        for (int row = 0; row < block.rows(); row++) {
            if (out == null || !out.get(row)) {
                rows[at++] = row;
            }
        }
        return rows;
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
        return blocks.stream().mapToLong(Block::rows).sum()
                - blocks.stream()
                        .map(leftOut::get)
                        .filter(Objects::nonNull)
                        .mapToLong(BitSet::cardinality)
                        .sum();
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
            if (next == blocks.size()) {
                return null;
            }
            Block block = blocks.get(next++);
            int[] rows = rows(block);
            List<BatchColumn> read = new ArrayList<>();
            try {
                Map<String, TextBlock> further = null;
                for (Field field : fields) {
                    InputColumn declared = table.column(field.getName()).orElse(null);
                    if (declared != null) {
                        read.add(column(block, declared, field, rows));
                    } else {
                        further = further == null ? further(block, rows) : further;
                        TextBlock cells = further.get(field.getName());
                        read.add(BatchColumn.of(field, allocator, cells == null ? nulls(rows.length) : cells));
                    }
                }
                return new RowBatch(rows.length, read, List.of());
            } catch (IOException | RuntimeException | Error e) {
                read.forEach(BatchColumn::close);
                throw e;
            }
        }

        private BatchColumn column(Block block, InputColumn column, Field field, int[] rows) throws IOException {
            if (column.type() == ColumnType.STRING) {
                return BatchColumn.of(field, allocator, text(block, column.name(), rows));
            }
            long[] values = values(block, column);
            FieldVector vector = CanonicalVector.vector(field, column.type(), allocator);
            try {
                ((BaseFixedWidthVector) vector).allocateNew(rows.length);
                long nothing = StoredCells.nullValue(column.type());
                for (int i = 0; i < rows.length; i++) {
                    long value = values.length == 0 ? nothing : values[rows[i]];
                    if (value != nothing) {
                        set(vector, i, value);
                    }
                }
                vector.setValueCount(rows.length);
                return BatchColumn.of(vector);
            } catch (RuntimeException | Error e) {
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

    private static long[] values(Block block, InputColumn column) throws IOException {
        if (column.type() != ColumnType.BOOLEAN) {
            return block.segment().column(column.name()).longs(block.index());
        }
        byte[] flags = block.segment().column(column.name()).bytes(block.index());
        long[] values = new long[flags.length];
        for (int i = 0; i < flags.length; i++) {
            values[i] = flags[i];
        }
        return values;
    }

    /** What some rows of a block speak of, in a column of {@link RowMarks}. */
    static int[] marks(Block block, String column) throws IOException {
        return block.segment().column(column).ints(block.index());
    }

    private static TextBlock nulls(int rows) {
        int[] lengths = new int[rows];
        Arrays.fill(lengths, StoredRowsWriter.NULL_LENGTH);
        return TextBlock.flat(new byte[0], lengths);
    }

    /** The cells of some rows of a column of text. */
    static TextBlock text(Block block, String column, int[] rows) throws IOException {
        int[] lengths =
                block.segment().column(column + StoredRowsWriter.LENGTHS).ints(block.index());
        if (lengths.length == 0) {
            return nulls(rows.length);
        }
        byte[] bytes = block.segment().column(column).bytes(block.index());
        if (rows.length == lengths.length) {
            return TextBlock.flat(bytes, lengths);
        }
        int[] starts = new int[lengths.length];
        int at = 0;
        for (int row = 0; row < lengths.length; row++) {
            starts[row] = at;
            at += Math.max(0, lengths[row]);
        }
        byte[] kept = new byte[bytes.length];
        int[] keptLengths = new int[rows.length];
        int length = 0;
        for (int i = 0; i < rows.length; i++) {
            keptLengths[i] = lengths[rows[i]];
            int count = Math.max(0, keptLengths[i]);
            System.arraycopy(bytes, starts[rows[i]], kept, length, count);
            length += count;
        }
        return TextBlock.flat(kept, keptLengths);
    }

    /** The cells of the columns that are not declared. */
    private static Map<String, TextBlock> further(Block block, int[] rows) throws IOException {
        TextBlock packed = text(block, StoredRowsWriter.FURTHER, rows);
        Map<String, TextAppender> columns = new HashMap<>();
        Map<String, Integer> filled = new HashMap<>();
        for (int row = 0; row < rows.length; row++) {
            if (packed.isNull(row)) {
                continue;
            }
            byte[] bytes = packed.bytes();
            int at = packed.from(row);
            int end = at + packed.length(row);
            while (at < end) {
                int nameLength = length(bytes, at);
                String name = new String(bytes, at + Integer.BYTES, nameLength, UTF_8);
                at += Integer.BYTES + nameLength;
                int valueLength = length(bytes, at);
                TextAppender column = columns.computeIfAbsent(name, n -> new TextAppender().begin(rows.length));
                for (int r = filled.getOrDefault(name, 0); r < row; r++) {
                    column.appendNull();
                }
                column.append(bytes, at + Integer.BYTES, valueLength);
                filled.put(name, row + 1);
                at += Integer.BYTES + valueLength;
            }
        }
        Map<String, TextBlock> cells = new HashMap<>();
        columns.forEach((name, column) -> {
            for (int r = filled.getOrDefault(name, 0); r < rows.length; r++) {
                column.appendNull();
            }
            cells.put(name, column.toBlock());
        });
        return cells;
    }

    private static int length(byte[] bytes, int at) {
        return (bytes[at] & 0xff)
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xff) << 24;
    }
}
