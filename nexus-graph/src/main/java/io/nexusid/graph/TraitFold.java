package io.nexusid.graph;

import it.unimi.dsi.fastutil.ints.IntComparator;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The golden record's rows: the latest row of every (entity, trait).
 *
 * <p>One counting sort by entity, then one pass with a table of the best row per trait: linear in the rows however they
 * are spread. 4 bytes per row, per entity and per trait.
 */
public final class TraitFold {
    private TraitFold() {}

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
        RowGroups groups = RowGroups.of(entity, rows);
        int[] grouped = groups.rows();
        int[] best = new int[traits + 1];
        Arrays.fill(best, -1);
        int[] seen = new int[Math.min(traits + 1, groups.largest())];
        int out = 0;
        for (int e = 0; e < groups.groups(); e++) {
            int distinct = 0;
            for (int i = groups.from(e); i < groups.to(e); i++) {
                int row = grouped[i];
                int t = trait[row] < 0 ? traits : trait[row];
                if (best[t] < 0) {
                    best[t] = row;
                    seen[distinct++] = t;
                } else if (wins(row, best[t], occurredAt, ingestedAt, tie)) {
                    best[t] = row;
                }
            }
            Arrays.sort(seen, 0, distinct);
            // No more winners than rows, so they fit where the rows already read stood.
            for (int k = 0; k < distinct; k++) {
                grouped[out++] = best[seen[k]];
                best[seen[k]] = -1;
            }
        }
        return groups.firstRows(out);
    }

    /** Whether a row beats one that stands before it. Null is the least instant, so "latest, null last" is one test. */
    private static boolean wins(
            int row, int standing, long[] occurredAt, long @Nullable [] ingestedAt, IntComparator tie) {
        if (occurredAt[row] != occurredAt[standing]) {
            return occurredAt[row] > occurredAt[standing];
        }
        if (ingestedAt != null && ingestedAt[row] != ingestedAt[standing]) {
            return ingestedAt[row] > ingestedAt[standing];
        }
        return tie.compare(row, standing) < 0;
    }
}
