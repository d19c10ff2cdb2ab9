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
    long materialize(String query) throws SQLException {
        sql.execute("CREATE OR REPLACE TEMP TABLE result AS " + query);
        try (ResultSet rows = sql.executeQuery("SELECT count(*) FROM result")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** The rows of a query, row after row, as one array; null becomes {@link Long#MIN_VALUE}. */
    long[] rows(String query, int columns) throws SQLException {
        int count = Math.toIntExact(materialize(query));
        long[] out = new long[count * columns];
        try (ResultSet rows = sql.executeQuery("FROM result")) {
            int at = 0;
            while (rows.next()) {
                for (int column = 1; column <= columns; column++) {
                    long value = rows.getLong(column);
                    out[at++] = rows.wasNull() ? Long.MIN_VALUE : value;
                }
            }
        }
        return out;
    }

    @Override
    public void close() throws SQLException {
        sql.close();
        connection.close();
    }
}
