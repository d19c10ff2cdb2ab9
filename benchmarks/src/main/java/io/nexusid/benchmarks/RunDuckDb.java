package io.nexusid.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs a SQL file of {@code benchmarks/rivals} in DuckDB through JDBC, in a JVM of its own: the other side of the whole
 * run.
 *
 * <p>Command line: {@code RunDuckDb FILE.sql IN OUT [--time] [NAME=VALUE...]}; {@code --time} prints what each statement
 * took (CPU seconds in brackets). In the file, {@code ${in}} and {@code ${out}} are the two folders and {@code ${NAME}}
 * is the value given. SQL has no loop, so comment lines drive it; each stands alone on its line:
 *
 * <ul>
 *   <li>{@code --% while TABLE}: repeats the statements up to {@code --% end} as long as the table has rows;
 *       {@code ${i}} counts the rounds from 0, {@code ${next}} is one more. {@code TABLE} may contain them.
 *   <li>{@code --% repeat N}: the same, N times.
 *   <li>{@code --% back}: repeats up to {@code --% end} with {@code ${i}} from the last round down to 0.
 *   <li>{@code ${rounds}}, anywhere after a loop, is the number of rounds it took.
 * </ul>
 *
 * <p>Statements end with a semicolon at the end of a line.
 */
public final class RunDuckDb {
    private final Statement sql;
    private final Map<String, String> values;
    private final boolean timed;
    private int rounds;

    private RunDuckDb(Statement sql, Map<String, String> values, boolean timed) {
        this.sql = sql;
        this.values = values;
        this.timed = timed;
    }

    /** Entry point: {@code FILE.sql IN OUT [--time] [NAME=VALUE...]}. */
    public static void main(String[] args) throws IOException, SQLException {
        if (args.length < 3) {
            throw new IllegalArgumentException("usage: RunDuckDb FILE.sql IN OUT [--time] [NAME=VALUE...]");
        }
        boolean timed = false;
        Map<String, String> values = new HashMap<>();
        for (String arg : List.of(args).subList(3, args.length)) {
            int equals = arg.indexOf('=');
            if (arg.equals("--time")) {
                timed = true;
            } else if (equals > 0) {
                values.put(arg.substring(0, equals), arg.substring(equals + 1));
            } else {
                throw new IllegalArgumentException("neither --time nor NAME=VALUE: " + arg);
            }
        }
        run(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), values, timed);
    }

    /** Runs the file; its tables are in {@code out} afterwards. */
    static void run(Path script, Path in, Path out, Map<String, String> values, boolean timed)
            throws IOException, SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = connection.createStatement()) {
            run(sql, script, in, out, values, timed);
        }
    }

    /** The same in a database of the caller's, which then has the file's temporary tables. */
    static void run(Statement sql, Path script, Path in, Path out, Map<String, String> values, boolean timed)
            throws IOException, SQLException {
        Files.createDirectories(out);
        Map<String, String> all = new HashMap<>(values);
        all.put("in", in.toString());
        all.put("out", out.toString());
        new RunDuckDb(sql, all, timed).run(Files.readAllLines(script));
    }

    private void run(List<String> lines) throws SQLException {
        int line = 0;
        while (line < lines.size()) {
            String text = lines.get(line);
            if (!text.startsWith("--% ")) {
                int to = line;
                while (to < lines.size() && !lines.get(to).startsWith("--% ")) {
                    to++;
                }
                execute(lines.subList(line, to), 0);
                line = to;
                continue;
            }
            int end = line + 1;
            while (!lines.get(end).equals("--% end")) {
                end++;
            }
            List<String> body = lines.subList(line + 1, end);
            if (text.startsWith("--% while ")) {
                repeat(text.substring("--% while ".length()), body);
            } else if (text.startsWith("--% repeat ")) {
                rounds = Integer.parseInt(fill(text.substring("--% repeat ".length()), 0));
                for (int i = 0; i < rounds; i++) {
                    execute(body, i);
                }
            } else if (text.equals("--% back")) {
                for (int i = rounds - 1; i >= 0; i--) {
                    execute(body, i);
                }
            } else {
                throw new IllegalArgumentException("unknown marker: " + text);
            }
            line = end + 1;
        }
    }

    private void repeat(String table, List<String> body) throws SQLException {
        rounds = 0;
        while (hasRows(fill(table, rounds))) {
            execute(body, rounds);
            rounds++;
        }
    }

    private boolean hasRows(String table) throws SQLException {
        try (ResultSet rows = sql.executeQuery("SELECT 1 FROM " + table + " LIMIT 1")) {
            return rows.next();
        }
    }

    private void execute(List<String> lines, int round) throws SQLException {
        for (String statement : statements(lines)) {
            long start = System.nanoTime();
            long cpu = cpuNanos();
            sql.execute(fill(statement, round));
            if (timed) {
                String first = statement.lines().findFirst().orElse("");
                double seconds = (System.nanoTime() - start) / 1e9;
                double cpuSeconds = (cpuNanos() - cpu) / 1e9;
                System.out.printf(Locale.ROOT, "%7.3f s (%7.3f)  %s%n", seconds, cpuSeconds, fill(first, round));
            }
        }
    }

    /** User and system time of this process, all threads. */
    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static List<String> statements(List<String> lines) {
        List<String> statements = new ArrayList<>();
        StringBuilder statement = new StringBuilder();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("--")) {
                continue;
            }
            statement.append(line).append('\n');
            if (line.endsWith(";")) {
                statements.add(statement.toString());
                statement.setLength(0);
            }
        }
        if (!statement.isEmpty()) {
            throw new IllegalArgumentException("a statement does not end with a semicolon: " + statement);
        }
        return statements;
    }

    private String fill(String text, int round) {
        String filled = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("${" + value.getKey() + "}", value.getValue());
        }
        return filled.replace("${i}", Integer.toString(round))
                .replace("${next}", Integer.toString(round + 1))
                .replace("${rounds}", Integer.toString(rounds));
    }
}
