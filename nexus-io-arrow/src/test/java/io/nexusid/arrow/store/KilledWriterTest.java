package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Children that append as fast as they can and are killed by the operating system at random moments. Each one says which
 * epoch it found and which it committed; the store must then be at the last of them, or at the next, and whole.
 */
class KilledWriterTest {
    /** A store is used by many children, one after the other; two stores at once keep two cores busy. */
    private static final int AT_ONCE = 2;

    private static final int KILLS_OF_A_STORE = 50;

    /** Lives hear 0, 1, 2... words in turn, so that ten of them commit ten epochs on the slowest machine, too. */
    private static final int MOST_WORDS = 6;

    @TempDir
    Path folder;

    @Test
    void twoHundredKillsLoseNoCommit() throws Exception {
        kill(EpochsOfNumbers.class, 200);
    }

    @Test
    void tenKillsLoseNoAppend() throws Exception {
        kill(EpochsOfLogs.class, 10);
    }

    @Test
    @Tag("slow")
    void fiveHundredKillsLoseNoAppend() throws Exception {
        kill(EpochsOfLogs.class, 500);
    }

    @Test
    @Tag("slow")
    void tenThousandKillsLoseNoCommit() throws Exception {
        kill(EpochsOfNumbers.class, 10_000);
    }

    private void kill(Class<? extends CrashWork> work, int kills) throws Exception {
        long seed = System.nanoTime();
        AtomicLong epochs = new AtomicLong();
        ExecutorService parents = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Callable<Void>> stores = new ArrayList<>();
            for (int s = 0; s * KILLS_OF_A_STORE < kills; s++) {
                Path store = folder.resolve("store" + s);
                SplittableRandom random = new SplittableRandom(seed + s);
                stores.add(() -> {
                    epochs.addAndGet(new Parent(work, store, random).kill(Math.min(kills, KILLS_OF_A_STORE)));
                    return null;
                });
            }
            for (Future<Void> store : parents.invokeAll(stores)) {
                store.get();
            }
        } catch (Exception e) {
            throw new AssertionError("seed " + seed, e);
        } finally {
            parents.shutdownNow();
        }
        assertTrue(
                epochs.get() >= kills, () -> "only " + epochs + " epochs in " + kills + " lives: nothing was tested");
    }

    private static final class Parent {
        private final CrashWork work;
        private final Path store;
        private final SplittableRandom random;
        private long acknowledged;

        Parent(Class<? extends CrashWork> work, Path store, SplittableRandom random)
                throws ReflectiveOperationException {
            this.work = work.getDeclaredConstructor().newInstance();
            this.store = store;
            this.random = random;
        }

        /** Returns the epoch the store has come to. */
        long kill(int kills) throws Exception {
            for (int i = 0; i < kills; i++) {
                String name = work.getClass().getName();
                Process child = work.needsAllClasses()
                        ? Child.startWithAll(Child.Appending.class, name, store.toString())
                        : Child.start(Child.Appending.class, name, store.toString());
                try {
                    live(child, i % MOST_WORDS);
                } finally {
                    child.destroyForcibly().waitFor();
                }
                if (acknowledged == 0 && !Files.exists(store.resolve(FileNames.CURRENT))) {
                    continue; // killed before the store was made
                }
                long found = work.check(LocalDisk.of(store));
                assertTrue(
                        found == acknowledged || found == acknowledged + 1,
                        () -> "epoch " + found + " after the commit of " + acknowledged);
                acknowledged = found;
            }
            finish();
            return acknowledged;
        }

        /** Hears some of the child's words, lets it live for a random moment more, and hears the rest when it is dead. */
        private void live(Process child, int toHear) throws IOException, InterruptedException {
            try (BufferedReader words =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.US_ASCII))) {
                // Without a word it dies while it opens the store; the first commit takes as long as several later
                // ones.
                for (int heard = 0; heard < toHear; heard++) {
                    hear(words.readLine());
                }
                child.waitFor(random.nextInt(20_000), TimeUnit.MICROSECONDS);
                assertTrue(child.isAlive(), "the child went by itself");
                // Killed by its handle: the process object would close the stream with words still in it.
                child.toHandle().destroyForcibly();
                for (String word = words.readLine(); word != null; word = words.readLine()) {
                    hear(word);
                }
            }
        }

        private void hear(@Nullable String word) {
            assertNotNull(word, "the child went by itself");
            acknowledged = Math.max(acknowledged, Long.parseLong(word));
        }

        /** After all that, the store goes on as if nothing had been. */
        private void finish() throws IOException {
            try (CrashWork.Running running = work.open(LocalDisk.of(store))) {
                assertEquals(acknowledged, running.epoch());
                running.append(++acknowledged);
            }
            assertEquals(acknowledged, work.check(LocalDisk.of(store)));
        }
    }
}
