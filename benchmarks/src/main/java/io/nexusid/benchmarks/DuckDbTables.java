package io.nexusid.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * The rival of the kernels: an in-memory DuckDB with one thread, so that its wall time is its CPU time, and tables of
 * integers, so that both sides go from arrays in memory to arrays in memory.
 */
final class DuckDbTables implements AutoCloseable {
    private final Connection connection;
    private final Statement sql;

    DuckDbTables() throws SQLException {
        connection = DriverManager.getConnection("jdbc:duckdb:");
        sql = connection.createStatement();
        sql.execute("SET threads = 1");
        sql.execute("SET memory_limit = '8GB'");
    }

    /** Creates a table of BIGINT columns; {@link Long#MIN_VALUE} becomes null. */
    void create(String table, String columns, long[]... values) throws SQLException {
        sql.execute("CREATE TABLE " + table + " (" + columns.replace(",", " BIGINT,") + " BIGINT)");
        try (DuckDBAppender appender =
                connection.unwrap(DuckDBConnection.class).createAppender(DuckDBConnection.DEFAULT_SCHEMA, table)) {
            for (int row = 0; row < values[0].length; row++) {
                appender.beginRow();
                for (long[] column : values) {
                    if (column[row] == Long.MIN_VALUE) {
                        appender.appendNull();
                    } else {
                        appender.append(column[row]);
                    }
                }
                appender.endRow();
            }
        }
    }

    /**
     * Runs a query and returns its first number. The rows stay in the driver's result, column by column in memory: no
     * table is written, and only this number becomes a Java value.
     */
    long first(String query) throws SQLException {
        try (ResultSet rows = sql.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Runs a query into a table of its own, in memory, and returns its number of rows. */
    private long materialize(String query) throws SQLException {
        sql.execute("CREATE OR REPLACE TEMP TABLE result AS " + query);
        try (ResultSet rows = sql.executeQuery("SELECT count(*) FROM result")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** What a contender has in a row and column; null is {@link Long#MIN_VALUE}. */
    interface Cells {
        long at(int row, int column);
    }

    /**
     * Fails unless the rows of a query are these, in this order.
     *
     * @throws IllegalStateException if they are not
     */
    void check(String query, int expectedRows, int columns, Cells expected) throws SQLException {
        long count = materialize(query);
        if (count != expectedRows) {
            throw new IllegalStateException("DuckDB has " + count + " rows, not " + expectedRows + ": " + query);
        }
        try (ResultSet rows = sql.executeQuery("FROM result")) {
            for (int row = 0; rows.next(); row++) {
                for (int column = 0; column < columns; column++) {
                    long value = rows.getLong(column + 1);
                    if ((rows.wasNull() ? Long.MIN_VALUE : value) != expected.at(row, column)) {
                        throw new IllegalStateException(
                                "DuckDB differs in row " + row + ", column " + column + ": " + query);
                    }
                }
            }
        }
        sql.execute("DROP TABLE result");
    }

    @Override
    public void close() throws SQLException {
        sql.close();
        connection.close();
    }
}
