package io.nexusid.arrow;

import io.nexusid.graph.KeyDictionary;
import java.util.Arrays;
import java.util.function.IntPredicate;

/** For each node the event of its first edge row: least edge id, then least event id, nulls last. */
final class FirstEvents {
    private static final int NONE = -1;

    private FirstEvents() {}

    /** The code of each node's least edge, -1 for one that has none. 12 bytes a node while it works. */
    static int[] edges(IdentifierRows rows) {
        return edges(rows, row -> true);
    }

    /** The same of the rows that count. */
    static int[] edges(IdentifierRows rows, IntPredicate counts) {
        int[] least = new int[rows.nodes().size()];
        long[] leastPrefix = new long[least.length];
        Arrays.fill(least, NONE);
        Arrays.fill(leastPrefix, -1);
        KeyDictionary edges = rows.edges();
        EdgePrefixes prefixes = new EdgePrefixes(edges);
        for (int row = 0; row < rows.rows(); row++) {
            int node = rows.nodeOfRow()[row];
            int edge = rows.edgeOfRow()[row];
            if (node < 0 || edge < 0 || !counts.test(row)) {
                continue;
            }
            long prefix = prefixes.of(edge);
            int order = Long.compareUnsigned(prefix, leastPrefix[node]);
            if (order < 0 || (order == 0 && compareNullsLast(edges, edge, least[node]) < 0)) {
                least[node] = edge;
                leastPrefix[node] = prefix;
            }
        }
        return least;
    }

    /** The code of each node's first event, -1 for null, from its least edge. */
    static int[] of(IdentifierRows rows, IdentifierEvents seen, int[] leastEdges) {
        return of(rows, seen, leastEdges, row -> true);
    }

    /** The same of the rows that count. */
    static int[] of(IdentifierRows rows, IdentifierEvents seen, int[] leastEdges, IntPredicate counts) {
        int[] first = new int[leastEdges.length];
        Arrays.fill(first, NONE);
        KeyDictionary events = seen.eventIds();
        for (int row = 0; row < rows.rows(); row++) {
            int node = rows.nodeOfRow()[row];
            if (node >= 0 && rows.edgeOfRow()[row] == leastEdges[node] && counts.test(row)) {
                int event = seen.event().code(row);
                if (event != first[node] && compareNullsLast(events, event, first[node]) < 0) {
                    first[node] = event;
                }
            }
        }
        return first;
    }

    /**
     * Eight bytes of each edge id behind what all of them begin with, as an unsigned number that orders as the ids do
     * unless it is equal. Rows of an edge are mostly adjacent, so the last one is remembered.
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
                lastPrefix = edges.word(edge, skip);
            }
            return lastPrefix;
        }
    }

    private static int compareNullsLast(KeyDictionary texts, int a, int b) {
        if (a == b) {
            return 0;
        }
        return a < 0 || b < 0 ? Boolean.compare(a < 0, b < 0) : texts.compare(a, b);
    }
}
