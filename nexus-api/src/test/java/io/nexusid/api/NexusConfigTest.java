package io.nexusid.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NexusConfigTest {
    @Test
    void theWindowOfEventsThatSeeStatesIsNotEmpty() {
        Instant instant = Instant.parse("2026-01-31T00:00:00Z");
        NexusConfig.Builder builder =
                NexusConfig.builder().stateEventsFrom(instant).stateEventsTo(instant);
        assertThrows(NexusConfigException.class, builder::build);
        assertEquals(
                Optional.of(instant),
                builder.stateEventsTo(instant.plusMillis(1)).build().stateEventsFrom());
    }

    @Test
    void theEmptyConfigurationResolvesPersonsAndGroupsExactly() {
        NexusConfig config = NexusConfig.defaults();
        assertEquals(List.of(EntityType.PERSON, EntityType.GROUP), config.entityTypes());
        assertEquals(NexusConfig.UNLIMITED_HOPS, config.maxHops());
        assertEquals(GapMode.CLOSE, config.gapMode());
        assertEquals(DeltaMode.CONSERVING, config.deltaMode());
        assertTrue(config.ignoreEmptyIdentifiers());
        assertEquals(FaultPolicy.SET_ASIDE, config.faultPolicy(FaultCode.BLANK_IDENTIFIER));
        assertEquals(FaultPolicy.FAIL, config.faultPolicy(FaultCode.UNREADABLE_VALUE));
    }

    @Test
    void thePresetHasEveryValueOfTheReferenceAndWhatIsSetBesidesWins() {
        NexusConfig preset = NexusConfig.of(Compat.V0_13_DUCKDB);
        assertEquals(NexusConfig.REFERENCE_HOPS, preset.maxHops());
        assertEquals(GapMode.COMPAT, preset.gapMode());
        assertEquals(DeltaMode.COMPAT, preset.deltaMode());
        assertFalse(preset.ignoreEmptyIdentifiers());
        assertEquals(Aggregator.MAX, preset.aggregator("amount"));
        assertEquals(IdDialect.DUCKDB, preset.idDialect());
        NexusConfig changed = NexusConfig.builder()
                .gapMode(GapMode.CLOSE)
                .compat(Compat.V0_13_DUCKDB)
                .maxHops(10)
                .build();
        assertEquals(10, changed.maxHops());
        assertEquals(GapMode.CLOSE, changed.gapMode());
        assertEquals(DeltaMode.COMPAT, changed.deltaMode());
    }

    @Test
    void typesThatWouldShareAPrefixAreRefusedUnlessTheyAreGivenOneOrThePresetIsOn() {
        EntityType project = EntityType.resolved("project");
        EntityType product = EntityType.resolved("product");
        NexusConfig.Builder builder = NexusConfig.builder().entityTypes(project, product);
        NexusConfigException refused = assertThrows(NexusConfigException.class, builder::build);
        assertTrue(refused.getMessage().contains("'project' and 'product' would both have ids pro_"));
        builder.entityTypes(project, new EntityType("product", true, "prd")).build();
        builder.entityTypes(project, product).compat(Compat.V0_13_DUCKDB).build();
    }

    @Test
    void aGivenPrefixIsTheIdentifierRowsToo() {
        EntityType product = new EntityType("product", true, "prd");
        assertEquals("prd", product.prefix());
        assertEquals("prd_idfr", product.identifierPrefix());
        assertEquals("per_idfr", EntityType.PERSON.identifierPrefix());
        assertEquals("tas", EntityType.resolved("task").identifierPrefix());
        assertEquals("ent", EntityType.registered("task").prefix());
    }

    @Test
    void wrongSettingsAreRefusedWhereTheyAreMade() {
        NexusConfig.Builder builder = NexusConfig.builder();
        assertThrows(NexusConfigException.class, () -> builder.maxHops(-1));
        assertThrows(NexusConfigException.class, () -> builder.threads(-1));
        assertThrows(NexusConfigException.class, () -> builder.maxEdgeRows(0));
        assertThrows(NexusConfigException.class, () -> builder.fault(FaultCode.CORRUPT_FILE, FaultPolicy.SET_ASIDE));
        assertThrows(NexusConfigException.class, () -> EntityType.resolved("two words"));
        assertThrows(NexusConfigException.class, () -> EntityType.resolved(""));
        assertThrows(NexusConfigException.class, () -> builder.entityTypes(EntityType.PERSON, EntityType.PERSON)
                .build());
    }

    @Test
    void pinnedIdsAreIdsOfResolvedTypes() {
        String key = SurrogateKey.of("a");
        NexusConfig.Builder builder = NexusConfig.builder()
                .entityTypes(EntityType.PERSON, new EntityType("task", true, "job_x"), EntityType.registered("sub"))
                .survivor(Survivor.PINNED);
        Set<String> ids = Set.of("per_" + key, "job_x_" + key);
        assertEquals(ids, builder.pinnedIds(ids).build().pinnedIds());
        for (String bad : List.of("", key, "ent_" + key, "tas_" + key, "per_" + key.substring(1), "per_" + key + "0")) {
            assertRefused(builder.pinnedIds(List.of("per_" + key, bad)), "/pinned_ids/1: is no entity id");
        }
        for (char bad : new char[] {'g', 'A', '-', ':', '`', '\u0661'}) {
            assertRefused(
                    builder.pinnedIds(List.of("per_" + bad + key.substring(1))), "/pinned_ids/0: is no entity id");
        }
        assertRefused(builder.pinnedIds(ids).survivor(Survivor.OLDEST), "/pinned_ids: nobody asks for them");
    }

    private static void assertRefused(NexusConfig.Builder builder, String message) {
        NexusConfigException refused = assertThrows(NexusConfigException.class, builder::build);
        assertTrue(refused.getMessage().startsWith(message), refused.getMessage());
    }

    @Test
    void everyTableHasAnotherNameAndTheViewsNeedTheirType() {
        NexusConfig config = NexusConfig.builder()
                .entityTypes(EntityType.PERSON, EntityType.registered("subscription"))
                .build();
        List<String> names =
                OutputTable.all(config).stream().map(OutputTable::name).toList();
        Set<String> distinct = new HashSet<>(names);
        assertEquals(names.size(), distinct.size());
        assertTrue(names.contains("nexus_resolved_person_identifiers"));
        assertFalse(names.contains("nexus_resolved_subscription_identifiers"));
        assertTrue(names.contains(OutputTable.PERSONS));
        assertFalse(names.contains(OutputTable.GROUPS));
    }

    @Test
    void messagesNameThePlaceAndMaskTheValue() {
        NexusDataException error = NexusDataException.of(FaultCode.UNREADABLE_VALUE, "events")
                .file("events/mail.csv")
                .column("occurred_at")
                .row(7)
                .because(NexusDataException.mask("ann@example.org") + " is no timestamp");
        assertEquals(
                "events (events/mail.csv), column occurred_at, row 7: 'a…' (15 characters) is no timestamp"
                        + " [unreadable_value]",
                error.getMessage());
        assertEquals("null", NexusDataException.mask(null));
        assertEquals("'\\u001b…' (3 characters)", NexusDataException.mask("\u001b[2"));
        assertEquals("'\\u202e…' (1 character)", NexusDataException.mask("\u202e"));
    }

    @Test
    void everyOldNameIsOfADeclaredColumn() {
        for (LegacyTable old : LegacyTable.all()) {
            old.constants()
                    .keySet()
                    .forEach(c -> assertTrue(old.table().column(c).isPresent(), c));
            old.renames().values().forEach(c -> assertTrue(old.table().column(c).isPresent(), c));
        }
        for (InputTable table : InputTable.values()) {
            table.mintedId().ifPresent(id -> assertTrue(table.column(id).isPresent(), id));
            table.renamed("id").ifPresent(c -> assertTrue(table.column(c).isPresent(), c));
        }
        assertEquals("value", InputTable.EVENTS.renamed("event_value").orElseThrow());
        assertTrue(InputTable.EVENT_MEASUREMENTS.renamed("event_value").isEmpty());
    }

    @Test
    void changesOfASnapshotOccurWhenTheyAreObserved() {
        SnapshotDiffSpec.Builder diff =
                SnapshotDiffSpec.of("f.csv", "key", "value", "seen").grain(SnapshotDiffSpec.Grain.CHANGE);
        assertThrows(NexusConfigException.class, diff::build);
        assertEquals(
                List.of("key", "value", "_ingested_at"),
                diff.occurredAt(SnapshotDiffSpec.OccurredAt.OBSERVED).build().columns());
        assertEquals(
                SnapshotDiffSpec.Grain.DISTINCT_VALUE,
                SnapshotDiffSpec.of("f.csv", "key", "value", "seen").build().grain());
    }
}
