package io.nexusid.api;

/**
 * Which release of the reference is reproduced where ours differs. {@code docs/differences.md} lists every difference
 * with its reason.
 */
public enum Compat {
    /** Ours: exact components, closed gaps, conserving deltas. */
    NONE,
    /** dbt-nexus 0.13 on DuckDB, row for row, ids included, with its recursion cap of five. */
    V0_13_DUCKDB;

    /** Whether null and empty identifiers stay in the core tables, the empty ones as real nodes. */
    public boolean keepsBlankIdentifiers() {
        return this == V0_13_DUCKDB;
    }

    /** Whether an empty edge_id links its rows, as any other does. */
    public boolean linksEmptyEdgeIds() {
        return this == V0_13_DUCKDB;
    }

    /** Whether a phone number is normalised by removing only the first character that is no digit. */
    public boolean stripsOnlyFirstPhoneSeparator() {
        return this == V0_13_DUCKDB;
    }

    /** Whether one entity has one participant row per occurred_at of its event instead of one per event. */
    public boolean splitsParticipantsByTime() {
        return this == V0_13_DUCKDB;
    }

    /** Whether wide measurements and dimensions have one row per (event, occurred_at, source) instead of one per event. */
    public boolean splitsWideTablesByOccurrence() {
        return this == V0_13_DUCKDB;
    }

    /** Whether the load time of a trait breaks ties between values of one instant. */
    public boolean ordersTraitsByIngestion() {
        return this != V0_13_DUCKDB;
    }

    /** Whether two components that mint the same id become one entity, and types may share a prefix. */
    public boolean foldsIdCollisions() {
        return this == V0_13_DUCKDB;
    }

    /** Whether given stays are taken as they come: infinities, numbers that are none and all. */
    public boolean takesStaysAsGiven() {
        return this == V0_13_DUCKDB;
    }

    /** Whether only events of the last 365 days are joined to states, counted back from the clock's day. */
    public boolean joinsStatesOfTheLastYear() {
        return this == V0_13_DUCKDB;
    }

    /** The name used in configuration and on the command line. */
    public String configName() {
        return this == NONE ? "none" : "v0.13-duckdb";
    }
}
