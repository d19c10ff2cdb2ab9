package io.nexusid.benchmarks;

import io.nexusid.arrow.NexusStore;
import io.nexusid.arrow.TableFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The other side of {@link LivingStore}: {@code rivals/duckdb-incremental.sql} on a database file that knows who every
 * identifier of the same store belongs to, for the same batches in the same order. How many identifiers each batch brings
 * into the world, adds to somebody and moves must be what the store said, or this fails.
 *
 * <p>Two threads, 18 GB at most, a process of its own. What a step pays for is said in the file.
 */
final class LivingStoreRival {
    private final Path home;
    private final Statement sql;
    private final List<LivingStore.Took> took = new ArrayList<>();
    private int next;

    private LivingStoreRival(Path home, Statement sql) {
        this.home = home;
        this.sql = sql;
    }

    /** Entry point: {@code HOME EVENTS}, after {@link LivingStore} has left its counts. */
    public static void main(String[] args) throws IOException, SQLException {
        Path home = Path.of(args[0]);
        GrownStore grown = GrownStore.of(home, Long.parseLong(args[1]));
        List<String> expected = Files.readAllLines(LivingStore.counts(home));
        Path work = home.resolve("benchmarks/target/living-store/rival");
        Workload.delete(work);
        Files.createDirectories(work);
        try (NexusStore store = NexusStore.openToRead(grown.store())) {
            store.writeLog(0, work, TableFormat.PARQUET);
        }
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + work.resolve("mapping.db"));
                Statement sql = connection.createStatement()) {
            LivingStoreRival rival = new LivingStoreRival(home, sql);
            rival.load(work);
            rival.run(grown.largeBatches(), expected, "about 100,000 identifier rows");
            rival.run(grown.smallBatches(), expected, "about 1,000 identifier rows");
        }
        Workload.delete(work);
    }

    private void load(Path work) throws SQLException {
        for (String statement : List.of(
                "SET threads = 2",
                "SET memory_limit = '18GB'",
                "SET TimeZone = 'UTC'",
                "CREATE TABLE mapping AS SELECT identifier_type, identifier_value, arg_max(entity_id, epoch) AS entity_id"
                        + " FROM read_parquet('" + work.resolve("nexus_resolution_log.parquet") + "')"
                        + " WHERE entity_type = 'person' GROUP BY ALL",
                "CREATE TABLE log (batch INTEGER, identifier_type VARCHAR, identifier_value VARCHAR, entity_id VARCHAR,"
                        + " previous_entity_id VARCHAR, reason VARCHAR)",
                "CREATE TABLE identifiers (edge_id VARCHAR, event_id VARCHAR, identifier_type VARCHAR,"
                        + " identifier_value VARCHAR, occurred_at TIMESTAMPTZ, source VARCHAR, _ingested_at TIMESTAMPTZ)",
                "CHECKPOINT")) {
            sql.execute(statement);
        }
        try (ResultSet row = sql.executeQuery("SELECT count(*), count(DISTINCT entity_id) FROM mapping")) {
            row.next();
            System.out.printf(Locale.ROOT, "%n%,d identifiers of %,d persons%n", row.getLong(1), row.getLong(2));
        }
    }

    private void run(List<Path> batches, List<String> expected, String what) throws IOException, SQLException {
        took.clear();
        for (Path batch : batches) {
            long cpu = LivingStore.cpuNanos();
            long start = System.nanoTime();
            RunDuckDb.run(
                    sql,
                    home.resolve("benchmarks/rivals/duckdb-incremental.sql"),
                    batch,
                    batch,
                    Map.of("batch", Integer.toString(next)),
                    false);
            took.add(new LivingStore.Took(LivingStore.seconds(start), (LivingStore.cpuNanos() - cpu) / 1e9, Map.of()));
            String counts = counts();
            if (!counts.equals(expected.get(next))) {
                throw new IllegalStateException(batch + ": the store has " + expected.get(next) + ", DuckDB " + counts);
            }
            next++;
        }
        LivingStore.print("duckdb, " + what, took.subList(took.size() / 3, took.size()));
    }

    private String counts() throws SQLException {
        try (ResultSet row =
                sql.executeQuery("SELECT count(*) FILTER (reason = 'born'), count(*) FILTER (reason = 'accreted'),"
                        + " count(*) FILTER (reason = 'repointed') FROM log WHERE batch = " + next)) {
            row.next();
            return row.getInt(1) + " born, " + row.getInt(2) + " accreted, " + row.getInt(3) + " repointed";
        }
    }
}
