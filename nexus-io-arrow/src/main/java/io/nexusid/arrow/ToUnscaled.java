package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import io.nexusid.api.FaultCode;
import java.math.BigDecimal;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Conversions of decimals and whole numbers to whole multiples of 10<sup>-scale</sup>, the scale being at least the
 * source's own, so that no digit is lost. A number of more than {@link StateUnit#DIGITS} digits then is a fault.
 */
final class ToUnscaled {
    private static final String TOO_LONG =
            "a number of more than " + StateUnit.DIGITS + " digits, those behind the point included";

    private ToUnscaled() {}

    /** Whether a column of this type can be carried exactly. */
    static boolean isExact(MinorType minor) {
        return isDecimal(minor) || WholeNumbers.isOne(minor);
    }

    static boolean isDecimal(MinorType minor) {
        return minor == MinorType.DECIMAL || minor == MinorType.DECIMAL256;
    }

    static ColumnConversion from(ArrowType type, int scale) {
        MinorType minor = Types.getMinorTypeForArrowType(type);
        if (minor == MinorType.NULL) {
            return (source, rows, target, space) ->
                    CanonicalVector.nulls(target, ColumnType.INTEGER, rows, space.allocator);
        }
        if (!isExact(minor)) {
            throw new IllegalArgumentException(type + " is not exact");
        }
        int digits = scale - (type instanceof ArrowType.Decimal decimal ? decimal.getScale() : 0);
        return (source, rows, target, space) -> convert(source, minor, rows, digits, target, space);
    }

    private static FieldVector convert(
            FieldVector source, MinorType minor, int rows, int digits, Field target, ConversionSpace space) {
        long factor = 1;
        for (int i = 0; i < digits && factor <= StateUnit.GREATEST; i++) {
            factor *= 10;
        }
        // A factor of more than 18 digits leaves room for zero alone.
        long greatest = StateUnit.GREATEST / factor;
        long[] values = unscaled(source, minor, rows, space.fixed);
        StagedColumn staged = space.staged;
        staged.startLongs(rows);
        for (int i = 0; i < rows; i++) {
            boolean isNull = source.isNull(i);
            if (!isNull && values[i] >= -greatest && values[i] <= greatest) {
                staged.set(i, values[i] * factor);
            } else {
                staged.setNull(i);
                if (!isNull) {
                    space.faults.add(i, FaultCode.UNREADABLE_VALUE, TOO_LONG);
                }
            }
        }
        return staged.into(new BigIntVector(target, space.allocator));
    }

    /** The values in the source's own unit; one that does not fit a long is the greatest long, which is too long. */
    private static long[] unscaled(FieldVector source, MinorType minor, int rows, FixedBlock cells) {
        if (minor == MinorType.DECIMAL256) {
            long[] values = new long[rows];
            for (int i = 0; i < rows; i++) {
                values[i] = unscaled(((Decimal256Vector) source).getObject(i));
            }
            return values;
        }
        if (minor == MinorType.DECIMAL) {
            long[] values = new long[rows];
            cells.load(source, rows, DecimalVector.TYPE_WIDTH);
            for (int i = 0; i < rows; i++) {
                long low = cells.i64(2 * i);
                values[i] = cells.i64(2 * i + 1) == low >> 63 ? low : Long.MAX_VALUE;
            }
            return values;
        }
        long[] values = WholeNumbers.read(source, rows, minor, cells);
        for (int i = 0; i < rows && minor == MinorType.UINT8; i++) {
            values[i] = values[i] < 0 ? Long.MAX_VALUE : values[i];
        }
        return values;
    }

    private static long unscaled(@Nullable BigDecimal value) {
        if (value == null) {
            return 0;
        }
        return value.unscaledValue().bitLength() < Long.SIZE
                ? value.unscaledValue().longValue()
                : Long.MAX_VALUE;
    }
}
