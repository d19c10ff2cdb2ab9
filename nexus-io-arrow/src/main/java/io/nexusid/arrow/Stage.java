package io.nexusid.arrow;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The result of one stage: computed when first asked for, kept until it is released. Not thread-safe: stages may run on any
 * thread, but whoever starts one beside others waits for it before it touches a stage.
 */
final class Stage<T> {
    private final Run run;
    private final String name;
    private final Run.Work<T> work;
    private @Nullable T result;

    Stage(Run run, String name, Run.Work<T> work) {
        this.run = run;
        this.name = name;
        this.work = work;
    }

    /** The result, computed now if it is not there. Stages that it needs are got before, so that times do not nest. */
    T get() throws IOException {
        T value = result;
        if (value == null) {
            value = run.timed(name, work);
            result = value;
        }
        return value;
    }

    /** Gives back what the stage holds; a later {@link #get} computes it anew. */
    void release() {
        T value = result;
        result = null;
        if (value instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot release " + name, e);
            }
        }
    }
}
