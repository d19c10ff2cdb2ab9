package io.nexusid.arrow;

import io.nexusid.api.OutputTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@link OutputTable#ENTITIES}, one row per entity with its traits as columns, and its views by type. Traits are pivoted
 * batch by batch from the sorted winners, so the wide table is never held.
 */
final class EntityTable {
    private static final int NONE = -1;
    static final List<String> TIME_COLUMNS = List.of(
            "_processed_at",
            "_updated_at",
            "_created_at",
            "_last_merged_at",
            "last_interaction_at",
            "first_interaction_at");
    static final Set<String> FIXED = fixedColumns();

    /** Where the cells of one trait column come from. */
    private static final class TraitColumn {
        String name;
        final List<String> registrationColumns = new ArrayList<>();
        boolean fromTraits;
        boolean fromComputed;

        TraitColumn(String name) {
            this.name = name;
        }
    }

    private final Run run;
    private final Identity identity;
    private final Traits traits;
    private final ComputedTraits computed;
    private final EntityTimes times;
    /** Trait columns by normalised name, in table order; {@code traits_entity_id} stands after {@link #leading}. */
    private final Map<String, TraitColumn> columns = new LinkedHashMap<>();

    private int leading;
    private final int[] columnOfTraitName;
    private final int[] columnOfComputedName;
    private final int[] firstTrait;
    private final int[] firstComputed;
    /** Winners in ordinal order; they come sorted by id across all types. */
    private final int[] traitsByOrdinal;

    EntityTable(Run run, Identity identity, Traits traits, ComputedTraits computed, EntityTimes times) {
        this.run = run;
        this.identity = identity;
        this.traits = traits;
        this.computed = computed;
        this.times = times;
        layOut();
        this.columnOfTraitName = columnNumbers(traits.names(), true);
        this.columnOfComputedName = columnNumbers(computed.names(), false);
        this.firstTrait = new int[identity.index().count() + 1];
        this.firstComputed = new int[identity.index().count() + 1];
        index();
        this.traitsByOrdinal = new int[traits.size()];
        int[] next = firstTrait.clone();
        for (int i = 0; i < traitsByOrdinal.length; i++) {
            traitsByOrdinal[next[traits.ordinal(i)]++] = i;
        }
    }

    private static Set<String> fixedColumns() {
        Set<String> fixed = new LinkedHashSet<>(List.of("entity_id", "entity_type", "traits_entity_id"));
        fixed.addAll(TIME_COLUMNS);
        return fixed;
    }

    /** Traits first, most frequent first, but for those a registration has too; then registrations, then computed. */
    private void layOut() {
        long[] rowsOfTrait = new long[traits.names().distinct()];
        for (int i = 0; i < traits.size(); i++) {
            rowsOfTrait[traits.name(i)]++;
        }
        Set<String> traitNames =
                PivotNames.byFrequency(traits.names(), rowsOfTrait).keySet();
        Map<String, TraitColumn> registered = new LinkedHashMap<>();
        for (String column : identity.registrations().traitColumns()) {
            registered
                    .computeIfAbsent(ColumnNames.normalize(column), TraitColumn::new)
                    .registrationColumns
                    .add(column);
        }
        traitNames.stream()
                .filter(name -> !registered.containsKey(name))
                .forEach(name -> columns.put(name, new TraitColumn(name)));
        leading = columns.size();
        columns.putAll(registered);
        traitNames.forEach(name -> column(name).fromTraits = true);
        for (String name :
                PivotNames.byFrequency(computed.names(), computed.rowsOfName()).keySet()) {
            if (!columns.containsKey(name)) {
                columns.put(name, new TraitColumn(name));
                column(name).fromComputed = true;
            }
        }
        Set<String> fixed = EntityColumns.fixed(run.config(), FIXED, "entity_key");
        Map<String, String> names = ColumnNames.free("trait_", columns.keySet(), fixed);
        columns.forEach((name, column) -> column.name = names.getOrDefault(name, name));
    }

    private TraitColumn column(String normalizedName) {
        TraitColumn column = columns.get(normalizedName);
        if (column == null) {
            throw new IllegalStateException("no column was laid out for a trait");
        }
        return column;
    }

