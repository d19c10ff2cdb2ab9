package io.nexusid.arrow;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nexusid.api.Aggregator;
import io.nexusid.api.AsOfTie;
import io.nexusid.api.Compat;
import io.nexusid.api.DeltaMode;
import io.nexusid.api.DerivedTies;
import io.nexusid.api.EntityType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.FaultPolicy;
import io.nexusid.api.GapMode;
import io.nexusid.api.IdDialect;
import io.nexusid.api.IdForm;
import io.nexusid.api.IdPolicy;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.ParticipantIds;
import io.nexusid.api.PeriodRange;
import io.nexusid.api.ResolveOn;
import io.nexusid.api.StayPolicy;
import io.nexusid.api.Survivor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration from JSON. Unknown and repeated keys, wrong types and contradictions are a
 * {@link NexusConfigException} that starts with the JSON pointer. {@code docs/configuration.md} lists the keys.
 */
public final class ConfigFile {
    private static final int MAX_BYTES = 1 << 20;

    /** Older names of keys; where both are given the new one wins if it says anything (not null, 0, false or empty). */
    private static final Map<String, String> ALIASES = Map.of(
            "max_recursion", "max_hops",
            "nexus_max_recursion", "max_hops",
            "nexus_entity_types", "entity_types");

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(MAX_BYTES)
                            .maxNumberLength(64)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ConfigFile() {}

