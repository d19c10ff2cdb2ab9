package io.nexusid.arrow;

import com.fasterxml.jackson.databind.JsonNode;
import io.nexusid.api.DerivedStateSpec;
import io.nexusid.api.DerivedStateSpec.Comparison;
import io.nexusid.api.DerivedStateSpec.Test;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.StateSpec;
import io.nexusid.api.StateSpec.EventMatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The settings {@code states} and {@code derived_states} of a configuration file. */
final class StateSettings {
    private StateSettings() {}

    static List<StateSpec> states(String at, JsonNode value) {
        return list(at, value, StateSettings::state);
    }

    static List<DerivedStateSpec> derived(String at, JsonNode value) {
        return list(at, value, StateSettings::derivedState);
    }

    private static StateSpec state(String at, JsonNode value) {
        checkKeys(at, value, Set.of("name", "category", "entity_type", "roles", "set", "end"));
        List<StateSpec.Setting> settings = list(at + "/set", required(at, value, "set"), StateSettings::setting);
        List<EventMatch> ends = new ArrayList<>();
        Duration lasts = null;
        JsonNode end = value.path("end");
        for (int i = 0;
                !end.isMissingNode() && i < list(at + "/end", end, (w, v) -> v).size();
                i++) {
            String where = at + "/end/" + i;
            String kind = onlyKey(where, end.get(i), Set.of("event", "after"));
            if (kind.equals("event")) {
                ends.add(event(where + "/event", end.get(i).get("event")));
                continue;
            }
            if (lasts != null) {
                throw new NexusConfigException(where, "there is one length of time already");
            }
            String text = ConfigFile.text(where + "/after", end.get(i).get("after"));
            lasts = located(where + "/after", () -> StateSpec.length(text));
        }
        String name = ConfigFile.text(at + "/name", required(at, value, "name"));
        String type = ConfigFile.text(at + "/entity_type", required(at, value, "entity_type"));
        String category = value.has("category") ? ConfigFile.text(at + "/category", value.get("category")) : null;
        List<String> roles = value.has("roles") ? ConfigFile.texts(at + "/roles", value.get("roles")) : List.of();
        Duration length = lasts;
        return located(at, () -> new StateSpec(name, category, type, Set.copyOf(roles), settings, ends, length));
    }

    private static StateSpec.Setting setting(String at, JsonNode value) {
        if (value.has("trait")) {
            checkKeys(at, value, Set.of("trait"));
            return new StateSpec.ByTrait(ConfigFile.text(at + "/trait", value.get("trait")));
        }
        checkKeys(at, value, Set.of("event", "value", "value_from"));
        EventMatch event = event(at + "/event", required(at, value, "event"));
        if (value.has("value") == value.has("value_from")) {
            throw new NexusConfigException(at, "needs either value or value_from");
        }
        return new StateSpec.ByEvent(
                event,
                value.has("value")
                        ? constant(at + "/value", value.get("value"))
                        : valueFrom(at + "/value_from", value.get("value_from")));
    }

    private static StateSpec.Value constant(String at, JsonNode value) {
        return value.isNumber()
                ? located(at, () -> new StateSpec.Value.Numeric(value.doubleValue()))
                : new StateSpec.Value.Text(ConfigFile.text(at, value));
    }

    private static StateSpec.Value valueFrom(String at, JsonNode value) {
        String kind = onlyKey(at, value, Set.of("measurement", "dimension"));
        String name = ConfigFile.text(at + "/" + kind, value.get(kind));
        return kind.equals("measurement") ? new StateSpec.Value.Measurement(name) : new StateSpec.Value.Dimension(name);
    }

    private static EventMatch event(String at, JsonNode value) {
        checkKeys(at, value, Set.copyOf(EventMatch.COLUMNS));
        Map<String, String> columns = new LinkedHashMap<>();
        value.properties().forEach(e -> columns.put(e.getKey(), ConfigFile.text(at + "/" + e.getKey(), e.getValue())));
        return located(at, () -> new EventMatch(columns));
    }

    private static DerivedStateSpec derivedState(String at, JsonNode value) {
        checkKeys(at, value, Set.of("name", "entity_type", "components", "rules", "else"));
        String name = ConfigFile.text(at + "/name", required(at, value, "name"));
        String type = ConfigFile.text(at + "/entity_type", required(at, value, "entity_type"));
        Map<String, DerivedStateSpec.Component> components = new LinkedHashMap<>();
        JsonNode named = required(at, value, "components");
        checkObject(at + "/components", named);
        named.properties()
                .forEach(e -> components.put(e.getKey(), component(at + "/components/" + e.getKey(), e.getValue())));
        DerivedStateSpec.Cases cases = cases(at, value);
        return located(at, () -> new DerivedStateSpec(name, type, components, cases));
    }

