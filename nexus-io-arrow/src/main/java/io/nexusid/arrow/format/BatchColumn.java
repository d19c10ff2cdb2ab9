package io.nexusid.arrow.format;

import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * One column of a batch: an Arrow vector, or text on the heap; each is made from the other when it is first asked for.
 * Owns its vector until {@link #close} or {@link #takeVector}. For one thread at a time.
 */
public final class BatchColumn implements AutoCloseable {
    private final Field field;
    private final BufferAllocator allocator;
    private @Nullable FieldVector vector;
    private @Nullable TextBlock text;

    private BatchColumn(
            Field field, BufferAllocator allocator, @Nullable FieldVector vector, @Nullable TextBlock text) {
        this.field = field;
        this.allocator = allocator;
        this.vector = vector;
        this.text = text;
    }

    /** A column in Arrow memory, which is taken over. */
    public static BatchColumn of(FieldVector vector) {
        return new BatchColumn(vector.getField(), vector.getAllocator(), vector, null);
    }

    /**
     * A column of text on the heap.
     *
     * @param field its name; of type utf8
     * @param allocator for its vector, should one be asked for
     * @param text the cells, taken over
     */
    public static BatchColumn of(Field field, BufferAllocator allocator, TextBlock text) {
        return new BatchColumn(field, allocator, null, text);
    }

    /** Its name and type. */
    public Field field() {
        return field;
    }

    /** Whether the cells are text that is on the heap already. */
    public boolean isOnHeap() {
        return text != null;
    }

    /** Whether the cells are utf8. */
    public boolean isText() {
        return text != null || vector instanceof VarCharVector;
    }

    /** The cells of a utf8 column on the heap. */
    public TextBlock text() {
        TextBlock block = text;
        if (block == null) {
            block = new TextBlock().load((VarCharVector) Objects.requireNonNull(vector));
            text = block;
        }
        return block;
    }

    /** The cells in Arrow memory; stays this column's. */
    public FieldVector vector() {
        FieldVector cells = vector;
        if (cells == null) {
            cells = Objects.requireNonNull(text).toVector(field, allocator);
            vector = cells;
        }
        return cells;
    }

    /** The cells in Arrow memory, which the caller owns from now on. */
    public FieldVector takeVector() {
        FieldVector cells = vector();
        vector = null;
        return cells;
    }

    @Override
    public void close() {
        FieldVector cells = vector;
        vector = null;
        if (cells != null) {
            cells.close();
        }
    }
}
