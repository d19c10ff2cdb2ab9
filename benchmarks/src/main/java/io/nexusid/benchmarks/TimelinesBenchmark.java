package io.nexusid.benchmarks;

import io.nexusid.api.DeltaMode;
import io.nexusid.api.GapMode;
import io.nexusid.states.EntityStates;
import io.nexusid.states.StateNumbers;
import io.nexusid.states.StateStays;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
 * State changes to stays, and stays to the timeline of each entity: two states, seven changes an entity, one in sixteen
 * of them an end.
 *
 * <p>Contenders, from arrays to arrays:
 *
 * <ul>
 *   <li>{@code stays}: {@link StateStays}. Against {@code staysDuckDb}: {@code lag} and {@code lead} over changes.
 *   <li>{@code timelines}: {@link EntityStates} over the stays. Against {@code timelinesDuckDb}: change points with the
 *       values in force carried forward by {@code last_value IGNORE NULLS}, from the stays in a table.
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
    private static final String TIMELINES = "WITH moves AS ("
            + " SELECT entity, state, instant AS t, id, 1 AS gained FROM stays"
            + " UNION ALL SELECT entity, state, until, -1, -1 FROM stays WHERE until IS NOT NULL),"
            + " points AS (SELECT entity, t, sum(gained) AS gained,"
            + "  max(id) FILTER (state = 0) AS s0, max(id) FILTER (state = 1) AS s1 FROM moves GROUP BY entity, t),"
            + " carried AS (SELECT entity, t, sum(gained) OVER w AS held,"
            + "  last_value(s0 IGNORE NULLS) OVER w AS s0, last_value(s1 IGNORE NULLS) OVER w AS s1,"
            + "  lead(t) OVER (PARTITION BY entity ORDER BY t) AS until FROM points"
            + "  WINDOW w AS (PARTITION BY entity ORDER BY t ROWS UNBOUNDED PRECEDING))"
            + " SELECT entity, t, until, coalesce(s0, -1)::BIGINT, coalesce(s1, -1)::BIGINT FROM carried"
            + " WHERE held > 0 ORDER BY entity, t";

    /** Number of state changes. */
    @Param("1000000")
    public int rows = 1_000_000;

    private int[] entity = {};
    private int[] state = {};
    private long[] occurredAt = {};
    private int[] value = {};
    private long[] number = {};
    private int[] category = {};

    private int[] stayEntity = {};
    private int[] stayState = {};
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
            entity[row] = random.nextInt(rows / 7 + 1);
            state[row] = random.nextInt(2);
            occurredAt[row] = 1_700_000_000_000_000L + row / 4 * 1000L;
            value[row] = random.nextInt(16) == 0 ? -1 : random.nextInt(5);
            values[row] = value[row] < 0 ? Long.MIN_VALUE : value[row];
        }
        duckDb.create(
                "changes",
                "id,entity,state,instant,value",
                ids,
                Agreement.longs(entity),
                Agreement.longs(state),
                occurredAt,
                values);
        prepareStays();
        checkTimelines();
    }

    private void prepareStays() throws SQLException {
        StateStays stays = stays();
        int n = stays.size();
        stayEntity = new int[n];
        stayState = new int[n];
        entered = new long[n];
        exited = new long[n];
        present = new boolean[n];
        Arrays.fill(present, true);
        long[] ids = new long[n];
        long[] expected = new long[3 * n];
        for (int i = 0; i < n; i++) {
            stayEntity[i] = entity[stays.row(i)];
            stayState[i] = state[stays.row(i)];
            entered[i] = stays.enteredAt(i);
            exited[i] = stays.exitedAt(i);
            ids[i] = i;
            expected[3 * i] = stays.row(i);
            expected[3 * i + 1] = entered[i];
            expected[3 * i + 2] = exited[i];
        }
        Agreement.check("staysDuckDb", expected, duckDb.rows(STAYS, 3));
        duckDb.create(
                "stays",
                "id,entity,state,instant,until",
                ids,
                Agreement.longs(stayEntity),
                Agreement.longs(stayState),
                entered,
                exited);
    }

    private void checkTimelines() throws SQLException {
        EntityStates timelines = timelines();
        long[] expected = new long[5 * timelines.size()];
        for (int i = 0; i < timelines.size(); i++) {
            expected[5 * i] = timelines.entity(i);
            expected[5 * i + 1] = timelines.validFrom(i);
            expected[5 * i + 2] = timelines.validTo(i);
            expected[5 * i + 3] = timelines.stay(0, i);
            expected[5 * i + 4] = timelines.stay(1, i);
        }
        Agreement.check("timelinesDuckDb", expected, duckDb.rows(TIMELINES, 5));
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
        long[] none = number;
        return EntityStates.compute(
                stayEntity.length,
                stayEntity,
                stayState,
                stayState,
                new boolean[2],
                entered,
                exited,
                present,
                none,
                Integer::compare,
                GapMode.CLOSE,
                DeltaMode.CONSERVING);
    }

    @Benchmark
    public long timelinesDuckDb() throws SQLException {
        return duckDb.first(TIMELINES);
    }
}
