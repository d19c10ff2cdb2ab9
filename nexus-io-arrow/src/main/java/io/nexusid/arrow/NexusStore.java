package io.nexusid.arrow;

import io.nexusid.api.IdForm;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ProgressListener;
import io.nexusid.arrow.store.LocalDisk;
import io.nexusid.arrow.store.StoreFiles;
import io.nexusid.arrow.store.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/**
 * A folder that knows who is who, and learns: each {@link #append} applies a log to what is known, keeps ids as they are
 * but for merges, and says what changed.
 *
 * <pre>{@code
 * try (NexusStore store = NexusStore.open(Path.of("store"), NexusConfig.defaults());
 *      EventLog log = store.read(Path.of("today"))) {
 *   Changes changes = store.append(log);
 *   try (ResolvedTables tables = store.tables()) {
 *     tables.write(Path.of("out"), TableFormat.PARQUET);
 *   }
 * }
 * }</pre>
 *
 * <p>An append is one epoch: all of it is on disk when it returns, or nothing of it, whatever happens to the process or the
 * machine. Rows that were taken before are not taken again, so a log may be delivered twice. {@code docs/store.md} says
 * what is promised, {@code docs/store-format.md} what the files hold.
 *
 * <p>One thread appends; a lock keeps other processes from it. Any number of threads may read meanwhile, and do not wait for
 * it: what one call gives is of one epoch as a whole, the last that was committed when it began. Tables and readers keep the
 * epoch they were asked of. Owns its memory; logs and tables are closed first.
 */
public final class NexusStore implements AutoCloseable {
    /** An identifier, as rows name it. */
    public record Identifier(String entityType, String type, String value) {}

    private final StoreFiles files;
    private final PublishedEpoch published;
    /** Guarded by this; null if the store was opened to read. */
    private final @Nullable StoreWriter writer;

    private final @Nullable Changes rebuilt;
    private volatile ProgressListener progress = ProgressListener.NONE;

    /** Takes over what {@link StoreOpening} opened, with the allocator of the epoch. */
    NexusStore(StoreFiles files, PublishedEpoch published, @Nullable StoreWriter writer, @Nullable Changes rebuilt) {
        this.files = files;
        this.published = published;
        this.writer = writer;
        this.rebuilt = rebuilt;
    }

    /**
     * Opens a store to append and read; makes it if the folder is empty or not there.
     *
     * @throws io.nexusid.api.NexusConfigException if the store was made with settings that decide who is who and are others
     *     now, or a store cannot do what the settings ask
     * @throws IllegalStateException if this process has opened it to append already
     * @throws IOException if another process has, or a file cannot be read or written
     * @throws io.nexusid.api.NexusDataException if the folder is no store or is damaged
     */
    public static NexusStore open(Path dir, NexusConfig config) throws IOException {
        return StoreOpening.toAppend().config(config).open(LocalDisk.create(dir));
    }

    /**
     * As {@link #open(Path, NexusConfig)}; but if the store was made with other settings of those that decide who is who, all
     * rows it has kept are resolved anew, as an epoch. Each id goes to the part that has most of its identifiers, of parts
     * with equally many to that with the smallest identifier; where several come to one, the survivor rule decides; what has
     * moved is logged. {@code docs/store.md} says more.
     *
     * <p>Costs a resolution of all kept rows, and writes their marks anew if what identifiers resolve on changed, or which
     * types are resolved.
     */
    public static NexusStore openRebuilding(Path dir, NexusConfig config) throws IOException {
        return StoreOpening.toAppend().config(config).rebuilding().open(LocalDisk.create(dir));
    }

    /** What opening changed if it {@linkplain #openRebuilding rebuilt} the store; empty if the rules were the same. */
    public Optional<Changes> rebuilt() {
        return Optional.ofNullable(rebuilt);
    }

    /** As {@link #open(Path, NexusConfig)}, with the settings it was last appended to with; the defaults for a new store. */
    public static NexusStore open(Path dir) throws IOException {
        return StoreOpening.toAppend().open(LocalDisk.create(dir));
    }

    /**
     * Opens a store to read, with the settings it was last appended to with. Takes no lock and writes nothing; sees the
     * epoch that was the last when it was opened.
     */
    public static NexusStore openToRead(Path dir) throws IOException {
        return openToRead(dir, ReadOptions.defaults());
    }

