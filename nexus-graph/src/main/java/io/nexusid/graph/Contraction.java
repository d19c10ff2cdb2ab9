package io.nexusid.graph;

import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;

/**
 * A batch seen from above: each entity it names is one vertex, each identifier it names for the first time another. What
 * the entities were made of does not matter any more, so a batch costs what is in it and not what was before.
 *
 * <p>While it is at work, a new node's entry in {@link GraphState#entityOf} holds {@code -2 - vertex}.
 */
final class Contraction {
    private static final int NONE = GraphState.NONE;

    private final GraphState state;
    /** By vertex: the entity it is, or none for a new node; and its entity type. */
    private final IntArrayList subjects = new IntArrayList();

    private final IntArrayList types = new IntArrayList();
    private final Int2IntOpenHashMap vertexOfEntity = new Int2IntOpenHashMap();
    private final IntArrayList newNodes = new IntArrayList();
    private final Int2IntOpenHashMap seenAgain = new Int2IntOpenHashMap();
    private final long[] watermarks;
    private final ConnectedComponents components;

    /** Names the vertices of a batch and finds what it links. */
    Contraction(GraphState state, IdentityBatch batch) {
        this.state = state;
        this.watermarks = new long[state.rules.entityTypes().size()];
        Arrays.fill(watermarks, Instants.NULL);
        vertexOfEntity.defaultReturnValue(NONE);
        int late = batch.hasKnownMembers() ? batch.edges() : 0;
        int[] vertex = new int[batch.rows() + late];
        for (int row = 0; row < batch.rows(); row++) {
            vertex[row] = vertexOf(batch.node(row), batch.ingestedAt(row));
        }
        int[] edge = late == 0 ? batch.edgeOfRow() : withLateLinks(batch, vertex);
        EdgeGroups groups = EdgeGroups.of(edge, vertex, vertex.length, batch.edges());
        components = ConnectedComponents.compute(subjects.size(), groups);
    }

    private int vertexOf(int node, long ingestedAt) {
        int vertex = node < 0 ? NONE : vertexOf(node);
        if (vertex != NONE) {
            int type = types.getInt(vertex);
            watermarks[type] = Math.max(watermarks[type], ingestedAt);
        }
        return vertex;
    }

    private int vertexOf(int node) {
        int entity = state.entityOf.get(node);
        if (entity < NONE) {
            return -2 - entity;
        }
        if (entity == NONE) {
            // Asked only now: looking into the dictionary for every row would cost more than all else.
            if (!state.isResolved(node)) {
                return NONE;
            }
            int vertex = add(NONE, node);
            newNodes.add(node);
            state.entityOf.set(node, -2 - vertex);
            return vertex;
        }
        seenAgain.put(node, entity);
        return vertexOfEntity(entity, node);
    }

    private int vertexOfEntity(int entity, int member) {
        int vertex = vertexOfEntity.get(entity);
        if (vertex == NONE) {
            vertex = add(entity, member);
            vertexOfEntity.put(entity, vertex);
        }
        return vertex;
    }

    private int add(int entity, int member) {
        subjects.add(entity);
        types.add(state.typeOfNode(member));
        return subjects.size() - 1;
    }

    /** One more row for each edge whose known member is not new: the way in for members that come late. */
    private int[] withLateLinks(IdentityBatch batch, int[] vertex) {
        int rows = batch.rows();
        int[] edge = Arrays.copyOf(batch.edgeOfRow(), vertex.length);
        for (int e = 0; e < batch.edges(); e++) {
            int member = batch.knownMember(e);
            edge[rows + e] = e;
            vertex[rows + e] = member < 0 ? NONE : vertexOfEntity(state.entityOf.get(member), member);
        }
        return edge;
    }

    static IllegalArgumentException mixedTypes() {
        return new IllegalArgumentException("an edge links identifiers of two entity types: key edges by type");
    }

    int vertices() {
        return subjects.size();
    }

    /** The smallest vertex of this vertex's component. */
    int component(int vertex) {
        return components.label(vertex);
    }

    /** The entity type of a vertex. */
    int type(int vertex) {
        return types.getInt(vertex);
    }

    /** Whether the batch names an entity. */
    boolean hasVertex(int entity) {
        return vertexOfEntity.containsKey(entity);
    }

    /** The component of an entity that is a vertex. */
    int componentOf(int entity) {
        return component(vertexOfEntity.get(entity));
    }

    /** The entity that a vertex is, or -1 if it is a new node. */
    int entity(int vertex) {
        return subjects.getInt(vertex);
    }

    /** The component of a new node that has no entity yet. */
    int componentOfNew(int node) {
        return component(-2 - state.entityOf.get(node));
    }

    /** The new nodes: a copy. */
    int[] newNodes() {
        return newNodes.toIntArray();
    }

    /** The nodes named in the batch that had an entity before, and which. */
    Int2IntOpenHashMap seenAgain() {
        return seenAgain;
    }

    /** By type: the latest instant at which a row of the batch was loaded. */
    long[] watermarks() {
        return watermarks;
    }
}
