package io.nexusid.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a second thread brings: the identifier stage alone (in this process, warmed) and the whole run (a new process each
 * time), with one thread and with two, in turns.
 *
 * <p>A stage whose wall time falls by 2 has no serial part; one that stays as it is has nothing else. Stages of the whole
 * run overlap when there are two threads, so each takes longer than it would alone, and only their total says what was
 * gained. With one thread the collector and the compiler still have their own.
 *
 * <p>Command line: {@code benchmarks/threads EVENTS [--runs N]}.
 */
public final class Threads {
    private static final int[] THREADS = {1, 2};
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final Pattern STAGES = Pattern.compile("\"stages_ms\" : \\{([^}]*)\\}");
    private static final Pattern STAGE = Pattern.compile("\"([^\"]+)\" : ([0-9]+)");

    private Threads() {}

    /** Wall and CPU seconds, wall seconds by part. */
    private record Took(double wall, double cpu, Map<String, Double> parts) {}

    /** One way to take part in the race. */
    @FunctionalInterface
    private interface Work {
        Took run(int threads) throws IOException, InterruptedException, SQLException;
    }

    /** Entry point: {@code HOME EVENTS [--runs N]}. */
    public static void main(String[] args) throws IOException, InterruptedException, SQLException {
        Path home = Path.of(args[0]);
        long events = Long.parseLong(args[1]);
        int runs = args.length == 4 && args[2].equals("--runs") ? Integer.parseInt(args[3]) : 5;
        Path in = Workload.folder(home, events);
        System.out.printf(
                "%d events, %d cores, Java %s; min / median / max%n",
                events, Runtime.getRuntime().availableProcessors(), Runtime.version());
        warmPageCache(in);
        race("identifier stage", 1, runs, threads -> identifiers(in, threads));
        WholeRun.readyNexus(home);
        Path out = home.resolve("benchmarks/target/threads/out");
        race("whole run", 0, runs, threads -> wholeRun(home, in, out, threads));
    }

    private static Took identifiers(Path in, int threads) throws IOException, SQLException {
        System.gc();
        long start = System.nanoTime();
        long cpu = SYSTEM.getProcessCpuTime();
        try (IdentifierStage.Answer answer = IdentifierStage.nexus(in, threads).run()) {
            long end = System.nanoTime();
            long read = ((IdentifierStage.OfNexus) answer).lastRead();
            return new Took(
                    (end - start) / 1e9,
                    (SYSTEM.getProcessCpuTime() - cpu) / 1e9,
                    Map.of("read and number", (read - start) / 1e9, "link, sort, name", (end - read) / 1e9));
        }
    }

    private static Took wholeRun(Path home, Path in, Path out, int threads) throws IOException, InterruptedException {
        Workload.delete(out);
        Files.createDirectories(out);
        Path log = out.resolveSibling("log");
        Cost cost = Cost.of(WholeRun.nexus(home, in, out, threads), log);
        Map<String, Double> parts = new TreeMap<>();
        Matcher stages = STAGES.matcher(Files.readString(log));
        if (stages.find()) {
            Matcher stage = STAGE.matcher(stages.group(1));
            while (stage.find()) {
                parts.put(stage.group(1), Double.parseDouble(stage.group(2)) / 1e3);
            }
        }
        return new Took(cost.wall(), cost.cpu(), parts);
    }

    private static void warmPageCache(Path in) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            for (Path file : files.toList()) {
                Files.copy(file, OutputStream.nullOutputStream());
            }
        }
    }

    /** Rounds that warm the process up, then the rounds that are timed. */
    private static void race(String name, int warmUp, int runs, Work work)
            throws IOException, InterruptedException, SQLException {
        Map<Integer, List<Took>> took = new TreeMap<>();
        for (int round = 1 - warmUp; round <= runs; round++) {
            for (int threads : THREADS) {
                Took run = work.run(threads);
                if (round > 0) {
                    took.computeIfAbsent(threads, t -> new ArrayList<>()).add(run);
                    System.out.printf(
                            Locale.ROOT,
                            "run %d  %s, %d threads: %.2f s wall, %.2f s CPU%n",
                            round,
                            name,
                            threads,
                            run.wall,
                            run.cpu);
                }
            }
        }
        List<Took> one = took.getOrDefault(1, List.of());
        List<Took> two = took.getOrDefault(2, List.of());
        System.out.println("\n| " + name + " | 1 thread, s | 2 threads, s | ratio |");
        System.out.println("|---|---|---|---|");
        print("wall", one, two, Took::wall);
        print("CPU", one, two, Took::cpu);
        Set<String> parts = new LinkedHashSet<>();
        one.forEach(run -> parts.addAll(run.parts.keySet()));
        for (String part : parts) {
            print("wall of: " + part, one, two, run -> run.parts.getOrDefault(part, 0.0));
        }
        System.out.println();
    }

    private static void print(String what, List<Took> one, List<Took> two, ToDoubleFunction<Took> part) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %.2f |%n",
                what,
                Spread.of(one, part, "%.2f"),
                Spread.of(two, part, "%.2f"),
                Spread.median(one, part) / Spread.median(two, part));
    }
}
