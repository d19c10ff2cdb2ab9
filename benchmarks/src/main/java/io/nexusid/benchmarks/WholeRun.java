package io.nexusid.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The whole run against its rivals, side by side: Parquet in, four tables of Parquet out.
 *
 * <p>Contenders, each a new process, process start included, two threads, page cache warm:
 *
 * <ul>
 *   <li><b>nexus</b>: {@code ./nexus resolve} of the four tables. Pays for JIT compilation on every run, and syncs what
 *       it writes to disk.
 *   <li><b>duckdb-best</b>: {@code rivals/duckdb-best.sql} by JDBC, sorted by the same keys. Pays for no compilation and
 *       no sync; is told about the data what the file says.
 *   <li><b>reference-capped</b>, with {@code --capped N}: {@code rivals/reference-capped.sql}, unsorted and, where a
 *       component is wider than the cap, wrong; so it is timed but not compared.
 * </ul>
 *
 * <p>The first round is not timed: it fills the page cache, and after it the tables of nexus and duckdb-best must be
 * equal row by row ({@link CompareTables}), or nothing is timed at all. Then the sides take turns.
 *
 * <p>Command line: {@code benchmarks/whole-run EVENTS [--runs N] [--capped CAP]}. Wall and CPU seconds and peak
 * resident memory come from {@code /usr/bin/time}, where it is missing from {@code /proc} (then CPU time is not known).
 */
public final class WholeRun {
    private static final Path TIME = Path.of("/usr/bin/time");

    /** One contender: how to run it into a folder. */
    private record Side(String name, Path out, List<String> command) {}

    /** What one run took; memory in MiB. */
    private record Cost(double wall, double user, double system, double memory) {
        double cpu() {
            return user + system;
        }
    }

    private WholeRun() {}

    /** Entry point: {@code HOME EVENTS [--runs N] [--capped CAP]}. */
    public static void main(String[] args) throws IOException, InterruptedException, SQLException {
        Path home = Path.of(args[0]);
        long events = Long.parseLong(args[1]);
        int runs = 5;
        String cap = "";
        for (int i = 2; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--runs" -> runs = Integer.parseInt(args[i + 1]);
                case "--capped" -> cap = args[i + 1];
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
        Path work = home.resolve("benchmarks/target");
        Path in = workload(work.resolve("workload"), events);
        readyNexus(home);
        List<Side> sides = sides(home, in, work.resolve("whole-run"), cap);
        for (Side side : sides) {
            run(side);
        }
        List<String> differences =
                CompareTables.differences(sides.get(0).out, sides.get(1).out, CompareTables.WHOLE_RUN);
        if (!differences.isEmpty()) {
            differences.forEach(System.err::println);
            System.exit(1);
        }
        System.out.println("equal, row by row, in the same order: " + String.join(", ", CompareTables.WHOLE_RUN));
        Map<Side, List<Cost>> costs = new LinkedHashMap<>();
        for (int round = 0; round < runs; round++) {
            for (Side side : sides) {
                Cost cost = run(side);
                costs.computeIfAbsent(side, s -> new ArrayList<>()).add(cost);
                System.out.printf(
                        Locale.ROOT,
                        "run %d  %-16s %8.2f s wall %8.2f s user %7.2f s system %7.0f MiB%n",
                        round + 1,
                        side.name,
                        cost.wall,
                        cost.user,
                        cost.system,
                        cost.memory);
            }
        }
        print(events, costs);
    }

    /** Builds what is older than its sources and lets the launcher make its class archive, as a first use does. */
    private static void readyNexus(Path home) throws IOException, InterruptedException {
        Process demo = new ProcessBuilder(home.resolve("nexus").toString(), "demo", "--quiet")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (demo.waitFor() != 0) {
            throw new IOException("./nexus demo failed");
        }
    }

    /** The folder of the generated log, which is complete if it is there at all. */
    private static Path workload(Path folder, long events) throws IOException {
        Path in = folder.resolve(Long.toString(events));
        if (!Files.exists(in)) {
            System.out.println("generating " + events + " events");
            Path unfinished = folder.resolve(events + ".unfinished");
            delete(unfinished);
            GenerateWorkload.write(events, unfinished);
            Files.move(unfinished, in);
        }
        return in;
    }

    private static List<Side> sides(Path home, Path in, Path out, String cap) {
        Path nexus = out.resolve("nexus");
        Path best = out.resolve("duckdb-best");
        Path capped = out.resolve("reference-capped");
        List<Side> sides = new ArrayList<>();
        sides.add(new Side(
                "nexus",
                nexus,
                List.of(
                        home.resolve("nexus").toString(),
                        "resolve",
                        "--quiet",
                        "--in",
                        in.toString(),
                        "--out",
                        nexus.toString(),
                        "--tables",
                        String.join(",", CompareTables.WHOLE_RUN),
                        "--threads",
                        "2")));
        Path rivals = home.resolve("benchmarks/rivals");
        sides.add(new Side("duckdb-best", best, duckDb(rivals.resolve("duckdb-best.sql"), in, best)));
        if (!cap.isEmpty()) {
            List<String> command = duckDb(rivals.resolve("reference-capped.sql"), in, capped);
            command.add("cap=" + cap);
            sides.add(new Side("reference-capped", capped, command));
        }
        return sides;
    }

    private static List<String> duckDb(Path script, Path in, Path out) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ArrayList<>(List.of(
                java,
                "-cp",
                duckDbClassPath(),
                RunDuckDb.class.getName(),
                script.toString(),
                in.toString(),
                out.toString()));
    }

