package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.ColumnType;
import io.nexusid.api.InputColumn;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.store.SegmentColumn;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a block of kept rows, whose cells can be read. All rows of a block are read in one go, a few by the pages that
 * they lie in ({@link SegmentColumn}).
 */
final class BlockRows {
    private final StoredTable.Block block;
    private final int[] rows;

    /**
     * Borrows the array.
     *
     * @param rows their numbers within the block, ascending
     */
    BlockRows(StoredTable.Block block, int[] rows) {
        this.block = block;
        this.rows = rows;
    }

    /** All rows of a block. */
    static BlockRows all(StoredTable.Block block) {
        return new BlockRows(block, IntStream.range(0, block.rows()).toArray());
    }

    /** How many rows there are. */
    int size() {
        return rows.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BlockRows same && block.equals(same.block) && Arrays.equals(rows, same.rows);
    }

    @Override
    public int hashCode() {
        return 31 * block.hashCode() + rows.length;
    }

    /** The cells of a column of text of rows of some blocks, one block behind the other. */
    static TextBlock text(List<BlockRows> all, String column) throws IOException {
        return all.size() == 1 ? all.get(0).text(column) : new Cells(all, column).toBlock();
    }

    /** The cells of a column of text. */
    TextBlock text(String column) throws IOException {
        if (rows.length == block.rows() && !isEmpty(column)) {
            return TextBlock.ending(
                    block.segment().column(column).bytes(block.index()),
                    ends(column).ints(block.index()));
        }
        return new Cells(List.of(this), column).toBlock();
    }

    /** The values of a column that is no text, of rows of some blocks, one block behind the other. */
    static long[] values(List<BlockRows> all, InputColumn column) throws IOException {
        if (all.size() == 1) {
            return all.get(0).values(column);
        }
        long[] values = new long[all.stream().mapToInt(BlockRows::size).sum()];
        int filled = 0;
        for (BlockRows each : all) {
            long[] some = each.values(column);
            System.arraycopy(some, 0, values, filled, some.length);
            filled += some.length;
        }
        return values;
    }

    /** The values of a column that is no text, for each row; {@link StoredCells#nullValue} for nothing. */
    long[] values(InputColumn column) throws IOException {
        SegmentColumn from = block.segment().column(column.name());
        if (from.elements(block.index()) == 0) {
            long[] nulls = new long[rows.length];
            Arrays.fill(nulls, StoredCells.nullValue(column.type()));
            return nulls;
        }
        boolean all = rows.length == block.rows();
        if (column.type() != ColumnType.BOOLEAN) {
            return all ? from.longs(block.index()) : from.longsAt(block.index(), rows);
        }
        byte[] flags = all ? from.bytes(block.index()) : from.bytesAt(block.index(), rows);
        long[] values = new long[flags.length];
        for (int i = 0; i < flags.length; i++) {
            values[i] = flags[i];
        }
        return values;
    }

    /** What the rows speak of, in a column of {@link RowMarks}. */
    int[] marks(String column) throws IOException {
        SegmentColumn from = block.segment().column(column);
        return rows.length == block.rows() ? from.ints(block.index()) : from.intsAt(block.index(), rows);
    }

    private SegmentColumn ends(String column) throws IOException {
        return block.segment().column(column + StoredRowsWriter.ENDS);
    }

    private boolean isEmpty(String column) throws IOException {
        return ends(column).elements(block.index()) == 0;
    }

    /** Cells of text that are put one behind the other. */
    private static final class Cells {
        private final int[] ends;
        private byte[] bytes = {};
        private int length;
        private int filled;

        Cells(List<BlockRows> all, String column) throws IOException {
            ends = new int[all.stream().mapToInt(each -> each.rows.length).sum()];
            for (BlockRows each : all) {
                add(each, column);
            }
        }

        private void add(BlockRows some, String column) throws IOException {
            int count = some.rows.length;
            if (some.isEmpty(column)) {
                Arrays.fill(ends, filled, filled + count, -1 - length);
                filled += count;
                return;
            }
            int[] from = new int[count];
            int[] to = new int[count];
            boolean[] absent = new boolean[count];
            some.bounds(column, from, to, absent);
            byte[] more = some.block.segment().column(column).bytesBetween(some.block.index(), from, to);
            append(more);
            int end = length - more.length;
            for (int i = 0; i < count; i++) {
                end += to[i] - from[i];
                ends[filled++] = absent[i] ? -1 - end : end;
            }
        }

        private void append(byte[] more) {
            if (bytes.length == 0) {
                bytes = more;
            } else {
                if (bytes.length - length < more.length) {
                    bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more.length), 2 * bytes.length));
                }
                System.arraycopy(more, 0, bytes, length, more.length);
            }
            length += more.length;
        }

        TextBlock toBlock() {
            return TextBlock.ending(bytes, ends);
        }
    }

    /** Where the bytes of each cell begin and end, and whether it is null. */
    private void bounds(String column, int[] from, int[] to, boolean[] absent) throws IOException {
        // A cell begins where the one before it ends.
        int[] at = new int[2 * rows.length];
        for (int i = 0; i < rows.length; i++) {
            at[2 * i] = Math.max(0, rows[i] - 1);
            at[2 * i + 1] = rows[i];
        }
        int[] found = ends(column).intsAt(block.index(), at);
        for (int i = 0; i < rows.length; i++) {
            int before = found[2 * i];
            int end = found[2 * i + 1];
            from[i] = rows[i] == 0 ? 0 : before < 0 ? -1 - before : before;
            to[i] = end < 0 ? -1 - end : end;
            absent[i] = end < 0;
        }
    }

    /** The cells of the columns that are not declared. */
    static Map<String, TextBlock> further(List<BlockRows> all) throws IOException {
        TextBlock packed = text(all, StoredRowsWriter.FURTHER);
        Map<String, TextAppender> columns = new HashMap<>();
        Map<String, Integer> filled = new HashMap<>();
        for (int row = 0; row < packed.rows(); row++) {
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
                TextAppender column = columns.computeIfAbsent(name, n -> new TextAppender().begin(packed.rows()));
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
            for (int r = filled.getOrDefault(name, 0); r < packed.rows(); r++) {
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
