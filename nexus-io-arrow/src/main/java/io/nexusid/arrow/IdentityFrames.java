package io.nexusid.arrow;

import io.nexusid.api.ChangeReason;
import io.nexusid.arrow.store.EpochWriter;
import io.nexusid.arrow.store.Segment;
import io.nexusid.arrow.store.SegmentMerge;
import io.nexusid.arrow.store.SegmentWriter;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.graph.ChangeSet;
import io.nexusid.graph.IdentitySnapshot;
import io.nexusid.graph.KeyDictionary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What each epoch did to who is who, as a store writes it down: the identifiers and ids that were new, and the rows of the
 * {@link ChangeSet}. Replayed in order they are the living graph; the rows by themselves are the resolution log.
 *
 * <p>A frame is one block of every column. {@value #HEAD} has three longs: the epoch, the position of the frame within it,
 * and how many rows come before it in its epoch. An epoch of more than {@value #SLICE} identifiers, entities or rows has
 * several frames.
 */
final class IdentityFrames {
    static final String TABLE = "identity";

    private static final String HEAD = "head";
    static final int SLICE = 1 << 20;
    /** Their positions are what is written. */
    private static final List<ChangeReason> REASONS = List.of(
            ChangeReason.FULL_RESOLUTION,
            ChangeReason.BORN,
            ChangeReason.ACCRETED,
            ChangeReason.REPOINTED,
            ChangeReason.REOBSERVED);

    /** One frame, read. Of its rows the new identifiers come first, and each of those has an event. */
    static final class Frame {
        final long epoch;
        final int rowsBefore;
        final int[] kindType;
        final Texts kinds;
        final int[] nodeKind;
        final Texts nodes;
        final long[] high;
        final long[] low;
        final int[] anchor;
        final int[] node;
        final int[] entity;
        final int[] previous;
        final Texts events;
        /** By entity type, the latest load time of the epoch's rows. */
        final long[] watermarks;

        final int[] contested;
        private final byte[] reasons;

        private Frame(Reading reading) throws IOException {
            epoch = reading.epoch();
            rowsBefore = reading.rowsBefore();
            kindType = reading.ints("kind.of");
            kinds = reading.texts("kind");
            nodeKind = reading.ints("node.of");
            nodes = reading.texts("node");
            high = reading.longs("entity.high");
            low = reading.longs("entity.low");
            anchor = reading.ints("entity.anchor");
            node = reading.ints("row.node");
            entity = reading.ints("row.entity");
            previous = reading.ints("row.previous");
            reasons = reading.bytes("row.reason");
            events = reading.texts("event");
            watermarks = reading.longs("watermark");
            contested = reading.ints("contested");
        }

        int rows() {
            return node.length;
        }

        ChangeReason reason(int row) {
            return REASONS.get(reasons[row]);
        }
    }

    /** Texts one behind the other; a negative length is null. */
    static final class Texts {
        final byte[] bytes;
        final int[] lengths;

        private Texts(byte[] bytes, int[] lengths) {
            this.bytes = bytes;
            this.lengths = lengths;
        }

        int count() {
            return lengths.length;
        }
    }

    private IdentityFrames() {}

    /**
     * Writes an epoch.
     *
     * @param kinds all kinds, those before are a prefix
     * @param nodes all identifiers, those before are a prefix
     * @param firstKind how many kinds earlier frames have
     * @param firstNode how many identifiers earlier frames have
     * @param types how many entity types are resolved
     * @param eventIds what {@code events} are codes of
     * @param events by new row of the change set, its event or -1
     * @param length how much goes into one frame: {@link #SLICE}
     */
    static void write(
            EpochWriter epoch,
            KeyDictionary kinds,
            int firstKind,
            KeyDictionary nodes,
            int firstNode,
            ChangeSet changes,
            int types,
            KeyDictionary eventIds,
            int[] events,
            int length)
            throws IOException {
        IdentitySnapshot after = changes.after();
        int newNodes = nodes.size() - firstNode;
        int newEntities = after.entityNumbers() - changes.firstNewEntity();
        int most = Math.max(Math.max(newNodes, newEntities), Math.max(changes.rows(), events.length));
        try (SegmentWriter segment = epoch.create(TABLE)) {
            for (int slice = 0; slice == 0 || (long) slice * length < most; slice++) {
                Piece nodePiece = Piece.of(slice, length, newNodes);
                Piece entityPiece = Piece.of(slice, length, newEntities);
                Piece rowPiece = Piece.of(slice, length, changes.rows());
                segment.longs(HEAD, new long[] {epoch.epoch(), slice, rowPiece.from()}, 0, 3);
                writeKeys(segment, "kind", kinds, slice == 0 ? firstKind : kinds.size(), kinds.size());
                writeKeys(segment, "node", nodes, firstNode + nodePiece.from(), firstNode + nodePiece.to());
                writeEntities(segment, after, changes.firstNewEntity(), entityPiece);
                writeRows(segment, changes, rowPiece);
                Piece eventPiece = Piece.of(slice, length, events.length);
                int[] codes = Arrays.copyOfRange(events, eventPiece.from(), eventPiece.to());
                writeTexts(segment, "event", eventIds, codes);
                long[] watermarks = new long[types];
                Arrays.setAll(watermarks, changes::watermark);
                segment.longs("watermark", watermarks, 0, types);
                int[] contested = after.contestedEntities();
                segment.ints("contested", contested, 0, contested.length);
            }
            segment.finish(changes.rows());
        }
        epoch.mergeTiers(TABLE, SegmentMerge.concatenation());
    }

    private record Piece(int from, int to) {
        static Piece of(int slice, int length, int count) {
            long from = (long) slice * length;
            return new Piece((int) Math.min(count, from), (int) Math.min(count, from + length));
        }

        int length() {
            return to - from;
        }
    }

    private static void writeKeys(SegmentWriter segment, String name, KeyDictionary keys, int from, int to)
            throws IOException {
        int[] codes = new int[to - from];
        int[] kinds = new int[codes.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = from + i;
            kinds[i] = keys.kind(from + i);
        }
        segment.ints(name + ".of", kinds, 0, kinds.length);
        writeTexts(segment, name, keys, codes);
    }

    private static void writeTexts(SegmentWriter segment, String name, KeyDictionary keys, int[] codes)
            throws IOException {
        int[] lengths = new int[codes.length];
        int total = 0;
        for (int i = 0; i < codes.length; i++) {
            lengths[i] = codes[i] < 0 ? -1 : keys.length(codes[i]);
            total = Math.addExact(total, Math.max(0, lengths[i]));
        }
        byte[] bytes = new byte[total];
        int at = 0;
        for (int code : codes) {
            at += code < 0 ? 0 : keys.copyTo(code, bytes, at);
        }
        segment.ints(name + ".lengths", lengths, 0, lengths.length);
        segment.bytes(name, bytes, 0, bytes.length);
    }

    private static void writeEntities(SegmentWriter segment, IdentitySnapshot after, int first, Piece piece)
            throws IOException {
        long[] high = new long[piece.length()];
        long[] low = new long[piece.length()];
        int[] anchor = new int[piece.length()];
        for (int i = 0; i < anchor.length; i++) {
            int entity = first + piece.from() + i;
            high[i] = after.high(entity);
            low[i] = after.low(entity);
            anchor[i] = after.anchor(entity);
        }
        segment.longs("entity.high", high, 0, high.length);
        segment.longs("entity.low", low, 0, low.length);
        segment.ints("entity.anchor", anchor, 0, anchor.length);
    }

    private static void writeRows(SegmentWriter segment, ChangeSet changes, Piece piece) throws IOException {
        int count = piece.length();
        int[] node = new int[count];
        int[] entity = new int[count];
        int[] previous = new int[count];
        byte[] reason = new byte[count];
        for (int i = 0; i < count; i++) {
            int row = piece.from() + i;
            node[i] = changes.node(row);
            entity[i] = changes.entity(row);
            previous[i] = changes.previousEntity(row);
            reason[i] = (byte) REASONS.indexOf(changes.reason(row));
        }
        segment.ints("row.node", node, 0, count);
        segment.ints("row.entity", entity, 0, count);
        segment.ints("row.previous", previous, 0, count);
        segment.bytes("row.reason", reason, 0, count);
    }

    /** All frames of a snapshot in order, read one by one. */
    static List<Reading> all(Snapshot snapshot) throws IOException {
        List<Reading> readings = new ArrayList<>();
        for (Segment segment : snapshot.segments(TABLE)) {
            int count = segment.column(HEAD).blocks();
            for (int block = 0; block < count; block++) {
                long[] head = segment.column(HEAD).longs(block);
                readings.add(new Reading(segment, block, head[0], head[1], (int) head[2]));
            }
        }
        readings.sort(Comparator.comparingLong(Reading::epoch).thenComparingLong(Reading::slice));
        return readings;
    }

    /** A frame that can be read. */
    record Reading(Segment segment, int block, long epoch, long slice, int rowsBefore) {
        Frame read() throws IOException {
            return new Frame(this);
        }

        private int[] ints(String name) throws IOException {
            return segment.column(name).ints(block);
        }

        private long[] longs(String name) throws IOException {
            return segment.column(name).longs(block);
        }

        private byte[] bytes(String name) throws IOException {
            return segment.column(name).bytes(block);
        }

        private Texts texts(String name) throws IOException {
            return new Texts(bytes(name), ints(name + ".lengths"));
        }
    }
}
