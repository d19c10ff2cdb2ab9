package io.nexusid.api;

/** What happens to a row with a fault. */
public enum FaultPolicy {
    /** The run fails with the first such row in file order. */
    FAIL,
    /** The row is left out of everything but {@code nexus_rejects}, and counted. */
    SET_ASIDE
}
