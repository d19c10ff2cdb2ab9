package io.nexusid.arrow.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An immutable file of named columns. Header and length are checked when it is opened, the directory when a column is first
 * asked for, a block whenever it is read. Many threads may read.
 *
 * <p>The file stays open for as long as a snapshot holds it, so a segment can be read to its end even if its epoch is
 * dropped meanwhile.
 */
public final class Segment {
    private static final Logger LOG = LoggerFactory.getLogger(Segment.class);

    private final SegmentInfo info;
    private final ReadableFile file;
    private volatile @Nullable Map<String, SegmentColumn> columns;
    private int holders = 1;

    private Segment(SegmentInfo info, ReadableFile file) {
        this.info = info;
        this.file = file;
    }

    static Segment open(Disk disk, SegmentInfo info, long storeId) throws IOException {
        ReadableFile file;
        try {
            file = disk.open(info.file());
        } catch (NoSuchFileException e) {
            throw StoreDamage.in(info.file(), "the file is missing");
        }
        try {
            long length = file.length();
            if (length != info.length()) {
                throw StoreDamage.in(info.file(), length + " bytes long instead of " + info.length());
            }
            byte[] header = new byte[FileHeader.LENGTH];
            SegmentColumn.readFully(file, info.file(), 0, header, header.length);
            long owner = FileHeader.read(info.file(), header, FileHeader.SEGMENT, info.number());
            FileHeader.sameStore(info.file(), storeId, owner);
            return new Segment(info, file);
        } catch (Throwable t) {
            Closing.after(t, file);
            throw t;
        }
    }

    /** What the manifest says about it. */
    public SegmentInfo info() {
        return info;
    }

    /** The column of this name. */
    public SegmentColumn column(String name) throws IOException {
        SegmentColumn column = directory().get(name);
        if (column == null) {
            throw StoreDamage.in(file(), "there is no column " + name);
        }
        return column;
    }

    /** All columns, in the order in which they were begun. */
    public Collection<SegmentColumn> columns() throws IOException {
        return directory().values();
    }

    String file() {
        return info.file();
    }

    void read(long position, byte[] target, int length) throws IOException {
        SegmentColumn.readFully(file, file(), position, target, length);
    }

    private Map<String, SegmentColumn> directory() throws IOException {
        Map<String, SegmentColumn> known = columns;
        if (known == null) {
            byte[] bytes = new byte[Math.toIntExact(directoryLength())];
            read(info.directoryOffset(), bytes, bytes.length);
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, bytes.length);
            if ((int) crc.getValue() != info.directoryCrc()) {
                throw StoreDamage.at(file(), info.directoryOffset(), "the checksum of the directory differs");
            }
            FieldReader fields = new FieldReader(file(), info.directoryOffset(), bytes);
            known = SegmentDirectory.read(this, fields, info.directoryOffset());
            columns = known;
        }
        return known;
    }

    private long directoryLength() {
        long length = info.length() - info.directoryOffset();
        if (length > SegmentWriter.LONGEST_DIRECTORY) {
            throw StoreDamage.at(file(), info.directoryOffset(), "a directory of " + length + " bytes");
        }
        return length;
    }

    synchronized Segment hold() {
        if (holders == 0) {
            throw new IllegalStateException(file() + " is closed");
        }
        holders++;
        return this;
    }

    /** Lets go; the last one closes the file. */
    synchronized void release() {
        if (--holders == 0) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.warn("{}, which was only read, could not be closed: {}", file(), e.toString());
            }
        }
    }
}
