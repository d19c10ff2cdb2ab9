package io.nexusid.arrow;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.InputTable;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one {@link NexusStore#append} did.
 *
 * @param epoch the epoch that it made, or the one before if it made none
 * @param committed whether it made an epoch; false if no row was new
 * @param rows by input table of the log, what became of its rows
 * @param identifiers by resolved entity type, how many identifiers have each reason
 * @param watermarks by source, the latest {@code _ingested_at} that the store has taken, as of this epoch
 */
public record Changes(
        long epoch,
        boolean committed,
        Map<InputTable, Rows> rows,
        Map<String, Map<ChangeReason, Integer>> identifiers,
        Map<String, Instant> watermarks) {
    /**
     * What became of the rows of one table. Those that were set aside for a fault are not among them.
     *
     * @param read how many there were
     * @param taken how many are new
     * @param duplicates how many say what a row before them, of this log or an earlier one, has said
     * @param changedContent how many of the new ones came with the id of an earlier row and other content
     */
    public record Rows(long read, long taken, long duplicates, long changedContent) {}

    public Changes {
        rows = Map.copyOf(rows);
        identifiers = Map.copyOf(identifiers);
        watermarks = Map.copyOf(watermarks);
    }

    /** How many identifiers of a resolved entity type have this reason. */
    public int count(String entityType, ChangeReason reason) {
        return identifiers.getOrDefault(entityType, Map.of()).getOrDefault(reason, 0);
    }

    /** The watermarks in the order of the sources' names. */
    public Map<String, Instant> sortedWatermarks() {
        return new TreeMap<>(watermarks);
    }
}
