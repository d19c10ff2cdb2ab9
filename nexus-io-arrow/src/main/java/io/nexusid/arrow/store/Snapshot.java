package io.nexusid.arrow.store;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One epoch, whole and unchanging, however the store goes on; you close it. Many threads may read. */
public final class Snapshot implements Closeable {
    private final Manifest manifest;
    private final List<Segment> segments;
    private boolean closed;

    private Snapshot(Manifest manifest, List<Segment> segments) {
        this.manifest = manifest;
        this.segments = segments;
    }

    /** Opens what the manifest names, sharing the files that are open already. */
    static Snapshot open(Disk disk, Manifest manifest, Map<Long, Segment> shared) throws IOException {
        List<Segment> segments = new ArrayList<>(manifest.segments().size());
        try {
            for (SegmentInfo info : manifest.segments()) {
                Segment known = shared.get(info.number());
                segments.add(
                        known != null && known.info().equals(info)
                                ? known.hold()
                                : Segment.open(disk, info, manifest.key().id()));
            }
        } catch (Throwable t) {
            segments.forEach(Segment::release);
            throw t;
        }
        return new Snapshot(manifest, segments);
    }

    /** The number of the epoch; 0 is the empty store. */
    public long epoch() {
        return manifest.epoch();
    }

    /** What a store is told at birth. */
    public StoreKey key() {
        return manifest.key();
    }

    /** What the writer of this epoch wanted to keep, by name. */
    public SortedMap<String, String> properties() {
        return new TreeMap<>(manifest.properties());
    }

    /** All segments, borrowed, in the order in which they were added. */
    public List<Segment> segments() {
        return new ArrayList<>(segments);
    }

    /** The segments of a table, borrowed, in the order in which they were added. */
    public List<Segment> segments(String table) {
        return segments.stream().filter(s -> s.info().table().equals(table)).toList();
    }

    /** The same epoch once more, however far the store has gone since; you close it on its own. */
    public synchronized Snapshot share() {
        if (closed) {
            throw new IllegalStateException("the snapshot is closed");
        }
        segments.forEach(Segment::hold);
        return new Snapshot(manifest, segments);
    }

    Manifest manifest() {
        return manifest;
    }

    Map<Long, Segment> byNumber() {
        Map<Long, Segment> byNumber = new TreeMap<>();
        for (Segment segment : segments) {
            byNumber.put(segment.info().number(), segment);
        }
        return byNumber;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            segments.forEach(Segment::release);
        }
    }
}
