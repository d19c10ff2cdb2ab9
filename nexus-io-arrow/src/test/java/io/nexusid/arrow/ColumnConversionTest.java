package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.nexusid.api.ColumnType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TimeStampMilliTZVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each case has three cells, the second null where the type allows it. */
class ColumnConversionTest {
    private final BufferAllocator allocator = new RootAllocator();
    private final List<String> faults = new ArrayList<>();

    @AfterEach
    void nothingLeaks() {
        allocator.close();
    }

    @Test
    void textComesFromEveryKindOfUtf8() {
        assertText(List.of("a", "", "ß𝄞"), Roots.text(allocator, "c", "a", "", "ß𝄞"));
        LargeVarCharVector large = new LargeVarCharVector("c", allocator);
        large.allocateNew(3);
        large.setSafe(0, "a".getBytes(UTF_8));
        large.setSafe(2, "ß𝄞".getBytes(UTF_8));
        large.setValueCount(3);
        assertText(Arrays.asList("a", null, "ß𝄞"), large);
        ViewVarCharVector view = new ViewVarCharVector("c", allocator);
        view.allocateNew(3);
        view.setSafe(0, "a".getBytes(UTF_8));
        view.setSafe(2, "longer than twelve bytes".getBytes(UTF_8));
        view.setValueCount(3);
        assertText(Arrays.asList("a", null, "longer than twelve bytes"), view);
        assertText(Arrays.asList(null, null, null), new NullVector("c", 3));
    }

    @Test
    void textComesFromWholeNumbersAndBooleans() {
        long[] extremes = {Long.MIN_VALUE, 0, Long.MAX_VALUE};
        assertText(
                List.of("-9223372036854775808", "0", "9223372036854775807"),
                Roots.fixed(new BigIntVector("c", allocator), 3, -1, (v, i) -> v.set(i, extremes[i])));
        assertText(
                Arrays.asList("18446744073709551615", null, "18446744073709551615"),
                Roots.fixed(new UInt8Vector("c", allocator), 3, 1, (v, i) -> v.set(i, -1L)));
        assertText(
                Arrays.asList("-10", null, "10"),
                Roots.fixed(new IntVector("c", allocator), 3, 1, (v, i) -> v.set(i, 10 * i - 10)));
        assertText(
                Arrays.asList("-1", null, "-1"),
                Roots.fixed(new SmallIntVector("c", allocator), 3, 1, (v, i) -> v.set(i, -1)));
        assertText(
                Arrays.asList("-1", null, "-1"),
                Roots.fixed(new TinyIntVector("c", allocator), 3, 1, (v, i) -> v.set(i, -1)));
        assertText(
                Arrays.asList("4294967295", null, "4294967295"),
                Roots.fixed(new UInt4Vector("c", allocator), 3, 1, (v, i) -> v.set(i, -1)));
        assertText(
                Arrays.asList("65535", null, "65535"),
                Roots.fixed(new UInt2Vector("c", allocator), 3, 1, (v, i) -> v.set(i, -1)));
        assertText(
                Arrays.asList("255", null, "255"),
                Roots.fixed(new UInt1Vector("c", allocator), 3, 1, (v, i) -> v.set(i, -1)));
        assertText(
                Arrays.asList("true", null, "false"),
                Roots.fixed(new BitVector("c", allocator), 3, 1, (v, i) -> v.set(i, i == 0 ? 1 : 0)));
    }

    @Test
    void traitsOfRegistrationsAreSpelledAsDuckDbSpellsThem() {
        assertSpelled(
                Arrays.asList("0.1", null, "1e+20"),
                Roots.fixed(new Float8Vector("c", allocator), 3, 1, (v, i) -> v.set(i, i == 0 ? 0.1 : 1e20)));
        assertSpelled(
                Arrays.asList("0.1", null, "100.0"),
                Roots.fixed(new Float4Vector("c", allocator), 3, 1, (v, i) -> v.set(i, i == 0 ? 0.1f : 100f)));
        assertSpelled(
                Arrays.asList("10.000", null, "-0.001"),
                Roots.fixed(
                        new DecimalVector("c", allocator, 18, 3),
                        3,
                        1,
                        (v, i) -> v.set(i, new BigDecimal(i == 0 ? "10.000" : "-0.001"))));
        assertSpelled(
                Arrays.asList("1970-01-01", null, "2024-02-29"),
                Roots.fixed(new DateDayVector("c", allocator), 3, 1, (v, i) -> v.set(i, i == 0 ? 0 : 19_782)));
        assertSpelled(
                Arrays.asList("1970-01-01 00:00:00", null, "1969-12-31 23:59:59.999999"),
                Roots.fixed(new TimeStampNanoVector("c", allocator), 3, 1, (v, i) -> v.set(i, i == 0 ? 0 : -1)));
        assertText(List.of("x"), Roots.text(allocator, "c", "x"));
    }

