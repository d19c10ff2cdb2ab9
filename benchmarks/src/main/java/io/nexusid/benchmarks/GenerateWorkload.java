package io.nexusid.benchmarks;

import io.nexusid.api.InputTable;
import io.nexusid.fixtures.WorkloadGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * Writes the log that all whole-run benchmarks read: {@link WorkloadGenerator} with seed 1, as snappy Parquet, one file
 * per table. Columns that the workload leaves empty (row ids and the like) are left out, as an export would.
 *
 * <p>Command line: {@code benchmarks/generate EVENTS DIR [--format parquet]}. Memory: one batch of {@value LogFolder#BATCH_ROWS}
 * rows and one row group per table, whatever the number of events. About 125 bytes of Parquet an event.
 */
public final class GenerateWorkload {
    static final long SEED = 1;

    private GenerateWorkload() {}

    /** Entry point: {@code EVENTS DIR [--format parquet]}. */
    public static void main(String[] args) throws IOException {
        boolean withFormat = args.length == 4 && args[2].equals("--format") && args[3].equals("parquet");
        if (args.length != 2 && !withFormat) {
            throw new IllegalArgumentException("usage: generate EVENTS DIR [--format parquet]");
        }
        Path folder = Path.of(args[1]);
        Map<InputTable, Long> rows = write(Long.parseLong(args[0]), folder);
        rows.forEach((table, count) -> System.out.println(table.tableName() + " " + count));
    }

    /** Writes a log of this many events into a folder and returns the rows per table. */
    static Map<InputTable, Long> write(long events, Path folder) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                LogFolder log = new LogFolder(folder, allocator)) {
            new WorkloadGenerator(SEED, events).generate(log);
            return log.finish();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
