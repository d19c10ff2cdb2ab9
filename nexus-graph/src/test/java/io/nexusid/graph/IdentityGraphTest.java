package io.nexusid.graph;

import static io.nexusid.graph.LivingGraph.TYPES;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.IdPolicy;
import io.nexusid.api.LinkMode;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.SurrogateKey;
import io.nexusid.api.Survivor;
import io.nexusid.graph.LivingGraph.Name;
import io.nexusid.graph.LivingGraph.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class IdentityGraphTest {
    private static List<Row> pair(String typeA, String a, String typeB, String b, String edge, long at) {
        return List.of(Row.person(typeA, a, edge, at), Row.person(typeB, b, edge, at));
    }

    private static List<Row> all(List<List<Row>> lists) {
        return lists.stream().flatMap(List::stream).toList();
    }

    private static void assertCounts(ChangeSet changes, int born, int accreted, int repointed, int reobserved) {
        assertEquals(born, changes.count(ChangeReason.BORN), "born");
        assertEquals(accreted, changes.count(ChangeReason.ACCRETED), "accreted");
        assertEquals(repointed, changes.count(ChangeReason.REPOINTED), "repointed");
        assertEquals(reobserved, changes.count(ChangeReason.REOBSERVED), "reobserved");
    }

    /** The last step once more changes nothing but that it was seen. */
    private static void assertSettled(LivingGraph living, List<Row> lastStep) {
        int live = living.now().liveEntities();
        ChangeSet again = living.apply(lastStep);
        assertCounts(again, 0, 0, 0, again.rows());
        assertEquals(live, living.now().liveEntities());
    }

    @Test
    void birthOfASingleton() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        ChangeSet first = living.apply(Row.person("email", "a@x", "e1", 1));
        assertEquals(1, first.count(ChangeReason.FULL_RESOLUTION));
        List<Row> last = List.of(Row.person("email", "b@x", "e2", 2));
        assertCounts(living.apply(last), 1, 0, 0, 0);
        assertEquals(2, living.now().liveEntities());
        assertSettled(living, last);
    }

    @Test
    void accretion() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        living.apply(pair("email", "a@x", "anonymous_id", "n", "e1", 1));
        String id = living.personOf("email", "a@x");
        List<Row> last = pair("anonymous_id", "n", "email", "c@x", "e2", 2);
        assertCounts(living.apply(last), 0, 1, 0, 1);
        assertEquals(id, living.personOf("email", "c@x"));
        assertEquals(1, living.now().liveEntities());
        assertSettled(living, last);

        IdentitySnapshot before = living.now();
        ChangeSet nothing = living.apply(List.of());
        assertTrue(nothing.isEmpty());
        assertEquals(before.epoch(), nothing.epoch());
        assertEquals(0, nothing.touchedEntities().length);
    }

    @Test
    void simpleMerge() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        living.apply(all(List.of(
                pair("email", "1@x", "anonymous_id", "n1", "e1", 1),
                pair("email", "2@x", "anonymous_id", "n2", "e2", 1))));
        String smaller = Collections.min(List.of(living.personOf("email", "1@x"), living.personOf("email", "2@x")));
        List<Row> last = pair("anonymous_id", "n1", "email", "2@x", "e3", 2);
        assertCounts(living.apply(last), 0, 0, 2, 1);
        assertEquals(1, living.now().liveEntities());
        assertEquals(smaller, living.personOf("email", "1@x"));
        assertSettled(living, last);
    }

    private static List<Row> threePairs() {
        return all(List.of(
                pair("email", "1a@x", "email", "1b@x", "e1", 1),
                pair("email", "2a@x", "email", "2b@x", "e2", 1),
                pair("email", "3a@x", "email", "3b@x", "e3", 1)));
    }

    @Test
    void chainWithinABatch() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        living.apply(threePairs());
        List<Row> last = all(List.of(
                pair("email", "1b@x", "anonymous_id", "X", "e4", 2),
                pair("anonymous_id", "X", "email", "2a@x", "e5", 2),
                pair("email", "2b@x", "anonymous_id", "Y", "e6", 2),
                pair("anonymous_id", "Y", "email", "3a@x", "e7", 2)));
        ChangeSet changes = living.apply(last);
        assertEquals(2, changes.count(ChangeReason.ACCRETED));
        assertEquals(4, changes.count(ChangeReason.REPOINTED));
        assertEquals(1, living.now().liveEntities());
        assertSettled(living, last);
    }

    @Test
    void chainAcrossBatches() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        living.apply(threePairs());
        assertEquals(
                2, living.apply(pair("email", "1b@x", "email", "2a@x", "e4", 2)).count(ChangeReason.REPOINTED));
        List<Row> last = pair("email", "2b@x", "email", "3a@x", "e5", 3);
        assertEquals(2, living.apply(last).count(ChangeReason.REPOINTED));
        assertEquals(1, living.now().liveEntities());
        assertSettled(living, last);
    }

    @Test
    void theWatermarkMovesWhenAllIsKnown() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        List<Long> watermarks = new ArrayList<>();
        int born = 0;
        List<List<Row>> steps = List.of(
                pair("email", "a@x", "anonymous_id", "n", "e1", 1),
                pair("email", "a@x", "anonymous_id", "n", "e2", 2),
                List.of(Row.person("email", "z@x", "e3", 3)));
        for (List<Row> step : steps) {
            ChangeSet changes = living.apply(step);
            watermarks.add(changes.watermark(0));
            born += changes.count(ChangeReason.BORN);
        }
        assertEquals(List.of(1L, 2L, 3L), watermarks);
        assertEquals(1, born);
        assertEquals(2, living.now().liveEntities());
        assertSettled(living, steps.get(2));
    }

    @Test
    void whatHappenedEarlierMayArriveLater() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        living.apply(pair("email", "1@x", "anonymous_id", "n", "e2024", 1));
        List<Row> last = pair("anonymous_id", "n", "email", "2@x", "e2023", 2);
        assertCounts(living.apply(last), 0, 1, 0, 1);
        assertEquals(1, living.now().liveEntities());
        assertSettled(living, last);
    }

    @Test
    void groupsMergeAndThePersonOnTheirEdgeStaysAPerson() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        living.apply(
                Row.of("group", "domain", "a.com", "e1", 1),
                Row.of("group", "name", "A", "e1", 1),
                Row.of("group", "domain", "b.com", "e2", 1),
                Row.of("group", "name", "B", "e2", 1));
        List<Row> last = List.of(
                Row.of("group", "domain", "a.com", "e3", 2),
                Row.of("group", "domain", "b.com", "e3", 2),
                Row.person("email", "p@a.com", "e3", 2));
        ChangeSet changes = living.apply(last);
        assertEquals(2, changes.count(TYPES.indexOf("group"), ChangeReason.REPOINTED));
        assertEquals(1, changes.count(TYPES.indexOf("person"), ChangeReason.BORN));
        assertEquals(4, living.now().size(living.entityOf("group", "name", "B")));
        assertEquals(1, living.now().size(living.entityOf("person", "email", "p@a.com")));
        assertSettled(living, last);
    }

    @Test
    void theGoldenMerge() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        living.apply(
                Row.person("email", "a1", "e1", 1),
                Row.person("ph", "a2", "e1", 1),
                Row.person("dev", "a3", "e1", 1),
                Row.person("email", "b1", "e2", 1),
                Row.person("ph", "b2", "e2", 1));
        String kept = "person 068f790477536740351eae58cf591636";
        String lost = "person c90be5f4da8508387760c113328e7ecd";
        assertEquals(kept, living.personOf("email", "a1"));
        assertEquals(lost, living.personOf("ph", "b2"));
        ChangeSet changes = living.apply(
                Row.person("ph", "a2", "e3", 2),
                Row.person("email", "b1", "e3", 2),
                Row.person("email", "new", "e3", 2));
        assertEquals(kept, living.personOf("ph", "b2"));
        Map<String, String> reasons = new HashMap<>();
        for (int i = 0; i < changes.rows(); i++) {
            reasons.put(
                    living.names.get(changes.node(i)).value(), changes.reason(i).code());
            if (changes.reason(i) == ChangeReason.REPOINTED) {
                assertEquals(lost, LivingGraph.id(changes.after(), changes.previousEntity(i)));
            }
        }
        assertEquals(Map.of("a2", "reobserved", "b1", "repointed", "b2", "repointed", "new", "accreted"), reasons);
        assertEquals(1, changes.losers().length);
    }

    @Test
    void aLateMemberOfAnEdgeJoinsIt() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        living.apply(Row.person("email", "a@x", "e1", 1), Row.of("group", "domain", "x", "e1", 1));
        living.apply(Row.person("phone", "1", "e1", 2));
        assertEquals(living.personOf("email", "a@x"), living.personOf("phone", "1"));
        living.apply(Row.of("group", "name", "X", "e1", 3));
        assertEquals(2, living.now().liveEntities());
    }

    @Test
    void theOldestSurvivesWhereOneAsksForIt() {
        GraphRules rules = new GraphRules(TYPES, IdPolicy.STABLE, Survivor.OLDEST, LinkMode.MONOTONE);
        LivingGraph living = new LivingGraph(rules);
        living.apply(Row.person("email", "old@x", "e1", 1));
        String oldest = living.personOf("email", "old@x");
        living.apply(all(List.of(
                pair("email", "n1@x", "email", "n2@x", "e2", 2), pair("email", "n2@x", "email", "n3@x", "e3", 2))));
        living.apply(pair("email", "old@x", "email", "n3@x", "e4", 3));
        assertEquals(oldest, living.personOf("email", "n1@x"));
    }

    @Test
    void anIdIsNeverGivenOutTwice() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        living.apply(Row.person("user-id", "5", null, 1));
        assertEquals("person " + SurrogateKey.of("user-id", "5"), living.personOf("user-id", "5"));
        living.apply(Row.person("user", "x", null, 2));
        living.apply(Row.person("user", "id-5", null, 3));
        assertEquals("person " + SurrogateKey.of("user", "id-5", "#3"), living.personOf("user", "id-5"));
        assertEquals("person " + SurrogateKey.of("user-id", "5"), living.personOf("user-id", "5"));
    }

    @Test
    void aContestedContentIdGoesToTheSmallestWhoeverCameFirst() {
        LivingGraph living = LivingGraph.of(IdPolicy.CONTENT);
        String plain = "person " + SurrogateKey.of("user", "id-5");
        living.apply(Row.person("user-id", "5", "e1", 1));
        assertEquals(plain, living.personOf("user-id", "5"));
        ChangeSet changes = living.apply(Row.person("user", "id-5", "e2", 2));
        assertEquals(plain, living.personOf("user", "id-5"));
        assertEquals("person " + SurrogateKey.of("user-id", "5", "#2"), living.personOf("user-id", "5"));
        assertEquals(1, changes.count(ChangeReason.REPOINTED));
        living.apply(Row.person("user", "id-5-#2", "e3", 3));
        assertEquals("person " + SurrogateKey.of("user-id", "5", "#3"), living.personOf("user-id", "5"));
        living.apply(Row.person("user", "id-5", "e4", 4), Row.person("email", "a", "e4", 4));
        assertEquals(plain, living.personOf("user-id", "5"));
    }

    @Test
    void anIdContestedInTheFirstBatchIsPassedOnWhenItsHolderIsRenamed() {
        LivingGraph living = LivingGraph.of(IdPolicy.CONTENT);
        living.apply(Row.person("user", "id-5", "e1", 1), Row.person("user-id", "5", "e2", 1));
        assertEquals("person " + SurrogateKey.of("user-id", "5", "#2"), living.personOf("user-id", "5"));
        living.apply(Row.person("user", "id-5", "e3", 2), Row.person("email", "a", "e3", 2));
        assertEquals("person " + SurrogateKey.of("user-id", "5"), living.personOf("user-id", "5"));
    }

    @Test
    void underContentIdsANewSmallestIdentifierRenamesItsEntity() {
        LivingGraph living = LivingGraph.of(IdPolicy.CONTENT);
        living.apply(pair("email", "b@x", "email", "c@x", "e1", 1));
        int was = living.entityOf("person", "email", "b@x");
        ChangeSet changes = living.apply(pair("email", "c@x", "email", "a@x", "e2", 2));
        assertCounts(changes, 0, 1, 2, 0);
        assertArrayEquals(new int[] {was}, changes.losers());
        assertEquals(living.entityOf("person", "email", "a@x"), living.now().current(was));
        assertEquals("person " + SurrogateKey.of("email", "a@x"), living.personOf("email", "c@x"));
    }

    /** Types and values whose ids collide now and then, on few edges. */
    static List<Row> randomRows(SplittableRandom random, int count) {
        String[] entityTypes = {"person", "person", "person", "group", "Zebra", "ticket"};
        String[] types = {"a", "a-b", "b", "user"};
        String[] values = {"b-c", "c", "#2", "b-#2", "é", "", "c-#2", "d"};
        int pool = 1 + random.nextInt(count);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String value = values[random.nextInt(values.length)];
            if (random.nextInt(3) > 0) {
                value = value + random.nextInt(pool);
            }
            String edge = random.nextInt(8) == 0 ? null : "e" + random.nextInt(2 * pool);
            String type = types[random.nextInt(types.length)];
            String entityType = entityTypes[random.nextInt(entityTypes.length)];
            rows.add(new Row(new Name(entityType, type, value), edge, "event" + random.nextInt(count), i + 1));
        }
        return rows;
    }

    static List<List<Row>> slices(SplittableRandom random, List<Row> rows) {
        List<List<Row>> slices = new ArrayList<>();
        int from = 0;
        while (from < rows.size()) {
            int to = Math.min(rows.size(), from + 1 + random.nextInt(1 + rows.size() / 3));
            slices.add(rows.subList(from, to));
            from = to;
        }
        return slices;
    }

    private static GraphRules randomRules(SplittableRandom random) {
        IdPolicy policy = random.nextBoolean() ? IdPolicy.CONTENT : IdPolicy.STABLE;
        Survivor survivor = random.nextBoolean() ? Survivor.OLDEST : Survivor.MOST_ROWS;
        return new GraphRules(TYPES, policy, survivor, LinkMode.MONOTONE);
    }

    @Property(tries = 400)
    void theInvariantsHoldAfterEveryBatchOfAnySlicing(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count) {
        SplittableRandom random = new SplittableRandom(seed);
        LivingGraph living = new LivingGraph(randomRules(random));
        List<Row> rows = new ArrayList<>(randomRows(random, count));
        Collections.shuffle(rows, new Random(seed));
        List<List<Row>> slices = slices(random, rows);
        for (List<Row> slice : slices) {
            living.apply(slice);
            if (random.nextInt(4) == 0) {
                living.apply(List.of());
                living.apply(slice);
            }
        }
        assertSettled(living, slices.get(slices.size() - 1));
    }

    private static Map<Name, String> ids(LivingGraph living) {
        Map<Name, String> ids = new HashMap<>();
        for (int node = 0; node < living.names.size(); node++) {
            int entity = living.now().entityOf(node);
            if (entity != IdentitySnapshot.NONE) {
                ids.put(living.names.get(node), LivingGraph.id(living.now(), entity));
            }
        }
        return ids;
    }

    @Property(tries = 200)
    void contentIdsAreThoseOfAOneShotRun(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int count) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Row> rows = randomRows(random, count);
        LivingGraph living = LivingGraph.of(IdPolicy.CONTENT);
        slices(random, rows).forEach(living::applyUnchecked);
        assertEquals(oneShot(rows), ids(living));
    }

    @Property(tries = 200)
    void oneBatchOnAnEmptyGraphIsAFullResolutionUnderEitherPolicy(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int count, @ForAll IdPolicy policy) {
        List<Row> rows = randomRows(new SplittableRandom(seed), count);
        LivingGraph living = LivingGraph.of(policy);
        living.applyUnchecked(rows);
        assertEquals(oneShot(rows), ids(living));
    }

    /** The kernels of a one-shot run on the same rows. */
    private static Map<Name, String> oneShot(List<Row> rows) {
        LivingGraph coder = LivingGraph.of(IdPolicy.CONTENT);
        int[] node = rows.stream().mapToInt(row -> coder.node(row.name())).toArray();
        List<String> edges = new ArrayList<>();
        int[] edge = rows.stream()
                .mapToInt(row -> {
                    if (row.edge() == null || !TYPES.contains(row.name().entityType())) {
                        return -1;
                    }
                    String key = row.name().entityType() + row.edge();
                    if (!edges.contains(key)) {
                        edges.add(key);
                    }
                    return edges.indexOf(key);
                })
                .toArray();
        int kinds = coder.kinds.size();
        List<byte[]> typeNames = new ArrayList<>();
        int[] resolved = new int[kinds];
        for (int kind = 0; kind < kinds; kind++) {
            typeNames.add(coder.kinds.bytes(kind));
            resolved[kind] = coder.kinds.kind(kind) < TYPES.size() ? coder.kinds.kind(kind) : -1;
        }
        List<String> sorted = typeNames.stream()
                .map(name -> new String(name, UTF_8))
                .distinct()
                .sorted()
                .toList();
        int[] ranks = typeNames.stream()
                .mapToInt(name -> sorted.indexOf(new String(name, UTF_8)))
                .toArray();
        EdgeGroups groups = EdgeGroups.of(edge, node, node.length, edges.size());
        int[] labels = ConnectedComponents.compute(coder.nodes.size(), groups).labels();
        Entities entities = EntityNamer.name(
                coder.nodes,
                NodeOrder.of(coder.nodes, ranks),
                resolved,
                TYPES,
                typeNames,
                labels,
                false,
                false,
                Tasks.IN_TURN);
        Map<Name, String> ids = new HashMap<>();
        for (int v = 0; v < coder.nodes.size(); v++) {
            int entity = entities.ofNode(v);
            if (entity != Entities.NONE) {
                byte[] hex = new byte[SurrogateKey.HEX_LENGTH];
                SurrogateKey.writeHex(entities.high(entity), entities.low(entity), hex, 0);
                ids.put(coder.names.get(v), TYPES.get(entities.type(entity)) + " " + new String(hex, UTF_8));
            }
        }
        return ids;
    }

    @Property(tries = 200)
    void theOrderOfTheRowsInABatchDoesNotMatter(@ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int count) {
        SplittableRandom random = new SplittableRandom(seed);
        GraphRules rules = randomRules(random);
        LivingGraph one = new LivingGraph(rules);
        LivingGraph other = new LivingGraph(rules);
        List<Row> rows = randomRows(random, count);
        for (List<Row> slice : slices(random, rows)) {
            List<Row> shuffled = new ArrayList<>(slice);
            Collections.shuffle(shuffled, new Random(seed));
            assertEquals(described(one, one.applyUnchecked(slice)), described(other, other.applyUnchecked(shuffled)));
        }
    }

    static List<String> described(LivingGraph living, ChangeSet changes) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < changes.rows(); i++) {
            int previous = changes.previousEntity(i);
            lines.add(living.names.get(changes.node(i))
                    + " " + changes.entity(i)
                    + " " + LivingGraph.id(changes.after(), changes.entity(i))
                    + " " + (previous < 0 ? "" : LivingGraph.id(changes.after(), previous))
                    + " " + changes.reason(i));
        }
        lines.add(Arrays.toString(changes.touchedEntities()) + Arrays.toString(changes.losers()));
        return lines;
    }

    @Test
    void aChainOfAHundredThousandInOneBatchIsOnePerson() {
        int n = 100_000;
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            int link = (int) (i * 48_271L % n);
            rows.addAll(pair("anonymous_id", "n" + link, "anonymous_id", "n" + (link + 1), "chain" + link, i + 1));
        }
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        living.applyUnchecked(threePairs());
        ChangeSet changes = living.applyUnchecked(rows);
        assertEquals(4, living.now().liveEntities());
        assertEquals(n + 1, changes.count(ChangeReason.BORN));
    }

    @Test
    void aBatchCostsTheSameHoweverMuchIsKnown() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        long[] work = new long[4];
        int known = 0;
        for (int round = 0; round < work.length; round++) {
            for (int target = 20_000 << round; known < target; known += 2_000) {
                int from = known;
                living.applyUnchecked(IntStream.range(from, from + 2_000)
                        .mapToObj(i -> Row.person("email", "u" + i, "known" + i / 4, 1))
                        .toList());
            }
            int fresh = round;
            List<Row> batch = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int one = 400 * i + 16 * round;
                batch.addAll(pair("email", "u" + one, "email", "u" + (one + 8), fresh + "m" + i, 2));
                batch.addAll(pair("email", "u" + one, "email", fresh + "new" + i, fresh + "n" + i, 2));
            }
            work[round] = living.applyUnchecked(batch).work();
        }
        long least = Arrays.stream(work).min().orElseThrow();
        long most = Arrays.stream(work).max().orElseThrow();
        assertTrue(most <= least + 2 * IntPages.PAGE, Arrays.toString(work));
    }

    @Test
    void whatDoesNotFitIsRefusedAndChangesNothing() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        living.apply(pair("email", "a@x", "email", "b@x", "e1", 1));
        IdentitySnapshot before = living.now();
        int person = living.node(new Name("person", "email", "new@x"));
        int group = living.node(new Name("group", "domain", "x"));
        int[] edge = {0, 0};
        for (IdentityBatch bad : List.of(
                IdentityBatch.of(2, new int[] {person, group}, edge, 1),
                IdentityBatch.of(2, new int[] {person, 99}, edge, 1),
                IdentityBatch.of(2, new int[] {person, 0}, new int[] {0, 1}, 1),
                IdentityBatch.of(2, new int[] {person, 0}, edge, 1).withKnownMembers(new int[] {person}))) {
            assertThrows(IllegalArgumentException.class, () -> living.graph.apply(bad));
            assertSame(before, living.now());
        }
        IdentityBatch good = IdentityBatch.of(1, new int[] {person}, new int[] {-1}, 0);
        assertThrows(IllegalArgumentException.class, () -> living.graph.prepare(good, before.epoch()));
        assertThrows(IllegalStateException.class, living.graph::publish);
        assertThrows(IllegalStateException.class, living.graph::rollback);
        living.graph.prepare(good, 7);
        assertThrows(IllegalStateException.class, () -> living.graph.prepare(good));
        living.graph.publish();
        assertEquals(7, living.now().epoch());
        assertEquals(7, living.now().birthEpoch(living.now().entityOf(person)));
        assertThrows(
                NexusConfigException.class,
                () -> new GraphRules(TYPES, IdPolicy.STABLE, Survivor.MOST_ROWS, LinkMode.REVERSIBLE));
        assertThrows(NexusConfigException.class, () -> GraphRules.of(IdPolicy.STABLE, List.of("person", "person")));
    }

    @Test
    void aNodeThatOnlyOtherTablesNameHasNoEntityUntilARowNamesIt() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        int waiting = living.node(new Name("person", "email", "later@x"));
        living.apply(pair("email", "a@x", "email", "b@x", "e1", 1));
        assertEquals(IdentitySnapshot.NONE, living.now().entityOf(waiting));
        ChangeSet changes = living.apply(pair("email", "later@x", "email", "b@x", "e2", 2));
        assertCounts(changes, 0, 1, 0, 1);
        assertNotEquals(IdentitySnapshot.NONE, living.now().entityOf(waiting));
    }

    @Test
    void anOldSnapshotStaysAsItWas() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        living.apply(threePairs());
        IdentitySnapshot old = living.now();
        Set<String> ids = new TreeSet<>();
        for (int entity = 0; entity < old.entityNumbers(); entity++) {
            ids.add(LivingGraph.id(old, entity) + Arrays.toString(old.identifiersOf(entity)));
        }
        for (int i = 0; i < 3_000; i++) {
            living.applyUnchecked(pair("email", (1 + i % 3) + "a@x", "email", "more" + i, "x" + i, 2));
        }
        living.applyUnchecked(pair("email", "1a@x", "email", "2a@x", "join", 3));
        Set<String> still = new TreeSet<>();
        for (int entity = 0; entity < old.entityNumbers(); entity++) {
            still.add(LivingGraph.id(old, entity) + Arrays.toString(old.identifiersOf(entity)));
        }
        assertEquals(ids, still);
        assertEquals(3, old.liveEntities());
        assertEquals(2, living.now().liveEntities());
        assertEquals(IdentitySnapshot.NONE, old.entityOf(0, "email".getBytes(UTF_8), "more7".getBytes(UTF_8)));
    }
}
