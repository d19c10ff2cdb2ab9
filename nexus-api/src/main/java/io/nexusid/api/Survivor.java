package io.nexusid.api;

/** Which of several merging entities keeps its id under {@link IdPolicy#STABLE}; ties go to the smallest id. */
public enum Survivor {
    /** The one with the most identifiers. */
    MOST_ROWS,
    /** The one born in the earliest epoch. */
    OLDEST,
    /** One whose id is among {@link NexusConfig#pinnedIds}; among several, or none, the one with the most identifiers. */
    PINNED
}
