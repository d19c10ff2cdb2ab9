package io.nexusid.graph;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.IdPolicy;
import io.nexusid.api.SurrogateKey;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Applies a batch to an empty graph: a full resolution, by the kernels that a one-shot run uses ({@link EdgeGroups},
 * {@link ConnectedComponents}, {@link NodeOrder}, {@link EntityNamer}). There is nothing to contract and nobody to merge
 * with, so both policies mint the same ids, and the nodes are the vertices.
 *
 * <p>Beside what the kernels cost, one sweep over the nodes fills the pages of the graph; 8 bytes an identifier for the
 * time being.
 */
final class FirstBatch {
    private static final int NONE = GraphState.NONE;

    private final GraphState state;
    private final IdentityBatch batch;
    private final int epoch;
    /** By node: its type if a row names it and it is resolved. */
    private final int[] typeOfNode;

    FirstBatch(GraphState state, IdentityBatch batch, int epoch) {
        this.state = state;
        this.batch = batch;
        this.epoch = epoch;
        this.typeOfNode = typesOfNamedNodes();
    }

    ChangeSet apply() {
        int types = state.rules.entityTypes().size();
        int known = typeOfNode.length;
        long pagesBefore = state.pagesCopied();
        state.entityOf.grow(known);
        state.next.grow(known);
        ChangeSet.Rows rows = new ChangeSet.Rows(types);
        if (Arrays.stream(typeOfNode).anyMatch(type -> type != NONE)) {
            state.names.refresh();
            NodeOrder order = state.names.order();
            Entities entities = name(order);
            fill(entities);
            for (int node : order.sorted()) {
                if (typeOfNode[node] != NONE) {
                    rows.add(typeOfNode[node], node, entities.ofNode(node), NONE, ChangeReason.FULL_RESOLUTION);
                }
            }
            state.contested = contested(entities);
            state.epoch = epoch;
        }
        int[] born = new int[state.entities.count()];
        Arrays.setAll(born, entity -> entity);
        long pages = state.pagesCopied() - pagesBefore;
        long work = batch.rows() + rows.size() + pages * IntPages.PAGE;
        return new ChangeSet(state.share(), 0, rows, born, new int[0], new int[0], watermarks(), work);
    }

    private int[] typesOfNamedNodes() {
        boolean[] named = new boolean[state.nodes.size()];
        for (int row = 0; row < batch.rows(); row++) {
            if (batch.node(row) >= 0) {
                named[batch.node(row)] = true;
            }
        }
        int[] types = new int[named.length];
        for (int node = 0; node < named.length; node++) {
            types[node] = named[node] && state.isResolved(node) ? state.typeOfNode(node) : NONE;
        }
        return types;
    }

    private Entities name(NodeOrder order) {
        int[] labels = ConnectedComponents.compute(typeOfNode.length, groups()).labels();
        for (int node = 0; node < labels.length; node++) {
            if (typeOfNode[node] == NONE) {
                labels[node] = NONE;
            } else if (typeOfNode[node] != typeOfNode[labels[node]]) {
                throw Contraction.mixedTypes();
            }
        }
        int[] typeOfKind = new int[state.kinds.size()];
        List<byte[]> names = new ArrayList<>();
        for (int kind = 0; kind < typeOfKind.length; kind++) {
            int type = state.kinds.kind(kind);
            typeOfKind[kind] = type < state.rules.entityTypes().size() ? type : NONE;
            names.add(state.kinds.bytes(kind));
        }
        return EntityNamer.name(
                state.nodes, order, typeOfKind, state.rules.entityTypes(), names, labels, false, false, Tasks.IN_TURN);
    }

    /** Rows of types that are not resolved link nothing. */
    private EdgeGroups groups() {
        int[] edge = batch.edgeOfRow();
        int[] node = batch.nodeOfRow();
        return state.resolvesAllKinds()
                ? EdgeGroups.of(edge, node, batch.rows(), batch.edges())
                : EdgeGroups.of(edge, node, batch.rows(), batch.edges(), v -> typeOfNode[v] != NONE);
    }

    /** Adds the entities, each with its ring in the order of names. */
    private void fill(Entities entities) {
        for (int entity = 0; entity < entities.count(); entity++) {
            int from = entities.membersFrom(entity);
            int to = entities.membersTo(entity);
            int anchor = entities.member(from);
            state.entities.add(typeOfNode[anchor], entities.high(entity), entities.low(entity), anchor, epoch);
            state.entities.resize(entity, to - from);
            for (int i = from; i < to; i++) {
                int node = entities.member(i);
                state.entityOf.set(node, entity);
                state.next.set(node, entities.member(i + 1 < to ? i + 1 : from));
            }
        }
    }

    /** The entities of which two or more mint one id; only content ids ask, and there are hardly ever any. */
    private int[] contested(Entities entities) {
        if (entities.idCollisions() == 0 || state.rules.idPolicy() != IdPolicy.CONTENT) {
            return new int[0];
        }
        Map<TypedId, IntArrayList> claims = new HashMap<>();
        for (int entity = 0; entity < entities.count(); entity++) {
            int anchor = state.entities.anchor(entity);
            SurrogateKey key = state.names.mint(anchor);
            claims.computeIfAbsent(new TypedId(typeOfNode[anchor], key.high(), key.low()), id -> new IntArrayList())
                    .add(entity);
        }
        return claims.values().stream()
                .filter(claimants -> claimants.size() > 1)
                .flatMapToInt(IntArrayList::intStream)
                .sorted()
                .toArray();
    }

    private long[] watermarks() {
        long[] latest = new long[state.rules.entityTypes().size()];
        Arrays.fill(latest, Instants.NULL);
        for (int row = 0; row < batch.rows(); row++) {
            int type = batch.node(row) < 0 ? NONE : typeOfNode[batch.node(row)];
            if (type != NONE) {
                latest[type] = Math.max(latest[type], batch.ingestedAt(row));
            }
        }
        return latest;
    }
}
