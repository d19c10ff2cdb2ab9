package io.nexusid.benchmarks;

import io.nexusid.graph.Participants;
import java.sql.SQLException;
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
 * Identifier rows to one row per (entity, event, role): 2.2 rows an event, next to each other, in order of time.
 *
 * <p>Contenders, from arrays to the first row and the instant of each participant, sorted by (entity, instant, event,
 * role):
 *
 * <ul>
 *   <li>{@code nexus}: {@link Participants}.
 *   <li>{@code duckDb}: {@code GROUP BY} and {@code ORDER BY} on integer columns in memory, one thread; pays for parsing
 *       the query.
 * </ul>
 *
 * <p>{@code benchmarks/run-jmh ParticipantsBenchmark}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ParticipantsBenchmark {
    private static final String SQL = "SELECT min(id) AS id, min(instant) AS instant FROM identifiers"
            + " GROUP BY entity, event, role ORDER BY entity, instant, event, role";

    /** Number of identifier rows. */
    @Param("1000000")
    public int rows = 1_000_000;

    private int[] entity = {};
    private int[] event = {};
    private int[] role = {};
    private long[] occurredAt = {};
    private DuckDbTables duckDb;

    /** Opens the rival. */
    public ParticipantsBenchmark() {
        try {
            duckDb = new DuckDbTables();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the rows and checks that all contenders group them alike. */
    @Setup(Level.Trial)
    public void prepare() throws SQLException {
        SplittableRandom random = new SplittableRandom(1);
        entity = new int[rows];
        event = new int[rows];
        role = new int[rows];
        occurredAt = new long[rows];
        long[] ids = new long[rows];
        int entities = rows / 25 + 1;
        int number = -1;
        int left = 0;
        for (int row = 0; row < rows; row++) {
            ids[row] = row;
            if (left-- == 0) {
                number++;
                left = random.nextInt(3) + random.nextInt(2);
                entity[row] = random.nextInt(entities);
                role[row] = random.nextInt(4);
            } else {
                entity[row] = random.nextInt(20) == 0 ? random.nextInt(entities) : entity[row - 1];
                role[row] = random.nextInt(20) == 0 ? random.nextInt(4) : role[row - 1];
            }
            event[row] = number;
            occurredAt[row] = 1_700_000_000_000_000L + number / 2 * 1000L;
        }
        duckDb.create(
                "identifiers",
                "id,entity,event,role,instant",
                ids,
                Agreement.longs(entity),
                Agreement.longs(event),
                Agreement.longs(role),
                occurredAt);
        Participants ours = nexus();
        duckDb.check(SQL, ours.size(), 2, (row, column) -> column == 0 ? ours.row(row) : ours.occurredAt(row));
    }

    /** Closes the rival. */
    @TearDown(Level.Trial)
    public void close() throws SQLException {
        duckDb.close();
    }

    @Benchmark
    public Participants nexus() {
        return Participants.compute(rows, entity, event, role, occurredAt, false, Integer::compare);
    }

    @Benchmark
    public long duckDb() throws SQLException {
        return duckDb.first(SQL);
    }
}
