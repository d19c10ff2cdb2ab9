package io.nexusid.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Resolving alone, against DuckDB: {@link IdentifierStage} on both sides, one warmed process each, two threads each, in
 * turns, page cache warm.
 *
 * <p>The first round writes both answers, which must be equal row by row: identifiers, and the ids of their entities, so
 * the same partition too. Rounds of {@value #WARM_UP_SECONDS} seconds or more warm up; the rest is timed. What a side pays for: everything its process does
 * until the answer is in memory, collecting garbage and compiling included. Nexus opens its file anew each time, DuckDB a
 * new database.
 *
 * <p>Command line: {@code benchmarks/resolve-alone EVENTS [--runs N]}.
 */
public final class ResolveAlone {
    private static final int WARM_UP_SECONDS = 20;

    private ResolveAlone() {}

    /** What one run took: wall and CPU seconds. */
    private record Took(double wall, double cpu) {}

    /** A process that runs the stage when asked to. */
    private static final class Side implements AutoCloseable {
        private final String name;
        private final Process process;
        private final BufferedWriter questions;
        private final BufferedReader answers;
        private final List<Took> runs = new ArrayList<>();

        Side(String name, List<String> options, Path home, Path in, Path spill) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(options);
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), ResolveAloneSide.class.getName()));
            command.addAll(List.of(name, home.toString(), in.toString(), spill.toString()));
            this.name = name;
            this.process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            this.questions = process.outputWriter(UTF_8);
            this.answers = process.inputReader(UTF_8);
        }

        Took run(String folder) throws IOException {
            questions.write(folder + "\n");
            questions.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IOException(name + " ended without an answer");
            }
            String[] parts = answer.split(" ", -1);
            return new Took(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
        }

        @Override
        public void close() throws IOException {
            questions.close();
            process.destroy();
        }
    }

    /** Entry point: {@code HOME EVENTS [--runs N]}. */
    public static void main(String[] args) throws IOException, SQLException {
        Path home = Path.of(args[0]);
        long events = Long.parseLong(args[1]);
        int runs = args.length == 4 && args[2].equals("--runs") ? Integer.parseInt(args[3]) : 5;
        Path in = Workload.folder(home, events);
        Path work = home.resolve("benchmarks/target/resolve-alone");
        Workload.delete(work);
        // The collector that ./nexus asks for.
        try (Side nexus = new Side("nexus", List.of("-XX:+UseParallelGC"), home, in, work.resolve("spill"));
                Side duckDb = new Side("duckdb", List.of("-Xmx256m"), home, in, work.resolve("spill"))) {
            List<Side> sides = List.of(nexus, duckDb);
            for (Side side : sides) {
                side.run(work.resolve(side.name).toString());
            }
            List<String> differences = CompareTables.differences(
                    work.resolve("nexus"), work.resolve("duckdb"), List.of(IdentifierStage.TABLE));
            if (!differences.isEmpty()) {
                differences.forEach(System.err::println);
                System.exit(1);
            }
            System.out.println("equal, row by row: who owns which identifier");
            double warmed = 0;
            while (warmed < WARM_UP_SECONDS) {
                for (Side side : sides) {
                    warmed += side.run("").wall;
                }
            }
            for (int round = 1; round <= runs; round++) {
                for (Side side : sides) {
                    Took took = side.run("");
                    side.runs.add(took);
                    System.out.printf(
                            Locale.ROOT,
                            "run %d  %-8s %7.3f s wall %7.3f s CPU%n",
                            round,
                            side.name,
                            took.wall,
                            took.cpu);
                }
            }
            print(events, rows(in), sides);
        }
    }

    private static void print(long events, long rows, List<Side> sides) {
        System.out.printf(
                Locale.ROOT,
                "%n%d events, %d identifier rows, %d cores, Java %s; min / median / max%n",
                events,
                rows,
                Runtime.getRuntime().availableProcessors(),
                Runtime.version());
        System.out.println("| | wall s | CPU s | ns a row | million rows a CPU second | wall / nexus | CPU / nexus |");
        System.out.println("|---|---|---|---|---|---|---|");
        List<Took> ours = sides.get(0).runs;
        for (Side side : sides) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %.0f | %.2f | %.2f | %.2f |%n",
                    side.name,
                    Spread.of(side.runs, Took::wall, "%.2f"),
                    Spread.of(side.runs, Took::cpu, "%.2f"),
                    Spread.median(side.runs, Took::cpu) * 1e9 / rows,
                    rows / Spread.median(side.runs, Took::cpu) / 1e6,
                    Spread.median(side.runs, Took::wall) / Spread.median(ours, Took::wall),
                    Spread.median(side.runs, Took::cpu) / Spread.median(ours, Took::cpu));
        }
        System.out.println("(ns a row: CPU time)");
    }

    private static long rows(Path in) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery(
                        "SELECT count(*) FROM read_parquet('" + in.resolve("entity_identifiers.parquet") + "')")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
