package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import java.math.BigDecimal;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Conversions to float64. A whole number beyond 2^53 is a fault, because it would become another number; a decimal
 * becomes the nearest double.
 */
final class ToDouble {
    private static final String UNREADABLE = "text that is no number";
    private static final String TOO_LARGE = "a number that 64-bit floating point cannot hold";
    private static final String INEXACT = "a whole number beyond 2^53, which 64-bit floating point cannot hold exactly";
    private static final long EXACT = 1L << 53;

    private ToDouble() {}

    static @Nullable ColumnConversion from(ArrowType type, MinorType minor) {
        if (WholeNumbers.isOne(minor)) {
            return wholeNumbers(minor);
        }
        return switch (minor) {
            case FLOAT8 -> ToDouble::moved;
            case FLOAT4 -> ToDouble::floats;
            case DECIMAL -> decimals((ArrowType.Decimal) type);
            case DECIMAL256 -> ToDouble::wideDecimals;
            default -> null;
        };
    }

    private static FieldVector moved(FieldVector source, int rows, Field target, ConversionSpace space) {
        var transfer = source.getTransferPair(target, space.allocator);
        transfer.transfer();
        return (FieldVector) transfer.getTo();
    }

    private static FieldVector floats(FieldVector source, int rows, Field target, ConversionSpace space) {
        FixedBlock cells = space.fixed;
        cells.load(source, rows, 4);
        StagedColumn staged = space.staged;
        staged.startLongs(rows);
        for (int i = 0; i < rows; i++) {
            if (cells.isNull(i)) {
                staged.setNull(i);
            } else {
                staged.set(i, (double) Float.intBitsToFloat(cells.i32(i)));
            }
        }
        return staged.into(new Float8Vector(target, space.allocator));
    }

    private static ColumnConversion wholeNumbers(MinorType type) {
        return (source, rows, target, space) -> {
            FixedBlock cells = space.fixed;
            long[] values = WholeNumbers.read(source, rows, type, cells);
            StagedColumn staged = space.staged;
            staged.startLongs(rows);
            for (int i = 0; i < rows; i++) {
                boolean exact = type == MinorType.UINT8
                        ? Long.compareUnsigned(values[i], EXACT) <= 0
                        : values[i] >= -EXACT && values[i] <= EXACT;
                if (exact && !cells.isNull(i)) {
                    staged.set(i, (double) values[i]);
                } else {
                    staged.setNull(i);
                    if (!cells.isNull(i)) {
                        space.faults.add(i, FaultCode.UNREADABLE_VALUE, INEXACT);
                    }
                }
            }
            return staged.into(new Float8Vector(target, space.allocator));
        };
    }

    private static ColumnConversion decimals(ArrowType.Decimal type) {
        int scale = type.getScale();
        return (source, rows, target, space) -> {
            FixedBlock cells = space.fixed;
            cells.load(source, rows, DecimalVector.TYPE_WIDTH);
            StagedColumn staged = space.staged;
            staged.startLongs(rows);
            for (int i = 0; i < rows; i++) {
                if (cells.isNull(i)) {
                    staged.setNull(i);
                    continue;
                }
                long low = cells.i64(2 * i);
                boolean small = cells.i64(2 * i + 1) == low >> 63;
                staged.set(
                        i,
                        small
                                ? BigDecimal.valueOf(low, scale).doubleValue()
                                : ((DecimalVector) source).getObject(i).doubleValue());
            }
            return staged.into(new Float8Vector(target, space.allocator));
        };
    }

    private static FieldVector wideDecimals(FieldVector source, int rows, Field target, ConversionSpace space) {
        StagedColumn staged = space.staged;
        staged.startLongs(rows);
        for (int i = 0; i < rows; i++) {
            BigDecimal value = ((Decimal256Vector) source).getObject(i);
            if (value == null) {
                staged.setNull(i);
            } else {
                staged.set(i, value.doubleValue());
            }
        }
        return staged.into(new Float8Vector(target, space.allocator));
    }

    static FieldVector parsed(FieldVector source, int rows, Field target, ConversionSpace space) {
        StagedColumn staged = space.staged;
        staged.startLongs(rows);
        TextCells block = space.block;
        NumberText number = new NumberText();
        int from = 0;
        while (from < rows) {
            int count = block.load((VarCharVector) source, from, rows - from);
            for (int i = 0; i < count; i++) {
                if (block.isNull(i)) {
                    staged.setNull(from + i);
                    continue;
                }
                switch (number.parse(block.bytes(), block.start(i), block.end(i))) {
                    case NUMBER -> staged.set(from + i, number.value());
                    case UNREADABLE -> space.faults.add(from + i, FaultCode.UNREADABLE_VALUE, UNREADABLE);
                    case TOO_LARGE -> space.faults.add(from + i, FaultCode.UNREADABLE_VALUE, TOO_LARGE);
                }
            }
            from += count;
        }
        return staged.into(new Float8Vector(target, space.allocator));
    }
}
