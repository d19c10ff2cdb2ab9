package io.nexusid.api;

/** The configuration is wrong. The message starts with the JSON pointer of the key when it came from a file. */
public final class NexusConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error in the setting at this JSON pointer ({@code /entity_types/0}) or of this builder method. */
    public NexusConfigException(String where, String reason) {
        super(where.isEmpty() ? reason : where + ": " + reason);
    }

    /** The same with what a parser reported. */
    public NexusConfigException(String where, String reason, Throwable cause) {
        super(where.isEmpty() ? reason : where + ": " + reason, cause);
    }
}
