package io.nexusid.arrow.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoubleTextTest {
    @ParameterizedTest
    @CsvSource({
        "100, 100.0",
        "0.1, 0.1",
        "1e20, 1e+20",
        "1e-5, 1e-05",
        "1e-4, 0.0001",
        "1e15, 1000000000000000.0",
        "1e16, 1e+16",
        "9999999999999998, 9999999999999998.0",
        "123456.789, 123456.789",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "4.9e-324, 5e-324",
        "2e23, 2e+23",
        "29.99, 29.99",
        "3.5840000000000002e25, 3.584e+25",
        "-0.0, -0.0",
        "NaN, nan",
        "Infinity, inf",
        "-Infinity, -inf"
    })
    void isLaidOutAsInDuckDb(double value, String text) {
        assertEquals(text, DoubleText.of(value));
    }

    @Property
    void readsBackAsTheSameNumber(@ForAll("doubles") double value) {
        if (Double.isFinite(value)) {
            assertEquals(
                    Double.doubleToRawLongBits(value),
                    Double.doubleToRawLongBits(Double.parseDouble(DoubleText.of(value))));
        }
    }

    /** One NaN: DuckDB also writes -nan, by a sign bit that nothing means. */
    @Property(tries = 20, shrinking = ShrinkingMode.OFF, afterFailure = AfterFailureMode.RANDOM_SEED)
    void isTheTextThatDuckDbWrites(@ForAll long seed) throws SQLException {
        Random random = new Random(seed);
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            double value =
                    switch (i % 4) {
                        case 0 -> Double.longBitsToDouble(random.nextLong());
                        case 1 -> (double) random.nextLong() / (1 + random.nextInt(1000));
                        case 2 -> Double.parseDouble(random.nextInt(100_000) + "e" + (random.nextInt(44) - 22));
                        default -> random.nextInt(1_000_000) / 100.0;
                    };
            values.add(Double.isNaN(value) ? Double.NaN : value);
        }
        assertSameText(values);
    }

    @Test
    void theSmallestSubnormalsAreWrittenAsDuckDbWritesThem() throws SQLException {
        List<Double> values = new ArrayList<>();
        for (long bits = 1; bits <= 500; bits++) {
            values.add(Double.longBitsToDouble(bits));
        }
        assertSameText(values);
    }

    @Provide
    Arbitrary<Double> doubles() {
        return Arbitraries.oneOf(
                Arbitraries.longs().map(Double::longBitsToDouble),
                Arbitraries.doubles(),
                Arbitraries.integers().between(-20, 22).flatMap(e -> Arbitraries.integers()
                        .between(1, 99_999)
                        .map(m -> Double.parseDouble(m + "e" + e))),
                Arbitraries.longs().map(l -> (double) l));
    }

    private static void assertSameText(List<Double> values) throws SQLException {
        List<String> expected = duckDbText(values);
        int longer = 0;
        for (int i = 0; i < values.size(); i++) {
            String text = DoubleText.of(values.get(i));
            // DuckDB means to write the fewest digits and now and then has some too many: 3.584e+25 is
            // 3.5840000000000002e+25 there, the same number.
            if (expected.get(i).length() > text.length()
                    && Double.parseDouble(expected.get(i)) == Double.parseDouble(text)) {
                longer++;
            } else {
                assertEquals(expected.get(i), text);
            }
        }
        assertTrue(longer <= 2, longer + " of " + values.size() + " texts have fewer digits than DuckDB's");
    }

    private static List<String> duckDbText(List<Double> values) throws SQLException {
        try (Connection db = DriverManager.getConnection("jdbc:duckdb:");
                PreparedStatement query = db.prepareStatement("SELECT CAST(unnest(CAST(? AS DOUBLE[])) AS VARCHAR)")) {
            query.setObject(1, db.createArrayOf("DOUBLE", values.toArray()));
            List<String> texts = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    texts.add(rows.getString(1));
                }
            }
            return texts;
        }
    }
}
