package io.nexusid.arrow.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A named column of a segment: typed blocks, each read and checked as a whole, every time. Borrowed from its segment.
 *
 * <p>A read allocates the block and 64 KiB; the checksum costs about a tenth of a nanosecond a byte. All methods that read
 * throw {@link io.nexusid.api.NexusDataException} with file and offset if the bytes are not those that were written.
 */
public final class SegmentColumn {
    private final Segment segment;
    private final String name;
    private final ColumnType type;
    private final SegmentDirectory.Extent[] blocks;

    SegmentColumn(Segment segment, String name, ColumnType type, SegmentDirectory.Extent[] blocks) {
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
        return blocks.length;
    }

    /** The number of elements of a block. */
    public int elements(int block) {
        return blocks[block].length() / type.width();
    }

    /** The number of elements of all blocks. */
    public long elements() {
        long elements = 0;
        for (int b = 0; b < blocks.length; b++) {
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
        byte[] target = new byte[blocks[block].length()];
        read(block, (piece, done) -> piece.get(target, (int) done, piece.remaining()));
        return target;
    }

    /** Reads a block of any type and forgets it: only the checksum counts. */
    void check(int block) throws IOException {
        read(block, (piece, done) -> {});
    }

    /** All elements of a column of {@link ColumnType#LONGS} that is known to be small. */
    long[] allLongs() throws IOException {
        if (blocks.length == 1) {
            return longs(0);
        }
        long[] all = new long[Math.toIntExact(elements())];
        int filled = 0;
        for (int b = 0; b < blocks.length; b++) {
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
        SegmentDirectory.Extent extent = blocks[block];
        byte[] bytes = new byte[Math.min(extent.length(), LocalDisk.PIECE)];
        CRC32C crc = new CRC32C();
        int done = 0;
        while (done < extent.length()) {
            int length = Math.min(bytes.length, extent.length() - done);
            segment.read(extent.offset() + done, bytes, length);
            crc.update(bytes, 0, length);
            sink.take(ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN), done);
            done += length;
        }
        if ((int) crc.getValue() != extent.crc()) {
            throw StoreDamage.at(
                    segment.file(),
                    extent.offset(),
                    "the checksum of block " + block + " of column " + name + " differs");
        }
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
