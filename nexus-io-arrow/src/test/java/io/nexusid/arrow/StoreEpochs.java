package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.store.Disk;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Appends whose content depends on the number of the epoch alone, and all that a store says, as one text. */
public final class StoreEpochs {
    private static final NexusConfig CONFIG = NexusConfig.builder()
            .clock(Instant.parse("2026-01-31T12:00:00Z"))
            .threads(1)
            .keepEpochs(1)
            .build();

    private StoreEpochs() {}

    /** Opens a store on any disk. */
    public static NexusStore open(Disk disk) throws IOException {
        return NexusStore.open(disk, CONFIG);
    }

    /** Appends what belongs to this epoch: newcomers, a merge now and then, late members, and other tables. */
    public static Changes append(NexusStore store, long epoch) throws IOException {
        List<Map<String, Object>> identifiers = new ArrayList<>();
        identifiers.add(seen(epoch, "edge" + epoch, "email", "e" + epoch));
        identifiers.add(seen(epoch, "edge" + epoch, "cookie", "c" + epoch / 2));
        identifiers.add(seen(epoch, "shared" + epoch / 3, "phone", "p" + epoch));
        Map<InputTable, List<Map<String, Object>>> log = new LinkedHashMap<>();
        log.put(InputTable.ENTITY_IDENTIFIERS, identifiers);
        Map<String, Object> trait = new LinkedHashMap<>();
        trait.put("entity_type", "person");
        trait.put("identifier_type", "cookie");
        trait.put("identifier_value", "c" + epoch / 2);
        trait.put("trait_name", "plan");
        trait.put("trait_value", "plan" + epoch);
        trait.put("occurred_at", epoch);
        log.put(InputTable.ENTITY_TRAITS, List.of(trait));
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("event_id", "event" + epoch);
        event.put("occurred_at", epoch);
        event.put("source", "source" + epoch % 2);
        event.put("_ingested_at", epoch);
        log.put(InputTable.EVENTS, List.of(event));
        return Stores.append(store, log);
    }

    private static Map<String, Object> seen(long epoch, String edge, String type, String value) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("event_id", "event" + epoch);
        row.put("edge_id", edge);
        row.put("entity_type", "person");
        row.put("identifier_type", type);
        row.put("identifier_value", value);
        row.put("source", "source" + epoch % 2);
        row.put("occurred_at", epoch);
        row.put("_ingested_at", epoch);
        return row;
    }

    /** Everything: tables, log, watermarks, and what lookups find. */
    public static String contents(NexusStore store) throws IOException {
        StringBuilder all = new StringBuilder();
        List<String> names = List.of(
                "nexus_events",
                "nexus_entity_identifiers",
                "nexus_resolved_person_identifiers",
                "nexus_entities",
                "nexus_entity_participants");
        try (ResolvedTables tables = store.tables(names)) {
            for (String name : names) {
                all.append(name).append(TestTables.rows(tables.reader(name))).append('\n');
            }
        }
        all.append(TestTables.rows(store.log())).append('\n');
        store.watermarks().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(all::append);
        for (long epoch = 1; epoch <= store.epoch(); epoch++) {
            all.append(store.entityOf("person", "email", "e" + epoch));
        }
        return all.toString();
    }
}
