package io.nexusid.arrow.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.IdDialect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** A table with one column of each type that tables have, as plain Java rows. */
final class SampleRows {
    record Row(
            @Nullable String text,
            @Nullable Long instant,
            @Nullable Boolean flag,
            @Nullable Double number) {
        /** The cells as CSV writes them, null for null. */
        List<@Nullable String> asText() {
            return Arrays.asList(
                    text,
                    instant == null ? null : IdDialect.DUCKDB.timestamp(instant),
                    flag == null ? null : flag.toString(),
                    number == null ? null : DoubleText.of(number));
        }
    }

    static final Schema SCHEMA = new Schema(List.of(
            Field.nullable("text", ArrowType.Utf8.INSTANCE),
            Field.nullable("instant", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
            Field.nullable("flag", ArrowType.Bool.INSTANCE),
            Field.nullable("number", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE))));

    static final List<String> COLUMNS = List.of("text", "instant", "flag", "number");

    private SampleRows() {}

    static Arbitrary<List<Row>> arbitrary() {
        return Combinators.combine(
                        texts().injectNull(0.2),
                        instants().injectNull(0.2),
                        Arbitraries.of(true, false).injectNull(0.2),
                        numbers().injectNull(0.2))
                .as(Row::new)
                .list()
                .ofMaxSize(40);
    }

    /** Strings rich in what CSV finds special. */
    static Arbitrary<String> texts() {
        return Arbitraries.of(
                        "a", "Z", "0", ",", "\"", "\n", "\r", " ", "\t", "#", ";", "\\", "'", "é", "ı", "😀", "\uFEFF",
                        "\u0000", "null", "NaN")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
    }

    static Arbitrary<Long> instants() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(-62_135_596_800_000_000L, 253_402_300_799_999_999L),
                Arbitraries.of(0L, -1L, 1L, Long.MIN_VALUE + 1, Long.MAX_VALUE));
    }

    static Arbitrary<Double> numbers() {
        return Arbitraries.oneOf(
                Arbitraries.longs().map(Double::longBitsToDouble),
                Arbitraries.integers().between(-1000, 1000).map(i -> i / 100.0),
                Arbitraries.of(0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
    }

    static VectorSchemaRoot root(BufferAllocator allocator, List<Row> rows) {
        VectorSchemaRoot root = VectorSchemaRoot.create(SCHEMA, allocator);
        root.allocateNew();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            if (row.text != null) {
                ((VarCharVector) root.getVector(0)).setSafe(i, row.text.getBytes(UTF_8));
            }
            if (row.instant != null) {
                ((TimeStampMicroTZVector) root.getVector(1)).setSafe(i, row.instant);
            }
            if (row.flag != null) {
                ((BitVector) root.getVector(2)).setSafe(i, row.flag ? 1 : 0);
            }
            if (row.number != null) {
                ((Float8Vector) root.getVector(3)).setSafe(i, row.number);
            }
        }
        root.setRowCount(rows.size());
        return root;
    }

    static List<Row> rows(VectorSchemaRoot root) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < root.getRowCount(); i++) {
            Object text = root.getVector("text").getObject(i);
            rows.add(new Row(
                    text == null ? null : text.toString(),
                    (Long) root.getVector("instant").getObject(i),
                    (Boolean) root.getVector("flag").getObject(i),
                    (Double) root.getVector("number").getObject(i)));
        }
        return rows;
    }
}
