package io.nexusid.arrow;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.nexusid.api.IdForm;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ProgressListener;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.graph.IdentitySnapshot;
import it.unimi.dsi.fastutil.ints.IntList;
import java.io.IOException;
import java.time.Instant;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * What is to be known of an epoch, or of a rebuild and the one after it, to tell what it changed in the derived tables, however
 * far the store has gone since: rows say of which epoch they are, and who was who before and after is held.
 *
 * @param after the epoch before it
 * @param epoch its number
 * @param before the properties of the epoch before
 * @param now its own properties
 * @param identitiesBefore who was who
 * @param identitiesNow who is who
 * @param touched the entities that its identifiers named, formed, merged or renamed
 */
record AppendedEpoch(
        long after,
        long epoch,
        SortedMap<String, String> before,
        SortedMap<String, String> now,
        IdentitySnapshot identitiesBefore,
        IdentitySnapshot identitiesNow,
        IntList touched) {
    /** What is to be known of an epoch that follows another one. */
    static AppendedEpoch between(StoredEpoch before, StoredEpoch now, IntList touched) {
        return new AppendedEpoch(
                before.number(),
                now.number(),
                before.files().properties(),
                now.files().properties(),
                before.identities(),
                now.identities(),
                touched);
    }

    /** An epoch that would follow this one and has no rows. */
    static AppendedEpoch without(StoredEpoch last) {
        SortedMap<String, String> properties = last.files().properties();
        return new AppendedEpoch(
                last.number(),
                last.number() + 1,
                properties,
                properties,
                last.identities(),
                last.identities(),
                IntList.of());
    }

    /** This epoch and the one before it, as one. */
    AppendedEpoch with(AppendedEpoch earlier) {
        if (earlier.epoch != after) {
            throw new IllegalArgumentException("epoch " + epoch + " does not follow " + earlier.epoch);
        }
        return new AppendedEpoch(
                earlier.after, epoch, earlier.before, now, earlier.identitiesBefore, identitiesNow, touched);
    }

    /**
     * The changed rows.
     *
     * @param store this epoch or a later one; the tables hold its files on their own
     */
    ChangedTables tables(StoredEpoch store) {
        NexusConfig config = store.config();
        BufferAllocator allocator = store.allocator();
        boolean isFirst = now.isEmpty() || before.isEmpty();
        String settingsBefore = before.getOrDefault(StoreSettings.PROPERTY, "{}");
        boolean derivesOthers =
                !isFirst && StoreSettings.deriveOthers(settingsBefore, now.getOrDefault(StoreSettings.PROPERTY, "{}"));
        NexusConfig configBefore = derivesOthers ? StoreSettings.readBeside(settingsBefore, config) : config;
        WideColumns wide = new WideColumns(config, store.names());
        boolean allWhole = isFirst || derivesOthers || StoredColumns.changeMeaning(before, now);
        Snapshot snapshot = store.files().share();
        Derivation derivation = new Derivation(config, configBefore, snapshot, store.acceptance(), allocator);
        return new ChangedTables(config, allocator, epoch, derivation.sides(), wide, allWhole, snapshot);
    }

    /** Derives tables from rows of the epoch and of the one before. */
    private final class Derivation {
        private final NexusConfig config;
        /** With ids as text: their order is that of all tables. */
        private final NexusConfig textual;

        private final NexusConfig textualBefore;
        private final Snapshot snapshot;
        private final StoredAcceptance acceptance;
        private final BufferAllocator allocator;
        private final Instant clock;
        private final Map<InputTable, Map<StoredTable.Block, BitSet>> outdatedBefore = new EnumMap<>(InputTable.class);
        private final Map<InputTable, Map<StoredTable.Block, BitSet>> outdatedNow = new EnumMap<>(InputTable.class);
        private @Nullable RowsAbout about;

        Derivation(
                NexusConfig config,
                NexusConfig configBefore,
                Snapshot snapshot,
                StoredAcceptance acceptance,
                BufferAllocator allocator) {
            this.config = config;
            this.textual = config.toBuilder().ids(IdForm.HEX).build();
            this.textualBefore = configBefore.toBuilder().ids(IdForm.HEX).build();
            this.snapshot = snapshot;
            this.acceptance = acceptance;
            this.allocator = allocator;
            this.clock = Nexus.clock(config);
        }

        ChangedTables.Sides sides() {
            return new ChangedTables.Sides(
                    names -> derived(names, false, false),
                    names -> derived(names, true, false),
                    names -> derived(names, false, true),
                    names -> derived(names, true, true),
                    names -> none(names, config),
                    names -> none(names, textual),
                    OutputTable.all(textualBefore).stream()
                            .map(OutputTable::name)
                            .collect(toUnmodifiableSet()));
        }

        private ResolvedTables derived(Set<String> names, boolean after, boolean whole) throws IOException {
            RowsAbout rows = whole ? null : about();
            long through = after ? epoch : after();
            NexusConfig settings = after ? textual : textualBefore;
            EventLog log = StoredColumns.log(
                    snapshot,
                    after ? now : before,
                    settings,
                    allocator,
                    (table, all) -> {
                        StoredTable some = all.through(through);
                        some = rows == null ? some : rows.of(table, some);
                        return some.without(outdated(table, after));
                    },
                    rows == null ? List.of() : List.of(rows.otherIdentifiers()));
            StoredTable identifiers =
                    StoredColumns.all(snapshot, InputTable.ENTITY_IDENTIFIERS).through(through);
            StoredResolutions resolutions = new StoredResolutions(
                    EntityIds.of(after ? now : before, settings),
                    snapshot,
                    after ? identitiesNow : identitiesBefore,
                    through,
                    rows == null ? identifiers : rows.of(InputTable.ENTITY_IDENTIFIERS, identifiers));
            return resolved(settings, log, names, resolutions);
        }

        /** Tables without rows. */
        private ResolvedTables none(Set<String> names, NexusConfig settings) throws IOException {
            EventLog log = EventLog.builder(settings, allocator).build();
            StoredTable none =
                    StoredColumns.all(snapshot, InputTable.ENTITY_IDENTIFIERS).through(0);
            StoredResolutions resolutions =
                    new StoredResolutions(EntityIds.of(now, settings), snapshot, identitiesNow, 0, none);
            return resolved(settings, log, names, resolutions);
        }

        private ResolvedTables resolved(
                NexusConfig settings, EventLog log, Set<String> names, StoredResolutions resolutions)
                throws IOException {
            List<OutputTable> tables = OutputTable.all(settings).stream()
                    .filter(table -> names.contains(table.name()))
                    .toList();
            try {
                Run run = new Run(settings, log, allocator, names, clock, ProgressListener.NONE, resolutions);
                return new ResolvedTables(run, allocator, tables).owning(log);
            } catch (Throwable t) {
                try (log) {
                    throw t;
                }
            }
        }

        /** The versions of rows that do not stand. */
        private Map<StoredTable.Block, BitSet> outdated(InputTable table, boolean after) throws IOException {
            Map<InputTable, Map<StoredTable.Block, BitSet>> known = after ? outdatedNow : outdatedBefore;
            Map<StoredTable.Block, BitSet> found = known.get(table);
            if (found == null) {
                StoredTable rows = StoredColumns.all(snapshot, table).through(after ? epoch : after());
                found = LatestVersions.outdated(rows, table, acceptance, allocator);
                known.put(table, found);
            }
            return found;
        }

        /** The rows about what the epoch touched: its own rows and those that they replaced say what that is. */
        private RowsAbout about() throws IOException {
            RowsAbout found = about;
            if (found != null) {
                return found;
            }
            Map<InputTable, StoredTable> tables = new EnumMap<>(InputTable.class);
            for (InputTable table : InputTable.values()) {
                tables.put(table, StoredColumns.all(snapshot, table).through(epoch));
            }
            try (Workers workers = new Workers(config.threads())) {
                found = new RowsAbout(config, acceptance.hash(), identitiesBefore, identitiesNow, tables, workers);
                gather(found, tables);
            }
            about = found;
            return found;
        }

        private void gather(RowsAbout found, Map<InputTable, StoredTable> tables) throws IOException {
            touched.forEach(found::entity);
            for (Map.Entry<InputTable, StoredTable> table : tables.entrySet()) {
                Map<StoredTable.Block, BitSet> changed = ownRows(table.getValue());
                replaced(table.getKey()).forEach((block, rows) -> changed.merge(block, rows, (a, b) -> a));
                for (Map.Entry<StoredTable.Block, BitSet> rows : changed.entrySet()) {
                    found.rows(
                            table.getKey(),
                            rows.getKey(),
                            rows.getValue().stream().toArray());
                }
            }
            found.close();
        }

        private Map<StoredTable.Block, BitSet> ownRows(StoredTable table) {
            Map<StoredTable.Block, BitSet> own = new HashMap<>();
            for (StoredTable.Block block : table.blocks()) {
                if (block.epoch() == epoch) {
                    BitSet all = new BitSet();
                    all.set(0, block.rows());
                    own.put(block, all);
                }
            }
            return own;
        }

        /** Older rows that stood before and do not any more. */
        private Map<StoredTable.Block, BitSet> replaced(InputTable table) throws IOException {
            Map<StoredTable.Block, BitSet> replaced = new HashMap<>();
            Map<StoredTable.Block, BitSet> before = outdated(table, false);
            outdated(table, true).forEach((block, rows) -> {
                BitSet more = (BitSet) rows.clone();
                more.andNot(before.getOrDefault(block, new BitSet()));
                if (block.epoch() < epoch && !more.isEmpty()) {
                    replaced.put(block, more);
                }
            });
            return replaced;
        }
    }
}
