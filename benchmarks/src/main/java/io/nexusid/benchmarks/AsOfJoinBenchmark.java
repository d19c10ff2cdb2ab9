package io.nexusid.benchmarks;

import io.nexusid.api.AsOfTie;
import io.nexusid.api.DeltaMode;
import io.nexusid.api.GapMode;
import io.nexusid.states.AsOfJoin;
import io.nexusid.states.EntityStates;
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
 * Participants to the state each was in: as many participants as timeline rows, ten of each an entity, gaps included.
 *
 * <p>Contenders, from arrays to one number per participant:
 *
 * <ul>
 *   <li>{@code nexus}: {@link AsOfJoin} over a timeline that is there; participants in the order given by {@code order}:
 *       {@code sorted} by entity and time, as participants come out of resolution, or {@code shuffled}.
 *   <li>{@code duckDb}: {@code ASOF JOIN} on integer columns in memory, one thread; pays for parsing the query.
 * </ul>
 *
 * <p>{@code benchmarks/run-jmh AsOfJoinBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class AsOfJoinBenchmark {
    private static final int AN_ENTITY = 10;
    private static final String SQL = "SELECT e.id, t.id AS state FROM participants e ASOF JOIN timeline t"
            + " ON e.entity = t.entity AND e.instant > t.valid_from"
            + " WHERE t.valid_to IS NULL OR t.valid_to >= e.instant";

    /** Number of participants, and about that of timeline rows. */
    @Param("1000000")
    public int rows = 1_000_000;

    /** The order of the participants. */
    @Param({"sorted", "shuffled"})
    public String order = "sorted";

    private int[] entity = {};
    private long[] occurredAt = {};
    private EntityStates timelines;
    private DuckDbTables duckDb;

    /** Opens the rival. */
    public AsOfJoinBenchmark() {
        try {
            duckDb = new DuckDbTables();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        timelines = timelines(0);
    }

    /** Makes the rows and checks that both sides join them alike. */
    @Setup(Level.Trial)
    public void prepare() throws SQLException {
        timelines = timelines(rows);
        SplittableRandom random = new SplittableRandom(2);
        entity = new int[rows];
        occurredAt = new long[rows];
        for (int row = 0; row < rows; row++) {
            entity[row] = row / AN_ENTITY;
            occurredAt[row] = 1000L * (row % AN_ENTITY) + random.nextInt(1000);
        }
        if (order.equals("shuffled")) {
            for (int i = rows - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int code = entity[i];
                entity[i] = entity[j];
                entity[j] = code;
                long instant = occurredAt[i];
                occurredAt[i] = occurredAt[j];
                occurredAt[j] = instant;
            }
        }
        int n = timelines.size();
        int[] code = new int[n];
        long[] from = new long[n];
        long[] to = new long[n];
        for (int i = 0; i < n; i++) {
            code[i] = timelines.entity(i);
            from[i] = timelines.validFrom(i);
            to[i] = timelines.validTo(i);
        }
        duckDb.create("timeline", "id,entity,valid_from,valid_to", numbers(n), Agreement.longs(code), from, to);
        duckDb.create("participants", "id,entity,instant", numbers(rows), Agreement.longs(entity), occurredAt);
        AsOfJoin ours = nexus();
        int[] matched = new int[ours.matched()];
        int at = 0;
        for (int row = 0; row < rows; row++) {
            if (ours.state(row) >= 0) {
                matched[at++] = row;
            }
        }
        duckDb.check(
                SQL + " ORDER BY e.id",
                matched.length,
                2,
                (row, column) -> column == 0 ? matched[row] : ours.state(matched[row]));
    }

    private static long[] numbers(int n) {
        long[] numbers = new long[n];
        Arrays.setAll(numbers, i -> i);
        return numbers;
    }

    private static EntityStates timelines(int rows) {
        SplittableRandom random = new SplittableRandom(1);
        int[] entity = new int[rows];
        long[] entered = new long[rows];
        long[] exited = new long[rows];
        boolean[] present = new boolean[rows];
        Arrays.fill(present, true);
        for (int row = 0; row < rows; row++) {
            entity[row] = row / AN_ENTITY;
            entered[row] = 1000L * (row % AN_ENTITY) + random.nextInt(500);
            exited[row] = row % AN_ENTITY == AN_ENTITY - 1 ? Long.MIN_VALUE : entered[row] + 400 + random.nextInt(100);
        }
        return EntityStates.compute(
                rows,
                entity,
                new int[rows],
                new int[rows],
                new boolean[1],
                entered,
                exited,
                present,
                new long[rows],
                Integer::compare,
                GapMode.CLOSE,
                DeltaMode.CONSERVING);
    }

    /** Closes the rival. */
    @TearDown(Level.Trial)
    public void close() throws SQLException {
        duckDb.close();
    }

    @Benchmark
    public AsOfJoin nexus() {
        return AsOfJoin.compute(rows, entity, occurredAt, timelines, AsOfTie.BEFORE, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    @Benchmark
    public long duckDb() throws SQLException {
        return duckDb.first(SQL);
    }
}
