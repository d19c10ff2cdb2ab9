package io.nexusid.benchmarks;

import io.nexusid.graph.TraitFold;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
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
 * The latest row of every (entity, trait), rows in order of time as a log has them, ten traits, eleven rows an entity.
 *
 * <p>Contenders, from arrays to the winners' row numbers sorted by (entity, trait):
 *
 * <ul>
 *   <li>{@code nexus}: {@link TraitFold}.
 *   <li>{@code hashMap}: {@code HashMap<Long, Integer>} of the best row so far, then a sort of its keys.
 *   <li>{@code duckDb}: {@code arg_max} by group on integer columns in memory, one thread; pays for parsing the query,
 *       and compares the instant and the row number only.
 * </ul>
 *
 * <p>{@code benchmarks/run-jmh TraitFoldBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class TraitFoldBenchmark {
    private static final int TRAITS = 10;
    /** The map takes 100 bytes a winner and more, so it is left out of larger checks. */
    private static final int HASH_MAP_ROWS = 3_000_000;

    private static final String SQL = "SELECT arg_max(id, (instant::HUGEINT << 32) - id) AS id FROM traits"
            + " GROUP BY entity, trait ORDER BY entity, trait";

    /** Number of trait rows. */
    @Param("1000000")
    public int rows = 1_000_000;

    private int[] entity = {};
    private int[] trait = {};
    private long[] occurredAt = {};
    private DuckDbTables duckDb;

    /** Opens the rival. */
    public TraitFoldBenchmark() {
        try {
            duckDb = new DuckDbTables();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the rows and checks that all contenders choose the same. */
    @Setup(Level.Trial)
    public void prepare() throws SQLException {
        SplittableRandom random = new SplittableRandom(1);
        entity = new int[rows];
        trait = new int[rows];
        occurredAt = new long[rows];
        long[] ids = new long[rows];
        for (int row = 0; row < rows; row++) {
            entity[row] = random.nextInt(rows / 11 + 1);
            trait[row] = random.nextInt(TRAITS);
            occurredAt[row] = 1_700_000_000_000_000L + row / 3 * 1000L;
            ids[row] = row;
        }
        duckDb.create(
                "traits", "id,entity,trait,instant", ids, Agreement.longs(entity), Agreement.longs(trait), occurredAt);
        int[] expected = nexus();
        duckDb.check(SQL, expected.length, 1, (row, column) -> expected[row]);
        if (rows <= HASH_MAP_ROWS) {
            Agreement.check("hashMap", expected, hashMap());
        }
    }

    /** Closes the rival. */
    @TearDown(Level.Trial)
    public void close() throws SQLException {
        duckDb.close();
    }

    @Benchmark
    public int[] nexus() {
        return TraitFold.winners(rows, entity, trait, occurredAt, null, Integer::compare);
    }

    @Benchmark
    public int[] hashMap() {
        Map<Long, Integer> best = new HashMap<>();
        for (int row = 0; row < rows; row++) {
            best.merge(
                    (long) entity[row] << 32 | trait[row],
                    row,
                    (before, now) -> occurredAt[now] > occurredAt[before] ? now : before);
        }
        long[] keys = best.keySet().stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(best::get).toArray();
    }

    @Benchmark
    public long duckDb() throws SQLException {
        return duckDb.first(SQL);
    }
}
