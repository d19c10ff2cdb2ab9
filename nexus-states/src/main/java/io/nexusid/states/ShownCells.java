package io.nexusid.states;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;

/**
 * Whether the entity at hand would show anything new if it had a row now. Counts the columns whose cell differs from that
 * of the last row, so each change of a column costs O(1) however many there are. Memory: 8 bytes per column, and 4 per
 * change since the last row.
 */
final class ShownCells {
    private static final int NONE = -1;

    private final int[] value;
    private final long[] number;
    private final boolean[] measurement;
    /** Stay per column in the last row, and now. */
    private final int[] last;

    private final int[] now;
    private final IntArrayList touched = new IntArrayList();
    private int different;

    ShownCells(int[] value, long[] number, boolean[] measurement) {
        this.value = value;
        this.number = number;
        this.measurement = measurement;
        this.last = new int[measurement.length];
        Arrays.fill(last, NONE);
        this.now = last.clone();
    }

    /** From now on the column holds this stay, -1 for none. */
    void set(int column, int stay) {
        different -= differs(column);
        now[column] = stay;
        different += differs(column);
        touched.add(column);
    }

    private int differs(int column) {
        int a = last[column];
        int b = now[column];
        boolean same = a == b || (measurement[column] ? numberOf(a) == numberOf(b) : valueOf(a) == valueOf(b));
        return same ? 0 : 1;
    }

    private long numberOf(int stay) {
        return stay == NONE ? StateNumbers.NULL : number[stay];
    }

    private int valueOf(int stay) {
        return stay == NONE ? NONE : value[stay];
    }

    boolean areTheSame() {
        return different == 0;
    }

    /** What is held now is what the last row shows. */
    void haveARow() {
        for (int i = 0; i < touched.size(); i++) {
            int column = touched.getInt(i);
            last[column] = now[column];
        }
        touched.clear();
        different = 0;
    }
}
