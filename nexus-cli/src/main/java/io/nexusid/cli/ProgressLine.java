package io.nexusid.cli;

import io.nexusid.api.ProgressListener;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One line on a terminal that is redrawn while work goes on: at most five times a second, and not before a second has
 * passed, so that short runs stay silent. Thread-safe; a thread that finds another one drawing goes on with its work.
 */
final class ProgressLine implements ProgressListener, AutoCloseable {
    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long NEXT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int WIDTH = 78;

    private final @Nullable PrintStream out;
    private final LongSupplier nanos;
    private final AtomicLong drawAt;
    private int drawn;

    ProgressLine(@Nullable PrintStream out, LongSupplier nanos) {
        this.out = out;
        this.nanos = nanos;
        this.drawAt = new AtomicLong(nanos.getAsLong() + FIRST_NANOS);
    }

    /** A line on this stream, which stays the caller's. */
    static ProgressLine on(PrintStream out) {
        return new ProgressLine(out, System::nanoTime);
    }

    /** Draws nothing. */
    static ProgressLine silent() {
        return new ProgressLine(null, System::nanoTime);
    }

    @Override
    public void progress(String stage, long done, long total) {
        if (out == null) {
            return;
        }
        long now = nanos.getAsLong();
        long due = drawAt.get();
        if (now - due >= 0 && drawAt.compareAndSet(due, now + NEXT_NANOS)) {
            draw(text(stage, done, total));
        }
    }

    /** Removes the line, so that what follows starts in an empty one. */
    synchronized void erase() {
        if (out != null && drawn > 0) {
            draw("");
            out.print('\r');
            out.flush();
        }
    }

    /** Removes the line; the stream stays open. */
    @Override
    public void close() {
        erase();
    }

    private synchronized void draw(String text) {
        if (out != null) {
            // Spaces instead of a terminal's "erase" sequence: they work everywhere.
            out.print('\r' + text + " ".repeat(Math.max(0, drawn - text.length())));
            out.flush();
            drawn = text.length();
        }
    }

    private static String text(String stage, long done, long total) {
        StringBuilder text = new StringBuilder(stage).append("  ").append(Figures.count(done));
        if (total > 0) {
            text.append(" of ").append(Figures.count(total)).append(" rows  ");
            text.append(done >= total ? 100 : (long) (100.0 * done / total)).append(" %");
        } else {
            text.append(" rows");
        }
        return text.length() <= WIDTH ? text.toString() : text.substring(0, WIDTH);
    }
}