    @Test
    void instantsComeFromEveryUnitAndZone() {
        assertInstants(
                Arrays.asList(-1L, null, 1L),
                Roots.fixed(new TimeStampMicroVector("c", allocator), 3, 1, (v, i) -> v.set(i, i - 1L)));
        assertInstants(
                Arrays.asList(-1L, null, 1L),
                Roots.fixed(
                        new TimeStampMicroTZVector("c", allocator, "America/New_York"),
                        3,
                        1,
                        (v, i) -> v.set(i, i - 1L)));
        assertInstants(
                Arrays.asList(-1_000_000L, null, 1_000_000L),
                Roots.fixed(new TimeStampSecVector("c", allocator), 3, 1, (v, i) -> v.set(i, i - 1L)));
        assertInstants(
                Arrays.asList(-1_000L, null, 1_000L),
                Roots.fixed(new TimeStampMilliTZVector("c", allocator, "+01:00"), 3, 1, (v, i) -> v.set(i, i - 1L)));
        assertInstants(
                Arrays.asList(-1L, null, 1L),
                Roots.fixed(new TimeStampNanoVector("c", allocator), 3, 1, (v, i) -> v.set(i, i == 0 ? -1 : 1_999)));
        assertInstants(
                Arrays.asList(-86_400_000_000L, null, 86_400_000_000L),
                Roots.fixed(new DateDayVector("c", allocator), 3, 1, (v, i) -> v.set(i, i - 1)));
        assertInstants(
                Arrays.asList(-86_400_000_000L, null, 86_400_000_000L),
                Roots.fixed(new DateMilliVector("c", allocator), 3, 1, (v, i) -> v.set(i, (i - 1) * 86_400_000L)));
    }

    @Test
    void instantsThatDoNotFitAreFaults() {
        long limit = Long.MAX_VALUE / 1_000_000;
        long[] seconds = {limit, limit + 1, -limit - 1};
        assertInstants(
                Arrays.asList(limit * 1_000_000, null, null),
                Roots.fixed(new TimeStampSecVector("c", allocator), 3, -1, (v, i) -> v.set(i, seconds[i])),
                "1 timestamp_out_of_range",
                "2 timestamp_out_of_range");
        assertInstants(
                Arrays.asList(null, null, null),
                Roots.fixed(new DateDayVector("c", allocator), 3, 1, (v, i) -> v.set(i, Integer.MAX_VALUE)),
                "0 timestamp_out_of_range",
                "2 timestamp_out_of_range");
        long[] micros = {Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE};
        assertInstants(
                Arrays.asList(Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE),
                Roots.fixed(new TimeStampMicroVector("c", allocator), 3, -1, (v, i) -> v.set(i, micros[i])),
                "0 timestamp_out_of_range");
    }

    @Test
    void doublesComeFromNumbersThatFit() {
        assertDoubles(
                Arrays.asList(Double.NaN, null, Double.NaN),
                Roots.fixed(new Float8Vector("c", allocator), 3, 1, (v, i) -> v.set(i, Double.NaN)));
        assertDoubles(
                Arrays.asList((double) 0.1f, null, (double) 0.1f),
                Roots.fixed(new Float4Vector("c", allocator), 3, 1, (v, i) -> v.set(i, 0.1f)));
        long[] exact = {1L << 53, (1L << 53) + 1, -(1L << 53)};
        assertDoubles(
                Arrays.asList(9007199254740992.0, null, -9007199254740992.0),
                Roots.fixed(new BigIntVector("c", allocator), 3, -1, (v, i) -> v.set(i, exact[i])),
                "1 unreadable_value");
        assertDoubles(
                Arrays.asList(null, null, null),
                Roots.fixed(new UInt8Vector("c", allocator), 3, 1, (v, i) -> v.set(i, -1L)),
                "0 unreadable_value",
                "2 unreadable_value");
        BigDecimal wide = new BigDecimal("-12345678901234567890123456789.123");
        assertDoubles(
                Arrays.asList(0.001, null, wide.doubleValue()),
                Roots.fixed(
                        new DecimalVector("c", allocator, 38, 3),
                        3,
                        1,
                        (v, i) -> v.set(i, i == 0 ? new BigDecimal("0.001") : wide)));
        assertDoubles(
                Arrays.asList(0.001, null, wide.doubleValue()),
                Roots.fixed(
                        new Decimal256Vector("c", allocator, 60, 3),
                        3,
                        1,
                        (v, i) -> v.set(i, i == 0 ? new BigDecimal("0.001") : wide)));
    }

