package io.nexusid.graph;

import io.nexusid.api.SurrogateKey;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntCollection;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Ids that depend on the identifiers alone: at the end of every batch each entity is called as {@link EntityNamer} would
 * call it if it saw all rows at once.
 *
 * <p>An entity is called after its smallest identifier. Only where two of a type mint one id (the key joins its parts
 * with a bare hyphen) does a name depend on others: the smaller one has it by right, the others are numbered. Such
 * <em>contested</em> names are hardly ever there; while there are any, each batch settles all of them and the new ones
 * together, and an entity whose number changes is renamed. An id may then come back to life.
 */
final class ContentIds {
    /** An entity that gets another id, and the entity of that id. */
    record Renamed(int from, int to) {}

    /** Who wants an id: an entity, or an anchor that has none yet. */
    private static final class Claimant {
        final int anchor;
        final TypedId plain;
        int entity;
        TypedId id;

        Claimant(int anchor, TypedId plain, int entity) {
            this.anchor = anchor;
            this.plain = plain;
            this.entity = entity;
            this.id = plain;
        }
    }

    private final GraphState state;
    private final EntityTable entities;
    private final int epoch;
    private final int[] anchors;
    private final IntCollection dying;
    private final int firstOfBatch;
    private final int[] minted;
    private final Comparator<Claimant> byName;
    private final List<Renamed> renamed = new ArrayList<>();

    private ContentIds(GraphState state, int epoch, int[] anchors, IntCollection dying) {
        this.state = state;
        this.entities = state.entities;
        this.epoch = epoch;
        this.anchors = anchors;
        this.dying = dying;
        this.firstOfBatch = entities.count();
        this.minted = new int[anchors.length];
        this.byName = (a, b) -> state.names.compare(a.anchor, b.anchor);
    }

    /**
     * Adds an entity for each anchor.
     *
     * @param anchors in name order
     * @param dying the entities that lose their id in this batch
     */
    static ContentIds mint(GraphState state, int epoch, int[] anchors, IntCollection dying) {
        ContentIds ids = new ContentIds(state, epoch, anchors, dying);
        IntArrayList contested = ids.mintUncontested();
        if (!contested.isEmpty() || state.contested.length > 0) {
            ids.settle(contested);
        }
        return ids;
    }

    /** The entities of the anchors; those just added have no members yet. */
    int[] entities() {
        return minted;
    }

    /** Who got another id, apart from the dying. */
    List<Renamed> renamed() {
        return renamed;
    }

    /** Gives plain ids to all anchors whose id nobody has; returns the positions of the others. */
    private IntArrayList mintUncontested() {
        IntArrayList contested = new IntArrayList();
        IntOpenHashSet dead = new IntOpenHashSet(dying);
        for (int i = 0; i < anchors.length; i++) {
            TypedId id = plain(anchors[i]);
            if (state.contested.length > 0 || holder(id, dead) != GraphState.NONE) {
                contested.add(i);
            } else {
                minted[i] = entities.add(id.type(), id.high(), id.low(), anchors[i], epoch);
            }
        }
        return contested;
    }

    private TypedId plain(int anchor) {
        return id(anchor, state.names.mint(anchor));
    }

    private TypedId id(int anchor, SurrogateKey key) {
        return new TypedId(state.typeOfNode(anchor), key.high(), key.low());
    }

    private void settle(IntArrayList unnamed) {
        IntOpenHashSet dead = new IntOpenHashSet(dying);
        IntOpenHashSet disputing = new IntOpenHashSet(state.contested);
        Map<TypedId, List<Claimant>> claims = new HashMap<>();
        for (int entity : state.contested) {
            if (!dead.contains(entity)) {
                claim(claims, entities.anchor(entity), entity);
            }
        }
        List<Claimant> nameless = new ArrayList<>();
        for (int i : unnamed) {
            nameless.add(claim(claims, anchors[i], GraphState.NONE));
        }
        claims.forEach((id, claimants) -> {
            int holder = holder(id, dead);
            if (holder != GraphState.NONE && !disputing.contains(holder)) {
                claimants.add(new Claimant(entities.anchor(holder), id, holder));
            }
        });
        Predicate<TypedId> isFree = id -> {
            int holder = holder(id, dead);
            return !claims.containsKey(id) && (holder == GraphState.NONE || disputing.contains(holder));
        };
        List<Claimant> all = new ArrayList<>();
        IntArrayList contested = new IntArrayList();
        claims.forEach((id, claimants) -> {
            claimants.sort(byName);
            number(claimants, isFree);
            all.addAll(claimants);
        });
        all.sort(byName);
        all.forEach(this::award);
        for (int i = 0; i < nameless.size(); i++) {
            minted[unnamed.getInt(i)] = nameless.get(i).entity;
        }
        claims.values().stream()
                .filter(claimants -> claimants.size() > 1)
                .forEach(claimants -> claimants.forEach(c -> contested.add(c.entity)));
        contested.sort(null);
        state.contested = contested.toIntArray();
    }

    private Claimant claim(Map<TypedId, List<Claimant>> claims, int anchor, int entity) {
        Claimant claimant = new Claimant(anchor, plain(anchor), entity);
        claims.computeIfAbsent(claimant.plain, id -> new ArrayList<>()).add(claimant);
        return claimant;
    }

    /** The entity that has an id once this batch's losers are gone, or -1. */
    private int holder(TypedId id, IntOpenHashSet dead) {
        int entity = entities.newest(id.type(), id.high(), id.low());
        boolean alive = entity >= firstOfBatch || (entity >= 0 && entities.isLive(entity) && !dead.contains(entity));
        return alive ? entity : GraphState.NONE;
    }

    /** Numbers all claimants of one name but the first; ids with different numbers, or of other names, differ. */
    private void number(List<Claimant> claimants, Predicate<TypedId> isFree) {
        int number = 2;
        for (Claimant claimant : claimants.subList(1, claimants.size())) {
            do {
                claimant.id = id(claimant.anchor, state.names.mint(claimant.anchor, number++));
            } while (!isFree.test(claimant.id));
        }
    }

    private void award(Claimant c) {
        int entity = c.entity;
        if (entity == GraphState.NONE) {
            c.entity = entities.add(c.id.type(), c.id.high(), c.id.low(), c.anchor, epoch);
        } else if (entities.high(entity) != c.id.high() || entities.low(entity) != c.id.low()) {
            c.entity = entities.add(c.id.type(), c.id.high(), c.id.low(), c.anchor, epoch);
            renamed.add(new Renamed(entity, c.entity));
        }
    }
}
