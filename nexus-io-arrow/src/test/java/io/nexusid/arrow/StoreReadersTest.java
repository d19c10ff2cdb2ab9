package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.arrow.store.Disk;
import io.nexusid.arrow.store.LocalDisk;
import io.nexusid.arrow.store.ReadableFile;
import io.nexusid.arrow.store.WritableFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads that read a store while another one appends to it. */
class StoreReadersTest {
    private static final int EPOCHS = 24;
    private static final int COMPACTION = 11;

    /** Stops a thread where it is, until it is let go. */
    private static final class Hold {
        private final Semaphore reached = new Semaphore(0);
        private final Semaphore goOn = new Semaphore(0);
        private volatile boolean armed;

        void here() {
            if (armed) {
                reached.release();
                goOn.acquireUninterruptibly();
            }
        }
    }

    /** A disk whose writing operations stop at a hold. */
    private record HeldDisk(Disk disk, Hold hold) implements Disk {
        @Override
        public List<String> list() throws IOException {
            return disk.list();
        }

        @Override
        public ReadableFile open(String name) throws IOException {
            return disk.open(name);
        }

        @Override
        public WritableFile create(String name) throws IOException {
            hold.here();
            return disk.create(name);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            hold.here();
            disk.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            hold.here();
            disk.delete(name);
        }

        @Override
        public void sync() throws IOException {
            hold.here();
            disk.sync();
        }

        @Override
        public Closeable lock(String name) throws IOException {
            return disk.lock(name);
        }
    }

    /** What an uninterrupted store says at an epoch, call by call. */
    private record Said(String tables, String log, String aliases, String timelines, String watermarks, String whose) {
        static Said of(NexusStore store) throws IOException {
            return new Said(
                    tables(store),
                    log(store),
                    rows(store.aliases()),
                    timelines(store),
                    watermarks(store),
                    whose(store));
        }

        static String tables(NexusStore store) throws IOException {
            StringBuilder all = new StringBuilder();
            List<String> names = Nexus.namesByDefault(store.config());
            try (ResolvedTables tables = store.tables(names)) {
                for (String name : names) {
                    all.append(name).append(TestTables.rows(tables.reader(name)));
                }
            }
            return all.toString();
        }

        static String log(NexusStore store) throws IOException {
            return rows(store.log());
        }

        static String rows(ArrowReader reader) throws IOException {
            return TestTables.rows(reader).toString();
        }

        static String timelines(NexusStore store) throws IOException {
            StringBuilder all = new StringBuilder();
            store.timelines("person", "email", "e1").forEach(timeline -> all.append(timeline.entityId())
                    .append(timeline.identifiers())
                    .append(timeline.entries()));
            return all.toString();
        }

        static String watermarks(NexusStore store) {
            return new TreeMap<>(store.watermarks()).toString();
        }

        static String whose(NexusStore store) {
            return store.entityOf("person", "email", "e1").map(store::resolve).toString();
        }
    }

    @TempDir
    private Path dir;

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    /** By epoch. */
    private final List<Said> said = new ArrayList<>();

