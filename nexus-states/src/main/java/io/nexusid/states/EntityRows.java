package io.nexusid.states;

import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.ints.IntComparator;
import java.util.function.IntPredicate;

/**
 * The rows of a table, grouped by entity and put in order within each.
 *
 * <p>A counting sort by entity, then one sort per entity: O(n + greatest entity code) and, inside an entity of k rows,
 * O(k log k) comparisons, about k when its rows stand in order already. Memory: 4 bytes per row and 4 per entity code,
 * 8 per row when an entity has more than a handful.
 */
final class EntityRows {
    /** Below this many rows fastutil's merge sort inserts in place and needs no second array. */
    private static final int INSERTION_SORTED = 16;

    private EntityRows() {}

    /**
     * The kept rows in ascending order of entity, then of {@code within}.
     *
     * @param entity code per row, not negative for kept rows; small numbers, as the counts are kept in an array
     * @param within a total order of the rows of one entity, so that the result does not depend on how they stood
     */
    static int[] sorted(int rows, int[] entity, IntPredicate kept, IntComparator within) {
        int greatest = -1;
        for (int row = 0; row < rows; row++) {
            if (kept.test(row)) {
                greatest = Math.max(greatest, entity[row]);
            }
        }
        int[] end = new int[Math.addExact(greatest, 2)];
        for (int row = 0; row < rows; row++) {
            if (kept.test(row)) {
                end[entity[row] + 1]++;
            }
        }
        for (int code = 0; code <= greatest; code++) {
            end[code + 1] += end[code];
        }
        int[] sorted = new int[end[greatest + 1]];
        for (int row = 0; row < rows; row++) {
            if (kept.test(row)) {
                sorted[end[entity[row]]++] = row;
            }
        }
        sortEach(sorted, entity, within);
        return sorted;
    }

    /** Sorts each entity's rows, which stand together, by {@code within}. */
    static void sortEach(int[] grouped, int[] entity, IntComparator within) {
        int[] scratch = IntArrays.EMPTY_ARRAY;
        for (int from = 0, to; from < grouped.length; from = to) {
            to = endOfEntity(grouped, from, entity);
            if (to - from >= INSERTION_SORTED) {
                // Left to itself the merge sort would copy the array up to `to` for every entity.
                if (scratch.length == 0) {
                    scratch = new int[grouped.length];
                }
                System.arraycopy(grouped, from, scratch, from, to - from);
            }
            IntArrays.mergeSort(grouped, from, to, within, scratch);
        }
    }

    /** Where the rows of the entity at {@code from} end. */
    static int endOfEntity(int[] grouped, int from, int[] entity) {
        int to = from + 1;
        while (to < grouped.length && entity[grouped[to]] == entity[grouped[from]]) {
            to++;
        }
        return to;
    }

    /** Refuses a column shorter than the table. */
    static void checkLength(String column, int length, int rows) {
        if (length < rows) {
            throw new IllegalArgumentException(column + " has " + length + " values for " + rows + " rows");
        }
    }
}
