package io.nexusid.arrow;

import io.nexusid.arrow.format.HeapBatch;
import io.nexusid.arrow.format.RowReader;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the batches of a table that can start at any row: each is filled by one thread from its first column to its last,
 * several at a time, and handed out in order. A thread that waits for a batch fills another meanwhile.
 *
 * <p>Memory: a batch for each thread and two more.
 */
final class SlicesAhead implements TableRows.HeapCursor {
    /** Puts rows into a batch. Used by one thread at a time. */
    interface Filler {
        void fill(HeapBatch batch, int from, int count);
    }

    /** A batch and who fills it. */
    private static final class Slot {
        private final HeapBatch batch;
        private final Filler filler;
        private @Nullable ForkJoinTask<?> task;

        Slot(HeapBatch batch, Filler filler) {
            this.batch = batch;
            this.filler = filler;
        }

        void fill(int from, int count) {
            filler.fill(batch, from, count);
            batch.rows(count);
        }
    }

    private final int rows;
    private final Workers workers;
    private final Slot[] slots;
    /** The first row that no slot was given yet. */
    private int nextRow;
    /** The slot that holds the next batch to hand out. */
    private int nextSlot;
    /** The slot whose batch the caller has. */
    private @Nullable Slot lent;

    SlicesAhead(int rows, Workers workers, Supplier<HeapBatch> batches, Supplier<Filler> fillers) {
        this.rows = rows;
        this.workers = workers;
        int needed = (int) ((rows + RowReader.MAX_BATCH_ROWS - 1L) / RowReader.MAX_BATCH_ROWS);
        this.slots = new Slot[Math.min(needed, workers.threads() == 1 ? 1 : workers.threads() + 2)];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot(batches.get(), fillers.get());
            start(slots[i]);
        }
    }

    private void start(Slot slot) {
        slot.task = null;
        int from = nextRow;
        int count = Math.min(RowReader.MAX_BATCH_ROWS, rows - from);
        if (count > 0) {
            nextRow += count;
            slot.task = workers.submit(() -> {
                slot.fill(from, count);
                return slot;
            });
        }
    }

    @Override
    public @Nullable HeapBatch next() {
        Slot returned = lent;
        lent = null;
        if (returned != null) {
            start(returned);
        }
        if (slots.length == 0) {
            return null;
        }
        Slot slot = slots[nextSlot];
        ForkJoinTask<?> task = slot.task;
        if (task == null) {
            return null;
        }
        task.join();
        nextSlot = (nextSlot + 1) % slots.length;
        lent = slot;
        return slot.batch;
    }

    /** Waits for what was begun; it holds nothing but heap. */
    @Override
    public void close() {
        for (Slot slot : slots) {
            ForkJoinTask<?> task = slot.task;
            if (task != null) {
                task.cancel(false);
                task.quietlyJoin();
            }
        }
    }
}
