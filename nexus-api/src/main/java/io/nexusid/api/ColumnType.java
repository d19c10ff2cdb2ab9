package io.nexusid.api;

/** The types a Nexus column can have; how each looks in Arrow, Parquet and CSV is written in {@code docs/tables.md}. */
public enum ColumnType {
    /** UTF-8 text, compared and sorted by its bytes. The empty string is not null. */
    STRING,
    /** An instant in UTC, in microseconds since 1970-01-01T00:00:00Z. */
    TIMESTAMP,
    /** True, false or null. */
    BOOLEAN,
    /** A 64-bit floating point number. */
    DOUBLE,
    /** A 64-bit whole number, as counters and positions are; no input table has such a column. */
    INTEGER,
    /** A decimal of up to 18 digits; its column says how many are behind the point. No input table declares such a column. */
    DECIMAL,
    /** The {@value SurrogateKey#DIGEST_LENGTH} bytes of a minted id without its prefix; no input table has such a column. */
    DIGEST
}
