package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexusid.arrow.NexusStore;
import io.nexusid.arrow.StoreEpochs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Logs appended to a whole store; each epoch must say what an uninterrupted store says at it. */
final class EpochsOfLogs implements CrashWork {
    /** By epoch, what a store in memory says that nothing ever interrupts. */
    private final List<String> expected = new ArrayList<>();

    private NexusStore uninterrupted;

    @Override
    public boolean needsAllClasses() {
        return true;
    }

    @Override
    public Running open(Disk disk) throws IOException {
        NexusStore store = StoreEpochs.open(disk);
        return new Running() {
            @Override
            public long epoch() {
                return store.epoch();
            }

            @Override
            public void append(long epoch) throws IOException {
                assertEquals(epoch, StoreEpochs.append(store, epoch).epoch());
            }

            @Override
            public void close() throws IOException {
                store.close();
            }
        };
    }

    @Override
    public long check(Disk disk) throws IOException {
        try (NexusStore store = StoreEpochs.open(disk)) {
            assertEquals(expected(store.epoch()), StoreEpochs.contents(store));
            return store.epoch();
        }
    }

    private String expected(long epoch) throws IOException {
        if (uninterrupted == null) {
            uninterrupted = StoreEpochs.open(new FaultyDisk());
            expected.add(StoreEpochs.contents(uninterrupted));
        }
        while (expected.size() <= epoch) {
            StoreEpochs.append(uninterrupted, expected.size());
            expected.add(StoreEpochs.contents(uninterrupted));
        }
        return expected.get((int) epoch);
    }
}
