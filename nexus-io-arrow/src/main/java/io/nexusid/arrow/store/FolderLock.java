package io.nexusid.arrow.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lock of one writer. The operating system's file lock is the truth, so a killed writer leaves none behind; the text
 * in the file, who holds it, only serves the message, and is wiped on release.
 *
 * <p>A trap this class walks around: closing <em>any</em> channel of a file frees the locks the process has on it. So a
 * folder that this process has locked must be refused before the lock file is opened.
 */
final class FolderLock implements Closeable {
    /** Far behind the text, which stays readable where locks are mandatory. */
    private static final long LOCKED_BYTE = 1L << 40;

    private static final int LONGEST_TEXT = 300;

    private static final Set<Path> HELD = new HashSet<>();
    /** Channels that may not be closed, because another class loader of this process holds the lock. */
    private static final List<FileChannel> KEPT_OPEN = new ArrayList<>();

    private final Path folder;
    private final FileChannel channel;
    private final FileLock lock;

    private FolderLock(Path folder, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.channel = channel;
        this.lock = lock;
    }

    static FolderLock take(Path folder, String name) throws IOException {
        synchronized (HELD) {
            if (HELD.contains(folder)) {
                throw heldHere(folder);
            }
            FolderLock taken = lock(folder, folder.resolve(name));
            HELD.add(folder);
            return taken;
        }
    }

    private static FolderLock lock(Path folder, Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean done = false;
        try {
            FileLock lock = tryLock(folder, channel);
            if (lock == null) {
                throw new FileSystemException(
                        folder.toString(), null, "another process (" + holder(channel) + ") is writing to this store");
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(thisProcess().getBytes(UTF_8)), 0);
            done = true;
            return new FolderLock(folder, channel, lock);
        } finally {
            if (!done && !KEPT_OPEN.contains(channel)) {
                channel.close();
            }
        }
    }

    private static @Nullable FileLock tryLock(Path folder, FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException e) {
            KEPT_OPEN.add(channel);
            throw heldHere(folder);
        }
    }

    private static IllegalStateException heldHere(Path folder) {
        return new IllegalStateException("this process is already writing to the store " + folder);
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LONGEST_TEXT);
        channel.read(text, 0);
        String holder = UTF_8.decode(text.flip()).toString().strip();
        return holder.matches("pid \\d+ on host [\\w.-]+") ? holder : "unknown";
    }

    private static String thisProcess() {
        return "pid " + ProcessHandle.current().pid() + " on host " + host();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            if (channel.isOpen()) {
                try (channel) {
                    channel.truncate(0);
                    lock.release();
                } finally {
                    HELD.remove(folder);
                }
            }
        }
    }
}
