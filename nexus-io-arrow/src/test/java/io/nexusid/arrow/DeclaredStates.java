package io.nexusid.arrow;

import io.nexusid.api.DerivedStateSpec;
import io.nexusid.api.DerivedStateSpec.Case;
import io.nexusid.api.DerivedStateSpec.Cases;
import io.nexusid.api.DerivedStateSpec.Comparison;
import io.nexusid.api.DerivedStateSpec.Component;
import io.nexusid.api.DerivedStateSpec.Test;
import io.nexusid.api.StateSpec;
import io.nexusid.api.StateSpec.EventMatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Declared and derived states that say something about hostile logs. */
final class DeclaredStates {
    private static final List<String> MEASUREMENTS = List.of("amount", "Tax Rate", "value", "nothing");
    private static final List<String> DIMENSIONS = List.of("plan", "is_vip", "channel", "nothing");
    private static final List<String> VALUES = List.of("trial", "active", "", "on");
    private static final List<String> NAMES = List.of("plan", "mrr", "usage", "Plan", "engagement");

    private DeclaredStates() {}

    static List<StateSpec> some(Random random) {
        List<StateSpec> specs = new ArrayList<>();
        for (String name : NAMES.subList(0, random.nextInt(NAMES.size() + 1))) {
            StateSpec.Builder spec = StateSpec.of(name, random.nextBoolean() ? "person" : "group");
            spec.category(pick(random, List.of("none", "dimension", "measurement", "other")));
            if (random.nextBoolean()) {
                spec.category(null);
            }
            if (random.nextBoolean()) {
                spec.roles("owner", "", "nobody");
            }
            for (int i = random.nextInt(3); i >= 0; i--) {
                setting(spec, random);
            }
            if (random.nextBoolean()) {
                spec.endOn(event(random));
            }
            if (random.nextInt(3) == 0) {
                spec.endAfter(Duration.ofMillis(1 + random.nextInt(1 << 30)));
            }
            specs.add(spec.build());
        }
        return specs;
    }

    private static void setting(StateSpec.Builder spec, Random random) {
        EventMatch event = event(random);
        switch (random.nextInt(5)) {
            case 0 -> spec.setToMeasurement(event, pick(random, MEASUREMENTS));
            case 1 -> spec.setToDimension(event, pick(random, DIMENSIONS));
            case 2 -> spec.setByTrait(pick(random, List.of("email", "full_name", "is_internal_user")));
            case 3 -> spec.set(new StateSpec.ByEvent(event, new StateSpec.Value.Numeric(random.nextInt(3) - 1)));
            default -> spec.set(event, pick(random, VALUES));
        }
    }

    /** Sources are few, so that many events fit. */
    private static EventMatch event(Random random) {
        String source = pick(random, List.of("shop", "Mail", "crm", ""));
        return random.nextInt(4) == 0
                ? new EventMatch(Map.of("source", source, "event_type", "a"))
                : new EventMatch(Map.of("source", source));
    }

    static List<DerivedStateSpec> derived(Random random) {
        List<DerivedStateSpec> specs = new ArrayList<>();
        for (String type : List.of("person", "group")) {
            Map<String, Component> components = new LinkedHashMap<>();
            components.put("a", Component.of(pick(random, NAMES)));
            components.put("b", Component.of(pick(random, NAMES)));
            components.put("c", new Component("life cycle", cases(random, List.of("c"))));
            specs.add(new DerivedStateSpec("health", type, components, cases(random, List.of("a", "b", "c"))));
            DerivedStateSpec.Combination both =
                    now -> now.value("a") == null && now.number("b").isEmpty() ? null : now.value("a") + "!";
            specs.add(new DerivedStateSpec(
                    "grade", type, Map.of("a", Component.of("health"), "b", Component.of("mrr")), both));
        }
        return specs;
    }

    private static Cases cases(Random random, List<String> components) {
        List<Case> cases = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            cases.add(new Case(test(random, components, 2), random.nextInt(4) == 0 ? null : pick(random, VALUES)));
        }
        return new Cases(cases, random.nextBoolean() ? null : pick(random, VALUES));
    }

    private static Test test(Random random, List<String> components, int depth) {
        String component = pick(random, components);
        return switch (random.nextInt(depth == 0 ? 3 : 6)) {
            case 0 -> new Test.Is(component, pick(random, VALUES));
            case 1 -> new Test.IsNull(component);
            case 2 -> new Test.Compare(component, pick(random, List.of(Comparison.values())), random.nextInt(3) - 1);
            case 3 -> new Test.Not(test(random, components, depth - 1));
            case 4 -> new Test.All(List.of(test(random, components, depth - 1), test(random, components, depth - 1)));
            default -> new Test.Any(List.of(test(random, components, depth - 1), test(random, components, depth - 1)));
        };
    }

    private static <T> T pick(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
