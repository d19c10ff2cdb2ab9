package io.nexusid.arrow.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The next epoch while it is written. It begins with all segments and properties of the last one. Nobody sees anything of
 * it before {@link #commit}; {@link #close} without that deletes its files. Used by one thread, except that segments may be
 * written side by side.
 */
public final class EpochWriter implements Closeable {
    private final StoreFiles store;
    private final Disk disk;
    private final Snapshot base;
    private final long epoch;
    private final Map<Long, SegmentInfo> segments = new LinkedHashMap<>();
    private final Map<Long, Segment> open;
    private final List<String> created = new ArrayList<>();
    private final Set<String> unfinished = new HashSet<>();
    private final SortedMap<String, String> properties;
    private boolean done;

    EpochWriter(StoreFiles store, Disk disk, Snapshot base) {
        this.store = store;
        this.disk = disk;
        this.base = base;
        this.epoch = base.epoch() + 1;
        this.properties = new TreeMap<>(base.properties());
        this.open = base.byNumber();
        for (Segment segment : base.segments()) {
            segment.hold();
            segments.put(segment.info().number(), segment.info());
        }
    }

    /** The number this epoch will have. */
    public long epoch() {
        return epoch;
    }

    /** Sets a property; the others stay as they were. */
    public void property(String name, String value) {
        requireOpen();
        properties.put(name, value);
    }

    /** Begins a segment with rows of this epoch; you finish and close it before the commit. */
    public SegmentWriter create(String table) throws IOException {
        return create(table, -1, 0, epoch, epoch);
    }

    /** Leaves a segment of the last epoch, or of this one, out of this one. */
    public void drop(Segment segment) {
        requireOpen();
        drop(segment.info());
    }

    /** Merges segments of the table, those of this epoch included, until each tier has few ({@link SegmentTiers}). */
    public void mergeTiers(String table, SegmentMerge merge) throws IOException {
        for (List<SegmentInfo> due = SegmentTiers.next(infos(table));
                !due.isEmpty();
                due = SegmentTiers.next(infos(table))) {
            int rewrites = due.stream().mapToInt(SegmentInfo::rewrites).max().orElse(0);
            merge(table, due, rewrites + 1, merge);
        }
    }

    /** Merges all segments of the table into one. */
    public void mergeAll(String table, SegmentMerge merge) throws IOException {
        List<SegmentInfo> all = infos(table);
        if (all.size() > 1) {
            merge(table, all, 0, merge);
        }
    }

    /** Writes all segments of the table anew, as one. */
    public void rewrite(String table, SegmentMerge rewriting) throws IOException {
        List<SegmentInfo> all = infos(table);
        if (!all.isEmpty()) {
            merge(table, all, 0, rewriting);
        }
    }

    /**
     * Makes this the store's epoch, on disk first. If it fails before the new epoch is named, its files are deleted and the
     * store goes on with the last one. If it fails after that, it is not known which of the two a loss of power would
     * leave: the store is closed to writers, and opening it again decides.
     */
    public void commit() throws IOException {
        requireOpen();
        if (!unfinished.isEmpty()) {
            throw new IllegalStateException("segments that were begun and not finished: " + unfinished);
        }
        done = true;
        Manifest manifest = store.manifestOf(epoch, properties, List.copyOf(segments.values()));
        Snapshot next = null;
        try {
            next = Snapshot.open(disk, manifest, open);
            created.add(manifest.file());
            created.add(FileNames.NEXT_CURRENT);
            Commit.prepare(disk, manifest);
            Commit.name(disk, base.epoch());
        } catch (Commit.InDoubt e) {
            store.closeToWriters();
            release(next);
            throw e;
        } catch (Throwable t) {
            release(next);
            rollBack(t);
            throw t;
        }
        try {
            Commit.makeLast(disk);
        } catch (Throwable t) {
            store.closeToWriters();
            release(next);
            throw t;
        }
        release(null);
        store.publish(manifest, next);
    }

    /** Drops the epoch, unless it was committed. */
    @Override
    public void close() throws IOException {
        if (!done) {
            done = true;
            IOException failure = new IOException("the files of epoch " + epoch + " could not be deleted");
            rollBack(failure);
            if (failure.getSuppressed().length > 0) {
                throw failure;
            }
        }
    }

    private synchronized SegmentWriter create(String table, long weight, int rewrites, long first, long last)
            throws IOException {
        requireOpen();
        long number = store.nextSegment();
        created.add(FileNames.segment(number));
        unfinished.add(FileNames.segment(number));
        SegmentWriter.Origin origin = new SegmentWriter.Origin(table, number, weight, rewrites, first, last);
        return new SegmentWriter(disk, base.key().id(), origin, this::finished);
    }

    private synchronized void finished(SegmentInfo info) {
        requireOpen();
        segments.put(info.number(), info);
        unfinished.remove(info.file());
    }

    private synchronized void drop(SegmentInfo info) {
        if (segments.remove(info.number()) == null) {
            throw new IllegalArgumentException(info.file() + " is not in this epoch");
        }
    }

    private synchronized List<SegmentInfo> infos(String table) {
        return segments.values().stream().filter(s -> s.table().equals(table)).toList();
    }

    private void merge(String table, List<SegmentInfo> inputs, int rewrites, SegmentMerge merge) throws IOException {
        long weight = 0;
        long first = epoch;
        long last = 0;
        List<Segment> opened = new ArrayList<>();
        for (SegmentInfo input : inputs) {
            weight += input.weight();
            first = Math.min(first, input.firstEpoch());
            last = Math.max(last, input.lastEpoch());
            opened.add(open(input));
        }
        try (SegmentWriter output = create(table, weight, rewrites, first, last)) {
            output.finish(merge.merge(opened, output));
        }
        inputs.forEach(this::drop);
    }

    private Segment open(SegmentInfo info) throws IOException {
        Segment known = open.get(info.number());
        if (known == null) {
            known = Segment.open(disk, info, base.key().id());
            open.put(info.number(), known);
        }
        return known;
    }

    /** Deletes what was created; what cannot be deleted is reported with the cause, and goes with the next commit. */
    private void rollBack(Throwable cause) {
        release(null);
        for (String name : created) {
            try {
                disk.delete(name);
            } catch (IOException e) {
                if (!(e instanceof NoSuchFileException)) {
                    cause.addSuppressed(e);
                }
            }
        }
        store.dropped();
    }

    private void release(@Nullable Snapshot next) {
        if (next != null) {
            next.close();
        }
        open.values().forEach(Segment::release);
        open.clear();
    }

    private void requireOpen() {
        if (done) {
            throw new IllegalStateException("the epoch is committed or dropped");
        }
    }
}
