package io.nexusid.api;

import java.util.ArrayList;
import java.util.List;

/**
 * A resolved table: its name and the columns its rows are sorted by. Columns and types are listed in
 * {@code docs/tables.md}; those that come from the data (traits, measurements, dimensions, states) are known only
 * after resolution.
 *
 * @param name the name the table is written under
 * @param sortKey columns its rows are sorted by, bytes ascending, nulls last; empty for a table in input order
 * @param byDefault whether it is written when no table is named
 */
public record OutputTable(String name, List<String> sortKey, boolean byDefault) {

    public static final String EVENTS = "nexus_events";
    public static final String ENTITY_IDENTIFIERS = "nexus_entity_identifiers";
    public static final String ENTITY_TRAITS = "nexus_entity_traits";
    public static final String RELATIONSHIP_DECLARATIONS = "nexus_relationship_declarations";
    public static final String EVENT_MEASUREMENTS_UNIONED = "nexus_event_measurements_unioned";
    public static final String EVENT_DIMENSIONS_UNIONED = "nexus_event_dimensions_unioned";
    public static final String COMPUTED_TRAITS = "nexus_computed_traits";
    public static final String IDENTIFIERS_TO_ENTITY_ID = "nexus_entity_identifiers_to_entity_id";
    public static final String RESOLVED_ENTITY_TRAITS = "nexus_resolved_entity_traits";
    public static final String RESOLVED_RELATIONSHIP_DECLARATIONS = "nexus_resolved_relationship_declarations";
    public static final String RELATIONSHIPS = "nexus_relationships";
    /** Since when and until when each relationship held; written only when named. */
    public static final String RELATIONSHIP_STAYS = "nexus_relationship_stays";
    /** Which value each trait had from when to when; written only when named. */
    public static final String ENTITY_TRAIT_HISTORY = "nexus_entity_trait_history";

    public static final String ENTITIES = "nexus_entities";
    public static final String ENTITY_PARTICIPANTS = "nexus_entity_participants";
    public static final String EVENT_MEASUREMENTS = "nexus_event_measurements";
    public static final String EVENT_DIMENSIONS = "nexus_event_dimensions";
    public static final String STATES = "nexus_states";
    public static final String ENTITY_STATES = "nexus_entity_states";
    /** What is wrong with given stays; written only when named. */
    public static final String STATE_FINDINGS = "nexus_state_findings";
    /** Which row of {@link #ENTITY_STATES} each participant of an event was in; written only when named. */
    public static final String ENTITY_STATE_PARTICIPANTS = "nexus_entity_state_participants";

    /** What each entity was at the end of each period; only where periods are configured, written only when named. */
    public static final String ENTITY_STATE_SNAPSHOTS = "nexus_entity_state_snapshots";
    /** How measurements moved in each period; only where periods are configured, written only when named. */
    public static final String MEASUREMENT_MOVEMENTS = "nexus_measurement_movements";

    public static final String PERSONS = "nexus_persons";
    public static final String GROUPS = "nexus_groups";
    public static final String MEMBERSHIPS = "nexus_memberships";
    public static final String REJECTS = "nexus_rejects";
    /** One row per ordered pair of identifiers that share an edge; large, so written only when named. */
    public static final String EDGES = "nexus_entity_identifiers_edges";

    /** Copies the key. */
    public OutputTable {
        sortKey = List.copyOf(sortKey);
    }

    /** {@code nexus_resolved_<type>_identifiers}. */
    public static String resolvedIdentifiers(String entityType) {
        return "nexus_resolved_" + entityType + "_identifiers";
    }

    /** The tables that follow from states. */
    public static List<String> ofStates() {
        return List.of(
                STATES,
                STATE_FINDINGS,
                ENTITY_STATES,
                ENTITY_STATE_PARTICIPANTS,
                ENTITY_STATE_SNAPSHOTS,
                MEASUREMENT_MOVEMENTS);
    }

