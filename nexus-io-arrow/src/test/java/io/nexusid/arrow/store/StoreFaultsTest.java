package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults and losses of power at every operation of a series of commits. */
class StoreFaultsTest {
    /** Enough for a merge of eight segments and for epochs to be dropped. */
    private static final long EPOCHS = 10;

    /** What a user of the store knows: the last epoch whose commit returned. */
    private static final class Session {
        long acknowledged;
        FaultyDisk disk = new FaultyDisk();

        /** Goes on to the last epoch; on failure reopens as often as needed. Returns whether nothing failed. */
        boolean run() throws IOException {
            try (StoreFiles store = StoreFiles.openForWriting(disk, EpochsOfNumbers.options())) {
                expectCommitted(store);
                appendAll(store);
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        /** Appends; after a failure the same store goes on, unless it closed itself. */
        private void appendAll(StoreFiles store) throws IOException {
            for (long epoch = acknowledged + 1; epoch <= EPOCHS; epoch++) {
                Set<String> before = new HashSet<>(disk.copy().list());
                try {
                    EpochsOfNumbers.append(store, epoch);
                    acknowledged = epoch;
                } catch (IOException e) {
                    if (disk.dead()) {
                        throw e;
                    }
                    disk.heal();
                    expectCommitted(store);
                    if (closedToWriters(store)) {
                        throw e;
                    }
                    // Only the deletion itself can have failed.
                    if (e.getSuppressed().length == 0) {
                        assertEquals(before, new HashSet<>(disk.list()), "the files of the dropped epoch are gone");
                    }
                    epoch--;
                }
            }
        }

        void expectCommitted(StoreFiles store) throws IOException {
            try (Snapshot latest = store.openLatest()) {
                long epoch = latest.epoch();
                assertTrue(
                        epoch == acknowledged || epoch == acknowledged + 1,
                        () -> "epoch " + epoch + " after the commit of " + acknowledged);
                EpochsOfNumbers.checkContent(latest);
                acknowledged = epoch;
            }
        }

        private static boolean closedToWriters(StoreFiles store) throws IOException {
            try {
                store.begin().close();
                return false;
            } catch (IllegalStateException e) {
                return true;
            }
        }

        /** Starts again after a fault: a reader first, before a writer could clean up. */
        void restart(SplittableRandom random) throws IOException {
            if (disk.dead()) {
                disk = disk.restarted(random);
            }
            disk.heal();
            if (disk.copy().list().contains(FileNames.CURRENT)) {
                try (StoreFiles reader = StoreFiles.openForReading(disk)) {
                    long known = acknowledged;
                    expectCommitted(reader);
                    acknowledged = known;
                }
            } else {
                assertEquals(0, acknowledged, "a store that was used has a CURRENT");
            }
        }

        /** What an uninterrupted run leaves: the last epochs, and no file beside theirs. */
        void expectDone() throws IOException {
            try (StoreFiles store = StoreFiles.openForWriting(disk, EpochsOfNumbers.options())) {
                Set<String> named = new HashSet<>(Set.of(FileNames.CURRENT, FileNames.LOCK));
                for (long epoch = store.oldestEpoch(); epoch <= EPOCHS; epoch++) {
                    try (Snapshot snapshot = store.openEpoch(epoch)) {
                        EpochsOfNumbers.checkContent(snapshot);
                        named.add(FileNames.manifest(epoch));
                        snapshot.segments().forEach(s -> named.add(s.file()));
                    }
                }
                assertEquals(EPOCHS - 1, store.oldestEpoch());
                assertEquals(named, new HashSet<>(disk.list()));
                assertTrue(store.verify().clean());
            }
        }
    }

    private static long operationsOfAWholeRun() throws IOException {
        Session session = new Session();
        assertTrue(session.run());
        long operations = session.disk.operations();
        session.expectDone();
        return operations;
    }

    @ParameterizedTest
    @EnumSource(FaultyDisk.Fault.class)
    void aFaultAtAnyOperationLeavesACommittedEpochAndTheWorkGoesOn(FaultyDisk.Fault fault) throws IOException {
        long operations = operationsOfAWholeRun();
        assertTrue(operations > 300, () -> operations + " operations");
        int rounds = fault == FaultyDisk.Fault.POWER_LOSS ? 8 : 1;
        for (long at = 0; at < operations; at++) {
            for (int round = 0; round < rounds; round++) {
                String where = fault + " at operation " + at + ", round " + round;
                SplittableRandom random = new SplittableRandom(at * 31 + round);
                try {
                    Session session = new Session();
                    session.disk.failAt(at, fault);
                    boolean whole = session.run();
                    assertTrue(session.disk.struck());
                    session.restart(random);
                    assertTrue((whole && !session.disk.dead()) || session.run());
                    session.expectDone();
                } catch (AssertionError | RuntimeException | IOException e) {
                    throw new AssertionError(where, e);
                }
            }
        }
    }

    @Property(tries = 1500)
    void manyFaultsInARowLoseNothing(@ForAll long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        FaultyDisk.Fault[] faults = FaultyDisk.Fault.values();
        Session session = new Session();
        boolean whole = false;
        for (int i = 0; i < 12 && !whole; i++) {
            session.disk.failAt(random.nextInt(random.nextBoolean() ? 40 : 400), faults[random.nextInt(faults.length)]);
            whole = session.run();
            session.restart(random);
        }
        assertTrue(session.run());
        session.expectDone();
    }

    @Test
    void aFailedLastSyncClosesTheStoreToWriters() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        try (StoreFiles store = StoreFiles.openForWriting(disk, EpochsOfNumbers.options())) {
            EpochsOfNumbers.append(store, 1);
            long operations = lastSyncOf(disk.copy());
            disk.failAt(operations, FaultyDisk.Fault.REFUSED);
            assertThrows(Commit.InDoubt.class, () -> EpochsOfNumbers.append(store, 2));
            assertThrows(IllegalStateException.class, store::begin);
            try (Snapshot latest = store.openLatest()) {
                assertEquals(1, latest.epoch());
                EpochsOfNumbers.checkContent(latest);
            }
        }
        try (StoreFiles store = StoreFiles.openForWriting(disk, EpochsOfNumbers.options());
                Snapshot latest = store.openLatest()) {
            assertEquals(2, latest.epoch());
            EpochsOfNumbers.checkContent(latest);
        }
    }

