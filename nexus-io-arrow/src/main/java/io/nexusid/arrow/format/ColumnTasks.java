package io.nexusid.arrow.format;

import java.util.function.IntConsumer;

/** Runs independent work on the columns of a table, one after the other or side by side. */
@FunctionalInterface
public interface ColumnTasks {
    /** On the caller's thread, in order. */
    ColumnTasks ONE_BY_ONE = (tasks, task) -> {
        for (int i = 0; i < tasks; i++) {
            task.accept(i);
        }
    };

    /** Runs tasks 0 to {@code tasks - 1} and returns when all have ended; throws what one of them threw. */
    void forEach(int tasks, IntConsumer task);
}
