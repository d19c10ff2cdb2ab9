package io.nexusid.arrow;

import io.nexusid.api.DerivedStateSpec;
import io.nexusid.states.CurrentStates;
import io.nexusid.states.DerivedStates;
import io.nexusid.states.StateCombination;
import io.nexusid.states.StateCondition;
import io.nexusid.states.StateNumbers;
import io.nexusid.states.StateRules;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** The stays of one derived state, made of all stays that come before them in {@link StateRows}. */
final class DerivedStays implements Stays {
    private static final int NONE = -1;

    private final StateRows rows;
    private final StateTexts texts;
    private final StateUnit unit;
    private final int name;
    /** The component stays, by number in all rows. */
    private final IntArrayList component = new IntArrayList();

    private final DerivedStates derived;
    /** By rank. */
    private final int[] entityOfRank;

    DerivedStays(Run run, StateRows rows, StateTexts texts, DerivedStateSpec spec) {
        this.rows = rows;
        this.texts = texts;
        this.unit = run.log().stateUnit();
        this.name = texts.addName(spec.name());
        List<String> components = List.copyOf(spec.components().keySet());
        this.entityOfRank = new int[rows.entities().size()];
        IntArrayList componentOf = new IntArrayList();
        collect(run, spec, components, componentOf);
        int n = component.size();
        int[] entity = new int[n];
        int[] value = new int[n];
        long[] number = new long[n];
        long[] entered = new long[n];
        long[] exited = new long[n];
        for (int i = 0; i < n; i++) {
            int stay = component.getInt(i);
            entity[i] = rows.entityRank(stay);
            entityOfRank[entity[i]] = rows.entity(stay);
            value[i] = rows.value(stay);
            number[i] = rows.number(stay);
            entered[i] = rows.enteredAt(stay);
            exited[i] = rows.exitedAt(stay);
        }
        int[] rowValue = value.clone();
        count(spec, components, componentOf.elements(), value, number, n);
        this.derived = DerivedStates.compute(
                n,
                entity,
                componentOf.elements(),
                components.size(),
                entered,
                exited,
                value,
                number,
                (a, b) -> compareTies(a, b, rowValue),
                combination(spec.rule(), components),
                run.config().derivedTies());
    }

    /** A stay may be several components at once. */
    private void collect(Run run, DerivedStateSpec spec, List<String> components, IntArrayList componentOf) {
        byte[] typeName = Bytes.of(spec.entityType());
        int type = run.entityTypeNames().find(0, typeName, 0, typeName.length);
        List<Integer> states = new ArrayList<>();
        for (String each : components) {
            states.add(texts.addName(
                    Objects.requireNonNull(spec.components().get(each)).state()));
        }
        for (int stay = 0; stay < rows.size(); stay++) {
            for (int c = 0; c < states.size(); c++) {
                if (states.get(c) == rows.name(stay) && rows.entities().type(rows.entity(stay)) == type) {
                    component.add(stay);
                    componentOf.add(c);
                }
            }
        }
    }

    /** Puts in place of each value what its component counts as. */
    private void count(
            DerivedStateSpec spec, List<String> components, int[] componentOf, int[] value, long[] number, int n) {
        StateCombination[] conditions = new StateCombination[components.size()];
        for (int c = 0; c < conditions.length; c++) {
            DerivedStateSpec.Rule status = Objects.requireNonNull(
                            spec.components().get(components.get(c)))
                    .status();
            int alone = c;
            conditions[c] = status == null ? current -> current.value(alone) : combination(status, components);
        }
        int[] statuses = DerivedStates.statuses(n, componentOf, value, number, conditions);
        for (int i = 0; i < n; i++) {
            boolean counted = Objects.requireNonNull(spec.components().get(components.get(componentOf[i])))
                            .status()
                    != null;
            value[i] = statuses[i];
            number[i] = counted ? StateNumbers.NULL : number[i];
        }
    }

    private int compareTies(int a, int b, int[] value) {
        int left = component.getInt(a);
        int right = component.getInt(b);
        int order = rows.compareTriggers(left, right);
        order = order != 0 ? order : texts.values().compareCodes(value[a], value[b]);
        return order != 0 ? order : unit.form().compare(rows.number(left), rows.number(right));
    }

