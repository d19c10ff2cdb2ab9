package io.nexusid.states;

import io.nexusid.api.DeltaMode;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One column of the wide table: the stay in force per row, kept as runs of equal stays.
 *
 * <p>A bit marks each row that starts a run, and the number of bits before each word of 64 is kept beside it, so the
 * run of a row is one addition and one population count away (a rank directory, Jacobson 1989). Memory: 1.5 bits per
 * row and 4 bytes per run, 12 in a measurement, against 32 bits per row in a plain array: a table of 500 columns
 * where each row changes one of them costs 94 bytes per row, not 2,000. Immutable.
 */
final class ColumnRuns {
    private final long[] startBits;
    private final int[] runsBefore;
    /** Stay per run; run 0 is the nothing before the first change, and may be empty. */
    private final int[] stays;
    /** Number per run, in a measurement. */
    private final long @Nullable [] numbers;

    private ColumnRuns(long[] startBits, int[] stays, long @Nullable [] numbers) {
        this.startBits = startBits;
        this.stays = stays;
        this.numbers = numbers;
        runsBefore = new int[startBits.length];
        for (int word = 1; word < startBits.length; word++) {
            runsBefore[word] = runsBefore[word - 1] + Long.bitCount(startBits[word - 1]);
        }
    }

    /** The stay in force in this row, -1 for none. */
    int stay(int row) {
        return stays[run(row)];
    }

    /** The measurement in this row less that of the row before, if there is one before; null only if both are. */
    long change(int row, boolean hasPrevious, TimelineRules rules) {
        if (numbers == null) {
            throw new IllegalArgumentException("only measurements have deltas");
        }
        int run = run(row);
        long now = numbers[run];
        long before = StateNumbers.NULL;
        if (hasPrevious) {
            before = startsRun(row) ? numbers[run - 1] : now;
        }
        if (StateNumbers.isNull(now) && rules.deltas() == DeltaMode.COMPAT) {
            return StateNumbers.NULL;
        }
        return rules.numbers().difference(now, before);
    }

    /** The measurement in this row. */
    long number(int row) {
        if (numbers == null) {
            throw new IllegalArgumentException("only measurements have numbers");
        }
        return numbers[run(row)];
    }

    private int run(int row) {
        int word = row >>> 6;
        return runsBefore[word] + Long.bitCount(startBits[word] & (-1L >>> (63 - (row & 63))));
    }

    private boolean startsRun(int row) {
        return (startBits[row >>> 6] >>> (row & 63) & 1) != 0;
    }

    /**
     * Collects the changes of all columns in the order of a sweep over the rows. Memory: 12 bytes per change, 4 more
     * while building.
     */
    static final class Changes {
        private final IntArrayList columns = new IntArrayList();
        private final IntArrayList rows = new IntArrayList();
        private final IntArrayList stays = new IntArrayList();

        /** From this row on, the column holds this stay (-1 none). Rows never descend; of two for one row the last counts. */
        void set(int column, int row, int stay) {
            columns.add(column);
            rows.add(row);
            stays.add(stay);
        }

        /** The columns of a table of this many rows; changes past its end are left out. */
        ColumnRuns[] build(int size, boolean[] measurement, long[] number) {
            int[] end = new int[measurement.length + 1];
            for (int i = 0; i < columns.size(); i++) {
                end[columns.getInt(i) + 1]++;
            }
            for (int column = 0; column < measurement.length; column++) {
                end[column + 1] += end[column];
            }
            int[] byColumn = new int[columns.size()];
            for (int i = 0; i < byColumn.length; i++) {
                byColumn[end[columns.getInt(i)]++] = i;
            }
            ColumnRuns[] built = new ColumnRuns[measurement.length];
            for (int column = 0; column < built.length; column++) {
                int from = column == 0 ? 0 : end[column - 1];
                built[column] = build(byColumn, from, end[column], size, measurement[column] ? number : null);
            }
            return built;
        }

        private ColumnRuns build(int[] byColumn, int from, int to, int size, long @Nullable [] number) {
            long[] startBits = new long[(size + 63) >>> 6];
            int[] runStays = new int[to - from + 1];
            runStays[0] = -1;
            int run = 0;
            int lastRow = -1;
            for (int i = from; i < to; i++) {
                int row = rows.getInt(byColumn[i]);
                if (row >= size) {
                    break;
                }
                if (row != lastRow) {
                    startBits[row >>> 6] |= 1L << (row & 63);
                    lastRow = row;
                    run++;
                }
                runStays[run] = stays.getInt(byColumn[i]);
            }
            runStays = Arrays.copyOf(runStays, run + 1);
            return new ColumnRuns(startBits, runStays, number == null ? null : numbersOf(runStays, number));
        }

        private static long[] numbersOf(int[] runStays, long[] number) {
            long[] numbers = new long[runStays.length];
            for (int run = 0; run < numbers.length; run++) {
                numbers[run] = runStays[run] < 0 ? StateNumbers.NULL : number[runStays[run]];
            }
            return numbers;
        }
    }
}
