package io.nexusid.arrow;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.IdForm;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ProgressListener;
import io.nexusid.arrow.store.Disk;
import io.nexusid.arrow.store.EpochWriter;
import io.nexusid.arrow.store.LocalDisk;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.arrow.store.StoreFiles;
import io.nexusid.arrow.store.StoreOptions;
import io.nexusid.arrow.store.Verification;
import io.nexusid.graph.ChangeSet;
import it.unimi.dsi.fastutil.ints.IntList;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
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
    static final String SETTINGS = "settings";
    /** An identifier, as rows name it. */
    public record Identifier(String entityType, String type, String value) {}

    private final NexusConfig config;
    private final BufferAllocator allocator;
    private final StoreFiles files;
    private final boolean writable;
    private final StoredIdentity identity;
    private final StoredNames names;
    private final PublishedEpoch published;
    private volatile ProgressListener progress = ProgressListener.NONE;
    private @Nullable Changes rebuilt;
    private boolean outdated;

    private NexusStore(NexusConfig config, BufferAllocator allocator, StoreFiles files, boolean writable)
            throws IOException {
        this.config = config;
        this.allocator = allocator;
        this.files = files;
        this.writable = writable;
        Snapshot latest = files.openLatest();
        try {
            this.identity = StoredIdentity.open(config, latest);
            this.names = StoredNames.open(latest);
            this.published = new PublishedEpoch(new StoredEpoch(
                    config,
                    allocator,
                    latest,
                    StoredAcceptance.open(latest),
                    identity.snapshot(),
                    EntityIds.of(latest.properties(), config),
                    names.all()));
        } catch (Throwable t) {
            latest.close();
            throw t;
        }
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
        StoreSettings.check(config);
        return open(LocalDisk.create(dir), config);
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
        StoreSettings.check(config);
        return openRebuilding(
                LocalDisk.create(dir), config, StoreOptions.defaults().random());
    }

    static NexusStore openRebuilding(Disk disk, NexusConfig config, LongSupplier random) throws IOException {
        StoreFiles files = StoreFiles.openForWriting(disk, new StoreOptions(config.keepEpochs(), random));
        return opened(files, true, true, Optional.of(config), Optional.empty());
    }

    /** What opening changed if it {@linkplain #openRebuilding rebuilt} the store; empty if the rules were the same. */
    public Optional<Changes> rebuilt() {
        return Optional.ofNullable(rebuilt);
    }

    /** As {@link #open(Path, NexusConfig)}, with the settings it was last appended to with; the defaults for a new store. */
    public static NexusStore open(Path dir) throws IOException {
        Disk disk = LocalDisk.create(dir);
        return open(disk, StoreFiles.isStore(disk) ? savedSettings(disk) : NexusConfig.defaults());
    }

    private static NexusConfig savedSettings(Disk disk) throws IOException {
        try (StoreFiles files = StoreFiles.openForReading(disk);
                Snapshot latest = files.openLatest()) {
            return StoreSettings.read(latest.properties().getOrDefault(SETTINGS, "{}"))
                    .build();
        }
    }

    /** Opens a store on any disk. */
    static NexusStore open(Disk disk, NexusConfig config) throws IOException {
        return open(disk, config, StoreOptions.defaults().random());
    }

    /** Opens a store on any disk; if it is new, its identity and its secret are drawn from here. */
    static NexusStore open(Disk disk, NexusConfig config, LongSupplier random) throws IOException {
        StoreOptions options = new StoreOptions(config.keepEpochs(), random);
        StoreFiles files = StoreFiles.openForWriting(disk, options);
        return opened(files, true, false, Optional.of(config), Optional.empty());
    }

    /**
     * Opens a store to read, with the settings it was last appended to with. Takes no lock and writes nothing; sees the
     * epoch that was the last when it was opened.
     */
    public static NexusStore openToRead(Path dir) throws IOException {
        return opened(StoreFiles.openForReading(LocalDisk.of(dir)), false, false, Optional.empty(), Optional.empty());
    }

    /**
     * As {@link #openToRead(Path)}, with these settings: what they declare of states and periods, which a store does not keep,
     * is derived, too.
     *
     * @throws io.nexusid.api.NexusConfigException if the store was made with settings that decide who is who and are others
     *     now, or a store cannot do what the settings ask
     */
    public static NexusStore openToRead(Path dir, NexusConfig config) throws IOException {
        StoreSettings.check(config);
        return opened(
                StoreFiles.openForReading(LocalDisk.of(dir)), false, false, Optional.of(config), Optional.empty());
    }

    /** As {@link #openToRead(Path)}, with ids in this form, whatever the settings say. */
    public static NexusStore openToRead(Path dir, IdForm ids) throws IOException {
        return opened(StoreFiles.openForReading(LocalDisk.of(dir)), false, false, Optional.empty(), Optional.of(ids));
    }

    private static NexusStore opened(
            StoreFiles files, boolean writable, boolean rebuilding, Optional<NexusConfig> asked, Optional<IdForm> ids)
            throws IOException {
        BufferAllocator allocator = new RootAllocator();
        try (Snapshot latest = files.openLatest()) {
            String saved = latest.properties().get(SETTINGS);
            StoreRebuild.Done rebuilt = null;
            if (saved != null && asked.isPresent()) {
                if (rebuilding && StoreSettings.haveOtherRules(saved, asked.get())) {
                    rebuilt = StoreRebuild.commit(files, latest, saved, asked.get(), allocator);
                }
                if (rebuilt == null) {
                    StoreSettings.refuseOtherRules(saved, asked.get());
                }
            }
            NexusConfig.Builder settings = saved == null ? NexusConfig.builder() : StoreSettings.read(saved);
            ids.ifPresent(settings::ids);
            NexusConfig config = asked.orElseGet(settings::build);
            NexusStore store = new NexusStore(config, allocator, files, writable);
            if (rebuilt != null) {
                store.rebuilt = store.changes(rebuilt, latest);
            }
            return store;
        } catch (Throwable t) {
            allocator.close();
            try {
                files.close();
            } catch (IOException e) {
                t.addSuppressed(e);
            }
            throw t;
        }
    }

    private Changes changes(StoreRebuild.Done done, Snapshot before) {
        StoredEpoch now = published.last();
        AppendedEpoch epoch = new AppendedEpoch(
                before.epoch(),
                now.number(),
                before.properties(),
                now.files().properties(),
                done.before(),
                now.identities(),
                IntList.of());
        Generations.Generation rules = now.ids().generations().last();
        return new Changes(
                now.number(),
                true,
                Map.of(),
                done.counts(rules.types(), rules.resolved()),
                Changes.merged(done.changes(), rules.types()),
                now.ids().lostPins(done.changes()),
                now.watermarks(),
                RejectTable.of(done.rejects()),
                allocator,
                epoch,
                this::changedTables);
    }

    /** The settings. */
    public NexusConfig config() {
        return config;
    }

    /** The last epoch; 0 before the first append. */
    public long epoch() {
        return published.last().number();
    }

    /** Tells a listener what each {@link #append} is at; once a stage begins, with no counts. */
    public NexusStore progress(ProgressListener listener) {
        progress = listener;
        return this;
    }

    private void at(String stage) {
        progress.progress(stage, 0, -1);
    }

    /** Opens the tables of a folder to be appended, as {@link Nexus#read} does; you close the log. */
    public EventLog read(Path dir) throws IOException {
        return EventLog.open(dir, config, allocator);
    }

    /** Collects tables that are in memory, or come as Arrow streams, into a log to be appended. */
    public EventLog.Builder collect() {
        return EventLog.builder(config, allocator);
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
        requireWritable();
        if (log.config() != config) {
            throw new IllegalArgumentException("read the log with this store: its rows depend on the settings");
        }
        log.stateUnit().refuseInStores();
        StoredEpoch before = published.last();
        StoredAcceptance acceptance = before.acceptance();
        Intake intake = Intake.of(log, acceptance, progress);
        if (!intake.takesAny()) {
            return changes(log, intake, Map.of(), Map.of(), Map.of(), unchanged());
        }
        try (EpochWriter epoch = files.begin()) {
            at("write rows");
            StoredNames.Seen seen = names.look();
            seen.addRegistered(log.furtherColumns(InputTable.ENTITY_REGISTRATIONS));
            StoredRowsWriter.write(epoch, intake, log, acceptance.hash(), seen);
            seen.write(epoch);
            at("write accepted");
            acceptance.add(epoch, intake);
            at("resolve");
            StoredIdentity.Step step = identity.prepare(log, intake, epoch.epoch(), allocator, acceptance.hash());
            boolean adopted = false;
            try {
                at("write identities");
                step.write(epoch);
                writeProperties(epoch, before.files().properties(), log, intake);
                at("commit");
                epoch.commit();
                at("publish");
                adopt(() -> {
                    step.publish();
                    seen.publish();
                });
                adopted = true;
            } finally {
                if (!adopted) {
                    step.rollback();
                }
            }
            StoredEpoch now = published.last();
            AppendedEpoch appended = new AppendedEpoch(
                    before.number(),
                    now.number(),
                    before.files().properties(),
                    now.files().properties(),
                    before.identities(),
                    now.identities(),
                    IntList.of(step.changes().touchedEntities()));
            ChangeSet done = step.changes();
            return changes(
                    log,
                    intake,
                    Changes.counts(done, identity.types()),
                    Changes.merged(done, identity.types()),
                    now.ids().lostPins(done),
                    appended);
        }
    }

    private Changes changes(
            EventLog log,
            Intake intake,
            Map<String, Map<ChangeReason, Integer>> identifiers,
            Map<String, Integer> merged,
            Map<String, String> lostPins,
            AppendedEpoch appended) {
        StoredEpoch now = published.last();
        return new Changes(
                now.number(),
                intake.takesAny(),
                intake.counts(),
                identifiers,
                merged,
                lostPins,
                now.watermarks(),
                RejectTable.of(log.rejects()),
                allocator,
                appended,
                this::changedTables);
    }

    /** An epoch that follows the last one and has no rows. */
    private AppendedEpoch unchanged() {
        StoredEpoch now = published.last();
        SortedMap<String, String> properties = now.files().properties();
        long next = now.number() + 1;
        return new AppendedEpoch(
                now.number(), next, properties, properties, now.identities(), now.identities(), IntList.of());
    }

    private ChangedTables changedTables(AppendedEpoch appended) throws IOException {
        return published.read(appended::tables);
    }

    private void writeProperties(EpochWriter epoch, SortedMap<String, String> before, EventLog log, Intake intake) {
        epoch.property(SETTINGS, StoreSettings.write(config));
        intake.latestOfSources().forEach((source, at) -> {
            String watermark = StoredEpoch.watermarkOf(source);
            String known = before.get(watermark);
            epoch.property(watermark, Long.toString(known == null ? at : Math.max(at, Long.parseLong(known))));
        });
        StoredColumns.write(epoch, before, log);
    }

    /**
     * Sees the epoch that was just committed. If it cannot be read, it has happened all the same: readers stay at the epoch
     * before, and only opening the store again helps.
     */
    private void adopt(Runnable publish) throws IOException {
        outdated = true;
        Snapshot next = null;
        try {
            next = files.openLatest();
            StoredAcceptance acceptance = published.last().acceptance().at(next);
            identity.moveTo(next);
            publish.run();
            published.publish(new StoredEpoch(
                    config,
                    allocator,
                    next,
                    acceptance,
                    identity.snapshot(),
                    published.last().ids(),
                    names.all()));
            next = null;
            outdated = false;
        } catch (IOException e) {
            throw new IOException(
                    "an epoch was committed and could not be read back: open the store again (" + e.getMessage() + ")",
                    e);
        } finally {
            if (next != null) {
                next.close();
            }
        }
    }

    /** By source, the latest {@code _ingested_at} of a row that was taken, whatever its table. */
    public Map<String, Instant> watermarks() {
        published.requireOpen();
        return published.last().watermarks();
    }

    /** All resolved tables of the last epoch, as {@link Nexus#resolve(EventLog)} gives them; you close them. */
    public ResolvedTables tables() throws IOException {
        return tables(Nexus.namesByDefault(config));
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
        StoredTables.write(ResolutionLog.TABLE, rows, config, allocator, dir, format);
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
        StoredTables.write(IdAliases.TABLE, rows, config, allocator, dir, format);
    }

    /**
     * Writes what an append did: {@code nexus_resolution_log} of its epoch, {@code nexus_rejects} of its log and, as
     * {@code NAME_changes}, the changed rows of the {@linkplain Changes#tables() derived tables}. Either all files appear or
     * none.
     */
    public void writeChanges(Changes changes, Path dir, TableFormat format) throws IOException {
        format.check(config);
        try (ChangedTables tables = changes.tables();
                TableFiles files = TableFiles.create(dir, format)) {
            StoredTables.write(ResolutionLog.TABLE, published.read(epoch -> epoch.log(changes)), allocator, files);
            StoredTables.write(OutputTable.REJECTS, changes.rejectRows(), allocator, files);
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
        requireWritable();
        try (EpochWriter epoch = files.begin()) {
            published.last().acceptance().compact(epoch);
            identity.compact(epoch);
            StoredColumns.compact(epoch);
            StoredNames.compact(epoch);
            epoch.commit();
        }
        adopt(() -> {});
    }

    private void requireWritable() {
        published.requireOpen();
        if (outdated) {
            throw new IllegalStateException("an epoch was committed and could not be read back: open the store again");
        }
        if (!writable) {
            throw new IllegalStateException("the store was opened to read");
        }
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
                allocator.close();
            }
        }
    }
}