    @Test
    void booleansMoveAsTheyAre() {
        assertEquals(
                Arrays.asList(true, null, false),
                convert(
                        ColumnType.BOOLEAN,
                        Roots.fixed(new BitVector("c", allocator), 3, 1, (v, i) -> v.set(i, i == 0 ? 1 : 0))));
    }

    @Test
    void nothingElseConverts() {
        for (FieldVector vector : List.of(
                new VarBinaryVector("c", allocator),
                new TimeSecVector("c", allocator),
                Roots.text(allocator, "c"),
                new IntVector("c", allocator),
                new Float8Vector("c", allocator),
                new BitVector("c", allocator),
                new DateDayVector("c", allocator))) {
            Field field = vector.getField();
            List<ColumnType> types = new ArrayList<>();
            for (ColumnType type : ColumnType.values()) {
                if (ColumnConversion.of(field, type, false) != null) {
                    types.add(type);
                }
            }
            assertEquals(
                    switch (vector.getMinorType()) {
                        case VARCHAR -> List.of(ColumnType.STRING);
                        case INT -> List.of(ColumnType.STRING, ColumnType.DOUBLE);
                        case FLOAT8 -> List.of(ColumnType.DOUBLE);
                        case BIT -> List.of(ColumnType.STRING, ColumnType.BOOLEAN);
                        case DATEDAY -> List.of(ColumnType.TIMESTAMP);
                        default -> List.of();
                    },
                    types,
                    field.toString());
            vector.close();
        }
        assertNull(ColumnConversion.toText(new VarBinaryVector("c", allocator).getField()));
    }

    private void assertText(List<String> expected, FieldVector source) {
        assertEquals(
                expected,
                convert(ColumnConversion.of(source.getField(), ColumnType.STRING, false), ColumnType.STRING, source));
        assertEquals(List.of(), faults);
    }

    private void assertSpelled(List<String> expected, FieldVector source) {
        assertEquals(expected, convert(ColumnConversion.toText(source.getField()), ColumnType.STRING, source));
        assertEquals(List.of(), faults);
    }

    private void assertInstants(List<Long> expected, FieldVector source, String... expectedFaults) {
        assertEquals(expected, convert(ColumnType.TIMESTAMP, source));
        assertEquals(List.of(expectedFaults), faults);
    }

    private void assertDoubles(List<Double> expected, FieldVector source, String... expectedFaults) {
        assertEquals(expected, convert(ColumnType.DOUBLE, source));
        assertEquals(List.of(expectedFaults), faults);
    }

    private List<Object> convert(ColumnType target, FieldVector source) {
        return convert(ColumnConversion.of(source.getField(), target, false), target, source);
    }

    private List<Object> convert(ColumnConversion conversion, ColumnType target, FieldVector source) {
        int rows = source.getValueCount();
        ConversionSpace space = new ConversionSpace(allocator, "t");
        space.faults.start(rows);
        List<Object> cells = new ArrayList<>();
        faults.clear();
        try (source;
                FieldVector result = conversion.convert(source, rows, ArrowTypes.field("c", target), space)) {
            assertEquals(ArrowTypes.field("c", target), result.getField());
            for (int i = 0; i < rows; i++) {
                Object value = result.getObject(i);
                cells.add(target == ColumnType.STRING && value != null ? value.toString() : value);
                if (space.faults.of(i) != null) {
                    faults.add(i + " " + space.faults.of(i).code().code());
                }
            }
        }
        return cells;
    }
}
