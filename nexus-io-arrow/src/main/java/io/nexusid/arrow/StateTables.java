package io.nexusid.arrow;

import io.nexusid.api.IdDialect;
import io.nexusid.api.IdForm;
import io.nexusid.api.OutputTable;
import io.nexusid.api.SurrogateKey;
import io.nexusid.graph.RowSort;
import io.nexusid.states.EntityStates;
import io.nexusid.states.StateNumbers;
import io.nexusid.states.TimelineRules;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.ints.IntComparator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@link OutputTable#STATES} and the timelines that follow from them, {@link OutputTable#ENTITY_STATES}. */
final class StateTables {
    private static final int NONE = -1;
    static final Set<String> FIXED = Set.of(
            "entity_state_id",
            "entity_id",
            "entity_type",
            "valid_from",
            "valid_to",
            "is_current",
            "previous_entity_state_id");

    private final Run run;
    private final StateRows rows;
    private final StateUnit unit;
    private @Nullable Timelines timelines;

    StateTables(Run run, StateRows rows) {
        this.run = run;
        this.rows = rows;
        this.unit = run.log().stateUnit();
    }

    /** All stays, sorted by entity id, state name, entry and id. */
    TableRows states() {
        int[] order = sorted();
        CodedColumn values = rows.values();
        CodedColumn categories = rows.categories();
        List<OutputColumn> columns = List.of(
                OutputColumn.id(run.config().ids(), "state_id", (i, out) -> {
                    addId(order[i], out.key);
                    out.appendId(Bytes.STATE_PREFIX);
                }),
                OutputColumn.id(
                        run.config().ids(), "entity_id", (i, out) -> rows.appendEntityId(rows.entity(order[i]), out)),
                OutputColumn.text(
                        "entity_type", (i, out) -> out.text.append(rows.entityTypeName(rows.entity(order[i])))),
                OutputColumn.text(
                        "state_name", (i, out) -> out.text.append(rows.names().bytes(rows.name(order[i])))),
                OutputColumn.text("state_value", (i, out) -> values.copyTo(rows.value(order[i]), out.text)),
                unit.column("state_numeric_value", i -> rows.number(order[i])),
                OutputColumn.text("state_category", (i, out) -> categories.copyTo(rows.category(order[i]), out.text)),
                OutputColumn.instant("state_entered_at", i -> rows.enteredAt(order[i])),
                OutputColumn.instant("state_exited_at", i -> rows.exitedAt(order[i])),
                OutputColumn.flag("is_current", i -> rows.isCurrent(order[i])),
                OutputColumn.text("trigger_event_id", (i, out) -> rows.copyTriggerTo(order[i], out.text)));
        return new SelectedRows(order.length, rows.withKeys(columns, i -> rows.entity(order[i])));
    }

    private void addId(int stay, SurrogateKey key) {
        addId(
                key,
                run.config().idDialect(),
                rows.entityId(rows.entity(stay)),
                rows.names().bytes(rows.name(stay)),
                rows.enteredAt(stay),
                rows.trigger(stay));
    }

    /** Starts the key of a stay. */
    static void addId(
            SurrogateKey key,
            IdDialect dialect,
            byte[] entityId,
            byte[] name,
            long enteredAt,
            byte @Nullable [] trigger) {
        key.start().add(entityId).add(name);
        if (enteredAt == Instants.NULL) {
            key.addNull();
        } else {
            key.addTimestamp(dialect, enteredAt);
        }
        if (trigger == null) {
            key.addNull();
        } else {
            key.add(trigger);
        }
    }

    private int[] sorted() {
        int n = rows.size();
        int[] order = new int[n];
        int[] entity = new int[n];
        int[] name = new int[n];
        long[] enteredAt = new long[n];
        int[] nameRanks = new CodedColumn(rows.names()).rankOfCode();
        for (int i = 0; i < n; i++) {
            order[i] = i;
            entity[i] = rows.idRank(i);
            name[i] = nameRanks[rows.name(i)];
            enteredAt[i] = rows.enteredAt(i);
        }
        RowSort.sortByLong(order, 0, n, enteredAt);
        RowSort.sort(order, 0, n, name);
        RowSort.sort(order, 0, n, entity);
        int from = 0;
        for (int i = 1; i <= n; i++) {
            boolean same = i < n
                    && entity[order[i]] == entity[order[from]]
                    && name[order[i]] == name[order[from]]
                    && enteredAt[order[i]] == enteredAt[order[from]];
            if (!same) {
                if (i - from > 1) {
                    IntArrays.mergeSort(order, from, i, new ById());
                }
                from = i;
            }
        }
        return order;
    }

    /** Stays of one entity, state and instant: by id, then by the remaining columns. */
    private final class ById implements IntComparator {
        private final SurrogateKey key = new SurrogateKey();

