package io.nexusid.arrow;

import io.nexusid.api.EntityType;
import io.nexusid.api.OutputTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The stages of a run and which table is made by which: the runner in one page. Nothing is computed before a table is
 * asked for; each stage is computed once and released when no table still to be written needs it.
 */
final class Resolution implements AutoCloseable {
    /** How a table is made, and what of. */
    private record Recipe(String stage, Run.Work<TableRows> make, Set<Stage<?>> stages) {}

    private final Run run;
    private final Map<String, Recipe> recipes = new LinkedHashMap<>();
    private final Stage<IdentifierRows> rows;
    private final Stage<Identity> identity;
    private final Stage<IdentifierEvents> seen;
    private final List<Stage<?>> stages = new ArrayList<>();

    Resolution(Run run) {
        this.run = run;
        this.rows = stage("identifiers read", () -> IdentifierRows.load(run, Identity.needsEdgeTexts(run)));
        this.seen = new Stage<>(
                run, "events read", () -> IdentifierEvents.load(run, rows.get().rows()));
        this.identity = stage("resolve", () -> Identity.resolve(run, rows.get(), seen));
        // Behind the identity, which begins it when it is time.
        stages.add(seen);
        Stage<ResolvedIdentifiers> identifiers =
                stage("identifiers", () -> new ResolvedIdentifiers(run, identity.get()));
        Stage<Traits> traits = stage("traits", () -> Traits.resolve(run, identity.get()));
        Stage<ComputedTraits> computed = stage("computed traits", () -> ComputedTraits.load(run, identity.get()));
        Stage<EventTimes> events = stage("events", () -> EventTimes.load(run, seen.get()));
        Stage<EntityTable> entities = stage(
                "entities",
                () -> new EntityTable(
                        run,
                        identity.get(),
                        traits.get(),
                        computed.get(),
                        new EntityTimes(identity.get(), seen.get(), traits.get(), events.get())));
        Stage<Declarations> declarations = stage("relationships", () -> Declarations.resolve(run, identity.get()));
        Stage<TraitHistory> history = stage("trait history", () -> TraitHistory.load(run, identity.get()));
        Stage<WideEvents> measurements = stage("measurements", () -> WideEvents.measurements(run));
        Stage<WideEvents> dimensions = stage("dimensions", () -> WideEvents.dimensions(run));
        WideValues values = new WideValues(measurements::get, dimensions::get);
        Stage<StateRows> states = stage("states", () -> StateRows.load(run, identity.get(), seen, values));
        Stage<StateTables> timelines = stage("timelines", () -> new StateTables(run, states.get()));

        for (EntityType type : run.config().entityTypes()) {
            if (type.resolved()) {
                table(
                        OutputTable.resolvedIdentifiers(type.name()),
                        "identifiers",
                        () -> identifiers.get().ofType(type, identity.get().resolutions(seen.get())),
                        rows,
                        identity,
                        seen,
                        identifiers);
            }
        }
        table(
                OutputTable.IDENTIFIERS_TO_ENTITY_ID,
                "identifiers",
                () -> identifiers.get().lookup(),
                identity,
                identifiers);
        table(OutputTable.EDGES, "edges", () -> EdgeTable.of(run, identity.get(), seen.get()), rows, identity, seen);
        table(OutputTable.RESOLVED_ENTITY_TRAITS, "traits", () -> traits.get().resolvedTraits(), identity, traits);
        table(
                OutputTable.RESOLVED_RELATIONSHIP_DECLARATIONS,
                "relationships",
                () -> declarations.get().resolvedDeclarations(),
                identity,
                declarations);
        table(
                OutputTable.RELATIONSHIPS,
                "relationships",
                () -> declarations.get().current().relationships(),
                identity,
                declarations);
        table(
                OutputTable.RELATIONSHIP_STAYS,
                "relationships",
                () -> RelationshipStays.of(run, identity.get(), declarations.get()),
                identity,
                declarations);
        table(
                OutputTable.ENTITY_TRAIT_HISTORY,
                "trait history",
                () -> history.get().rows(),
                identity,
                history);
        table(
                OutputTable.MEMBERSHIPS,
                "relationships",
                () -> declarations.get().current().memberships(),
                identity,
                declarations);
        Stage<?>[] ofEntities = {rows, identity, seen, traits, computed, events, entities};
        table(OutputTable.ENTITIES, "entities", () -> entities.get().entities(), ofEntities);
        table(OutputTable.PERSONS, "entities", () -> entities.get().ofType("person"), ofEntities);
        table(OutputTable.GROUPS, "entities", () -> entities.get().ofType("group"), ofEntities);
        table(
                OutputTable.ENTITY_PARTICIPANTS,
                "participants",
                () -> ParticipantTable.of(run, identity.get(), seen.get()),
                rows,
                identity,
                seen);
        table(
                OutputTable.EVENT_MEASUREMENTS,
                "measurements",
                () -> measurements.get().rows(),
                measurements);
        table(OutputTable.EVENT_DIMENSIONS, "dimensions", () -> dimensions.get().rows(), dimensions);
        table(OutputTable.STATES, "states", () -> timelines.get().states(), identity, states, timelines);
        table(OutputTable.STATE_FINDINGS, "states", () -> StateFindingTable.of(run, states.get()), identity, states);
        table(
                OutputTable.ENTITY_STATES,
                "timelines",
                () -> timelines.get().entityStates(),
                identity,
                states,
                timelines);
        table(
                OutputTable.ENTITY_STATE_PARTICIPANTS,
                "state participants",
                () -> StateParticipantTable.of(run, identity.get(), seen.get(), timelines.get()),
                rows,
                identity,
                seen,
                states,
                timelines);
        if (!run.config().periods().isEmpty()) {
            Stage<?>[] ofPeriods = {identity, states, timelines};
            table(
                    OutputTable.ENTITY_STATE_SNAPSHOTS,
                    "snapshots",
                    () -> new PeriodTables(run, timelines.get()).snapshots(),
                    ofPeriods);
            table(
                    OutputTable.MEASUREMENT_MOVEMENTS,
                    "movements",
                    () -> new PeriodTables(run, timelines.get()).movements(),
                    ofPeriods);
        }
        table(OutputTable.REJECTS, "rejects", () -> RejectTable.of(run.log().rejects()));
    }

