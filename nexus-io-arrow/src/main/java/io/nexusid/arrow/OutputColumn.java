package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.format.HeapColumn;
import io.nexusid.states.StateNumbers;

/**
 * One column of a resolved table: how to produce its cells for any range of rows. Holds selections (row numbers,
 * ordinals, instants), never the values of the whole column.
 */
final class OutputColumn {
    /** The instant that stands for null. */
    static final long NULL_INSTANT = Long.MIN_VALUE;

    /** Appends the text of one row; exactly one cell per call. */
    @FunctionalInterface
    interface TextCell {
        void write(int row, Scratch scratch);
    }

    /** An instant in microseconds or {@link #NULL_INSTANT}; or a number as {@link StateNumbers} bits. */
    @FunctionalInterface
    interface LongCell {
        long value(int row);
    }

    /** 1 true, 0 false, -1 null. */
    @FunctionalInterface
    interface FlagCell {
        int value(int row);
    }

    /** What one thread needs to produce cells. */
    static final class Scratch {
        final TextAppender text = new TextAppender();
        final SurrogateKey key = new SurrogateKey();

        /** Appends {@code prefix_<key>} for the parts added to {@link #key}. */
        void appendId(byte[] prefixWithUnderscore) {
            key.finish();
            appendId(prefixWithUnderscore, key.high(), key.low());
        }

        /** Appends {@code prefix_<hex>}. */
        void appendId(byte[] prefixWithUnderscore, long high, long low) {
            int length = prefixWithUnderscore.length + SurrogateKey.HEX_LENGTH;
            byte[] out = text.room(length);
            int at = text.position();
            System.arraycopy(prefixWithUnderscore, 0, out, at, prefixWithUnderscore.length);
            SurrogateKey.writeHex(high, low, out, at + prefixWithUnderscore.length);
            text.finishCell(length);
        }
    }

    private interface Filler {
        void fill(HeapColumn column, int from, int count, Scratch scratch);
    }

    private final String name;
    private final ColumnType type;
    private final Filler filler;

    private OutputColumn(String name, ColumnType type, Filler filler) {
        this.name = name;
        this.type = type;
        this.filler = filler;
    }

    static OutputColumn text(String name, TextCell cell) {
        return new OutputColumn(name, ColumnType.STRING, (column, from, count, scratch) -> {
            scratch.text.begin(count);
            for (int row = from; row < from + count; row++) {
                cell.write(row, scratch);
            }
            scratch.text.moveTo(column.text());
        });
    }

    static OutputColumn constant(String name, byte[] text) {
        return text(name, (row, scratch) -> scratch.text.append(text));
    }

    static OutputColumn nullText(String name) {
        return text(name, (row, scratch) -> scratch.text.appendNull());
    }

    static OutputColumn instant(String name, LongCell cell) {
        return new OutputColumn(name, ColumnType.TIMESTAMP, (column, from, count, scratch) -> {
            column.begin(count);
            for (int i = 0; i < count; i++) {
                long value = cell.value(from + i);
                if (value != NULL_INSTANT) {
                    column.setBits(i, value);
                }
            }
        });
    }

    static OutputColumn number(String name, LongCell bits) {
        return new OutputColumn(name, ColumnType.DOUBLE, (column, from, count, scratch) -> {
            column.begin(count);
            for (int i = 0; i < count; i++) {
                long value = bits.value(from + i);
                if (!StateNumbers.isNull(value)) {
                    column.setBits(i, Double.doubleToRawLongBits(StateNumbers.value(value)));
                }
            }
        });
    }

    static OutputColumn integer(String name, LongCell cell) {
        return new OutputColumn(name, ColumnType.INTEGER, (column, from, count, scratch) -> {
            column.begin(count);
            for (int i = 0; i < count; i++) {
                column.setBits(i, cell.value(from + i));
            }
        });
    }

    static OutputColumn flag(String name, FlagCell cell) {
        return new OutputColumn(name, ColumnType.BOOLEAN, (column, from, count, scratch) -> {
            column.begin(count);
            for (int i = 0; i < count; i++) {
                int value = cell.value(from + i);
                if (value >= 0) {
                    column.setFlag(i, value != 0);
                }
            }
        });
    }

    static OutputColumn constant(String name, boolean value) {
        int bit = value ? 1 : 0;
        return flag(name, row -> bit);
    }

    String name() {
        return name;
    }

    ColumnType type() {
        return type;
    }

    /** The same cells under another name. */
    OutputColumn named(String other) {
        return new OutputColumn(other, type, filler);
    }

    /** Replaces the column's cells with rows [from, from + count). It is of this column's type. */
    void fill(HeapColumn column, int from, int count, Scratch scratch) {
        filler.fill(column, from, count, scratch);
    }
}
