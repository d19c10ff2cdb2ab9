package io.nexusid.arrow;

import io.nexusid.graph.KeyDictionary;
import java.util.Arrays;

/** For each node the event of its first edge row: least edge id, then least event id, nulls last. */
final class FirstEvents {
    private static final int NONE = -1;

    private FirstEvents() {}

    /** The events' codes; needs the rows' edges and events. Two random reads a row, 12 bytes a node while it works. */
    static int[] of(IdentifierRows rows) {
        int[] first = new int[rows.nodes().size()];
        long[] firstPrefix = new long[first.length];
        Arrays.fill(first, NONE);
        EdgePrefixes prefixes = new EdgePrefixes(rows.edges());
        for (int row = 0; row < rows.rows(); row++) {
            int node = rows.nodeOfRow()[row];
            if (node < 0) {
                continue;
            }
            long prefix = prefixes.of(rows.edgeOfRow()[row]);
            int order = first[node] < 0 ? -1 : Long.compareUnsigned(prefix, firstPrefix[node]);
            if (order < 0 || (order == 0 && precedes(rows, row, first[node]))) {
                first[node] = row;
                firstPrefix[node] = prefix;
            }
        }
        for (int node = 0; node < first.length; node++) {
            first[node] = rows.event().code(first[node]);
        }
        return first;
    }

    /**
     * Eight bytes of each edge id behind what all of them begin with, as an unsigned number that orders as the ids do
     * unless it is equal. Rows of an edge are mostly adjacent, so the last one is remembered; no edge is greatest.
     */
    private static final class EdgePrefixes {
        private final KeyDictionary edges;
        private final int skip;
        private int lastEdge = NONE;
        private long lastPrefix = -1;

        EdgePrefixes(KeyDictionary edges) {
            this.edges = edges;
            int common = edges.size() == 0 ? 0 : edges.length(0);
            for (int edge = 1; edge < edges.size() && common > 0; edge++) {
                common = edges.commonPrefix(0, edge, common);
            }
            this.skip = common;
        }

        long of(int edge) {
            if (edge != lastEdge) {
                lastEdge = edge;
                lastPrefix = edge < 0 ? -1 : edges.word(edge, skip);
            }
            return lastPrefix;
        }
    }

    private static boolean precedes(IdentifierRows rows, int a, int b) {
        int order = compareNullsLast(rows.edges(), rows.edgeOfRow()[a], rows.edgeOfRow()[b]);
        if (order == 0) {
            order = compareNullsLast(
                    rows.eventIds(), rows.event().code(a), rows.event().code(b));
        }
        return order < 0;
    }

    private static int compareNullsLast(KeyDictionary texts, int a, int b) {
        if (a == b) {
            return 0;
        }
        return a < 0 || b < 0 ? Boolean.compare(a < 0, b < 0) : texts.compare(a, b);
    }
}
