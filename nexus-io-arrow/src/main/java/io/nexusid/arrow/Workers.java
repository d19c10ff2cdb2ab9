package io.nexusid.arrow;

import io.nexusid.arrow.format.ColumnTasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a run. With one thread everything happens on the caller's; with more, work is shared out by the index
 * of the task, so that no result depends on which thread did what. Daemon threads, ended by {@link #close}.
 */
final class Workers implements AutoCloseable, ColumnTasks {
    private final int threads;
    private @Nullable ForkJoinPool pool;

    /** {@code threads} as configured: 0 is one per processor. */
    Workers(int threads) {
        this.threads = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }

    int threads() {
        return threads;
    }

    private synchronized ForkJoinPool pool() {
        ForkJoinPool running = pool;
        if (running == null) {
            running = new ForkJoinPool(threads);
            pool = running;
        }
        return running;
    }

    /**
     * Runs tasks 0 to {@code tasks - 1}, the caller taking part, and returns when all that began have ended. If some
     * fail, no further ones begin, and the failure of the smallest is thrown.
     */
    @Override
    public void forEach(int tasks, IntConsumer task) {
        if (threads == 1 || tasks <= 1) {
            for (int i = 0; i < tasks; i++) {
                task.accept(i);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        Throwable[] failures = new Throwable[tasks];
        Runnable loop = () -> {
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                try {
                    task.accept(i);
                } catch (RuntimeException | Error e) {
                    failures[i] = e;
                    next.set(tasks);
                }
            }
        };
        List<SharedWork> shared = new ArrayList<>();
        for (int i = 1; i < Math.min(threads, tasks); i++) {
            SharedWork work = new SharedWork(loop);
            shared.add(work);
            work.task = pool().submit(work);
        }
        loop.run();
        shared.forEach(SharedWork::end);
        throwFirst(failures);
    }

    /** Work that other threads may take part in, or not: one that has not begun when the work is done never does. */
    private static final class SharedWork implements Runnable {
        private final Runnable work;
        private final AtomicBoolean taken = new AtomicBoolean();
        private @Nullable ForkJoinTask<?> task;

        SharedWork(Runnable work) {
            this.work = work;
        }

        @Override
        public void run() {
            if (taken.compareAndSet(false, true)) {
                work.run();
            }
        }

        /** Waits for the work if it has begun. */
        void end() {
            if (!taken.compareAndSet(false, true) && task != null) {
                task.join();
            }
        }
    }

    private static void throwFirst(Throwable[] failures) {
        for (Throwable failure : failures) {
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
        }
    }

    /** Starts work beside the caller's; with one thread it is done at once. {@link #join} throws what it threw. */
    <T> ForkJoinTask<T> submit(Run.Work<T> work) {
        Callable<T> callable = () -> {
            try {
                return work.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        if (threads == 1) {
            ForkJoinTask<T> now = ForkJoinTask.adapt(callable);
            now.quietlyInvoke();
            return now;
        }
        return pool().submit(callable);
    }

    /**
     * Waits for submitted work, doing other work meanwhile where the caller is one of the threads.
     *
     * @throws IOException what the work threw
     */
    static <T> T join(ForkJoinTask<T> task) throws IOException {
        try {
            return task.join();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Runs work on one of the threads, so that while it waits for the others it does some of theirs. The caller waits.
     *
     * @throws IOException what the work threw
     */
    <T> T call(Run.Work<T> work) throws IOException {
        if (threads == 1 || ForkJoinTask.inForkJoinPool()) {
            try {
                return work.run();
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        pool().submit(() -> {
                    try {
                        result.set(work.run());
                    } catch (UncheckedIOException e) {
                        failure.set(e.getCause());
                    } catch (IOException | RuntimeException | Error e) {
                        failure.set(e);
                    }
                })
                .join();
        Throwable thrown = failure.get();
        if (thrown instanceof IOException exception) {
            throw exception;
        }
        throwFirst(new Throwable[] {thrown});
        return Objects.requireNonNull(result.get());
    }

    /** Lets what was begun end, so that nothing reads or allocates once the caller gives its memory back. */
    @Override
    public synchronized void close() {
        ForkJoinPool running = pool;
        pool = null;
        if (running != null) {
            running.shutdown();
            if (!ForkJoinTask.inForkJoinPool()) {
                running.awaitQuiescence(1, TimeUnit.DAYS);
            }
        }
    }
}
