package io.nexusid.api;

import java.util.Locale;
import java.util.Optional;

/**
 * What can be wrong with input data. The stable name of a code, used in configuration, messages and
 * {@code nexus_rejects}, is its name in lower case. {@code docs/errors.md} has one row for each.
 */
public enum FaultCode {
    /** A null or empty identifier type, identifier value or source id. */
    BLANK_IDENTIFIER(Level.ROW),
    /** Null in a column that may not be null. */
    MISSING_VALUE(Level.ROW),
    /** Text that does not read as the column's type, or a number that does not fit it. */
    UNREADABLE_VALUE(Level.ROW),
    /** An instant that 64-bit microseconds cannot hold, or text with a year outside 0001 to 9999. */
    TIMESTAMP_OUT_OF_RANGE(Level.ROW),
    /** Bytes that are not UTF-8. */
    INVALID_UTF8(Level.ROW),
    /** A trait, measurement, dimension, state or relationship type without a name. */
    BLANK_NAME(Level.ROW),
    /** A CSV record with more or fewer fields than the header, or broken quoting. */
    MALFORMED_RECORD(Level.ROW),

    /** A required column that no file of the table, or not this file, has. */
    MISSING_COLUMN(Level.FILE),
    /** A column of a type that cannot be widened to the declared one. */
    WRONG_TYPE(Level.FILE),
    /** Two columns of one name, names that differ only in case, or an old and a new name of one column together. */
    DUPLICATE_COLUMN(Level.FILE),
    /** A truncated, damaged or encrypted file, or one that is not of the format its name says. */
    CORRUPT_FILE(Level.FILE),
    /** A compression codec or encoding that is not read. */
    UNSUPPORTED_CODEC(Level.FILE),
    /** A file of a store, written in a format that came after this version. */
    UNSUPPORTED_VERSION(Level.FILE),
    /** An input folder without a single known table. */
    NO_TABLES(Level.FILE),
    /** A registration of an entity type that is configured to be resolved. */
    RESOLVED_TYPE_REGISTERED(Level.FILE),
    /** More rows, identifiers or bytes than a table held in memory can have. */
    CAPACITY(Level.FILE);

    private enum Level {
        ROW,
        FILE
    }

    private final Level level;

    FaultCode(Level level) {
        this.level = level;
    }

    /** Whether a row can be set aside for this fault; all other faults fail the run. */
    public boolean rowLevel() {
        return level == Level.ROW;
    }

    /** The stable name, for example {@code blank_identifier}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The code of this stable name, if there is one. */
    public static Optional<FaultCode> named(String code) {
        for (FaultCode c : values()) {
            if (c.code().equals(code)) {
                return Optional.of(c);
            }
        }
        return Optional.empty();
    }
}
