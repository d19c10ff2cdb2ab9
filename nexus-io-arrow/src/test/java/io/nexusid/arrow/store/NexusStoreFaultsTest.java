package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.arrow.Changes;
import io.nexusid.arrow.NexusStore;
import io.nexusid.arrow.StoreEpochs;
import io.nexusid.arrow.store.FaultyDisk.Effect;
import io.nexusid.arrow.store.FaultyDisk.Fault;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An append, a compaction and an opening are all or nothing, whichever operation of the disk fails, and going on gives what
 * no failure would have. Every operation is tried with every fault that can make a difference there.
 */
class NexusStoreFaultsTest {
    private static final String OPEN_AGAIN = "open the store again";

    /** Eight appends and so a merge of eight files, a compaction, and what comes after it. */
    private static StoreHistory history;

    @BeforeAll
    static void uninterrupted() throws IOException {
        history = new StoreHistory(10, Set.of(9));
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSED", "TORN", "FULL"})
    void anyFailureLeavesTheEpochAndTheOpenStoreGoesOn(Fault fault) throws IOException {
        // The making, each table, the merge, the compaction, and what follows it; the tables come again in epochs 5 to
        // 7.
        for (long epoch : new long[] {0, 1, 2, 3, 7, 8, 9}) {
            failEverywhere(history, epoch, fault);
        }
    }

    @Test
    void aKillOrALossOfPowerAtAnyMomentLeavesACommittedEpoch() throws IOException {
        stopEverywhere(history, 4, new SplittableRandom(4));
    }

    @Test
    void nothingStaysOfAnAppendThatFailedWhenAnotherFollows() throws IOException {
        FaultyDisk before = history.at(3);
        for (long at = 0, failures = 1; failures > 0; at++) {
            FaultyDisk disk = before.image();
            try (NexusStore store = StoreEpochs.open(disk)) {
                disk.failAt(at, Fault.REFUSED);
                failures = 0;
                try {
                    StoreEpochs.append(store, 5);
                } catch (IOException e) {
                    failures++;
                    disk.heal();
                    if (!e.getMessage().contains(OPEN_AGAIN)) {
                        history.next(store);
                        history.expectSays(store, disk);
                        history.next(store);
                        history.expectSays(store, disk);
                        history.expectSound(disk.image(), 5);
                    }
                }
            }
        }
    }

    @Test
    void aReadThatFailsSaysSoAndChangesNothing() throws IOException {
        FaultyDisk disk = history.at(2);
        try (NexusStore store = StoreEpochs.open(disk)) {
            Changes changes = StoreEpochs.append(store, 3);
            failAnywhere(disk, () -> StoreEpochs.contents(store));
            failAnywhere(disk, () -> StoreEpochs.changes(changes));
            history.expectSays(store, disk);
        }
        history.expectSound(disk, 3);
    }

    private interface Reading {
        String read() throws IOException;
    }

    /** Lets each operation of a reading fail in turn. */
    private static void failAnywhere(FaultyDisk disk, Reading reading) throws IOException {
        String whole = reading.read();
        boolean failed = true;
        for (int at = 0; failed; at++) {
            disk.failAt(at, Fault.REFUSED);
            try {
                assertEquals(whole, reading.read());
                failed = false;
            } catch (IOException e) {
                assertEquals("refused", e.getMessage());
            }
            assertEquals(failed, disk.struck(), "operation " + at);
            disk.heal();
        }
        assertEquals(whole, reading.read());
    }

    @Test
    @Tag("slow")
    void aLongHistoryEnduresEveryFaultAtEveryMoment() throws IOException {
        StoreHistory years = new StoreHistory(40, Set.of(20, 31));
        for (Fault fault : List.of(Fault.REFUSED, Fault.TORN, Fault.FULL)) {
            for (long epoch = 0; epoch < years.epochs(); epoch++) {
                failEverywhere(years, epoch, fault);
            }
        }
        long seed = System.nanoTime();
        try {
            stopEverywhere(years, 20, new SplittableRandom(seed));
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** Lets each operation in turn fail of what follows an epoch: the opening, and the append or compaction. */
    private static void failEverywhere(StoreHistory history, long epoch, Fault fault) throws IOException {
        FaultyDisk before = history.at(epoch);
        FaultyDisk whole = before.image();
        try (NexusStore store = StoreEpochs.open(whole)) {
            history.next(store);
        }
        List<Effect> effects = whole.effects();
        for (int at = 0; at < effects.size(); at++) {
            // An operation without effect cannot fail after it, and takes no room on a full disk.
            if (fault == Fault.REFUSED
                    || effects.get(at) == Effect.GROWTH
                    || (fault == Fault.TORN && effects.get(at) == Effect.CHANGE)) {
                FaultyDisk disk = before.image();
                disk.failAt(at, fault);
                try {
                    fail(history, disk, epoch);
                } catch (AssertionError | RuntimeException | IOException e) {
                    throw new AssertionError(fault + " at operation " + at + " after epoch " + epoch, e);
                }
            }
        }
    }

    private static void fail(StoreHistory history, FaultyDisk disk, long epoch) throws IOException {
        long acknowledged = epoch;
        try (NexusStore store = StoreEpochs.open(disk)) {
            try {
                history.next(store);
                acknowledged = epoch + 1;
            } catch (IOException e) {
                disk.heal();
                acknowledged = goOn(history, store, disk, e);
            }
        } catch (IOException e) {
            assertTrue(disk.struck(), () -> "failed by itself: " + e);
        }
        assertTrue(disk.struck(), "nothing failed");
        disk.heal();
        history.expectSound(disk, acknowledged);
    }

    /**
     * After a failure the open store says what it said before, and unless the message was that it is to be opened again, the
     * same now succeeds. Returns the epoch that is there for sure.
     */
    private static long goOn(StoreHistory history, NexusStore store, FaultyDisk disk, IOException failure)
            throws IOException {
        long epoch = store.epoch();
        try {
            history.expectSays(store, disk);
            history.next(store);
        } catch (IllegalStateException e) {
            assertTrue(e.getMessage().contains(OPEN_AGAIN), e.getMessage());
            assertTrue(failure.getMessage().contains(OPEN_AGAIN), failure.getMessage());
            return epoch;
        }
        assertFalse(failure.getMessage().contains(OPEN_AGAIN), failure.getMessage());
        history.expectSays(store, disk);
        return epoch + 1;
    }

    /** Takes the disk as it is at each moment of a history, stops there, and goes on. */
    private static void stopEverywhere(StoreHistory history, int outcomes, SplittableRandom random) throws IOException {
        FaultyDisk disk = new FaultyDisk();
        long[] acknowledged = {0};
        disk.watch(image -> stop(history, image, acknowledged[0], outcomes, random));
        while (acknowledged[0] < history.epochs()) {
            // Some epochs follow an opening, others the epoch before.
            try (NexusStore store = StoreEpochs.open(disk)) {
                do {
                    history.next(store);
                    acknowledged[0]++;
                } while (acknowledged[0] % 3 != 0 && acknowledged[0] < history.epochs());
            }
        }
        stop(history, disk.image(), acknowledged[0], outcomes, random);
    }

    private static void stop(
            StoreHistory history, FaultyDisk image, long acknowledged, int outcomes, SplittableRandom random) {
        try {
            history.expectSoundWithoutPower(image, acknowledged, outcomes, random);
            history.expectSound(image, acknowledged);
        } catch (AssertionError | RuntimeException | IOException e) {
            throw new AssertionError("stopped after epoch " + acknowledged, e);
        }
    }
}
