package io.nexusid.arrow.store;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which segments of a table to merge so that they stay few and rows are seldom written again.
 *
 * <p>Segments are sorted into tiers by weight, tier t from 8^t to below 8^(t+1) rows, and eight of one tier become one of a
 * higher tier: weights add up, so a merge always climbs. Rows that were rewritten four times are left alone. Therefore a row
 * is written at most five times in all, whatever the sizes of the batches; and with batches of b rows there are at most
 * 28 segments until 8^4 batches have come, and one more for each 4,096 b rows after that.
 *
 * <p>The same scheme as size-tiered compaction in log-structured merge trees (O'Neil et al. 1996), with a lid.
 */
final class SegmentTiers {
    static final int FAN_IN = 8;
    static final int MOST_REWRITES = 4;

    private SegmentTiers() {}

    /** The segments of one table that should become one now; empty if none. Ask again after the merge. */
    static List<SegmentInfo> next(List<SegmentInfo> segments) {
        SortedMap<Integer, List<SegmentInfo>> tiers = new TreeMap<>();
        for (SegmentInfo segment : segments) {
            if (segment.rewrites() < MOST_REWRITES) {
                tiers.computeIfAbsent(tier(segment), t -> new ArrayList<>()).add(segment);
            }
        }
        for (List<SegmentInfo> tier : tiers.values()) {
            if (tier.size() >= FAN_IN) {
                return tier;
            }
        }
        return List.of();
    }

    private static int tier(SegmentInfo segment) {
        return (63 - Long.numberOfLeadingZeros(Math.max(1, segment.weight()))) / 3;
    }
}
