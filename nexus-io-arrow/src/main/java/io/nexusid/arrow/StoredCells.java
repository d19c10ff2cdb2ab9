package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import io.nexusid.arrow.format.BatchColumn;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.states.StateNumbers;
import org.apache.arrow.vector.FieldVector;

/** One canonical column of a batch on the heap: text, or one long a cell. Reused from batch to batch. */
final class StoredCells {
    /** What stands for null in a column of numbers: no double has these bits once its NaNs are one. */
    static final long NULL_NUMBER = StateNumbers.NULL;

    static final long NULL_INSTANT = OutputColumn.NULL_INSTANT;
    static final long NULL_FLAG = 2;

    private final String name;
    private final ColumnType type;
    private final FixedBlock block = new FixedBlock();
    private TextBlock text = new TextBlock();
    private long[] values = {};

    StoredCells(String name, ColumnType type) {
        this.name = name;
        this.type = type;
    }

    String name() {
        return name;
    }

    ColumnType type() {
        return type;
    }

    boolean isText() {
        return type == ColumnType.STRING;
    }

    /** Takes the cells of a batch; the text stays the batch's. */
    void load(BatchColumn column, int rows) {
        if (isText()) {
            text = column.text();
            return;
        }
        if (values.length < rows) {
            values = new long[rows];
        }
        FieldVector vector = column.vector();
        if (type == ColumnType.BOOLEAN) {
            block.loadBits(vector, rows);
        } else {
            block.load(vector, rows, Long.BYTES);
        }
        for (int i = 0; i < rows; i++) {
            values[i] = block.isNull(i) ? nullValue(type) : value(i);
        }
    }

    private long value(int row) {
        return switch (type) {
            case BOOLEAN -> block.bit(row) ? 1 : 0;
            // One NaN for all, so that no number looks like null.
            case DOUBLE -> Double.doubleToLongBits(Double.longBitsToDouble(block.i64(row)));
            default -> block.i64(row);
        };
    }

    static long nullValue(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> NULL_FLAG;
            case DOUBLE -> NULL_NUMBER;
            default -> NULL_INSTANT;
        };
    }

    boolean isNull(int row) {
        return isText() ? text.isNull(row) : values[row] == nullValue(type);
    }

    /** The cells of a column of text. */
    TextBlock text() {
        return text;
    }

    /** A cell of any other column; null as {@link #nullValue}. */
    long value64(int row) {
        return values[row];
    }
}
