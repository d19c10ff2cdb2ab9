package io.nexusid.benchmarks;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.EventLog;
import io.nexusid.arrow.NexusStore;
import io.nexusid.fixtures.RowSink;
import io.nexusid.fixtures.WorkloadGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A store that has taken so many events, in {@value #SLICES} appends of one size, and the batches that come next in the same
 * log: {@value #LARGE_BATCHES} of about 100,000 identifier rows (36,000 traits, 14,000 states), then {@value
 * #SMALL_BATCHES} of about 1,000. All of it is kept in {@code benchmarks/target/living-store/EVENTS}, the store in {@code
 * store}, the batches as Parquet in {@code large-N} and {@code small-N}. About 900 bytes an event.
 */
final class GrownStore {
    static final int LARGE_BATCHES = 24;
    static final int SMALL_BATCHES = 40;
    private static final int SLICES = 6;
    private static final int LARGE_EVENTS = 45_900;
    private static final int SMALL_EVENTS = 459;

    private final Path folder;

    private GrownStore(Path folder) {
        this.folder = folder;
    }

    /** Entry point: {@code HOME EVENTS}. */
    public static void main(String[] args) throws IOException {
        of(Path.of(args[0]), Long.parseLong(args[1]));
    }

    /** The store of this many events; grows it if it is not there. */
    static GrownStore of(Path home, long events) throws IOException {
        Path all = home.resolve("benchmarks/target/living-store");
        Path folder = all.resolve(Long.toString(events));
        if (!Files.exists(folder)) {
            Path unfinished = all.resolve(events + ".unfinished");
            Workload.delete(unfinished);
            Files.createDirectories(unfinished);
            grow(events, unfinished);
            Files.move(unfinished, folder);
        }
        return new GrownStore(folder);
    }

    Path store() {
        return folder.resolve("store");
    }

    List<Path> largeBatches() {
        return Stream.iterate(0, n -> n + 1)
                .limit(LARGE_BATCHES)
                .map(n -> folder.resolve("large-" + n))
                .toList();
    }

    List<Path> smallBatches() {
        return Stream.iterate(0, n -> n + 1)
                .limit(SMALL_BATCHES)
                .map(n -> folder.resolve("small-" + n))
                .toList();
    }

    /**
     * A copy of the store that can be appended to. Files that are never written again are linked, not copied, so it costs
     * nothing; the store itself stays as it is.
     */
    Path copy(Path to) throws IOException {
        Workload.delete(to);
        Files.createDirectories(to);
        Files.walkFileTree(store(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path target = to.resolve(file.getFileName());
                if (file.getFileName().toString().startsWith("segment-")) {
                    Files.createLink(target, file);
                } else {
                    Files.copy(file, target);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return to;
    }

    private static void grow(long events, Path folder) throws IOException {
        long beyond = (long) LARGE_BATCHES * LARGE_EVENTS + (long) SMALL_BATCHES * SMALL_EVENTS;
        try (NexusStore store = NexusStore.open(folder.resolve("store"), NexusConfig.defaults());
                BufferAllocator allocator = new RootAllocator();
                Slices slices = new Slices(events, folder, store, allocator)) {
            new WorkloadGenerator(GenerateWorkload.SEED, events + beyond).generate(slices);
            slices.end();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Cuts the log between events. */
    private static final class Slices implements RowSink, AutoCloseable {
        private final long grown;
        private final Path folder;
        private final NexusStore store;
        private final BufferAllocator allocator;
        private @Nullable LogFolder log;
        private Path in;
        private long events;
        private long next;

        Slices(long grown, Path folder, NexusStore store, BufferAllocator allocator) {
            this.grown = grown;
            this.folder = folder;
            this.store = store;
            this.allocator = allocator;
            this.in = folder;
        }

        @Override
        public void row(InputTable table, @Nullable Object[] values) {
            try {
                if (table == InputTable.EVENTS && events++ == next) {
                    end();
                    begin(events - 1);
                }
                if (log != null) {
                    log.row(table, values);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void begin(long event) throws IOException {
            long large = (event - grown) / LARGE_EVENTS;
            if (event < grown) {
                in = folder.resolve("slice");
                next = Math.min(grown, event + grown / SLICES + 1);
            } else if (large < LARGE_BATCHES) {
                in = folder.resolve("large-" + large);
                next = event + LARGE_EVENTS;
            } else {
                in = folder.resolve("small-" + (event - grown - (long) LARGE_BATCHES * LARGE_EVENTS) / SMALL_EVENTS);
                next = event + SMALL_EVENTS;
            }
            log = new LogFolder(in, allocator);
        }

        /** Ends what was begun; the store takes it if it is not for later. */
        void end() throws IOException {
            if (log == null) {
                return;
            }
            log.finish();
            log.close();
            log = null;
            if (in.endsWith("slice")) {
                long start = System.nanoTime();
                try (EventLog slice = store.read(in)) {
                    store.append(slice);
                }
                System.err.printf(
                        Locale.ROOT,
                        "%,d events; the last append took %.1f s%n",
                        next,
                        (System.nanoTime() - start) / 1e9);
                Workload.delete(in);
            }
        }

        @Override
        public void close() throws IOException {
            if (log != null) {
                log.close();
            }
        }
    }
}
