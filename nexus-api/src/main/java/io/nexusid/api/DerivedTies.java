package io.nexusid.api;

/** What a derived state does with changes of its components that happen together, and with their ends. */
public enum DerivedTies {
    /** All changes of an instant, ends included, happen first; then the rule is asked once. */
    GROUPED,
    /** As in the reference: the rule is asked after each entry, component by component; ends are not seen. */
    SEQUENTIAL
}
