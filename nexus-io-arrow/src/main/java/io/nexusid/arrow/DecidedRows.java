package io.nexusid.arrow;

import io.nexusid.api.ChangeReason;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.util.function.IntPredicate;

/**
 * Rows of one {@linkplain IdentityFrames frame}, chosen by the identifiers that they are about. Of the frame only the
 * identifiers of its rows are read whole, 4 bytes each; of the chosen rows the pages they lie in.
 */
final class DecidedRows {
    private static final int[] NO_EVENTS = {};

    private final IdentityFrames.Reading frame;
    private final int[] rows;
    private final int[] node;
    private final int[] entity;
    private final int[] previous;
    private final byte[] reasons;
    private final long[] watermarks;

    private DecidedRows(IdentityFrames.Reading frame, IntPredicate nodes) throws IOException {
        this.frame = frame;
        int[] all = frame.nodes();
        IntArrayList chosen = new IntArrayList();
        for (int row = 0; row < all.length; row++) {
            if (nodes.test(all[row])) {
                chosen.add(row);
            }
        }
        this.rows = chosen.toIntArray();
        this.node = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            node[i] = all[rows[i]];
        }
        this.entity = frame.column("row.entity").intsAt(frame.block(), rows);
        this.previous = frame.column("row.previous").intsAt(frame.block(), rows);
        this.reasons = frame.column("row.reason").bytesAt(frame.block(), rows);
        this.watermarks = frame.column("watermark").longs(frame.block());
    }

    /**
     * Reads the rows of a frame about some identifiers.
     *
     * @param nodes whether an identifier of this number is one of them
     */
    static DecidedRows of(IdentityFrames.Reading frame, IntPredicate nodes) throws IOException {
        return new DecidedRows(frame, nodes);
    }

    int size() {
        return rows.length;
    }

    /** The position of a row in its epoch. */
    int seq(int i) {
        return frame.rowsBefore() + rows[i];
    }

    long epoch() {
        return frame.epoch();
    }

    int node(int i) {
        return node[i];
    }

    int entity(int i) {
        return entity[i];
    }

    /** The entity that the identifier was taken from, or -1. */
    int previous(int i) {
        return previous[i];
    }

    ChangeReason reason(int i) {
        return IdentityFrames.reason(reasons[i]);
    }

    /** The latest load time of the epoch's rows of an entity type. */
    long watermark(int type) {
        return watermarks[type];
    }

    /** Takes the event that an identifier was first seen in. */
    interface EventOf {
        void take(int i, byte[] bytes, int from, int length);
    }

    /** Hands over the events of those of the rows that brought an identifier into the world and have one. */
    void events(EventOf target) throws IOException {
        // The new rows of an epoch come first, so that the nth event is that of the nth row of its slice.
        int[] lengths =
                rows.length == 0 ? NO_EVENTS : frame.column("event.lengths").ints(frame.block());
        IntArrayList of = new IntArrayList();
        IntArrayList from = new IntArrayList();
        IntArrayList to = new IntArrayList();
        int at = 0;
        for (int row = 0, i = 0; row < lengths.length && i < rows.length; row++) {
            int end = at + Math.max(0, lengths[row]);
            if (rows[i] == row) {
                if (lengths[row] >= 0) {
                    of.add(i);
                    from.add(at);
                    to.add(end);
                }
                i++;
            }
            at = end;
        }
        byte[] texts = frame.column("event").bytesBetween(frame.block(), from.toIntArray(), to.toIntArray());
        int start = 0;
        for (int i = 0; i < of.size(); i++) {
            int length = to.getInt(i) - from.getInt(i);
            target.take(of.getInt(i), texts, start, length);
            start += length;
        }
    }
}
