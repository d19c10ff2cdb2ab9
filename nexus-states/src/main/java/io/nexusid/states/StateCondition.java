package io.nexusid.states;

import java.util.List;

/**
 * A question to the current states of a derived state's components, as data: it can be written in a configuration file.
 * There are two answers; a comparison with null is false, so that {@code not} of it is true.
 *
 * <p>In JSON, components by name and values as texts, which become component numbers and value codes when read:
 *
 * <pre>{@code
 * {"eq": ["billing", "active"]}              Is
 * {"in": ["billing", ["active", "trial"]]}   AnyOf Is
 * {"null": "billing"}                        IsNull
 * {"lt": ["mrr", 100]}   le, ge, gt          NumberIs
 * {"all": [...]}  {"any": [...]}             AllOf, AnyOf
 * {"not": {...}}                             Not
 * }</pre>
 */
public sealed interface StateCondition {
    /** The answer for this vector. */
    boolean holds(CurrentStates current);

    /**
     * The component has this value.
     *
     * @param value a code, not negative
     */
    record Is(int component, int value) implements StateCondition {
        public Is {
            if (value < 0) {
                throw new IllegalArgumentException("no value equals null; ask IsNull");
            }
        }

        @Override
        public boolean holds(CurrentStates current) {
            return current.value(component) == value;
        }
    }

    /** The component has neither value nor number: not seen yet, or ended. */
    record IsNull(int component) implements StateCondition {
        @Override
        public boolean holds(CurrentStates current) {
            return current.isNull(component);
        }
    }

    /** How a component's number is compared. */
    enum Comparison {
        LESS,
        LESS_OR_EQUAL,
        EQUAL,
        GREATER_OR_EQUAL,
        GREATER;

        private boolean accepts(int order) {
            return switch (this) {
                case LESS -> order < 0;
                case LESS_OR_EQUAL -> order <= 0;
                case EQUAL -> order == 0;
                case GREATER_OR_EQUAL -> order >= 0;
                case GREATER -> order > 0;
            };
        }
    }

    /**
     * The component has a number that compares so with this one.
     *
     * @param number in the form of the component's numbers, not null
     */
    record NumberIs(int component, Comparison comparison, NumberForm form, long number) implements StateCondition {
        public NumberIs {
            if (StateNumbers.isNull(number)) {
                throw new IllegalArgumentException("nothing compares with null; ask IsNull");
            }
        }

        @Override
        public boolean holds(CurrentStates current) {
            long now = current.number(component);
            return !StateNumbers.isNull(now) && comparison.accepts(form.compare(now, number));
        }
    }

    /** All of these hold; true if there are none. */
    record AllOf(List<StateCondition> conditions) implements StateCondition {
        public AllOf {
            conditions = List.copyOf(conditions);
        }

        @Override
        public boolean holds(CurrentStates current) {
            for (StateCondition condition : conditions) {
                if (!condition.holds(current)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** One of these holds at least; false if there are none. */
    record AnyOf(List<StateCondition> conditions) implements StateCondition {
        public AnyOf {
            conditions = List.copyOf(conditions);
        }

        @Override
        public boolean holds(CurrentStates current) {
            for (StateCondition condition : conditions) {
                if (condition.holds(current)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** This does not hold. */
    record Not(StateCondition condition) implements StateCondition {
        @Override
        public boolean holds(CurrentStates current) {
            return !condition.holds(current);
        }
    }
}
