package io.nexusid.api;

import org.jspecify.annotations.Nullable;

/**
 * The input data is wrong. The message is one line that names file or table, column and row; a value appears only
 * masked (first character and length).
 */
public final class NexusDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FaultCode code;
    private final String table;
    private final @Nullable String file;
    private final @Nullable String column;
    private final long row;

    private NexusDataException(Builder b, String message) {
        super(message, b.cause);
        this.code = b.code;
        this.table = b.table;
        this.file = b.file;
        this.column = b.column;
        this.row = b.row;
    }

    /** Starts an error of this kind in this table (an input table's name, or the folder for file-level faults). */
    public static Builder of(FaultCode code, String table) {
        return new Builder(code, table);
    }

    /** What is wrong. */
    public FaultCode code() {
        return code;
    }

    /** The input table, for example {@code entity_identifiers}. */
    public String table() {
        return table;
    }

    /**
     * The file as named in messages, relative to the input folder; {@code input 1} and so on for tables handed over in
     * memory; null if the fault is not one file's.
     */
    public @Nullable String file() {
        return file;
    }

    /** The column, or null if the fault is not one column's. */
    public @Nullable String column() {
        return column;
    }

    /** The 1-based data row of {@link #file()}, or -1 if the fault is not one row's. */
    public long row() {
        return row;
    }

    /**
     * Masks a value for messages: its first character and its length, so that no personal value reaches a log.
     * Control characters are escaped.
     */
    public static String mask(@Nullable String value) {
        if (value == null) {
            return "null";
        }
        if (value.isEmpty()) {
            return "''";
        }
        int first = value.codePointAt(0);
        boolean printable = !Character.isISOControl(first)
                && Character.isDefined(first)
                && Character.getType(first) != Character.FORMAT
                && Character.getType(first) != Character.SURROGATE;
        String shown = printable ? Character.toString(first) : String.format("\\u%04x", first);
        int length = value.codePointCount(0, value.length());
        return "'" + shown + "…' (" + length + (length == 1 ? " character)" : " characters)");
    }

    /** Collects what is known about a fault. */
    public static final class Builder {
        private final FaultCode code;
        private final String table;
        private @Nullable String file;
        private @Nullable String column;
        private long row = -1;
        private @Nullable Throwable cause;

        private Builder(FaultCode code, String table) {
            this.code = code;
            this.table = table;
        }

        /** The file, as the user would name it. */
        public Builder file(@Nullable String file) {
            this.file = file;
            return this;
        }

        /** The column. */
        public Builder column(@Nullable String column) {
            this.column = column;
            return this;
        }

        /** The 1-based data row of the file. */
        public Builder row(long row) {
            this.row = row;
            return this;
        }

        /** What a library reported. */
        public Builder cause(Throwable cause) {
            this.cause = cause;
            return this;
        }

        /** Ends with a sentence of what is wrong and, where it helps, what to do; values masked by the caller. */
        public NexusDataException because(String reason) {
            StringBuilder message = new StringBuilder(table);
            if (file != null) {
                message.append(" (").append(file).append(')');
            }
            if (column != null) {
                message.append(", column ").append(column);
            }
            if (row >= 0) {
                message.append(", row ").append(row);
            }
            message.append(": ").append(reason).append(" [").append(code.code()).append(']');
            return new NexusDataException(this, message.toString());
        }
    }
}
