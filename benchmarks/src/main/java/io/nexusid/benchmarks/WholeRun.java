package io.nexusid.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
 * <p>Command line: {@code benchmarks/whole-run EVENTS [--runs N] [--capped CAP]}. {@link Cost} is what a
 * side took.
 */
public final class WholeRun {
    /** One contender: how to run it into a folder. */
    private record Side(String name, Path out, List<String> command) {}

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
        Path in = Workload.folder(home, events);
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
                System.out.println(cost.line(round + 1, side.name));
            }
        }
        print(events, costs);
    }

    /** Builds what is older than its sources and lets the launcher make its class archive, as a first use does. */
    static void readyNexus(Path home) throws IOException, InterruptedException {
        Process demo = new ProcessBuilder(home.resolve("nexus").toString(), "demo", "--quiet")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (demo.waitFor() != 0) {
            throw new IOException("./nexus demo failed");
        }
    }

    private static List<Side> sides(Path home, Path in, Path out, String cap) {
        Path nexus = out.resolve("nexus");
        Path best = out.resolve("duckdb-best");
        Path capped = out.resolve("reference-capped");
        List<Side> sides = new ArrayList<>();
        sides.add(new Side("nexus", nexus, nexus(home, in, nexus, 2)));
        Path rivals = home.resolve("benchmarks/rivals");
        sides.add(new Side("duckdb-best", best, duckDb(rivals.resolve("duckdb-best.sql"), in, best)));
        if (!cap.isEmpty()) {
            List<String> command = duckDb(rivals.resolve("reference-capped.sql"), in, capped);
            command.add("cap=" + cap);
            sides.add(new Side("reference-capped", capped, command));
        }
        return sides;
    }

    /** The command of the whole run. */
    static List<String> nexus(Path home, Path in, Path out, int threads) {
        return List.of(
                home.resolve("nexus").toString(),
                "resolve",
                "--json",
                "--in",
                in.toString(),
                "--out",
                out.toString(),
                "--tables",
                String.join(",", CompareTables.WHOLE_RUN),
                "--threads",
                Integer.toString(threads));
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
        Workload.delete(side.out);
        Files.createDirectories(side.out);
        return Cost.of(side.command, side.out.resolveSibling(side.name + ".log"));
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
                Spread.of(list, Cost::wall, "%.2f"),
                Spread.of(list, Cost::cpu, "%.2f"),
                Spread.of(list, Cost::memory, "%.0f"),
                Spread.median(list, Cost::wall) / Spread.median(ours, Cost::wall),
                Spread.median(list, Cost::cpu) / Spread.median(ours, Cost::cpu)));
    }
}