        @Override
        public int compare(int a, int b) {
            addId(a, key);
            key.finish();
            long high = key.high();
            long low = key.low();
            addId(b, key);
            key.finish();
            int order = Long.compareUnsigned(high, key.high());
            order = order != 0 ? order : Long.compareUnsigned(low, key.low());
            order = order != 0 ? order : rows.compareEntityTypes(rows.entity(a), rows.entity(b));
            order = order != 0 ? order : compareValues(a, b);
            order = order != 0 ? order : rows.categories().compareCodes(rows.category(a), rows.category(b));
            order = order != 0 ? order : Instants.compare(rows.exitedAt(a), rows.exitedAt(b));
            order = order != 0 ? order : Integer.compare(rows.isCurrent(a), rows.isCurrent(b));
            return order != 0 ? order : rows.compareTriggers(a, b);
        }
    }

    private int compareValues(int a, int b) {
        int order = rows.values().compareCodes(rows.value(a), rows.value(b));
        return order != 0 ? order : unit.form().compare(rows.number(a), rows.number(b));
    }

    /** The output columns of the wide table: which states have one, what they are called, in which order. */
    private final class Layout {
        /** By code of a state's name, the number of its normalised form. */
        final int[] stateOfName;
        /** By number of a normalised name, its column, or -1. */
        final int[] columnOfState;

        final List<String> names = new ArrayList<>();
        final boolean[] measurement;

        Layout() {
            CodedColumn texts = new CodedColumn(rows.names());
            stateOfName = PivotNames.columnOfName(texts);
            Map<String, Integer> states = new HashMap<>();
            for (int code = 0; code < stateOfName.length; code++) {
                states.put(ColumnNames.normalize(texts.text(code)), stateOfName[code]);
            }
            boolean[] shown = new boolean[stateOfName.length];
            boolean[] measured = new boolean[stateOfName.length];
            for (int stay = 0; stay < rows.size(); stay++) {
                int state = stateOfName[rows.name(stay)];
                shown[state] |= rows.hasColumn(stay);
                measured[state] |= rows.isMeasurement(stay);
            }
            Map<String, Integer> wanted = new HashMap<>(states);
            wanted.values().removeIf(state -> !shown[state]);
            Set<String> withDelta = new HashSet<>(wanted.keySet());
            withDelta.removeIf(name -> !measured[wanted.getOrDefault(name, 0)]);
            Map<String, String> columnNames = ColumnNames.free(
                    "state_", wanted.keySet(), EntityColumns.fixed(run.config(), FIXED, "entity_key"), withDelta);
            Map<String, Integer> stateOfColumn = new HashMap<>();
            wanted.forEach((name, state) -> stateOfColumn.put(columnNames.getOrDefault(name, name), state));
            columnOfState = new int[stateOfName.length];
            Arrays.fill(columnOfState, NONE);
            List<String> sorted =
                    stateOfColumn.keySet().stream().sorted(Bytes.ORDER).toList();
            measurement = new boolean[sorted.size()];
            for (boolean measurements : new boolean[] {false, true}) {
                for (String name : sorted) {
                    int state = stateOfColumn.getOrDefault(name, NONE);
                    if (measured[state] == measurements) {
                        columnOfState[state] = names.size();
                        measurement[names.size()] = measurements;
                        names.add(name);
                    }
                }
            }
        }
    }

    /** The timelines of all entities, computed once. */
    private final class Timelines {
        final Layout layout = new Layout();
        final EntityStates states;
        /** By code of an entity in the timelines, its number. */
        final int[] entityOfRank;

        Timelines() {
            int n = rows.size();
            int[] entity = new int[n];
            int[] state = new int[n];
            int[] column = new int[n];
            int[] value = new int[n];
            long[] enteredAt = new long[n];
            long[] exitedAt = new long[n];
            boolean[] present = new boolean[n];
            long[] number = new long[n];
            entityOfRank = new int[n == 0 ? 0 : maxRank() + 1];
            for (int i = 0; i < n; i++) {
                entity[i] = rows.entityRank(i);
                entityOfRank[entity[i]] = rows.entity(i);
                state[i] = layout.stateOfName[rows.name(i)];
                column[i] = layout.columnOfState[state[i]];
                value[i] = rows.value(i);
                enteredAt[i] = rows.enteredAt(i);
                exitedAt[i] = rows.exitedAt(i);
                number[i] = rows.number(i);
                present[i] = value[i] >= 0 || !StateNumbers.isNull(number[i]);
            }
            TimelineRules rules = TimelineRules.of(
                            run.config().gapMode(), run.config().deltaMode())
                    .with(unit.form());
            states = EntityStates.compute(
                    n,
                    entity,
                    state,
                    column,
                    layout.measurement,
                    enteredAt,
                    exitedAt,
                    present,
                    value,
                    number,
                    StateTables.this::compareTies,
                    run.config().coalesceUnchanged() ? rules.coalescing() : rules);
            unit.checkDeltas(states, number, layout.measurement, layout.names);
        }
    }

