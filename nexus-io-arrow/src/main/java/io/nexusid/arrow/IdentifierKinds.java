package io.nexusid.arrow;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;

/** Numbers the pairs (entity type, identifier type): the <em>kind</em> of an identifier, which is part of its key. */
final class IdentifierKinds {
    static final int NONE = -1;

    private final Long2IntOpenHashMap kinds = new Long2IntOpenHashMap();
    private final IntArrayList entityTypes = new IntArrayList();
    private final IntArrayList identifierTypes = new IntArrayList();

    IdentifierKinds() {
        kinds.defaultReturnValue(NONE);
    }

    /** The kind of this pair of codes, new or known; {@link #NONE} if either code is -1. */
    int add(int entityType, int identifierType) {
        if (entityType < 0 || identifierType < 0) {
            return NONE;
        }
        int kind = find(entityType, identifierType);
        if (kind == NONE) {
            kind = entityTypes.size();
            kinds.put(pair(entityType, identifierType), kind);
            entityTypes.add(entityType);
            identifierTypes.add(identifierType);
        }
        return kind;
    }

    /** The kind of this pair of codes or {@link #NONE}. */
    int find(int entityType, int identifierType) {
        return entityType < 0 || identifierType < 0 ? NONE : kinds.get(pair(entityType, identifierType));
    }

    int size() {
        return entityTypes.size();
    }

    /** Code of the entity type's name. */
    int entityType(int kind) {
        return entityTypes.getInt(kind);
    }

    /** Code of the identifier type's name. */
    int identifierType(int kind) {
        return identifierTypes.getInt(kind);
    }

    private static long pair(int entityType, int identifierType) {
        return (long) entityType << 32 | identifierType;
    }
}
