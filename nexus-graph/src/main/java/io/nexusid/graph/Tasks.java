package io.nexusid.graph;

import java.util.function.IntConsumer;

/** Runs work that falls into independent parts, on as many threads as it likes. */
@FunctionalInterface
public interface Tasks {
    /** One part after the other, on the caller's thread. */
    Tasks IN_TURN = (tasks, task) -> {
        for (int i = 0; i < tasks; i++) {
            task.accept(i);
        }
    };

    /**
     * Runs tasks 0 to {@code tasks - 1} in any order and returns when all have ended; what they wrote is then visible to the
     * caller. Throws what a task threw.
     */
    void forEach(int tasks, IntConsumer task);
}
