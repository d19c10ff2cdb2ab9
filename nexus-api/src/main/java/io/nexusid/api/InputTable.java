package io.nexusid.api;

import static io.nexusid.api.ColumnType.BOOLEAN;
import static io.nexusid.api.ColumnType.DOUBLE;
import static io.nexusid.api.ColumnType.STRING;
import static io.nexusid.api.ColumnType.TIMESTAMP;
import static io.nexusid.api.Presence.IDENTIFIER;
import static io.nexusid.api.Presence.NULLABLE;
import static io.nexusid.api.Presence.OPTIONAL;
import static io.nexusid.api.Presence.REQUIRED;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The tables a log of events is read from, with their columns in declared order.
 *
 * <p>A table's file is named after it in lower case ({@code entity_identifiers.parquet}). Every table is optional.
 */
public enum InputTable {
    /** What happened, when. One row per event. */
    EVENTS(
            null,
            col("event_id", STRING, REQUIRED),
            col("occurred_at", TIMESTAMP, REQUIRED),
            col("event_name", STRING, OPTIONAL),
            col("event_description", STRING, OPTIONAL),
            col("event_type", STRING, OPTIONAL),
            col("significance", DOUBLE, OPTIONAL),
            col("source", STRING, OPTIONAL),
            col("source_table", STRING, OPTIONAL),
            col("_ingested_at", TIMESTAMP, OPTIONAL),
            col("value", DOUBLE, OPTIONAL),
            col("value_unit", STRING, OPTIONAL)),
    /** One observation of one identifier in one event and role; rows that share an edge_id name the same entity. */
    ENTITY_IDENTIFIERS(
            "entity_identifier_id",
            col("entity_identifier_id", STRING, OPTIONAL),
            col("event_id", STRING, OPTIONAL),
            col("edge_id", STRING, OPTIONAL),
            col("entity_type", STRING, REQUIRED),
            col("identifier_type", STRING, IDENTIFIER),
            col("identifier_value", STRING, IDENTIFIER),
            col("role", STRING, OPTIONAL),
            col("source", STRING, OPTIONAL),
            col("occurred_at", TIMESTAMP, OPTIONAL),
            col("_ingested_at", TIMESTAMP, OPTIONAL)),
    /** One value of one trait, said of the entity that owns an identifier. */
    ENTITY_TRAITS(
            "entity_trait_id",
            col("entity_trait_id", STRING, OPTIONAL),
            col("event_id", STRING, OPTIONAL),
            col("entity_type", STRING, REQUIRED),
            col("identifier_type", STRING, IDENTIFIER),
            col("identifier_value", STRING, IDENTIFIER),
            col("trait_name", STRING, REQUIRED),
            col("trait_value", STRING, NULLABLE),
            col("source", STRING, OPTIONAL),
            col("occurred_at", TIMESTAMP, OPTIONAL),
            col("_ingested_at", TIMESTAMP, OPTIONAL)),
    /** One statement that the owners of two identifiers stand in a relationship. */
    RELATIONSHIP_DECLARATIONS(
            "relationship_declaration_id",
            col("relationship_declaration_id", STRING, OPTIONAL),
            col("event_id", STRING, OPTIONAL),
            col("occurred_at", TIMESTAMP, OPTIONAL),
            col("entity_a_identifier", STRING, IDENTIFIER),
            col("entity_a_identifier_type", STRING, IDENTIFIER),
            col("entity_a_type", STRING, REQUIRED),
            col("entity_a_role", STRING, OPTIONAL),
            col("entity_b_identifier", STRING, IDENTIFIER),
            col("entity_b_identifier_type", STRING, IDENTIFIER),
            col("entity_b_type", STRING, REQUIRED),
            col("entity_b_role", STRING, OPTIONAL),
            col("relationship_type", STRING, REQUIRED),
            col("relationship_direction", STRING, OPTIONAL),
            col("is_active", BOOLEAN, OPTIONAL),
            col("source", STRING, OPTIONAL)),
    /** A number measured at an event. */
    EVENT_MEASUREMENTS(
            "event_measurement_id",
            col("event_measurement_id", STRING, OPTIONAL),
            col("event_id", STRING, REQUIRED),
            col("measurement_name", STRING, REQUIRED),
            col("value", DOUBLE, NULLABLE),
            col("value_unit", STRING, OPTIONAL),
            col("occurred_at", TIMESTAMP, OPTIONAL),
            col("source", STRING, OPTIONAL),
            col("_ingested_at", TIMESTAMP, OPTIONAL)),
    /** A label of an event. */
    EVENT_DIMENSIONS(
            "event_dimension_id",
            col("event_dimension_id", STRING, OPTIONAL),
            col("event_id", STRING, REQUIRED),
            col("dimension_name", STRING, REQUIRED),
            col("dimension_value", STRING, NULLABLE),
            col("occurred_at", TIMESTAMP, OPTIONAL),
            col("source", STRING, OPTIONAL),
            col("_ingested_at", TIMESTAMP, OPTIONAL)),
    /** Stays in a state, keyed by final entity id. */
    STATES(
            null,
            col("entity_id", STRING, REQUIRED),
            col("entity_type", STRING, REQUIRED),
            col("state_name", STRING, REQUIRED),
            col("state_value", STRING, OPTIONAL),
            col("state_numeric_value", DOUBLE, OPTIONAL),
            col("state_category", STRING, OPTIONAL),
            col("state_entered_at", TIMESTAMP, NULLABLE),
            col("state_exited_at", TIMESTAMP, OPTIONAL),
            col("is_current", BOOLEAN, OPTIONAL),
            col("trigger_event_id", STRING, OPTIONAL)),
    /** From occurred_at on, a state of the entity that owns the identifier has this value, until its next change. */
    STATE_CHANGES(
            null,
            col("entity_type", STRING, REQUIRED),
            col("identifier_type", STRING, IDENTIFIER),
            col("identifier_value", STRING, IDENTIFIER),
            col("state_name", STRING, REQUIRED),
            col("state_value", STRING, OPTIONAL),
            col("state_numeric_value", DOUBLE, OPTIONAL),
            col("state_category", STRING, OPTIONAL),
            col("occurred_at", TIMESTAMP, REQUIRED),
            col("event_id", STRING, OPTIONAL),
            col("source", STRING, OPTIONAL)),
    /** Entities taken from a source record as they are, without resolution; every further column is a trait. */
    ENTITY_REGISTRATIONS(
            null,
            col("entity_type", STRING, REQUIRED),
            col("source", STRING, REQUIRED),
            col("source_id", STRING, IDENTIFIER),
            col("_source_created_at", TIMESTAMP, OPTIONAL),
            col("_source_updated_at", TIMESTAMP, OPTIONAL)),
    /** Traits computed after resolution, keyed by final entity id. */
    COMPUTED_TRAITS(
            "computed_trait_id",
            col("computed_trait_id", STRING, OPTIONAL),
            col("entity_id", STRING, REQUIRED),
            col("entity_type", STRING, REQUIRED),
            col("trait_name", STRING, REQUIRED),
            col("trait_value", STRING, NULLABLE),
            col("source", STRING, OPTIONAL));

