package io.nexusid.states;

import io.nexusid.fixtures.TimelineInvariants;
import java.util.List;

/** A timeline as the plain arrays that {@link TimelineInvariants} takes. */
final class TimelineTables {
    private TimelineTables() {}

    /** Sorted, disjoint, and current where it may be. */
    static TimelineInvariants invariants(EntityStates states) {
        int n = states.size();
        int[] entity = new int[n];
        long[] from = new long[n];
        long[] to = new long[n];
        boolean[] current = new boolean[n];
        for (int i = 0; i < n; i++) {
            entity[i] = states.entity(i);
            from[i] = states.validFrom(i);
            to[i] = states.validTo(i);
            current[i] = states.isCurrent(i);
        }
        return TimelineInvariants.of(entity, from, to).currentIsLastAndOpen(current);
    }

    static boolean[] gaps(EntityStates states) {
        boolean[] gaps = new boolean[states.size()];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = states.isGap(i);
        }
        return gaps;
    }

    /** By column and row, a code of what the row shows; a gap row shows something of its own. */
    static long[][] shown(EntityStates states, List<Stay> stays, boolean[] measurement) {
        long[][] shown = new long[measurement.length + 1][states.size()];
        for (int row = 0; row < states.size(); row++) {
            for (int column = 0; column < measurement.length; column++) {
                int stay = states.stay(column, row);
                Object cell = stay < 0
                        ? null
                        : measurement[column]
                                ? stays.get(stay).number()
                                : stays.get(stay).value();
                shown[column][row] = cell == null ? Long.MIN_VALUE : cell.hashCode();
            }
            shown[measurement.length][row] = states.isGap(row) ? 1 : 0;
        }
        return shown;
    }
}
