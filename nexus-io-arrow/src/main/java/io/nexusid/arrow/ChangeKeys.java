package io.nexusid.arrow;

import io.nexusid.api.EntityType;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import java.util.ArrayList;
import java.util.List;

/**
 * By which columns the rows of a derived table are told apart where it changes. All rows of one key follow from the same
 * entities, or from the same event, so that a key is changed as a whole.
 *
 * @param columns the key, in the order in which changed rows are sorted
 * @param sorted how many of them, from the first, the table itself is sorted by
 */
record ChangeKeys(List<String> columns, int sorted) {
    private static ChangeKeys of(int sorted, String... columns) {
        return new ChangeKeys(List.of(columns), sorted);
    }

    /** The tables that follow from others and so have changes, in the order in which they are written. */
    static List<OutputTable> tables(NexusConfig config) {
        List<OutputTable> derived = new ArrayList<>();
        for (OutputTable table : OutputTable.all(config)) {
            if (!table.sortKey().isEmpty() && !table.name().equals(OutputTable.EDGES)) {
                derived.add(table);
            }
        }
        return derived;
    }

    /** The key of a table. */
    static ChangeKeys of(NexusConfig config, String table) {
        for (EntityType type : config.entityTypes()) {
            if (table.equals(OutputTable.resolvedIdentifiers(type.name()))) {
                return of(1, type.name() + "_id", "identifier_type", "identifier_value");
            }
        }
        return switch (table) {
            case OutputTable.IDENTIFIERS_TO_ENTITY_ID ->
                of(3, "entity_type", "identifier_type", "identifier_value", "entity_id");
            case OutputTable.RESOLVED_ENTITY_TRAITS -> of(1, "entity_id", "trait_name");
            case OutputTable.RESOLVED_RELATIONSHIP_DECLARATIONS ->
                of(1, "relationship_declaration_id", "entity_a_id", "entity_a_type", "entity_b_id", "entity_b_type");
            case OutputTable.RELATIONSHIPS ->
                of(1, "entity_a_id", "entity_b_id", "relationship_type", "entity_a_type", "entity_b_type");
            case OutputTable.ENTITY_TRAIT_HISTORY -> of(1, "entity_id", "trait_name", "valid_from");
            case OutputTable.RELATIONSHIP_STAYS ->
                of(1, "entity_a_id", "entity_b_id", "relationship_type", "valid_from");
            case OutputTable.ENTITIES -> of(2, "entity_type", "entity_id");
            case OutputTable.ENTITY_PARTICIPANTS ->
                of(2, "entity_type", "entity_id", "occurred_at", "event_id", "role");
            case OutputTable.EVENT_MEASUREMENTS, OutputTable.EVENT_DIMENSIONS -> of(1, "event_id");
            case OutputTable.STATES -> of(1, "entity_id", "state_name", "state_entered_at", "state_id", "entity_type");
            case OutputTable.STATE_FINDINGS ->
                of(1, "entity_id", "state_name", "state_entered_at", "state_id", "code", "entity_type");
            case OutputTable.ENTITY_STATES -> of(1, "entity_id", "valid_from", "entity_type");
            case OutputTable.ENTITY_STATE_PARTICIPANTS -> of(2, "entity_type", "entity_id", "event_id");
            case OutputTable.ENTITY_STATE_SNAPSHOTS -> of(1, "entity_id", "entity_type", "period_start", "period_end");
            case OutputTable.MEASUREMENT_MOVEMENTS -> of(2, "entity_type", "measurement", "period_start", "period_end");
            case OutputTable.PERSONS -> of(1, "person_id");
            case OutputTable.GROUPS -> of(1, "group_id");
            case OutputTable.MEMBERSHIPS -> of(1, "membership_id", "relationship_id", "person_id", "group_id");
            default -> throw new IllegalArgumentException(table + " has no changes");
        };
    }
}
