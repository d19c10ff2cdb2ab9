package io.nexusid.states;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** A change of state as a test writes it; null where the kernel has a code for null. */
record Change(int entity, int state, long at, String value, Double number, int category, String event) {

    static final Comparator<Change> BY_EVENT =
            Comparator.comparing(Change::event, Comparator.nullsLast(Comparator.naturalOrder()));

    /** The rule of precedence among the changes of one instant. */
    static final Comparator<Change> WINNER_FIRST = BY_EVENT.thenComparing(
                    Change::value, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Change::number, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Change::category);

    boolean ends() {
        return value == null && number == null;
    }

    boolean sameAs(Change other) {
        return Objects.equals(value, other.value) && Objects.equals(number, other.number) && category == other.category;
    }

    /** Runs the kernel on these rows. */
    static StateStays stays(List<Change> rows) {
        StateStays stays = StateStays.fromChanges(
                rows.size(),
                rows.stream().mapToInt(Change::entity).toArray(),
                rows.stream().mapToInt(Change::state).toArray(),
                rows.stream().mapToLong(Change::at).toArray(),
                ranks(rows),
                rows.stream().mapToLong(row -> bits(row.number)).toArray(),
                rows.stream().mapToInt(Change::category).toArray(),
                (a, b) -> BY_EVENT.compare(rows.get(a), rows.get(b)));
        return TimelineTables.noted(stays, rows);
    }

    private static int[] ranks(List<Change> rows) {
        String[] sorted = rows.stream()
                .map(Change::value)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .toArray(String[]::new);
        return rows.stream()
                .mapToInt(row -> row.value == null ? -1 : Arrays.binarySearch(sorted, row.value))
                .toArray();
    }

    static long bits(Double number) {
        return number == null ? StateNumbers.NULL : StateNumbers.of(number);
    }
}
