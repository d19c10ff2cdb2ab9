package io.nexusid.api;

/** Which of several merging entities keeps its id under {@link IdPolicy#STABLE}; ties go to the smallest id. */
public enum Survivor {
    /** The one with the most identifiers. */
    MOST_ROWS,
    /** The one born in the earliest epoch. */
    OLDEST
}
