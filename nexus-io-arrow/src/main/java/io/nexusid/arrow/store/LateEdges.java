package io.nexusid.arrow.store;

import java.io.IOException;
import java.util.Arrays;

/**
 * One node for each edge group a store has ever seen, so that a row that comes epochs later joins it: a sorted index on disk
 * from the fingerprint of (entity type, edge) to the node, with about 10 bits an edge in memory. Immutable, as one snapshot
 * has it; the snapshot must stay open.
 */
public final class LateEdges {
    /** The node of an edge that was never seen. */
    public static final int ABSENT = KeyRuns.ABSENT;

    private final KeyRuns runs;

    private LateEdges(KeyRuns runs) {
        this.runs = runs;
    }

    /** Opens the edges kept under this table's name; reads about 10 bits for each. */
    public static LateEdges open(Snapshot snapshot, String table) throws IOException {
        return new LateEdges(KeyRuns.open(snapshot, table, true));
    }

    /** No edges yet, to be kept under this table's name. */
    public static LateEdges none(String table) {
        return new LateEdges(KeyRuns.none(table, true));
    }

    /** The edges as a later snapshot has them; only new runs are read. */
    public LateEdges at(Snapshot snapshot) throws IOException {
        return new LateEdges(runs.at(snapshot));
    }

    /** The node of each edge of a batch, {@link #ABSENT} where it is new. The edges may repeat. */
    public int[] find(Fingerprints edges) throws IOException {
        if (runs.keys() == 0) {
            // A first batch may have very many, and their order would take as much room again.
            int[] absent = new int[edges.size()];
            Arrays.fill(absent, ABSENT);
            return absent;
        }
        int[] order = edges.order();
        Fingerprints distinct = new Fingerprints(order.length);
        int[] distinctOf = new int[order.length];
        for (int edge : order) {
            int last = distinct.size() - 1;
            if (last < 0 || edges.high(edge) != distinct.high(last) || edges.low(edge) != distinct.low(last)) {
                distinct.add(edges.high(edge), edges.low(edge));
                last++;
            }
            distinctOf[edge] = last;
        }
        int[] found = runs.find(distinct);
        int[] nodes = new int[order.length];
        for (int edge = 0; edge < nodes.length; edge++) {
            nodes[edge] = found[distinctOf[edge]];
        }
        return nodes;
    }

    /**
     * Adds edges to an epoch, and merges runs that are due.
     *
     * @param edges edges that {@link #find} did not find; where they repeat, the smallest node stands
     * @param nodes the node of each, not negative
     */
    public void add(EpochWriter epoch, Fingerprints edges, int[] nodes) throws IOException {
        Fingerprints distinct = new Fingerprints(edges.size());
        int[] distinctNodes = new int[edges.size()];
        for (int edge : edges.order()) {
            if (nodes[edge] < 0) {
                throw new IllegalArgumentException("an edge without a node");
            }
            int last = distinct.size() - 1;
            if (last >= 0 && edges.high(edge) == distinct.high(last) && edges.low(edge) == distinct.low(last)) {
                distinctNodes[last] = Math.min(distinctNodes[last], nodes[edge]);
            } else {
                distinctNodes[last + 1] = nodes[edge];
                distinct.add(edges.high(edge), edges.low(edge));
            }
        }
        runs.add(epoch, distinct, distinctNodes);
    }

    /** Makes all runs one. */
    public void compact(EpochWriter epoch) throws IOException {
        runs.compact(epoch);
    }

    /** How many edges are known. */
    public long edges() {
        return runs.keys();
    }

    /** What is held in memory. */
    public long memoryBytes() {
        return runs.memoryBytes();
    }
}
