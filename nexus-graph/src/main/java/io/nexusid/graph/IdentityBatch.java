package io.nexusid.graph;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The identifier rows of one batch, as codes. Borrows its arrays, which may be longer than what counts of them.
 *
 * <p>Edges are numbered within the batch, 0 to {@code edges - 1}, and an edge links identifiers of one entity type only:
 * whoever numbers them keys them by (entity type, edge id). For rows that come later than others of their edge the batch
 * says which known identifier the edge had.
 */
public final class IdentityBatch {
    private final int rows;
    private final int[] node;
    private final int[] edge;
    private final int edges;
    private final long @Nullable [] ingestedAt;
    private final int @Nullable [] knownMember;

    private IdentityBatch(
            int rows, int[] node, int[] edge, int edges, long @Nullable [] ingestedAt, int @Nullable [] knownMember) {
        Objects.checkFromIndexSize(0, rows, node.length);
        Objects.checkFromIndexSize(0, rows, edge.length);
        this.rows = rows;
        this.node = node;
        this.edge = edge;
        this.edges = edges;
        this.ingestedAt = ingestedAt;
        this.knownMember = knownMember;
    }

    /**
     * A batch.
     *
     * @param node by row, a code of the graph's dictionary of nodes; negative: the row says nothing
     * @param edge by row, below {@code edges}; negative: the row links nothing
     */
    public static IdentityBatch of(int rows, int[] node, int[] edge, int edges) {
        return new IdentityBatch(rows, node, edge, edges, null, null);
    }

    /** The same with the instant at which each row was loaded; {@link Long#MIN_VALUE} is null. */
    public IdentityBatch withIngestedAt(long[] instants) {
        Objects.checkFromIndexSize(0, rows, instants.length);
        return new IdentityBatch(rows, node, edge, edges, instants, knownMember);
    }

    /** The same with an identifier that earlier batches had under each edge, or -1. */
    public IdentityBatch withKnownMembers(int[] memberOfEdge) {
        Objects.checkFromIndexSize(0, edges, memberOfEdge.length);
        return new IdentityBatch(rows, node, edge, edges, ingestedAt, memberOfEdge);
    }

    int rows() {
        return rows;
    }

    int node(int row) {
        return node[row];
    }

    int edge(int row) {
        return edge[row];
    }

    int[] nodeOfRow() {
        return node;
    }

    int[] edgeOfRow() {
        return edge;
    }

    int edges() {
        return edges;
    }

    long ingestedAt(int row) {
        return ingestedAt == null ? Instants.NULL : ingestedAt[row];
    }

    boolean hasKnownMembers() {
        return knownMember != null;
    }

    int knownMember(int ofEdge) {
        return knownMember == null ? -1 : knownMember[ofEdge];
    }
}
