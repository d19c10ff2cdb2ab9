package io.nexusid.states;

import io.nexusid.api.DeltaMode;
import io.nexusid.api.GapMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A stay as a test writes it; null where the kernel has a code for null. */
record Stay(int entity, int state, int column, Long entered, Long exited, String value, Double number, String event) {

    /** Contract 9.3: event, value, number, each ascending with nulls last. */
    static final Comparator<Stay> TIE = Comparator.comparing(
                    Stay::event, Comparator.nullsLast(Comparator.<String>naturalOrder()))
            .thenComparing(Stay::value, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Stay::number, Comparator.nullsLast(Comparator.naturalOrder()));

    boolean present() {
        return value != null || number != null;
    }

    /** Runs the kernel on these stays. */
    static EntityStates timelines(List<Stay> rows, boolean[] measurement, GapMode gaps, DeltaMode deltas) {
        return timelines(rows, measurement, TimelineRules.of(gaps, deltas));
    }

    static EntityStates timelines(List<Stay> rows, boolean[] measurement, TimelineRules rules) {
        boolean[] present = new boolean[rows.size()];
        for (int i = 0; i < present.length; i++) {
            present[i] = rows.get(i).present();
        }
        EntityStates states = EntityStates.compute(
                rows.size(),
                rows.stream().mapToInt(Stay::entity).toArray(),
                rows.stream().mapToInt(Stay::state).toArray(),
                rows.stream().mapToInt(Stay::column).toArray(),
                measurement,
                rows.stream().mapToLong(row -> instant(row.entered)).toArray(),
                rows.stream().mapToLong(row -> instant(row.exited)).toArray(),
                present,
                rows.stream()
                        .mapToInt(row -> row.value == null ? -1 : row.value.hashCode() & 0xff)
                        .toArray(),
                rows.stream()
                        .mapToLong(row ->
                                rules.numbers() == NumberForm.EXACT ? units(row.number) : Change.bits(row.number))
                        .toArray(),
                (a, b) -> TIE.compare(rows.get(a), rows.get(b)),
                rules);
        return TimelineTables.noted(states, rows, measurement, rules);
    }

    private static long units(Double number) {
        return number == null ? StateNumbers.NULL : number.longValue();
    }

    private static long instant(Long nullable) {
        return nullable == null ? Long.MIN_VALUE : nullable;
    }

    /** The kernel's table, each cell with the stay it names. */
    static List<TimelineRow> table(List<Stay> rows, boolean[] measurement, GapMode gaps, DeltaMode deltas) {
        return table(rows, measurement, TimelineRules.of(gaps, deltas));
    }

    static List<TimelineRow> table(List<Stay> rows, boolean[] measurement, TimelineRules rules) {
        EntityStates states = timelines(rows, measurement, rules);
        List<TimelineRow> table = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            List<Stay> cells = new ArrayList<>();
            List<Double> changes = new ArrayList<>();
            for (int column = 0; column < measurement.length; column++) {
                int stay = states.stay(column, i);
                cells.add(stay < 0 ? null : rows.get(stay));
                long delta = measurement[column] ? states.delta(column, i) : StateNumbers.NULL;
                if (StateNumbers.isNull(delta)) {
                    changes.add(null);
                } else {
                    changes.add(rules.numbers() == NumberForm.EXACT ? (double) delta : StateNumbers.value(delta));
                }
            }
            table.add(new TimelineRow(
                    states.entity(i),
                    states.validFrom(i),
                    states.validTo(i) == Long.MIN_VALUE ? null : Long.valueOf(states.validTo(i)),
                    states.isCurrent(i),
                    states.isGap(i),
                    states.hasPrevious(i),
                    cells,
                    changes));
        }
        return table;
    }
}