    /**
     * As {@link #openToRead(Path)}, with these settings: what they declare of states and periods, which a store does not keep,
     * is derived, too.
     *
     * @throws io.nexusid.api.NexusConfigException if the store was made with settings that decide who is who and are others
     *     now, or a store cannot do what the settings ask
     */
    public static NexusStore openToRead(Path dir, NexusConfig config) throws IOException {
        return openToRead(dir, ReadOptions.defaults().config(config));
    }

    /** As {@link #openToRead(Path)}, with ids in this form, whatever the settings say. */
    public static NexusStore openToRead(Path dir, IdForm ids) throws IOException {
        return openToRead(dir, ReadOptions.defaults().ids(ids));
    }

    /**
     * As {@link #openToRead(Path)}, at an epoch before the last: all that the store said then, with the settings and, before a
     * {@linkplain #openRebuilding rebuild}, the rules of then. Once it is open it stays readable, however far the store goes.
     *
     * @throws IllegalArgumentException if the store does not keep this epoch: says which it keeps
     */
    public static NexusStore openToRead(Path dir, long epoch) throws IOException {
        return openToRead(dir, ReadOptions.defaults().epoch(epoch));
    }

    /** As the others, with any of their choices together. */
    public static NexusStore openToRead(Path dir, ReadOptions options) throws IOException {
        return StoreOpening.toRead(options).open(LocalDisk.of(dir));
    }

    /** The settings. */
    public NexusConfig config() {
        return published.last().config();
    }

    /** The last epoch, or the one that was opened to read; 0 before the first append. */
    public long epoch() {
        return published.last().number();
    }

    /** Tells a listener what each {@link #append} is at; once a stage begins, with no counts. */
    public NexusStore progress(ProgressListener listener) {
        progress = listener;
        return this;
    }

    /** Opens the tables of a folder to be appended, as {@link Nexus#read} does; you close the log. */
    public EventLog read(Path dir) throws IOException {
        return EventLog.open(dir, config(), allocator());
    }

    /** Collects tables that are in memory, or come as Arrow streams, into a log to be appended. */
    public EventLog.Builder collect() {
        return EventLog.builder(config(), allocator());
    }

    /**
     * Applies a log. Looks at all rows first: if one is bad and its fault's policy is to fail, nothing has changed. A log
     * without a new row changes no byte of the store.
     *
     * @param log of {@link #read} or {@link #collect}
     * @throws io.nexusid.api.NexusDataException if a row is bad, or says not when it was loaded where it must
     * @throws IOException if a file cannot be read or written; the store is as it was, unless the message says otherwise
     * @throws IllegalStateException if the store was opened to read, or an earlier failure asks to open it again
     */
    public synchronized Changes append(EventLog log) throws IOException {
        return writer().append(log, progress);
    }

    private StoreWriter writer() {
        published.requireOpen();
        if (writer == null) {
            throw new IllegalStateException("the store was opened to read");
        }
        return writer;
    }

    /** By source, the latest {@code _ingested_at} of a row that was taken, whatever its table. */
    public Map<String, Instant> watermarks() {
        published.requireOpen();
        return published.last().watermarks();
    }

    /** All resolved tables of the last epoch, as {@link Nexus#resolve(EventLog)} gives them; you close them. */
    public ResolvedTables tables() throws IOException {
        return tables(Nexus.namesByDefault(config()));
    }

    /**
     * Resolved tables of the last epoch, reading and computing only what these need; you close them, before the store.
     *
     * @throws IllegalArgumentException if a name is none of the tables of this configuration
     */
    public ResolvedTables tables(Collection<String> names) throws IOException {
        return published.read(epoch -> epoch.tables(names));
    }

    /**
     * The life of the entity that owns an identifier, as {@link ResolvedTables#timelines} gives it, and how its identifiers
     * came to it: the rows that {@link #log()} has of them, at the time their rows were loaded. Costs what {@link
     * #tablesAbout} and {@link #historyOf} cost.
     */
    public List<EntityTimeline> timelines(String entityType, String identifierType, String value) throws IOException {
        return published.read(epoch -> epoch.timelines(entityType, identifierType, value));
    }

    /**
     * Derived tables of only the rows about one entity, for whoever asks about one: they say of it what {@link #tables} says,
     * and of others less or nothing. Looks at 4 to 8 bytes of every kept row instead of all of them, unless a table's columns
     * can be told only from all rows. You close them, before the store.
     *
     * @param id any id that the entity ever had; the tables are empty if it was never given out
     * @param names tables as {@link Changes#tables()} has them
     * @throws IllegalArgumentException if a name is none of these
     */
    public ResolvedTables tablesAbout(String id, Collection<String> names) throws IOException {
        return published.read(epoch -> epoch.tablesAbout(id, names));
    }

