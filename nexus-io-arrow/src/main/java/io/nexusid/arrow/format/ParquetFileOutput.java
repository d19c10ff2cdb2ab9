package io.nexusid.arrow.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * A file to write Parquet to, buffered, replaced if it exists, synced to disk when closed.
 *
 * <p>What is larger than the buffer goes to the disk directly where the file system can do that. It has to be there
 * before the file counts, and on its way through the page cache it would claim as much memory again as the file is long:
 * on a virtual machine, where fresh memory is dear, that took about as much processor time as encoding it.
 */
final class ParquetFileOutput extends PositionOutputStream implements OutputFile {
    private static final int BUFFER_BYTES = 1 << 22;

    private final Path file;
    private final int bufferBytes;
    private FileChannel channel;
    private ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    /** Bytes in the file; when direct, a multiple of the block. */
    private long written;
    /** The block in which the file system takes direct writes; 1 where it does not. */
    private int block = 1;

    ParquetFileOutput(Path file) throws IOException {
        this(file, BUFFER_BYTES);
    }

    /** With a smaller buffer, for tests. */
    ParquetFileOutput(Path file, int bufferBytes) throws IOException {
        this.file = file;
        this.bufferBytes = bufferBytes;
        this.channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) {
        return this;
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
        return this;
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    @Override
    public long getPos() {
        return written + buffer.position();
    }

    @Override
    public void write(int b) throws IOException {
        if (!buffer.hasRemaining()) {
            makeRoom();
        }
        buffer.put((byte) b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (!buffer.hasRemaining()) {
                makeRoom();
            }
            int n = Math.min(left, buffer.remaining());
            buffer.put(bytes, from, n);
            from += n;
            left -= n;
        }
    }

    /** The buffer grows to its full size first, and only a file that fills it is written directly. */
    private void makeRoom() throws IOException {
        if (buffer.isDirect()) {
            drain();
            return;
        }
        buffer.flip();
        ByteBuffer larger;
        if (buffer.limit() < bufferBytes / 2) {
            larger = ByteBuffer.allocate(2 * buffer.capacity());
        } else {
            goDirect();
            larger = ByteBuffer.allocateDirect(bufferBytes + block).alignedSlice(block);
            larger.limit(larger.capacity() / block * block);
        }
        buffer = larger.put(buffer);
    }

    private void goDirect() throws IOException {
        int wanted;
        FileChannel direct;
        try {
            wanted = Math.toIntExact(Files.getFileStore(file).getBlockSize());
            direct = FileChannel.open(file, StandardOpenOption.WRITE, pastThePageCache());
        } catch (UnsupportedOperationException | IOException e) {
            // Not every file system can: the plain channel does as well.
            return;
        }
        if (wanted > bufferBytes) {
            direct.close();
            return;
        }
        channel.close();
        channel = direct;
        block = wanted;
    }

    /** By its name, for it is not part of Java SE: a compiler warns of it, and a runtime may do without. */
    private static OpenOption pastThePageCache() {
        try {
            Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
            return (OpenOption) options.getField("DIRECT").get(null);
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedOperationException("direct I/O", e);
        }
    }

    private void drain() throws IOException {
        int limit = buffer.limit();
        buffer.flip();
        while (buffer.hasRemaining()) {
            written += channel.write(buffer);
        }
        buffer.clear().limit(limit);
    }

    /** Keeps what is buffered: a direct write takes whole blocks only. */
    @Override
    public void flush() {}

    @Override
    public void close() throws IOException {
        try (FileChannel open = channel) {
            if (open.isOpen()) {
                long length = getPos();
                while (block > 1 && buffer.position() % block != 0) {
                    buffer.put((byte) 0);
                }
                drain();
                if (written != length) {
                    open.truncate(length);
                }
                open.force(true);
            }
        }
    }

    /** Closes the file without what is still buffered. */
    void abandon() throws IOException {
        channel.close();
    }
}
