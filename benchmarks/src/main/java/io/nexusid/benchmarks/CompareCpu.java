package io.nexusid.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * The CPU time of a stage against DuckDB's, arrays in memory to arrays in memory: that of the whole process, so that
 * collecting garbage, compiling and helping threads count.
 *
 * <p>The sides of the stage's JMH benchmark run in turns in one process, after its check that they agree. DuckDB reads
 * integer columns of a table in memory and leaves its rows in the driver's result; it has one thread. The kernels read
 * {@code int[]} and {@code long[]} and leave row numbers and instants. Neither side converts a row. Before the rounds that
 * count, the kernel runs five times, for the compiler; DuckDB has run the query in the check.
 *
 * <p>Prints also what the kernel allocates, result included, in bytes a row. ROWS is the number of changes where stays are
 * read; AN_ENTITY is how many of them an entity has.
 *
 * <p>{@code benchmarks/compare-cpu traits|participants|stays|timelines|wide|asof [ROWS [ROUNDS [AN_ENTITY]]]}
 */
public final class CompareCpu {
    private static final int WARM_UP = 5;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private CompareCpu() {}

    /** The two sides of a stage, and how many rows it reads. */
    private record Race(String stage, int rows, Callable<?> ours, Callable<?> duckDb) {}

    /** Entry point: {@code traits|participants|stays|timelines|wide|asof [ROWS [ROUNDS [AN_ENTITY]]]}. */
    public static void main(String[] args) throws Exception {
        int rows = args.length > 1 ? Integer.parseInt(args[1]) : 3_000_000;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 7;
        int anEntity = args.length > 3 ? Integer.parseInt(args[3]) : 10;
        for (Race race : races(args.length > 0 ? args[0] : "", rows, anEntity)) {
            for (int i = 0; i < WARM_UP; i++) {
                race.ours.call();
            }
            double[] ours = new double[rounds];
            double[] theirs = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                ours[round] = cpuMillis(race.ours);
                theirs[round] = cpuMillis(race.duckDb);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s, %,d rows, CPU ms: nexus %s, DuckDB %s, DuckDB / nexus %.1f, %.0f bytes a row allocated%n",
                    race.stage,
                    race.rows,
                    spread(ours),
                    spread(theirs),
                    median(theirs) / median(ours),
                    allocated(race.ours) / (double) race.rows);
        }
    }

    private static long allocated(Callable<?> side) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        side.call();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    private static List<Race> races(String stage, int rows, int anEntity) throws SQLException {
        switch (stage) {
            case "traits" -> {
                TraitFoldBenchmark traits = new TraitFoldBenchmark();
                traits.rows = rows;
                traits.prepare();
                return List.of(new Race("trait fold", rows, traits::nexus, traits::duckDb));
            }
            case "participants" -> {
                ParticipantsBenchmark participants = new ParticipantsBenchmark();
                participants.rows = rows;
                participants.prepare();
                return List.of(new Race("participants", rows, participants::nexus, participants::duckDb));
            }
            case "stays", "timelines", "wide" -> {
                return List.of(timelines(stage, rows, anEntity));
            }
            case "asof" -> {
                return List.of(asOf(rows, "sorted"), asOf(rows, "shuffled"));
            }
            default ->
                throw new IllegalArgumentException(
                        "usage: compare-cpu traits|participants|stays|timelines|wide|asof [ROWS [ROUNDS [AN_ENTITY]]]");
        }
    }

    private static Race timelines(String stage, int rows, int anEntity) throws SQLException {
        TimelinesBenchmark timelines = new TimelinesBenchmark();
        timelines.rows = rows;
        timelines.anEntity = anEntity;
        timelines.prepareChanges();
        if (stage.equals("stays")) {
            return new Race("changes to stays", rows, timelines::stays, timelines::staysDuckDb);
        }
        timelines.prepareStays();
        if (stage.equals("timelines")) {
            timelines.checkTimelines();
            return new Race(
                    "stays to timelines", timelines.stayRows(), timelines::timelines, timelines::timelinesDuckDb);
        }
        timelines.checkWide();
        return new Race("stays to a wide table", timelines.stayRows(), timelines::wide, timelines::wideDuckDb);
    }

    private static Race asOf(int rows, String order) throws SQLException {
        AsOfJoinBenchmark asOf = new AsOfJoinBenchmark();
        asOf.rows = rows;
        asOf.order = order;
        asOf.prepare();
        return new Race("as-of join, " + order, rows, asOf::nexus, asOf::duckDb);
    }

    private static double cpuMillis(Callable<?> side) throws Exception {
        long from = SYSTEM.getProcessCpuTime();
        side.call();
        return (SYSTEM.getProcessCpuTime() - from) / 1e6;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static String spread(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(Locale.ROOT, "%.0f / %.0f / %.0f", sorted[0], median(values), sorted[sorted.length - 1]);
    }
}
