package io.nexusid.graph;

import io.nexusid.api.ChangeReason;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What one batch did, one row for each identifier it touched, and the entities it touched.
 *
 * <p>Rows come in three runs: new identifiers, in the order of (entity type, identifier type, value); repointed ones, by
 * the entity that lost them, in that order within each; reobserved ones, in that order. The same for any order of the
 * batch's rows, up to the numbers of new nodes.
 */
public final class ChangeSet {
    private final IdentitySnapshot after;
    private final int firstNewEntity;
    private final int[] node;
    private final int[] entity;
    private final int[] previous;
    private final ChangeReason[] reason;
    private final int[] touched;
    private final int[] losers;
    private final int[] lostPins;
    private final long[] watermarks;
    /** By reason, then type. */
    private final Map<ChangeReason, int[]> counts;

    private final long work;

    ChangeSet(
            IdentitySnapshot after,
            int firstNewEntity,
            Rows rows,
            int[] touched,
            int[] losers,
            int[] lostPins,
            long[] watermarks,
            long work) {
        this.after = after;
        this.firstNewEntity = firstNewEntity;
        this.node = rows.node();
        this.entity = rows.entity();
        this.previous = rows.previous();
        this.reason = rows.reason();
        this.touched = touched;
        this.losers = losers;
        this.lostPins = lostPins;
        this.watermarks = watermarks;
        this.counts = rows.counts;
        this.work = work;
    }

    /** The graph after the batch. */
    public IdentitySnapshot after() {
        return after;
    }

    /** The epoch that the batch made; the one before if it changed nothing and so made none. */
    public int epoch() {
        return after.epoch();
    }

    /** True if the batch named no identifier of a resolved type: no epoch was made. */
    public boolean isEmpty() {
        return node.length == 0;
    }

    /** How many rows there are. */
    public int rows() {
        return node.length;
    }

    /** The identifier of a row. */
    public int node(int row) {
        return node[row];
    }

    /** Its entity now; -1 if it was dropped. */
    public int entity(int row) {
        return entity[row];
    }

    /** The entity it belonged to if it was repointed or dropped, else -1. */
    public int previousEntity(int row) {
        return previous[row];
    }

    /** Why the row is here. */
    public ChangeReason reason(int row) {
        return reason[row];
    }

    /** How many rows have this reason, of all types. */
    public int count(ChangeReason why) {
        int[] byType = counts.get(why);
        return byType == null ? 0 : Arrays.stream(byType).sum();
    }

    /** How many rows of an entity type have this reason. */
    public int count(int type, ChangeReason why) {
        Objects.checkIndex(type, watermarks.length);
        int[] byType = counts.get(why);
        return byType == null ? 0 : byType[type];
    }

    /** The live entities that the batch named, formed, merged or renamed, ascending: the array itself. */
    public int[] touchedEntities() {
        return touched;
    }

    /** The entities that lost their id, ascending: the array itself. {@link IdentitySnapshot#current} says to whom, if to any. */
    public int[] losers() {
        return losers;
    }

    /**
     * The losers whose ids were pinned, ascending: the array itself. Whoever has taken a pinned id away has one, too: two
     * that shall both live turned out to be one.
     */
    public int[] lostPins() {
        return lostPins;
    }

    /** The entities minted by this batch are those from this number on. */
    public int firstNewEntity() {
        return firstNewEntity;
    }

    /** The latest instant at which rows of an entity type in this batch were loaded, or {@link Long#MIN_VALUE}. */
    public long watermark(int type) {
        return watermarks[type];
    }

    /** Steps taken: rows read, identifiers written, elements of pages copied. */
    long work() {
        return work;
    }

    /** Rows as they are collected. */
    static final class Rows {
        private int[] node = new int[16];
        private int[] entity = new int[16];
        private int[] previous = new int[16];
        private ChangeReason[] reason = new ChangeReason[16];
        private final Map<ChangeReason, int[]> counts = new EnumMap<>(ChangeReason.class);
        private final int types;
        private int size;

        Rows(int types) {
            this.types = types;
        }

        void add(int type, int rowNode, int rowEntity, int rowPrevious, ChangeReason why) {
            // What is dropped may be of a type that is not resolved any more.
            counts.computeIfAbsent(why, w -> new int[types + 1])[Math.min(type, types)]++;
            if (size == node.length) {
                int larger = size + (size >> 1);
                node = Arrays.copyOf(node, larger);
                entity = Arrays.copyOf(entity, larger);
                previous = Arrays.copyOf(previous, larger);
                reason = Arrays.copyOf(reason, larger);
            }
            node[size] = rowNode;
            entity[size] = rowEntity;
            previous[size] = rowPrevious;
            reason[size++] = why;
        }

        int size() {
            return size;
        }

        int[] node() {
            return Arrays.copyOf(node, size);
        }

        int[] entity() {
            return Arrays.copyOf(entity, size);
        }

        int[] previous() {
            return Arrays.copyOf(previous, size);
        }

        ChangeReason[] reason() {
            return Arrays.copyOf(reason, size);
        }
    }
}
