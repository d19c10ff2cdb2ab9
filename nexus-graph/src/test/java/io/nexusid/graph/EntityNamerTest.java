package io.nexusid.graph;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.SurrogateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EntityNamerTest {
    /** An identifier as the tests write it; identifier order is this record's order in entity type, type, value. */
    private record Node(String entityType, String type, String value) {}

    /** Types out of byte order; "ticket" is not resolved and "team" has no nodes. */
    private static final List<String> TYPES = List.of("person", "group", "team", "Zebra");

    private static final Comparator<Node> IDENTIFIER_ORDER =
            Comparator.comparing(Node::type).thenComparing(Node::value);

    private static final class World {
        final List<Node> nodes;
        final KeyDictionary dictionary = new KeyDictionary(0);
        final List<byte[]> identifierTypeOfKind = new ArrayList<>();
        final int[] entityTypeOfKind;
        final NodeOrder order;

        World(List<Node> nodes) {
            this.nodes = nodes;
            List<List<String>> kinds = new ArrayList<>();
            for (Node node : nodes) {
                List<String> kind = List.of(node.entityType, node.type);
                if (!kinds.contains(kind)) {
                    kinds.add(kind);
                    identifierTypeOfKind.add(node.type.getBytes(UTF_8));
                }
                byte[] value = node.value.getBytes(UTF_8);
                dictionary.add(kinds.indexOf(kind), value, 0, value.length);
            }
            assertEquals(nodes.size(), dictionary.size(), "test nodes must be distinct");
            entityTypeOfKind =
                    kinds.stream().mapToInt(k -> TYPES.indexOf(k.get(0))).toArray();
            List<String> names =
                    kinds.stream().map(k -> k.get(1)).distinct().sorted().toList();
            order = NodeOrder.of(
                    dictionary,
                    kinds.stream().mapToInt(k -> names.indexOf(k.get(1))).toArray());
        }

        Entities name(int[] labels, boolean labelsAreRepresentatives, boolean fold) {
            return name(labels, labelsAreRepresentatives, fold, Tasks.IN_TURN);
        }

        Entities name(int[] labels, boolean labelsAreRepresentatives, boolean fold, Tasks tasks) {
            return EntityNamer.name(
                    dictionary,
                    order,
                    entityTypeOfKind,
                    TYPES,
                    identifierTypeOfKind,
                    labels,
                    labelsAreRepresentatives,
                    fold,
                    tasks);
        }

        /** What every node's entity is called, by the rules as one would say them; null for nodes without one. */
        Map<Node, String> idsByTheRules(int[] labels, boolean labelsAreRepresentatives, boolean fold) {
            Map<Integer, Node> representative = new HashMap<>();
            for (int v = 0; v < nodes.size(); v++) {
                Node candidate = labelsAreRepresentatives ? nodes.get(labels[v]) : nodes.get(v);
                if (TYPES.contains(nodes.get(v).entityType)) {
                    representative.merge(labels[v], candidate, (a, b) -> IDENTIFIER_ORDER.compare(a, b) <= 0 ? a : b);
                }
            }
            List<Integer> inOrder = representative.keySet().stream()
                    .sorted(Comparator.comparing(representative::get, IDENTIFIER_ORDER))
                    .toList();
            Set<String> taken = new HashSet<>();
            Map<Integer, String> ids = new HashMap<>();
            for (int label : inOrder) {
                Node node = representative.get(label);
                String id = node.entityType + " " + SurrogateKey.of(node.type, node.value);
                if (taken.add(id) || fold) {
                    ids.put(label, id);
                }
            }
            for (int label : inOrder) {
                Node node = representative.get(label);
                for (int number = 2; !ids.containsKey(label); number++) {
                    String id = node.entityType + " " + SurrogateKey.of(node.type, node.value, "#" + number);
                    if (taken.add(id)) {
                        ids.put(label, id);
                    }
                }
            }
            Map<Node, String> idOfNode = new HashMap<>();
            for (int v = 0; v < nodes.size(); v++) {
                boolean resolved = TYPES.contains(nodes.get(v).entityType);
                idOfNode.put(nodes.get(v), resolved ? ids.get(labels[v]) : null);
            }
            return idOfNode;
        }
    }

    private static String id(Entities entities, int entity) {
        byte[] hex = new byte[SurrogateKey.HEX_LENGTH];
        SurrogateKey.writeHex(entities.high(entity), entities.low(entity), hex, 0);
        return TYPES.get(entities.type(entity)) + " " + new String(hex, UTF_8);
    }

    /** Types and values whose joins collide now and then. */
    private static List<Node> randomNodes(SplittableRandom random, int count) {
        String[] entityTypes = {"person", "group", "Zebra", "ticket"};
        String[] pieces = {"a", "b", "#2", "é", "user", ""};
        Set<Node> nodes = new HashSet<>();
        while (nodes.size() < count) {
            List<String> parts = new ArrayList<>();
            for (int n = 2 + random.nextInt(3); n > 0; n--) {
                parts.add(pieces[random.nextInt(pieces.length)]);
            }
            int cut = 1 + random.nextInt(parts.size() - 1);
            nodes.add(new Node(
                    entityTypes[random.nextInt(4)],
                    String.join("-", parts.subList(0, cut)),
                    String.join("-", parts.subList(cut, parts.size()))));
        }
        List<Node> shuffled = new ArrayList<>(nodes);
        shuffled.sort(Comparator.comparing(Node::toString));
        int[] order = Rows.permutation(random, count);
        return Arrays.stream(order).mapToObj(shuffled::get).toList();
    }

    /** A partition that keeps entity types apart; labels are smallest nodes. */
    private static int[] randomLabels(SplittableRandom random, List<Node> nodes) {
        int[] parent = UnionFind.create(nodes.size());
        for (int i = random.nextInt(nodes.size() + 1); i > 0; i--) {
            int a = random.nextInt(nodes.size());
            int b = random.nextInt(nodes.size());
            if (nodes.get(a).entityType.equals(nodes.get(b).entityType)) {
                UnionFind.union(parent, a, b);
            }
        }
        UnionFind.flatten(parent);
        return parent;
    }

    private static void assertFollowsTheRules(World world, Entities entities, Map<Node, String> expected) {
        for (int v = 0; v < world.nodes.size(); v++) {
            int entity = entities.ofNode(v);
            assertEquals(expected.get(world.nodes.get(v)), entity < 0 ? null : id(entities, entity));
        }
        List<String> ids = IntStream.range(0, entities.count())
                .mapToObj(e -> id(entities, e))
                .toList();
        assertEquals(ids.stream().distinct().sorted().toList(), ids);
        Map<String, List<Node>> members = new TreeMap<>();
        world.nodes.stream()
                .sorted(IDENTIFIER_ORDER)
                .filter(n -> expected.get(n) != null)
                .forEach(n -> members.computeIfAbsent(expected.get(n), k -> new ArrayList<>())
                        .add(n));
        for (int e = 0; e < entities.count(); e++) {
            List<Node> found = IntStream.range(entities.membersFrom(e), entities.membersTo(e))
                    .mapToObj(p -> world.nodes.get(entities.member(p)))
                    .toList();
            assertEquals(members.get(ids.get(e)), found);
            int type = entities.type(e);
            assertTrue(entities.firstOfType(type) <= e && e < entities.endOfType(type));
            assertEquals(e, entities.find(type, entities.high(e), entities.low(e)));
            assertEquals(Entities.NONE, entities.find(type, entities.high(e), entities.low(e) + 1));
        }
        assertEquals(members.size(), entities.count());
        assertEquals(entities.firstOfType(2), entities.endOfType(2));
    }

    @Property(tries = 300)
    void componentsAreNamedByTheirSmallestIdentifier(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int count, @ForAll boolean fold) {
        SplittableRandom random = new SplittableRandom(seed);
        World world = new World(randomNodes(random, count));
        int[] labels = randomLabels(random, world.nodes);
        assertFollowsTheRules(world, world.name(labels, false, fold), world.idsByTheRules(labels, false, fold));
    }

    @Property(tries = 300)
    void aRepresentativeNamesTheNodesItStandsFor(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int count, @ForAll boolean fold) {
        SplittableRandom random = new SplittableRandom(seed);
        World world = new World(randomNodes(random, count));
        int[] labels = Rows.ascending(count);
        for (int v = 0; v < count; v++) {
            int other = random.nextInt(count);
            boolean sameType = world.nodes.get(v).entityType.equals(world.nodes.get(other).entityType);
            labels[v] = sameType && random.nextInt(3) > 0 ? other : v;
        }
        assertFollowsTheRules(world, world.name(labels, true, fold), world.idsByTheRules(labels, true, fold));
    }

    @Property(tries = 200)
    void theSameEntitiesForAnyNumberingOfTheNodes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 100) int count) {
        SplittableRandom random = new SplittableRandom(seed);
        World world = new World(randomNodes(random, count));
        int[] labels = randomLabels(random, world.nodes);
        int[] order = Rows.permutation(random, count);
        World other = new World(Arrays.stream(order).mapToObj(world.nodes::get).toList());
        int[] firstOfLabel = new int[count];
        Arrays.fill(firstOfLabel, -1);
        int[] otherLabels = new int[count];
        for (int v = 0; v < count; v++) {
            int label = labels[order[v]];
            firstOfLabel[label] = firstOfLabel[label] < 0 ? v : firstOfLabel[label];
            otherLabels[v] = firstOfLabel[label];
        }
        Entities one = world.name(labels, false, false);
        Entities two = other.name(otherLabels, false, false);
        assertEquals(one.idCollisions(), two.idCollisions());
        for (int v = 0; v < count; v++) {
            assertEquals(one.ofNode(order[v]), two.ofNode(v));
        }
    }

    @Test
    void theIdIsTheKeyOfTypeAndValueAndTypeComesBeforeValue() {
        World world = new World(List.of(new Node("person", "email", "a1"), new Node("person", "dev", "b3")));
        Entities entities = world.name(new int[] {0, 0}, false, false);
        assertEquals(1, entities.count());
        assertEquals("person " + SurrogateKey.of("dev", "b3"), id(entities, 0));
        assertEquals(0, entities.idCollisions());
    }

    @Test
    void twoComponentsThatMintOneIdStayTwoPeopleUnlessFolded() {
        World world = new World(List.of(
                new Node("person", "user-id", "5"),
                new Node("person", "user", "id-5"),
                new Node("person", "user", "id-5-#2"),
                new Node("group", "user-id", "5")));
        Entities apart = world.name(Rows.ascending(4), false, false);
        assertEquals(4, apart.count());
        assertEquals(1, apart.idCollisions());
        assertEquals("person " + SurrogateKey.of("user", "id-5"), id(apart, apart.ofNode(1)));
        assertEquals("person " + SurrogateKey.of("user", "id-5-#2"), id(apart, apart.ofNode(2)));
        assertEquals("person " + SurrogateKey.of("user-id", "5", "#3"), id(apart, apart.ofNode(0)));
        assertEquals("group " + SurrogateKey.of("user-id", "5"), id(apart, apart.ofNode(3)));

        Entities folded = world.name(Rows.ascending(4), false, true);
        assertEquals(3, folded.count());
        assertEquals(1, folded.idCollisions());
        assertEquals(folded.ofNode(0), folded.ofNode(1));
        int entity = folded.ofNode(0);
        assertEquals(1, folded.member(folded.membersFrom(entity)));
        assertEquals(0, folded.member(folded.membersFrom(entity) + 1));
    }

    @Test
    void noNodesGiveNoEntities() {
        World world = new World(List.of());
        Entities entities = world.name(new int[0], false, false);
        assertEquals(0, entities.count());
        assertEquals(Entities.NONE, entities.find(0, 1, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> entities.type(0));
    }

    @Test
    void idsAreTheSameWhereverTheyAreDigested() {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            nodes.add(new Node("person", "user_id", Integer.toString(i * 7919)));
        }
        World world = new World(nodes);
        int[] labels = new int[nodes.size()];
        Arrays.setAll(labels, v -> v / 2 * 2);
        Entities inTurn = world.name(labels, false, false);
        Entities sideBySide = world.name(labels, false, false, (tasks, task) -> IntStream.range(0, tasks)
                .parallel()
                .forEach(task));
        assertEquals(20_000, inTurn.count());
        for (int e = 0; e < inTurn.count(); e++) {
            assertEquals(inTurn.high(e), sideBySide.high(e));
            assertEquals(inTurn.low(e), sideBySide.low(e));
        }
        for (int v = 0; v < labels.length; v++) {
            assertEquals(inTurn.ofNode(v), sideBySide.ofNode(v));
        }
    }
}
