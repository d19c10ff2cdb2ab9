package io.nexusid.states;

import io.nexusid.api.SnapshotDiffSpec.Grain;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntComparator;

/**
 * Events out of repeated sightings of a field that keeps only its current value: one event for each value a key was seen
 * with, or for each time its value changed.
 *
 * <p>Each event is a group of sightings: under {@link Grain#DISTINCT_VALUE} all of a key and value, whenever they were;
 * under {@link Grain#CHANGE} those of a key that follow one another with the same value, so that A, A, B, B, A are three.
 * Sightings are in order of time, null last, then of value, then of {@code tie}. The first of a group gives the event its
 * instant of observation; other columns are the caller's to choose from the group. Sightings without key or value are
 * left out before anything is compared: A, null, A is no change.
 *
 * <p>The number of a change shifts when earlier sightings come in later; so do ids made from it.
 *
 * <p>Cost: one sort, O(n log n), presorted rows O(n); then one pass. Memory: 4 bytes per sighting and 16 per event; 4 more
 * per sighting and per key code while computing. Immutable; the arrays are read and not kept.
 */
public final class SnapshotDiff {
    private final int[] rows;
    private final int[] first;
    private final int[] index;
    private final long[] observedAt;

    private SnapshotDiff(int[] rows, int[] first, int[] index, long[] observedAt) {
        this.rows = rows;
        this.first = first;
        this.index = index;
        this.observedAt = observedAt;
    }

    /**
     * Finds the events.
     *
     * @param sightings number of rows; the arrays may be longer
     * @param key code of the entity key, its rank if the events are to be in order of key; negative rows are left out
     * @param value rank of the value, equal exactly when the values are; negative, null or blank, rows are left out
     * @param observedAt epoch microseconds; {@link Long#MIN_VALUE} is null
     * @param tie order of the sightings of one key, value and instant, by the other columns
     * @throws IllegalArgumentException if an array is too short
     */
    public static SnapshotDiff compute(
            int sightings, int[] key, int[] value, long[] observedAt, IntComparator tie, Grain grain) {
        EntityRows.checkLength("key", key.length, sightings);
        EntityRows.checkLength("value", value.length, sightings);
        EntityRows.checkLength("observedAt", observedAt.length, sightings);
        IntComparator inOrder = (a, b) -> {
            int order = grain == Grain.DISTINCT_VALUE ? Integer.compare(value[a], value[b]) : 0;
            // Null, the least instant, wraps around to the greatest: nulls last.
            order = order != 0 ? order : Long.compare(observedAt[a] - 1, observedAt[b] - 1);
            order = order != 0 ? order : Integer.compare(value[a], value[b]);
            order = order != 0 ? order : tie.compare(a, b);
            return order != 0 ? order : Integer.compare(a, b);
        };
        int[] rows = EntityRows.sorted(sightings, key, row -> key[row] >= 0 && value[row] >= 0, inOrder);
        IntArrayList first = new IntArrayList();
        for (int i = 0; i < rows.length; i++) {
            if (i == 0 || key[rows[i]] != key[rows[i - 1]] || value[rows[i]] != value[rows[i - 1]]) {
                first.add(i);
            }
        }
        first.add(rows.length);
        int[] firsts = first.toIntArray();
        int[] index = new int[firsts.length - 1];
        long[] observed = new long[index.length];
        for (int i = 0; i < index.length; i++) {
            boolean sameKey = i > 0 && key[rows[firsts[i]]] == key[rows[firsts[i - 1]]];
            index[i] = sameKey ? index[i - 1] + 1 : 1;
            observed[i] = observedAt[rows[firsts[i]]];
        }
        return new SnapshotDiff(rows, firsts, index, observed);
    }

    /** Number of events: by key, then by value or, of changes, in order of time. */
    public int size() {
        return index.length;
    }

    /** The first sighting of event {@code i}, as a row number of the input. */
    public int row(int i) {
        return rows[first[i]];
    }

    /** When it was; {@link Long#MIN_VALUE} if nobody knows. */
    public long firstObservedAt(int i) {
        return observedAt[i];
    }

    /** Number of sightings of event {@code i}. */
    public int sightings(int i) {
        return first[i + 1] - first[i];
    }

    /** Sighting {@code j} of event {@code i}, in order of time, as a row number of the input. */
    public int sighting(int i, int j) {
        return rows[first[i] + j];
    }

    /** The number of event {@code i} among those of its key, from 1. */
    public int index(int i) {
        return index[i];
    }
}
