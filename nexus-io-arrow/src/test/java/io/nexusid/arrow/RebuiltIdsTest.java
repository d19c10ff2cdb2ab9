package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.EntityType;
import io.nexusid.api.IdPolicy;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ResolveOn;
import io.nexusid.api.Survivor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Where ids go when a store is rebuilt, told the slow way: by counting identifiers as text. */
class RebuiltIdsTest {
    /** The identifiers of an entity as one of the rules has them. */
    private record Entity(String id, Set<String> values) {}

    private final List<Map<String, Object>> rows = new ArrayList<>();
    /** By id that was ever given out, where it leads; to itself while it lives, to null if it leads nowhere. */
    private final Map<String, Optional<String>> leads = new TreeMap<>();

    /** By id that leads nowhere, the identifier that is remembered of it. */
    private final Map<String, String> relics = new TreeMap<>();

    private List<Map<String, Object>> log = List.of();

    @Property(tries = 60)
    void anIdGoesToThePartWithMostOfItsIdentifiers(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        NexusConfig config = config(random);
        Path dir = Files.createTempDirectory("nexus-store");
        NexusStore store = NexusStore.open(dir, config);
        try {
            for (int step = 0; step < 6; step++) {
                if (step == 0 || random.nextInt(3) > 0) {
                    append(store, random);
                } else {
                    NexusConfig next = config(random);
                    Map<String, Entity> before = entities(store);
                    store.close();
                    store = NexusStore.openRebuilding(dir, next);
                    if (store.rebuilt().isPresent()) {
                        checkRebuilt(config, next, before, store);
                    } else {
                        assertTrue(
                                store.epoch() == 0 || rules(config).equals(rules(next)), "rebuilt, unless it is empty");
                    }
                    config = next;
                }
            }
        } finally {
            store.close();
            Stores.delete(dir);
            rows.clear();
            leads.clear();
            relics.clear();
            log = List.of();
        }
    }

    private static List<Object> rules(NexusConfig config) {
        return List.of(
                config.resolveOn(),
                config.idPolicy(),
                config.survivor(),
                config.ignoreEmptyIdentifiers(),
                config.entityTypes());
    }

    private NexusConfig config(Random random) {
        EntityType person = new EntityType("person", random.nextInt(6) > 0, random.nextInt(5) == 0 ? "human" : null);
        Survivor survivor =
                List.of(Survivor.MOST_ROWS, Survivor.OLDEST, Survivor.PINNED).get(random.nextInt(3));
        List<String> pinned = leads.keySet().stream()
                .filter(id -> survivor == Survivor.PINNED && person.resolved() && random.nextBoolean())
                .filter(id -> id.startsWith(person.prefix() + "_"))
                .toList();
        return NexusConfig.builder()
                .entityTypes(person)
                .resolveOn(random.nextBoolean() ? ResolveOn.RAW : ResolveOn.NORMALIZED)
                .idPolicy(random.nextInt(4) == 0 ? IdPolicy.CONTENT : IdPolicy.STABLE)
                .survivor(survivor)
                .pinnedIds(pinned)
                .ignoreEmptyIdentifiers(random.nextBoolean())
                .build();
    }

