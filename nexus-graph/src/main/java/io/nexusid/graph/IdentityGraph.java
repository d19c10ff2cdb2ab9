package io.nexusid.graph;

import org.jspecify.annotations.Nullable;

/**
 * A living identity graph: batches of identifier rows go in, and it knows at any time who is who. Resolving everything at
 * once is applying one batch to an empty graph.
 *
 * <p>One thread applies. Any number of threads read {@link #snapshot}, which is of the last published epoch as a whole
 * and stays so. {@link #apply} publishes at once; {@link #prepare} leaves that to {@link #publish}, so that a store can
 * write the epoch down first, and {@link #rollback} forgets it. A call that throws changes nothing.
 *
 * <p>The dictionaries belong to the caller, who adds keys to them on the applying thread before a batch speaks of them.
 * Nodes that only tables other than the identifiers name may be among them: they have no entity until a row names them.
 */
public final class IdentityGraph {
    /*
     * The first batch is a full resolution by the kernels that a one-shot run uses, FirstBatch. Any later one is
     * contracted: each prior entity it names is one vertex, each new identifier another, and the components of
     * that small graph (EdgeGroups, ConnectedComponents: Rem's union-find) are what is born, grows or merges. Contraction
     * as in dbt-nexus' incremental resolver, but exact: a chain within a batch may have any length. Then one heir per
     * component takes over the members of the others.
     *
     * No union-find is kept between batches. Each node holds its entity itself, always up to date, since whoever loses
     * a merge must name all its members anyway: they are rows of the change set. A ring through the members finds them.
     *
     * Cost of a batch: O(rows + members of the losers), and a page of 4 KiB copied for each thousand nodes, or entities,
     * of which some change; independent of what the graph holds, but that the dictionary and the index of ids grow by
     * half now and then. Under CONTENT an entity with a new smallest identifier is a loser to its new id.
     *
     * Memory: 8 bytes an identifier and 31 to 34 an entity, beside the dictionary. Links are not kept (LinkMode.MONOTONE).
     *
     * Ids are a layer on top: an entity number stands for one id; see StableIds, ContentIds.
     */
    private final GraphState state;
    private volatile IdentitySnapshot published;
    private @Nullable IdentitySnapshot prepared;

    /**
     * An empty graph.
     *
     * @param kinds by code: an entity type and the name of an identifier type. Entity types are numbered as
     *     {@code rules} lists them; from there on they are not resolved and their rows say nothing
     * @param nodes the identifiers; the kind of each is a code of {@code kinds}
     */
    public IdentityGraph(GraphRules rules, KeyDictionary kinds, KeyDictionary nodes) {
        state = new GraphState(rules, kinds, nodes);
        published = state.share();
    }

    /**
     * A graph as it once was.
     *
     * @param kinds as it was then, or with more
     * @param nodes as it was then, or with more
     * @throws IllegalArgumentException if the columns contradict each other or the dictionaries
     */
    public static IdentityGraph of(
            GraphRules rules, KeyDictionary kinds, KeyDictionary nodes, IdentityColumns columns) {
        IdentityGraph graph = new IdentityGraph(rules, kinds, nodes);
        columns.writeTo(graph.state);
        graph.published = graph.state.share();
        return graph;
    }

    /**
     * Pins an id: under {@link io.nexusid.api.Survivor#PINNED} the entity that has it keeps it in merges with entities whose
     * ids are not pinned. Pins the id, not whom it leads to: one that lost a merge, or was never given out, pins nobody. To be
     * called by the applying thread, between batches.
     *
     * @param type the entity type, as an index into the rules' types
     */
    public void pin(int type, long high, long low) {
        state.pins.add(new TypedId(type, high, low));
    }

    /** Applies a batch and publishes it, as the epoch after the last. */
    public ChangeSet apply(IdentityBatch batch) {
        ChangeSet changes = prepare(batch);
        publish();
        return changes;
    }

    /** {@link #prepare(IdentityBatch, int)} as the epoch after the last. */
    public ChangeSet prepare(IdentityBatch batch) {
        return prepare(batch, published.epoch() + 1);
    }

    /**
     * Works out what a batch does without showing it to readers; {@link #publish} or {@link #rollback} must follow. A
     * batch that names no identifier of a resolved type makes no epoch.
     *
     * @param epoch its number, above that of the last
     * @throws IllegalArgumentException if the batch speaks of nodes or edges that are not there, or an edge links two
     *     entity types
     * @throws IllegalStateException if a prepared batch is neither published nor rolled back
     */
    public ChangeSet prepare(IdentityBatch batch, int epoch) {
        if (prepared != null) {
            throw new IllegalStateException("epoch " + prepared.epoch() + " is neither published nor rolled back");
        }
        if (epoch <= published.epoch()) {
            throw new IllegalArgumentException("epoch " + epoch + " is not after " + published.epoch());
        }
        check(batch);
        boolean done = false;
        try {
            ChangeSet changes = state.entities.count() == 0
                    ? new FirstBatch(state, batch, epoch).apply()
                    : new BatchStep(state, batch, epoch).apply();
            prepared = changes.after();
            done = true;
            return changes;
        } finally {
            if (!done) {
                state.restore(published);
            }
        }
    }

    /** Shows what was prepared to all readers. */
    public void publish() {
        if (prepared == null) {
            throw new IllegalStateException("nothing is prepared");
        }
        published = prepared;
        prepared = null;
    }

    /** Forgets what was prepared. Its change set and snapshot are not to be used any more. */
    public void rollback() {
        if (prepared == null) {
            throw new IllegalStateException("nothing is prepared");
        }
        prepared = null;
        state.restore(published);
    }

    /** Who is who after the last published epoch. For any thread. */
    public IdentitySnapshot snapshot() {
        return published;
    }

    private void check(IdentityBatch batch) {
        int known = state.nodes.size();
        for (int row = 0; row < batch.rows(); row++) {
            if (batch.node(row) >= known) {
                throw new IllegalArgumentException("row " + row + " has node " + batch.node(row) + " of " + known);
            }
            if (batch.edge(row) >= batch.edges()) {
                throw new IllegalArgumentException(
                        "row " + row + " has edge " + batch.edge(row) + " of " + batch.edges());
            }
        }
        for (int edge = 0; batch.hasKnownMembers() && edge < batch.edges(); edge++) {
            int member = batch.knownMember(edge);
            if (member >= 0 && published.entityOf(member) == IdentitySnapshot.NONE) {
                throw new IllegalArgumentException("edge " + edge + ": node " + member + " has no entity yet");
            }
        }
    }

    /** The heap this graph holds beside the dictionaries, in bytes, to within some kilobytes. */
    public long retainedBytes() {
        return state.retainedBytes();
    }
}
