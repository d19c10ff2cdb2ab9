package io.nexusid.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.DerivedTies;
import io.nexusid.fixtures.ChecksTimelines;
import io.nexusid.fixtures.MadeTimelines;
import io.nexusid.fixtures.TimelineInvariants;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

@ChecksTimelines
class DerivedStatesTest {
    private static final int INACTIVE = 0;
    private static final int ACTIVE = 1;
    private static final int CONNECTED = 2;
    private static final int DISCONNECTED = 3;
    private static final int INSTALLED = 4;
    private static final int UNINSTALLED = 5;
    private static final int GA = 0;
    private static final int APP = 1;

    private static final List<Part> EXAMPLE = List.of(
            new Part(0, GA, 101, 201L, CONNECTED, "e1"),
            new Part(0, GA, 201, 301L, DISCONNECTED, "e2"),
            new Part(0, GA, 301, null, CONNECTED, "e3"),
            new Part(0, APP, 101, 301L, INSTALLED, "e4"),
            new Part(0, APP, 301, null, UNINSTALLED, "e5"));
    private static final StateCombination BOTH = new StateRules(
            List.of(new StateRules.Rule(
                    new StateCondition.AllOf(
                            List.of(new StateCondition.Is(GA, CONNECTED), new StateCondition.Is(APP, INSTALLED))),
                    ACTIVE)),
            INACTIVE);

    /** A component stay. */
    private record Part(int entity, int component, long entered, Long exited, Integer value, String event) {
        boolean holdsAt(long t) {
            return value != null && entered <= t && (exited == null || exited > t);
        }
    }

    private static final Comparator<Part> TIE = Comparator.comparing(
                    Part::event, Comparator.nullsLast(Comparator.<String>naturalOrder()))
            .thenComparing(Part::value, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Part::exited, Comparator.nullsFirst(Comparator.reverseOrder()));

    private record Derived(int entity, int value, long entered, Long exited, String event) {}

    private static DerivedStates computed(List<Part> parts, int components, StateCombination rule, DerivedTies ties) {
        long[] none = new long[parts.size()];
        Arrays.fill(none, StateNumbers.NULL);
        DerivedStates states = DerivedStates.compute(
                parts.size(),
                parts.stream().mapToInt(Part::entity).toArray(),
                parts.stream().mapToInt(Part::component).toArray(),
                components,
                parts.stream().mapToLong(Part::entered).toArray(),
                parts.stream()
                        .mapToLong(p -> p.exited == null ? Long.MIN_VALUE : p.exited)
                        .toArray(),
                parts.stream().mapToInt(p -> p.value == null ? -1 : p.value).toArray(),
                none,
                (a, b) -> TIE.compare(parts.get(a), parts.get(b)),
                rule,
                ties);
        if (ties == DerivedTies.GROUPED) {
            MadeTimelines.note(() -> checkIsTimeline(states));
        }
        return states;
    }

