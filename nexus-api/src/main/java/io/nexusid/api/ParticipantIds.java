package io.nexusid.api;

/** What becomes of the ids of participants when entities of a store merge. In one run over all data both are the same. */
public enum ParticipantIds {
    /** A participant's id is minted from the entity's id as it is now; one row for each entity, event and role. */
    REBUILD,
    /**
     * A participant keeps the id that was minted from the entity's id when the row came. After a merge an entity may have
     * several rows for one event and role, one for each id.
     */
    STABLE
}
