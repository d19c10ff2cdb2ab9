package io.nexusid.arrow.store;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A folder of the local file system, through file channels. */
public final class LocalDisk implements Disk {
    /** The JDK keeps a native copy of the largest heap array a thread ever read or wrote: go in pieces. */
    static final int PIECE = 1 << 16;

    private final Path folder;

    private LocalDisk(Path folder) {
        this.folder = folder;
    }

    /** The files of an existing folder. */
    public static LocalDisk of(Path folder) throws IOException {
        return new LocalDisk(folder.toRealPath());
    }

    /** The files of a folder, which is made to last if it is not there. */
    public static LocalDisk create(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath().normalize();
        Path first = absolute;
        while (first.getParent() != null && !Files.isDirectory(first)) {
            first = first.getParent();
        }
        Files.createDirectories(absolute);
        for (Path parent = absolute.getParent();
                parent != null && parent.startsWith(first);
                parent = parent.getParent()) {
            syncFolder(parent);
        }
        return of(absolute);
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    names.add(file.getFileName().toString());
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    @Override
    public ReadableFile open(String name) throws IOException {
        return new Reading(folder.resolve(name));
    }

    @Override
    public WritableFile create(String name) throws IOException {
        return new Writing(folder.resolve(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                folder.resolve(from),
                folder.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(folder.resolve(name));
    }

    @Override
    public void sync() throws IOException {
        syncFolder(folder);
    }

    @Override
    public Closeable lock(String name) throws IOException {
        return FolderLock.take(folder, name);
    }

    /** Does nothing where folders are no files to open (Windows): such a file system keeps names by itself. */
    private static void syncFolder(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /**
     * A file that outlives the interruption of a reader: interrupting a thread that reads closes the channel under all
     * others, who then open it again.
     */
    private static final class Reading implements ReadableFile {
        private final Path file;
        private FileChannel channel;
        private boolean closed;

        Reading(Path file) throws IOException {
            this.file = file;
            this.channel = FileChannel.open(file, StandardOpenOption.READ);
        }

        @Override
        public long length() throws IOException {
            return channel(null).size();
        }

        @Override
        public void read(long position, byte[] target, int from, int length) throws IOException {
            FileChannel open = channel(null);
            for (int done = 0; done < length; ) {
                ByteBuffer piece = ByteBuffer.wrap(target, from + done, Math.min(PIECE, length - done));
                try {
                    int read = open.read(piece, position + done);
                    if (read < 0) {
                        throw new EOFException(file + " ends before byte " + (position + length));
                    }
                    done += read;
                } catch (ClosedByInterruptException e) {
                    throw e;
                } catch (ClosedChannelException e) {
                    open = channel(open);
                }
            }
        }

        /** The open channel; a new one if it is still the one that was found closed. */
        private synchronized FileChannel channel(@Nullable FileChannel foundClosed) throws IOException {
            if (closed) {
                throw new ClosedChannelException();
            }
            if (channel == foundClosed || !channel.isOpen()) {
                channel = FileChannel.open(file, StandardOpenOption.READ);
            }
            return channel;
        }

        @Override
        public synchronized void close() throws IOException {
            closed = true;
            channel.close();
        }
    }

    /** The system's messages of writes do not name the file: here they do. */
    private static final class Writing implements WritableFile {
        private final Path file;
        private final FileChannel channel;

        Writing(Path file) throws IOException {
            this.file = file;
            this.channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        }

        @Override
        public void write(byte[] source, int from, int length) throws IOException {
            try {
                for (int done = 0; done < length; ) {
                    done += channel.write(ByteBuffer.wrap(source, from + done, Math.min(PIECE, length - done)));
                }
            } catch (IOException e) {
                throw named(e);
            }
        }

        @Override
        public void sync() throws IOException {
            try {
                channel.force(true);
            } catch (IOException e) {
                throw named(e);
            }
        }

        private IOException named(IOException e) {
            return e.getMessage() == null
                    ? e
                    : (IOException) new FileSystemException(file.toString(), null, e.getMessage()).initCause(e);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
