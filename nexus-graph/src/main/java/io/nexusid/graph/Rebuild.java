package io.nexusid.graph;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.IdPolicy;
import io.nexusid.api.Survivor;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Resolves everything anew under other rules, and hands ids on. An id goes to the part that has most of its identifiers, of
 * parts with equally many to that with the smallest identifier. Where several ids come to one part the survivor rule
 * chooses, as in a merge; a part to which none comes is born. Ids that were dead follow the one they led to. Under
 * {@link IdPolicy#CONTENT} every part is called after its smallest identifier, and the ids that come to it lead there.
 *
 * <p>The numbers of entities go on: those of before stand for the ids of before. The rows of the change set are all
 * identifiers, {@link ChangeReason#FULL_RESOLUTION}; then, by the entity that lost them, those that moved; then the ids of
 * which no identifier is left, which lead nowhere, {@link ChangeReason#DROPPED}.
 *
 * <p>Cost: that of a first batch, and a few steps for each identifier of before. Memory: twice that of a graph.
 */
public final class Rebuild {
    private static final int NONE = GraphState.NONE;

    private final GraphState state;
    private final IdentitySnapshot before;
    private final FormerIdentities former;
    /** Who belongs together now; its entities are the parts. */
    private final IdentitySnapshot parts;

    private final int epoch;
    private final ChangeSet.Rows rows;
    /** By entity of before that is a root: the part its id goes to. */
    private final int[] target;
    /** By part: the entity of before whose id it takes over. */
    private final int[] heir;
    /** By part: its entity. */
    private final int[] entityOfPart;

    private Rebuild(GraphState state, IdentitySnapshot parts, FormerIdentities former, int epoch) {
        this.state = state;
        this.before = former.before();
        this.former = former;
        this.parts = parts;
        this.epoch = epoch;
        this.rows = new ChangeSet.Rows(state.rules.entityTypes().size());
        this.target = new int[before.entityNumbers()];
        this.heir = new int[parts.entityNumbers()];
        this.entityOfPart = new int[parts.entityNumbers()];
    }

    /**
     * Applies all rows there are as an epoch of its own.
     *
     * @param rules those of now
     * @param kinds as {@link IdentityGraph} has them
     * @param nodes the identifiers that {@code all} names, and the relics
     * @param all every row that was ever taken
     * @param epoch above that of {@code former}
     * @throws IllegalArgumentException if the batch speaks of nodes that are not there, or an edge links two entity types
     */
    public static ChangeSet apply(
            GraphRules rules,
            KeyDictionary kinds,
            KeyDictionary nodes,
            IdentityBatch all,
            int epoch,
            FormerIdentities former) {
        if (epoch <= former.before().epoch()) {
            throw new IllegalArgumentException(
                    "epoch " + epoch + " is not after " + former.before().epoch());
        }
        ChangeSet fresh = new IdentityGraph(rules, kinds, nodes).prepare(all, epoch);
        GraphState state = new GraphState(rules, kinds, nodes);
        return new Rebuild(state, fresh.after(), former, epoch).apply(fresh);
    }

    private ChangeSet apply(ChangeSet fresh) {
        state.names.refresh();
        state.entityOf.grow(state.nodes.size());
        state.next.grow(state.nodes.size());
        chooseTargets();
        electHeirs();
        for (int entity = 0; entity < before.entityNumbers(); entity++) {
            addFormer(entity);
        }
        nameParts();
        fill();
        logMoves();
        state.contested = Arrays.stream(parts.contested())
                .map(part -> entityOfPart[part])
                .sorted()
                .toArray();
        state.epoch = epoch;
        int[] live = Arrays.stream(entityOfPart).sorted().toArray();
        long[] watermarks = new long[state.rules.entityTypes().size()];
        Arrays.setAll(watermarks, fresh::watermark);
        int[] losers = losers();
        return new ChangeSet(
                state.share(),
                before.entityNumbers(),
                rows,
                live,
                losers,
                lostPins(losers),
                watermarks,
                fresh.work() + rows.size());
    }

    private int root(int entity) {
        int current = before.current(entity);
        return current == NONE ? entity : current;
    }

    /** Gives the identifiers of an entity as they were; of one that had none any more the one its id was minted from. */
    private void identifiers(int root, IntConsumer sink) {
        if (before.isLive(root)) {
            before.identifiersOf(root, sink);
        } else {
            sink.accept(before.anchor(root));
        }
    }

    private void chooseTargets() {
        IntArrayList ballots = new IntArrayList();
        IntArrayList ofIdentifier = new IntArrayList();
        for (int entity = 0; entity < target.length; entity++) {
            target[entity] = NONE;
            if (root(entity) == entity) {
                ballots.clear();
                identifiers(entity, node -> {
                    ofIdentifier.clear();
                    former.successors().forEach(node, now -> {
                        int part = parts.entityOf(now);
                        if (part != NONE && !ofIdentifier.contains(part)) {
                            ofIdentifier.add(part);
                            ballots.add(part);
                        }
                    });
                });
                target[entity] = mostVoted(ballots);
            }
        }
    }

    private int mostVoted(IntArrayList ballots) {
        ballots.sort(null);
        int best = NONE;
        int most = 0;
        for (int from = 0, to; from < ballots.size(); from = to) {
            int part = ballots.getInt(from);
            for (to = from + 1; to < ballots.size() && ballots.getInt(to) == part; ) {
                to++;
            }
            boolean smaller = best != NONE && state.names.compare(parts.anchor(part), parts.anchor(best)) < 0;
            if (to - from > most || (to - from == most && smaller)) {
                best = part;
                most = to - from;
            }
        }
        return best;
    }

    private void electHeirs() {
        Arrays.fill(heir, NONE);
        if (state.rules.idPolicy() == IdPolicy.CONTENT) {
            for (int part = 0; part < heir.length; part++) {
                int namesake = before.newest(
                        former.typesBefore().applyAsInt(parts.type(part)), parts.high(part), parts.low(part));
                if (namesake != NONE && before.isLive(namesake)) {
                    heir[part] = namesake;
                    target[namesake] = part;
                }
            }
            return;
        }
        for (int entity = 0; entity < target.length; entity++) {
            int part = target[entity];
            if (part != NONE
                    && (heir[part] == NONE
                            || BatchStep.outlives(
                                    state.rules.survivor(), before.entities(), former.pinned(), entity, heir[part]))) {
                heir[part] = entity;
            }
        }
    }

    private void addFormer(int entity) {
        int root = root(entity);
        int anchor = target[root] == NONE ? former.relics().applyAsInt(root) : parts.anchor(target[root]);
        state.entities.add(
                state.typeOfNode(anchor), before.high(entity), before.low(entity), anchor, before.birthEpoch(entity));
    }

    private void nameParts() {
        IntArrayList unnamed = new IntArrayList();
        for (int part = 0; part < entityOfPart.length; part++) {
            int type = parts.type(part);
            int anchor = parts.anchor(part);
            boolean byContent = state.rules.idPolicy() == IdPolicy.CONTENT;
            if (heir[part] != NONE && former.keepsIds().test(heir[part])) {
                entityOfPart[part] = heir[part];
            } else if (byContent) {
                entityOfPart[part] = state.entities.add(type, parts.high(part), parts.low(part), anchor, epoch);
            } else if (heir[part] != NONE) {
                entityOfPart[part] =
                        state.entities.add(type, before.high(heir[part]), before.low(heir[part]), anchor, epoch);
            } else {
                unnamed.add(anchor);
            }
        }
        int[] anchors = unnamed.toIntArray();
        state.names.sort(anchors);
        int[] named = StableIds.mint(state, epoch, anchors);
        for (int i = 0; i < named.length; i++) {
            entityOfPart[parts.entityOf(anchors[i])] = named[i];
        }
    }

    private void fill() {
        for (int node : state.names.order().sorted()) {
            int part = parts.entityOf(node);
            if (part != NONE) {
                int entity = entityOfPart[part];
                state.join(node, entity);
                state.entities.resize(entity, state.entities.size(entity) + 1);
                rows.add(parts.type(part), node, entity, NONE, ChangeReason.FULL_RESOLUTION);
            }
        }
    }

    private void logMoves() {
        IntArrayList dropped = new IntArrayList();
        IntArrayList moved = new IntArrayList();
        for (int entity = 0; entity < target.length; entity++) {
            if (root(entity) == entity) {
                moved.clear();
                addMoved(entity, moved);
                logMoves(entity, moved);
                if (target[entity] == NONE && before.isLive(entity)) {
                    dropped.add(entity);
                }
            }
        }
        for (int i = 0; i < dropped.size(); i++) {
            int relic = state.entities.anchor(dropped.getInt(i));
            rows.add(state.typeOfNode(relic), relic, NONE, dropped.getInt(i), ChangeReason.DROPPED);
        }
    }

    private void addMoved(int entity, IntArrayList moved) {
        identifiers(entity, node -> former.successors().forEach(node, now -> {
            int entityNow = state.entityOf.get(now);
            if (entityNow != NONE && entityNow != entity) {
                moved.add(now);
            }
        }));
    }

    private void logMoves(int entity, IntArrayList moved) {
        moved.sort(null);
        int[] nodes = moved.intStream().distinct().toArray();
        state.names.sort(nodes);
        for (int node : nodes) {
            rows.add(state.typeOfNode(node), node, state.entityOf.get(node), entity, ChangeReason.REPOINTED);
        }
    }

    private int[] losers() {
        IntArrayList losers = new IntArrayList();
        for (int entity = 0; entity < target.length; entity++) {
            if (before.isLive(entity) && !state.entities.isLive(entity)) {
                losers.add(entity);
            }
        }
        return losers.toIntArray();
    }

    /** The losers with a pinned id that somebody else has taken in; where only the look of ids changed nobody has. */
    private int[] lostPins(int[] losers) {
        boolean asks = state.rules.survivor() == Survivor.PINNED && state.rules.idPolicy() == IdPolicy.STABLE;
        return Arrays.stream(losers)
                .filter(entity -> asks
                        && target[entity] != NONE
                        && former.pinned().test(entity)
                        && state.entities.compareIds(entity, entityOfPart[target[entity]]) != 0)
                .toArray();
    }
}
