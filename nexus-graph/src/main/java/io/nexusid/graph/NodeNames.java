package io.nexusid.graph;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.nexusid.api.SurrogateKey;

/**
 * How identifiers compare and what ids they mint: order by (entity type, identifier type, value), each by its bytes, and
 * the key of (identifier type, value). One instance serves one thread.
 */
final class NodeNames {
    private static final int SHORT = 24;

    private final KeyDictionary kinds;
    private final KeyDictionary nodes;
    private final int[] rankOfType;
    private int[] rankOfKind = new int[0];

    private final SurrogateKey key = new SurrogateKey();

    /**
     * Names of the keys of {@code nodes}.
     *
     * @param kinds by kind of a node: (entity type, identifier type's name)
     * @param rankOfType the rank of the name of each entity type that is resolved
     */
    NodeNames(KeyDictionary kinds, KeyDictionary nodes, int[] rankOfType) {
        this.kinds = kinds;
        this.nodes = nodes;
        this.rankOfType = rankOfType;
    }

    /** Takes notice of kinds that have been added. */
    void refresh() {
        if (rankOfKind.length == kinds.size()) {
            return;
        }
        int types = rankOfType.length;
        for (int kind = 0; kind < kinds.size(); kind++) {
            types = Math.max(types, kinds.kind(kind) + 1);
        }
        int[] rank = new int[types];
        for (int type = 0; type < types; type++) {
            rank[type] = type < rankOfType.length ? rankOfType[type] : type;
        }
        rankOfKind = NodeOrder.of(kinds, rank).ranks();
    }

    /** All nodes in this order. */
    NodeOrder order() {
        return NodeOrder.of(nodes, rankOfKind);
    }

    int compare(int a, int b) {
        int order = Integer.compare(rankOfKind[nodes.kind(a)], rankOfKind[nodes.kind(b)]);
        return order != 0 ? order : nodes.compare(a, b);
    }

    /** Sorts nodes, all different. */
    void sort(int[] some) {
        if (some.length > SHORT) {
            NodeOrder.sort(nodes, rankOfKind, some);
            return;
        }
        for (int i = 1; i < some.length; i++) {
            int node = some[i];
            int j = i - 1;
            while (j >= 0 && compare(some[j], node) > 0) {
                some[j + 1] = some[j];
                j--;
            }
            some[j + 1] = node;
        }
    }

    /** The key of an identifier; read it before the next is minted. */
    SurrogateKey mint(int node) {
        return start(node).finish();
    }

    /** The key of an identifier whose plain key is taken. */
    SurrogateKey mint(int node, int number) {
        return start(node).add(("#" + number).getBytes(US_ASCII)).finish();
    }

    private SurrogateKey start(int node) {
        key.start();
        append(kinds, nodes.kind(node));
        append(nodes, node);
        return key;
    }

    private void append(KeyDictionary keys, int code) {
        int at = key.reserve(keys.length(code));
        keys.copyTo(code, key.buffer(), at);
    }
}
