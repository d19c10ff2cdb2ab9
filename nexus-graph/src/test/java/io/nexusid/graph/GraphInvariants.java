package io.nexusid.graph;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.IdPolicy;
import io.nexusid.api.Survivor;
import io.nexusid.graph.LivingGraph.Name;
import io.nexusid.graph.LivingGraph.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** What must hold after every batch, whatever it was. Knows the graph by its public face only. */
final class GraphInvariants {
    private record Participant(String event, String entityId) {}

    private final LivingGraph living;
    private final Set<Integer> everLost = new HashSet<>();
    private final Map<Integer, String> idAtBirth = new HashMap<>();
    /** By id: the identifiers it stood for last. */
    private final Map<String, Set<Name>> publishedIds = new HashMap<>();

    private final Map<Row, Integer> participants = new HashMap<>();

    GraphInvariants(LivingGraph living) {
        this.living = living;
    }

    /** Nobody sees what is only prepared. */
    void assertUnpublished(IdentitySnapshot before) {
        assertEquals(before, living.now());
    }

    void check(IdentitySnapshot before, ChangeSet changes, List<Row> rows) {
        IdentitySnapshot after = living.now();
        assertEquals(after, changes.after());
        partitionIsThatOfAFullResolution(after);
        membersAndLabelsAgree(after);
        nothingPointsToALoser(after, changes);
        rowsAreWellFormed(before, after, changes, rows);
        entitiesChangeByRowsOnly(before, after, changes);
        idsStayWhatTheyWere(after);
        everyIdLeadsToItsIdentifiers(after);
        participantsFollow(after, changes, rows);
        namesFitThePolicy(before, after, changes);
        everyPinThatIsLostIsTold(after, changes);
        watermarksAreThoseOfTheRows(changes, rows);
        assertTrue(changes.isEmpty() ? after.epoch() == before.epoch() : after.epoch() > before.epoch());
    }

    private void partitionIsThatOfAFullResolution(IdentitySnapshot after) {
        assertEquals(SlowIdentity.partition(living.seen), partition(after));
    }

    private Set<Set<Name>> partition(IdentitySnapshot snapshot) {
        Map<Integer, Set<Name>> members = new HashMap<>();
        for (int node = 0; node < living.names.size(); node++) {
            int entity = snapshot.entityOf(node);
            if (entity != IdentitySnapshot.NONE) {
                members.computeIfAbsent(entity, e -> new TreeSet<>(SlowIdentity.BY_NAME))
                        .add(living.names.get(node));
            }
        }
        return new HashSet<>(members.values());
    }

    private void membersAndLabelsAgree(IdentitySnapshot after) {
        int live = 0;
        for (int entity = 0; entity < after.entityNumbers(); entity++) {
            int e = entity;
            int[] members = IntStream.range(0, living.names.size())
                    .filter(node -> after.entityOf(node) == e)
                    .toArray();
            assertArrayEquals(members, after.identifiersOf(entity));
            assertEquals(members.length, after.size(entity));
            assertEquals(members.length > 0, after.isLive(entity));
            assertEquals(after.entityOf(after.anchor(entity)), after.current(entity));
            live += members.length > 0 ? 1 : 0;
        }
        assertEquals(live, after.liveEntities());
        for (int node = 0; node < living.names.size(); node++) {
            Name name = living.names.get(node);
            int type = LivingGraph.TYPES.indexOf(name.entityType());
            int expected = after.entityOf(node);
            if (type >= 0 && node < after.nodes()) {
                assertEquals(
                        node,
                        after.node(
                                type, name.type().getBytes(UTF_8), name.value().getBytes(UTF_8)));
                assertEquals(expected, living.entityOf(name.entityType(), name.type(), name.value()));
            } else {
                assertEquals(IdentitySnapshot.NONE, expected);
            }
        }
    }

    private void nothingPointsToALoser(IdentitySnapshot after, ChangeSet changes) {
        for (int loser : changes.losers()) {
            assertTrue(everLost.add(loser), "an entity loses once");
        }
        for (int entity : everLost) {
            assertFalse(after.isLive(entity));
            assertTrue(after.isLive(after.current(entity)));
        }
    }

