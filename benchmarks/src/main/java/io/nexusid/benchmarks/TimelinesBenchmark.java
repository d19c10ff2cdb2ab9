package io.nexusid.benchmarks;

import io.nexusid.api.DeltaMode;
import io.nexusid.api.GapMode;
import io.nexusid.states.EntityStates;
import io.nexusid.states.StateNumbers;
import io.nexusid.states.StateStays;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * State changes to stays, and stays to the timeline of each entity: several states, the last two of them measurements,
 * changes in the order of a log, one in sixteen of them an end; eight in ten changes open a stay.
 *
 * <p>Contenders, from arrays to arrays:
 *
 * <ul>
 *   <li>{@code stays}: {@link StateStays}. Against {@code staysDuckDb}: {@code lag} and {@code lead} over changes.
 *   <li>{@code timelines}: {@link EntityStates} over the stays. Against {@code timelinesDuckDb}: change points with the
 *       stays in force carried forward by {@code last_value IGNORE NULLS}, from the stays in a table.
 *   <li>{@code wide}: the same, and then every cell of the wide table written into an array: the stay in force of each
 *       state, the difference of each measurement to the row before. Against {@code wideDuckDb}: the numbers are carried
 *       like the stays, and {@code lag} gives the differences.
 * </ul>
 *
 * <p>DuckDB has integer columns in memory and one thread; it pays for parsing the query.
 *
 * <p>{@code benchmarks/run-jmh TimelinesBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class TimelinesBenchmark {
    private static final String STAYS = "SELECT id, instant, until FROM ("
            + " SELECT *, lead(instant) OVER (PARTITION BY entity, state ORDER BY instant) AS until"
            + " FROM (SELECT *, lag(value) OVER (PARTITION BY entity, state ORDER BY instant) AS before FROM ("
            + "  FROM changes QUALIFY row_number() OVER (PARTITION BY entity, state, instant ORDER BY id) = 1))"
            + " WHERE value IS DISTINCT FROM before)"
            + " WHERE value IS NOT NULL ORDER BY entity, state, instant";
    private static final int MEASUREMENTS = 2;

    /** Number of state changes. */
    @Param("1000000")
    public int rows = 1_000_000;

    /** Changes an entity. */
    @Param("10")
    public int anEntity = 10;

    /** Number of states; the last two are measurements. */
    @Param("5")
    public int states = 5;

    private int[] entity = {};
    private int[] state = {};
    private long[] occurredAt = {};
    private int[] value = {};
    private long[] number = {};
    private int[] category = {};

    private int[] stayEntity = {};
    private int[] stayState = {};
    private long[] stayNumber = {};
    private long[] entered = {};
    private long[] exited = {};
    private boolean[] present = {};
    private DuckDbTables duckDb;

    /** Opens the rival. */
    public TimelinesBenchmark() {
        try {
            duckDb = new DuckDbTables();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the changes and checks both stages against SQL. */
    @Setup(Level.Trial)
    public void prepare() throws SQLException {
        prepareChanges();
        prepareStays();
        checkTimelines();
        checkWide();
    }

    /** Makes the changes and checks their stays. */
    void prepareChanges() throws SQLException {
        SplittableRandom random = new SplittableRandom(1);
        entity = new int[rows];
        state = new int[rows];
        occurredAt = new long[rows];
        value = new int[rows];
        number = new long[rows];
        category = new int[rows];
        Arrays.fill(number, StateNumbers.NULL);
        long[] ids = new long[rows];
        long[] values = new long[rows];
        for (int row = 0; row < rows; row++) {
            ids[row] = row;
            entity[row] = random.nextInt(rows / anEntity + 1);
            state[row] = random.nextInt(states);
            occurredAt[row] = 1_700_000_000_000_000L + row / 4 * 1000L;
            value[row] = random.nextInt(16) == 0 ? -1 : random.nextInt(5);
            values[row] = value[row] < 0 ? Long.MIN_VALUE : value[row];
            if (isMeasurement(state[row]) && value[row] >= 0) {
                number[row] = StateNumbers.of(value[row]);
            }
        }
        duckDb.create(
                "changes",
                "id,entity,state,instant,value",
                ids,
                Agreement.longs(entity),
                Agreement.longs(state),
                occurredAt,
                values);
        StateStays stays = stays();
        duckDb.check(
                STAYS,
                stays.size(),
                3,
                (row, column) ->
                        column == 0 ? stays.row(row) : column == 1 ? stays.enteredAt(row) : stays.exitedAt(row));
    }

    private boolean isMeasurement(int name) {
        return name >= states - MEASUREMENTS;
    }

    /** Makes a table of the stays, numbered in their order. */
    void prepareStays() throws SQLException {
        StateStays stays = stays();
        int n = stays.size();
        stayEntity = new int[n];
        stayState = new int[n];
        stayNumber = new long[n];
        entered = new long[n];
        exited = new long[n];
        present = new boolean[n];
        Arrays.fill(present, true);
        long[] ids = new long[n];
        long[] values = new long[n];
        for (int i = 0; i < n; i++) {
            ids[i] = i;
            stayEntity[i] = entity[stays.row(i)];
            stayState[i] = state[stays.row(i)];
            stayNumber[i] = number[stays.row(i)];
            values[i] = value[stays.row(i)];
            entered[i] = stays.enteredAt(i);
            exited[i] = stays.exitedAt(i);
        }
        duckDb.create(
                "stays",
                "id,entity,state,instant,until,value",
                ids,
                Agreement.longs(stayEntity),
                Agreement.longs(stayState),
                entered,
                exited,
                values);
    }

    /** Number of stays. */
    int stayRows() {
        return stayEntity.length;
    }

    /** Checks the timelines. */
    void checkTimelines() throws SQLException {
        EntityStates timelines = timelines();
        duckDb.check(timelinesSql(), timelines.size(), 3 + states, (row, column) -> cell(timelines, row, column));
    }

    /** Checks the wide table. */
    void checkWide() throws SQLException {
        Wide wide = wide();
        duckDb.check(wideSql(), wide.timelines.size(), 3 + states + MEASUREMENTS, (row, column) -> {
            if (column < 3) {
                return cell(wide.timelines, row, column);
            }
            if (column < 3 + states) {
                return wide.stays[column - 3][row];
            }
            long delta = wide.deltas[column - 3 - states][row];
            return StateNumbers.isNull(delta) ? Long.MIN_VALUE : (long) StateNumbers.value(delta);
        });
    }

    private static long cell(EntityStates timelines, int row, int column) {
        return switch (column) {
            case 0 -> timelines.entity(row);
            case 1 -> timelines.validFrom(row);
            case 2 -> timelines.validTo(row);
            default -> timelines.stay(column - 3, row);
        };
    }

    private String timelinesSql() {
        return carriedSql(0) + " SELECT entity, t, until, " + each("coalesce(s%1$d, -1)::BIGINT", 0)
                + " FROM carried WHERE held > 0 ORDER BY entity, t";
    }

    private String wideSql() {
        int from = states - MEASUREMENTS;
        return carriedSql(MEASUREMENTS) + ", shown AS (SELECT entity, t, until, "
                + each("coalesce(s%1$d, -1)::BIGINT AS s%1$d", 0) + ", " + each("nullif(n%1$d, -1) AS n%1$d", from)
                + " FROM carried WHERE held > 0)"
                + " SELECT entity, t, until, " + each("s%1$d", 0) + ", "
                + each("(n%1$d - coalesce(lag(n%1$d) OVER (PARTITION BY entity ORDER BY t), 0))::BIGINT", from)
                + " FROM shown ORDER BY entity, t";
    }

    /** Change points with the stays in force, and the numbers of the last states. */
    private String carriedSql(int numbers) {
        int from = states - numbers;
        String number = numbers == 0 ? "" : ", ";
        return "WITH moves AS (SELECT entity, state, instant AS t, id, value, 1 AS gained FROM stays"
                + " UNION ALL SELECT entity, state, until, -1, -1, -1 FROM stays WHERE until IS NOT NULL),"
                + " points AS (SELECT entity, t, sum(gained) AS gained, "
                + each("max(id) FILTER (state = %1$d) AS s%1$d", 0) + number
                + each("arg_max(value, id) FILTER (state = %1$d) AS n%1$d", from)
                + " FROM moves GROUP BY entity, t),"
                + " carried AS (SELECT entity, t, sum(gained) OVER w AS held,"
                + " lead(t) OVER (PARTITION BY entity ORDER BY t) AS until, "
                + each("last_value(s%1$d IGNORE NULLS) OVER w AS s%1$d", 0) + number
                + each("last_value(n%1$d IGNORE NULLS) OVER w AS n%1$d", from)
                + " FROM points WINDOW w AS (PARTITION BY entity ORDER BY t ROWS UNBOUNDED PRECEDING))";
    }

    private String each(String form, int from) {
        return IntStream.range(from, states)
                .mapToObj(name -> String.format(Locale.ROOT, form, name))
                .collect(Collectors.joining(", "));
    }

    /** Closes the rival. */
    @TearDown(Level.Trial)
    public void close() throws SQLException {
        duckDb.close();
    }

    @Benchmark
    public StateStays stays() {
        return StateStays.fromChanges(rows, entity, state, occurredAt, value, number, category, Integer::compare);
    }

    @Benchmark
    public long staysDuckDb() throws SQLException {
        return duckDb.first(STAYS);
    }

    @Benchmark
    public EntityStates timelines() {
        boolean[] measurement = new boolean[states];
        Arrays.fill(measurement, states - MEASUREMENTS, states, true);
        return EntityStates.compute(
                stayEntity.length,
                stayEntity,
                stayState,
                stayState,
                measurement,
                entered,
                exited,
                present,
                stayNumber,
                Integer::compare,
                GapMode.CLOSE,
                DeltaMode.COMPAT);
    }

    /** All cells of the wide table, column by column. */
    public static final class Wide {
        private final EntityStates timelines;
        private final int[][] stays;
        private final long[][] deltas;

        private Wide(EntityStates timelines, int[][] stays, long[][] deltas) {
            this.timelines = timelines;
            this.stays = stays;
            this.deltas = deltas;
        }
    }

    @Benchmark
    public Wide wide() {
        EntityStates timelines = timelines();
        int n = timelines.size();
        int[][] cells = new int[states][n];
        for (int column = 0; column < states; column++) {
            for (int row = 0; row < n; row++) {
                cells[column][row] = timelines.stay(column, row);
            }
        }
        long[][] deltas = new long[MEASUREMENTS][n];
        for (int i = 0; i < MEASUREMENTS; i++) {
            for (int row = 0; row < n; row++) {
                deltas[i][row] = timelines.delta(states - MEASUREMENTS + i, row);
            }
        }
        return new Wide(timelines, cells, deltas);
    }

    @Benchmark
    public long wideDuckDb() throws SQLException {
        return duckDb.first(wideSql());
    }

    @Benchmark
    public long timelinesDuckDb() throws SQLException {
        return duckDb.first(timelinesSql());
    }
}