    private static DerivedStateSpec.Component component(String at, JsonNode value) {
        checkKeys(at, value, Set.of("state", "rules", "else"));
        String state = ConfigFile.text(at + "/state", required(at, value, "state"));
        return new DerivedStateSpec.Component(state, value.has("rules") || value.has("else") ? cases(at, value) : null);
    }

    private static DerivedStateSpec.Cases cases(String at, JsonNode value) {
        return new DerivedStateSpec.Cases(
                list(at + "/rules", required(at, value, "rules"), StateSettings::rule), nullable(at, value, "else"));
    }

    private static DerivedStateSpec.Case rule(String at, JsonNode value) {
        checkKeys(at, value, Set.of("when", "then"));
        required(at, value, "then");
        return new DerivedStateSpec.Case(test(at + "/when", required(at, value, "when")), nullable(at, value, "then"));
    }

    private static Test test(String at, JsonNode value) {
        String kind = onlyKey(at, value, Set.of("eq", "in", "null", "lt", "le", "ge", "gt", "all", "any", "not"));
        String where = at + "/" + kind;
        JsonNode asked = value.get(kind);
        return switch (kind) {
            case "null" -> new Test.IsNull(ConfigFile.text(where, asked));
            case "not" -> new Test.Not(test(where, asked));
            case "all" -> new Test.All(list(where, asked, StateSettings::test));
            case "any" -> new Test.Any(list(where, asked, StateSettings::test));
            case "in" -> {
                String component = pairedComponent(where, asked);
                yield new Test.Any(list(where + "/1", asked.get(1), (w, v) -> equal(w, component, v)));
            }
            case "eq" -> equal(where + "/1", pairedComponent(where, asked), asked.get(1));
            default ->
                new Test.Compare(
                        pairedComponent(where, asked),
                        Comparison.valueOf(kind.toUpperCase(Locale.ROOT)),
                        number(where + "/1", asked.get(1)));
        };
    }

    /** The first of a pair. */
    private static String pairedComponent(String at, JsonNode pair) {
        if (!pair.isArray() || pair.size() != 2) {
            throw new NexusConfigException(at, "must be a list of a component and what to compare it with");
        }
        return ConfigFile.text(at + "/0", pair.get(0));
    }

    private static Test equal(String at, String component, JsonNode value) {
        return value.isNumber()
                ? new Test.Compare(component, Comparison.EQ, number(at, value))
                : new Test.Is(component, ConfigFile.text(at, value));
    }

    private static double number(String at, JsonNode value) {
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw new NexusConfigException(at, "must be a number");
        }
        return value.doubleValue();
    }

    static <T> List<T> list(String at, JsonNode value, BiFunction<String, JsonNode, T> each) {
        if (!value.isArray()) {
            throw new NexusConfigException(at, "must be a list");
        }
        List<T> out = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            out.add(each.apply(at + "/" + i, value.get(i)));
        }
        return out;
    }

    static JsonNode required(String at, JsonNode value, String key) {
        JsonNode found = value.get(key);
        if (found == null) {
            throw new NexusConfigException(at, "needs " + key);
        }
        return found;
    }

    private static @Nullable String nullable(String at, JsonNode value, String key) {
        return value.path(key).isMissingNode() || value.path(key).isNull()
                ? null
                : ConfigFile.text(at + "/" + key, value.get(key));
    }

    private static void checkObject(String at, JsonNode value) {
        if (!value.isObject()) {
            throw new NexusConfigException(at, "must be an object");
        }
    }

    static void checkKeys(String at, JsonNode value, Set<String> known) {
        checkObject(at, value);
        value.properties().forEach(e -> {
            if (!known.contains(e.getKey())) {
                throw new NexusConfigException(at + "/" + e.getKey(), "is no setting here");
            }
        });
    }

    private static String onlyKey(String at, JsonNode value, Set<String> known) {
        checkKeys(at, value, known);
        if (value.size() != 1) {
            throw new NexusConfigException(at, "must have exactly one key");
        }
        return value.fieldNames().next();
    }

    /** Adds to an error that does not say where it is. */
    static <T> T located(String at, Supplier<T> make) {
        try {
            return make.get();
        } catch (NexusConfigException e) {
            throw new NexusConfigException(at, String.valueOf(e.getMessage()), e);
        }
    }
}
