package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import io.nexusid.api.IdForm;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.format.HeapColumn;
import io.nexusid.graph.KeyDictionary;
import io.nexusid.states.StateNumbers;
import java.util.function.IntUnaryOperator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * One column of a resolved table: how to produce its cells for any range of rows. Holds selections (row numbers,
 * ordinals, instants), never the values of the whole column.
 */
final class OutputColumn {
    /** The instant that stands for null. */
    static final long NULL_INSTANT = Long.MIN_VALUE;

    /** Appends the text or the id of one row; exactly one cell per call. */
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
        /** Where ids go as bytes, or null while they are text. */
        private @Nullable HeapColumn digests;

        private int digestRow;

        /** Appends {@code prefix_<key>} for the parts added to {@link #key}. */
        void appendId(byte[] prefixWithUnderscore) {
            key.finish();
            appendId(prefixWithUnderscore, key.high(), key.low());
        }

        /** Appends {@code prefix_<hex>}, or the bytes of the digits. */
        void appendId(byte[] prefixWithUnderscore, long high, long low) {
            HeapColumn bytes = digests;
            if (bytes != null) {
                bytes.setDigest(digestRow++, high, low);
                return;
            }
            int length = prefixWithUnderscore.length + SurrogateKey.HEX_LENGTH;
            byte[] out = text.room(length);
            int at = text.position();
            System.arraycopy(prefixWithUnderscore, 0, out, at, prefixWithUnderscore.length);
            SurrogateKey.writeHex(high, low, out, at + prefixWithUnderscore.length);
            text.finishCell(length);
        }

        /** Appends an id that is kept as text; as bytes it must be a prefix and digits. */
        void appendIdText(KeyDictionary ids, int code) {
            int length = ids.length(code);
            byte[] out = text.room(length);
            ids.copyTo(code, out, text.position());
            HeapColumn bytes = digests;
            if (bytes == null) {
                text.finishCell(length);
            } else {
                int digits = text.position() + length - SurrogateKey.HEX_LENGTH;
                bytes.setDigest(digestRow++, IdText.high(out, digits), IdText.low(out, digits));
            }
        }

        /** Appends no id. */
        void appendNullId() {
            if (digests == null) {
                text.appendNull();
            } else {
                digestRow++;
            }
        }
    }

    private interface Filler {
        void fill(HeapColumn column, int from, int count, Scratch scratch);
    }

    private final String name;
    private final ArrowType type;
    private final Filler filler;

    private OutputColumn(String name, ColumnType type, Filler filler) {
        this(name, ArrowTypes.of(type), filler);
    }

    private OutputColumn(String name, ArrowType type, Filler filler) {
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

    /** Ids that the run mints; the cells append them to the scratch as ids, not as text. */
    static OutputColumn id(IdForm form, String name, TextCell cell) {
        if (form == IdForm.HEX) {
            return text(name, cell);
        }
        return new OutputColumn(name, ColumnType.DIGEST, (column, from, count, scratch) -> {
            column.begin(count);
            scratch.digests = column;
            scratch.digestRow = 0;
            for (int row = from; row < from + count; row++) {
                cell.write(row, scratch);
            }
            scratch.digests = null;
        });
    }

    static OutputColumn constant(String name, byte[] text) {
        return text(name, (row, scratch) -> scratch.text.append(text));
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

    /** Decimals as whole multiples of 10<sup>-scale</sup>, {@link StateNumbers#NULL} for null. */
    static OutputColumn decimal(String name, int scale, LongCell cell) {
        return new OutputColumn(name, ArrowTypes.decimal(scale), (column, from, count, scratch) -> {
            column.begin(count);
            for (int i = 0; i < count; i++) {
                long value = cell.value(from + i);
                if (!StateNumbers.isNull(value)) {
                    column.setBits(i, value);
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

    /** The surrogate key of each row's entity, which is given by its ordinal; null where that is negative. */
    static OutputColumn key(String name, IntUnaryOperator ordinal) {
        return new OutputColumn(name, ColumnType.INTEGER, (column, from, count, scratch) -> {
            column.begin(count);
            for (int i = 0; i < count; i++) {
                int entity = ordinal.applyAsInt(from + i);
                if (entity >= 0) {
                    column.setBits(i, entity + 1L);
                }
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

    /** Name and type. */
    Field field() {
        return Field.nullable(name, type);
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
