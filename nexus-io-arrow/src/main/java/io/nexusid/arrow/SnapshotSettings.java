package io.nexusid.arrow;

import com.fasterxml.jackson.databind.JsonNode;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.SnapshotDiffSpec;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The setting {@code snapshot_diffs} of a configuration file. */
final class SnapshotSettings {
    private static final Set<String> KEYS = Set.of(
            "file",
            "entity_key",
            "value",
            "observed_at",
            "grain",
            "occurred_at",
            "event_name",
            "event_type",
            "event_description",
            "source",
            "entity",
            "dimension",
            "measurement",
            "value_unit",
            "extra_columns",
            "extras");

    private SnapshotSettings() {}

    static List<SnapshotDiffSpec> diffs(String at, JsonNode value) {
        return StateSettings.list(at, value, SnapshotSettings::diff);
    }

    private static SnapshotDiffSpec diff(String at, JsonNode value) {
        StateSettings.checkKeys(at, value, KEYS);
        String eventName = required(at, value, "event_name");
        SnapshotDiffSpec.Builder builder = SnapshotDiffSpec.of(
                required(at, value, "file"),
                required(at, value, "entity_key"),
                required(at, value, "value"),
                eventName);
        String observedAt = text(at, value, "observed_at");
        if (observedAt != null) {
            builder.observedAt(observedAt);
        }
        if (value.has("grain")) {
            builder.grain(ConfigFile.word(at + "/grain", value.get("grain"), SnapshotDiffSpec.Grain.class));
        }
        if (value.has("occurred_at")) {
            builder.occurredAt(
                    ConfigFile.word(at + "/occurred_at", value.get("occurred_at"), SnapshotDiffSpec.OccurredAt.class));
        }
        String source = text(at, value, "source");
        StateSettings.located(
                at,
                () -> builder.event(new SnapshotDiffSpec.EventTexts(
                        eventName,
                        text(at, value, "event_type"),
                        text(at, value, "event_description"),
                        source == null ? SnapshotDiffSpec.DEFAULT_SOURCE : source)));
        if (value.has("entity")) {
            builder.entity(entity(at + "/entity", value.get("entity")));
        }
        addJoins(at, value, builder);
        return located(at, builder);
    }

    private static void addJoins(String at, JsonNode value, SnapshotDiffSpec.Builder builder) {
        String dimension = text(at, value, "dimension");
        if (dimension != null) {
            builder.dimension(dimension);
        }
        String measurement = text(at, value, "measurement");
        String unit = text(at, value, "value_unit");
        if (measurement != null) {
            builder.measurement(new SnapshotDiffSpec.Measurement(measurement, unit));
        } else if (unit != null) {
            throw new NexusConfigException(at + "/value_unit", "is the unit of a measurement, and there is none");
        }
        if (value.has("extra_columns")) {
            SnapshotDiffSpec.Extras extras = value.has("extras")
                    ? ConfigFile.word(at + "/extras", value.get("extras"), SnapshotDiffSpec.Extras.class)
                    : SnapshotDiffSpec.Extras.MAX;
            builder.extraColumns(ConfigFile.texts(at + "/extra_columns", value.get("extra_columns")), extras);
        } else if (value.has("extras")) {
            throw new NexusConfigException(at + "/extras", "needs extra_columns");
        }
    }

    private static SnapshotDiffSpec.Entity entity(String at, JsonNode value) {
        StateSettings.checkKeys(at, value, Set.of("entity_type", "identifier_type", "role"));
        return new SnapshotDiffSpec.Entity(
                required(at, value, "entity_type"), required(at, value, "identifier_type"), text(at, value, "role"));
    }

    /** The contradiction's own place goes behind that of the diff. */
    private static SnapshotDiffSpec located(String at, SnapshotDiffSpec.Builder builder) {
        try {
            return builder.build();
        } catch (NexusConfigException e) {
            String message = String.valueOf(e.getMessage());
            throw new NexusConfigException("", message.startsWith("/") ? at + message : at + ": " + message, e);
        }
    }

    private static String required(String at, JsonNode value, String key) {
        return ConfigFile.text(at + "/" + key, StateSettings.required(at, value, key));
    }

    private static @Nullable String text(String at, JsonNode value, String key) {
        return value.has(key) ? ConfigFile.text(at + "/" + key, value.get(key)) : null;
    }
}
