package io.nexusid.api;

/** How several values of one measurement on one event become one. */
public enum Aggregator {
    /** The greatest value; NaN is greatest. The reference's way. */
    MAX,
    /** The sum, added in the order of the rows' ids so that any row order gives the same bits. */
    SUM,
    /** The value with the latest occurred_at, then _ingested_at, then the smallest row id. */
    LAST
}
