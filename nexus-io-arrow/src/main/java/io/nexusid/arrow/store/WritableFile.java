package io.nexusid.arrow.store;

import java.io.Closeable;
import java.io.IOException;

/** A new file, written front to back by one thread. */
public interface WritableFile extends Closeable {
    /** Appends bytes. After a failure nothing is known about the end of the file. */
    void write(byte[] source, int from, int length) throws IOException;

    /** Makes what was written survive a loss of power. After a failure the file is lost: never try again. */
    void sync() throws IOException;
}
