package io.nexusid.arrow;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.ProgressListener;
import io.nexusid.arrow.store.EpochWriter;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.arrow.store.StoreFiles;
import io.nexusid.graph.ChangeSet;
import it.unimi.dsi.fastutil.ints.IntList;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Adds epochs to a store: what only the thread that appends works on, and how an epoch comes to be seen. Not thread-safe;
 * readers go on beside it.
 */
final class StoreWriter {
    private final NexusConfig config;
    private final BufferAllocator allocator;
    private final StoreFiles files;
    private final StoredIdentity identity;
    private final StoredNames names;
    private final PublishedEpoch published;
    private boolean outdated;

    /**
     * Goes on from the epoch that is published.
     *
     * @param files borrowed
     * @param identity of that epoch
     * @param names of that epoch
     */
    StoreWriter(StoreFiles files, StoredIdentity identity, StoredNames names, PublishedEpoch published) {
        this.config = published.last().config();
        this.allocator = published.last().allocator();
        this.files = files;
        this.identity = identity;
        this.names = names;
        this.published = published;
    }

    /** As {@link NexusStore#append}. */
    Changes append(EventLog log, ProgressListener progress) throws IOException {
        requireCurrent();
        if (log.config() != config) {
            throw new IllegalArgumentException("read the log with this store: its rows depend on the settings");
        }
        log.stateUnit().refuseInStores();
        StoredEpoch before = published.last();
        Intake intake = Intake.of(log, before.acceptance(), progress);
        if (!intake.takesAny()) {
            return changes(
                    log, intake, ChangedContent.none(), Map.of(), Map.of(), Map.of(), AppendedEpoch.without(before));
        }
        ChangedContent changedContent = ChangedContent.of(log, intake);
        try (EpochWriter epoch = files.begin()) {
            progress.progress("write rows", 0, -1);
            StoredNames.Seen seen = names.look();
            seen.addRegistered(log.furtherColumns(InputTable.ENTITY_REGISTRATIONS));
            StoredRowsWriter.write(epoch, intake, log, before.acceptance().hash(), seen);
            seen.write(epoch);
            progress.progress("write accepted", 0, -1);
            before.acceptance().add(epoch, intake);
            progress.progress("resolve", 0, -1);
            StoredIdentity.Step step = identity.prepare(
                    log, intake, epoch.epoch(), allocator, before.acceptance().hash());
            boolean adopted = false;
            try {
                progress.progress("write identities", 0, -1);
                step.write(epoch);
                writeProperties(epoch, before.files().properties(), log, intake);
                progress.progress("commit", 0, -1);
                epoch.commit();
                progress.progress("publish", 0, -1);
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
            ChangeSet done = step.changes();
            return changes(
                    log,
                    intake,
                    changedContent,
                    Changes.counts(done, identity.types()),
                    Changes.merged(done, identity.types()),
                    before.ids().lostPins(done),
                    AppendedEpoch.between(before, published.last(), IntList.of(done.touchedEntities())));
        }
    }

    private Changes changes(
            EventLog log,
            Intake intake,
            ChangedContent changedContent,
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
                changedContent.rows(),
                allocator,
                appended,
                published);
    }

    private void writeProperties(EpochWriter epoch, SortedMap<String, String> before, EventLog log, Intake intake) {
        epoch.property(StoreSettings.PROPERTY, StoreSettings.write(config));
        intake.latestOfSources().forEach((source, at) -> {
            String watermark = StoredEpoch.watermarkOf(source);
            String known = before.get(watermark);
            epoch.property(watermark, Long.toString(known == null ? at : Math.max(at, Long.parseLong(known))));
        });
        StoredColumns.write(epoch, before, log);
    }

    /** As {@link NexusStore#compact}. */
    void compact() throws IOException {
        requireCurrent();
        try (EpochWriter epoch = files.begin()) {
            published.last().acceptance().compact(epoch);
            identity.compact(epoch);
            StoredColumns.compact(epoch);
            StoredNames.compact(epoch);
            epoch.commit();
        }
        adopt(() -> {});
    }

    /**
     * Shows the epoch that was just committed. If it cannot be read, it has happened all the same: readers stay at the epoch
     * before, and only opening the store again helps.
     *
     * @param seen makes what is in memory that of the epoch
     */
    private void adopt(Runnable seen) throws IOException {
        outdated = true;
        Snapshot next = null;
        try {
            next = files.openLatest();
            StoredEpoch before = published.last();
            StoredAcceptance acceptance = before.acceptance().at(next);
            identity.moveTo(next);
            seen.run();
            published.publish(new StoredEpoch(
                    config, allocator, next, acceptance, identity.snapshot(), before.ids(), names.all()));
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

    private void requireCurrent() {
        if (outdated) {
            throw new IllegalStateException("an epoch was committed and could not be read back: open the store again");
        }
    }
}
