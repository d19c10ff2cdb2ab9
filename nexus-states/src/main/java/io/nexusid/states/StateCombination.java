package io.nexusid.states;

/**
 * The rule of a derived state: from what its components are to what it is. Pure: the same vector gives the same value.
 */
@FunctionalInterface
public interface StateCombination {
    /** The code of the derived value, -1 for none. Components not seen yet, or ended, are null. */
    int combine(CurrentStates current);
}