    private StateCombination combination(DerivedStateSpec.Rule rule, List<String> components) {
        if (rule instanceof DerivedStateSpec.Cases cases) {
            List<StateRules.Rule> rules = new ArrayList<>();
            cases.cases()
                    .forEach(each ->
                            rules.add(new StateRules.Rule(condition(each.when(), components), code(each.then()))));
            return new StateRules(rules, code(cases.otherwise()));
        }
        DerivedStateSpec.Combination combination = (DerivedStateSpec.Combination) rule;
        Map<String, Integer> numbers = new HashMap<>();
        components.forEach(each -> numbers.put(each, components.indexOf(each)));
        return current -> code(combination.combine(new Named(current, numbers)));
    }

    private int code(@Nullable String value) {
        return value == null ? NONE : texts.addValue(Bytes.of(value));
    }

    private StateCondition condition(DerivedStateSpec.Test test, List<String> components) {
        if (test instanceof DerivedStateSpec.Test.Is is) {
            return new StateCondition.Is(components.indexOf(is.component()), texts.addValue(Bytes.of(is.value())));
        }
        if (test instanceof DerivedStateSpec.Test.IsNull isNull) {
            return new StateCondition.IsNull(components.indexOf(isNull.component()));
        }
        if (test instanceof DerivedStateSpec.Test.Compare compare) {
            StateCondition.Comparison comparison =
                    switch (compare.comparison()) {
                        case LT -> StateCondition.Comparison.LESS;
                        case LE -> StateCondition.Comparison.LESS_OR_EQUAL;
                        case EQ -> StateCondition.Comparison.EQUAL;
                        case GE -> StateCondition.Comparison.GREATER_OR_EQUAL;
                        case GT -> StateCondition.Comparison.GREATER;
                    };
            return unit.condition(components.indexOf(compare.component()), comparison, compare.number());
        }
        if (test instanceof DerivedStateSpec.Test.Not not) {
            return new StateCondition.Not(condition(not.test(), components));
        }
        if (test instanceof DerivedStateSpec.Test.All all) {
            return new StateCondition.AllOf(all.tests().stream()
                    .map(each -> condition(each, components))
                    .toList());
        }
        return new StateCondition.AnyOf(((DerivedStateSpec.Test.Any) test)
                .tests().stream().map(each -> condition(each, components)).toList());
    }

    /** The current components as a rule in Java sees them. */
    private final class Named implements DerivedStateSpec.Current {
        private final CurrentStates current;
        private final Map<String, Integer> numbers;

        Named(CurrentStates current, Map<String, Integer> numbers) {
            this.current = current;
            this.numbers = numbers;
        }

        @Override
        public @Nullable String value(String component) {
            int code = current.value(number(component, numbers));
            return code < 0 ? null : texts.values().text(code);
        }

        @Override
        public OptionalDouble number(String component) {
            long bits = current.number(number(component, numbers));
            return StateNumbers.isNull(bits) ? OptionalDouble.empty() : OptionalDouble.of(unit.nearestDouble(bits));
        }

        private static int number(String component, Map<String, Integer> numbers) {
            Integer number = numbers.get(component);
            if (number == null) {
                throw new IllegalArgumentException("'" + component + "' is no component");
            }
            return number;
        }
    }

    @Override
    public int size() {
        return derived.size();
    }

    @Override
    public int entity(int stay) {
        return entityOfRank[derived.entity(stay)];
    }

    @Override
    public int name(int stay) {
        return name;
    }

    @Override
    public int value(int stay) {
        return derived.value(stay);
    }

    @Override
    public long number(int stay) {
        return StateNumbers.NULL;
    }

    @Override
    public int category(int stay) {
        return texts.dimension;
    }

    @Override
    public long enteredAt(int stay) {
        return derived.enteredAt(stay);
    }

    @Override
    public long exitedAt(int stay) {
        return derived.exitedAt(stay);
    }

    @Override
    public byte @Nullable [] trigger(int stay) {
        int because = derived.trigger(stay);
        return because < 0 ? null : rows.trigger(component.getInt(because));
    }

    @Override
    public void copyTriggerTo(int stay, TextAppender out) {
        byte[] text = trigger(stay);
        if (text == null) {
            out.appendNull();
        } else {
            out.append(text);
        }
    }

    @Override
    public int compareTriggers(int a, int b) {
        return ChangedStays.compareTexts(trigger(a), trigger(b));
    }
}