    private void rowsAreWellFormed(IdentitySnapshot before, IdentitySnapshot after, ChangeSet changes, List<Row> rows) {
        Set<Integer> nodes = new HashSet<>();
        Map<List<Object>, Integer> counts = new HashMap<>();
        for (int i = 0; i < changes.rows(); i++) {
            assertTrue(nodes.add(changes.node(i)), "one row an identifier");
            ChangeReason why = changes.reason(i);
            int entity = changes.entity(i);
            int previous = changes.previousEntity(i);
            assertEquals(after.entityOf(changes.node(i)), entity);
            assertEquals(why == ChangeReason.REPOINTED, previous != IdentitySnapshot.NONE);
            assertNotEquals(previous, entity);
            Name name = living.names.get(changes.node(i));
            assertEquals(name.entityType(), LivingGraph.TYPES.get(after.type(entity)));
            counts.merge(List.of(after.type(entity), why), 1, Integer::sum);
            boolean known = before.entityOf(changes.node(i)) != IdentitySnapshot.NONE;
            assertEquals(known, why == ChangeReason.REPOINTED || why == ChangeReason.REOBSERVED);
            assertEquals(before.epoch() == 0, why == ChangeReason.FULL_RESOLUTION);
        }
        for (int type = 0; type < LivingGraph.TYPES.size(); type++) {
            for (ChangeReason why : ChangeReason.values()) {
                assertEquals(counts.getOrDefault(List.of(type, why), 0), changes.count(type, why));
            }
        }
        Set<Integer> touched = new TreeSet<>();
        for (Row row : rows) {
            if (LivingGraph.TYPES.contains(row.name().entityType())) {
                assertTrue(nodes.contains(living.node(row.name())), "every identifier of the batch has a row");
                touched.add(after.entityOf(living.node(row.name())));
            }
        }
        for (int i = 0; i < changes.rows(); i++) {
            touched.add(changes.entity(i));
        }
        List<Integer> reported =
                Arrays.stream(changes.touchedEntities()).boxed().toList();
        assertTrue(reported.containsAll(touched));
        assertEquals(reported.stream().sorted().distinct().toList(), reported);
        assertTrue(reported.stream().allMatch(after::isLive));
    }

    private void entitiesChangeByRowsOnly(IdentitySnapshot before, IdentitySnapshot after, ChangeSet changes) {
        Map<Integer, Integer> rowOf = new HashMap<>();
        for (int i = 0; i < changes.rows(); i++) {
            rowOf.put(changes.node(i), i);
        }
        for (int node = 0; node < living.names.size(); node++) {
            int was = before.entityOf(node);
            int is = after.entityOf(node);
            if (was != is) {
                int row = rowOf.get(node);
                assertNotEquals(IdentitySnapshot.NONE, is, "an identifier never disappears");
                assertEquals(was, changes.previousEntity(row));
            } else if (rowOf.containsKey(node)) {
                assertEquals(ChangeReason.REOBSERVED, changes.reason(rowOf.get(node)));
            }
        }
    }

    private void idsStayWhatTheyWere(IdentitySnapshot after) {
        for (int entity = 0; entity < after.entityNumbers(); entity++) {
            String id = LivingGraph.id(after, entity);
            String born = idAtBirth.putIfAbsent(entity, id);
            assertEquals(born == null ? id : born, id);
        }
        if (living.rules.idPolicy() == IdPolicy.STABLE) {
            assertEquals(idAtBirth.size(), new HashSet<>(idAtBirth.values()).size(), "no id twice");
        }
    }

    private void everyIdLeadsToItsIdentifiers(IdentitySnapshot after) {
        for (int entity = 0; entity < after.entityNumbers(); entity++) {
            if (after.isLive(entity)) {
                Set<Name> members = new HashSet<>();
                after.identifiersOf(entity, node -> members.add(living.names.get(node)));
                publishedIds.put(LivingGraph.id(after, entity), members);
            }
        }
        publishedIds.forEach((id, names) -> {
            int space = id.indexOf(' ');
            String key = id.substring(space + 1);
            int found = after.resolve(
                    LivingGraph.TYPES.indexOf(id.substring(0, space)),
                    Long.parseUnsignedLong(key.substring(0, 16), 16),
                    Long.parseUnsignedLong(key.substring(16), 16));
            for (Name name : names) {
                assertEquals(found, after.entityOf(living.node(name)));
            }
        });
        assertEquals(IdentitySnapshot.NONE, after.resolve(0, 1, 2));
    }

