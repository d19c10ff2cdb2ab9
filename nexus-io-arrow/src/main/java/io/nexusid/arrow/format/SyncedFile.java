package io.nexusid.arrow.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A new file written front to back through a heap buffer and synced to disk when it is finished. */
final class SyncedFile implements AutoCloseable {
    private final FileChannel channel;
    private final byte[] buffer = new byte[1 << 16];
    private int used;
    private long flushed;

    private SyncedFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Creates the file, or empties it. */
    static SyncedFile create(Path file) throws IOException {
        return new SyncedFile(FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE));
    }

    /** The number of bytes written so far. */
    long position() {
        return flushed + used;
    }

    void write(int b) throws IOException {
        if (used == buffer.length) {
            flush();
        }
        buffer[used++] = (byte) b;
    }

    void write(byte[] source, int from, int length) throws IOException {
        if (length > buffer.length - used) {
            flush();
            if (length >= buffer.length) {
                writeThrough(source, from, length);
                return;
            }
        }
        System.arraycopy(source, from, buffer, used, length);
        used += length;
    }

    /** Writes what is left and syncs; {@link #close} without it leaves an unfinished file. */
    void finish() throws IOException {
        flush();
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void flush() throws IOException {
        int length = used;
        used = 0;
        writeThrough(buffer, 0, length);
    }

    private void writeThrough(byte[] source, int from, int length) throws IOException {
        // In pieces: the JDK keeps a native copy of the largest array a thread ever wrote.
        for (int done = 0; done < length; ) {
            ByteBuffer piece = ByteBuffer.wrap(source, from + done, Math.min(buffer.length, length - done));
            done += channel.write(piece);
        }
        flushed += length;
    }
}
