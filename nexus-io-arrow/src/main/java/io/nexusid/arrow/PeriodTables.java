package io.nexusid.arrow;

import io.nexusid.api.NexusConfigException;
import io.nexusid.api.OutputTable;
import io.nexusid.api.PeriodRange;
import io.nexusid.graph.RowSort;
import io.nexusid.states.EntityStates;
import io.nexusid.states.Movements;
import io.nexusid.states.Periods;
import io.nexusid.states.Snapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@link OutputTable#ENTITY_STATE_SNAPSHOTS} and {@link OutputTable#MEASUREMENT_MOVEMENTS}, for periods of one length or of
 * several together.
 */
final class PeriodTables {
    static final Set<String> FIXED =
            Set.of("entity_id", "entity_type", "period_start", "period_end", "entity_state_id");

    private final Run run;
    private final StateTables states;
    private final StateRows rows;
    private final StateUnit unit;
    /** One for each length. */
    private final List<Periods> lengths = new ArrayList<>();

    PeriodTables(Run run, StateTables states) {
        this.run = run;
        this.states = states;
        this.rows = states.rows();
        this.unit = run.log().stateUnit();
        run.config().periods().forEach(range -> lengths.add(periods(range)));
    }

    private static Periods periods(PeriodRange range) {
        Periods.Unit unit =
                switch (range.unit()) {
                    case DAY -> Periods.Unit.DAY;
                    case WEEK -> Periods.Unit.WEEK;
                    case MONTH -> Periods.Unit.MONTH;
                };
        try {
            return Periods.covering(unit, micros(range.from()), micros(range.to()));
        } catch (IllegalArgumentException e) {
            throw new NexusConfigException("/periods", String.valueOf(e.getMessage()), e);
        }
    }

    private static long micros(Instant instant) {
        return Instants.micros(instant);
    }

    /** The snapshots of all lengths, one after the other. */
    private final class Taken {
        private final List<Snapshots> parts = new ArrayList<>();
        /** By length the number of its first snapshot, and the number of all. */
        private final int[] starts = new int[lengths.size() + 1];

        Taken(EntityStates timelines) {
            int most = (int) Math.min(Integer.MAX_VALUE - 8, run.config().maxSnapshotRows());
            try {
                for (int part = 0; part < lengths.size(); part++) {
                    Snapshots more = Snapshots.of(timelines, lengths.get(part), most - starts[part]);
                    parts.add(more);
                    starts[part + 1] = starts[part] + more.size();
                }
            } catch (IllegalArgumentException e) {
                throw new NexusConfigException(
                        "/max_snapshot_rows",
                        "more than " + most + " snapshots; choose a shorter range or longer periods",
                        e);
            }
        }

        int size() {
            return starts[lengths.size()];
        }

        private int part(int i) {
            int part = 0;
            while (i >= starts[part + 1]) {
                part++;
            }
            return part;
        }

        int state(int i) {
            int part = part(i);
            return parts.get(part).state(i - starts[part]);
        }

        long start(int i) {
            int part = part(i);
            return lengths.get(part).start(parts.get(part).period(i - starts[part]));
        }

        long end(int i) {
            int part = part(i);
            return lengths.get(part).end(parts.get(part).period(i - starts[part]));
        }

        /** By entity, start and end; those of one length are in that order. */
        int @Nullable [] order(EntityStates timelines) {
            if (lengths.size() < 2) {
                return null;
            }
            int n = size();
            int[] order = new int[n];
            int[] entity = new int[n];
            long[] start = new long[n];
            long[] end = new long[n];
            for (int i = 0; i < n; i++) {
                order[i] = i;
                entity[i] = timelines.entity(state(i));
                start[i] = start(i);
                end[i] = end(i);
            }
            RowSort.sortByLong(order, 0, n, end);
            RowSort.sortByLong(order, 0, n, start);
            RowSort.sort(order, 0, n, entity);
            return order;
        }
    }