    private void append(NexusStore store, Random random) throws IOException {
        List<Map<String, Object>> batch = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
            int edge = rows.size() + batch.size();
            for (int member = 0; member < 1 + random.nextInt(3); member++) {
                String value = random.nextInt(12) == 0 ? "" : "" + (char) ('a' + random.nextInt(9)) + "@X.org";
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("event_id", "e" + edge);
                row.put("edge_id", "e" + (random.nextInt(8) == 0 ? random.nextInt(edge + 1) : edge));
                row.put("entity_type", "person");
                row.put("identifier_type", "email");
                row.put("identifier_value", random.nextBoolean() ? value : value.toUpperCase(Locale.ROOT));
                row.put("occurred_at", 1L);
                row.put("_ingested_at", 1L + store.epoch());
                batch.add(row);
            }
        }
        // What is set aside is not kept, so no rebuild finds it.
        batch.stream()
                .filter(row -> !store.config().ignoreEmptyIdentifiers()
                        || !row.get("identifier_value").equals(""))
                .forEach(rows::add);
        Stores.append(store, Map.of(InputTable.ENTITY_IDENTIFIERS, batch));
        note(store);
    }

    /** Takes the store's word for what an append did to ids. */
    private void note(NexusStore store) throws IOException {
        entities(store).values().forEach(entity -> leads.put(entity.id(), Optional.of(entity.id())));
        leads.replaceAll((id, to) -> store.resolve(id));
        log = TestTables.rows(store.log());
        for (Map<String, Object> row : log) {
            if (row.get("resolution_reason").equals("dropped")) {
                relics.put((String) row.get("previous_entity_id"), (String) row.get("identifier_value"));
            }
        }
    }

    private static Map<String, Entity> entities(NexusStore store) throws IOException {
        Map<String, Entity> byId = new TreeMap<>();
        if (store.config().entityType("person").orElseThrow().resolved()) {
            String table = OutputTable.resolvedIdentifiers("person");
            try (ResolvedTables tables = store.tables(List.of(table))) {
                for (Map<String, Object> row : TestTables.rows(tables.reader(table))) {
                    String id = (String) row.get("person_id");
                    byId.computeIfAbsent(id, i -> new Entity(i, new TreeSet<>()))
                            .values()
                            .add((String) row.get("identifier_value"));
                }
            }
        }
        return byId;
    }

    private void checkRebuilt(NexusConfig from, NexusConfig to, Map<String, Entity> before, NexusStore store)
            throws IOException {
        Map<String, Entity> now = entities(store);
        assertEquals(
                parts(to),
                new HashSet<>(now.values().stream().map(Entity::values).toList()));
        Map<Set<String>, String> idOf = new HashMap<>();
        now.values().forEach(entity -> idOf.put(entity.values(), entity.id()));
        Map<String, Set<String>> successors = new HashMap<>();
        for (Map<String, Object> row : rows) {
            if (counts(to, row)) {
                successors
                        .computeIfAbsent(value(from, row), v -> new TreeSet<>())
                        .add(value(to, row));
            }
        }
        Map<String, Entity> roots = new TreeMap<>(before);
        leads.forEach((id, led) -> {
            if (led.isEmpty() && relics.containsKey(id)) {
                roots.put(id, new Entity(id, Set.of(relics.get(id))));
            }
        });
        Map<String, Set<String>> target = new TreeMap<>();
        for (Entity entity : roots.values()) {
            Set<String> most = mostOf(entity, idOf.keySet(), successors);
            if (most != null) {
                target.put(entity.id(), most);
            }
        }
        boolean samePrefix = from.entityTypes()
                .get(0)
                .prefix()
                .equals(to.entityTypes().get(0).prefix());
        idOf.forEach((part, id) -> {
            List<Entity> comers = roots.values().stream()
                    .filter(entity -> part.equals(target.get(entity.id())))
                    .toList();
            boolean known = roots.containsKey(id);
            if (to.idPolicy() == IdPolicy.STABLE && samePrefix) {
                assertEquals(!comers.isEmpty(), known, "ids are handed on or new");
                assertTrue(known || !leads.containsKey(id), "a new id was never given out");
            }
            if (to.idPolicy() == IdPolicy.STABLE && samePrefix && to.survivor() != Survivor.OLDEST && known) {
                boolean anyPinned = comers.stream().anyMatch(e -> to.pinnedIds().contains(e.id()));
                Comparator<Entity> order = Comparator.comparingInt(
                        e -> before.containsKey(e.id()) ? -e.values().size() : 0);
                assertEquals(
                        comers.stream()
                                .filter(e -> !anyPinned || to.pinnedIds().contains(e.id()))
                                .min(order.thenComparing(Entity::id))
                                .map(Entity::id)
                                .orElseThrow(),
                        id,
                        "of several a pinned one, then the largest, then the smallest id");
            }
        });
        String prefix = to.entityTypes().get(0).prefix();
        leads.replaceAll((id, led) -> led.flatMap(root -> {
            // An id that depends on the identifiers alone stays with them, whatever it looks like.
            String namesake = prefix + root.substring(root.indexOf('_'));
            return to.idPolicy() == IdPolicy.CONTENT && now.containsKey(namesake)
                    ? Optional.of(namesake)
                    : Optional.ofNullable(target.get(root)).map(idOf::get);
        }));
        now.keySet().forEach(id -> leads.put(id, Optional.of(id)));
        if (to.entityTypes().get(0).resolved()) {
            checkLeads(from, store);
        }
        checkLog(before, now, successors, store);
        note(store);
    }

    private void checkLeads(NexusConfig from, NexusStore store) throws IOException {
        Map<String, Optional<String>> aliases = new TreeMap<>();
        for (Map<String, Object> alias : TestTables.rows(store.aliases())) {
            aliases.put((String) alias.get("previous_entity_id"), Optional.ofNullable((String) alias.get("entity_id")));
        }
        leads.forEach((id, to) -> {
            // What led nowhere may lead somewhere again if its identifiers come back.
            if (from.entityTypes().get(0).resolved() && to.isPresent()) {
                assertEquals(to, store.resolve(id), id);
            }
            if (!Optional.of(id).equals(store.resolve(id))) {
                assertEquals(store.resolve(id), aliases.get(id), "alias of " + id);
            } else {
                assertFalse(aliases.containsKey(id), "a living id has no alias");
            }
        });
    }

    private void checkLog(
            Map<String, Entity> before, Map<String, Entity> now, Map<String, Set<String>> successors, NexusStore store)
            throws IOException {
        List<Map<String, Object>> all = TestTables.rows(store.log());
        assertEquals(log, all.subList(0, log.size()), "the log only grows");
        Map<String, String> entityOf = new HashMap<>();
        now.values().forEach(entity -> entity.values().forEach(value -> entityOf.put(value, entity.id())));
        Map<String, String> resolved = new HashMap<>();
        Set<List<Object>> moved = new HashSet<>();
        Set<Object> dropped = new HashSet<>();
        for (Map<String, Object> row : all.subList(log.size(), all.size())) {
            assertEquals(store.epoch(), row.get("epoch"));
            String value = (String) row.get("identifier_value");
            switch ((String) row.get("resolution_reason")) {
                case "full_resolution" -> resolved.put(value, (String) row.get("entity_id"));
                case "repointed" -> {
                    assertEquals(entityOf.get(value), row.get("entity_id"));
                    assertTrue(moved.add(List.of(row.get("previous_entity_id"), value)));
                }
                default -> {
                    assertEquals("dropped", row.get("resolution_reason"));
                    assertEquals(null, row.get("entity_id"));
                    assertTrue(dropped.add(row.get("previous_entity_id")));
                }
            }
        }
        assertEquals(entityOf, resolved, "a rebuild logs every identifier");
        Set<List<Object>> expected = new HashSet<>();
        Set<Object> gone = new HashSet<>();
        for (Entity entity : before.values()) {
            Set<String> led = new TreeSet<>();
            entity.values().forEach(value -> led.addAll(successors.getOrDefault(value, Set.of())));
            led.stream()
                    .filter(value -> !entity.id().equals(entityOf.get(value)))
                    .forEach(value -> expected.add(List.of(entity.id(), value)));
            if (led.isEmpty()) {
                gone.add(entity.id());
            }
        }
        moved.removeIf(move -> !before.containsKey(move.get(0)));
        assertEquals(expected, moved, "what moved");
        assertEquals(gone, dropped, "what is gone");
    }

    private static Set<String> mostOf(Entity entity, Set<Set<String>> parts, Map<String, Set<String>> successors) {
        Set<String> best = null;
        long most = 0;
        for (Set<String> part : parts) {
            long votes = entity.values().stream()
                    .filter(value ->
                            successors.getOrDefault(value, Set.of()).stream().anyMatch(part::contains))
                    .count();
            if (votes > most || (votes == most && best != null && smallest(part).compareTo(smallest(best)) < 0)) {
                best = part;
                most = votes;
            }
        }
        return best;
    }

    private static String smallest(Set<String> part) {
        return part.stream().min(String::compareTo).orElseThrow();
    }

    private static boolean counts(NexusConfig config, Map<String, Object> row) {
        return config.entityTypes().get(0).resolved()
                && !(config.ignoreEmptyIdentifiers()
                        && Objects.toString(row.get("identifier_value")).isEmpty());
    }

    private static String value(NexusConfig config, Map<String, Object> row) {
        String value = (String) row.get("identifier_value");
        assertNotNull(value);
        return config.resolveOn() == ResolveOn.RAW ? value : value.toLowerCase(Locale.ROOT);
    }

    /** Who belongs together: those on one edge, and those that share one. */
    private Set<Set<String>> parts(NexusConfig config) {
        Map<String, Set<String>> partOf = new HashMap<>();
        Map<Object, Set<String>> partOfEdge = new HashMap<>();
        for (Map<String, Object> row : rows) {
            if (counts(config, row)) {
                Set<String> part = partOf.computeIfAbsent(value(config, row), v -> new TreeSet<>(Set.of(v)));
                Set<String> other = partOfEdge.putIfAbsent(row.get("edge_id"), part);
                if (other != null && other != part) {
                    part.addAll(other);
                    part.forEach(value -> partOf.put(value, part));
                    partOfEdge.replaceAll((edge, each) -> each == other ? part : each);
                }
            }
        }
        return new HashSet<>(partOf.values());
    }
}
