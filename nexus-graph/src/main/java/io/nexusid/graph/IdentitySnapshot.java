package io.nexusid.graph;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Who is who at the end of an epoch. Immutable: any number of threads may ask while later batches are applied. Nothing
 * here allocates, except where it says so.
 *
 * <p>Entities are numbered by birth. A number stands for one id; it is dead once a merge has taken the id away
 * ({@link #isLive}) and then leads to the entity that has its identifiers now ({@link #current}).
 */
public final class IdentitySnapshot {
    /** What stands for no entity and no node. */
    public static final int NONE = Entities.NONE;

    private final FrozenKeys kinds;
    private final FrozenKeys nodes;
    private final IntPages entityOf;
    private final IntPages next;
    private final EntityTable entities;
    private final int types;
    private final int epoch;
    private final int[] contested;

    IdentitySnapshot(GraphState state) {
        kinds = state.kinds.freeze();
        nodes = state.nodes.freeze();
        entityOf = state.entityOf.share();
        next = state.next.share();
        entities = state.entities.share();
        types = state.rules.entityTypes().size();
        epoch = state.epoch;
        contested = state.contested;
    }

    /** The number of the last batch that is in this; 0 before the first. */
    public int epoch() {
        return epoch;
    }

    /** How many entities there are. */
    public int liveEntities() {
        return entities.live();
    }

    /** One past the last entity number, dead ones included. */
    public int entityNumbers() {
        return entities.count();
    }

    /** One past the last node that has ever been in a row. */
    public int nodes() {
        return entityOf.size();
    }

    /** The entity of a node, or {@link #NONE} if no row of a resolved type has named it. */
    public int entityOf(int node) {
        return node < 0 || node >= entityOf.size() ? NONE : entityOf.get(node);
    }

    /** The entity of an identifier, or {@link #NONE}; about a microsecond, no allocation. */
    public int entityOf(int entityType, byte[] identifierType, byte[] value) {
        return entityOf(node(entityType, identifierType, value));
    }

    /** The node of an identifier, or {@link #NONE}. */
    public int node(int entityType, byte[] identifierType, byte[] value) {
        int kind = kinds.find(entityType, identifierType, 0, identifierType.length);
        return kind < 0 ? NONE : nodes.find(kind, value, 0, value.length);
    }

    /** Whether an entity number still stands for its id. */
    public boolean isLive(int entity) {
        return entities.isLive(entity);
    }

    /** The live entity that an entity has become; itself as long as it lives; {@link #NONE} if a rebuild left nothing of it. */
    public int current(int entity) {
        return entities.isLive(entity) ? entity : entityOf.get(entities.anchor(entity));
    }

    /** The live entity that an id, ever given out, leads to; {@link #NONE} for an id that never was or was dropped. */
    public int resolve(int entityType, long high, long low) {
        if (entityType < 0 || entityType >= types) {
            return NONE;
        }
        int entity = entities.newest(entityType, high, low);
        return entity == NONE ? NONE : current(entity);
    }

    /** The last entity that was given this id, alive or dead; {@link #NONE} for an id that never was. */
    public int newest(int entityType, long high, long low) {
        return entityType < 0 || entityType >= types ? NONE : entities.newest(entityType, high, low);
    }

    /** The last entity before {@code entity} that was given the same key as id; {@link #NONE} if there is none. */
    public int older(int entity) {
        return entities.older(type(entity), entity);
    }

    /** The first eight bytes of the id's key. */
    public long high(int entity) {
        return entities.high(entity);
    }

    /** The last eight bytes of the id's key. */
    public long low(int entity) {
        return entities.low(entity);
    }

    /** The entity type, as an index into the rules' types; not below their number for a dropped id of a former type. */
    public int type(int entity) {
        return kinds.kind(nodes.kind(entities.anchor(entity)));
    }

    /** The identifier that the id was minted from; after a rebuild the smallest of where it leads. */
    public int anchor(int entity) {
        return entities.anchor(entity);
    }

    /** The epoch in which the id was minted. */
    public int birthEpoch(int entity) {
        return entities.birthEpoch(entity);
    }

    /** How many identifiers an entity has; 0 for a dead one. */
    public int size(int entity) {
        return entities.size(entity);
    }

    /** Gives the identifiers of a live entity, in no particular order, to {@code sink}; of a dead one none. */
    public void identifiersOf(int entity, IntConsumer sink) {
        if (!isLive(entity)) {
            return;
        }
        int first = entities.anchor(entity);
        int node = first;
        do {
            sink.accept(node);
            node = next.get(node);
        } while (node != first);
    }

    /** The identifiers of an entity, ascending by number: a new array. */
    public int[] identifiersOf(int entity) {
        int[] members = new int[size(entity)];
        int[] at = {0};
        identifiersOf(entity, node -> members[at[0]++] = node);
        Arrays.sort(members);
        return members;
    }

    /** The entity type of a node, as an index into the rules' types, or one past them. */
    public int typeOfNode(int node) {
        return kinds.kind(nodes.kind(node));
    }

    /** The name of a node's identifier type: a new array. */
    public byte[] identifierType(int node) {
        return bytes(kinds, nodes.kind(node));
    }

    /** A node's value: a new array. */
    public byte[] value(int node) {
        return bytes(nodes, node);
    }

    private static byte[] bytes(FrozenKeys keys, int code) {
        byte[] bytes = new byte[keys.length(code)];
        keys.copyTo(code, bytes, 0);
        return bytes;
    }

    /** The live entities whose content id another one mints too, ascending: a new array. */
    public int[] contestedEntities() {
        return contested.clone();
    }

    IntPages entityOfNode() {
        return entityOf;
    }

    IntPages ring() {
        return next;
    }

    EntityTable entities() {
        return entities;
    }

    int[] contested() {
        return contested;
    }
}
