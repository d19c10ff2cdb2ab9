package io.nexusid.api;

/** What an input table asks of one of its columns. */
public enum Presence {
    /** The column must exist and no cell may be null ({@link FaultCode#MISSING_VALUE}). */
    REQUIRED,
    /** The column must exist; a null or empty cell makes the row a {@link FaultCode#BLANK_IDENTIFIER}. */
    IDENTIFIER,
    /** The column must exist; its cells may be null. */
    NULLABLE,
    /** The column may be missing, which reads as all null. */
    OPTIONAL
}
