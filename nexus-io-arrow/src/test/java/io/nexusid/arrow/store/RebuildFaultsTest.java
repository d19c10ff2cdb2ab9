package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.NexusConfigException;
import io.nexusid.arrow.NexusStore;
import io.nexusid.arrow.StoreEpochs;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rebuild is all or nothing, whichever operation of the disk fails, and asking again gives what no failure would have. */
class RebuildFaultsTest {
    private static final long EPOCHS = 6;

    private static FaultyDisk before;
    private static String saidBefore;
    private static String saidAfter;
    private static String saidAtTheEnd;
    /** Contents of disks that were found sound. */
    private static final Set<Long> SOUND = new HashSet<>();

    @BeforeAll
    static void uninterrupted() throws IOException {
        before = new StoreHistory((int) EPOCHS, Set.of()).at(EPOCHS);
        try (NexusStore store = StoreEpochs.open(before.image())) {
            saidBefore = StoreEpochs.contents(store);
        }
        try (NexusStore store = StoreEpochs.rebuild(before.image())) {
            assertTrue(store.rebuilt().isPresent());
            saidAfter = StoreEpochs.contents(store);
            StoreEpochs.append(store, EPOCHS + 2);
            saidAtTheEnd = StoreEpochs.contents(store);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSED", "TORN", "FULL"})
    void anyFailureLeavesTheStoreAsItWasOrRebuilt(FaultyDisk.Fault fault) throws IOException {
        int failures = 0;
        boolean struck = true;
        for (int at = 0; struck; at++) {
            FaultyDisk disk = before.image();
            disk.failAt(at, fault);
            try (NexusStore store = StoreEpochs.rebuild(disk)) {
                struck = disk.struck();
                assertEquals(saidAfter, StoreEpochs.contents(store));
            } catch (IOException e) {
                struck = disk.struck();
                assertTrue(struck, "failed by itself: " + e);
                failures++;
            }
            disk.heal();
            expectSound(disk, fault + " at operation " + at);
        }
        assertTrue(failures > 10, failures + " failures");
    }

    @Test
    void aKillOrALossOfPowerAtAnyMomentLeavesTheStoreAsItWasOrRebuilt() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        int[] moments = {0};
        FaultyDisk disk = before.image();
        disk.watch(image -> {
            moments[0]++;
            for (int way = 0; way < 3; way++) {
                expectSound(way == 0 ? image.image() : image.afterPowerLoss(random), "moment " + moments[0]);
            }
        });
        StoreEpochs.rebuild(disk).close();
        assertTrue(moments[0] > 10, moments[0] + " moments");
    }

    private static void expectSound(FaultyDisk disk, String where) {
        if (!SOUND.add(disk.checksum(FileNames.LOCK))) {
            return;
        }
        try {
            try (NexusStore store = StoreEpochs.open(disk)) {
                assertEquals(saidBefore, StoreEpochs.contents(store));
            } catch (NexusConfigException e) {
                assertTrue(e.getMessage().contains("rebuild"), e.getMessage());
            }
            try (NexusStore store = StoreEpochs.rebuild(disk)) {
                assertEquals(EPOCHS + 1, store.epoch());
                assertEquals(saidAfter, StoreEpochs.contents(store));
                StoreEpochs.append(store, EPOCHS + 2);
                assertEquals(saidAtTheEnd, StoreEpochs.contents(store));
                assertTrue(store.verify().clean());
            }
        } catch (AssertionError | IOException | RuntimeException e) {
            throw new AssertionError(where, e);
        }
    }
}
