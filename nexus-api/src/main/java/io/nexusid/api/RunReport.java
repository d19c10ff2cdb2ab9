package io.nexusid.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run did, for people and for monitoring. All maps keep their order.
 *
 * @param tablesIn rows and rejects per input table that was read
 * @param unmatched valid rows without effect, by {@code table.reason}
 * @param duplicateIds rows whose id an earlier row of the same table has, by input table; such rows are kept
 * @param identifiers distinct (entity type, identifier type, value) that were observed
 * @param links sum over (edge_id, entity type) of distinct identifiers minus one
 * @param components connected components, one entity each unless a hop cap split them
 * @param largestComponent identifiers of the largest component
 * @param idCollisions components whose id another component already had
 * @param entities entities per entity type
 * @param tablesOut rows per table written
 * @param stagesMillis wall time per stage; stages overlap, so they add up to more than the run took
 * @param elapsedMillis wall time from the start of the run to this report
 * @param peakMemoryBytes greatest resident memory of the process seen, 0 if unknown
 * @param ignored files and columns that were not understood, as the user would name them
 */
public record RunReport(
        Map<String, TableIn> tablesIn,
        Map<String, Long> unmatched,
        Map<String, Long> duplicateIds,
        long identifiers,
        long links,
        long components,
        long largestComponent,
        long idCollisions,
        Map<String, Long> entities,
        Map<String, Long> tablesOut,
        Map<String, Long> stagesMillis,
        long elapsedMillis,
        long peakMemoryBytes,
        List<String> ignored) {

    /**
     * Rows of one input table.
     *
     * @param rows data rows read
     * @param rejected rows set aside; rows used = rows - rejected
     */
    public record TableIn(long rows, long rejected) {}

    /** Copies all collections. */
    public RunReport {
        tablesIn = copy(tablesIn);
        unmatched = copy(unmatched);
        duplicateIds = copy(duplicateIds);
        entities = copy(entities);
        tablesOut = copy(tablesOut);
        stagesMillis = copy(stagesMillis);
        ignored = List.copyOf(ignored);
    }

    private static <V> Map<String, V> copy(Map<String, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
