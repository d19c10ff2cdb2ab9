package io.nexusid.states;

import io.nexusid.api.DeltaMode;
import io.nexusid.api.GapMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The wide table straight from its rules: at every change point, look at every stay. Quadratic. */
final class TimelineOracle {
    private static final Comparator<Stay> IN_FORCE_FIRST = Comparator.comparing(
                    Stay::entered, Comparator.reverseOrder())
            .thenComparing(Stay.TIE)
            .thenComparing(stay -> stay.column() < 0)
            .thenComparing(Stay::exited, Comparator.nullsFirst(Comparator.reverseOrder()));

    private final List<Stay> stays;
    private final boolean[] measurement;
    private final GapMode gaps;
    private final DeltaMode deltas;

    TimelineOracle(List<Stay> stays, boolean[] measurement, GapMode gaps, DeltaMode deltas) {
        this.stays = stays.stream().filter(stay -> stay.entered() != null).toList();
        this.measurement = measurement;
        this.gaps = gaps;
        this.deltas = deltas;
    }

    /** Per state, the stay in force at this instant. */
    SortedMap<Integer, Stay> inForce(int entity, long t) {
        TreeMap<Integer, Stay> winners = new TreeMap<>();
        for (Stay stay : stays) {
            boolean active = stay.entity() == entity
                    && stay.entered() <= t
                    && (stay.exited() == null || stay.exited() > t)
                    && stay.present();
            if (active) {
                winners.merge(stay.state(), stay, (a, b) -> IN_FORCE_FIRST.compare(a, b) <= 0 ? a : b);
            }
        }
        return winners;
    }

    SortedSet<Integer> entities() {
        TreeSet<Integer> entities = new TreeSet<>();
        stays.forEach(stay -> entities.add(stay.entity()));
        return entities;
    }

    List<TimelineRow> table() {
        List<TimelineRow> table = new ArrayList<>();
        for (int entity : entities()) {
            table.addAll(timeline(entity));
        }
        return table;
    }

    private List<TimelineRow> timeline(int entity) {
        TreeSet<Long> points = new TreeSet<>();
        for (Stay stay : stays) {
            if (stay.entity() == entity) {
                points.add(stay.entered());
                if (stay.exited() != null) {
                    points.add(stay.exited());
                }
            }
        }
        List<TimelineRow> timeline = new ArrayList<>();
        for (long t : points) {
            Long nextPoint = points.higher(t);
            Long nextHeld = nextPoint;
            while (nextHeld != null && inForce(entity, nextHeld).isEmpty()) {
                nextHeld = points.higher(nextHeld);
            }
            SortedMap<Integer, Stay> held = inForce(entity, t);
            TimelineRow previous = timeline.isEmpty() ? null : timeline.get(timeline.size() - 1);
            if (!held.isEmpty()) {
                Long end = gaps == GapMode.CLOSE ? nextPoint : nextHeld;
                timeline.add(row(entity, t, end, end == null, false, cells(held), previous));
            } else if (gaps == GapMode.CLOSE && deltas == DeltaMode.CONSERVING && losesMeasurement(entity, t, points)) {
                List<Stay> nothing = Collections.nCopies(measurement.length, null);
                timeline.add(row(entity, t, nextHeld, false, true, nothing, previous));
            }
        }
        return timeline;
    }

    private boolean losesMeasurement(int entity, long t, NavigableSet<Long> points) {
        Long before = points.lower(t);
        return before != null
                && inForce(entity, before).values().stream()
                        .anyMatch(stay -> stay.column() >= 0 && measurement[stay.column()] && stay.number() != null);
    }

    private List<Stay> cells(SortedMap<Integer, Stay> held) {
        List<Stay> cells = new ArrayList<>(Collections.nCopies(measurement.length, null));
        held.values().stream().filter(stay -> stay.column() >= 0).forEach(stay -> cells.set(stay.column(), stay));
        return cells;
    }

    private TimelineRow row(
            int entity, long from, Long to, boolean current, boolean gap, List<Stay> cells, TimelineRow previous) {
        List<Double> changes = new ArrayList<>();
        for (int column = 0; column < measurement.length; column++) {
            Double now = cells.get(column) == null ? null : cells.get(column).number();
            Double before = previous == null ? null : previous.number(column);
            boolean isNull = deltas == DeltaMode.COMPAT ? now == null : now == null && before == null;
            changes.add(
                    isNull || !measurement[column]
                            ? null
                            : Double.valueOf(
                                    Objects.requireNonNullElse(now, 0.0) - Objects.requireNonNullElse(before, 0.0)));
        }
        return new TimelineRow(entity, from, to, current, gap, previous != null, cells, changes);
    }
}
