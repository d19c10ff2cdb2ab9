package io.nexusid.arrow;

import io.nexusid.arrow.format.ArrowTableWriter;
import io.nexusid.arrow.format.ColumnTasks;
import io.nexusid.arrow.format.CsvTableWriter;
import io.nexusid.arrow.format.ParquetTableWriter;
import io.nexusid.arrow.format.TableWriter;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The files of one {@code write}: all are written into a hidden folder of the target and moved out together by
 * {@link #publish}; without it {@link #close} removes them, so that a failed run leaves the target as it was.
 */
final class TableFiles implements AutoCloseable {
    private static final String STAGING_PREFIX = ".nexus-";
    private static final String OLD_PREFIX = "old-";

    private final Path target;
    private final boolean targetIsNew;
    private final Path staging;
    private final TableFormat format;
    private final List<String> tables = new ArrayList<>();
    /** Completes and syncs files while the next tables are made: waiting for a disk is no work. */
    private final ExecutorService disk = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "nexus-disk");
        thread.setDaemon(true);
        return thread;
    });

    private final List<Future<?>> unfinished = new ArrayList<>();
    private boolean restored = true;

    private TableFiles(Path target, boolean targetIsNew, Path staging, TableFormat format) {
        this.target = target;
        this.targetIsNew = targetIsNew;
        this.staging = staging;
        this.format = format;
    }

    /** Makes the folder, with its parents, and the hidden folder in it. */
    static TableFiles create(Path target, TableFormat format) throws IOException {
        boolean isNew = Files.notExists(target);
        Files.createDirectories(target);
        return new TableFiles(target, isNew, Files.createTempDirectory(target, STAGING_PREFIX), format);
    }

    /** Opens the file of a table; its columns are encoded by {@code tasks}. Whole, it is given to {@link #finish}. */
    TableWriter open(String table, Schema schema, ColumnTasks tasks) throws IOException {
        tables.add(table);
        Path file = staging.resolve(fileName(table, format));
        return switch (format) {
            case PARQUET -> ParquetTableWriter.create(file, schema, tasks, disk);
            case ARROW -> ArrowTableWriter.create(file, schema);
            case CSV -> CsvTableWriter.create(file, schema);
        };
    }

    /** Completes a file, later; {@link #publish} waits for it and throws what went wrong. */
    void finish(TableWriter writer) {
        unfinished.add(disk.submit(() -> {
            writer.close();
            return null;
        }));
    }

    private void awaitFinished() throws IOException {
        for (Future<?> each : unfinished) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw failure(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while files were synced");
            }
        }
    }

    private static IOException failure(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException exception) {
            throw exception;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException exception ? exception : new IOException(cause);
    }

    private static String fileName(String table, TableFormat format) {
        return table + "." + format.extension();
    }

    /**
     * Moves all files out of the hidden folder, and older files of the same tables, in any format, into it. If a move
     * fails, those before it are undone.
     */
    void publish() throws IOException {
        awaitFinished();
        List<Move> moves = new ArrayList<>();
        for (String table : tables) {
            for (TableFormat each : TableFormat.values()) {
                Path old = target.resolve(fileName(table, each));
                if (each == format && Files.isDirectory(old, LinkOption.NOFOLLOW_LINKS)) {
                    throw new FileAlreadyExistsException(old.toString(), null, "is a folder");
                }
                if (Files.isRegularFile(old, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(old)) {
                    moves.add(new Move(old, staging.resolve(OLD_PREFIX + fileName(table, each))));
                }
            }
            String name = fileName(table, format);
            moves.add(new Move(staging.resolve(name), target.resolve(name)));
        }
        int done = 0;
        try {
            for (Move move : moves) {
                Files.move(move.from(), move.to(), StandardCopyOption.ATOMIC_MOVE);
                done++;
            }
            sync(target);
        } catch (IOException | RuntimeException e) {
            restored = undo(moves.subList(0, done), e);
            throw e;
        }
    }

    /** One rename. */
    private record Move(Path from, Path to) {}

    /** False if a file could not be moved back: it then stays in the hidden folder. */
    private static boolean undo(List<Move> moves, Exception cause) {
        boolean undone = true;
        for (int i = moves.size() - 1; i >= 0; i--) {
            try {
                Files.move(moves.get(i).to(), moves.get(i).from(), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                cause.addSuppressed(e);
                undone = false;
            }
        }
        return undone;
    }

    /** Makes the renames durable; a file system that cannot open a folder has nothing to sync. */
    private static void sync(Path folder) throws IOException {
        if (Files.isDirectory(folder) && File.separatorChar == '/') {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public void close() throws IOException {
        endDisk();
        if (!restored) {
            return;
        }
        try (Stream<Path> left = Files.list(staging)) {
            for (Path file : left.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(staging);
        if (targetIsNew && isEmpty(target)) {
            Files.delete(target);
        }
    }

    /** Lets the thread end what it has begun, so that no file is held open. */
    private void endDisk() {
        disk.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (disk.awaitTermination(1, TimeUnit.DAYS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
