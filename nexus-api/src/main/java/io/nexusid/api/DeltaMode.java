package io.nexusid.api;

/** How {@code <m>_delta} treats a measurement that vanishes. */
public enum DeltaMode {
    /** Absence counts as zero on both sides, so the deltas up to an instant always add up to the value then. */
    CONSERVING,
    /** Null while absent, and the whole value again on return, as in the reference. */
    COMPAT
}
