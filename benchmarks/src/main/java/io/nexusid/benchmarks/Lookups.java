package io.nexusid.benchmarks;

import io.nexusid.arrow.NexusStore;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A thread that asks a store who owns an identifier, over and over, and notes how long each answer took, clock reading
 * included: the identifiers of one batch, in random order, as {@link NexusStore#entityOf} takes them, with the id as text.
 */
final class Lookups {
    private static final int MOST = 1 << 24;

    private final NexusStore store;
    private final List<NexusStore.Identifier> asked;
    private final long[] nanos = new long[MOST];
    private int count;
    private int found;
    private volatile boolean ended;
    private final Thread thread = new Thread(this::run, "lookups");

    Lookups(NexusStore store, Path batch) throws IOException {
        this.store = store;
        this.asked = identifiersOf(batch);
    }

    /** The identifiers of a batch. */
    static List<NexusStore.Identifier> identifiersOf(Path batch) throws IOException {
        List<NexusStore.Identifier> identifiers = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = connection.createStatement();
                ResultSet rows =
                        sql.executeQuery("SELECT DISTINCT identifier_type, identifier_value FROM read_parquet('"
                                + batch.resolve("entity_identifiers.parquet") + "') ORDER BY ALL")) {
            while (rows.next()) {
                identifiers.add(new NexusStore.Identifier("person", rows.getString(1), rows.getString(2)));
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
        return identifiers;
    }

    void start() {
        thread.start();
    }

    void end() throws InterruptedException {
        ended = true;
        thread.join();
    }

    private void run() {
        SplittableRandom random = new SplittableRandom(7);
        while (!ended && count < MOST) {
            NexusStore.Identifier each = asked.get(random.nextInt(asked.size()));
            long start = System.nanoTime();
            boolean known =
                    store.entityOf(each.entityType(), each.type(), each.value()).isPresent();
            nanos[count++] = System.nanoTime() - start;
            found += known ? 1 : 0;
        }
    }

    /** Quantiles of all answers. */
    @Override
    public String toString() {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "%,d lookups meanwhile, %,d found; µs: half within %.2f, 99 %% within %.2f, 99.9 %% within %.2f, all within %.0f",
                count,
                found,
                sorted[count / 2] / 1e3,
                sorted[(int) (count * 0.99)] / 1e3,
                sorted[(int) (count * 0.999)] / 1e3,
                sorted[count - 1] / 1e3);
    }
}
