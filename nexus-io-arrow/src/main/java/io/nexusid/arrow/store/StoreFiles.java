package io.nexusid.arrow.store;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a store: epochs of immutable segments, of which one is the last committed. One writer, kept alone by the
 * lock; any number of readers, in this process and others, who need no lock because no file ever changes.
 *
 * <p>A writer {@linkplain #begin begins} an epoch, writes segments, and commits. Files that no kept epoch names are deleted
 * after a commit and when a store is opened for writing, which is how the leftovers of a killed writer go.
 *
 * <p>Cost of a commit: a sync for each new segment and four more, and about 100 bytes of manifest for each segment. Open
 * reads one manifest and the header of each segment.
 */
public final class StoreFiles implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreFiles.class);

    private final Disk disk;
    private final StoreOptions options;
    private final @Nullable Closeable lock;
    /** Epochs whose files must stay; the last is the current one. Only a writer fills it. */
    private final SortedMap<Long, Manifest> kept = new TreeMap<>();

    private Snapshot latest;
    private long nextSegment;
    private @Nullable EpochWriter writer;
    private boolean closedToWriters;
    private boolean closed;

    private StoreFiles(Disk disk, StoreOptions options, @Nullable Closeable lock, Snapshot latest) {
        this.disk = disk;
        this.options = options;
        this.lock = lock;
        this.latest = latest;
        this.nextSegment = latest.manifest().nextSegment();
    }

    /**
     * Opens a store to write and read, and makes it first if the folder is empty; you close it.
     *
     * @throws IllegalStateException if this process writes to it already
     * @throws IOException if another process writes to it, or a file cannot be read or written
     * @throws io.nexusid.api.NexusDataException if the folder is no store or is damaged
     */
    public static StoreFiles openForWriting(Disk disk, StoreOptions options) throws IOException {
        Closeable lock = disk.lock(FileNames.LOCK);
        StoreFiles store = null;
        try {
            List<String> names = disk.list();
            if (!names.contains(FileNames.CURRENT)) {
                createEmpty(disk, names, options);
            }
            Manifest manifest = Manifest.read(disk, CurrentEpoch.read(disk));
            store = new StoreFiles(disk, options, lock, Snapshot.open(disk, manifest, Map.of()));
            // What was just read may be the work of a writer that died before its last sync: make it last.
            disk.sync();
            for (String name : names) {
                store.nextSegment = Math.max(store.nextSegment, FileNames.segmentOf(name) + 1);
            }
            store.kept.put(manifest.epoch(), manifest);
            store.deleteUnnamed();
            return store;
        } catch (Throwable t) {
            if (store != null) {
                store.latest.close();
            }
            Closing.after(t, lock);
            throw t;
        }
    }

    /** Whether there is a store, whole or damaged. */
    public static boolean isStore(Disk disk) throws IOException {
        return disk.list().contains(FileNames.CURRENT);
    }

    /**
     * Opens a store to read, without a lock and without writing anything; you close it.
     *
     * @throws io.nexusid.api.NexusDataException if the folder is no store or is damaged
     */
    public static StoreFiles openForReading(Disk disk) throws IOException {
        return new StoreFiles(disk, StoreOptions.defaults(), null, readLatest(disk, Map.of()));
    }

    /** The last committed epoch; you close it. Readers in other processes look at the disk each time. */
    public synchronized Snapshot openLatest() throws IOException {
        requireOpen();
        follow();
        return Snapshot.open(disk, latest.manifest(), latest.byNumber());
    }

    /** Looks, as a reader, what the last epoch is now; whether it was another one. */
    private boolean follow() throws IOException {
        if (lock != null || CurrentEpoch.read(disk) == latest.epoch()) {
            return false;
        }
        Snapshot next = readLatest(disk, latest.byNumber());
        latest.close();
        latest = next;
        return true;
    }

    /**
     * An epoch that is still kept, from {@link #oldestEpoch} to the latest; you close it. Readers in other processes look at the
     * disk first, and again if a writer drops the epoch while it is opened.
     *
     * @throws IllegalArgumentException if it is not kept
     */
    public synchronized Snapshot openEpoch(long epoch) throws IOException {
        requireOpen();
        follow();
        while (true) {
            if (epoch < oldestEpoch() || epoch > latest.epoch()) {
                throw new IllegalArgumentException("epoch " + epoch + " is not kept: the store has "
                        + (oldestEpoch() == latest.epoch() ? "only epoch " : "epochs " + oldestEpoch() + " to ")
                        + latest.epoch());
            }
            try {
                return Snapshot.open(disk, readOfStore(epoch), latest.byNumber());
            } catch (IOException | RuntimeException e) {
                // A writer deletes an epoch's files only after it has named a later one.
                if (!follow()) {
                    throw e;
                }
            }
        }
    }

    /** The oldest epoch that can be opened. */
    public synchronized long oldestEpoch() {
        return latest.manifest().oldestKept();
    }

    /**
     * Begins the next epoch; you commit or close it before the next.
     *
     * @throws IllegalStateException if one is begun already, or the store was opened to read, or a commit failed in a way
     *     that leaves only opening the store again
     */
    public synchronized EpochWriter begin() {
        requireOpen();
        if (lock == null) {
            throw new IllegalStateException("the store was opened to read");
        }
        if (closedToWriters) {
            throw new IllegalStateException("a commit could not be made to last: open the store again");
        }
        if (writer != null) {
            throw new IllegalStateException("an epoch is being written");
        }
        writer = new EpochWriter(this, disk, latest);
        return writer;
    }

    /** Reads every byte of every kept epoch. */
    public Verification verify() throws IOException {
        try (Snapshot snapshot = openLatest()) {
            return Verification.of(disk, snapshot.manifest());
        }
    }

    /** Drops an epoch that is not committed and frees the lock. Snapshots stay open until they are closed. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            latest.close();
            try {
                if (writer != null) {
                    writer.close();
                }
            } finally {
                if (lock != null) {
                    lock.close();
                }
            }
        }
    }

    synchronized long nextSegment() {
        return nextSegment++;
    }

    synchronized Manifest manifestOf(long epoch, SortedMap<String, String> properties, List<SegmentInfo> segments) {
        long oldest = Math.max(oldestEpoch(), epoch - options.keepEpochs() + 1);
        return new Manifest(epoch, oldest, latest.key(), nextSegment, properties, segments);
    }

    /** The epoch is on disk: readers may see it. */
    synchronized void publish(Manifest manifest, Snapshot next) {
        Snapshot last = latest;
        latest = next;
        writer = null;
        kept.put(manifest.epoch(), manifest);
        deleteUnnamed();
        last.close();
    }

    /** The epoch that was being written is gone. */
    synchronized void dropped() {
        writer = null;
    }

    synchronized void closeToWriters() {
        writer = null;
        closedToWriters = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }

    private static void createEmpty(Disk disk, List<String> names, StoreOptions options) throws IOException {
        String first = FileNames.manifest(0);
        Set<String> unfinished = Set.of(FileNames.LOCK, FileNames.NEXT_CURRENT, first);
        for (String name : names) {
            if (FileNames.epochOf(name) > 0 || FileNames.segmentOf(name) >= 0) {
                throw StoreDamage.in(FileNames.CURRENT, "the file is missing");
            }
            if (!unfinished.contains(name) && !name.startsWith(".")) {
                throw StoreDamage.ofFolder("the folder holds other files and is no store: name an empty folder");
            }
        }
        Manifest empty = new Manifest(0, 0, StoreKey.draw(options.random()), 0, new TreeMap<>(), List.of());
        Commit.prepare(disk, empty);
        disk.rename(FileNames.NEXT_CURRENT, FileNames.CURRENT);
    }

    /** Reads the epoch that is named; again if it was dropped between the reading of its name and of its files. */
    private static Snapshot readLatest(Disk disk, Map<Long, Segment> shared) throws IOException {
        if (!disk.list().contains(FileNames.CURRENT)) {
            throw StoreDamage.ofFolder("the folder is no store: there is no file " + FileNames.CURRENT);
        }
        while (true) {
            long epoch = CurrentEpoch.read(disk);
            try {
                return Snapshot.open(disk, Manifest.read(disk, epoch), shared);
            } catch (IOException | RuntimeException e) {
                if (CurrentEpoch.read(disk) == epoch) {
                    throw e;
                }
            }
        }
    }

    private Manifest readOfStore(long epoch) throws IOException {
        Manifest known = kept.get(epoch);
        if (known == null) {
            known = Manifest.read(disk, epoch);
            FileHeader.sameStore(known.file(), latest.key().id(), known.key().id());
        }
        return known;
    }

    /**
     * Deletes the files that no kept epoch names. What cannot be deleted now is tried again after the next commit. If the
     * manifest of a kept epoch is damaged nobody can say what it names: nothing is deleted until it is out of the window.
     */
    private void deleteUnnamed() {
        try {
            Set<String> named = new HashSet<>();
            kept.headMap(oldestEpoch()).clear();
            for (long epoch = oldestEpoch(); epoch <= latest.epoch(); epoch++) {
                Manifest manifest = readOfStore(epoch);
                kept.put(epoch, manifest);
                named.add(manifest.file());
                manifest.segments().forEach(s -> named.add(s.file()));
            }
            for (String name : disk.list()) {
                boolean ours = name.equals(FileNames.NEXT_CURRENT)
                        || FileNames.epochOf(name) >= 0
                        || FileNames.segmentOf(name) >= 0;
                if (ours && !named.contains(name)) {
                    disk.delete(name);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("files that are no longer needed could not be deleted: {}", e.toString());
        }
    }
}
