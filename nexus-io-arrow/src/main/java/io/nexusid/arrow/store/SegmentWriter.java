package io.nexusid.arrow.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes one segment, block after block, in any order of columns. Used by one thread; each call writes one block of at most
 * 1 GiB and keeps nothing of it. Closing without {@link #finish} leaves a file that no manifest names.
 */
public final class SegmentWriter implements Closeable {
    static final int LONGEST_DIRECTORY = 1 << 28;
    static final int LONGEST_BLOCK = 1 << 30;

    /** What the manifest will say beside the writer's own counts. */
    record Origin(String table, long number, long weight, int rewrites, long firstEpoch, long lastEpoch) {}

    /** Told of the finished segment, as the manifest will name it. */
    interface Owner {
        void finished(SegmentInfo segment) throws IOException;
    }

    private final Origin origin;
    private final Owner owner;
    private final WritableFile file;
    private final Map<String, SegmentDirectory.Column> columns = new LinkedHashMap<>();
    private final byte[] buffer = new byte[LocalDisk.PIECE];
    private final ByteBuffer view = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private int used;
    private long flushed;
    /** Bytes of the page that the checksum is over. */
    private int inPage;

    private boolean finished;

    SegmentWriter(Disk disk, long storeId, Origin origin, Owner owner) throws IOException {
        this.origin = origin;
        this.owner = owner;
        this.file = disk.create(FileNames.segment(origin.number()));
        byte[] header =
                FileHeader.write(FileHeader.SEGMENT, storeId, origin.number()).toBytes();
        System.arraycopy(header, 0, buffer, 0, header.length);
        used = header.length;
    }

    /** Appends a block to a column of {@link ColumnType#LONGS}. */
    public void longs(String column, long[] values, int from, int count) throws IOException {
        BlockIndex target = begin(column, ColumnType.LONGS, count);
        for (int i = from, end = from + count; i < end; ) {
            int fit = Math.min(end - i, room(Long.BYTES) / Long.BYTES);
            view.position(used).asLongBuffer().put(values, i, fit);
            took(fit * Long.BYTES, target);
            i += fit;
        }
        end(target);
    }

    /** Appends a block to a column of {@link ColumnType#INTS}. */
    public void ints(String column, int[] values, int from, int count) throws IOException {
        BlockIndex target = begin(column, ColumnType.INTS, count);
        for (int i = from, end = from + count; i < end; ) {
            int fit = Math.min(end - i, room(Integer.BYTES) / Integer.BYTES);
            view.position(used).asIntBuffer().put(values, i, fit);
            took(fit * Integer.BYTES, target);
            i += fit;
        }
        end(target);
    }

    /** Appends a block to a column of {@link ColumnType#BYTES}. */
    public void bytes(String column, byte[] values, int from, int count) throws IOException {
        BlockIndex target = begin(column, ColumnType.BYTES, count);
        for (int i = from, end = from + count; i < end; ) {
            int fit = Math.min(end - i, room(1));
            System.arraycopy(values, i, buffer, used, fit);
            took(fit, target);
            i += fit;
        }
        end(target);
    }

    /**
     * Writes the directory, syncs the file and hands it to the epoch.
     *
     * @param rows how many rows the segment holds, in the caller's counting
     */
    public void finish(long rows) throws IOException {
        requireOpen();
        finished = true;
        FieldWriter fields = SegmentDirectory.write(columns.values());
        int directoryCrc = fields.crc();
        byte[] directory = fields.toBytes();
        if (directory.length > LONGEST_DIRECTORY) {
            throw new IllegalStateException("too many blocks for one segment");
        }
        long directoryOffset = position();
        flush();
        file.write(directory, 0, directory.length);
        file.sync();
        file.close();
        owner.finished(new SegmentInfo(
                origin.table,
                origin.number,
                rows,
                origin.weight < 0 ? rows : origin.weight,
                origin.rewrites,
                origin.firstEpoch,
                origin.lastEpoch,
                directoryOffset + directory.length,
                directoryOffset,
                directoryCrc));
    }

    @Override
    public void close() throws IOException {
        finished = true;
        file.close();
    }

    private BlockIndex begin(String name, ColumnType type, int count) {
        requireOpen();
        long length = (long) count * type.width();
        if (length > LONGEST_BLOCK) {
            throw new IllegalArgumentException("a block of " + count + " elements is too long");
        }
        SegmentDirectory.Column column =
                columns.computeIfAbsent(name, n -> new SegmentDirectory.Column(n, type, new BlockIndex()));
        if (column.type() != type) {
            throw new IllegalArgumentException("column " + name + " holds " + column.type() + ", not " + type);
        }
        column.blocks().addBlock(position(), (int) length);
        return column.blocks();
    }

    private void end(BlockIndex target) {
        if (inPage > 0) {
            endPage(target);
        }
    }

    private void endPage(BlockIndex target) {
        target.addPage((int) crc.getValue());
        crc.reset();
        inPage = 0;
    }

    private void requireOpen() {
        if (finished) {
            throw new IllegalStateException("the segment is finished");
        }
    }

    private long position() {
        return flushed + used;
    }

    /** Room in the buffer for at least so many bytes. */
    private int room(int least) throws IOException {
        if (buffer.length - used < least) {
            flush();
        }
        return buffer.length - used;
    }

    private void took(int bytes, BlockIndex target) {
        for (int end = used + bytes; used < end; ) {
            int fit = Math.min(end - used, BlockIndex.PAGE - inPage);
            crc.update(buffer, used, fit);
            used += fit;
            inPage += fit;
            if (inPage == BlockIndex.PAGE) {
                endPage(target);
            }
        }
    }

    private void flush() throws IOException {
        int length = used;
        used = 0;
        file.write(buffer, 0, length);
        flushed += length;
    }
}
