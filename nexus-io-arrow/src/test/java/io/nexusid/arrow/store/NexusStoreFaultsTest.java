package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.arrow.NexusStore;
import io.nexusid.arrow.StoreEpochs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An append is all or nothing, whichever operation of the disk fails, and going on gives what no failure would have. */
class NexusStoreFaultsTest {
    private static final long EPOCHS = 5;

    @ParameterizedTest
    @EnumSource(FaultyDisk.Fault.class)
    void whateverFailsTheStoreIsAtACommittedEpochAndGoesOn(FaultyDisk.Fault fault) throws IOException {
        List<String> expected = uninterrupted();
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        FaultyDisk counting = new FaultyDisk();
        run(counting, expected);
        long operations = counting.operations();
        int struck = 0;
        // Every operation would take minutes; the files underneath are tried at every one.
        for (long at = 1L + random.nextInt(20); at <= operations; at += 10 + random.nextInt(20)) {
            String where = fault + " at operation " + at + ", seed " + seed;
            FaultyDisk disk = new FaultyDisk();
            disk.failAt(at, fault);
            long acknowledged = run(disk, expected);
            struck += disk.struck() ? 1 : 0;
            if (disk.dead()) {
                disk = disk.restarted(random);
            }
            disk.heal();
            try (NexusStore store = StoreEpochs.open(disk)) {
                long epoch = store.epoch();
                assertTrue(epoch == acknowledged || epoch == acknowledged + 1, where + ": epoch " + epoch);
                assertEquals(expected.get((int) epoch), StoreEpochs.contents(store), where);
            }
            assertEquals(EPOCHS, run(disk, expected), where);
            try (NexusStore store = StoreEpochs.open(disk)) {
                assertEquals(expected.get((int) EPOCHS), StoreEpochs.contents(store), where);
            }
        }
        assertTrue(struck > 0, "nothing was tested");
    }

    private static List<String> uninterrupted() throws IOException {
        List<String> contents = new ArrayList<>();
        try (NexusStore store = StoreEpochs.open(new FaultyDisk())) {
            contents.add(StoreEpochs.contents(store));
            for (long epoch = 1; epoch <= EPOCHS; epoch++) {
                StoreEpochs.append(store, epoch);
                contents.add(StoreEpochs.contents(store));
            }
        }
        return contents;
    }

    /**
     * Appends until all epochs are there or something fails; returns the last epoch that was acknowledged. After a failure the
     * open store still says what the last epoch said.
     */
    private static long run(FaultyDisk disk, List<String> expected) throws IOException {
        long acknowledged = 0;
        try (NexusStore store = StoreEpochs.open(disk)) {
            acknowledged = store.epoch();
            try {
                while (acknowledged < EPOCHS) {
                    StoreEpochs.append(store, acknowledged + 1);
                    acknowledged++;
                }
            } catch (IOException e) {
                if (!disk.dead()) {
                    disk.heal();
                    goOn(store, acknowledged, expected);
                    acknowledged = store.epoch();
                }
            }
        } catch (IOException e) {
            assertTrue(disk.struck(), () -> "failed by itself: " + e);
        }
        return acknowledged;
    }

    /** Unless the failure closed the store to writers, the same append now succeeds. */
    private static void goOn(NexusStore store, long acknowledged, List<String> expected) throws IOException {
        assertEquals(acknowledged, store.epoch());
        try {
            StoreEpochs.append(store, acknowledged + 1);
        } catch (IllegalStateException e) {
            return;
        }
        assertEquals(expected.get((int) acknowledged + 1), StoreEpochs.contents(store));
    }
}