    private Timelines timelines() {
        Timelines found = timelines;
        if (found == null) {
            found = new Timelines();
            timelines = found;
        }
        return found;
    }

    /** The wide SCD2 table, sorted by entity id and instant. */
    TableRows entityStates() {
        EntityStates states = timelines().states;
        int[] entityOfRank = timelines().entityOfRank;
        IntUnaryOperator entityOfRow = i -> entityOfRank[states.entity(i)];
        int[] order = rows.hasSharedIds() ? orderOfSharedIds(states, entityOfRow) : null;
        Layout layout = timelines().layout;
        return new SelectedRows(states.size(), () -> {
            TimelineBatch batch = new TimelineBatch(
                    rows, states, entityOfRank, order, run.config().idDialect());
            return new SelectedRows.Columns(columns(layout, states, batch), batch);
        });
    }

    private int @Nullable [] orderOfSharedIds(EntityStates states, IntUnaryOperator entityOfRow) {
        return SharedIds.order(
                states.size(),
                entityOfRow,
                (a, b) -> rows.compareEntityIds(entityOfRow.applyAsInt(a), entityOfRow.applyAsInt(b)) == 0,
                (a, b) -> {
                    int byTime = Long.compare(states.validFrom(a), states.validFrom(b));
                    return byTime != 0
                            ? byTime
                            : rows.compareEntityTypes(entityOfRow.applyAsInt(a), entityOfRow.applyAsInt(b));
                });
    }

    /** The rows of the timelines, for joins. */
    EntityStates stateRows() {
        return timelines().states;
    }

    /** By code of an entity in the timelines, its number among the {@link #rows}. */
    int[] entityOfRank() {
        return timelines().entityOfRank;
    }

    /** The stays that the timelines are made of. */
    StateRows rows() {
        return rows;
    }

    /** The names of the states' columns. */
    List<String> columnNames() {
        return timelines().layout.names;
    }

    /** Whether the state in this column is a measurement. */
    boolean isMeasurement(int column) {
        return timelines().layout.measurement[column];
    }

    /** The entity of this run as a code of the timelines, -1 if it has no states. */
    int rankOfOrdinal(int ordinal) {
        return rows.rankOfOrdinal(ordinal);
    }

    /** Appends the id of a row of the timelines. */
    void appendId(int row, OutputColumn.Scratch scratch) {
        int entity = timelines().entityOfRank[timelines().states.entity(row)];
        rows.addEntityId(entity, scratch.key.start())
                .addTimestamp(run.config().idDialect(), timelines().states.validFrom(row));
        scratch.appendId(Bytes.ENTITY_STATE_PREFIX);
    }

    private int compareTies(int a, int b) {
        int order = rows.compareTriggers(a, b);
        return order != 0 ? order : compareValues(a, b);
    }

    private int maxRank() {
        int max = 0;
        for (int i = 0; i < rows.size(); i++) {
            max = Math.max(max, rows.entityRank(i));
        }
        return max;
    }

    private List<OutputColumn> columns(Layout layout, EntityStates timelines, TimelineBatch batch) {
        List<OutputColumn> out = new ArrayList<>();
        IdForm ids = run.config().ids();
        out.add(OutputColumn.id(ids, "entity_state_id", batch::appendId));
        out.add(OutputColumn.id(ids, "entity_id", (i, scratch) -> rows.appendEntityId(batch.entity(i), scratch)));
        out.add(OutputColumn.text(
                "entity_type", (i, scratch) -> scratch.text.append(rows.entityTypeName(batch.entity(i)))));
        CodedColumn values = rows.values();
        for (int c = 0; c < layout.names.size(); c++) {
            int column = c;
            if (layout.measurement[c]) {
                out.add(unit.column(layout.names.get(c), i -> {
                    int stay = timelines.stay(column, batch.timeline(i));
                    return stay < 0 ? StateNumbers.NULL : rows.number(stay);
                }));
                out.add(unit.column(
                        ColumnNames.delta(layout.names.get(c)), i -> timelines.delta(column, batch.timeline(i))));
            } else {
                out.add(OutputColumn.text(layout.names.get(c), (i, scratch) -> {
                    int stay = timelines.stay(column, batch.timeline(i));
                    values.copyTo(stay < 0 ? NONE : rows.value(stay), scratch.text);
                }));
            }
        }
        out.add(OutputColumn.instant("valid_from", i -> timelines.validFrom(batch.timeline(i))));
        out.add(OutputColumn.instant("valid_to", i -> timelines.validTo(batch.timeline(i))));
        out.add(OutputColumn.flag("is_current", i -> timelines.isCurrent(batch.timeline(i)) ? 1 : 0));
        out.add(OutputColumn.id(ids, "previous_entity_state_id", batch::appendPreviousId));
        return rows.withKeys(out, batch::entity);
    }
}
