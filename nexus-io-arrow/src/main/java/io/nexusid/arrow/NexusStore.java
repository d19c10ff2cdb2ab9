package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import io.nexusid.graph.IdentitySnapshot;
import it.unimi.dsi.fastutil.ints.IntList;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
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
 * <p>One thread appends; a lock keeps other processes from it. Any number of threads may look up meanwhile: they see the
 * last epoch as a whole. Resolved tables keep the epoch they were asked of. Owns its memory; logs and tables are closed
 * first.
 */
public final class NexusStore implements AutoCloseable {
    static final String SETTINGS = "settings";
    private static final String WATERMARK = "watermark.";

    /** An identifier, as rows name it. */
    public record Identifier(String entityType, String type, String value) {}

    private final NexusConfig config;
    private final BufferAllocator allocator;
    private final StoreFiles files;
    private final boolean writable;
    private final StoredIdentity identity;
    private final StoredNames names;
    private final EntityIds ids;
    private StoredAcceptance acceptance;
    private ProgressListener progress = ProgressListener.NONE;
    private Snapshot snapshot;
    private @Nullable Changes rebuilt;
    private boolean outdated;
    private boolean closed;

    private NexusStore(NexusConfig config, BufferAllocator allocator, StoreFiles files, boolean writable)
            throws IOException {
        this.config = config;
        this.allocator = allocator;
        this.files = files;
        this.writable = writable;
        this.snapshot = files.openLatest();
        try {
            this.ids = EntityIds.of(snapshot.properties(), config);
            this.identity = StoredIdentity.open(config, snapshot);
            this.acceptance = StoredAcceptance.open(snapshot);
            this.names = StoredNames.open(snapshot);
        } catch (Throwable t) {
            snapshot.close();
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
        AppendedEpoch epoch = new AppendedEpoch(
                before.epoch(),
                snapshot.epoch(),
                before.properties(),
                snapshot.properties(),
                done.before(),
                identity.snapshot(),
                IntList.of());
        Generations.Generation now = ids.generations().last();
        return new Changes(
                snapshot.epoch(),
                true,
                Map.of(),
                done.counts(now.types(), now.resolved()),
                Changes.merged(done.changes(), now.types()),
                ids.lostPins(done.changes()),
                watermarks(snapshot),
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
    public synchronized long epoch() {
        return snapshot.epoch();
    }

    /** Tells a listener what each {@link #append} is at; once a stage begins, with no counts. */
    public synchronized NexusStore progress(ProgressListener listener) {
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
        Intake intake = Intake.of(log, acceptance, progress);
        if (!intake.takesAny()) {
            return changes(log, intake, Map.of(), Map.of(), Map.of(), unchanged());
        }
        try (EpochWriter epoch = files.begin()) {
            at("write rows");
            SortedMap<String, String> before = snapshot.properties();
            IdentitySnapshot identitiesBefore = identity.snapshot();
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
                writeProperties(epoch, log, intake);
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
            AppendedEpoch appended = new AppendedEpoch(
                    snapshot.epoch() - 1,
                    snapshot.epoch(),
                    before,
                    snapshot.properties(),
                    identitiesBefore,
                    identity.snapshot(),
                    IntList.of(step.changes().touchedEntities()));
            ChangeSet done = step.changes();
            return changes(
                    log,
                    intake,
                    Changes.counts(done, identity.types()),
                    Changes.merged(done, identity.types()),
                    ids.lostPins(done),
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
        return new Changes(
                snapshot.epoch(),
                intake.takesAny(),
                intake.counts(),
                identifiers,
                merged,
                lostPins,
                watermarks(snapshot),
                RejectTable.of(log.rejects()),
                allocator,
                appended,
                this::changedTables);
    }

    /** An epoch that follows the last one and has no rows. */
    private AppendedEpoch unchanged() {
        SortedMap<String, String> properties = snapshot.properties();
        IdentitySnapshot now = identity.snapshot();
        long next = snapshot.epoch() + 1;
        return new AppendedEpoch(next - 1, next, properties, properties, now, now, IntList.of());
    }

    private synchronized ChangedTables changedTables(AppendedEpoch appended) throws IOException {
        requireCurrent();
        return appended.tables(config, snapshot.share(), acceptance, names, allocator);
    }

    private void writeProperties(EpochWriter epoch, EventLog log, Intake intake) {
        SortedMap<String, String> before = snapshot.properties();
        epoch.property(SETTINGS, StoreSettings.write(config));
        intake.latestOfSources().forEach((source, at) -> {
            String known = before.get(WATERMARK + source);
            epoch.property(WATERMARK + source, Long.toString(known == null ? at : Math.max(at, Long.parseLong(known))));
        });
        StoredColumns.write(epoch, before, log);
    }

    /**
     * Sees the epoch that was just committed. If it cannot be read, it has happened all the same: readers stay at the epoch
     * before, and only opening the store again helps.
     */
    private void adopt(Runnable publish) throws IOException {
        outdated = true;
        try {
            moveToLatest();
        } catch (IOException e) {
            throw new IOException(
                    "an epoch was committed and could not be read back: open the store again (" + e.getMessage() + ")",
                    e);
        }
        publish.run();
        outdated = false;
    }

    private void moveToLatest() throws IOException {
        Snapshot next = files.openLatest();
        try {
            StoredAcceptance nextAcceptance = acceptance.at(next);
            identity.moveTo(next);
            acceptance = nextAcceptance;
        } catch (Throwable t) {
            next.close();
            throw t;
        }
        snapshot.close();
        snapshot = next;
    }

    /** By source, the latest {@code _ingested_at} of a row that was taken, whatever its table. */
    public synchronized Map<String, Instant> watermarks() {
        requireOpen();
        return watermarks(snapshot);
    }

    private static Map<String, Instant> watermarks(Snapshot epoch) {
        Map<String, Instant> watermarks = new HashMap<>();
        epoch.properties().forEach((name, value) -> {
            if (name.startsWith(WATERMARK)) {
                watermarks.put(
                        name.substring(WATERMARK.length()),
                        Instant.EPOCH.plus(Long.parseLong(value), ChronoUnit.MICROS));
            }
        });
        return watermarks;
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
    public synchronized ResolvedTables tables(Collection<String> names) throws IOException {
        requireCurrent();
        return StoredTables.derive(config, snapshot.share(), acceptance, identity.snapshot(), allocator, names, null);
    }

    /**
     * The life of the entity that owns an identifier, as {@link ResolvedTables#timelines} gives it, and how its identifiers
     * came to it: the rows that {@link #log()} has of them, at the time their rows were loaded. Costs what {@link
     * #tablesAbout} and {@link #historyOf} cost.
     */
    public synchronized List<EntityTimeline> timelines(String entityType, String identifierType, String value)
            throws IOException {
        requireCurrent();
        try (ResolvedTables tables =
                about(EntityTimeline.TABLES, rows -> rows.identifier(entityType, identifierType, value))) {
            List<EntityTimeline> timelines = tables.timelines(entityType, identifierType, value);
            Optional<String> id = entityOf(entityType, identifierType, value);
            if (id.isPresent()) {
                try (ArrowReader log = historyOf(id.get())) {
                    EntityTimeline.addResolutions(timelines, log);
                }
            }
            return timelines;
        }
    }

    /** Tables of the rows about some entities, or of all where these do not tell the columns. */
    private ResolvedTables about(Collection<String> names, Consumer<RowsAbout> wanted) throws IOException {
        WideColumns wide = new WideColumns(config, this.names.all());
        boolean whole =
                names.stream().anyMatch(name -> !wide.isPlain(name) || name.equals(OutputTable.MEASUREMENT_MOVEMENTS));
        IdentitySnapshot now = identity.snapshot();
        RowsAbout about = whole ? null : StoredTables.about(config, snapshot, acceptance, now, wanted);
        return StoredTables.derive(config, snapshot.share(), acceptance, now, allocator, names, about);
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
    public synchronized ResolvedTables tablesAbout(String id, Collection<String> names) throws IOException {
        requireCurrent();
        Set<String> derived = new LinkedHashSet<>();
        ChangeKeys.tables(config).forEach(table -> derived.add(table.name()));
        if (!derived.containsAll(names)) {
            throw new IllegalArgumentException("not all of " + names + " are among " + derived);
        }
        int entity = entity(identity.snapshot(), id);
        return about(names, rows -> {
            if (entity != IdentitySnapshot.NONE) {
                rows.entity(entity);
            }
        });
    }

    /** {@code nexus_resolution_log}: all that ever became of identifiers, in the order of epoch and seq; you close it. */
    public ArrowReader log() throws IOException {
        return log(0);
    }

    /** The rows of the log that later epochs than this one have added; you close the reader, before the store. */
    public synchronized ArrowReader log(long sinceEpoch) throws IOException {
        requireOpen();
        return new TableReader(logRows(sinceEpoch), allocator, new Workers(1));
    }

    /**
     * The rows of {@link #log()} about the identifiers that an entity has now, in the same order; you close the reader,
     * before the store. Looks at 4 bytes of every row of the log and reads those it finds.
     *
     * @param id any id that the entity ever had; there are no rows if it was never given out
     */
    public synchronized ArrowReader historyOf(String id) throws IOException {
        requireCurrent();
        IdentitySnapshot now = identity.snapshot();
        return new TableReader(
                ResolutionLog.of(entity(now, id), config, ids, snapshot, now), allocator, new Workers(1));
    }

    /** Writes {@code nexus_resolution_log}, of the epochs after one, to {@code dir/nexus_resolution_log.FORMAT}. */
    public synchronized void writeLog(long sinceEpoch, Path dir, TableFormat format) throws IOException {
        requireOpen();
        StoredTables.write(ResolutionLog.TABLE, logRows(sinceEpoch), config, allocator, dir, format);
    }

    /**
     * {@code nexus_id_aliases}: every id that was given out and does not live any more, and the id that its identifiers have
     * now, with the epoch and the load time that ended it. Each id once, in the order of type and id; no id here leads to
     * another one here. You close the reader, before the store.
     */
    public synchronized ArrowReader aliases() throws IOException {
        requireOpen();
        return new TableReader(aliasRows(), allocator, new Workers(1));
    }

    /** Writes {@code nexus_id_aliases} to {@code dir/nexus_id_aliases.FORMAT}. */
    public synchronized void writeAliases(Path dir, TableFormat format) throws IOException {
        requireOpen();
        StoredTables.write(IdAliases.TABLE, aliasRows(), config, allocator, dir, format);
    }

    private TableRows aliasRows() throws IOException {
        return IdAliases.of(config, ids, snapshot, identity.snapshot());
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
            StoredTables.write(ResolutionLog.TABLE, logOf(changes), allocator, files);
            StoredTables.write(OutputTable.REJECTS, changes.rejectRows(), allocator, files);
            tables.write(files);
            files.publish();
        }
    }

    private synchronized TableRows logOf(Changes changes) throws IOException {
        requireOpen();
        return ResolutionLog.between(changes.after(), changes.epoch(), config, ids, snapshot, identity.snapshot());
    }

    private TableRows logRows(long sinceEpoch) throws IOException {
        return ResolutionLog.since(sinceEpoch, config, ids, snapshot, identity.snapshot());
    }

    /** The id of the entity that an identifier belongs to, if a row of identifiers has named it. For any thread. */
    public Optional<String> entityOf(String entityType, String identifierType, String value) {
        IdentitySnapshot now = identity.snapshot();
        int type = identity.types().indexOf(entityType);
        int entity = type < 0
                ? IdentitySnapshot.NONE
                : now.entityOf(
                        type,
                        identifierType.getBytes(UTF_8),
                        Normalization.known(config, entityType, identifierType, value));
        return entity == IdentitySnapshot.NONE ? Optional.empty() : Optional.of(id(now, entity));
    }

    /** The id that an id, ever given out, leads to now; itself while it lives. For any thread. */
    public Optional<String> resolve(String id) {
        IdentitySnapshot now = identity.snapshot();
        int entity = entity(now, id);
        return entity == IdentitySnapshot.NONE ? Optional.empty() : Optional.of(id(now, entity));
    }

    /** The identifiers of the entity that an id, ever given out, leads to now, in no order; none if it never was. */
    public List<Identifier> identifiersOf(String id) {
        IdentitySnapshot now = identity.snapshot();
        List<Identifier> identifiers = new ArrayList<>();
        int entity = entity(now, id);
        if (entity != IdentitySnapshot.NONE) {
            String type = identity.types().get(now.type(entity));
            now.identifiersOf(
                    entity,
                    node -> identifiers.add(new Identifier(
                            type, new String(now.identifierType(node), UTF_8), new String(now.value(node), UTF_8))));
        }
        return identifiers;
    }

    private int entity(IdentitySnapshot now, String id) {
        return ids.entity(now, id);
    }

    private String id(IdentitySnapshot now, int entity) {
        return ids.text(now, entity);
    }

    /** Reads every byte of every epoch that is kept, and lists what is damaged. */
    public Verification verify() throws IOException {
        requireOpen();
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
            acceptance.compact(epoch);
            identity.compact(epoch);
            StoredColumns.compact(epoch);
            StoredNames.compact(epoch);
            epoch.commit();
        }
        adopt(() -> {});
    }

    private void requireWritable() {
        requireCurrent();
        if (!writable) {
            throw new IllegalStateException("the store was opened to read");
        }
    }

    private void requireCurrent() {
        requireOpen();
        if (outdated) {
            throw new IllegalStateException("an epoch was committed and could not be read back: open the store again");
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
    }

    /**
     * Frees the lock and the memory.
     *
     * @throws IllegalStateException if a log or tables that came from this are still open
     */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            snapshot.close();
            try {
                files.close();
            } finally {
                allocator.close();
            }
        }
    }
}