    /** The operation of the second epoch at which a fault closes the store and leaves the new epoch named. */
    private static long lastSyncOf(FaultyDisk disk) throws IOException {
        List<Long> closing = new ArrayList<>();
        for (long at = 0; at < 60; at++) {
            FaultyDisk copy = disk.copy();
            try (StoreFiles store = StoreFiles.openForWriting(copy, EpochsOfNumbers.options())) {
                copy.failAt(at, FaultyDisk.Fault.REFUSED);
                try {
                    EpochsOfNumbers.append(store, 2);
                } catch (IOException e) {
                    copy.heal();
                    if (Session.closedToWriters(store)) {
                        closing.add(at);
                    }
                }
            }
        }
        assertEquals(1, closing.size(), "one operation decides");
        return closing.get(0);
    }

    @Test
    void aRenameThatFailsAfterItHappenedAndASyncAfterItCloseTheStoreToWriters() throws IOException {
        int inDoubt = 0;
        for (long at = 0; at < 60; at++) {
            FaultyDisk disk = new FaultyDisk();
            try (StoreFiles store = StoreFiles.openForWriting(disk, EpochsOfNumbers.options())) {
                EpochsOfNumbers.append(store, 1);
                disk.failAt(at, FaultyDisk.Fault.TORN);
                try {
                    EpochsOfNumbers.append(store, 2);
                } catch (Commit.InDoubt e) {
                    inDoubt++;
                    assertThrows(IllegalStateException.class, store::begin);
                } catch (IOException e) {
                    assertFalse(e.getMessage().isEmpty());
                }
            }
            disk.heal();
            assertTrue(new EpochsOfNumbers().check(disk) >= 1);
        }
        assertEquals(2, inDoubt);
    }
}
