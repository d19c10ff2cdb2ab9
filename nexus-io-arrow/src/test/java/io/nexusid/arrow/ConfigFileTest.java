package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.Aggregator;
import io.nexusid.api.AsOfTie;
import io.nexusid.api.Compat;
import io.nexusid.api.DeltaMode;
import io.nexusid.api.EntityType;
import io.nexusid.api.FaultCode;
import io.nexusid.api.FaultPolicy;
import io.nexusid.api.GapMode;
import io.nexusid.api.IdDialect;
import io.nexusid.api.IdForm;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.ResolveOn;
import io.nexusid.api.StayPolicy;
import io.nexusid.api.Survivor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {
    private static NexusConfig parse(String json) {
        return ConfigFile.parse(json.getBytes(UTF_8), "nexus.json").build();
    }

    @Test
    void everyKeyIsRead() {
        NexusConfig config = parse("""
                {"entity_types": {"person": {}, "product": {"id_prefix": "prd"}, "sub": {"entity_resolution": false}},
                 "compat": "v0.13-duckdb", "max_hops": 7, "resolve_on": "normalized", "ignore_empty_identifiers": true,
                 "id_dialect": "snowflake", "internal_emails": ["a@x.org"], "gap_mode": "close",
                 "coalesce_unchanged": true, "as_of_tie": "at", "stay_policy": "reject",
                 "state_events_from": "2025-01-31T00:00:00Z", "state_events_to": "2026-01-31T00:00:00Z",
                 "delta_mode": "conserving", "measurement_aggregators": {"default": "last", "amount": "sum"},
                 "lenient_booleans": true, "faults": {"blank_identifier": "fail", "invalid_utf8": "set_aside"},
                 "clock": "2026-01-31T00:00:00Z", "threads": 3, "max_edge_rows": 9, "ids": "binary",
                 "surrogate_keys": true, "survivor": "pinned",
                 "pinned_ids": ["per_00112233445566778899aabbccddeeff"]}
                """);
        assertEquals(
                List.of(EntityType.PERSON, new EntityType("product", true, "prd"), EntityType.registered("sub")),
                config.entityTypes());
        assertEquals(Compat.V0_13_DUCKDB, config.compat());
        assertEquals(7, config.maxHops());
        assertEquals(ResolveOn.NORMALIZED, config.resolveOn());
        assertTrue(config.ignoreEmptyIdentifiers());
        assertEquals(IdDialect.SNOWFLAKE, config.idDialect());
        assertEquals(Set.of("a@x.org"), config.internalEmails());
        assertEquals(GapMode.CLOSE, config.gapMode());
        assertEquals(DeltaMode.CONSERVING, config.deltaMode());
        assertTrue(config.coalesceUnchanged());
        assertEquals(StayPolicy.REJECT, config.stayPolicy());
        assertEquals(AsOfTie.AT, config.asOfTie());
        assertEquals(Optional.of(Instant.parse("2025-01-31T00:00:00Z")), config.stateEventsFrom());
        assertEquals(Optional.of(Instant.parse("2026-01-31T00:00:00Z")), config.stateEventsTo());
        assertEquals(Aggregator.LAST, config.aggregator("other"));
        assertEquals(Aggregator.SUM, config.aggregator("amount"));
        assertTrue(config.lenientBooleans());
        assertEquals(FaultPolicy.FAIL, config.faultPolicy(FaultCode.BLANK_IDENTIFIER));
        assertEquals(FaultPolicy.SET_ASIDE, config.faultPolicy(FaultCode.INVALID_UTF8));
        assertEquals(Optional.of(Instant.parse("2026-01-31T00:00:00Z")), config.clock());
        assertEquals(3, config.threads());
        assertEquals(9, config.maxEdgeRows());
        assertEquals(IdForm.BINARY, config.ids());
        assertTrue(config.surrogateKeys());
        assertEquals(Survivor.PINNED, config.survivor());
        assertEquals(Set.of("per_00112233445566778899aabbccddeeff"), config.pinnedIds());
    }

    @Test
    void theEmptyObjectIsTheDefaults() {
        NexusConfig config = parse("{}");
        assertEquals(NexusConfig.defaults().entityTypes(), config.entityTypes());
        assertEquals(NexusConfig.UNLIMITED_HOPS, config.maxHops());
        assertFalse(config.lenientBooleans());
        assertEquals(IdForm.HEX, config.ids());
        assertFalse(config.surrogateKeys());
    }

    @Test
    void olderNamesAreReadAndNewOnesWinIfTheySayAnything() {
        assertEquals(4, parse("{\"max_recursion\": 4}").maxHops());
        assertEquals(
                4, parse("{\"nexus_max_recursion\": 4, \"max_hops\": null}").maxHops());
        assertEquals(2, parse("{\"nexus_max_recursion\": 4, \"max_hops\": 2}").maxHops());
        assertEquals(
                List.of(EntityType.resolved("task")),
                parse("{\"nexus_entity_types\": [\"task\"]}").entityTypes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"max_hop\": 1};/max_hop: is not a setting",
                "{\"max_hops\": \"1\"};/max_hops: must be a whole number",
                "{\"max_hops\": 1.5};/max_hops: must be a whole number",
                "{\"max_hops\": -1};/max_hops: -1 is negative",
                "{\"max_hops\": 1, \"max_hops\": 2};Duplicate field 'max_hops'",
                "{\"gap_mode\": \"open\"};/gap_mode: 'open' is none of close, compat",
                "{\"ids\": \"uuid\"};/ids: 'uuid' is none of hex, binary",
                "{\"surrogate_keys\": 1};/surrogate_keys: must be true or false",
                "{\"survivor\": \"pinned\", \"pinned_ids\": \"per_1\"};/pinned_ids: must be a list of strings",
                "{\"survivor\": \"pinned\", \"pinned_ids\": [\"ann@x.org\"]};/pinned_ids/0: is no entity id: one of [per_",
                "{\"pinned_ids\": [\"per_00112233445566778899aabbccddeeff\"]};/pinned_ids: nobody asks for them",
                "{\"entity_types\": \"person\"};/entity_types: must be a list",
                "{\"entity_types\": [\"person\", 3]};/entity_types/1: must be a string",
                "{\"entity_types\": {\"a\": {\"prefix\": \"x\"}}};/entity_types/a/prefix: is not a setting",
                "{\"entity_types\": [\"a b\"]};'a b' is no entity type name",
                "{\"faults\": {\"nulls\": \"fail\"}};/faults/nulls: is no fault",
                "{\"faults\": {\"corrupt_file\": \"set_aside\"}};/faults/corrupt_file: is a fault of a whole file",
                "{\"clock\": \"2026-01-31\"};/clock: '2026-01-31' is no instant",
                "{\"compat\": \"v9\"};/compat: 'v9' is no preset",
                "[];nexus.json is not a JSON object",
                "{};",
                "{\"threads\": 1} x;nexus.json line 1",
                "{\"threads\": };nexus.json line 1",
            })
    void anErrorStartsWithTheJsonPointer(String json, String message) {
        if (message == null) {
            parse(json);
            return;
        }
        String actual =
                assertThrows(NexusConfigException.class, () -> parse(json)).getMessage();
        assertTrue(actual.contains(message), actual);
        assertFalse(actual.contains("\n"), actual);
    }
}
