package io.nexusid.states;

import io.nexusid.api.DeltaMode;
import io.nexusid.api.GapMode;
import io.nexusid.fixtures.MadeTimelines;
import io.nexusid.fixtures.TimelineInvariants;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A timeline as the plain arrays that {@link TimelineInvariants} takes. */
final class TimelineTables {
    /** Beyond it, sums of doubles are rounded. */
    private static final BigDecimal LARGEST = BigDecimal.valueOf(1L << 40);
    /** Stands for NaN and the infinite, which nothing can be said of. */
    private static final BigDecimal UNKNOWN = BigDecimal.TEN.pow(400);

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

    /** Has all that a timeline promises under its rules checked when the test ends; gives back the timeline. */
    static EntityStates noted(EntityStates states, List<Stay> given, boolean[] measurement, TimelineRules rules) {
        List<Stay> stays = List.copyOf(given); // a test may go on with its own
        MadeTimelines.note(() -> {
            TimelineInvariants timeline = invariants(states);
            if (rules.deltas() == DeltaMode.CONSERVING) {
                deltasAddUp(timeline, states, measurement, rules.numbers());
            }
            if (rules.coalesceUnchanged()) {
                timeline.neighboursDiffer(shown(states, stays, measurement));
            }
            if (rules.gaps() == GapMode.CLOSE) {
                gapsAreExact(timeline, states, stays);
                for (int column = 0; column < measurement.length; column++) {
                    replays(timeline, states, stays, column, measurement[column]);
                }
            }
        });
        return states;
    }

    /** Has a timeline whose stays are not at hand checked for its order when the test ends. */
    static EntityStates noted(EntityStates states) {
        MadeTimelines.note(() -> invariants(states));
        return states;
    }

    /**
     * Has the stays of each state of an entity checked when the test ends: they are in order, disjoint, and those that
     * touch differ.
     */
    static StateStays noted(StateStays stays, List<Change> given) {
        List<Change> changes = List.copyOf(given);
        MadeTimelines.note(() -> {
            int n = stays.size();
            int[] group = new int[n];
            long[] from = new long[n];
            long[] to = new long[n];
            long[][] shown = new long[3][n];
            for (int i = 0; i < n; i++) {
                Change opener = changes.get(stays.row(i));
                group[i] = opener.entity() * 100 + opener.state();
                from[i] = stays.enteredAt(i);
                to[i] = stays.exitedAt(i);
                shown[0][i] =
                        opener.value() == null ? Long.MIN_VALUE : opener.value().hashCode();
                shown[1][i] = opener.number() == null
                        ? Long.MIN_VALUE
                        : opener.number().hashCode();
                shown[2][i] = opener.category();
            }
            TimelineInvariants.of(group, from, to).neighboursDiffer(shown);
        });
        return stays;
    }

    /** Doubles whose differences are rounded are left out. */
    private static void deltasAddUp(
            TimelineInvariants timeline, EntityStates states, boolean[] measurement, NumberForm form) {
        for (int column = 0; column < measurement.length; column++) {
            int c = column;
            boolean exact = measurement[column];
            for (int row = 0; exact && row < states.size(); row++) {
                BigDecimal number = number(states.number(c, row), form);
                exact = number == null || (number.scale() <= 2 && number.abs().compareTo(LARGEST) < 0);
            }
            if (exact) {
                timeline.deltasAddUp(
                        row -> number(states.number(c, row), form), row -> number(states.delta(c, row), form));
            }
        }
    }

    private static BigDecimal number(long code, NumberForm form) {
        if (StateNumbers.isNull(code)) {
            return null;
        }
        if (form == NumberForm.EXACT) {
            return BigDecimal.valueOf(code);
        }
        double number = StateNumbers.value(code);
        return Double.isFinite(number) ? new BigDecimal(number).stripTrailingZeros() : UNKNOWN;
    }

    private static void gapsAreExact(TimelineInvariants timeline, EntityStates states, List<Stay> stays) {
        List<Stay> present = stays.stream()
                .filter(stay -> stay.present() && stay.entered() != null && stay.entity() >= 0)
                .toList();
        timeline.gapsAreExact(
                gaps(states),
                present.stream().mapToInt(Stay::entity).toArray(),
                present.stream().mapToLong(Stay::entered).toArray(),
                present.stream().mapToLong(stay -> or(stay.exited())).toArray());
    }

    /** Of entities whose stays of the column are disjoint; where they overlap, the oracle knows which is in force. */
    private static void replays(
            TimelineInvariants timeline, EntityStates states, List<Stay> stays, int column, boolean measurement) {
        List<Stay> ofColumn = stays.stream()
                .filter(stay -> stay.column() == column && stay.present() && stay.entered() != null)
                .filter(stay -> stay.exited() == null || stay.exited() > stay.entered())
                .filter(stay -> stay.entity() >= 0)
                .sorted(Comparator.comparing(Stay::entity).thenComparing(Stay::entered))
                .toList();
        Set<Integer> overlapping = new HashSet<>();
        Set<Integer> statesOfColumn = new HashSet<>();
        for (int i = 0; i < ofColumn.size(); i++) {
            Stay stay = ofColumn.get(i);
            Stay before = i == 0 ? null : ofColumn.get(i - 1);
            statesOfColumn.add(stay.state());
            if (before != null
                    && before.entity() == stay.entity()
                    && (before.exited() == null || before.exited() > stay.entered())) {
                overlapping.add(stay.entity());
            }
        }
        // A stay of the same state that is shown in no column hides the column's.
        stays.stream()
                .filter(stay -> stay.column() != column && statesOfColumn.contains(stay.state()))
                .forEach(stay -> overlapping.add(stay.entity()));
        long[] cells = new long[states.size()];
        for (int row = 0; row < cells.length; row++) {
            int stay = states.stay(column, row);
            boolean told = stay >= 0 && !overlapping.contains(states.entity(row));
            cells[row] = told ? cell(stays.get(stay), measurement) : Long.MIN_VALUE;
        }
        List<Stay> told = ofColumn.stream()
                .filter(stay -> !overlapping.contains(stay.entity()))
                .toList();
        timeline.replays(
                cells,
                told.stream().mapToInt(Stay::entity).toArray(),
                told.stream().mapToLong(stay -> cell(stay, measurement)).toArray(),
                told.stream().mapToLong(Stay::entered).toArray(),
                told.stream().mapToLong(stay -> or(stay.exited())).toArray());
    }

    private static long cell(Stay stay, boolean measurement) {
        Object cell = measurement ? stay.number() : stay.value();
        return cell == null ? Long.MIN_VALUE : cell.hashCode();
    }

    private static long or(Long instant) {
        return instant == null ? Long.MIN_VALUE : instant;
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