    /** {@code nexus_resolution_log}: all that ever became of identifiers, in the order of epoch and seq; you close it. */
    public ArrowReader log() throws IOException {
        return log(0);
    }

    /** The rows of the log that later epochs than this one have added; you close the reader, before the store. */
    public ArrowReader log(long sinceEpoch) throws IOException {
        return published.read(epoch -> epoch.reader(epoch.log(sinceEpoch)));
    }

    /**
     * The rows of {@link #log()} about the identifiers that an entity has now, in the same order; you close the reader,
     * before the store. Looks at 4 bytes of every row of the log and reads those it finds.
     *
     * @param id any id that the entity ever had; there are no rows if it was never given out
     */
    public ArrowReader historyOf(String id) throws IOException {
        return published.read(epoch -> epoch.reader(epoch.history(id)));
    }

    /** Writes {@code nexus_resolution_log}, of the epochs after one, to {@code dir/nexus_resolution_log.FORMAT}. */
    public void writeLog(long sinceEpoch, Path dir, TableFormat format) throws IOException {
        TableRows rows = published.read(epoch -> epoch.log(sinceEpoch));
        StoredTables.write(ResolutionLog.TABLE, rows, config(), allocator(), dir, format);
    }

    /**
     * {@code nexus_id_aliases}: every id that was given out and does not live any more, and the id that its identifiers have
     * now, with the epoch and the load time that ended it. Each id once, in the order of type and id; no id here leads to
     * another one here. You close the reader, before the store.
     */
    public ArrowReader aliases() throws IOException {
        return published.read(epoch -> epoch.reader(epoch.aliases()));
    }

    /** Writes {@code nexus_id_aliases} to {@code dir/nexus_id_aliases.FORMAT}. */
    public void writeAliases(Path dir, TableFormat format) throws IOException {
        TableRows rows = published.read(StoredEpoch::aliases);
        StoredTables.write(IdAliases.TABLE, rows, config(), allocator(), dir, format);
    }

    /**
     * Writes what an append did: {@code nexus_resolution_log} of its epoch, {@code nexus_rejects} and
     * {@code nexus_changed_content} of its log and, as {@code NAME_changes}, the changed rows of the {@linkplain Changes#tables() derived tables}. Either all files appear or
     * none.
     */
    public void writeChanges(Changes changes, Path dir, TableFormat format) throws IOException {
        format.check(config());
        try (ChangedTables tables = changes.tables();
                TableFiles files = TableFiles.create(dir, format)) {
            StoredTables.write(ResolutionLog.TABLE, published.read(epoch -> epoch.log(changes)), allocator(), files);
            StoredTables.write(OutputTable.REJECTS, changes.rejectRows(), allocator(), files);
            StoredTables.write(ChangedContent.TABLE, changes.changedContentRows(), allocator(), files);
            tables.write(files);
            files.publish();
        }
    }

    /** The id of the entity that an identifier belongs to, if a row of identifiers has named it. For any thread. */
    public Optional<String> entityOf(String entityType, String identifierType, String value) {
        return published.last().entityOf(entityType, identifierType, value);
    }

    /** The id that an id, ever given out, leads to now; itself while it lives. For any thread. */
    public Optional<String> resolve(String id) {
        return published.last().resolve(id);
    }

    /** The identifiers of the entity that an id, ever given out, leads to now, in no order; none if it never was. */
    public List<Identifier> identifiersOf(String id) {
        return published.last().identifiersOf(id);
    }

    /** Reads every byte of every epoch that is kept, and lists what is damaged. */
    public Verification verify() throws IOException {
        published.requireOpen();
        return files.verify();
    }

    /** As {@link #verify()} of a store that may be too damaged to be opened; takes no lock. */
    public static Verification verify(Path dir) throws IOException {
        try (StoreFiles files = StoreFiles.openForReading(LocalDisk.of(dir))) {
            return files.verify();
        }
    }

    /**
     * Merges all files of each table into one, as an epoch of its own that changes nothing else. Appending keeps them few
     * by itself.
     */
    public synchronized void compact() throws IOException {
        writer().compact();
    }

    /**
     * Frees the lock and the memory; waits for an append, and for calls that read, which are under way.
     *
     * @throws IllegalStateException if a log or tables that came from this are still open
     */
    @Override
    public synchronized void close() throws IOException {
        if (published.close()) {
            try {
                files.close();
            } finally {
                allocator().close();
            }
        }
    }

    private BufferAllocator allocator() {
        return published.last().allocator();
    }
}
