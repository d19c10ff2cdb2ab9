package io.nexusid.states;

import io.nexusid.api.DeltaMode;
import io.nexusid.api.GapMode;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntComparator;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the entries and exits of each entity in order of time. Used once, by {@link EntityStates#compute}.
 *
 * <p>Of the active stays of one state the latest entered is in force, and entries come in order of time, so the stays
 * of a state form a stack: a new one goes on top, and the one in force is found by dropping from the top those that
 * have ended. Ended stays further down are met when they surface, each once; nothing is ever searched.
 */
final class TimelineSweep {
    private static final long NEVER = Long.MIN_VALUE;
    private static final int NONE = -1;

    private final int[] entity;
    private final int[] state;
    private final int[] column;
    private final boolean[] measurement;
    private final long[] enteredAt;
    private final long[] exitedAt;
    private final boolean[] present;
    private final long[] number;
    private final TimelineRules rules;

    /** Rows by (entity, entered); within a state and instant the one that wins comes last, so that it ends on top. */
    private final int[] entries;
    /** Rows that have an exit, by (entity, exited). */
    private final int[] exits;
    /** Stack of stays per state of the entity at hand: the top per state, and per row the one below it. */
    private final int[] top;

    private final int[] below;
    /** Row in force per state of the entity at hand, as of the last change point. */
    private final int[] inForce;
    /** States with a row in force, and measurements that hold a number, as of the last change point. */
    private int states;

    private int heldMeasurements;

    private final IntArrayList entityOut = new IntArrayList();
    private final LongArrayList validFrom = new LongArrayList();
    private final LongArrayList validTo = new LongArrayList();
    private final BitSet gapRows = new BitSet();
    private final ColumnRuns.Changes columns = new ColumnRuns.Changes();
    /** Only where rows that show nothing new are left out. */
    private final @Nullable ShownCells shown;

    TimelineSweep(
            int rows,
            int[] entity,
            int[] state,
            int[] column,
            boolean[] measurement,
            long[] enteredAt,
            long[] exitedAt,
            boolean[] present,
            int[] value,
            long[] number,
            IntComparator tie,
            TimelineRules rules) {
        this.entity = entity;
        this.state = state;
        this.column = column;
        this.measurement = measurement;
        this.enteredAt = enteredAt;
        this.exitedAt = exitedAt;
        this.present = present;
        this.number = number;
        this.rules = rules;
        this.shown = rules.coalesceUnchanged() ? new ShownCells(value, number, measurement) : null;
        IntComparator winnerLast = (a, b) -> {
            int order = Long.compare(enteredAt[a], enteredAt[b]);
            if (order == 0) {
                order = Integer.compare(state[a], state[b]);
            }
            return order != 0 ? order : compareEntries(b, a, tie);
        };
        entries = EntityRows.sorted(rows, entity, row -> entity[row] >= 0 && enteredAt[row] != NEVER, winnerLast);
        exits = exitsOf(entries);
        below = new int[rows];
        top = new int[1 + Arrays.stream(entries).map(row -> state[row]).max().orElse(-1)];
        Arrays.fill(top, NONE);
        inForce = top.clone();
    }

    /** The winner first, of two stays of one state and entry: by tie, shown before not shown, lasting longer, row. */
    private int compareEntries(int a, int b, IntComparator tie) {
        int order = tie.compare(a, b);
        if (order == 0) {
            order = Integer.compareUnsigned(column[a], column[b]); // -1, no column, is the greatest unsigned
        }
        if (order == 0) {
            order = Long.compare(lastsUntil(b), lastsUntil(a));
        }
        return order != 0 ? order : Integer.compare(a, b);
    }

    private long lastsUntil(int row) {
        return exitedAt[row] == NEVER ? Long.MAX_VALUE : exitedAt[row];
    }

    /** Starts from the order of the entries, which is that of the exits or nearly so. */
    private int[] exitsOf(int[] entries) {
        int[] exits =
                Arrays.stream(entries).filter(row -> exitedAt[row] != NEVER).toArray();
        EntityRows.sortEach(exits, entity, (a, b) -> {
            int order = Long.compare(exitedAt[a], exitedAt[b]);
            return order != 0 ? order : Integer.compare(a, b);
        });
        return exits;
    }

    EntityStates run() {
        int entry = 0;
        int exit = 0;
        while (entry < entries.length) {
            int entriesEnd = EntityRows.endOfEntity(entries, entry, entity);
            int exitsEnd = exit;
            if (exit < exits.length && entity[exits[exit]] == entity[entries[entry]]) {
                exitsEnd = EntityRows.endOfEntity(exits, exit, entity);
            }
            sweepEntity(entry, entriesEnd, exit, exitsEnd);
            forgetEntity(entry, entriesEnd);
            entry = entriesEnd;
            exit = exitsEnd;
        }
        int size = entityOut.size();
        return new EntityStates(
                entityOut.toIntArray(),
                validFrom.toLongArray(),
                validTo.toLongArray(),
                gapRows,
                columns.build(size, measurement, number),
                rules);
    }

    private void sweepEntity(int entry, int entriesEnd, int exit, int exitsEnd) {
        int code = entity[entries[entry]];
        int firstOut = entityOut.size();
        while (entry < entriesEnd || exit < exitsEnd) {
            long nextEntry = entry < entriesEnd ? enteredAt[entries[entry]] : Long.MAX_VALUE;
            long nextExit = exit < exitsEnd ? exitedAt[exits[exit]] : Long.MAX_VALUE;
            long t = Math.min(nextEntry, nextExit);
            int firstEntry = entry;
            while (entry < entriesEnd && enteredAt[entries[entry]] == t) {
                push(entries[entry++]);
            }
            int firstExit = exit;
            while (exit < exitsEnd && exitedAt[exits[exit]] == t) {
                exit++;
            }
            int statesBefore = states;
            int heldBefore = heldMeasurements;
            settleStatesOf(entries, firstEntry, entry, t);
            settleStatesOf(exits, firstExit, exit, t);
            if (states > 0) {
                if (!lastRowShowsIt(firstOut)) {
                    emit(code, t, firstOut);
                }
            } else if (statesBefore > 0 && rules.gaps() == GapMode.CLOSE) {
                beginGap(code, t, firstOut, heldBefore > 0);
            }
        }
    }

    /** Whether the last row of the entity still runs and would only be repeated by another. */
    private boolean lastRowShowsIt(int firstOut) {
        int last = entityOut.size() - 1;
        return shown != null
                && last >= firstOut
                && shown.areTheSame()
                && validTo.getLong(last) == NEVER
                && !gapRows.get(last);
    }

    private void push(int row) {
        if (present[row]) {
            below[row] = top[state[row]];
            top[state[row]] = row;
        }
    }

    private void settleStatesOf(int[] rows, int from, int to, long t) {
        for (int i = from; i < to; i++) {
            settle(state[rows[i]], t);
        }
    }

    /** Finds the stay of this state that is in force from t on. */
    private void settle(int name, long t) {
        int winner = top[name];
        while (winner != NONE && exitedAt[winner] != NEVER && exitedAt[winner] <= t) {
            winner = below[winner];
        }
        top[name] = winner;
        int before = inForce[name];
        if (winner != before) {
            inForce[name] = winner;
            replace(before, winner);
        }
    }

    private void replace(int before, int winner) {
        int left = before == NONE ? NONE : column[before];
        int taken = winner == NONE ? NONE : column[winner];
        if (left != NONE && left != taken) {
            setColumn(left, NONE);
        }
        if (taken != NONE) {
            setColumn(taken, winner);
        }
        states += (winner == NONE ? 0 : 1) - (before == NONE ? 0 : 1);
        heldMeasurements += (holdsMeasurement(winner) ? 1 : 0) - (holdsMeasurement(before) ? 1 : 0);
    }

    private void setColumn(int shownIn, int row) {
        columns.set(shownIn, entityOut.size(), row);
        if (shown != null) {
            shown.set(shownIn, row);
        }
    }

    private boolean holdsMeasurement(int row) {
        return row != NONE && column[row] != NONE && measurement[column[row]] && !StateNumbers.isNull(number[row]);
    }

    private void emit(int code, long t, int firstOut) {
        endLastRow(t, firstOut);
        entityOut.add(code);
        validFrom.add(t);
        validTo.add(NEVER);
        if (shown != null) {
            shown.haveARow();
        }
    }

    private void beginGap(int code, long t, int firstOut, boolean measurementLost) {
        if (measurementLost && rules.deltas() == DeltaMode.CONSERVING) {
            gapRows.set(entityOut.size());
            emit(code, t, firstOut);
        } else {
            endLastRow(t, firstOut);
        }
    }

    /** A row that a gap has ended stays as it is. */
    private void endLastRow(long t, int firstOut) {
        int last = entityOut.size() - 1;
        if (last >= firstOut && validTo.getLong(last) == NEVER) {
            validTo.set(last, t);
        }
    }

    /** Empties the stacks; columns still in force end with the entity. */
    private void forgetEntity(int from, int to) {
        for (int i = from; i < to; i++) {
            int name = state[entries[i]];
            int row = inForce[name];
            top[name] = NONE;
            inForce[name] = NONE;
            if (row != NONE) {
                replace(row, NONE);
            }
        }
        if (shown != null) {
            shown.haveARow();
        }
    }
}
