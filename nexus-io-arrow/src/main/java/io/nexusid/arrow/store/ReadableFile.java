package io.nexusid.arrow.store;

import java.io.Closeable;
import java.io.IOException;

/** An open file whose bytes do not change. Any number of threads may read at once. */
public interface ReadableFile extends Closeable {
    /** The length in bytes. */
    long length() throws IOException;

    /**
     * Reads exactly {@code length} bytes at {@code position}.
     *
     * @throws java.io.EOFException if the file ends before
     */
    void read(long position, byte[] target, int from, int length) throws IOException;
}
