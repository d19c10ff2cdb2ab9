package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.arrow.NexusStore;
import io.nexusid.arrow.StoreEpochs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Appends and compactions of a store, one an epoch, and all that a store says after each if nothing ever interrupts it.
 *
 * <p>Whether a store on another disk says the same, and goes on to say it, is worked out once for each different content of
 * the disk: whoever opens it knows nothing else.
 */
final class StoreHistory {
    /**
     * What a writer finds on a disk.
     *
     * @param leftover the highest number of a segment, named by an epoch or not: the next one gets a higher one
     */
    private record Found(long epoch, long bytes, long leftover) {}

    private final int epochs;
    private final Set<Integer> compactions;
    private final List<String> contents = new ArrayList<>();
    private final List<String> lookups = new ArrayList<>();
    private final Set<Found> sound = new HashSet<>();
    private final Set<Found> said = new HashSet<>();

    /** So many epochs, of which these are compactions. */
    StoreHistory(int epochs, Set<Integer> compactions) throws IOException {
        this.epochs = epochs;
        this.compactions = compactions;
        try (NexusStore store = StoreEpochs.open(new FaultyDisk())) {
            note(store);
            while (store.epoch() < epochs) {
                next(store);
                note(store);
            }
        }
    }

    private void note(NexusStore store) throws IOException {
        contents.add(StoreEpochs.contents(store));
        lookups.add(StoreEpochs.lookups(store));
    }

    int epochs() {
        return epochs;
    }

    /** Does what follows the epoch that the store is at. */
    void next(NexusStore store) throws IOException {
        long epoch = store.epoch() + 1;
        if (compactions.contains((int) epoch)) {
            store.compact();
        } else {
            StoreEpochs.append(store, epoch);
        }
        assertEquals(epoch, store.epoch());
    }

    /** A disk with the store at an epoch. */
    FaultyDisk at(long epoch) throws IOException {
        FaultyDisk disk = new FaultyDisk();
        if (epoch > 0) {
            try (NexusStore store = StoreEpochs.open(disk)) {
                while (store.epoch() < epoch) {
                    next(store);
                }
            }
        }
        return disk;
    }

    /** An open store says what it should: what lookups find each time, all else for each content of the disk. */
    void expectSays(NexusStore store, FaultyDisk disk) throws IOException {
        int epoch = (int) store.epoch();
        assertEquals(lookups.get(epoch), StoreEpochs.lookups(store));
        if (said.add(new Found(epoch, disk.checksum(FileNames.LOCK), -1))) {
            assertEquals(contents.get(epoch), StoreEpochs.contents(store));
        }
    }

    /**
     * The store is at the last epoch that was acknowledged, or at the one that was being made, and says what it should; so it
     * does at the end, when it went on from there, opened anew for each epoch.
     */
    void expectSound(FaultyDisk disk, long acknowledged) throws IOException {
        boolean going = true;
        for (boolean first = true; going; first = false) {
            long leftover =
                    disk.list().stream().mapToLong(FileNames::segmentOf).max().orElse(-1);
            try (NexusStore store = StoreEpochs.open(disk)) {
                long epoch = store.epoch();
                assertTrue(
                        !first || epoch == acknowledged || epoch == acknowledged + 1,
                        () -> "epoch " + epoch + " after the commit of " + acknowledged);
                boolean known = !sound.add(new Found(epoch, disk.checksum(FileNames.LOCK), leftover));
                if (!known && (first || epoch == epochs)) {
                    assertEquals(contents.get((int) epoch), StoreEpochs.contents(store));
                }
                going = !known && epoch < epochs;
                if (going) {
                    next(store);
                }
            }
        }
    }

    /** As {@link #expectSound} for some of the ways in which a disk may come out of a loss of power now. */
    void expectSoundWithoutPower(FaultyDisk disk, long acknowledged, int ways, SplittableRandom random)
            throws IOException {
        for (int way = 0; way < ways; way++) {
            expectSound(disk.afterPowerLoss(random), acknowledged);
        }
    }
}
