package io.nexusid.graph;

import java.util.HashSet;
import java.util.Set;

/**
 * What an {@link IdentityGraph} knows of its identifiers: each one's entity, and a ring through the members of each
 * entity. Written by one thread; {@link IdentitySnapshot} is what others see.
 *
 * <p>8 bytes an identifier and an entity's record ({@link EntityTable}).
 */
final class GraphState {
    static final int NONE = Entities.NONE;

    final GraphRules rules;
    final KeyDictionary kinds;
    final KeyDictionary nodes;
    final NodeNames names;

    /** By node: its entity, or none if it was never seen in a row. While a batch is applied also ~1 - vertex. */
    final IntPages entityOf = new IntPages(NONE);
    /** By node: another member of its entity; all members in turn. */
    final IntPages next = new IntPages(NONE);

    final EntityTable entities;
    /** Ids that survive those that are not here, where {@link GraphRules#survivor} asks. */
    final Set<TypedId> pins = new HashSet<>();

    int epoch;

    /** Under content ids: the live entities of which two or more mint one id, ascending. */
    int[] contested = {};

    GraphState(GraphRules rules, KeyDictionary kinds, KeyDictionary nodes) {
        this.rules = rules;
        this.kinds = kinds;
        this.nodes = nodes;
        this.names = new NodeNames(kinds, nodes, rules.rankOfType());
        this.entities = new EntityTable(rules.entityTypes().size());
    }

    /** The entity type of a node; not below the number of resolved types if it is not resolved. */
    int typeOfNode(int node) {
        return kinds.kind(nodes.kind(node));
    }

    boolean isResolved(int node) {
        return typeOfNode(node) < rules.entityTypes().size();
    }

    /** Whether there is no kind whose identifiers are not resolved. */
    boolean resolvesAllKinds() {
        for (int kind = 0; kind < kinds.size(); kind++) {
            if (kinds.kind(kind) >= rules.entityTypes().size()) {
                return false;
            }
        }
        return true;
    }

    int typeOf(int entity) {
        return typeOfNode(entities.anchor(entity));
    }

    boolean isPinned(int entity) {
        return !pins.isEmpty()
                && pins.contains(new TypedId(typeOf(entity), entities.high(entity), entities.low(entity)));
    }

    /** Adds a node without an entity to one, whose anchor comes first. */
    void join(int node, int entity) {
        int anchor = entities.anchor(entity);
        if (node == anchor) {
            next.set(node, node);
        } else {
            next.set(node, next.get(anchor));
            next.set(anchor, node);
        }
        entityOf.set(node, entity);
    }

    /** The members of a live entity, along the ring. */
    int[] members(int entity) {
        int[] members = new int[entities.size(entity)];
        int node = entities.anchor(entity);
        for (int i = 0; i < members.length; i++) {
            members[i] = node;
            node = next.get(node);
        }
        return members;
    }

    /** Joins the rings of two entities. */
    void splice(int a, int b) {
        int left = entities.anchor(a);
        int right = entities.anchor(b);
        int after = next.get(left);
        next.set(left, next.get(right));
        next.set(right, after);
    }

    IdentitySnapshot share() {
        return new IdentitySnapshot(this);
    }

    void restore(IdentitySnapshot earlier) {
        entities.restore(earlier.entities(), this::typeOf);
        entityOf.restore(earlier.entityOfNode());
        next.restore(earlier.ring());
        epoch = earlier.epoch();
        contested = earlier.contested();
    }

    long pagesCopied() {
        return entityOf.copies() + next.copies() + entities.pagesCopied();
    }

    long retainedBytes() {
        return entityOf.retainedBytes() + next.retainedBytes() + entities.retainedBytes();
    }
}
