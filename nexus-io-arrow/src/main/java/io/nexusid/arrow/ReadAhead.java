package io.nexusid.arrow;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes up to {@value #AHEAD} batches ahead of the caller, so that neither waits for the other's slow one.
 *
 * @param <T> a batch, which whoever has it closes
 */
final class ReadAhead<T> implements AutoCloseable {
    private static final int AHEAD = 3;

    /** Where batches come from; used by one thread at a time. */
    @FunctionalInterface
    interface Source<T> {
        /** The next batch or null at the end. */
        @Nullable T next() throws IOException;
    }

    private final Source<T> source;
    private final Consumer<T> closer;
    private final Workers workers;
    private final Deque<ForkJoinTask<Next<T>>> ahead = new ArrayDeque<>();
    private boolean reading;
    private boolean ended;

    /** A batch, or the end: a task cannot answer null. */
    private record Next<T>(@Nullable T batch) {}

    /** The source stays the caller's, to be closed after this; {@code closer} closes a batch that nobody took. */
    ReadAhead(Source<T> source, Consumer<T> closer, Workers workers) {
        this.source = source;
        this.closer = closer;
        this.workers = workers;
    }

    /** The next batch, which the caller owns, or null at the end. */
    @Nullable T next() throws IOException {
        if (workers.threads() == 1) {
            return source.next();
        }
        startNext();
        ForkJoinTask<Next<T>> task;
        synchronized (this) {
            task = ahead.poll();
        }
        if (task == null) {
            return null;
        }
        startNext();
        return Workers.join(task).batch();
    }

    private synchronized void startNext() {
        if (!reading && !ended && ahead.size() < AHEAD) {
            reading = true;
            ahead.add(workers.submit(this::read));
        }
    }

    private Next<T> read() throws IOException {
        T batch = null;
        try {
            batch = source.next();
            return new Next<>(batch);
        } finally {
            synchronized (this) {
                reading = false;
                ended |= batch == null;
            }
            startNext();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            ended = true;
        }
        for (ForkJoinTask<Next<T>> task : ahead) {
            task.quietlyJoin();
            T batch = task.isCompletedNormally() ? task.join().batch() : null;
            if (batch != null) {
                closer.accept(batch);
            }
        }
        ahead.clear();
    }
}
