package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.io.NumberOutput;
import io.nexusid.api.FaultCode;
import io.nexusid.api.IdDialect;
import io.nexusid.arrow.format.DoubleText;
import java.math.BigDecimal;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.ArrowBufPointer;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Conversions to utf8. Whether what was text before is UTF-8 is for {@link Utf8#check} to say. */
final class ToText {
    private static final byte[] TRUE = "true".getBytes(US_ASCII);
    private static final byte[] FALSE = "false".getBytes(US_ASCII);
    private static final int MIDNIGHT_LENGTH = " 00:00:00".length();

    private ToText() {}

    /** From the types that any text column may have: text, whole numbers, booleans. */
    static @Nullable ColumnConversion from(MinorType type) {
        return switch (type) {
            case VARCHAR -> ToText::utf8;
            case LARGEVARCHAR -> ToText::largeUtf8;
            case VIEWVARCHAR -> ToText::utf8View;
            case BIT -> ToText::booleans;
            default -> WholeNumbers.isOne(type) ? ToText.wholeNumbers(type) : null;
        };
    }

    /** From the further types that a trait column of a registration may have, spelled as DuckDB casts them. */
    static @Nullable ColumnConversion spelled(ArrowType type, MinorType minor) {
        return switch (minor) {
            case FLOAT4, FLOAT8 -> ToText::doubles;
            case DECIMAL, DECIMAL256 -> ToText::decimals;
            case DATEDAY, DATEMILLI -> instants(minor, MIDNIGHT_LENGTH);
            default -> type instanceof ArrowType.Timestamp ? instants(minor, 0) : null;
        };
    }

    private static FieldVector utf8(FieldVector source, int rows, Field target, ConversionSpace space) {
        var transfer = ((VarCharVector) source).getTransferPair(target, space.allocator);
        transfer.transfer();
        return (VarCharVector) transfer.getTo();
    }

    private static FieldVector largeUtf8(FieldVector source, int rows, Field target, ConversionSpace space) {
        ArrowBuf offsets = source.getOffsetBuffer();
        FixedBlock nulls = space.fixed;
        nulls.loadValidity(source, rows);
        ArrowBuf data = ((LargeVarCharVector) source).getDataBuffer();
        StagedText text = space.text;
        text.start(rows);
        for (int i = 0; i < rows; i++) {
            if (nulls.isNull(i)) {
                text.appendNull();
            } else {
                long start = offsets.getLong(8L * i);
                text.append(data, start, offsets.getLong(8L * (i + 1)) - start);
            }
        }
        return text.toVector(target, space.allocator);
    }

    private static FieldVector utf8View(FieldVector source, int rows, Field target, ConversionSpace space) {
        BaseVariableWidthViewVector views = (BaseVariableWidthViewVector) source;
        ArrowBufPointer cell = new ArrowBufPointer();
        StagedText text = space.text;
        text.start(rows);
        for (int i = 0; i < rows; i++) {
            views.getDataPointer(i, cell);
            ArrowBuf bytes = cell.getBuf();
            if (bytes == null) {
                text.appendNull();
            } else {
                text.append(bytes, cell.getOffset(), cell.getLength());
            }
        }
        return text.toVector(target, space.allocator);
    }

    private static FieldVector booleans(FieldVector source, int rows, Field target, ConversionSpace space) {
        FixedBlock cells = space.fixed;
        cells.loadBits(source, rows);
        StagedText text = space.text;
        text.start(rows);
        for (int i = 0; i < rows; i++) {
            if (cells.isNull(i)) {
                text.appendNull();
            } else {
                byte[] word = cells.bit(i) ? TRUE : FALSE;
                text.append(word, 0, word.length);
            }
        }
        return text.toVector(target, space.allocator);
    }

    private static ColumnConversion wholeNumbers(MinorType type) {
        return (source, rows, target, space) -> {
            long[] values = WholeNumbers.read(source, rows, type, space.fixed);
            StagedText text = space.text;
            text.start(rows);
            for (int i = 0; i < rows; i++) {
                if (space.fixed.isNull(i)) {
                    text.appendNull();
                } else {
                    int at = text.begin(WholeNumbers.MAX_DIGITS);
                    text.end(WholeNumbers.write(values[i], type == MinorType.UINT8, text.bytes(), at));
                }
            }
            return text.toVector(target, space.allocator);
        };
    }

    private static FieldVector doubles(FieldVector source, int rows, Field target, ConversionSpace space) {
        boolean single = source.getMinorType() == MinorType.FLOAT4;
        FixedBlock cells = space.fixed;
        cells.load(source, rows, single ? 4 : 8);
        StagedText text = space.text;
        text.start(rows);
        for (int i = 0; i < rows; i++) {
            if (cells.isNull(i)) {
                text.appendNull();
            } else {
                double value = single ? shortest(cells.i32(i)) : Double.longBitsToDouble(cells.i64(i));
                int at = text.begin(DoubleText.MAX_LENGTH);
                text.end(at + DoubleText.write(value, text.bytes(), at));
            }
        }
        return text.toVector(target, space.allocator);
    }

    /** The double whose shortest digits are those of the float: 0.1f is 0.1, not 0.10000000149011612. */
    private static double shortest(int floatBits) {
        return Double.parseDouble(NumberOutput.toString(Float.intBitsToFloat(floatBits), true));
    }

    private static FieldVector decimals(FieldVector source, int rows, Field target, ConversionSpace space) {
        StagedText text = space.text;
        text.start(rows);
        for (int i = 0; i < rows; i++) {
            BigDecimal value = source.getMinorType() == MinorType.DECIMAL
                    ? ((DecimalVector) source).getObject(i)
                    : ((Decimal256Vector) source).getObject(i);
            if (value == null) {
                text.appendNull();
            } else {
                byte[] digits = value.toPlainString().getBytes(US_ASCII);
                text.append(digits, 0, digits.length);
            }
        }
        return text.toVector(target, space.allocator);
    }

    /** Instants as DuckDB writes them, without their last {@code cut} characters. */
    private static ColumnConversion instants(MinorType type, int cut) {
        ToInstant.Scale scale = ToInstant.scale(type);
        return (source, rows, target, space) -> {
            FixedBlock cells = space.fixed;
            cells.load(source, rows, scale.width());
            StagedText text = space.text;
            text.start(rows);
            for (int i = 0; i < rows; i++) {
                long micros = cells.isNull(i) ? ToInstant.NONE : scale.micros(cells, i);
                if (micros == ToInstant.NONE) {
                    if (!cells.isNull(i)) {
                        space.faults.add(i, FaultCode.TIMESTAMP_OUT_OF_RANGE, ToInstant.OUT_OF_RANGE);
                    }
                    text.appendNull();
                } else {
                    int at = text.begin(IdDialect.MAX_TIMESTAMP_LENGTH);
                    text.end(at + IdDialect.DUCKDB.writeTimestamp(micros, text.bytes(), at) - cut);
                }
            }
            return text.toVector(target, space.allocator);
        };
    }
}
