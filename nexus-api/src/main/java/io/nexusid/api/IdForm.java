package io.nexusid.api;

/** How the ids that a run mints are written. */
public enum IdForm {
    /** As text: the prefix, an underscore and 32 lower-case hexadecimal digits, as in the reference. */
    HEX,
    /**
     * As the 16 bytes that the digits stand for, without prefix. Less than half the size; entities of different types can
     * have the same bytes, so ids are told apart with the type, which stands beside them or in the column's name.
     */
    BINARY
}
