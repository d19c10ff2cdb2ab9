package io.nexusid.states;

/** What the components of a derived state are at one instant: the vector a {@link StateCombination} looks at. */
public interface CurrentStates {
    /** The code of this component's value; -1 if it has none, or only a number. */
    int value(int component);

    /** The number of this component; {@link StateNumbers#NULL} if it has none. */
    long number(int component);

    /** Whether this component has neither a value nor a number. */
    default boolean isNull(int component) {
        return value(component) < 0 && StateNumbers.isNull(number(component));
    }
}
