package io.nexusid.graph;

import java.util.Arrays;

/**
 * Rows brought together by a code, in row order within each; rows with a negative code are left out. One counting sort:
 * two passes over the codes, 4 bytes a row and 4 a code.
 */
final class RowGroups {
    private final int[] starts;
    private final int[] rows;

    private RowGroups(int[] starts, int[] rows) {
        this.starts = starts;
        this.rows = rows;
    }

    static RowGroups of(int[] code, int rows) {
        int groups = 0;
        for (int row = 0; row < rows; row++) {
            groups = Math.max(groups, code[row] + 1);
        }
        int[] starts = new int[groups + 1];
        for (int row = 0; row < rows; row++) {
            if (code[row] >= 0) {
                starts[code[row]]++;
            }
        }
        int at = 0;
        for (int group = 0; group <= groups; group++) {
            at += starts[group];
            starts[group] = at;
        }
        // Filled from behind, each end moves down to its group's start: one array serves as both.
        int[] grouped = new int[at];
        for (int row = rows - 1; row >= 0; row--) {
            if (code[row] >= 0) {
                grouped[--starts[code[row]]] = row;
            }
        }
        return new RowGroups(starts, grouped);
    }

    int groups() {
        return starts.length - 1;
    }

    int from(int group) {
        return starts[group];
    }

    int to(int group) {
        return starts[group + 1];
    }

    /** All grouped rows, [from, to) of each group; a sweep may overwrite what it has read. */
    int[] rows() {
        return rows;
    }

    int largest() {
        int largest = 0;
        for (int group = 0; group < groups(); group++) {
            largest = Math.max(largest, to(group) - from(group));
        }
        return largest;
    }

    /** The first {@code size} of the rows, for sweeps that have written their result over them. */
    int[] firstRows(int size) {
        return size == rows.length ? rows : Arrays.copyOf(rows, size);
    }
}
