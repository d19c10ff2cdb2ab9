package io.nexusid.arrow;

import io.nexusid.api.ChangeReason;
import io.nexusid.arrow.store.EpochWriter;
import io.nexusid.arrow.store.Segment;
import io.nexusid.arrow.store.SegmentColumn;
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
 * <p>A frame is one block of every column. {@value #HEAD} has four longs: the epoch, the position of the frame within it,
 * how many rows come before it in its epoch, and the first epoch of its generation (0 for that of a new store). An epoch of
 * more than {@value #SLICE} identifiers, entities or rows has several frames.
 *
 * <p>A rebuild begins a {@linkplain Generations generation}: its frames have all identifiers, kinds and entities anew, so
 * that those of generations before only serve the log.
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
            ChangeReason.REOBSERVED,
            ChangeReason.DROPPED);

    /** One frame, read. Of its rows the new identifiers come first, and each of those has an event. */
    static final class Frame {
        final long epoch;
        final int rowsBefore;
        final long[] high;
        final long[] low;
        final int[] anchor;
        /** By entity, the epoch that minted its id; none if it is this one of all of them. */
        private final int[] birth;

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
            high = reading.longs("entity.high");
            low = reading.longs("entity.low");
            anchor = reading.ints("entity.anchor");
            birth = reading.ints("entity.birth");
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

        /** The epoch that minted the id of an entity of this frame. */
        int birth(int entity) {
            return birth.length == 0 ? (int) epoch : birth[entity];
        }

        ChangeReason reason(int row) {
            return REASONS.get(reasons[row]);
        }
    }

    /** What a row of a frame says by this number. */
    static ChangeReason reason(byte number) {
        return REASONS.get(number);
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

    private static void add(KeyDictionary keys, int[] kinds, Texts texts) {
        int[] offsets = new int[texts.count() + 1];
        for (int i = 0; i < texts.count(); i++) {
            offsets[i + 1] = offsets[i] + texts.lengths[i];
        }
        keys.addAll(kinds, texts.bytes, offsets, kinds.length, new int[kinds.length], 0);
    }

    /**
     * What an epoch adds.
     *
     * @param generation the first epoch of its generation
     * @param kinds all kinds, those before are a prefix
     * @param nodes all identifiers, those before are a prefix
     * @param firstKind how many kinds earlier frames of the generation have
     * @param firstNode how many identifiers earlier frames of the generation have
     * @param firstEntity how many entities they have
     * @param changes what it did
     * @param eventIds what {@code events} are codes of
     * @param events by new row of the change set, its event or -1
     * @param types how many entity types are resolved
     */
    @SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
    record Added(
            long generation,
            KeyDictionary kinds,
            KeyDictionary nodes,
            int firstKind,
            int firstNode,
            int firstEntity,
            ChangeSet changes,
            KeyDictionary eventIds,
            int[] events,
            int types) {}

    /** Writes an epoch in frames of this length: {@link #SLICE}. */
    static void write(EpochWriter epoch, Added added, int length) throws IOException {
        ChangeSet changes = added.changes();
        IdentitySnapshot after = changes.after();
        KeyDictionary kinds = added.kinds();
        int newNodes = added.nodes().size() - added.firstNode();
        int newEntities = after.entityNumbers() - added.firstEntity();
        int events = added.events().length;
        int most = Math.max(Math.max(newNodes, newEntities), Math.max(changes.rows(), events));
        try (SegmentWriter segment = epoch.create(TABLE)) {
            for (int slice = 0; slice == 0 || (long) slice * length < most; slice++) {
                Piece nodePiece = Piece.of(slice, length, newNodes);
                Piece entityPiece = Piece.of(slice, length, newEntities);
                Piece rowPiece = Piece.of(slice, length, changes.rows());
                segment.longs(HEAD, new long[] {epoch.epoch(), slice, rowPiece.from(), added.generation()}, 0, 4);
                writeKeys(segment, "kind", kinds, slice == 0 ? added.firstKind() : kinds.size(), kinds.size());
                writeKeys(
                        segment,
                        "node",
                        added.nodes(),
                        added.firstNode() + nodePiece.from(),
                        added.firstNode() + nodePiece.to());
                writeEntities(segment, after, added.firstEntity(), entityPiece, (int) epoch.epoch());
                writeRows(segment, changes, rowPiece);
                Piece eventPiece = Piece.of(slice, length, events);
                int[] codes = Arrays.copyOfRange(added.events(), eventPiece.from(), eventPiece.to());
                writeTexts(segment, "event", added.eventIds(), codes);
                long[] watermarks = new long[added.types()];
                Arrays.setAll(watermarks, changes::watermark);
                segment.longs("watermark", watermarks, 0, watermarks.length);
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

    private static void writeEntities(SegmentWriter segment, IdentitySnapshot after, int first, Piece piece, int epoch)
            throws IOException {
        long[] high = new long[piece.length()];
        long[] low = new long[piece.length()];
        int[] anchor = new int[piece.length()];
        int[] birth = new int[piece.length()];
        for (int i = 0; i < anchor.length; i++) {
            int entity = first + piece.from() + i;
            high[i] = after.high(entity);
            low[i] = after.low(entity);
            anchor[i] = after.anchor(entity);
            birth[i] = after.birthEpoch(entity);
        }
        boolean ofThisEpoch = Arrays.stream(birth).allMatch(each -> each == epoch);
        segment.longs("entity.high", high, 0, high.length);
        segment.longs("entity.low", low, 0, low.length);
        segment.ints("entity.anchor", anchor, 0, anchor.length);
        segment.ints("entity.birth", birth, 0, ofThisEpoch ? 0 : birth.length);
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
                readings.add(new Reading(segment, block, head[0], head[1], (int) head[2], head[3]));
            }
        }
        readings.sort(Comparator.comparingLong(Reading::epoch).thenComparingLong(Reading::slice));
        return readings;
    }

    /** The frames of the generation that an epoch belongs to, up to it, in order. */
    static List<Reading> ofGeneration(Snapshot snapshot, long through) throws IOException {
        List<Reading> readings = all(snapshot);
        readings.removeIf(reading -> reading.epoch() > through);
        long generation = readings.stream().mapToLong(Reading::generation).max().orElse(0);
        readings.removeIf(reading -> reading.generation() < generation);
        return readings;
    }

    /** A frame that can be read. */
    record Reading(Segment segment, int block, long epoch, long slice, int rowsBefore, long generation) {
        Frame read() throws IOException {
            return new Frame(this);
        }

        /** Adds the kinds and identifiers that are new in it to those before. */
        void readNames(KeyDictionary kinds, KeyDictionary nodes) throws IOException {
            add(kinds, ints("kind.of"), texts("kind"));
            add(nodes, ints("node.of"), texts("node"));
        }

        /** The identifiers of the rows. */
        int[] nodes() throws IOException {
            return ints("row.node");
        }

        /** A column, of which this frame is one block. */
        SegmentColumn column(String name) throws IOException {
            return segment.column(name);
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
