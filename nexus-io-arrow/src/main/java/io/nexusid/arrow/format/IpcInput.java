package io.nexusid.arrow.format;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Positional reads of a file into heap arrays and Arrow memory. Bytes reach Arrow memory through a heap chunk, because
 * the direct way asks for a JVM flag; the copy costs nothing that matters next to the read.
 */
final class IpcInput implements Closeable {
    private final FileOrigin origin;
    private final FileChannel channel;
    private final long size;
    private final byte[] chunk = new byte[1 << 16];

    private IpcInput(FileOrigin origin, FileChannel channel, long size) {
        this.origin = origin;
        this.channel = channel;
        this.size = size;
    }

    static IpcInput open(FileOrigin origin) throws IOException {
        FileChannel channel = FileChannel.open(origin.path(), StandardOpenOption.READ);
        try {
            return new IpcInput(origin, channel, channel.size());
        } catch (Throwable t) {
            channel.close();
            throw t;
        }
    }

    FileOrigin origin() {
        return origin;
    }

    /** The number of bytes of the file. */
    long size() {
        return size;
    }

    /** Some bytes in a buffer of their own, little-endian. The caller has checked the length. */
    ByteBuffer read(long position, int length) throws IOException {
        return ByteBuffer.wrap(bytes(position, length)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Some bytes in an array of their own. The caller has checked the length. */
    byte[] bytes(long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        readFully(position, ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** Copies bytes to the start of a buffer. */
    void read(long position, ArrowBuf target, long length) throws IOException {
        for (long done = 0; done < length; ) {
            int piece = (int) Math.min(chunk.length, length - done);
            readFully(position + done, ByteBuffer.wrap(chunk, 0, piece));
            target.setBytes(done, chunk, 0, piece);
            done += piece;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void readFully(long position, ByteBuffer target) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int read = channel.read(target, at);
            if (read < 0) {
                throw origin.corrupt("the file ends at byte " + at + ", in the middle of its data");
            }
            at += read;
        }
    }
}
