package io.nexusid.states;

import java.util.List;

/** A row of the wide table, per column the stay in force and the delta, either of them null. */
record TimelineRow(
        int entity,
        long from,
        Long to,
        boolean current,
        boolean gap,
        boolean hasPrevious,
        List<Stay> cells,
        List<Double> deltas) {

    Double number(int column) {
        return cells.get(column) == null ? null : cells.get(column).number();
    }

    boolean contains(long instant) {
        return from <= instant && (to == null || instant < to);
    }
}
