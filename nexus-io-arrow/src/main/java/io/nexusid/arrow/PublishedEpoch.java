package io.nexusid.arrow;

import java.io.IOException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The epoch that the readers of a store see: one thread publishes, any number read, and nobody waits for another but closing
 * for the readers that are at it.
 *
 * <p>A reader takes a hold of the files of the epoch it begins with, and lets go when it has what it asked for. The one lock
 * it may meet is held for as long as it takes to count a hold, or to put one epoch for another.
 */
final class PublishedEpoch {
    /** Reads an epoch, which is borrowed. */
    @FunctionalInterface
    interface Reading<T> {
        T of(StoredEpoch epoch) throws IOException;
    }

    /** Readers share it while they read; to close is exclusive. */
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private final Object swap = new Object();
    private volatile StoredEpoch last;
    private volatile boolean closed;

    /** Begins with an epoch, which is taken over. */
    PublishedEpoch(StoredEpoch first) {
        this.last = first;
    }

    /** The last epoch, for what needs no file: it may be closed at any time. */
    StoredEpoch last() {
        return last;
    }

    /** Reads the last epoch, however many follow meanwhile. */
    <T> T read(Reading<T> reading) throws IOException {
        open.readLock().lock();
        try (StoredEpoch epoch = share()) {
            return reading.of(epoch);
        } finally {
            open.readLock().unlock();
        }
    }

    private StoredEpoch share() {
        requireOpen();
        synchronized (swap) {
            return last.share();
        }
    }

    /** Shows the next epoch, which is taken over, and lets go of the one before. */
    void publish(StoredEpoch next) {
        StoredEpoch before;
        synchronized (swap) {
            before = last;
            last = next;
        }
        before.close();
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }

    /** Waits for the readers that are at it; false if it was closed before. */
    boolean close() {
        open.writeLock().lock();
        try {
            boolean first = !closed;
            closed = true;
            last.close();
            return first;
        } finally {
            open.writeLock().unlock();
        }
    }
}
