package io.nexusid.graph;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * The entities there ever were, numbered in the order of their birth: an id belongs to one number as long as it lives,
 * and an entity that loses its id leaves its number behind.
 *
 * <p>An entity's <em>anchor</em> is the identifier its id was minted from. It is a member as long as the entity lives and
 * afterwards one of whoever took it over, so the entity of a dead one's anchor is where it went: no chain to follow. 24
 * bytes an entity and 7 to 10 in the index of ids. After a rebuild the anchor is the smallest identifier, and an id of which
 * no identifier is left has one that belongs to nobody.
 */
final class EntityTable {
    private final LongPages high;
    private final LongPages low;
    private final IntPages anchors;
    private final BirthEpochs births;
    /** How many identifiers; 0: dead. */
    private final IntPages sizes;

    private final IdIndex[] idsOfType;
    private int live;

    /** No entities, of so many types. */
    EntityTable(int types) {
        high = new LongPages();
        low = new LongPages();
        anchors = new IntPages(Entities.NONE);
        births = new BirthEpochs();
        sizes = new IntPages(0);
        idsOfType = new IdIndex[types];
        Arrays.setAll(idsOfType, t -> new IdIndex(high, low));
    }

    private EntityTable(EntityTable table) {
        high = table.high.share();
        low = table.low.share();
        anchors = table.anchors.share();
        births = table.births.share();
        sizes = table.sizes.share();
        idsOfType = new IdIndex[table.idsOfType.length];
        Arrays.setAll(idsOfType, t -> table.idsOfType[t].share(high, low));
        live = table.live;
    }

    /** The table as it stands, for reading only. */
    EntityTable share() {
        return new EntityTable(this);
    }

    /** Takes everything back since {@code earlier} was shared. {@code typeOf} tells the type of an entity. */
    void restore(EntityTable earlier, IntUnaryOperator typeOf) {
        for (int e = count() - 1; e >= earlier.count(); e--) {
            idsOfType[typeOf.applyAsInt(e)].removeLast(e);
        }
        high.truncate(earlier.count());
        low.truncate(earlier.count());
        anchors.restore(earlier.anchors);
        births.truncate(earlier.count());
        sizes.restore(earlier.sizes);
        live = earlier.live;
    }

    /** Adds an entity without members. Of a type that is not resolved any more it is not found by its id. */
    int add(int type, long idHigh, long idLow, int anchor, int epoch) {
        int entity = high.size();
        if (entity == KeyDictionary.MAX_KEYS) {
            throw KeyArena.full("more than " + KeyDictionary.MAX_KEYS + " entity ids");
        }
        high.append(idHigh);
        low.append(idLow);
        anchors.grow(entity + 1);
        anchors.set(entity, anchor);
        births.add(entity, epoch);
        sizes.grow(entity + 1);
        if (type < idsOfType.length) {
            idsOfType[type].insert(entity);
        }
        return entity;
    }

    /** How many there are, dead ones included. */
    int count() {
        return high.size();
    }

    /** How many are alive. */
    int live() {
        return live;
    }

    long high(int entity) {
        return high.get(entity);
    }

    long low(int entity) {
        return low.get(entity);
    }

    int anchor(int entity) {
        return anchors.get(entity);
    }

    int birthEpoch(int entity) {
        return births.epochOf(entity);
    }

    int size(int entity) {
        return sizes.get(entity);
    }

    boolean isLive(int entity) {
        return size(entity) > 0;
    }

    void resize(int entity, int size) {
        live += Integer.signum(size) - Integer.signum(size(entity));
        sizes.set(entity, size);
    }

    /** The entity that had this id last, or -1. */
    int newest(int type, long idHigh, long idLow) {
        return idsOfType[type].newest(idHigh, idLow, count());
    }

    /** The entity that had the id of another one last before it, or -1. */
    int older(int type, int entity) {
        return idsOfType[type].newest(high(entity), low(entity), entity);
    }

    /** Compares two ids of one type. */
    int compareIds(int a, int b) {
        int order = Long.compareUnsigned(high(a), high(b));
        return order != 0 ? order : Long.compareUnsigned(low(a), low(b));
    }

    long pagesCopied() {
        return sizes.copies() + anchors.copies();
    }

    long retainedBytes() {
        long bytes = high.retainedBytes()
                + low.retainedBytes()
                + anchors.retainedBytes()
                + births.retainedBytes()
                + sizes.retainedBytes();
        for (IdIndex ids : idsOfType) {
            bytes += ids.retainedBytes();
        }
        return bytes;
    }
}
