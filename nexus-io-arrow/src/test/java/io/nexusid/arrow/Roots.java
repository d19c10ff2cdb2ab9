package io.nexusid.arrow;

import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.util.Text;

/** Small Arrow tables for tests. */
final class Roots {
    private Roots() {}

    /** A text column; null cells are null. */
    static VarCharVector text(BufferAllocator allocator, String name, String... cells) {
        VarCharVector vector = new VarCharVector(name, allocator);
        vector.allocateNew(cells.length);
        for (int i = 0; i < cells.length; i++) {
            if (cells[i] != null) {
                vector.setSafe(i, new Text(cells[i]));
            }
        }
        vector.setValueCount(cells.length);
        return vector;
    }

    /** Writes one cell. */
    interface Cell<V> {
        void set(V vector, int row);
    }

    /** A column of any fixed-width type; row {@code nullRow} stays null. */
    static <V extends BaseFixedWidthVector> V fixed(V vector, int rows, int nullRow, Cell<V> cell) {
        vector.allocateNew(rows);
        for (int i = 0; i < rows; i++) {
            if (i != nullRow) {
                cell.set(vector, i);
            }
        }
        vector.setValueCount(rows);
        return vector;
    }

    /** A table of these columns, which owns them. */
    static VectorSchemaRoot of(FieldVector... columns) {
        List<FieldVector> vectors = Arrays.asList(columns);
        return new VectorSchemaRoot(
                vectors.stream().map(FieldVector::getField).toList(), vectors, columns[0].getValueCount());
    }
}
