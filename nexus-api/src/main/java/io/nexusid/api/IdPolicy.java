package io.nexusid.api;

/** What an entity's id depends on. */
public enum IdPolicy {
    /**
     * On its identifiers alone: the key of the smallest one, at any time. The same for every slicing and order of the
     * data; an entity that gains a smaller identifier gets another id.
     */
    CONTENT,
    /** Minted at birth and kept: an entity changes its id only by losing a merge. Depends on what arrived when. */
    STABLE
}
