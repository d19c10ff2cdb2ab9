package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.ColumnType;
import io.nexusid.api.DerivedStateSpec;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.OutputTable;
import io.nexusid.api.PeriodRange;
import io.nexusid.api.StateSpec;
import io.nexusid.fixtures.ChecksTimelines;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decimals of states keep every digit from file to file. */
@ChecksTimelines
class ExactStatesTest {
    private static final String ANN = "per_00000000000000000000000000000001";
    private static final long DAY = 86_400_000_000L;
    /** Doubles of this size are 1/64 apart. */
    private static final List<String> BALANCES =
            Arrays.asList("90071992547409.9301", "90071992547409.9302", null, "-99999999999999.9999", "0.0000");

    private static final List<String> DELTAS = Arrays.asList(
            "90071992547409.9301", "0.0001", "-90071992547409.9302", "-99999999999999.9999", "99999999999999.9999");

    @TempDir
    Path dir;

    private Path in() {
        return dir.resolve("in");
    }

    /** A stay of a day for each number, one after the other; null is a stay with a value instead. */
    private static List<Map<String, Object>> stays(List<?> numbers) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < numbers.size(); i++) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("entity_id", ANN);
            row.put("entity_type", "person");
            row.put("state_name", "balance");
            row.put("state_value", numbers.get(i) == null ? "unknown" : null);
            row.put("state_numeric_value", numbers.get(i));
            row.put("state_category", "measurement");
            row.put("state_entered_at", i * DAY);
            row.put("state_exited_at", i + 1 == numbers.size() ? null : (i + 1) * DAY);
            rows.add(row);
        }
        return rows;
    }

    private static List<Map<String, Object>> changes(Object... numbers) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("entity_type", "person");
            row.put("identifier_type", "email");
            row.put("identifier_value", "ann@x.org");
            row.put("state_name", "credit");
            row.put("state_numeric_value", numbers[i]);
            row.put("occurred_at", (10 + i) * DAY);
            rows.add(row);
        }
        return rows;
    }

    private static List<BigDecimal> decimals(List<String> numbers) {
        return numbers.stream()
                .map(text -> text == null ? null : new BigDecimal(text))
                .toList();
    }

    private void write(String file, InputTable table, List<Map<String, Object>> rows) throws IOException {
        LogFiles.write(in().resolve(file), table, rows, 0, rows.size());
    }

    private void writeIdentifiers() throws IOException {
        Files.createDirectories(in());
        Files.writeString(in().resolve("entity_identifiers.csv"), """
                edge_id,entity_type,identifier_type,identifier_value
                a,person,email,ann@x.org
                """);
    }

    private Map<String, List<Map<String, Object>>> resolve(NexusConfig config) throws IOException {
        return LogFiles.resolve(config, in());
    }

    /** The cells of a column as plain text. */
    private static List<String> cells(List<Map<String, Object>> rows, String column) {
        return rows.stream().map(row -> plain(row.get(column))).toList();
    }

    private static String plain(Object cell) {
        return cell instanceof BigDecimal exact ? exact.toPlainString() : Objects.toString(cell, null);
    }

    private void assertRefused(String expected) {
        Path out = dir.resolve("refused");
        NexusDataException e = assertThrows(
                NexusDataException.class,
                () -> LogFiles.resolve(NexusConfig.defaults(), in(), out, TableFormat.PARQUET));
        assertEquals(expected, e.getMessage());
        assertFalse(Files.exists(out), "nothing is written");
    }

    @Test
    void decimalsBeyondTwoToTheFiftyThirdKeepEveryDigitInEveryFormat() throws Exception {
        for (String extension : List.of("parquet", "arrow", "arrows")) {
            Path file = in().resolve("states." + extension);
            write("states." + extension, InputTable.STATES, stays(decimals(BALANCES)));
            for (TableFormat format : TableFormat.values()) {
                Path out = dir.resolve("out-" + extension + "-" + format);
                Map<String, Schema> schemas = LogFiles.resolve(NexusConfig.defaults(), in(), out, format);
                Map<String, List<Map<String, Object>>> tables = LogFiles.read(out, format, schemas);
                assertEquals(BALANCES, cells(tables.get(OutputTable.STATES), "state_numeric_value"));
                assertEquals(BALANCES, cells(tables.get(OutputTable.ENTITY_STATES), "balance"));
                assertEquals(DELTAS, cells(tables.get(OutputTable.ENTITY_STATES), "balance_delta"));
            }
            Files.delete(file);
        }
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT typeof(balance), sum(balance_delta) OVER (), balance FROM '"
                                + dir.resolve("out-parquet-PARQUET/nexus_entity_states.parquet")
                                + "' ORDER BY valid_from")) {
            assertTrue(row.next());
            assertEquals("DECIMAL(18,4)", row.getString(1));
            assertEquals(0, row.getBigDecimal(2).signum(), "the last balance is what all deltas add up to");
            assertEquals(new BigDecimal(BALANCES.get(0)), row.getBigDecimal(3));
        }
    }

    @Test
    void decimalsOfSeveralScalesAndWholeNumbersTakeTheCommonScale() throws IOException {
        writeIdentifiers();
        write("states/a.parquet", InputTable.STATES, stays(decimals(List.of("12345678901234.56"))));
        write("states/b.arrow", InputTable.STATES, stays(List.of(new BigDecimal("0.125"))));
        write("state_changes.parquet", InputTable.STATE_CHANGES, changes(7L, null, -9L));
        Map<String, List<Map<String, Object>>> tables = resolve(NexusConfig.defaults());
        List<String> numbers = new ArrayList<>(cells(tables.get(OutputTable.STATES), "state_numeric_value"));
        numbers.sort(null);
        assertEquals(List.of("-9.000", "0.125", "12345678901234.560", "7.000"), numbers);
    }

    @Test
    void wholeNumbersAloneStayFloatingPointAndAreRefusedWhereThatCannotHoldThem() throws IOException {
        writeIdentifiers();
        write("state_changes.parquet", InputTable.STATE_CHANGES, changes(7L));
        assertEquals(
                List.of("7.0"), cells(resolve(NexusConfig.defaults()).get(OutputTable.STATES), "state_numeric_value"));
        write("state_changes.parquet", InputTable.STATE_CHANGES, changes((1L << 53) + 1));
        assertRefused("state_changes (state_changes.parquet), column state_numeric_value, row 1: a whole number"
                + " beyond 2^53, which 64-bit floating point cannot hold exactly [unreadable_value]");
    }

    @Test
    void decimalsDoNotMixWithFloatingPoint() throws IOException {
        writeIdentifiers();
        write("states.parquet", InputTable.STATES, stays(decimals(BALANCES)));
        write("state_changes.parquet", InputTable.STATE_CHANGES, changes(7.5));
        assertRefused("state_changes (state_changes.parquet), column state_numeric_value: is floating point, and"
                + " states.state_numeric_value (states.parquet) is decimal: decimals stay exact, so cast one of the two"
                + " [wrong_type]");
    }

    @Test
    void numbersThatHaveTooManyDigitsInTheCommonScaleAreRefused() throws IOException {
        writeIdentifiers();
        write("states.parquet", InputTable.STATES, stays(decimals(List.of("1.0000", "99999999999999.9999"))));
        write("state_changes.parquet", InputTable.STATE_CHANGES, changes(new BigDecimal("0.00001")));
        assertRefused("states (states.parquet), column state_numeric_value, row 2: a number of more than 18"
                + " digits, those behind the point included [unreadable_value]");
    }

    @Test
    void differencesThatHaveTooManyDigitsAreRefused() throws IOException {
        write(
                "states.parquet",
                InputTable.STATES,
                stays(decimals(List.of("-60000000000000.0000", "60000000000000.0000"))));
        assertRefused("nexus_entity_states, column balance_delta: has a number of more than 18 digits, those"
                + " behind the point included; give the decimals in a shorter scale [capacity]");
    }

    @Test
    void storesRefuseDecimals() throws IOException {
        write("states.parquet", InputTable.STATES, stays(decimals(BALANCES)));
        try (NexusStore store = NexusStore.open(dir.resolve("store"), NexusConfig.defaults());
                EventLog log = store.read(in())) {
            NexusDataException e = assertThrows(NexusDataException.class, () -> store.append(log));
            assertEquals(
                    "states (states.parquet), column state_numeric_value: is decimal: a store keeps numbers as"
                            + " 64-bit floating point, so cast it to that [wrong_type]",
                    e.getMessage());
            assertEquals(0, store.epoch());
        }
    }

    @Test
    void derivedStatesCompareWithTheExactNumber() throws IOException {
        write("states.parquet", InputTable.STATES, stays(decimals(List.of("0.10", "0.12", "0.13", "-0.13"))));
        Map<Double, String> above = new HashMap<>();
        for (double limit : new double[] {0.12, 0.125, -1e300, 1e300}) {
            DerivedStateSpec spec = new DerivedStateSpec(
                    "level",
                    "person",
                    Map.of("b", DerivedStateSpec.Component.of("balance")),
                    new DerivedStateSpec.Cases(
                            List.of(new DerivedStateSpec.Case(
                                    new DerivedStateSpec.Test.Compare("b", DerivedStateSpec.Comparison.GE, limit),
                                    "high")),
                            "low"));
            List<Map<String, Object>> rows = resolve(
                            NexusConfig.builder().derivedStates(List.of(spec)).build())
                    .get(OutputTable.ENTITY_STATES);
            above.put(limit, String.join(" ", cells(rows, "level")));
        }
        assertEquals(
                Map.of(
                        0.12,
                        "low high high low",
                        0.125,
                        "low low high low",
                        -1e300,
                        "high high high high",
                        1e300,
                        "low low low low"),
                above);
    }

    @Test
    void ofChangesAtOneInstantTheLeastExactNumberCounts() throws IOException {
        writeIdentifiers();
        List<Map<String, Object>> rows =
                changes(new BigDecimal("0.01"), new BigDecimal("-0.01"), new BigDecimal("-0.02"), null);
        rows.forEach(row -> row.put("occurred_at", DAY));
        write("state_changes.parquet", InputTable.STATE_CHANGES, rows);
        assertEquals(
                List.of("-0.02"),
                cells(resolve(NexusConfig.defaults()).get(OutputTable.STATES), "state_numeric_value"));
    }

    private static NexusConfig.Builder sets(StateSpec.Builder state) {
        return NexusConfig.builder().states(List.of(state.build()));
    }

    @Test
    void declaredStatesAreSetToDecimalsButNotToMeasurements() throws IOException {
        writeIdentifiers();
        StateSpec.EventMatch start = StateSpec.EventMatch.named("start");
        write("state_changes.parquet", InputTable.STATE_CHANGES, changes(new BigDecimal("0.01")));
        Files.writeString(in().resolve("events.csv"), "event_id,occurred_at,event_name\ne1,1970-01-02,start\n");
        Files.writeString(in().resolve("entity_identifiers.csv"), """
                event_id,entity_type,identifier_type,identifier_value
                e1,person,email,ann@x.org
                """);
        StateSpec.Builder exact =
                StateSpec.of("fee", "person").set(new StateSpec.ByEvent(start, new StateSpec.Value.Numeric(2.5)));
        assertEquals(
                List.of("0.01", "2.50"),
                cells(resolve(sets(exact).build()).get(OutputTable.STATES), "state_numeric_value"));
        StateSpec.Builder finer =
                StateSpec.of("fee", "person").set(new StateSpec.ByEvent(start, new StateSpec.Value.Numeric(2.505)));
        assertTrue(refusal(finer).contains("state fee is set to 2.505, but the inputs give decimals of 2 digits"));
        assertTrue(refusal(StateSpec.of("fee", "person").setToMeasurement(start, "amount"))
                .contains("state fee takes its number from the measurement amount, which is floating point, and"
                        + " state_changes.state_numeric_value (state_changes.parquet) is decimal"));
    }

    private String refusal(StateSpec.Builder state) {
        NexusConfig config = sets(state).build();
        return assertThrows(NexusConfigException.class, () -> resolve(config)).getMessage();
    }

    @Test
    void snapshotsAndMovementsAndTimelinesAreExactToo() throws IOException {
        write("states.parquet", InputTable.STATES, stays(decimals(List.of("90071992547409.9301", "0.0001"))));
        NexusConfig config = NexusConfig.builder()
                .periods(new PeriodRange(
                        PeriodRange.Unit.DAY,
                        Instant.parse("1970-01-01T00:00:00Z"),
                        Instant.parse("1970-01-03T00:00:00Z")))
                .build();
        Map<String, List<Map<String, Object>>> tables = resolve(config);
        assertEquals(
                List.of("90071992547409.9301", "0.0001"),
                cells(tables.get(OutputTable.ENTITY_STATE_SNAPSHOTS), "balance"));
        List<Map<String, Object>> moved = tables.get(OutputTable.MEASUREMENT_MOVEMENTS);
        assertEquals(List.of("0.0000", "90071992547409.9301"), cells(moved, "opening"));
        assertEquals(List.of("90071992547409.9301", "0.0000"), cells(moved, "new"));
        assertEquals(List.of("0.0000", "-90071992547409.9300"), cells(moved, "lost"));
        assertEquals(List.of("90071992547409.9301", "0.0001"), cells(moved, "closing"));
    }

    @Test
    void movementsThatHaveTooManyDigitsAreRefused() throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>(stays(decimals(List.of("450000000000000000"))));
        for (int i = 2; i < 5; i++) {
            Map<String, Object> row = new LinkedHashMap<>(rows.get(0));
            row.put("entity_id", ANN.substring(0, ANN.length() - 1) + i);
            rows.add(row);
        }
        write("states.parquet", InputTable.STATES, rows);
        NexusConfig config = NexusConfig.builder()
                .periods(new PeriodRange(
                        PeriodRange.Unit.DAY,
                        Instant.parse("1970-01-01T00:00:00Z"),
                        Instant.parse("1970-01-03T00:00:00Z")))
                .build();
        NexusDataException e = assertThrows(NexusDataException.class, () -> resolve(config));
        assertTrue(e.getMessage().startsWith("nexus_measurement_movements, column balance: has a number of more than"));
    }

    @Test
    void decimalsOfAnyWidthAreReadAndThoseThatDoNotFitAreFaults() {
        try (BufferAllocator allocator = new RootAllocator()) {
            ConversionSpace space = new ConversionSpace(allocator, "t");
            BigDecimal wide = new BigDecimal("12345678901234567890.123");
            for (FieldVector decimals : List.of(
                    Roots.fixed(
                            new DecimalVector("c", allocator, 38, 3),
                            3,
                            1,
                            (v, i) -> v.set(i, i == 0 ? new BigDecimal("-0.001") : wide)),
                    Roots.fixed(
                            new Decimal256Vector("c", allocator, 60, 3),
                            3,
                            1,
                            (v, i) -> v.set(i, i == 0 ? new BigDecimal("-0.001") : wide)))) {
                assertUnscaled(-10L, decimals, space);
            }
            assertUnscaled(
                    70_000L,
                    Roots.fixed(new UInt8Vector("c", allocator), 3, 1, (v, i) -> v.set(i, i == 0 ? 7 : -1)),
                    space);
        }
    }

    /** Of the three cells the second is null and the third does not fit. */
    private static void assertUnscaled(long first, FieldVector column, ConversionSpace space) {
        space.faults.start(3);
        space.faults.in("c");
        Field target = ArrowTypes.field("c", ColumnType.INTEGER);
        try (column;
                FieldVector out =
                        ToUnscaled.from(column.getField().getType(), 4).convert(column, 3, target, space)) {
            assertEquals(first, out.getObject(0));
            assertTrue(out.isNull(1) && out.isNull(2));
            assertTrue(space.faults.of(0) == null && space.faults.of(1) == null && space.faults.of(2) != null);
        }
    }

    @Provide
    Arbitrary<List<BigDecimal>> numbers() {
        return Arbitraries.integers().between(0, 18).flatMap(scale -> Arbitraries.longs()
                .between(-499_999_999_999_999_999L, 499_999_999_999_999_999L)
                .map(unscaled -> BigDecimal.valueOf(unscaled, scale))
                .injectNull(0.1)
                .list()
                .ofMinSize(1)
                .ofMaxSize(30));
    }

    @Property(tries = 100)
    void deltasAreThoseOfExactArithmetic(@ForAll("numbers") List<BigDecimal> numbers) throws IOException {
        BigDecimal zero = numbers.stream()
                .filter(Objects::nonNull)
                .findFirst()
                .map(some -> BigDecimal.valueOf(0, some.scale()))
                .orElse(null);
        List<BigDecimal> deltas = new ArrayList<>();
        BigDecimal before = null;
        for (BigDecimal now : numbers) {
            boolean none = now == null && before == null;
            deltas.add(none ? null : (now == null ? zero : now).subtract(before == null ? zero : before));
            before = now;
        }
        List<Map<String, Object>> rows = stays(numbers);
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot batch = TestTables.batch(InputTable.STATES, rows, 0, rows.size(), allocator);
                Nexus nexus = Nexus.open(NexusConfig.defaults(), allocator);
                EventLog log = nexus.log().add(InputTable.STATES, batch).build();
                ResolvedTables tables = nexus.resolve(log, List.of(OutputTable.ENTITY_STATES))) {
            List<Map<String, Object>> made = TestTables.rows(tables.reader(OutputTable.ENTITY_STATES));
            assertEquals(numbers, made.stream().map(row -> row.get("balance")).toList());
            assertEquals(
                    deltas, made.stream().map(row -> row.get("balance_delta")).toList());
        }
    }
}
