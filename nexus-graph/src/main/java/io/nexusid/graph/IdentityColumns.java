package io.nexusid.graph;

/**
 * All that an {@link IdentityGraph} knows, as plain columns: what a store writes down and opens again. The dictionaries,
 * in the order of their codes, go beside it.
 *
 * <p>A store need not write all of it for each epoch: {@link ChangeSet} names the nodes whose entity changed, entities
 * are only added, and their rows never change. Owns its arrays; nobody may change them.
 */
public final class IdentityColumns {
    private final int epoch;
    private final int[] entityOfNode;
    private final long[] high;
    private final long[] low;
    private final int[] anchor;
    private final int[] birthEpoch;
    private final int[] contested;

    /**
     * Takes the arrays over.
     *
     * @param epoch the last epoch that is in this
     * @param entityOfNode by node: its entity, or -1
     * @param high by entity, dead ones included: the first eight bytes of its id's key
     * @param low by entity: the last eight bytes
     * @param anchor by entity: the node its id was minted from, or by a rebuild another one of the entity it leads to
     * @param birthEpoch by entity: the epoch that minted its id
     * @param contested the live entities whose content id another one mints too, ascending
     * @throws IllegalArgumentException if the columns of the entities differ in length
     */
    public IdentityColumns(
            int epoch, int[] entityOfNode, long[] high, long[] low, int[] anchor, int[] birthEpoch, int[] contested) {
        if (low.length != high.length || anchor.length != high.length || birthEpoch.length != high.length) {
            throw new IllegalArgumentException("columns of " + high.length + ", " + low.length + ", " + anchor.length
                    + " and " + birthEpoch.length + " entities");
        }
        this.epoch = epoch;
        this.entityOfNode = entityOfNode;
        this.high = high;
        this.low = low;
        this.anchor = anchor;
        this.birthEpoch = birthEpoch;
        this.contested = contested;
    }

    /** The columns of a snapshot: copies. */
    public static IdentityColumns of(IdentitySnapshot snapshot) {
        int entities = snapshot.entityNumbers();
        int[] entityOfNode = new int[snapshot.nodes()];
        for (int node = 0; node < entityOfNode.length; node++) {
            entityOfNode[node] = snapshot.entityOf(node);
        }
        long[] high = new long[entities];
        long[] low = new long[entities];
        int[] anchor = new int[entities];
        int[] birthEpoch = new int[entities];
        for (int entity = 0; entity < entities; entity++) {
            high[entity] = snapshot.high(entity);
            low[entity] = snapshot.low(entity);
            anchor[entity] = snapshot.anchor(entity);
            birthEpoch[entity] = snapshot.birthEpoch(entity);
        }
        return new IdentityColumns(
                snapshot.epoch(),
                entityOfNode,
                high,
                low,
                anchor,
                birthEpoch,
                snapshot.contested().clone());
    }

    /** The last epoch that is in this. */
    public int epoch() {
        return epoch;
    }

    /** By node: its entity, or -1: the array itself. */
    public int[] entityOfNode() {
        return entityOfNode;
    }

    /** By entity: the first eight bytes of its id's key: the array itself. */
    public long[] high() {
        return high;
    }

    /** By entity: the last eight bytes of its id's key: the array itself. */
    public long[] low() {
        return low;
    }

    /** By entity: the node its id was minted from: the array itself. */
    public int[] anchor() {
        return anchor;
    }

    /** By entity: the epoch that minted its id: the array itself. */
    public int[] birthEpoch() {
        return birthEpoch;
    }

    /** The live entities whose content id another one mints too: the array itself. */
    public int[] contested() {
        return contested;
    }

    /**
     * Fills an empty state.
     *
     * @throws IllegalArgumentException if the columns contradict each other or the dictionaries
     */
    void writeTo(GraphState state) {
        addEntities(state);
        state.entityOf.grow(entityOfNode.length);
        state.next.grow(entityOfNode.length);
        for (int entity = 0; entity < anchor.length; entity++) {
            if (entityOfNode[anchor[entity]] == entity) {
                state.join(anchor[entity], entity);
                state.entities.resize(entity, 1);
            }
        }
        for (int node = 0; node < entityOfNode.length; node++) {
            int entity = entityOfNode[node];
            if (entity == GraphState.NONE) {
                continue;
            }
            require(entity >= 0 && entity < anchor.length, "no such entity:", entity);
            require(entityOfNode[anchor[entity]] == entity, "without its anchor lives entity", entity);
            require(state.typeOfNode(node) == state.typeOf(entity), "of another type than its entity is node", node);
            if (node != anchor[entity]) {
                state.join(node, entity);
                state.entities.resize(entity, state.entities.size(entity) + 1);
            }
        }
        for (int entity : contested) {
            require(entity >= 0 && entity < anchor.length, "no such entity:", entity);
            require(state.entities.isLive(entity), "contested but dead is entity", entity);
        }
        state.epoch = epoch;
        state.contested = contested.clone();
    }

    private void addEntities(GraphState state) {
        require(entityOfNode.length <= state.nodes.size(), "fewer nodes in the dictionary than", entityOfNode.length);
        for (int entity = 0; entity < anchor.length; entity++) {
            int node = anchor[entity];
            require(node >= 0 && node < entityOfNode.length, "no such anchor:", node);
            state.entities.add(state.typeOfNode(node), high[entity], low[entity], node, birthEpoch[entity]);
        }
    }

    private static void require(boolean holds, String what, int number) {
        if (!holds) {
            throw new IllegalArgumentException("columns of identities contradict each other: " + what + " " + number);
        }
    }
}
