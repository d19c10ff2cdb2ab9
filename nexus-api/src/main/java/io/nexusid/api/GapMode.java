package io.nexusid.api;

/** What an entity's timeline does while no state is held. */
public enum GapMode {
    /** The last row ends where its states end; a measurement's loss gets a row of its own. */
    CLOSE,
    /** The last row runs on to the next one, and stays current when none follows, as in the reference. */
    COMPAT
}
