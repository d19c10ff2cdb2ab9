package io.nexusid.arrow;

import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;

/** The only class that touches {@code arrow-c-data}, which has native code and is optional. */
final class CDataStreams {
    private CDataStreams() {}

    /**
     * Takes over a stream of the Arrow C Data interface; closing the reader releases it.
     *
     * @throws IllegalStateException if {@code arrow-c-data} is not on the class path
     */
    static ArrowReader open(long address, BufferAllocator allocator) {
        try {
            return Import.open(address, allocator);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "C Data streams need the artifact org.apache.arrow:arrow-c-data on the class path", e);
        }
    }

    private static final class Import {
        static ArrowReader open(long address, BufferAllocator allocator) {
            return Data.importArrayStream(allocator, ArrowArrayStream.wrap(address));
        }
    }
}
