package io.nexusid.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares two folders of result tables, row by row on all columns ({@code EXCEPT ALL} both ways, in DuckDB), with
 * column names and types, and the order of the rows by the sort key. No time counts before this passes.
 *
 * <p>Command line: {@code CompareTables FOLDER FOLDER [TABLE...]}, by default the four tables of the whole run. Exit code
 * 1 if anything differs, with the number of rows that only one side has.
 */
public final class CompareTables {
    /** The tables of the whole run, as {@code --tables} takes them. */
    static final List<String> WHOLE_RUN = List.of(
            "nexus_resolved_person_identifiers",
            "nexus_entity_participants",
            "nexus_resolved_entity_traits",
            "nexus_entity_states");

    private CompareTables() {}

    /** Entry point: {@code FOLDER FOLDER [TABLE...]}. */
    public static void main(String[] args) throws SQLException {
        if (args.length < 2) {
            throw new IllegalArgumentException("usage: CompareTables FOLDER FOLDER [TABLE...]");
        }
        List<String> tables = args.length == 2 ? WHOLE_RUN : List.of(args).subList(2, args.length);
        List<String> differences = differences(Path.of(args[0]), Path.of(args[1]), tables);
        differences.forEach(System.out::println);
        if (!differences.isEmpty()) {
            System.exit(1);
        }
        System.out.println("equal, row by row, in the same order: " + String.join(", ", tables));
    }

    /** What differs, one line each; empty if nothing does. */
    static List<String> differences(Path left, Path right, List<String> tables) throws SQLException {
        List<String> differences = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = connection.createStatement()) {
            sql.execute("SET memory_limit = '16GB'");
            sql.execute("SET TimeZone = 'UTC'");
            for (String table : tables) {
                Path a = left.resolve(table + ".parquet");
                Path b = right.resolve(table + ".parquet");
                if (!Files.exists(a) || !Files.exists(b)) {
                    differences.add(table + ": not in both folders");
                    continue;
                }
                compare(sql, table, "read_parquet('" + a + "')", "read_parquet('" + b + "')", differences);
            }
        }
        return differences;
    }

    private static void compare(Statement sql, String table, String a, String b, List<String> differences)
            throws SQLException {
        List<String> columnsA = columns(sql, a);
        List<String> columnsB = columns(sql, b);
        if (!columnsA.equals(columnsB)) {
            differences.add(table + ": columns " + columnsA + " and " + columnsB);
            return;
        }
        long onlyA = number(sql, "SELECT count(*) FROM (SELECT * FROM " + a + " EXCEPT ALL SELECT * FROM " + b + ")");
        long onlyB = number(sql, "SELECT count(*) FROM (SELECT * FROM " + b + " EXCEPT ALL SELECT * FROM " + a + ")");
        if (onlyA != 0 || onlyB != 0) {
            differences.add(table + ": " + onlyA + " rows only on the left, " + onlyB + " only on the right");
            return;
        }
        // Equal as bags; the ids in the first column are unique, so equal order is equal ids side by side.
        String id = columnsA.get(0).split(" ", 2)[0];
        long moved = number(
                sql,
                "SELECT count(*) FROM (SELECT " + id + " AS i FROM " + a + ") x POSITIONAL JOIN (SELECT " + id
                        + " AS j FROM " + b + ") y WHERE i IS DISTINCT FROM j");
        if (moved != 0) {
            differences.add(table + ": " + moved + " rows in another place");
        }
    }

    private static List<String> columns(Statement sql, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (ResultSet rows = sql.executeQuery("DESCRIBE SELECT * FROM " + table)) {
            while (rows.next()) {
                columns.add(rows.getString(1) + " " + rows.getString(2));
            }
        }
        return columns;
    }

    private static long number(Statement sql, String query) throws SQLException {
        try (ResultSet rows = sql.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
