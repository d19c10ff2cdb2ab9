package io.nexusid.arrow;

import io.nexusid.api.DerivedStateSpec;
import io.nexusid.api.InputTable;
import io.nexusid.api.StateSpec;
import io.nexusid.api.StateSpec.EventMatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Hostile logs in which everything is as it was but the names of columns: no two mean different things. */
final class TameNames {
    private static final Map<InputTable, String> NAMES = Map.of(
            InputTable.ENTITY_TRAITS, "trait_name",
            InputTable.COMPUTED_TRAITS, "trait_name",
            InputTable.EVENT_MEASUREMENTS, "measurement_name",
            InputTable.EVENT_DIMENSIONS, "dimension_name",
            InputTable.STATES, "state_name",
            InputTable.STATE_CHANGES, "state_name");

    private TameNames() {}

    static Map<InputTable, List<Map<String, Object>>> of(Map<InputTable, List<Map<String, Object>>> log) {
        Map<InputTable, List<Map<String, Object>>> tame = new EnumMap<>(InputTable.class);
        log.forEach((table, rows) -> {
            List<Map<String, Object>> copies = new ArrayList<>();
            rows.forEach(row -> copies.add(tame(table, row)));
            tame.put(table, copies);
        });
        return tame;
    }

    private static Map<String, Object> tame(InputTable table, Map<String, Object> row) {
        Map<String, Object> copy = new LinkedHashMap<>();
        row.forEach((column, cell) -> {
            boolean further = table == InputTable.ENTITY_REGISTRATIONS
                    && table.column(column).isEmpty();
            copy.put(further ? "of source " + column : column, cell);
        });
        String column = NAMES.get(table);
        if (column != null) {
            String name = (String) row.get(column);
            copy.put(column, (name.startsWith("is_") ? "is_" : "") + "of " + table.tableName() + " " + name);
        }
        if (table == InputTable.STATES || table == InputTable.STATE_CHANGES) {
            boolean measured = copy.get("state_name").hashCode() % 2 == 0;
            copy.put("state_name", "of states " + row.get("state_name") + (measured ? " n" : " t"));
            copy.put(measured ? "state_value" : "state_numeric_value", null);
            if (row.containsKey("state_category")) {
                copy.put("state_category", measured ? "measurement" : "dimension");
            } else if (measured) {
                // Without a category stays are texts, and changes numbers.
                copy.put("state_name", copy.get("state_name") + " of " + table.tableName());
                if (copy.get("state_numeric_value") == null) {
                    copy.put("state_numeric_value", 0.0);
                }
            }
        }
        return copy;
    }

    static List<StateSpec> states(Random random) {
        List<StateSpec> specs = new ArrayList<>();
        if (random.nextBoolean()) {
            specs.add(StateSpec.of("declared plan", "person")
                    .set(new EventMatch(Map.of("source", "shop")), "on")
                    .set(new EventMatch(Map.of("source", "crm")), "off")
                    .endOn(new EventMatch(Map.of("source", "Mail")))
                    .build());
        }
        if (random.nextBoolean()) {
            specs.add(StateSpec.of("declared amount", "group")
                    .setToMeasurement(new EventMatch(Map.of("source", "shop")), "value")
                    .setToMeasurement(new EventMatch(Map.of("source", "Mail")), "of event_measurements amount")
                    .endAfter(Duration.ofHours(5))
                    .build());
        }
        if (random.nextBoolean()) {
            specs.add(StateSpec.of("declared channel", "person")
                    .roles("owner", "")
                    .setToDimension(new EventMatch(Map.of("source", "shop")), "of event_dimensions channel")
                    .setByTrait("of entity_traits plan")
                    .build());
        }
        return specs;
    }

    static List<DerivedStateSpec> derived() {
        DerivedStateSpec.Combination both = now -> now.value("a") == null ? null : now.value("a") + "!";
        return List.of(new DerivedStateSpec(
                "derived", "person", Map.of("a", DerivedStateSpec.Component.of("declared plan")), both));
    }
}
