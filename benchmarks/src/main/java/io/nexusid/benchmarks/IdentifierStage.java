package io.nexusid.benchmarks;

import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.arrow.EventLog;
import io.nexusid.arrow.Nexus;
import io.nexusid.arrow.ResolvedTables;
import io.nexusid.arrow.TableFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/**
 * The identifier stage alone: four columns of {@code entity_identifiers} in Parquet in; the number of its entity for every
 * distinct identifier, and the ids of the entities, in memory.
 *
 * <p>Both sides number entities in the order of their ids. Nexus keeps an id as sixteen bytes and makes text of it when it
 * is written; DuckDB keeps it as text.
 */
interface IdentifierStage {
    /** What {@link Answer#write} makes. */
    String TABLE = OutputTable.IDENTIFIERS_TO_ENTITY_ID;

    /** Does it all; the caller closes the answer. */
    Answer run() throws IOException, SQLException;

    /** The result, in memory. */
    interface Answer extends AutoCloseable {
        /** Writes it as a table of identifiers and ids, sorted. */
        void write(Path folder) throws IOException, SQLException;

        @Override
        void close() throws IOException, SQLException;
    }

    /** Nexus, asked for the one table that follows from who is who and needs nothing else. */
    static IdentifierStage nexus(Path in, int threads) {
        NexusConfig config = NexusConfig.builder().threads(threads).build();
        return () -> new OfNexus(config, in);
    }

    /** DuckDB, with a new database in memory for every run. */
    static IdentifierStage duckDb(Path script, Path in, Path spill) {
        return () -> new OfDuckDb(script, in, spill);
    }

    /** What Nexus answers. */
    final class OfNexus implements Answer {
        private final Nexus nexus;
        private final EventLog log;
        private final ResolvedTables tables;
        private long lastRead = System.nanoTime();

        private OfNexus(NexusConfig config, Path in) throws IOException {
            nexus = Nexus.open(config).progress((stage, done, total) -> {
                if (stage.startsWith("read ")) {
                    lastRead = System.nanoTime();
                }
            });
            log = nexus.read(in);
            tables = nexus.resolve(log, List.of(TABLE));
        }

        /** When the last batch of rows came, as {@link System#nanoTime}. */
        long lastRead() {
            return lastRead;
        }

        @Override
        public void write(Path folder) throws IOException {
            tables.write(folder, TableFormat.PARQUET);
        }

        @Override
        public void close() throws IOException {
            tables.close();
            log.close();
            nexus.close();
        }
    }

    /** What DuckDB answers. */
    final class OfDuckDb implements Answer {
        private final Connection connection;
        private final Statement sql;

        private OfDuckDb(Path script, Path in, Path spill) throws IOException, SQLException {
            connection = DriverManager.getConnection("jdbc:duckdb:");
            sql = connection.createStatement();
            RunDuckDb.run(sql, script, in, spill, Map.of(), false);
        }

        @Override
        public void write(Path folder) throws SQLException {
            sql.execute("COPY (SELECT person_id AS identifier_id, identifier_type, identifier_value,"
                    + " person_id AS entity_id, 'person' AS entity_type"
                    + " FROM node JOIN owner USING (node) JOIN entity USING (entity)"
                    + " ORDER BY identifier_type, identifier_value) TO '" + folder.resolve(TABLE + ".parquet")
                    + "' (FORMAT parquet)");
        }

        @Override
        public void close() throws SQLException {
            sql.close();
            connection.close();
        }
    }
}
