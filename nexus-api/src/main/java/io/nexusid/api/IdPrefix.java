package io.nexusid.api;

import java.util.Map;

/** The prefixes of minted ids: {@code person} gives {@code per}, an unknown word its first three characters. */
public final class IdPrefix {
    private static final Map<String, String> PREFIXES = Map.ofEntries(
            Map.entry("event", "evt"),
            Map.entry("person", "per"),
            Map.entry("group", "grp"),
            Map.entry("membership", "mem"),
            Map.entry("relationship", "rel"),
            Map.entry("state", "st"),
            Map.entry("entity_state", "es"),
            Map.entry("person_identifier", "per_idfr"),
            Map.entry("group_identifier", "grp_idfr"),
            Map.entry("entity_identifier", "ent_idfr"),
            Map.entry("entity_trait", "ent_tr"),
            Map.entry("person_trait", "per_tr"),
            Map.entry("group_trait", "grp_tr"),
            Map.entry("relationship_declaration", "rel_decl"),
            Map.entry("person_edge", "per_edg"),
            Map.entry("group_edge", "grp_edg"),
            Map.entry("entity_edge", "ent_edg"),
            Map.entry("person_participant", "per_prt"),
            Map.entry("group_participant", "grp_prt"),
            Map.entry("nexus", "nx"),
            Map.entry("scope", "scp"),
            Map.entry("auth_identity", "auth"),
            Map.entry("touchpoint", "tch"),
            Map.entry("attribution_deduplication_key", "att_dedup"),
            Map.entry("touchpoint_path", "tch_path"),
            Map.entry("touchpoint_path_batch", "tch_batch"),
            Map.entry("attribution_model_result", "attr_res"),
            Map.entry("event_measurement", "evt_msr"),
            Map.entry("event_dimension", "evt_dim"),
            Map.entry("anomaly", "anom"),
            Map.entry("computed_trait", "ct"));

    private IdPrefix() {}

    /**
     * The prefix of ids of this kind, without the underscore. {@code entity_participant} and a registered
     * {@code entity} are not in the reference's table and so share {@code ent}.
     */
    public static String of(String type) {
        String prefix = PREFIXES.get(type);
        if (prefix != null) {
            return prefix;
        }
        return type.substring(0, type.offsetByCodePoints(0, Math.min(3, type.codePointCount(0, type.length()))));
    }
}