    @BeforeEach
    void said() throws IOException {
        try (NexusStore store = StoreEpochs.open(LocalDisk.create(dir.resolve("uninterrupted")))) {
            said.add(Said.of(store));
            while (store.epoch() < EPOCHS) {
                next(store);
                said.add(Said.of(store));
            }
        }
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** The changes are null if the epoch is a compaction. */
    private static Changes next(NexusStore store) throws IOException {
        long epoch = store.epoch() + 1;
        if (epoch == COMPACTION) {
            store.compact();
            return null;
        }
        return StoreEpochs.append(store, epoch);
    }

    private static <T> T soon(Future<T> result) throws Exception {
        return result.get(60, TimeUnit.SECONDS);
    }

    private <T> T meanwhile(Callable<T> reading) throws Exception {
        return soon(threads.submit(reading));
    }

    @Test
    void nobodyWaitsForAnAppendThatIsHeldUp() throws Exception {
        Hold hold = new Hold();
        Path folder = dir.resolve("store");
        try (NexusStore store = StoreEpochs.open(new HeldDisk(LocalDisk.create(folder), hold))) {
            Changes last = null;
            while (store.epoch() < 6) {
                last = next(store);
            }
            Changes changes = last;
            String changed = StoreEpochs.changes(changes);
            // Each operation on the disk and each stage holds the append up once.
            store.progress((stage, done, total) -> hold.here());
            hold.armed = true;
            Future<Changes> append = threads.submit(() -> next(store));
            int held = 0;
            while (!append.isDone()) {
                if (!hold.reached.tryAcquire(10, TimeUnit.MILLISECONDS)) {
                    continue;
                }
                held++;
                assertEquals(said.get((int) store.epoch()), meanwhile(() -> Said.of(store)));
                assertEquals(changed, meanwhile(() -> StoreEpochs.changes(changes)));
                hold.goOn.release();
            }
            hold.armed = false;
            assertEquals(7, soon(append).epoch());
            assertTrue(held > 15, "held up " + held + " times only");
            assertEquals(said.get(7), Said.of(store));
        }
    }

    @Test
    void verificationDoesNotWaitForAnAppendThatIsHeldUp() throws Exception {
        Hold hold = new Hold();
        try (NexusStore store = StoreEpochs.open(LocalDisk.create(dir.resolve("store")))) {
            next(store);
            store.progress((stage, done, total) -> hold.here());
            hold.armed = true;
            Future<Changes> append = threads.submit(() -> next(store));
            hold.reached.acquire();
            assertTrue(meanwhile(store::verify).clean());
            hold.armed = false;
            hold.goOn.release();
            assertEquals(2, soon(append).epoch());
        }
    }

    @Test
    void whatOneCallGivesIsOfOneEpoch() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (NexusStore store = StoreEpochs.open(LocalDisk.create(dir.resolve("store")))) {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int first = i;
                readers.add(threads.submit(() -> {
                    int calls = 0;
                    while (!done.get()) {
                        expectOneEpoch(store, (first + calls) % 5);
                        calls++;
                    }
                    return calls;
                }));
            }
            try {
                while (store.epoch() < EPOCHS) {
                    next(store);
                    if (store.epoch() % 3 == 0) {
                        // Now and then the others get on, too.
                        TimeUnit.MILLISECONDS.sleep(5);
                    }
                }
            } finally {
                done.set(true);
            }
            for (Future<Integer> reader : readers) {
                assertTrue(soon(reader) > 0);
            }
        }
    }

    private void expectOneEpoch(NexusStore store, int call) throws IOException {
        int from = (int) store.epoch();
        String seen =
                switch (call) {
                    case 0 -> Said.tables(store);
                    case 1 -> Said.log(store);
                    case 2 -> Said.rows(store.aliases());
                    case 3 -> Said.timelines(store);
                    default -> Said.watermarks(store);
                };
        int to = (int) store.epoch();
        boolean known = said.subList(from, to + 1).stream()
                .map(at -> switch (call) {
                    case 0 -> at.tables();
                    case 1 -> at.log();
                    case 2 -> at.aliases();
                    case 3 -> at.timelines();
                    default -> at.watermarks();
                })
                .anyMatch(seen::equals);
        assertTrue(known, () -> "call " + call + " of epochs " + from + " to " + to + " gave " + seen);
    }

    @Test
    void closingWaitsForWhoReadsAndRefusesTheNext() throws Exception {
        NexusStore store = StoreEpochs.open(LocalDisk.create(dir.resolve("store")));
        while (store.epoch() < 5) {
            next(store);
        }
        String expected = said.get(5).timelines();
        List<Future<Object>> readers = new ArrayList<>();
        Semaphore began = new Semaphore(0);
        for (int i = 0; i < 3; i++) {
            readers.add(threads.submit(() -> {
                for (int n = 0; true; n++) {
                    try {
                        assertEquals(expected, Said.timelines(store));
                    } catch (IllegalStateException e) {
                        assertEquals("the store is closed", e.getMessage());
                        return null;
                    }
                    if (n == 0) {
                        began.release();
                    }
                }
            }));
        }
        began.acquire(readers.size());
        store.close();
        store.close();
        for (Future<Object> reader : readers) {
            soon(reader);
        }
        assertThrows(IllegalStateException.class, store::tables);
    }
}
