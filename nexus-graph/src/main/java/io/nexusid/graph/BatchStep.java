package io.nexusid.graph;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.IdPolicy;
import io.nexusid.api.Survivor;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Applies one batch to the state of a graph that has entities, once. If it throws, the state is to be restored. */
final class BatchStep {
    private static final int NONE = GraphState.NONE;
    /** The heir of a component that is to be called after a new node. */
    private static final int UNNAMED = -2;

    private final GraphState state;
    private final IdentityBatch batch;
    private final int epoch;
    private final int types;
    private final Contraction contraction;
    private final int firstNewEntity;
    private final long pagesBefore;

    // By component (its smallest vertex): who has a claim to be its entity, and who is.
    private final int[] survivor;
    private final int[] typeOfComponent;
    private final int[] heir;

    /** New nodes in the order of their names. */
    private final int[] newNodes;

    private final IntArrayList losers = new IntArrayList();
    private final List<ContentIds.Renamed> renames = new ArrayList<>();
    private final ChangeSet.Rows rows;

    BatchStep(GraphState state, IdentityBatch batch, int epoch) {
        this.state = state;
        this.batch = batch;
        this.epoch = epoch;
        this.types = state.rules.entityTypes().size();
        this.rows = new ChangeSet.Rows(types);
        this.firstNewEntity = state.entities.count();
        this.pagesBefore = state.pagesCopied();
        state.entityOf.grow(state.nodes.size());
        state.next.grow(state.nodes.size());
        this.contraction = new Contraction(state, batch);
        this.newNodes = contraction.newNodes();
        this.survivor = new int[contraction.vertices()];
        this.typeOfComponent = new int[survivor.length];
        this.heir = new int[survivor.length];
        Arrays.fill(heir, NONE);
    }

    ChangeSet apply() {
        if (newNodes.length > 0 || !contraction.seenAgain().isEmpty()) {
            state.names.refresh();
            state.names.sort(newNodes);
            elect();
            name();
            adopt();
            losers.sort(null);
            losers.forEach(this::absorb);
            reobserve();
            state.epoch = epoch;
        }
        long pages = state.pagesCopied() - pagesBefore;
        return new ChangeSet(
                state.share(),
                firstNewEntity,
                rows,
                touched(),
                dead(),
                lostPins(),
                contraction.watermarks(),
                batch.rows() + rows.size() + pages * IntPages.PAGE);
    }

    /** Finds, for each component, which of its entities would keep its id. */
    private void elect() {
        Arrays.fill(survivor, NONE);
        Arrays.fill(typeOfComponent, NONE);
        for (int vertex = 0; vertex < contraction.vertices(); vertex++) {
            int component = contraction.component(vertex);
            agree(component, contraction.type(vertex));
            int entity = contraction.entity(vertex);
            if (entity != NONE && (survivor[component] == NONE || outlives(entity, survivor[component]))) {
                survivor[component] = entity;
            }
        }
    }

    private void agree(int component, int type) {
        if (typeOfComponent[component] == NONE) {
            typeOfComponent[component] = type;
        } else if (typeOfComponent[component] != type) {
            throw Contraction.mixedTypes();
        }
    }

    private boolean outlives(int entity, int other) {
        EntityTable entities = state.entities;
        if (state.rules.idPolicy() == IdPolicy.CONTENT) {
            return state.names.compare(entities.anchor(entity), entities.anchor(other)) < 0;
        }
        return outlives(state.rules.survivor(), entities, state::isPinned, entity, other);
    }

    /** Whether an entity keeps its id where ids do not depend on the identifiers alone. */
    static boolean outlives(Survivor survivor, EntityTable entities, IntPredicate pinned, int entity, int other) {
        int order = survivor == Survivor.PINNED ? Boolean.compare(pinned.test(other), pinned.test(entity)) : 0;
        if (order == 0) {
            order = survivor == Survivor.OLDEST
                    ? Integer.compare(entities.birthEpoch(entity), entities.birthEpoch(other))
                    : Integer.compare(entities.size(other), entities.size(entity));
        }
        return order != 0 ? order < 0 : entities.compareIds(entity, other) < 0;
    }

