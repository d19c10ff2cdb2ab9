package io.nexusid.api;

/** What becomes of given stays that contradict themselves or each other. Whatever it is, each is reported. */
public enum StayPolicy {
    /** They stay as they are. */
    REPORT,
    /** They are set aside; of two that overlap, the one entered later. */
    REJECT,
    /**
     * Of two that overlap, the one entered earlier ends where the later begins, and does not come back. A wrong
     * {@code is_current} follows the exit; an exit before the entry leaves nothing, so the stay is set aside.
     */
    LATEST_ENTERED
}
