package io.nexusid.arrow;

import io.nexusid.api.SurrogateKey;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * The entities that have stays, numbered by the text of their id with their type, because a given stay may name an entity
 * that is not known. Numbered while stays are read, ranked once all are.
 */
final class StayEntities {
    private static final int NONE = -1;

    private final Run run;
    private final Identity identity;
    /** (entity type code, id text). */
    private final KeyDictionary ids = new KeyDictionary(1024);

    private final int[] entityOfOrdinal;
    /** -1 for entities that are not known. */
    private final IntArrayList ordinalOfEntity = new IntArrayList();

    private boolean onlyKnown = true;
    private int[] ranks = {};
    private int[] idRanks = {};

    StayEntities(Run run, Identity identity) {
        this.run = run;
        this.identity = identity;
        this.entityOfOrdinal = new int[identity.index().count()];
        Arrays.fill(entityOfOrdinal, NONE);
    }

    /** The number of an entity given by its id's text; its ordinal is -1 if it is not known. */
    int add(int typeCode, byte[] text, int from, int length, int ordinal) {
        onlyKnown = false;
        int entity = ids.add(typeCode, text, from, length);
        setOrdinal(entity, ordinal);
        return entity;
    }

    private void setOrdinal(int entity, int ordinal) {
        if (entity == ordinalOfEntity.size()) {
            ordinalOfEntity.add(ordinal);
        }
    }

    /** The number of an entity of this run. */
    int add(int ordinal) {
        int entity = entityOfOrdinal[ordinal];
        if (entity < 0) {
            int type = run.entityTypes().add(Bytes.of(identity.index().typeName(ordinal)));
            byte[] id = identity.index().idBytes(ordinal);
            entity = ids.add(type, id, 0, id.length);
            setOrdinal(entity, ordinal);
            entityOfOrdinal[ordinal] = entity;
        }
        return entity;
    }

    /** Ranks what has been added; nothing is added afterwards. */
    void rank() {
        ranks = onlyKnown ? ranksOfIndex() : ranksOfTexts();
        idRanks = onlyKnown && !identity.index().hasSharedIds() ? ranks : ranksOfIds();
    }

    /** Whether any two entities have the same id. */
    boolean hasSharedIds() {
        return idRanks != ranks && Arrays.stream(idRanks).max().orElse(-1) + 1 < ids.size();
    }

    /** By (id, type name) in byte order. */
    private int[] ranksOfTexts() {
        int[] order = new int[ids.size()];
        Arrays.setAll(order, i -> i);
        IntArrays.quickSort(order, (a, b) -> {
            int byId = ids.compare(a, b);
            return byId != 0 ? byId : compareTypes(a, b);
        });
        int[] out = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            out[order[i]] = i;
        }
        return out;
    }

    /** The same order, which the index has already. */
    private int[] ranksOfIndex() {
        int[] ordinalOfRank = new int[entityOfOrdinal.length];
        int[] rankOfOrdinal = identity.index().idRanks();
        for (int ordinal = 0; ordinal < rankOfOrdinal.length; ordinal++) {
            ordinalOfRank[rankOfOrdinal[ordinal]] = ordinal;
        }
        int[] out = new int[ids.size()];
        int next = 0;
        for (int ordinal : ordinalOfRank) {
            if (entityOfOrdinal[ordinal] >= 0) {
                out[entityOfOrdinal[ordinal]] = next++;
            }
        }
        return out;
    }

    private int[] ranksOfIds() {
        int[] entityOfRank = new int[ranks.length];
        for (int entity = 0; entity < ranks.length; entity++) {
            entityOfRank[ranks[entity]] = entity;
        }
        int[] out = new int[ranks.length];
        int rank = 0;
        for (int i = 0; i < entityOfRank.length; i++) {
            if (i > 0 && ids.compare(entityOfRank[i - 1], entityOfRank[i]) != 0) {
                rank++;
            }
            out[entityOfRank[i]] = rank;
        }
        return out;
    }

    int size() {
        return ids.size();
    }

    /** Position among all by (id, type). */
    int rank(int entity) {
        return ranks[entity];
    }

    /** By entity its {@link #rank}. */
    int[] ranks() {
        return ranks;
    }

    /** Position of the id among all ids, the same for entities of different types that share one. */
    int idRank(int entity) {
        return idRanks[entity];
    }

    /** Rank of an entity of this run, -1 if it has no stays. */
    int rankOfOrdinal(int ordinal) {
        byte[] typeName = Bytes.of(identity.index().typeName(ordinal));
        int type = run.entityTypeNames().find(0, typeName, 0, typeName.length);
        byte[] id = identity.index().idBytes(ordinal);
        int entity = type < 0 ? NONE : ids.find(type, id, 0, id.length);
        return entity < 0 ? NONE : ranks[entity];
    }

    /** Orders entities by the bytes of the id alone; entities of different types may be equal. */
    int compareIds(int a, int b) {
        return a == b ? 0 : ids.compare(a, b);
    }

    /** Orders entities by the bytes of their type's name. */
    int compareTypes(int a, int b) {
        return run.entityTypeNames().compare(ids.kind(a), ids.kind(b));
    }

    /** Code of the entity's type. */
    int type(int entity) {
        return ids.kind(entity);
    }

    byte[] typeName(int entity) {
        return run.entityTypeNames().bytes(ids.kind(entity));
    }

    byte[] id(int entity) {
        return ids.bytes(entity);
    }

    void appendId(int entity, OutputColumn.Scratch out) {
        out.appendIdText(ids, entity);
    }

    /** The columns, and behind them the entities' keys if the run is to have them; unknown entities have none. */
    List<OutputColumn> withKeys(List<OutputColumn> columns, IntUnaryOperator entity) {
        return identity.columns()
                .withKeys(
                        columns,
                        new EntityColumns.Key("entity_key", i -> ordinalOfEntity.getInt(entity.applyAsInt(i))));
    }

    /** Adds the id of an entity as a part of a key. */
    SurrogateKey addId(int entity, SurrogateKey key) {
        int at = key.reserve(ids.length(entity));
        ids.copyTo(entity, key.buffer(), at);
        return key;
    }
}
