package io.nexusid.arrow;

import io.nexusid.api.Aggregator;
import io.nexusid.api.ColumnType;
import io.nexusid.api.DerivedStateSpec;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.StateSpec;
import io.nexusid.arrow.StoredNames.Kind;
import io.nexusid.arrow.StoredNames.Name;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The columns that wide tables have from the data, told from the names that a store has ever taken: their names, types and
 * order, each new one behind those before it.
 *
 * <p>What a column is called, and what is in it, can depend on which names there are: a trait called like a fixed column
 * gets a prefix, a state is a number once one change measures it. As long as no such case is possible a table is
 * {@linkplain #isPlain plain}: then a part of its rows, derived by itself, has the columns that the whole table has.
 */
final class WideColumns {
    private static final Set<String> WIDE_STATES = Set.of(
            OutputTable.ENTITY_STATES, OutputTable.ENTITY_STATE_PARTICIPANTS, OutputTable.ENTITY_STATE_SNAPSHOTS);

    private final NexusConfig config;
    private final Map<String, Map<String, ColumnType>> columns = new HashMap<>();
    private final Map<String, Set<String>> fixed = new HashMap<>();
    private final Set<String> notPlain = new HashSet<>();

    /** Lays the columns out. */
    WideColumns(NexusConfig config, List<Name> names) {
        this.config = config;
        entities(names);
        measurements(names);
        dimensions(names);
        states(names);
    }

    /** Whether a table has columns from the data. */
    boolean isWide(String table) {
        return columns.containsKey(table);
    }

    /** The columns from the data, in the order in which their names were first taken. */
    Map<String, ColumnType> columns(String table) {
        return columns.getOrDefault(table, Map.of());
    }

    /** Whether a column of a wide table is always there. */
    boolean isFixed(String table, String column) {
        return fixed.getOrDefault(table, Set.of()).contains(column);
    }

    /** Whether the columns of a part of the rows are those of the whole table. */
    boolean isPlain(String table) {
        return !notPlain.contains(table);
    }

    /** Names as columns; a table is not plain if what one is called depends on which others there are. */
    private Map<String, String> named(
            String table, String prefix, Collection<String> names, Set<String> fixedNames, Set<String> withDelta) {
        Set<String> taken = new HashSet<>(fixedNames);
        withDelta.forEach(name -> taken.add(ColumnNames.delta(name)));
        Set<String> all = new HashSet<>(taken);
        all.addAll(names);
        for (String name : names) {
            boolean isDelta = taken.contains(name) && !fixedNames.contains(name);
            boolean again = fixedNames.contains(name)
                    && (all.contains(prefix + name) || all.contains(ColumnNames.delta(prefix + name)));
            if (isDelta || again) {
                notPlain.add(table);
            }
        }
        fixed.put(table, fixedNames);
        return ColumnNames.free(prefix, names, fixedNames, withDelta);
    }

    private static Set<String> normalized(List<Name> names, Set<Kind> kinds) {
        Set<String> normalized = new LinkedHashSet<>();
        names.stream()
                .filter(name -> kinds.contains(name.kind()))
                .forEach(name -> normalized.add(ColumnNames.normalize(name.text())));
        return normalized;
    }

    private void entities(List<Name> taken) {
        List<Name> names = new ArrayList<>(taken);
        if (!config.internalEmails().isEmpty()) {
            names.add(0, new Name(Kind.TRAIT, InputRows.INTERNAL_USER));
        }
        Set<String> all = normalized(names, EnumSet.of(Kind.TRAIT, Kind.REGISTERED_TRAIT, Kind.COMPUTED_TRAIT));
        Set<String> computed = normalized(names, EnumSet.of(Kind.COMPUTED_TRAIT));
        // A computed trait is shown only where no other trait has its name.
        computed.retainAll(normalized(names, EnumSet.of(Kind.TRAIT, Kind.REGISTERED_TRAIT)));
        Map<String, String> named = named(
                OutputTable.ENTITIES,
                "trait_",
                all,
                EntityColumns.fixed(config, EntityTable.FIXED, "entity_key"),
                Set.of());
        if (!computed.isEmpty()) {
            notPlain.add(OutputTable.ENTITIES);
        }
        Map<String, ColumnType> ofEntities = new LinkedHashMap<>();
        all.forEach(name -> ofEntities.put(named.getOrDefault(name, name), ColumnType.STRING));
        columns.put(OutputTable.ENTITIES, ofEntities);
        ofType(OutputTable.PERSONS, "person", ofEntities.keySet());
        ofType(OutputTable.GROUPS, "group", ofEntities.keySet());
    }

    private void ofType(String table, String type, Set<String> names) {
        Set<String> ids = EntityColumns.fixed(config, Set.of(type + "_id", "id"), type + "_key");
        Map<String, String> named = named(table, "trait_", names, ids, Set.of());
        Map<String, ColumnType> ofType = new LinkedHashMap<>();
        names.forEach(name -> ofType.put(named.getOrDefault(name, name), ColumnType.STRING));
        columns.put(table, ofType);
        Set<String> always = new HashSet<>(ids);
        always.addAll(EntityTable.TIME_COLUMNS);
        fixed.put(table, always);
        if (!isPlain(OutputTable.ENTITIES)) {
            notPlain.add(table);
        }
    }

    private void measurements(List<Name> names) {
        Set<String> all = normalized(names, EnumSet.of(Kind.MEASUREMENT));
        Map<String, String> named =
                named(OutputTable.EVENT_MEASUREMENTS, "measurement_", all, WideEvents.FIXED, Set.of());
        Map<String, ColumnType> ofMeasurements = new LinkedHashMap<>();
        all.forEach(name -> ofMeasurements.put(named.getOrDefault(name, name), ColumnType.DOUBLE));
        columns.put(OutputTable.EVENT_MEASUREMENTS, ofMeasurements);
        Map<String, Aggregator> aggregators = new HashMap<>();
        for (Name name : names) {
            if (name.kind() == Kind.MEASUREMENT) {
                String lower = TextCase.lower(name.text());
                Aggregator own = config.aggregator(lower);
                Aggregator other = aggregators.put(ColumnNames.normalize(lower), own);
                // Names that share a column are added up as the smallest of them is.
                if (other != null && other != own) {
                    notPlain.add(OutputTable.EVENT_MEASUREMENTS);
                    if (!config.states().isEmpty()) {
                        notPlain.addAll(OutputTable.ofStates());
                    }
                }
            }
        }
    }

    private void dimensions(List<Name> names) {
        Set<String> all = normalized(names, EnumSet.of(Kind.DIMENSION));
        Map<String, String> named = named(OutputTable.EVENT_DIMENSIONS, "dimension_", all, WideEvents.FIXED, Set.of());
        Map<String, ColumnType> ofDimensions = new LinkedHashMap<>();
        all.forEach(name -> ofDimensions.put(
                named.getOrDefault(name, name), name.startsWith("is_") ? ColumnType.BOOLEAN : ColumnType.STRING));
        columns.put(OutputTable.EVENT_DIMENSIONS, ofDimensions);
    }

    private void states(List<Name> taken) {
        List<Name> names = new ArrayList<>();
        config.states().forEach(spec -> kinds(spec).forEach(kind -> names.add(new Name(kind, spec.name()))));
        for (DerivedStateSpec spec : config.derivedStates()) {
            names.add(new Name(Kind.STATE, spec.name()));
        }
        names.addAll(taken);
        Set<String> measured = normalized(names, EnumSet.of(Kind.MEASURED_STATE));
        Set<String> all = normalized(names, EnumSet.of(Kind.STATE, Kind.MEASURED_STATE));
        Map<String, Set<Kind>> kinds = new HashMap<>();
        for (Name name : names) {
            if (EnumSet.of(Kind.STATE, Kind.MEASURED_STATE, Kind.OTHER_STATE).contains(name.kind())) {
                kinds.computeIfAbsent(ColumnNames.normalize(name.text()), n -> EnumSet.noneOf(Kind.class))
                        .add(name.kind());
            }
        }
        if (kinds.values().stream().anyMatch(of -> of.size() > 1)) {
            notPlain.addAll(WIDE_STATES);
        }
        Set<String> always = EntityColumns.fixed(config, StateTables.FIXED, "entity_key");
        Map<String, String> named = named(OutputTable.ENTITY_STATES, "state_", all, always, measured);
        Map<String, ColumnType> ofStates = new LinkedHashMap<>();
        for (String name : all) {
            String column = named.getOrDefault(name, name);
            ofStates.put(column, measured.contains(name) ? ColumnType.DOUBLE : ColumnType.STRING);
            if (measured.contains(name)) {
                ofStates.put(ColumnNames.delta(column), ColumnType.DOUBLE);
            }
        }
        columns.put(OutputTable.ENTITY_STATES, ofStates);
        if (!isPlain(OutputTable.ENTITY_STATES)) {
            notPlain.addAll(WIDE_STATES);
        }
        Set<String> shown = new LinkedHashSet<>();
        all.forEach(name -> shown.add(named.getOrDefault(name, name)));
        Map<String, String> ofPeriods =
                named(OutputTable.ENTITY_STATE_SNAPSHOTS, "state_", shown, PeriodTables.FIXED, Set.of());
        Map<String, ColumnType> ofSnapshots = new LinkedHashMap<>();
        shown.forEach(column -> ofSnapshots.put(
                ofPeriods.getOrDefault(column, column), ofStates.getOrDefault(column, ColumnType.STRING)));
        columns.put(OutputTable.ENTITY_STATE_SNAPSHOTS, ofSnapshots);
    }

    private static Set<Kind> kinds(StateSpec spec) {
        String category = spec.category();
        if (category != null) {
            return EnumSet.of(
                    category.equals("measurement")
                            ? Kind.MEASURED_STATE
                            : category.equals("dimension") ? Kind.STATE : Kind.OTHER_STATE);
        }
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (StateSpec.Setting setting : spec.settings()) {
            boolean measures = setting instanceof StateSpec.ByEvent byEvent
                    && (byEvent.value() instanceof StateSpec.Value.Numeric
                            || byEvent.value() instanceof StateSpec.Value.Measurement);
            kinds.add(measures ? Kind.MEASURED_STATE : Kind.STATE);
        }
        return kinds;
    }
}
