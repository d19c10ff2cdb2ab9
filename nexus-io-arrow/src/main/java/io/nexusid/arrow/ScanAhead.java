package io.nexusid.arrow;

import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.RowReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ForkJoinTask;
import org.jspecify.annotations.Nullable;

/** Reads up to {@value #AHEAD} batches ahead of the caller, so that neither waits for the other's slow one. */
final class ScanAhead implements AutoCloseable {
    private static final int AHEAD = 3;

    private final RowReader reader;
    private final Workers workers;
    private final Deque<ForkJoinTask<Next>> ahead = new ArrayDeque<>();
    private boolean reading;
    private boolean ended;

    /** A batch, or the end: a task cannot answer null. */
    private record Next(@Nullable RowBatch batch) {}

    ScanAhead(RowReader reader, Workers workers) {
        this.reader = reader;
        this.workers = workers;
    }

    /** The next batch, which the caller owns, or null at the end. */
    @Nullable RowBatch next() throws IOException {
        if (workers.threads() == 1) {
            return reader.next();
        }
        startNext();
        ForkJoinTask<Next> task;
        synchronized (this) {
            task = ahead.poll();
        }
        if (task == null) {
            return null;
        }
        startNext();
        return join(task).batch();
    }

    private synchronized void startNext() {
        if (!reading && !ended && ahead.size() < AHEAD) {
            reading = true;
            ahead.add(workers.submit(this::read));
        }
    }

    private Next read() {
        RowBatch batch = null;
        try {
            batch = reader.next();
            return new Next(batch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            synchronized (this) {
                reading = false;
                ended |= batch == null;
            }
            startNext();
        }
    }

    private static Next join(ForkJoinTask<Next> task) throws IOException {
        try {
            return task.join();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            ended = true;
        }
        try (reader) {
            for (ForkJoinTask<Next> task : ahead) {
                task.quietlyJoin();
                RowBatch batch = task.isCompletedNormally() ? task.join().batch() : null;
                if (batch != null) {
                    batch.close();
                }
            }
        }
    }
}
