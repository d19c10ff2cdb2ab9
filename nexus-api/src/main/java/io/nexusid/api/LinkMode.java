package io.nexusid.api;

/** What a living graph remembers of the links that made its entities. Each mode can answer what the one before can. */
public enum LinkMode {
    /** Nothing: entities only ever grow and merge. */
    MONOTONE,
    /** The links that joined, as a forest: why two identifiers are one entity. */
    EXPLAINABLE,
    /** Every link with its origin and how often it was seen: links can be taken back. */
    REVERSIBLE
}
