package io.nexusid.arrow.store;

import java.io.Closeable;
import java.io.IOException;

/** What a process does to a store until it is killed, and how to tell that nothing of it was lost. */
interface CrashWork {
    /** Opens the store to go on. */
    Running open(Disk disk) throws IOException;

    /** Checks that the store is exactly one committed epoch, by whatever means; returns it. */
    long check(Disk disk) throws IOException;

    /** Whether it needs more than the classes of the store's files. */
    default boolean needsAllClasses() {
        return false;
    }

    /** An open store. */
    interface Running extends Closeable {
        /** The last committed epoch. */
        long epoch() throws IOException;

        /** Commits this epoch, whose content depends on its number alone. */
        void append(long epoch) throws IOException;
    }
}
