package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.OutputTable;
import io.nexusid.arrow.format.HeapColumn;
import io.nexusid.states.EntityStates;
import io.nexusid.states.Movements;
import io.nexusid.states.NumberForm;
import io.nexusid.states.Periods;
import io.nexusid.states.StateCondition;
import io.nexusid.states.StateNumbers;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.apache.arrow.vector.types.Types;
import org.apache.arrow.vector.types.Types.MinorType;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * What the numbers of states are carried in, one for a log: doubles, or, where some source of {@code states} or
 * {@code state_changes} gives decimals, whole multiples of 10<sup>-scale</sup> of the longest scale among them. Then no
 * number is ever rounded: what does not fit {@value #DIGITS} digits is an error, as input and as result.
 */
final class StateUnit {
    /** All digits of a decimal, those behind the point included. */
    static final int DIGITS = HeapColumn.DECIMAL_DIGITS;

    /** The greatest number in units; the least is its negative. */
    static final long GREATEST = 999_999_999_999_999_999L;

    private static final String COLUMN = "state_numeric_value";

    static final StateUnit DOUBLE = new StateUnit(0, null);

    private final int scale;
    /** A source that gives decimals, null while numbers are doubles. */
    private final @Nullable InputBinding decimals;

    private StateUnit(int scale, @Nullable InputBinding decimals) {
        this.scale = scale;
        this.decimals = decimals;
    }

    /**
     * The unit for these sources, which are made to give their numbers in it.
     *
     * @throws NexusDataException if some give decimals and others floating point numbers, or a scale is longer than 18
     */
    static StateUnit of(List<InputBinding> sources) {
        InputBinding decimals = null;
        InputBinding floating = null;
        int scale = 0;
        for (InputBinding source : sources) {
            Field field = field(source);
            MinorType type = field == null ? MinorType.NULL : Types.getMinorTypeForArrowType(field.getType());
            if (field != null && ToUnscaled.isDecimal(type)) {
                decimals = decimals == null ? source : decimals;
                scale = Math.max(scale, ((ArrowType.Decimal) field.getType()).getScale());
            } else if (type != MinorType.NULL && !ToUnscaled.isExact(type)) {
                floating = floating == null ? source : floating;
            }
        }
        if (decimals == null) {
            return DOUBLE;
        }
        if (floating != null) {
            throw fault(floating, FaultCode.WRONG_TYPE)
                    .because("is floating point, and " + describe(decimals)
                            + ": decimals stay exact, so cast one of the two");
        }
        if (scale > DIGITS) {
            throw fault(decimals, FaultCode.WRONG_TYPE)
                    .because("decimals of " + scale + " digits behind the point; " + DIGITS
                            + " digits are carried exactly, so cast it");
        }
        for (InputBinding source : sources) {
            if (field(source) != null) {
                source.carryExactly(COLUMN, scale);
            }
        }
        return new StateUnit(scale, decimals);
    }

    private static @Nullable Field field(InputBinding source) {
        InputBinding.Bound bound = source.column(COLUMN);
        return bound == null ? null : bound.field();
    }

    private static NexusDataException.Builder fault(InputBinding source, FaultCode code) {
        return NexusDataException.of(code, source.table().tableName())
                .file(source.source().name())
                .column(COLUMN);
    }

    private static String describe(InputBinding source) {
        return source.table().tableName() + "." + COLUMN + " ("
                + source.source().name() + ") is decimal";
    }

    private boolean isExact() {
        return decimals != null;
    }

    /** How the kernels are to take the numbers. */
    NumberForm form() {
        return isExact() ? NumberForm.EXACT : NumberForm.DOUBLE;
    }

    /** A column of such numbers. */
    OutputColumn column(String name, OutputColumn.LongCell number) {
        return isExact() ? OutputColumn.decimal(name, scale, number) : OutputColumn.number(name, number);
    }

    /** The double that is nearest to a number that is not null. */
    double nearestDouble(long number) {
        return isExact() ? BigDecimal.valueOf(number, scale).doubleValue() : StateNumbers.value(number);
    }

    /**
     * What the configuration has a state set to.
     *
     * @throws NexusConfigException if the number has more digits than the unit
     */
    long constant(String state, double number) {
        if (!isExact()) {
            return StateNumbers.of(number);
        }
        try {
            BigDecimal exact = BigDecimal.valueOf(number).setScale(scale, RoundingMode.UNNECESSARY);
            return inRange(exact.unscaledValue().longValueExact());
        } catch (ArithmeticException | NumberFormatException e) {
            throw new NexusConfigException(
                    "/states",
                    "state " + state + " is set to " + number + ", but the inputs give decimals of " + scale
                            + " digits behind the point, " + DIGITS + " in all",
                    e);
        }
    }

    /**
     * Measurements are doubles, and do not mix with decimals.
     *
     * @throws NexusConfigException if numbers are exact
     */
    void refuseMeasurement(String state, String measurement) {
        InputBinding exact = decimals;
        if (exact != null) {
            throw new NexusConfigException(
                    "/states",
                    "state " + state + " takes its number from the measurement " + measurement
                            + ", which is floating point, and " + describe(exact)
                            + ": decimals stay exact, so cast it or leave one of the two out");
        }
    }

    /**
     * Stores keep numbers as doubles.
     *
     * @throws NexusDataException if numbers are exact
     */
    void refuseInStores() {
        InputBinding exact = decimals;
        if (exact != null) {
            throw fault(exact, FaultCode.WRONG_TYPE)
                    .because("is decimal: a store keeps numbers as 64-bit floating point, so cast it to that");
        }
    }

    /** The condition that a component's number compares so with the number that the configuration has. */
    StateCondition condition(int component, StateCondition.Comparison comparison, double number) {
        if (!isExact()) {
            return new StateCondition.NumberIs(component, comparison, NumberForm.DOUBLE, StateNumbers.of(number));
        }
        // Nothing is as large as this, so anything beyond compares alike; NaN is the greatest of all.
        long beyond = GREATEST + 1;
        if (!(Math.abs(number) < beyond)) {
            return units(component, comparison, number < 0 ? -beyond : beyond);
        }
        BigDecimal units = BigDecimal.valueOf(number).movePointRight(scale);
        BigDecimal whole = units.setScale(0, RoundingMode.FLOOR);
        long floor = whole.max(BigDecimal.valueOf(-beyond))
                .min(BigDecimal.valueOf(beyond))
                .longValueExact();
        if (whole.compareTo(units) == 0) {
            return units(component, comparison, floor);
        }
        return switch (comparison) {
            case LESS, LESS_OR_EQUAL -> units(component, StateCondition.Comparison.LESS_OR_EQUAL, floor);
            case GREATER, GREATER_OR_EQUAL -> units(component, StateCondition.Comparison.GREATER, floor);
            case EQUAL -> new StateCondition.AnyOf(List.of());
        };
    }

    private static StateCondition units(int component, StateCondition.Comparison comparison, long number) {
        return new StateCondition.NumberIs(component, comparison, NumberForm.EXACT, number);
    }

    /**
     * Looks at all deltas before the first is written.
     *
     * @param given all numbers of stays
     * @throws NexusDataException if a delta has too many digits
     */
    void checkDeltas(EntityStates timelines, long[] given, boolean[] measurement, List<String> names) {
        if (!isExact() || !anyBeyondHalf(given)) {
            return;
        }
        for (int column = 0; column < measurement.length; column++) {
            for (int row = 0; measurement[column] && row < timelines.size(); row++) {
                long delta = timelines.delta(column, row);
                if (!StateNumbers.isNull(delta) && isTooLong(delta)) {
                    throw tooLong(OutputTable.ENTITY_STATES, ColumnNames.delta(names.get(column)));
                }
            }
        }
    }

    /** Whether the difference of two numbers can be too long. */
    private static boolean anyBeyondHalf(long[] numbers) {
        for (long number : numbers) {
            if (!StateNumbers.isNull(number) && Math.abs(number) > GREATEST / 2) {
                return true;
            }
        }
        return false;
    }

    /**
     * The movements of a measurement.
     *
     * @throws NexusDataException if a figure has too many digits
     */
    Movements movements(EntityStates timelines, int column, String name, int[] groupOf, int groups, Periods periods) {
        try {
            Movements moved = Movements.compute(timelines, column, groupOf, groups, periods, form());
            for (int group = 0; isExact() && group < groups; group++) {
                for (int period = 0; moved.has(group) && period < periods.size(); period++) {
                    inRange(moved.opening(group, period));
                    inRange(moved.arrived(group, period));
                    inRange(moved.gained(group, period));
                    inRange(moved.lost(group, period));
                    inRange(moved.closing(group, period));
                }
            }
            return moved;
        } catch (ArithmeticException e) {
            throw tooLong(OutputTable.MEASUREMENT_MOVEMENTS, name);
        }
    }

    private static boolean isTooLong(long number) {
        return number > GREATEST || number < -GREATEST;
    }

    private static long inRange(long number) {
        if (isTooLong(number)) {
            throw new ArithmeticException("more than " + DIGITS + " digits");
        }
        return number;
    }

    private static NexusDataException tooLong(String table, String column) {
        return NexusDataException.of(FaultCode.CAPACITY, table)
                .column(column)
                .because("has a number of more than " + DIGITS
                        + " digits, those behind the point included; give the decimals in a shorter scale");
    }
}