    private boolean asksForPins() {
        return state.rules.survivor() == Survivor.PINNED && state.rules.idPolicy() == IdPolicy.STABLE;
    }

    /** Mints ids for the components that none of their entities can name, and settles who is whose heir. */
    private void name() {
        IntArrayList anchors = new IntArrayList();
        for (int node : newNodes) {
            int component = contraction.componentOfNew(node);
            if (needsNewId(component, node)) {
                heir[component] = UNNAMED;
                anchors.add(node);
            }
        }
        for (int vertex = 0; vertex < contraction.vertices(); vertex++) {
            int component = contraction.component(vertex);
            if (heir[component] == NONE) {
                heir[component] = survivor[component];
            }
            int entity = contraction.entity(vertex);
            if (entity != NONE && heir[component] != entity) {
                losers.add(entity);
            }
        }
        int[] named;
        if (state.rules.idPolicy() == IdPolicy.CONTENT) {
            ContentIds ids = ContentIds.mint(state, epoch, anchors.toIntArray(), losers);
            named = ids.entities();
            ids.renamed().forEach(this::rename);
        } else {
            named = StableIds.mint(state, epoch, anchors.toIntArray());
        }
        for (int i = 0; i < named.length; i++) {
            heir[contraction.componentOfNew(anchors.getInt(i))] = named[i];
        }
    }

    /** Whether a component is to be called after a new node; asked in name order, so of its smallest one first. */
    private boolean needsNewId(int component, int node) {
        if (heir[component] != NONE) {
            return false;
        }
        int entity = survivor[component];
        return entity == NONE
                || (state.rules.idPolicy() == IdPolicy.CONTENT
                        && state.names.compare(node, state.entities.anchor(entity)) < 0);
    }

    /** Gives all members of an entity a new one over the same ring. */
    private void rename(ContentIds.Renamed renamed) {
        move(renamed.from(), renamed.to());
        renames.add(renamed);
        if (contraction.hasVertex(renamed.from())) {
            heir[contraction.componentOf(renamed.from())] = renamed.to();
        }
    }

    /** Lets the new nodes join their heirs. An entity's anchor is the first of them. */
    private void adopt() {
        for (int node : newNodes) {
            int component = contraction.componentOfNew(node);
            int entity = heir[component];
            state.join(node, entity);
            state.entities.resize(entity, state.entities.size(entity) + 1);
            ChangeReason why = survivor[component] == NONE ? ChangeReason.BORN : ChangeReason.ACCRETED;
            rows.add(typeOfComponent[component], node, entity, NONE, why);
        }
    }

    private void absorb(int loser) {
        int entity = heir[contraction.componentOf(loser)];
        state.splice(entity, move(loser, entity));
    }

    /** Repoints all members of an entity; their rings are still apart. Returns the entity that is dead now. */
    private int move(int from, int to) {
        EntityTable entities = state.entities;
        int type = state.typeOf(from);
        int[] members = state.members(from);
        state.names.sort(members);
        for (int node : members) {
            state.entityOf.set(node, to);
            rows.add(type, node, to, from, ChangeReason.REPOINTED);
        }
        entities.resize(to, entities.size(to) + members.length);
        entities.resize(from, 0);
        return from;
    }

    private void reobserve() {
        int[] seen = contraction.seenAgain().keySet().toIntArray();
        state.names.sort(seen);
        for (int node : seen) {
            int entity = state.entityOf.get(node);
            if (entity == contraction.seenAgain().get(node)) {
                rows.add(state.typeOfNode(node), node, entity, NONE, ChangeReason.REOBSERVED);
            }
        }
    }

    private int[] touched() {
        IntStream heirs = Arrays.stream(heir).filter(entity -> entity != NONE);
        return IntStream.concat(heirs, renames.stream().mapToInt(ContentIds.Renamed::to))
                .sorted()
                .distinct()
                .toArray();
    }

    private int[] lostPins() {
        return asksForPins() ? losers.intStream().filter(state::isPinned).toArray() : new int[0];
    }

    private int[] dead() {
        return IntStream.concat(losers.intStream(), renames.stream().mapToInt(ContentIds.Renamed::from))
                .sorted()
                .toArray();
    }
}
