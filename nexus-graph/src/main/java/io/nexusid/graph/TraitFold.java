package io.nexusid.graph;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntComparator;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The golden record's rows: the latest row of every (entity, trait).
 *
 * <p>Rows are brought together by entity with their instants and traits ({@link RowBuckets}), then one pass with a table
 * of the best row per trait: linear in the rows however they are spread. Memory: 24 bytes a row of at most four million
 * at a time, 4 per trait and 4 per winner.
 */
public final class TraitFold {
    private final RowBuckets buckets;
    private final long @Nullable [] ingestedAt;
    private final IntComparator tie;
    /** By trait the place of its best record in the entity at hand, or -1. */
    private final int[] best;

    private int[] seen = new int[8];
    private final IntArrayList winners = new IntArrayList();

    private TraitFold(RowBuckets buckets, int traits, long @Nullable [] ingestedAt, IntComparator tie) {
        this.buckets = buckets;
        this.ingestedAt = ingestedAt;
        this.tie = tie;
        best = new int[traits];
        Arrays.fill(best, -1);
    }

    /**
     * The winning row numbers, sorted by (entity, trait).
     *
     * <p>The latest {@code occurredAt} wins, null last; then the latest {@code ingestedAt}, if given, null last; then
     * the row that is smaller by {@code tie}; then the smaller row number.
     *
     * @param entity by row; negative: the row is skipped
     * @param trait by row; negative: null, one trait of its own that sorts last
     * @param tie compares row numbers
     */
    public static int[] winners(
            int rows, int[] entity, int[] trait, long[] occurredAt, long @Nullable [] ingestedAt, IntComparator tie) {
        Objects.checkFromIndexSize(0, rows, trait.length);
        int traits = 0;
        for (int row = 0; row < rows; row++) {
            traits = Math.max(traits, trait[row] + 1);
        }
        RowBuckets buckets = new RowBuckets(entity, rows);
        TraitFold fold = new TraitFold(buckets, traits + 1, ingestedAt, tie);
        while (buckets.nextSlice()) {
            load(buckets, rows, entity, trait, traits, occurredAt);
            for (int bucket = 0; bucket < buckets.buckets(); bucket++) {
                fold.bucket(bucket);
            }
        }
        return fold.winners.toIntArray();
    }

    private static void load(
            RowBuckets buckets, int rows, int[] entity, int[] trait, int nullTrait, long[] occurredAt) {
        long[] records = buckets.records();
        for (int row = 0; row < rows; row++) {
            if (buckets.holds(entity[row])) {
                int at = buckets.place(entity[row], row);
                records[at + 1] = occurredAt[row];
                records[at + 2] = trait[row] < 0 ? nullTrait : trait[row];
            }
        }
    }

    private void bucket(int bucket) {
        int size = buckets.group(bucket);
        int from = 0;
        for (int code = 0; from < size; code++) {
            int to = buckets.end(code);
            if (to > from) {
                entity(from, to);
            }
            from = to;
        }
    }

    private void entity(int from, int to) {
        int[] order = buckets.order();
        long[] records = buckets.records();
        if (seen.length < Math.min(to - from, best.length)) {
            seen = new int[Math.min(to - from, best.length)];
        }
        int distinct = 0;
        for (int i = from; i < to; i++) {
            int at = order[i];
            int t = (int) records[at + 2];
            int standing = best[t];
            if (standing < 0) {
                best[t] = at;
                seen[distinct++] = t;
            } else if (wins(records, at, standing)) {
                best[t] = at;
            }
        }
        Arrays.sort(seen, 0, distinct);
        for (int k = 0; k < distinct; k++) {
            winners.add(buckets.row(best[seen[k]]));
            best[seen[k]] = -1;
        }
    }

    /** Whether a record beats one that stands before it. Null is the least instant, so "latest, null last" is one test. */
    private boolean wins(long[] records, int at, int standing) {
        if (records[at + 1] != records[standing + 1]) {
            return records[at + 1] > records[standing + 1];
        }
        int row = buckets.row(at);
        int other = buckets.row(standing);
        if (ingestedAt != null && ingestedAt[row] != ingestedAt[other]) {
            return ingestedAt[row] > ingestedAt[other];
        }
        return tie.compare(row, other) < 0;
    }
}
