package io.nexusid.arrow;

import io.nexusid.api.NexusConfigException;
import io.nexusid.api.OutputTable;
import io.nexusid.api.PeriodRange;
import io.nexusid.states.EntityStates;
import io.nexusid.states.Movements;
import io.nexusid.states.NumberForm;
import io.nexusid.states.Periods;
import io.nexusid.states.Snapshots;
import io.nexusid.states.StateNumbers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@link OutputTable#ENTITY_STATE_SNAPSHOTS} and {@link OutputTable#MEASUREMENT_MOVEMENTS}. */
final class PeriodTables {
    private static final Set<String> FIXED =
            Set.of("entity_id", "entity_type", "period_start", "period_end", "entity_state_id");

    private final Run run;
    private final StateTables states;
    private final StateRows rows;
    private final Periods periods;

    PeriodTables(Run run, StateTables states, PeriodRange range) {
        this.run = run;
        this.states = states;
        this.rows = states.rows();
        Periods.Unit unit =
                switch (range.unit()) {
                    case DAY -> Periods.Unit.DAY;
                    case WEEK -> Periods.Unit.WEEK;
                    case MONTH -> Periods.Unit.MONTH;
                };
        try {
            this.periods = Periods.covering(unit, micros(range.from()), micros(range.to()));
        } catch (IllegalArgumentException e) {
            throw new NexusConfigException("/periods", String.valueOf(e.getMessage()), e);
        }
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    /** A row for every entity and period at whose last microsecond it held a state. */
    TableRows snapshots() {
        EntityStates timelines = states.stateRows();
        Snapshots snapshots;
        try {
            snapshots = Snapshots.of(timelines, periods, (int)
                    Math.min(Integer.MAX_VALUE - 8, run.config().maxSnapshotRows()));
        } catch (IllegalArgumentException e) {
            throw new NexusConfigException("/max_snapshot_rows", String.valueOf(e.getMessage()), e);
        }
        int[] entityOfRank = states.entityOfRank();
        List<OutputColumn> columns = new ArrayList<>();
        columns.add(OutputColumn.id(
                run.config().ids(),
                "entity_id",
                (i, out) -> rows.appendEntityId(entityOfRank[timelines.entity(snapshots.state(i))], out)));
        columns.add(OutputColumn.text(
                "entity_type",
                (i, out) -> out.text.append(rows.entityTypeName(entityOfRank[timelines.entity(snapshots.state(i))]))));
        columns.add(OutputColumn.instant("period_start", i -> periods.start(snapshots.period(i))));
        columns.add(OutputColumn.instant("period_end", i -> periods.end(snapshots.period(i))));
        columns.add(OutputColumn.id(
                run.config().ids(), "entity_state_id", (i, out) -> states.appendId(snapshots.state(i), out)));
        List<String> names = states.columnNames();
        Map<String, String> free = ColumnNames.free("state_", names, FIXED);
        for (int c = 0; c < names.size(); c++) {
            columns.add(column(free.getOrDefault(names.get(c), names.get(c)), c, timelines, snapshots));
        }
        return new SelectedRows(
                snapshots.size(), rows.withKeys(columns, i -> entityOfRank[timelines.entity(snapshots.state(i))]));
    }

    private OutputColumn column(String name, int column, EntityStates timelines, Snapshots snapshots) {
        if (states.isMeasurement(column)) {
            return OutputColumn.number(name, i -> timelines.number(column, snapshots.state(i)));
        }
        return OutputColumn.text(name, (i, out) -> {
            int stay = timelines.stay(column, snapshots.state(i));
            rows.values().copyTo(stay < 0 ? CodedColumn.NULL : rows.value(stay), out.text);
        });
    }

    /** A row for every entity type, measurement that any of its entities ever has, and period. */
    TableRows movements() {
        List<Moving> moving = new ArrayList<>();
        int[] typeRanks = typeOfEntities();
        byte[][] types = typesInOrder();
        for (int c = 0; c < states.columnNames().size(); c++) {
            if (states.isMeasurement(c)) {
                Movements figures =
                        Movements.compute(states.stateRows(), c, typeRanks, types.length, periods, NumberForm.DOUBLE);
                for (int type = 0; type < types.length; type++) {
                    if (figures.has(type)) {
                        moving.add(new Moving(type, states.columnNames().get(c), figures));
                    }
                }
            }
        }
        moving.sort((a, b) -> a.type() != b.type()
                ? Integer.compare(a.type(), b.type())
                : Bytes.ORDER.compare(a.measurement(), b.measurement()));
        int size = periods.size();
        return new SelectedRows(
                Math.multiplyExact(moving.size(), size),
                List.of(
                        OutputColumn.text(
                                "entity_type",
                                (i, out) -> out.text.append(
                                        types[moving.get(i / size).type()])),
                        OutputColumn.text(
                                "measurement",
                                (i, out) -> out.text.append(
                                        Bytes.of(moving.get(i / size).measurement()))),
                        OutputColumn.instant("period_start", i -> periods.start(i % size)),
                        OutputColumn.instant("period_end", i -> periods.end(i % size)),
                        figure("opening", moving, Movements::opening),
                        figure("new", moving, Movements::arrived),
                        figure("gained", moving, Movements::gained),
                        figure("lost", moving, Movements::lost),
                        figure("closing", moving, Movements::closing)));
    }

    /** A measurement of the entities of one type. */
    private record Moving(int type, String measurement, Movements figures) {}

    private interface Figure {
        long of(Movements movements, int type, int period);
    }

    private OutputColumn figure(String name, List<Moving> moving, Figure figure) {
        int size = periods.size();
        return OutputColumn.number(name, i -> {
            Moving one = moving.get(i / size);
            return StateNumbers.of(StateNumbers.value(figure.of(one.figures(), one.type(), i % size)));
        });
    }

    private byte[][] typesInOrder() {
        return Arrays.stream(states.entityOfRank())
                .mapToObj(entity -> rows.entityTypeName(entity))
                .sorted(Arrays::compareUnsigned)
                .distinct()
                .toArray(byte[][]::new);
    }

    private int[] typeOfEntities() {
        byte[][] types = typesInOrder();
        int[] entityOfRank = states.entityOfRank();
        int[] out = new int[entityOfRank.length];
        for (int rank = 0; rank < out.length; rank++) {
            out[rank] = Arrays.binarySearch(types, rows.entityTypeName(entityOfRank[rank]), Arrays::compareUnsigned);
        }
        return out;
    }
}
