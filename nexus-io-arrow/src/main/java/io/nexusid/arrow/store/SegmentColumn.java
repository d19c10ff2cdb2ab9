package io.nexusid.arrow.store;

import io.nexusid.api.NexusDataException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A named column of a segment: typed blocks, of which all is read or some elements; what is read is checked, every time, by
 * pages of 4 KiB. Borrowed from its segment. Any number of threads may read.
 *
 * <p>A read allocates what it returns and 64 KiB; the checksum costs about a tenth of a nanosecond a byte. Some elements cost
 * the pages they lie in, about two microseconds each if the file is in memory; pages that are no more than one apart are
 * read at once, so that many elements cost no more than all. All methods that read throw {@link
 * NexusDataException} with file and offset if the bytes are not those that were written.
 */
public final class SegmentColumn {
    /** A page that is not asked for costs less than to read what lies before and behind it one by one. */
    private static final int PASSED_PAGES = 1;

    private static final int PIECE_PAGES = LocalDisk.PIECE / BlockIndex.PAGE;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Segment segment;
    private final String name;
    private final ColumnType type;
    private final BlockIndex blocks;
    /** Set once the column was read as one. */
    private volatile long @Nullable [] all;

    SegmentColumn(Segment segment, String name, ColumnType type, BlockIndex blocks) {
        this.segment = segment;
        this.name = name;
        this.type = type;
        this.blocks = blocks;
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** What the blocks hold. */
    public ColumnType type() {
        return type;
    }

    /** The number of blocks. */
    public int blocks() {
        return blocks.blocks();
    }

    /** The number of elements of a block. */
    public int elements(int block) {
        return blocks.length(block) / type.width();
    }

    /** The number of elements of all blocks. */
    public long elements() {
        long elements = 0;
        for (int b = 0; b < blocks(); b++) {
            elements += elements(b);
        }
        return elements;
    }

    /** Reads a block of {@link ColumnType#LONGS}. */
    public long[] longs(int block) throws IOException {
        long[] target = new long[elements(block)];
        longs(block, target);
        return target;
    }

    /** Reads a block of {@link ColumnType#LONGS} to the start of an array; returns the number of elements. */
    public int longs(int block, long[] target) throws IOException {
        expect(ColumnType.LONGS);
        read(block, (piece, done) -> {
            int count = piece.remaining() / Long.BYTES;
            piece.asLongBuffer().get(target, (int) (done / Long.BYTES), count);
        });
        return elements(block);
    }

    /** Reads a block of {@link ColumnType#INTS}. */
    public int[] ints(int block) throws IOException {
        int[] target = new int[elements(block)];
        ints(block, target);
        return target;
    }

    /** Reads a block of {@link ColumnType#INTS} to the start of an array; returns the number of elements. */
    public int ints(int block, int[] target) throws IOException {
        expect(ColumnType.INTS);
        read(block, (piece, done) -> {
            int count = piece.remaining() / Integer.BYTES;
            piece.asIntBuffer().get(target, (int) (done / Integer.BYTES), count);
        });
        return elements(block);
    }

    /** Reads a block of {@link ColumnType#BYTES}. */
    public byte[] bytes(int block) throws IOException {
        expect(ColumnType.BYTES);
        byte[] target = new byte[blocks.length(block)];
        read(block, (piece, done) -> piece.get(target, (int) done, piece.remaining()));
        return target;
    }

    /**
     * Reads some elements of a block of {@link ColumnType#LONGS}.
     *
     * @param at their positions, ascending
     */
    public long[] longsAt(int block, int[] at) throws IOException {
        expect(ColumnType.LONGS);
        long[] target = new long[at.length];
        readElements(block, at, (i, bytes, from) -> target[i] = (long) LONG.get(bytes, from));
        return target;
    }

    /**
     * Reads some elements of a block of {@link ColumnType#INTS}.
     *
     * @param at their positions, ascending
     */
    public int[] intsAt(int block, int[] at) throws IOException {
        expect(ColumnType.INTS);
        int[] target = new int[at.length];
        readElements(block, at, (i, bytes, from) -> target[i] = (int) INT.get(bytes, from));
        return target;
    }

    /**
     * Reads some bytes of a block of {@link ColumnType#BYTES}.
     *
     * @param at their positions, ascending
     */
    public byte[] bytesAt(int block, int[] at) throws IOException {
        expect(ColumnType.BYTES);
        byte[] target = new byte[at.length];
        readElements(block, at, (i, bytes, from) -> target[i] = bytes[from]);
        return target;
    }

    /**
     * Reads some parts of a block of {@link ColumnType#BYTES}, which come one behind the other.
     *
     * @param from where they begin, ascending
     * @param to where they end, none behind the next one's beginning
     */
    public byte[] bytesBetween(int block, int[] from, int[] to) throws IOException {
        expect(ColumnType.BYTES);
        int[] starts = new int[from.length];
        long length = 0;
        for (int i = 0; i < from.length; i++) {
            expectInside(block, from[i], to[i]);
            starts[i] = (int) length;
            length += to[i] - from[i];
            expectInside(block, 0, length);
        }
        byte[] target = new byte[(int) length];
        read(block, from.length, new Parts() {
            @Override
            public long from(int part) {
                return from[part];
            }

            @Override
            public long to(int part) {
                return to[part];
            }

            @Override
            public void take(int part, byte[] bytes, int at) {
                System.arraycopy(bytes, at, target, starts[part], to[part] - from[part]);
            }
        });
        return target;
    }

    /** Takes an element that lies here. */
    private interface Element {
        void take(int i, byte[] bytes, int at);
    }

    private void readElements(int block, int[] at, Element element) throws IOException {
        long width = type.width();
        read(block, at.length, new Parts() {
            @Override
            public long from(int part) {
                return at[part] * width;
            }

            @Override
            public long to(int part) {
                return (at[part] + 1) * width;
            }

            @Override
            public void take(int part, byte[] bytes, int from) {
                element.take(part, bytes, from);
            }
        });
    }

    /** Reads a block of any type and forgets it: only the checksum counts. */
    void check(int block) throws IOException {
        read(block, (piece, done) -> {});
    }

    /** All elements of a column of {@link ColumnType#LONGS} that is known to be small; read once and kept. Not to be changed. */
    public long[] smallLongs() throws IOException {
        long[] known = all;
        if (known == null) {
            known = allLongs();
            all = known;
        }
        return known;
    }

    /** All elements of a column of {@link ColumnType#LONGS}. */
    long[] allLongs() throws IOException {
        if (blocks() == 1) {
            return longs(0);
        }
        long[] all = new long[Math.toIntExact(elements())];
        int filled = 0;
        for (int b = 0; b < blocks(); b++) {
            long[] block = longs(b);
            System.arraycopy(block, 0, all, filled, block.length);
            filled += block.length;
        }
        return all;
    }

    private void expect(ColumnType expected) {
        if (type != expected) {
            throw StoreDamage.in(segment.file(), "column " + name + " holds " + type + ", not " + expected);
        }
    }

    /** Takes the next bytes of a block, which begin so many bytes behind its start. */
    private interface Sink {
        void take(ByteBuffer piece, long done);
    }

    private void read(int block, Sink sink) throws IOException {
        int pages = BlockIndex.pages(blocks.length(block));
        byte[] bytes = new byte[Math.min(blocks.length(block), LocalDisk.PIECE)];
        for (int page = 0; page < pages; page += PIECE_PAGES) {
            int length = readPages(block, page, Math.min(pages, page + PIECE_PAGES), bytes);
            sink.take(ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN), (long) page * BlockIndex.PAGE);
        }
    }