    /** Every table that this configuration can produce, in the order they are written and reported. */
    public static List<OutputTable> all(NexusConfig config) {
        List<OutputTable> tables = new ArrayList<>();
        tables.add(inInputOrder(EVENTS));
        tables.add(inInputOrder(ENTITY_IDENTIFIERS));
        tables.add(inInputOrder(ENTITY_TRAITS));
        tables.add(inInputOrder(RELATIONSHIP_DECLARATIONS));
        tables.add(inInputOrder(EVENT_MEASUREMENTS_UNIONED));
        tables.add(inInputOrder(EVENT_DIMENSIONS_UNIONED));
        tables.add(inInputOrder(COMPUTED_TRAITS));
        tables.add(new OutputTable(
                EDGES,
                List.of(
                        "entity_type_a",
                        "identifier_type_a",
                        "identifier_value_a",
                        "entity_type_b",
                        "identifier_type_b",
                        "identifier_value_b"),
                false));
        for (EntityType type : config.entityTypes()) {
            if (type.resolved()) {
                tables.add(sorted(
                        resolvedIdentifiers(type.name()), type.name() + "_id", "identifier_type", "identifier_value"));
            }
        }
        tables.add(sorted(IDENTIFIERS_TO_ENTITY_ID, "entity_type", "identifier_type", "identifier_value", "entity_id"));
        tables.add(sorted(RESOLVED_ENTITY_TRAITS, "entity_id", "trait_name"));
        tables.add(new OutputTable(ENTITY_TRAIT_HISTORY, List.of("entity_id", "trait_name", "valid_from"), false));
        tables.add(sorted(RESOLVED_RELATIONSHIP_DECLARATIONS, "relationship_declaration_id"));
        tables.add(sorted(RELATIONSHIPS, "entity_a_id", "entity_b_id", "relationship_type"));
        tables.add(new OutputTable(
                RELATIONSHIP_STAYS, List.of("entity_a_id", "entity_b_id", "relationship_type", "valid_from"), false));
        tables.add(sorted(ENTITIES, "entity_type", "entity_id"));
        tables.add(sorted(ENTITY_PARTICIPANTS, "entity_type", "entity_id", "occurred_at", "event_id", "role"));
        tables.add(sorted(EVENT_MEASUREMENTS, "event_id"));
        tables.add(sorted(EVENT_DIMENSIONS, "event_id"));
        tables.add(sorted(STATES, "entity_id", "state_name", "state_entered_at", "state_id"));
        tables.add(new OutputTable(
                STATE_FINDINGS, List.of("entity_id", "state_name", "state_entered_at", "state_id", "code"), false));
        tables.add(sorted(ENTITY_STATES, "entity_id", "valid_from"));
        tables.add(new OutputTable(ENTITY_STATE_PARTICIPANTS, List.of("entity_type", "entity_id", "event_id"), false));
        if (!config.periods().isEmpty()) {
            tables.add(new OutputTable(
                    ENTITY_STATE_SNAPSHOTS, List.of("entity_id", "entity_type", "period_start", "period_end"), false));
            tables.add(new OutputTable(
                    MEASUREMENT_MOVEMENTS, List.of("entity_type", "measurement", "period_start", "period_end"), false));
        }
        if (config.entityType("person").isPresent()) {
            tables.add(sorted(PERSONS, "person_id"));
        }
        if (config.entityType("group").isPresent()) {
            tables.add(sorted(GROUPS, "group_id"));
        }
        tables.add(sorted(MEMBERSHIPS, "membership_id", "relationship_id"));
        tables.add(inInputOrder(REJECTS));
        return List.copyOf(tables);
    }

    private static OutputTable inInputOrder(String name) {
        return new OutputTable(name, List.of(), true);
    }

    private static OutputTable sorted(String name, String... key) {
        return new OutputTable(name, List.of(key), true);
    }
}
