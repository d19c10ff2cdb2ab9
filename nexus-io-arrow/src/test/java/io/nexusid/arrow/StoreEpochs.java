package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ResolveOn;
import io.nexusid.api.Survivor;
import io.nexusid.arrow.store.Disk;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        return StoreOpening.toAppend().config(CONFIG).open(disk);
    }

    /** Opens a store under other rules, by which it is rebuilt once. */
    public static NexusStore rebuild(Disk disk) throws IOException {
        NexusConfig other = CONFIG.toBuilder()
                .resolveOn(ResolveOn.NORMALIZED)
                .survivor(Survivor.OLDEST)
                .build();
        return StoreOpening.toAppend().config(other).rebuilding().open(disk);
    }

    /**
     * Appends what belongs to this epoch: newcomers, a merge now and then, late members, and rows of other tables, those of
     * every fourth epoch of the same tables and some of them with new content.
     */
    public static Changes append(NexusStore store, long epoch) throws IOException {
        Map<InputTable, List<Map<String, Object>>> log = new LinkedHashMap<>();
        List<Map<String, Object>> identifiers = new ArrayList<>();
        identifiers.add(seen(epoch, "edge" + epoch, "email", "e" + epoch));
        identifiers.add(seen(epoch, "edge" + epoch, "cookie", "c" + epoch / 2));
        identifiers.add(seen(epoch, "shared" + epoch / 3, "phone", "p" + epoch));
        log.put(InputTable.ENTITY_IDENTIFIERS, identifiers);
        switch ((int) epoch % 4) {
            case 0 -> log.put(InputTable.RELATIONSHIP_DECLARATIONS, List.of(declared(epoch)));
            case 1 -> {
                log.put(InputTable.ENTITY_TRAITS, List.of(trait(epoch)));
                log.put(InputTable.EVENTS, List.of(event(epoch, epoch), event(7, epoch)));
            }
            case 2 -> log.put(InputTable.STATE_CHANGES, List.of(stateChange(epoch)));
            default -> log.put(InputTable.EVENT_MEASUREMENTS, List.of(measurement(epoch)));
        }
        return Stores.append(store, log);
    }

    private static Map<String, Object> trait(long epoch) {
        Map<String, Object> row = about(epoch);
        row.put("trait_name", "plan");
        row.put("trait_value", "plan" + epoch);
        row.put("occurred_at", epoch);
        return row;
    }

    private static Map<String, Object> about(long epoch) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("entity_type", "person");
        row.put("identifier_type", "cookie");
        row.put("identifier_value", "c" + epoch / 2);
        return row;
    }

    private static Map<String, Object> event(long event, long epoch) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("event_id", "event" + event);
        row.put("occurred_at", epoch);
        row.put("source", "source" + epoch % 2);
        row.put("_ingested_at", epoch);
        return row;
    }

    private static Map<String, Object> stateChange(long epoch) {
        Map<String, Object> row = about(epoch);
        row.put("state_name", "stage");
        row.put("state_value", "stage" + epoch % 3);
        row.put("occurred_at", epoch);
        return row;
    }

    private static Map<String, Object> measurement(long epoch) {
        Map<String, Object> row = event(epoch - 2, epoch);
        row.put("measurement_name", "amount" + epoch);
        row.put("value", 0.5 * epoch);
        return row;
    }

    private static Map<String, Object> declared(long epoch) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("relationship_declaration_id", "declaration" + epoch % 8);
        row.put("event_id", "event" + epoch);
        row.put("occurred_at", epoch);
        row.put("entity_a_identifier", "e" + epoch / 4);
        row.put("entity_a_identifier_type", "email");
        row.put("entity_a_type", "person");
        row.put("entity_b_identifier", "e" + (epoch - 1));
        row.put("entity_b_identifier_type", "email");
        row.put("entity_b_type", "person");
        row.put("relationship_type", "knows");
        return row;
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
        List<String> names = Nexus.namesByDefault(CONFIG);
        try (ResolvedTables tables = store.tables(names)) {
            for (String name : names) {
                all.append(name).append(TestTables.rows(tables.reader(name))).append('\n');
            }
        }
        all.append(TestTables.rows(store.log())).append('\n');
        all.append(TestTables.rows(store.aliases())).append('\n');
        store.watermarks().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(all::append);
        return all.append(lookups(store)).toString();
    }

    /** The rows of all tables that an append changed. */
    public static String changes(Changes changes) throws IOException {
        StringBuilder all = new StringBuilder();
        try (ChangedTables tables = changes.tables()) {
            for (OutputTable table : tables.tables()) {
                all.append(TestTables.rows(tables.reader(table.name()))).append('\n');
            }
        }
        return all.toString();
    }

    /** What lookups find: entities, where their ids lead, and their identifiers. */
    public static String lookups(NexusStore store) {
        StringBuilder all = new StringBuilder();
        for (long epoch = 1; epoch <= store.epoch(); epoch++) {
            Optional<String> id = store.entityOf("person", "email", "e" + epoch);
            all.append(id).append(id.flatMap(store::resolve));
            all.append(id.map(store::identifiersOf).map(HashSet::new)).append('\n');
        }
        return all.toString();
    }
}
