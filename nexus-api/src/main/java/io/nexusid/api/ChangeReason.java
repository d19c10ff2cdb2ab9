package io.nexusid.api;

import java.util.Locale;

/** Why an identifier's row in {@code nexus_resolved_<type>_identifiers} is as it is. */
public enum ChangeReason {
    /** The identifier and its entity were found by the first batch, or by a rebuild. */
    FULL_RESOLUTION,
    /** The identifier is new, and so is its entity. */
    BORN,
    /** The identifier is new and joined an entity that was there. */
    ACCRETED,
    /** The identifier's entity lost its id to another one. */
    REPOINTED,
    /** The identifier was seen again and its entity kept its id; not a row of the resolution log. */
    REOBSERVED,
    /** A rebuild under other rules left none of the id's identifiers: it leads nowhere. */
    DROPPED;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** How tables write it, for example {@code repointed}. */
    public String code() {
        return code;
    }
}