    /**
     * Reads a file. The builder can still be changed, as the command line does.
     *
     * @throws IOException if the file cannot be read
     * @throws NexusConfigException if its content is wrong
     */
    public static NexusConfig.Builder read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new NexusConfigException("", file.getFileName() + " has more than " + MAX_BYTES + " bytes");
        }
        return parse(Files.readAllBytes(file), String.valueOf(file.getFileName()));
    }

    static NexusConfig.Builder parse(byte[] json, String name) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JacksonException e) {
            throw new NexusConfigException(
                    "",
                    name + " line " + lineOf(e) + ": "
                            + e.getOriginalMessage().lines().findFirst().orElse("not JSON"),
                    e);
        } catch (IOException e) {
            throw new NexusConfigException("", name + ": " + e.getMessage(), e);
        }
        if (!root.isObject()) {
            throw new NexusConfigException("", name + " is not a JSON object");
        }
        NexusConfig.Builder builder = NexusConfig.builder();
        Map<String, JsonNode> settings = withoutAliases(root);
        settings.forEach((key, value) -> apply(builder, key, value));
        return builder;
    }

    private static int lineOf(JacksonException e) {
        return e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    }

    private static Map<String, JsonNode> withoutAliases(JsonNode root) {
        Map<String, JsonNode> settings = new HashMap<>();
        root.properties().forEach(entry -> {
            if (!ALIASES.containsKey(entry.getKey())) {
                settings.put(entry.getKey(), entry.getValue());
            }
        });
        root.properties().forEach(entry -> {
            String name = ALIASES.get(entry.getKey());
            if (name != null && saysNothing(settings.get(name))) {
                settings.put(name, entry.getValue());
            }
        });
        return settings;
    }

    private static boolean saysNothing(@Nullable JsonNode value) {
        return value == null
                || value.isNull()
                || (value.isNumber() && value.asDouble() == 0)
                || (value.isBoolean() && !value.asBoolean())
                || (value.isContainerNode() && value.isEmpty());
    }

    private static void apply(NexusConfig.Builder builder, String key, JsonNode value) {
        String at = "/" + key;
        switch (key) {
            case "entity_types" -> builder.entityTypes(entityTypes(at, value));
            case "compat" -> builder.compat(compat(at, text(at, value)));
            case "max_hops" -> builder.maxHops(value.isNull() ? NexusConfig.UNLIMITED_HOPS : integer(at, value));
            case "resolve_on" -> builder.resolveOn(word(at, value, ResolveOn.class));
            case "ignore_empty_identifiers" -> builder.ignoreEmptyIdentifiers(bool(at, value));
            case "id_dialect" -> builder.idDialect(word(at, value, IdDialect.class));
            case "ids" -> builder.ids(word(at, value, IdForm.class));
            case "surrogate_keys" -> builder.surrogateKeys(bool(at, value));
            case "internal_emails" -> builder.internalEmails(texts(at, value));
            case "gap_mode" -> builder.gapMode(word(at, value, GapMode.class));
            case "delta_mode" -> builder.deltaMode(word(at, value, DeltaMode.class));
            case "stay_policy" -> builder.stayPolicy(word(at, value, StayPolicy.class));
            case "coalesce_unchanged" -> builder.coalesceUnchanged(bool(at, value));
            case "as_of_tie" -> builder.asOfTie(word(at, value, AsOfTie.class));
            case "snapshot_diffs" -> builder.snapshotDiffs(SnapshotSettings.diffs(at, value));
            case "states" -> builder.states(StateSettings.states(at, value));
            case "derived_states" -> builder.derivedStates(StateSettings.derived(at, value));
            case "derived_ties" -> builder.derivedTies(word(at, value, DerivedTies.class));
            case "periods" -> builder.periods(periods(at, value));
            case "max_snapshot_rows" -> builder.maxSnapshotRows(integer(at, value));
            case "state_events_from" -> builder.stateEventsFrom(instant(at, text(at, value)));
            case "state_events_to" -> builder.stateEventsTo(instant(at, text(at, value)));
            case "measurement_aggregators" -> aggregators(builder, at, value);
            case "lenient_booleans" -> builder.lenientBooleans(bool(at, value));
            case "faults" -> faults(builder, at, value);
            case "clock" -> builder.clock(instant(at, text(at, value)));
            case "threads" -> builder.threads(integer(at, value));
            case "max_edge_rows" -> builder.maxEdgeRows(integer(at, value));
            case "id_policy" -> builder.idPolicy(word(at, value, IdPolicy.class));
            case "survivor" -> builder.survivor(word(at, value, Survivor.class));
            case "pinned_ids" -> builder.pinnedIds(texts(at, value));
            case "participant_ids" -> builder.participantIds(word(at, value, ParticipantIds.class));
            case "keep_epochs" -> builder.keepEpochs(integer(at, value));
            default -> throw new NexusConfigException(at, "is not a setting; see docs/configuration.md");
        }
    }

    /** The preset of this name. */
    public static Compat compat(String where, String name) {
        for (Compat compat : Compat.values()) {
            if (compat.configName().equals(name)) {
                return compat;
            }
        }
        throw new NexusConfigException(
                where,
                "'" + name + "' is no preset; known: "
                        + Arrays.stream(Compat.values()).map(Compat::configName).collect(Collectors.joining(", ")));
    }

    /** The instant of this ISO-8601 text with a zone, for example {@code 2026-01-31T00:00:00Z}. */
    public static Instant instant(String where, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new NexusConfigException(where, "'" + text + "' is no instant such as 2026-01-31T00:00:00Z", e);
        }
    }

    private static List<EntityType> entityTypes(String at, JsonNode value) {
        List<EntityType> types = new ArrayList<>();
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                types.add(EntityType.resolved(text(at + "/" + i, value.get(i))));
            }
        } else if (value.isObject()) {
            value.properties().forEach(e -> types.add(entityType(at + "/" + e.getKey(), e.getKey(), e.getValue())));
        } else {
            throw new NexusConfigException(at, "must be a list of names or an object with one key per type");
        }
        return types;
    }

    private static EntityType entityType(String at, String name, JsonNode value) {
        boolean resolved = true;
        String prefix = null;
        if (!value.isObject()) {
            throw new NexusConfigException(at, "must be an object");
        }
        for (Map.Entry<String, JsonNode> e : value.properties()) {
            String where = at + "/" + e.getKey();
            switch (e.getKey()) {
                case "entity_resolution" -> resolved = bool(where, e.getValue());
                case "id_prefix" -> prefix = text(where, e.getValue());
                default -> throw new NexusConfigException(where, "is not a setting of an entity type");
            }
        }
        return new EntityType(name, resolved, prefix);
    }

    private static List<PeriodRange> periods(String at, JsonNode value) {
        return value.isArray()
                ? StateSettings.list(at, value, ConfigFile::periodRange)
                : List.of(periodRange(at, value));
    }

    private static PeriodRange periodRange(String at, JsonNode value) {
        Map<String, JsonNode> keys = object(at, value);
        if (!keys.keySet().equals(Set.of("unit", "from", "to"))) {
            throw new NexusConfigException(at, "must have the keys unit, from and to");
        }
        return new PeriodRange(
                word(at + "/unit", value.path("unit"), PeriodRange.Unit.class),
                instant(at + "/from", text(at + "/from", value.path("from"))),
                instant(at + "/to", text(at + "/to", value.path("to"))));
    }

    private static void aggregators(NexusConfig.Builder builder, String at, JsonNode value) {
        object(at, value).forEach((measurement, word) -> {
            Aggregator aggregator = word(at + "/" + measurement, word, Aggregator.class);
            if (measurement.equals("default")) {
                builder.aggregator(aggregator);
            } else {
                builder.aggregator(measurement, aggregator);
            }
        });
    }

    private static void faults(NexusConfig.Builder builder, String at, JsonNode value) {
        object(at, value).forEach((name, policy) -> {
            FaultCode code = FaultCode.named(name)
                    .orElseThrow(() -> new NexusConfigException(
                            at + "/" + name,
                            "is no fault; known: "
                                    + Arrays.stream(FaultCode.values())
                                            .filter(FaultCode::rowLevel)
                                            .map(FaultCode::code)
                                            .collect(Collectors.joining(", "))));
            builder.fault(code, word(at + "/" + name, policy, FaultPolicy.class));
        });
    }

    private static Map<String, JsonNode> object(String at, JsonNode value) {
        if (!value.isObject()) {
            throw new NexusConfigException(at, "must be an object");
        }
        Map<String, JsonNode> map = new HashMap<>();
        value.properties().forEach(e -> map.put(e.getKey(), e.getValue()));
        return map;
    }

    static String text(String at, JsonNode value) {
        if (!value.isTextual()) {
            throw new NexusConfigException(at, "must be a string");
        }
        return value.textValue();
    }

    static List<String> texts(String at, JsonNode value) {
        if (!value.isArray()) {
            throw new NexusConfigException(at, "must be a list of strings");
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            texts.add(text(at + "/" + i, value.get(i)));
        }
        return texts;
    }

    private static boolean bool(String at, JsonNode value) {
        if (!value.isBoolean()) {
            throw new NexusConfigException(at, "must be true or false");
        }
        return value.booleanValue();
    }

    private static int integer(String at, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new NexusConfigException(at, "must be a whole number up to " + Integer.MAX_VALUE);
        }
        return value.intValue();
    }

    static <E extends Enum<E>> E word(String at, JsonNode value, Class<E> words) {
        String text = text(at, value);
        for (E word : words.getEnumConstants()) {
            if (word.name().toLowerCase(Locale.ROOT).equals(text)) {
                return word;
            }
        }
        throw new NexusConfigException(
                at,
                "'" + text + "' is none of "
                        + Arrays.stream(words.getEnumConstants())
                                .map(w -> w.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", ")));
    }
}