    /** For each name's code the number of its column; -1 where the column is not filled from this kind of trait. */
    private int[] columnNumbers(CodedColumn names, boolean resolvedTraits) {
        Map<String, Integer> numbers = new HashMap<>();
        int number = 0;
        for (Map.Entry<String, TraitColumn> column : columns.entrySet()) {
            if (resolvedTraits ? column.getValue().fromTraits : column.getValue().fromComputed) {
                numbers.put(column.getKey(), number);
            }
            number++;
        }
        int[] result = new int[names.distinct()];
        for (int code = 0; code < result.length; code++) {
            result[code] = numbers.getOrDefault(ColumnNames.normalize(names.text(code)), NONE);
        }
        return result;
    }

    private void index() {
        for (int i = 0; i < traits.size(); i++) {
            firstTrait[traits.ordinal(i) + 1]++;
        }
        for (int i = 0; i < computed.size(); i++) {
            firstComputed[computed.ordinal(i) + 1]++;
        }
        Arrays.parallelPrefix(firstTrait, Integer::sum);
        Arrays.parallelPrefix(firstComputed, Integer::sum);
    }

    /** The traits of the entities of one batch, as a matrix of winners. One per cursor. */
    private final class Pivot implements SelectedRows.BatchHook {
        private final int firstOrdinal;
        private final int[][] trait = new int[columns.size()][];
        private final int[][] computedTrait = new int[columns.size()][];
        private int from;

        Pivot(int firstOrdinal) {
            this.firstOrdinal = firstOrdinal;
        }

        @Override
        public void prepare(int start, int count) {
            from = start;
            for (int c = 0; c < trait.length; c++) {
                trait[c] = cleared(trait[c], count);
                computedTrait[c] = cleared(computedTrait[c], count);
            }
            for (int row = 0; row < count; row++) {
                int ordinal = firstOrdinal + start + row;
                for (int p = firstTrait[ordinal]; p < firstTrait[ordinal + 1]; p++) {
                    take(traitsByOrdinal[p], row);
                }
                for (int i = firstComputed[ordinal]; i < firstComputed[ordinal + 1]; i++) {
                    int column = columnOfComputedName[computed.name(i)];
                    if (column >= 0) {
                        computedTrait[column][row] = i;
                    }
                }
            }
        }

        private static int[] cleared(int[] cells, int count) {
            int[] out = cells == null || cells.length < count ? new int[count] : cells;
            Arrays.fill(out, NONE);
            return out;
        }

        /** Of traits that share a column the latest one that is not null stays. */
        private void take(int winner, int row) {
            int column = columnOfTraitName[traits.name(winner)];
            if (column < 0 || traits.isNull(winner)) {
                return;
            }
            int other = trait[column][row];
            if (other < 0 || traits.compareLatest(winner, other) < 0) {
                trait[column][row] = winner;
            }
        }

        void write(int number, TraitColumn column, int row, TextAppender out) {
            int registration = identity.index().registration(firstOrdinal + row);
            if (registration >= 0) {
                int inputRow = identity.registrations().row(registration);
                for (String name : column.registrationColumns) {
                    TextColumn values = identity.registrations().trait(name);
                    if (!values.isNull(inputRow)) {
                        values.copyTo(inputRow, out);
                        return;
                    }
                }
            }
            int winner = trait[number][row - from];
            int computedWinner = computedTrait[number][row - from];
            if (winner >= 0) {
                traits.copyValueTo(winner, out);
            } else if (computedWinner >= 0) {
                computed.copyValueTo(computedWinner, out);
            } else {
                out.appendNull();
            }
        }
    }

    /** {@link OutputTable#ENTITIES}. */
    TableRows entities() {
        return new SelectedRows(identity.index().count(), () -> {
            Pivot pivot = new Pivot(0);
            List<OutputColumn> out = new ArrayList<>();
            out.add(identity.columns().id("entity_id", row -> row));
            out.add(OutputColumn.text("entity_type", identity.index()::appendType));
            List<OutputColumn> traitColumns = traitColumns(pivot, Map.of());
            out.addAll(traitColumns.subList(0, leading));
            if (!identity.resolvedTypes().isEmpty()) {
                out.add(identity.columns()
                        .id("traits_entity_id", row -> firstTrait[row] < firstTrait[row + 1] ? row : NONE));
            }
            out.addAll(traitColumns.subList(leading, traitColumns.size()));
            out.addAll(timeColumns(0));
            EntityColumns.Key key = new EntityColumns.Key("entity_key", row -> row);
            return new SelectedRows.Columns(identity.columns().withKeys(out, key), pivot);
        });
    }

