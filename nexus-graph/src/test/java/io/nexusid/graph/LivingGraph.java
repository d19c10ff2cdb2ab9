package io.nexusid.graph;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.IdPolicy;
import io.nexusid.api.SurrogateKey;
import io.nexusid.api.Survivor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An {@link IdentityGraph} as a test speaks to it, in text; checked by {@link GraphInvariants} after every batch. */
final class LivingGraph {
    /** An identifier; "ticket" is an entity type that is not resolved. */
    record Name(String entityType, String type, String value) {}

    /** A row of an identifiers table. */
    record Row(Name name, @Nullable String edge, String event, long ingestedAt) {
        static Row of(String entityType, String type, String value, @Nullable String edge, long ingestedAt) {
            String event = edge == null ? "alone" : edge;
            return new Row(new Name(entityType, type, value), edge, event, ingestedAt);
        }

        static Row person(String type, String value, @Nullable String edge, long ingestedAt) {
            return of("person", type, value, edge, ingestedAt);
        }
    }

    /** Out of byte order. */
    static final List<String> TYPES = List.of("person", "group", "Zebra");

    final GraphRules rules;
    final KeyDictionary kinds = new KeyDictionary(0);
    final KeyDictionary nodes = new KeyDictionary(0);
    final List<Name> names = new ArrayList<>();
    final List<Row> seen = new ArrayList<>();
    /** As {@link #id} writes them. */
    final Set<String> pins = new HashSet<>();

    private final Map<String, Integer> memberOfEdge = new HashMap<>();
    private final GraphInvariants invariants;
    IdentityGraph graph;

    LivingGraph(GraphRules rules) {
        this.rules = rules;
        this.graph = new IdentityGraph(rules, kinds, nodes);
        this.invariants = new GraphInvariants(this);
    }

    static LivingGraph of(IdPolicy policy) {
        return new LivingGraph(GraphRules.of(policy, TYPES));
    }

    /** Applies the rows, after they have been shown to change nothing when rolled back, and checks the invariants. */
    ChangeSet apply(List<Row> rows) {
        IdentityBatch batch = encode(rows);
        IdentitySnapshot before = graph.snapshot();
        graph.prepare(batch);
        graph.rollback();
        ChangeSet changes = graph.prepare(batch);
        invariants.assertUnpublished(before);
        graph.publish();
        seen.addAll(rows);
        remember(rows);
        invariants.check(before, changes, rows);
        return changes;
    }

    ChangeSet apply(Row... rows) {
        return apply(Arrays.asList(rows));
    }

    /** Applies without checks: for long runs. */
    ChangeSet applyUnchecked(List<Row> rows) {
        ChangeSet changes = graph.apply(encode(rows));
        seen.addAll(rows);
        remember(rows);
        return changes;
    }

    IdentityBatch encode(List<Row> rows) {
        int[] node = new int[rows.size()];
        int[] edge = new int[rows.size()];
        long[] ingestedAt = new long[rows.size()];
        Map<String, Integer> edges = new LinkedHashMap<>();
        for (int i = 0; i < node.length; i++) {
            Row row = rows.get(i);
            node[i] = node(row.name);
            edge[i] = row.edge == null ? -1 : edges.computeIfAbsent(edgeKey(row), key -> edges.size());
            ingestedAt[i] = row.ingestedAt;
        }
        int[] known = edges.keySet().stream()
                .mapToInt(key -> memberOfEdge.getOrDefault(key, -1))
                .toArray();
        return IdentityBatch.of(node.length, node, edge, edges.size())
                .withIngestedAt(ingestedAt)
                .withKnownMembers(known);
    }

    private static String edgeKey(Row row) {
        return row.name.entityType + "|" + row.edge;
    }

    private void remember(List<Row> rows) {
        for (Row row : rows) {
            if (row.edge != null && TYPES.contains(row.name.entityType)) {
                memberOfEdge.putIfAbsent(edgeKey(row), node(row.name));
            }
        }
    }

    int node(Name name) {
        byte[] type = name.type.getBytes(UTF_8);
        byte[] value = name.value.getBytes(UTF_8);
        int entityType = TYPES.contains(name.entityType) ? TYPES.indexOf(name.entityType) : TYPES.size();
        int kind = kinds.add(entityType, type, 0, type.length);
        int node = nodes.add(kind, value, 0, value.length);
        if (node == names.size()) {
            names.add(name);
        }
        return node;
    }

    /** Pins an id as {@link #id} writes it. */
    void pin(String id) {
        pins.add(id);
        int space = id.indexOf(' ');
        String key = id.substring(space + 1);
        graph.pin(
                TYPES.indexOf(id.substring(0, space)),
                Long.parseUnsignedLong(key.substring(0, 16), 16),
                Long.parseUnsignedLong(key.substring(16), 16));
    }

    /** Closes the graph and opens it again without the pins it had. */
    void reopen() {
        graph = IdentityGraph.of(rules, kinds, nodes, IdentityColumns.of(now()));
        pins.clear();
    }

    boolean asksForPins() {
        return rules.survivor() == Survivor.PINNED && rules.idPolicy() == IdPolicy.STABLE;
    }

    IdentitySnapshot now() {
        return graph.snapshot();
    }

    int entityOf(String entityType, String type, String value) {
        return now().entityOf(TYPES.indexOf(entityType), type.getBytes(UTF_8), value.getBytes(UTF_8));
    }

    /** The id of the entity that has a person's identifier. */
    String personOf(String type, String value) {
        return id(now(), entityOf("person", type, value));
    }

    /** Entity type and hexadecimal key. */
    static String id(IdentitySnapshot snapshot, int entity) {
        byte[] hex = new byte[SurrogateKey.HEX_LENGTH];
        SurrogateKey.writeHex(snapshot.high(entity), snapshot.low(entity), hex, 0);
        return TYPES.get(snapshot.type(entity)) + " " + new String(hex, UTF_8);
    }
}