    /** A row for every entity and period at whose last microsecond it held a state. */
    TableRows snapshots() {
        EntityStates timelines = states.stateRows();
        Taken taken = new Taken(timelines);
        int[] order = taken.order(timelines);
        IntUnaryOperator state = i -> taken.state(SharedIds.row(order, i));
        int[] entityOfRank = states.entityOfRank();
        IntUnaryOperator entity = i -> entityOfRank[timelines.entity(state.applyAsInt(i))];
        List<OutputColumn> columns = new ArrayList<>();
        columns.add(OutputColumn.id(
                run.config().ids(), "entity_id", (i, out) -> rows.appendEntityId(entity.applyAsInt(i), out)));
        columns.add(OutputColumn.text(
                "entity_type", (i, out) -> out.text.append(rows.entityTypeName(entity.applyAsInt(i)))));
        columns.add(OutputColumn.instant("period_start", i -> taken.start(SharedIds.row(order, i))));
        columns.add(OutputColumn.instant("period_end", i -> taken.end(SharedIds.row(order, i))));
        columns.add(OutputColumn.id(
                run.config().ids(), "entity_state_id", (i, out) -> states.appendId(state.applyAsInt(i), out)));
        List<String> names = states.columnNames();
        Map<String, String> free = ColumnNames.free("state_", names, FIXED);
        for (int c = 0; c < names.size(); c++) {
            columns.add(column(free.getOrDefault(names.get(c), names.get(c)), c, timelines, state));
        }
        return new SelectedRows(taken.size(), rows.withKeys(columns, entity));
    }

    private OutputColumn column(String name, int column, EntityStates timelines, IntUnaryOperator state) {
        if (states.isMeasurement(column)) {
            return unit.column(name, i -> timelines.number(column, state.applyAsInt(i)));
        }
        return OutputColumn.text(name, (i, out) -> {
            int stay = timelines.stay(column, state.applyAsInt(i));
            rows.values().copyTo(stay < 0 ? CodedColumn.NULL : rows.value(stay), out.text);
        });
    }

    /**
     * A period of some length.
     *
     * @param length which of the lengths
     * @param period its number among those of its length
     */
    private record Slot(int length, int period) {}

    /** All periods in order of start, then of end. */
    private List<Slot> slots() {
        List<Slot> slots = new ArrayList<>();
        for (int length = 0; length < lengths.size(); length++) {
            for (int period = 0; period < lengths.get(length).size(); period++) {
                slots.add(new Slot(length, period));
            }
        }
        slots.sort(Comparator.<Slot>comparingLong(
                        slot -> lengths.get(slot.length()).start(slot.period()))
                .thenComparingLong(slot -> lengths.get(slot.length()).end(slot.period())));
        return slots;
    }

    /** A row for every entity type, measurement that any of its entities ever has, and period. */
    TableRows movements() {
        List<Moving> moving = new ArrayList<>();
        int[] typeRanks = typeOfEntities();
        byte[][] types = typesInOrder();
        for (int c = 0; c < states.columnNames().size(); c++) {
            if (states.isMeasurement(c)) {
                List<Movements> figures = new ArrayList<>();
                for (Periods periods : lengths) {
                    figures.add(unit.movements(
                            states.stateRows(), c, states.columnNames().get(c), typeRanks, types.length, periods));
                }
                for (int type = 0; type < types.length; type++) {
                    if (figures.get(0).has(type)) {
                        moving.add(new Moving(type, states.columnNames().get(c), figures));
                    }
                }
            }
        }
        moving.sort((a, b) -> a.type() != b.type()
                ? Integer.compare(a.type(), b.type())
                : Bytes.ORDER.compare(a.measurement(), b.measurement()));
        List<Slot> slots = slots();
        int size = slots.size();
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
                        OutputColumn.instant("period_start", i -> {
                            Slot slot = slots.get(i % size);
                            return lengths.get(slot.length()).start(slot.period());
                        }),
                        OutputColumn.instant("period_end", i -> {
                            Slot slot = slots.get(i % size);
                            return lengths.get(slot.length()).end(slot.period());
                        }),
                        figure("opening", moving, slots, Movements::opening),
                        figure("new", moving, slots, Movements::arrived),
                        figure("gained", moving, slots, Movements::gained),
                        figure("lost", moving, slots, Movements::lost),
                        figure("closing", moving, slots, Movements::closing)));
    }

    /** A measurement of the entities of one type, with its figures for each length of periods. */
    private record Moving(int type, String measurement, List<Movements> figures) {}

    private interface Figure {
        long of(Movements movements, int type, int period);
    }

    private OutputColumn figure(String name, List<Moving> moving, List<Slot> slots, Figure figure) {
        int size = slots.size();
        return unit.column(name, i -> {
            Moving one = moving.get(i / size);
            Slot slot = slots.get(i % size);
            return figure.of(one.figures().get(slot.length()), one.type(), slot.period());
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
