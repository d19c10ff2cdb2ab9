package io.nexusid.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table name of earlier releases of the reference, read as one of today's tables with some columns fixed.
 *
 * @param name the older name, for example {@code person_identifiers}
 * @param table the table its rows belong to
 * @param constants columns that every row has this text in (booleans as {@code true})
 * @param renames further column names of this table only, old to new
 */
public record LegacyTable(String name, InputTable table, Map<String, String> constants, Map<String, String> renames) {

    private static final List<LegacyTable> ALL = List.of(
            identifiers("person"),
            identifiers("group"),
            traits("person"),
            traits("group"),
            new LegacyTable(
                    "membership_identifiers",
                    InputTable.RELATIONSHIP_DECLARATIONS,
                    Map.of(
                            "entity_a_type", "person",
                            "entity_b_type", "group",
                            "relationship_type", "membership",
                            "relationship_direction", "a_to_b",
                            "is_active", "true"),
                    Map.of(
                            "role", "entity_a_role",
                            "membership_identifier_id", "relationship_declaration_id",
                            "membership_id", "relationship_declaration_id")));

    /** Copies both maps. */
    public LegacyTable {
        constants = Map.copyOf(constants);
        renames = Map.copyOf(renames);
    }

    /** All older names. */
    public static List<LegacyTable> all() {
        return ALL;
    }

    /** The older table of this name, if there is one. */
    public static Optional<LegacyTable> named(String name) {
        return ALL.stream().filter(t -> t.name().equals(name)).findFirst();
    }

    private static LegacyTable identifiers(String type) {
        return new LegacyTable(
                type + "_identifiers",
                InputTable.ENTITY_IDENTIFIERS,
                Map.of("entity_type", type),
                Map.of(type + "_identifier_id", "entity_identifier_id"));
    }

    private static LegacyTable traits(String type) {
        return new LegacyTable(
                type + "_traits",
                InputTable.ENTITY_TRAITS,
                Map.of("entity_type", type),
                Map.of(type + "_trait_id", "entity_trait_id"));
    }
}
