package io.nexusid.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A state that follows from other states of the same entity: a value for each combination of what its components are.
 * {@code docs/configuration.md} has the JSON form.
 *
 * @param name the state's name
 * @param entityType the configured type of entity that has the state
 * @param components by the name the rule calls it; the order is that in which changes of one instant trigger
 * @param rule what the components make together
 */
public record DerivedStateSpec(String name, String entityType, Map<String, Component> components, Rule rule) {

    /** Copies the components, and checks that the rule speaks of these alone. */
    public DerivedStateSpec {
        components = Collections.unmodifiableMap(new LinkedHashMap<>(components));
        if (name.isEmpty()) {
            throw new NexusConfigException("", "a derived state needs a name");
        }
        if (components.isEmpty()) {
            throw new NexusConfigException("", "derived state '" + name + "' has no components");
        }
        if (rule instanceof Cases cases) {
            cases.checkComponents(components);
        }
        components.forEach((component, what) -> {
            if (what.status() instanceof Cases cases) {
                cases.checkComponents(Map.of(component, what));
            }
        });
    }

    /**
     * A state that is looked at.
     *
     * @param state the name of the state: a given one, a declared one, or one derived before
     * @param status what the component counts as, for each of its stays alone; null to take the stay as it is
     */
    public record Component(String state, @Nullable Rule status) {
        /** The state as it is. */
        public static Component of(String state) {
            return new Component(state, null);
        }
    }

    /** From what the components are to what the state is; null is no state. */
    public sealed interface Rule {}

    /** A rule in Java. Pure: the same components give the same answer. */
    @FunctionalInterface
    public non-sealed interface Combination extends Rule {
        /** The value for these components, null for none. Not asked in GROUPED ties where all are null. */
        @Nullable String combine(Current current);
    }

    /** What the components are at one instant. */
    public interface Current {
        /** The text of a component, null if it has none. */
        @Nullable String value(String component);

        /** The number of a component. */
        OptionalDouble number(String component);
    }

    /**
     * A rule as data: the first case whose condition holds.
     *
     * @param cases asked in order
     * @param otherwise the value if none holds, null for none
     */
    public record Cases(List<Case> cases, @Nullable String otherwise) implements Rule {
        /** Copies the cases. */
        public Cases {
            cases = List.copyOf(cases);
        }

        private void checkComponents(Map<String, Component> components) {
            cases.forEach(each -> each.when().check(components));
        }
    }

    /**
     * One case.
     *
     * @param then the value, null for none
     */
    public record Case(Test when, @Nullable String then) {}

    /** A question to the components; a comparison with null is false. */
    public sealed interface Test {
        /** Fails if a component is not among these. */
        private void check(Map<String, Component> components) {
            String asked = null;
            if (this instanceof Is is) {
                asked = is.component();
            } else if (this instanceof IsNull isNull) {
                asked = isNull.component();
            } else if (this instanceof Compare compare) {
                asked = compare.component();
            } else if (this instanceof Not not) {
                not.test().check(components);
            } else if (this instanceof All all) {
                all.tests().forEach(test -> test.check(components));
            } else if (this instanceof Any any) {
                any.tests().forEach(test -> test.check(components));
            }
            if (asked != null && !components.containsKey(asked)) {
                throw new NexusConfigException("", "'" + asked + "' is no component; there are " + components.keySet());
            }
        }

        /** The component has this text. */
        record Is(String component, String value) implements Test {}

        /** The component has neither text nor number. */
        record IsNull(String component) implements Test {}

        /** The component has a number that compares so. */
        record Compare(String component, Comparison comparison, double number) implements Test {}

        /** It does not hold. */
        record Not(Test test) implements Test {}

        /** All hold. */
        record All(List<Test> tests) implements Test {
            public All {
                tests = List.copyOf(tests);
            }
        }

        /** One holds at least. */
        record Any(List<Test> tests) implements Test {
            public Any {
                tests = List.copyOf(tests);
            }
        }
    }

    /** How a number is compared. */
    public enum Comparison {
        LT,
        LE,
        EQ,
        GE,
        GT
    }
}