    private static final Map<String, String> COMMON_OLD_NAMES = Map.of(
            "row_id", "edge_id",
            "synced_at", "_ingested_at",
            "event_significance", "significance",
            "event_value", "value",
            "person_identifier", "entity_a_identifier",
            "person_identifier_type", "entity_a_identifier_type",
            "group_identifier", "entity_b_identifier",
            "group_identifier_type", "entity_b_identifier_type");

    private final String tableName;
    private final Optional<String> mintedId;
    private final List<InputColumn> columns;

    InputTable(@org.jspecify.annotations.Nullable String mintedId, InputColumn... columns) {
        this.tableName = name().toLowerCase(Locale.ROOT);
        this.mintedId = Optional.ofNullable(mintedId);
        this.columns = List.of(columns);
    }

    private static InputColumn col(String name, ColumnType type, Presence presence) {
        return new InputColumn(name, type, presence);
    }

    /** The name used for files and in messages, for example {@code entity_identifiers}. */
    public String tableName() {
        return tableName;
    }

    /** All declared columns in declared order. */
    public List<InputColumn> columns() {
        return columns;
    }

    /** The declared column of this name, if there is one. */
    public Optional<InputColumn> column(String name) {
        return columns.stream().filter(c -> c.name().equals(name)).findFirst();
    }

    /** The row id that is minted where the input has none ({@code docs/tables.md} gives the key columns). */
    public Optional<String> mintedId() {
        return mintedId;
    }

    /** Whether columns beyond the declared ones are kept (as traits); elsewhere they are ignored and listed. */
    public boolean keepsFurtherColumns() {
        return this == ENTITY_REGISTRATIONS;
    }

    /**
     * The declared column that an older name stands for: {@code id}, {@code row_id}, {@code synced_at} and the like.
     * Empty when the name is not an older name for a column of this table.
     */
    public Optional<String> renamed(String oldName) {
        if (oldName.equals("id")) {
            return this == EVENTS ? Optional.of("event_id") : mintedId;
        }
        if (oldName.equals("event_value") && this != EVENTS) {
            return Optional.empty();
        }
        String name = COMMON_OLD_NAMES.get(oldName);
        return name != null && column(name).isPresent() ? Optional.of(name) : Optional.empty();
    }

    /** The table of this name, if there is one. */
    public static Optional<InputTable> named(String name) {
        for (InputTable table : values()) {
            if (table.tableName.equals(name)) {
                return Optional.of(table);
            }
        }
        return Optional.empty();
    }
}
