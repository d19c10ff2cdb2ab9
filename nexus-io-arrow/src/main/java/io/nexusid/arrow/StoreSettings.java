package io.nexusid.arrow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nexusid.api.Compat;
import io.nexusid.api.EntityType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The settings that a store saves, as JSON that {@link ConfigFile} reads. Clock, threads and what concerns only memory stay
 * with whoever opens the store.
 */
final class StoreSettings {
    private static final JsonMapper JSON = new JsonMapper();
    /** What decides who is who and how entities are called: with other values the ids in the store would be wrong. */
    private static final List<String> RULES =
            List.of("entity_types", "resolve_on", "ignore_empty_identifiers", "id_dialect", "id_policy", "survivor");

    /** The property that has the settings. */
    static final String PROPERTY = "settings";

    private StoreSettings() {}

    /** Refuses what a living graph cannot do. */
    static void check(NexusConfig config) {
        if (config.compat() != Compat.NONE) {
            throw new NexusConfigException("/compat", "a store cannot give what dbt-nexus gives: leave the preset out");
        }
        if (config.maxHops() != NexusConfig.UNLIMITED_HOPS) {
            throw new NexusConfigException(
                    "/max_hops", "a store has no cap: what a cap keeps apart depends on what arrived when");
        }
    }

    static String write(NexusConfig config) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode types = root.putObject("entity_types");
        for (EntityType type : config.entityTypes()) {
            ObjectNode each = types.putObject(type.name()).put("entity_resolution", type.resolved());
            if (type.idPrefix() != null) {
                each.put("id_prefix", type.idPrefix());
            }
        }
        root.put("resolve_on", word(config.resolveOn()));
        root.put("ignore_empty_identifiers", config.ignoreEmptyIdentifiers());
        root.put("id_dialect", word(config.idDialect()));
        root.put("id_policy", word(config.idPolicy()));
        root.put("survivor", word(config.survivor()));
        if (!config.pinnedIds().isEmpty()) {
            config.pinnedIds().stream().sorted().forEach(root.putArray("pinned_ids")::add);
        }
        root.put("participant_ids", word(config.participantIds()));
        root.put("keep_epochs", config.keepEpochs());
        config.internalEmails().stream().sorted().forEach(root.putArray("internal_emails")::add);
        root.put("gap_mode", word(config.gapMode()));
        root.put("delta_mode", word(config.deltaMode()));
        root.put("ids", word(config.ids()));
        root.put("surrogate_keys", config.surrogateKeys());
        root.put("stay_policy", word(config.stayPolicy()));
        root.put("coalesce_unchanged", config.coalesceUnchanged());
        root.put("as_of_tie", word(config.asOfTie()));
        config.stateEventsFrom().ifPresent(from -> root.put("state_events_from", from.toString()));
        config.stateEventsTo().ifPresent(to -> root.put("state_events_to", to.toString()));
        ObjectNode aggregators = root.putObject("measurement_aggregators");
        config.aggregators().forEach((name, aggregator) -> aggregators.put(name, word(aggregator)));
        root.put("lenient_booleans", config.lenientBooleans());
        ObjectNode faults = root.putObject("faults");
        for (FaultCode code : FaultCode.values()) {
            if (code.rowLevel()) {
                faults.put(code.code(), word(config.faultPolicy(code)));
            }
        }
        return root.toString();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static NexusConfig.Builder read(String json) {
        return ConfigFile.parse(json.getBytes(StandardCharsets.UTF_8), "the store's settings");
    }

    /** Settings that are no matter of what tables say: how long epochs are kept, how ids look, what rows are taken. */
    private static final List<String> ASIDE = List.of("keep_epochs", "ids", "surrogate_keys", "faults");

    /** Whether tables of the same rows may differ under two saved settings. */
    static boolean deriveOthers(String before, String now) {
        SortedMap<String, String> then = rules(before);
        SortedMap<String, String> since = rules(now);
        then.keySet().removeAll(ASIDE);
        since.keySet().removeAll(ASIDE);
        return !then.equals(since);
    }

    /** The saved settings, and what a store does not save as it is now. */
    static NexusConfig readBeside(String json, NexusConfig now) {
        NexusConfig.Builder builder = read(json)
                .ids(now.ids())
                .threads(now.threads())
                .maxEdgeRows(now.maxEdgeRows())
                .states(now.states())
                .derivedStates(now.derivedStates())
                .derivedTies(now.derivedTies())
                .periods(now.periods())
                .maxSnapshotRows(now.maxSnapshotRows());
        now.clock().ifPresent(builder::clock);
        return builder.build();
    }

    /**
     * Compares the rules of a store with those it is opened with.
     *
     * @throws NexusConfigException if they differ: names the first setting that does
     */
    static void refuseOtherRules(String saved, NexusConfig config) {
        SortedMap<String, String> before = rules(saved);
        SortedMap<String, String> now = rules(write(config));
        differing(before, now).ifPresent(rule -> {
            throw new NexusConfigException(
                    "/" + rule,
                    "the store has " + before.get(rule) + " and is opened with " + now.get(rule)
                            + ": it decides who is who or what ids are, so another value needs a rebuild"
                            + " (append --rebuild, NexusStore.openRebuilding)");
        });
    }

    /** Whether a store with these settings must be rebuilt to be opened with those. */
    static boolean haveOtherRules(String saved, NexusConfig config) {
        return differing(rules(saved), rules(write(config))).isPresent();
    }

    private static Optional<String> differing(SortedMap<String, String> before, SortedMap<String, String> now) {
        return RULES.stream()
                .filter(rule -> !String.valueOf(before.get(rule)).equals(now.get(rule)))
                .findFirst();
    }

    private static SortedMap<String, String> rules(String json) {
        SortedMap<String, String> rules = new TreeMap<>();
        tree(json).properties().forEach(e -> rules.put(e.getKey(), e.getValue().toString()));
        return rules;
    }

    /** Texts as JSON. */
    static String writeList(Collection<String> texts) {
        ArrayNode list = JSON.createArrayNode();
        texts.forEach(list::add);
        return list.toString();
    }

    /** The texts that {@link #writeList} wrote. */
    static List<String> readList(String json) {
        List<String> texts = new ArrayList<>();
        tree(json).forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new NexusConfigException("", "the store's settings are not JSON", e);
        }
    }
}
