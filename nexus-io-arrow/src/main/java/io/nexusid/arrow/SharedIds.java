package io.nexusid.arrow;

import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.ints.IntComparator;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tables that are sorted by entity id alone in that order where two entities of different types have one id, as
 * records registered under two types do. Rows come sorted by (id, type); those that share an id are sorted anew.
 */
final class SharedIds {
    /** Whether the entities of two rows have the same id. */
    @FunctionalInterface
    interface SameId {
        boolean test(int row, int other);
    }

    private SharedIds() {}

    /**
     * The order in which to write the rows, or null if it is the one they are in.
     *
     * @param entity a number of each row's entity, which also tells entities of one id apart
     * @param order by the table's key without the entity id, then by its other columns
     */
    static int @Nullable [] order(int rows, IntUnaryOperator entity, SameId sameId, IntComparator order) {
        int[] out = null;
        int from = 0;
        boolean shared = false;
        for (int row = 1; row <= rows; row++) {
            boolean sameEntity = row < rows && entity.applyAsInt(row) == entity.applyAsInt(row - 1);
            if (sameEntity) {
                continue;
            }
            if (row < rows && sameId.test(row - 1, row)) {
                shared = true;
                continue;
            }
            if (shared) {
                if (out == null) {
                    out = new int[rows];
                    Arrays.setAll(out, i -> i);
                }
                IntArrays.mergeSort(out, from, row, order);
            }
            from = row;
            shared = false;
        }
        return out;
    }

    /** The row at a position of such an order. */
    static int row(int @Nullable [] order, int position) {
        return order == null ? position : order[position];
    }
}