    private List<OutputColumn> traitColumns(Pivot pivot, Map<String, String> renamed) {
        List<OutputColumn> out = new ArrayList<>();
        int number = 0;
        for (TraitColumn column : columns.values()) {
            int n = number++;
            out.add(OutputColumn.text(
                    renamed.getOrDefault(column.name, column.name),
                    (row, scratch) -> pivot.write(n, column, row, scratch.text)));
        }
        return out;
    }

    private List<OutputColumn> timeColumns(int first) {
        return List.of(
                OutputColumn.instant("_processed_at", row -> run.now()),
                OutputColumn.instant("_updated_at", row -> times.updatedAt(first + row)),
                OutputColumn.instant("_created_at", row -> times.createdAt(first + row)),
                OutputColumn.instant("_last_merged_at", row -> times.mergedAt(first + row)),
                OutputColumn.instant("last_interaction_at", row -> times.lastInteractionAt(first + row)),
                OutputColumn.instant("first_interaction_at", row -> times.firstInteractionAt(first + row)));
    }

    /** {@link OutputTable#PERSONS} or {@link OutputTable#GROUPS}: one type, without the columns that none of it has. */
    TableRows ofType(String type) {
        int first = identity.index().firstOfType(type);
        int end = identity.index().endOfType(type);
        boolean[] used = usedColumns(first, end);
        String typeId = type + "_id";
        String typeKey = type + "_key";
        Set<String> fixed = EntityColumns.fixed(run.config(), Set.of(typeId, "id"), typeKey);
        List<String> kept = new ArrayList<>();
        int number = 0;
        for (TraitColumn column : columns.values()) {
            if (used[number++]) {
                kept.add(column.name);
            }
        }
        Map<String, String> renamed = ColumnNames.free("trait_", kept, fixed);
        return new SelectedRows(end - first, () -> {
            Pivot pivot = new Pivot(first);
            OutputColumn id = identity.columns().id(typeId, row -> first + row);
            List<OutputColumn> out = new ArrayList<>(List.of(id, id.named("id")));
            List<OutputColumn> all = traitColumns(pivot, renamed);
            for (int c = 0; c < used.length; c++) {
                if (used[c]) {
                    out.add(all.get(c));
                }
            }
            out.addAll(timeColumns(first));
            EntityColumns.Key key = new EntityColumns.Key(typeKey, row -> first + row);
            return new SelectedRows.Columns(identity.columns().withKeys(out, key), pivot);
        });
    }

    private boolean[] usedColumns(int first, int end) {
        boolean[] used = new boolean[columns.size()];
        for (int i = 0; i < traits.size(); i++) {
            int column = columnOfTraitName[traits.name(i)];
            if (column >= 0 && inRange(traits.ordinal(i), first, end) && !traits.isNull(i)) {
                used[column] = true;
            }
        }
        for (int i = 0; i < computed.size(); i++) {
            int column = columnOfComputedName[computed.name(i)];
            if (column >= 0 && inRange(computed.ordinal(i), first, end)) {
                used[column] = true;
            }
        }
        int number = 0;
        for (TraitColumn column : columns.values()) {
            int c = number++;
            for (int ordinal = first; ordinal < end && !used[c]; ordinal++) {
                used[c] = isRegisteredValue(column, ordinal);
            }
        }
        return used;
    }

    private boolean isRegisteredValue(TraitColumn column, int ordinal) {
        int registration = identity.index().registration(ordinal);
        if (registration < 0) {
            return false;
        }
        int row = identity.registrations().row(registration);
        return column.registrationColumns.stream()
                .anyMatch(name -> !identity.registrations().trait(name).isNull(row));
    }

    private static boolean inRange(int ordinal, int first, int end) {
        return ordinal >= first && ordinal < end;
    }
}
