package io.nexusid.api;

/** Which state an event sees that happens at the very instant of a change. */
public enum AsOfTie {
    /** The one before the change, as in the reference. */
    BEFORE,
    /** The one that begins with it. */
    AT;

    /** Whether what begins at {@code start} is seen at {@code instant}. */
    public boolean hasBegun(long start, long instant) {
        return this == AT ? start <= instant : start < instant;
    }
}