    private <T> Stage<T> stage(String name, Run.Work<T> work) {
        Stage<T> stage = new Stage<>(run, name, work);
        stages.add(stage);
        return stage;
    }

    private void table(String name, String stage, Run.Work<TableRows> make, Stage<?>... needed) {
        recipes.put(name, new Recipe(stage, make, Set.of(needed)));
    }

    /** Who is who. */
    Identity identity() throws IOException {
        rows.get();
        return identity.get();
    }

    /** Whether a table needs to know where identifiers were seen, which is most of what a run holds. */
    boolean needsEvents(String table) {
        Recipe recipe = recipes.get(table);
        return recipe != null && recipe.stages().contains(seen);
    }

    /** Whether any of these tables follows from who is who. */
    boolean needsIdentity(Iterable<String> tables) {
        for (String table : tables) {
            Recipe recipe = recipes.get(table);
            if (recipe != null && recipe.stages().contains(identity)) {
                return true;
            }
        }
        return false;
    }

    /** The rows of a table, computing first what they follow from. */
    TableRows rows(String table) throws IOException {
        if (CoreTables.isCore(table)) {
            return CoreTables.of(run, table);
        }
        Recipe recipe = recipes.get(table);
        if (recipe == null) {
            throw new IllegalArgumentException("no table " + table);
        }
        for (Stage<?> stage : stages) {
            if (recipe.stages().contains(stage)) {
                stage.get();
            }
        }
        return run.timed(recipe.stage(), recipe.make());
    }

    /** Releases every stage that none of these tables needs. */
    void keepFor(Iterable<String> tables) {
        Set<Stage<?>> needed = new HashSet<>();
        for (String table : tables) {
            Recipe recipe = recipes.get(table);
            if (recipe != null) {
                needed.addAll(recipe.stages());
            }
        }
        if (needed.contains(identity)) {
            needed.add(rows);
        }
        stages.stream().filter(stage -> !needed.contains(stage)).forEach(Stage::release);
    }

    @Override
    public void close() {
        keepFor(List.of());
    }
}