    private static List<Derived> derived(List<Part> parts, int components, StateCombination rule, DerivedTies ties) {
        DerivedStates states = computed(parts, components, rule, ties);
        List<Derived> derived = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            int trigger = states.trigger(i);
            derived.add(new Derived(
                    states.entity(i),
                    states.value(i),
                    states.enteredAt(i),
                    states.exitedAt(i) == Long.MIN_VALUE ? null : states.exitedAt(i),
                    trigger < 0 ? null : parts.get(trigger).event));
        }
        return derived;
    }

    @Test
    void changesOfOneInstantAreSeenTogether() {
        assertEquals(
                List.of(new Derived(0, ACTIVE, 101, 201L, "e1"), new Derived(0, INACTIVE, 201, null, "e2")),
                derived(EXAMPLE, 2, BOTH, DerivedTies.GROUPED));
    }

    @Test
    void oneByOneTheyMakeEmptyStaysAsInTheReference() {
        assertEquals(
                List.of(
                        new Derived(0, INACTIVE, 101, 101L, "e1"),
                        new Derived(0, ACTIVE, 101, 201L, "e4"),
                        new Derived(0, INACTIVE, 201, 301L, "e2"),
                        new Derived(0, ACTIVE, 301, 301L, "e3"),
                        new Derived(0, INACTIVE, 301, null, "e5")),
                derived(EXAMPLE, 2, BOTH, DerivedTies.SEQUENTIAL));
    }

    @Test
    void aComponentThatEndsIsNullAndTheEndHasNoTrigger() {
        List<Part> parts = List.of(new Part(0, 0, 10, 20L, ACTIVE, "e1"), new Part(0, 1, 5, null, INACTIVE, "e2"));
        StateCombination firstOrElse = current -> current.isNull(0) ? current.value(1) : current.value(0);
        assertEquals(
                List.of(
                        new Derived(0, INACTIVE, 5, 10L, "e2"),
                        new Derived(0, ACTIVE, 10, 20L, "e1"),
                        new Derived(0, INACTIVE, 20, null, null)),
                derived(parts, 2, firstOrElse, DerivedTies.GROUPED));
    }

    @Test
    void theRuleIsNotAskedAboutNothing() {
        List<Part> parts = List.of(new Part(0, 0, 10, 20L, ACTIVE, "e1"), new Part(0, 0, 30, 40L, ACTIVE, "e2"));
        assertEquals(
                List.of(new Derived(0, 7, 10, 20L, "e1"), new Derived(0, 7, 30, 40L, "e2")),
                derived(parts, 1, current -> 7, DerivedTies.GROUPED));
    }

    @Test
    void aNullResultEndsTheStayAndEqualValuesThatTouchAreOne() {
        List<Part> parts = List.of(
                new Part(0, 0, 10, 20L, 1, "e1"),
                new Part(0, 0, 20, 30L, 2, "e2"),
                new Part(0, 0, 30, 40L, 9, "e3"),
                new Part(0, 0, 40, null, 1, "e4"));
        StateCombination small = current -> current.value(0) > 5 ? -1 : 6;
        assertEquals(
                List.of(new Derived(0, 6, 10, 30L, "e1"), new Derived(0, 6, 40, null, "e4")),
                derived(parts, 1, small, DerivedTies.GROUPED));
        assertEquals(
                List.of(new Derived(0, 6, 10, 40L, "e1"), new Derived(0, 6, 40, null, "e4")),
                derived(parts, 1, small, DerivedTies.SEQUENTIAL));
    }

    @Test
    void conditionsTurnComponentsIntoStatuses() {
        int[] component = {0, 1, 1, -1};
        int[] value = {CONNECTED, 8, 9, 5};
        long[] number = {StateNumbers.NULL, StateNumbers.of(3), StateNumbers.of(30), StateNumbers.NULL};
        StateCombination connected =
                new StateRules(List.of(new StateRules.Rule(new StateCondition.Is(0, CONNECTED), ACTIVE)), -1);
        StateCombination large = new StateRules(
                List.of(new StateRules.Rule(
                        new StateCondition.NumberIs(
                                1, StateCondition.Comparison.GREATER, NumberForm.DOUBLE, StateNumbers.of(10)),
                        ACTIVE)),
                INACTIVE);
        int[] statuses = DerivedStates.statuses(4, component, value, number, new StateCombination[] {connected, large});
        assertEquals(
                List.of(ACTIVE, INACTIVE, ACTIVE, -1),
                Arrays.stream(statuses).boxed().toList());
    }

    @Test
    void aConditionOnNullIsFalse() {
        CurrentStates nothing = new CurrentStates() {
            @Override
            public int value(int component) {
                return -1;
            }

            @Override
            public long number(int component) {
                return StateNumbers.NULL;
            }
        };
        assertFalse(new StateCondition.Is(0, 3).holds(nothing));
        assertTrue(new StateCondition.IsNull(0).holds(nothing));
        for (StateCondition.Comparison comparison : StateCondition.Comparison.values()) {
            assertFalse(new StateCondition.NumberIs(0, comparison, NumberForm.EXACT, 0).holds(nothing));
        }
        assertTrue(new StateCondition.Not(new StateCondition.Is(0, 3)).holds(nothing));
        assertTrue(new StateCondition.AllOf(List.of()).holds(nothing));
        assertFalse(new StateCondition.AnyOf(List.of()).holds(nothing));
        assertThrows(IllegalArgumentException.class, () -> new StateCondition.Is(0, -1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new StateCondition.NumberIs(
                        0, StateCondition.Comparison.EQUAL, NumberForm.EXACT, StateNumbers.NULL));
    }

    @Test
    void numbersCompareInTheirForm() {
        CurrentStates ten = new CurrentStates() {
            @Override
            public int value(int component) {
                return -1;
            }

            @Override
            public long number(int component) {
                return 10;
            }
        };
        List<Boolean> answers = new ArrayList<>();
        for (long bound : new long[] {9, 10, 11}) {
            for (StateCondition.Comparison comparison : StateCondition.Comparison.values()) {
                answers.add(new StateCondition.NumberIs(0, comparison, NumberForm.EXACT, bound).holds(ten));
            }
        }
        assertEquals(
                List.of(
                        false, false, false, true, true, //
                        false, true, true, true, false, //
                        true, true, false, false, false),
                answers);
    }

    @Test
    void aComponentOutOfRangeIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> derived(List.of(new Part(0, 1, 10, null, 1, null)), 1, BOTH, DerivedTies.GROUPED));
    }

    @Provide
    Arbitrary<List<Part>> parts() {
        Arbitrary<Integer> entity = Arbitraries.integers().between(-1, 2);
        Arbitrary<Integer> component = Arbitraries.integers().between(-1, 2);
        Arbitrary<Long> entered = Arbitraries.longs().between(0, 14);
        Arbitrary<Long> exited = Arbitraries.longs().between(0, 16).injectNull(0.3);
        Arbitrary<Integer> value = Arbitraries.integers().between(0, 3).injectNull(0.1);
        Arbitrary<String> event = Arbitraries.of("e1", "e2", "e3").injectNull(0.2);
        return Combinators.combine(entity, component, entered, exited, value, event)
                .as(Part::new)
                .list()
                .ofMaxSize(40);
    }

    /** Null where component 0 is 3; else a mixture of all three, null as 0. */
    private static final StateCombination MIX = current -> current.value(0) == 3
            ? -1
            : (Math.max(current.value(0), 0) + Math.max(current.value(1), 0) + Math.max(current.value(2), 0)) / 3;

    @Property(edgeCases = EdgeCasesMode.NONE)
    void atEveryInstantTheValueIsThatOfTheComponentsInForce(@ForAll("parts") List<Part> parts) {
        List<Derived> derived = derived(parts, 3, MIX, DerivedTies.GROUPED);
        for (int entity = 0; entity <= 2; entity++) {
            for (long t = -1; t <= 18; t++) {
                int[] now = new int[3];
                for (int c = 0; c < 3; c++) {
                    now[c] = inForce(parts, entity, c, t);
                }
                int expected = now[0] < 0 && now[1] < 0 && now[2] < 0 ? -1 : MIX.combine(vector(now));
                assertEquals(expected, valueAt(derived, entity, t), "entity " + entity + " at " + t);
            }
        }
    }

    private static int inForce(List<Part> parts, int entity, int component, long t) {
        return parts.stream()
                .filter(p -> p.entity == entity && p.component == component && p.holdsAt(t))
                .min(Comparator.comparing(Part::entered, Comparator.reverseOrder())
                        .thenComparing(TIE))
                .map(Part::value)
                .orElse(-1);
    }

    private static CurrentStates vector(int[] values) {
        return new CurrentStates() {
            @Override
            public int value(int component) {
                return values[component];
            }

            @Override
            public long number(int component) {
                return StateNumbers.NULL;
            }
        };
    }

    private static int valueAt(List<Derived> derived, int entity, long t) {
        List<Derived> held = derived.stream()
                .filter(d -> d.entity == entity && d.entered <= t && (d.exited == null || d.exited > t))
                .toList();
        assertTrue(held.size() <= 1, held::toString);
        return held.isEmpty() ? -1 : held.get(0).value;
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void groupedStaysAreATimelineWhoseNeighboursDiffer(@ForAll("parts") List<Part> parts) {
        DerivedStates states = computed(parts, 3, MIX, DerivedTies.GROUPED);
        for (int i = 0; i < states.size(); i++) {
            int trigger = states.trigger(i);
            assertTrue(trigger < 0 || parts.get(trigger).entered == states.enteredAt(i));
        }
    }

    private static void checkIsTimeline(DerivedStates states) {
        int n = states.size();
        int[] entity = new int[n];
        long[] from = new long[n];
        long[] to = new long[n];
        long[] value = new long[n];
        for (int i = 0; i < n; i++) {
            entity[i] = states.entity(i);
            from[i] = states.enteredAt(i);
            to[i] = states.exitedAt(i);
            value[i] = states.value(i);
        }
        TimelineInvariants.of(entity, from, to).neighboursDiffer(value);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void sequentialStaysAreTheReferences(@ForAll("parts") List<Part> parts) {
        List<Derived> expected = new ArrayList<>();
        TreeSet<Integer> entities = new TreeSet<>();
        parts.forEach(part -> entities.add(part.entity));
        for (int entity : entities) {
            List<Part> visits = new ArrayList<>(parts);
            visits.removeIf(p -> entity < 0 || p.entity != entity || p.component < 0);
            visits.sort(Comparator.comparing(Part::entered)
                    .thenComparing(Part::component)
                    .thenComparing(TIE));
            List<Derived> kept = new ArrayList<>();
            Integer before = null;
            for (int i = 0; i < visits.size(); i++) {
                int[] now = {-1, -1, -1};
                visits.subList(0, i + 1).stream()
                        .filter(visit -> visit.value != null)
                        .forEach(visit -> now[visit.component] = visit.value);
                int code = MIX.combine(vector(now));
                Integer combined = code < 0 ? null : code;
                if (before == null || (combined != null && !combined.equals(before))) {
                    Part visit = visits.get(i);
                    kept.add(new Derived(entity, code, visit.entered, null, visit.event));
                }
                before = combined;
            }
            for (int i = 0; i < kept.size(); i++) {
                Derived d = kept.get(i);
                Long exit = i + 1 < kept.size() ? kept.get(i + 1).entered : null;
                if (d.value >= 0) {
                    expected.add(new Derived(entity, d.value, d.entered, exit, d.event));
                }
            }
        }
        assertEquals(expected, derived(parts, 3, MIX, DerivedTies.SEQUENTIAL));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void theOrderOfTheStaysDoesNotMatter(
            @ForAll("parts") List<Part> parts, @ForAll DerivedTies ties, @ForAll Random random) {
        List<Part> shuffled = new ArrayList<>(parts);
        Collections.shuffle(shuffled, random);
        assertEquals(derived(parts, 3, MIX, ties), derived(shuffled, 3, MIX, ties));
    }
}