    /** This module and the driver, so that the rival does not pay for jars it does not use. */
    private static String duckDbClassPath() {
        List<String> needed = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (entry.contains("duckdb_jdbc") || entry.endsWith("benchmarks/target/classes")) {
                needed.add(entry);
            }
        }
        return String.join(File.pathSeparator, needed);
    }

    private static Cost run(Side side) throws IOException, InterruptedException {
        delete(side.out);
        Files.createDirectories(side.out);
        Path log = side.out.resolveSibling(side.name + ".log");
        Path figures = side.out.resolveSibling(side.name + ".time");
        boolean timed = Files.isExecutable(TIME);
        List<String> command = new ArrayList<>();
        if (timed) {
            command.addAll(List.of(TIME.toString(), "-o", figures.toString(), "-f", "%e %U %S %M"));
        }
        command.addAll(side.command);
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        double memory = timed ? Double.NaN : watch(process);
        int code = process.waitFor();
        double wall = (System.nanoTime() - start) / 1e9;
        if (code != 0) {
            throw new IOException(side.name + " failed with exit code " + code + ":\n" + Files.readString(log));
        }
        if (!timed) {
            return new Cost(wall, Double.NaN, Double.NaN, memory);
        }
        double[] parts = Arrays.stream(Files.readString(figures).trim().split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new Cost(parts[0], parts[1], parts[2], parts[3] / 1024);
    }

    /** Reads the peak of a process again and again until it ends; in MiB, NaN without {@code /proc}. */
    private static double watch(Process process) throws InterruptedException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        double peak = Double.NaN;
        while (process.isAlive()) {
            try (InputStream in = Files.newInputStream(status)) {
                for (String line :
                        new String(in.readAllBytes(), US_ASCII).lines().toList()) {
                    if (line.startsWith("VmHWM:")) {
                        peak = Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
                    }
                }
            } catch (IOException ended) {
                return peak;
            }
            Thread.sleep(50);
        }
        return peak;
    }

    private static void print(long events, Map<Side, List<Cost>> costs) {
        Runtime machine = Runtime.getRuntime();
        System.out.printf(
                "%n%d events, %d cores, Java %s; min / median / max%n",
                events, machine.availableProcessors(), Runtime.version());
        System.out.println("| | wall s | CPU s | peak MiB | wall against nexus | CPU against nexus |");
        System.out.println("|---|---|---|---|---|---|");
        List<Cost> ours = costs.values().iterator().next();
        costs.forEach((side, list) -> System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %.2f | %.2f |%n",
                side.name,
                spread(list, Cost::wall, "%.2f"),
                spread(list, Cost::cpu, "%.2f"),
                spread(list, Cost::memory, "%.0f"),
                median(list, Cost::wall) / median(ours, Cost::wall),
                median(list, Cost::cpu) / median(ours, Cost::cpu)));
    }

    private static String spread(List<Cost> costs, ToDoubleFunction<Cost> part, String format) {
        double[] sorted = costs.stream().mapToDouble(part).sorted().toArray();
        return String.format(Locale.ROOT, format, sorted[0])
                + " / " + String.format(Locale.ROOT, format, median(costs, part))
                + " / " + String.format(Locale.ROOT, format, sorted[sorted.length - 1]);
    }

    private static double median(List<Cost> costs, ToDoubleFunction<Cost> part) {
        double[] sorted = costs.stream().mapToDouble(part).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