    /** As the store keeps them: appended with the entity of the moment, repointed by the change rows. */
    private void participantsFollow(IdentitySnapshot after, ChangeSet changes, List<Row> rows) {
        Map<Integer, Integer> moved = new HashMap<>();
        for (int i = 0; i < changes.rows(); i++) {
            if (changes.reason(i) == ChangeReason.REPOINTED) {
                moved.put(changes.previousEntity(i), changes.entity(i));
            }
        }
        participants.replaceAll((row, entity) -> moved.getOrDefault(entity, entity));
        for (Row row : rows) {
            if (LivingGraph.TYPES.contains(row.name().entityType())) {
                participants.put(row, after.entityOf(living.node(row.name())));
            }
        }
        Set<Participant> kept = new HashSet<>();
        participants.forEach((row, entity) -> kept.add(new Participant(row.event(), LivingGraph.id(after, entity))));
        Set<Participant> rebuilt = new HashSet<>();
        for (Row row : living.seen) {
            int entity = after.entityOf(living.node(row.name()));
            if (entity != IdentitySnapshot.NONE) {
                rebuilt.add(new Participant(row.event(), LivingGraph.id(after, entity)));
            }
        }
        assertEquals(rebuilt, kept);
    }

    private void namesFitThePolicy(IdentitySnapshot before, IdentitySnapshot after, ChangeSet changes) {
        if (living.rules.idPolicy() == IdPolicy.CONTENT) {
            Map<Set<Name>, String> expected = SlowIdentity.contentIds(partition(after));
            Map<Set<Name>, String> found = new HashMap<>();
            for (int entity = 0; entity < after.entityNumbers(); entity++) {
                if (after.isLive(entity)) {
                    Set<Name> members = new TreeSet<>(SlowIdentity.BY_NAME);
                    after.identifiersOf(entity, node -> members.add(living.names.get(node)));
                    found.put(members, LivingGraph.id(after, entity));
                }
            }
            assertEquals(expected, found);
            return;
        }
        for (int entity : changes.touchedEntities()) {
            List<Integer> merged = new ArrayList<>();
            for (int prior = 0; prior < before.entityNumbers(); prior++) {
                if (before.isLive(prior) && after.current(prior) == entity) {
                    merged.add(prior);
                }
            }
            merged.sort((a, b) -> outlives(before, a, b));
            assertEquals(merged.isEmpty() ? entity : merged.get(0), entity, "the right one survives");
            assertEquals(merged.isEmpty(), entity >= changes.firstNewEntity());
        }
    }

    private int outlives(IdentitySnapshot before, int a, int b) {
        int order = living.rules.survivor() == Survivor.OLDEST
                ? Integer.compare(before.birthEpoch(a), before.birthEpoch(b))
                : Integer.compare(before.size(b), before.size(a));
        if (living.asksForPins() && isPinned(before, a) != isPinned(before, b)) {
            order = isPinned(before, a) ? -1 : 1;
        }
        return order != 0 ? order : LivingGraph.id(before, a).compareTo(LivingGraph.id(before, b));
    }

    private boolean isPinned(IdentitySnapshot snapshot, int entity) {
        return living.pins.contains(LivingGraph.id(snapshot, entity));
    }

    private void everyPinThatIsLostIsTold(IdentitySnapshot after, ChangeSet changes) {
        int[] expected = Arrays.stream(changes.losers())
                .filter(loser -> living.asksForPins() && isPinned(after, loser))
                .toArray();
        assertArrayEquals(expected, changes.lostPins());
        for (int lost : changes.lostPins()) {
            assertTrue(isPinned(after, after.current(lost)), "only a pinned id takes a pinned one");
        }
    }

    private static void watermarksAreThoseOfTheRows(ChangeSet changes, List<Row> rows) {
        for (String type : LivingGraph.TYPES) {
            long latest = rows.stream()
                    .filter(row -> row.name().entityType().equals(type))
                    .mapToLong(Row::ingestedAt)
                    .max()
                    .orElse(Long.MIN_VALUE);
            assertEquals(latest, changes.watermark(LivingGraph.TYPES.indexOf(type)));
        }
    }
}