    /** Reads and checks some pages of a block; returns how many bytes they have. */
    private int readPages(int block, int page, int endPage, byte[] target) throws IOException {
        int start = page * BlockIndex.PAGE;
        int length = (int) Math.min((long) endPage * BlockIndex.PAGE, blocks.length(block)) - start;
        segment.read(blocks.offset(block) + start, target, length);
        CRC32C crc = new CRC32C();
        for (int at = 0, p = page; at < length; at += BlockIndex.PAGE, p++) {
            crc.update(target, at, Math.min(BlockIndex.PAGE, length - at));
            if ((int) crc.getValue() != blocks.checksum(block, p)) {
                throw StoreDamage.at(
                        segment.file(),
                        blocks.offset(block) + start + at,
                        "the checksum of block " + block + " of column " + name + " differs");
            }
            crc.reset();
        }
        return length;
    }

    /** Parts of a block, in ascending order. */
    private interface Parts {
        /** Where a part begins in the block, in bytes. */
        long from(int part);

        /** Where it ends. */
        long to(int part);

        /** Takes a part, which was found here; is not called for empty ones. */
        void take(int part, byte[] bytes, int at);
    }

    private void read(int block, int count, Parts parts) throws IOException {
        byte[] bytes = {};
        for (int first = 0; first < count; ) {
            long page = parts.from(first) / BlockIndex.PAGE;
            long endPage = page;
            int next = first;
            for (; next < count; next++) {
                expectInside(block, parts.from(next), parts.to(next));
                if (parts.from(next) == parts.to(next)) {
                    continue;
                }
                long begins = parts.from(next) / BlockIndex.PAGE;
                long ends = (parts.to(next) - 1) / BlockIndex.PAGE + 1;
                boolean reads = endPage > page;
                if (reads && begins < page) {
                    throw outside(block);
                }
                if (reads && (begins > endPage + PASSED_PAGES || ends > page + PIECE_PAGES)) {
                    break;
                }
                page = reads ? page : begins;
                endPage = Math.max(endPage, ends);
            }
            if (endPage > page) {
                bytes = room(bytes, (endPage - page) * BlockIndex.PAGE);
                readPages(block, (int) page, (int) endPage, bytes);
                for (int part = first; part < next; part++) {
                    if (parts.from(part) < parts.to(part)) {
                        parts.take(part, bytes, (int) (parts.from(part) - page * BlockIndex.PAGE));
                    }
                }
            }
            first = next;
        }
    }

    private void expectInside(int block, long from, long to) {
        if (from < 0 || to < from || to > blocks.length(block)) {
            throw outside(block);
        }
    }

    private NexusDataException outside(int block) {
        return StoreDamage.at(
                segment.file(),
                blocks.offset(block),
                "block " + block + " of column " + name + " does not have what is said to be in it");
    }

    private static byte[] room(byte[] bytes, long length) {
        return bytes.length >= length ? bytes : new byte[(int) Math.min(Math.max(length, 2L * bytes.length), 1 << 30)];
    }

    /** Reads from a file whose length was right when it was opened. */
    static void readFully(ReadableFile file, String name, long position, byte[] target, int length) throws IOException {
        try {
            file.read(position, target, 0, length);
        } catch (EOFException e) {
            throw StoreDamage.at(name, position, "the end of the file");
        }
    }
}
