package io.nexusid.arrow;

import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.store.Disk;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.arrow.store.StoreFiles;
import io.nexusid.arrow.store.StoreOptions;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/**
 * How a store is opened: to append or to read, with settings of the caller or those it was last appended to with. Each
 * opening opens one store.
 */
final class StoreOpening {
    private final boolean writable;
    private final ReadOptions reading;
    private @Nullable NexusConfig asked;
    private boolean rebuilding;
    private LongSupplier random = StoreOptions.defaults().random();

    private StoreOpening(boolean writable, ReadOptions reading) {
        this.writable = writable;
        this.reading = reading;
        this.asked = reading.config().orElse(null);
    }

    /** Takes the lock, and makes the store if there is none. */
    static StoreOpening toAppend() {
        return new StoreOpening(true, ReadOptions.defaults());
    }

    /** Takes no lock and writes nothing. */
    static StoreOpening toRead(ReadOptions options) {
        return new StoreOpening(false, options);
    }

    /** With these settings; {@link #open} refuses those that decide otherwise who is who than the store's. */
    StoreOpening config(NexusConfig config) {
        StoreSettings.check(config);
        asked = config;
        return this;
    }

    /** Resolves the store anew if the settings decide otherwise who is who. */
    StoreOpening rebuilding() {
        rebuilding = true;
        return this;
    }

    /** Draws the identity and the secret of a new store from here. */
    StoreOpening random(LongSupplier numbers) {
        random = numbers;
        return this;
    }

    /** Opens the store on a disk; you close it. */
    NexusStore open(Disk disk) throws IOException {
        if (writable && asked == null) {
            asked = StoreFiles.isStore(disk) ? savedSettings(disk) : NexusConfig.defaults();
        }
        StoreFiles files = asked != null && writable
                ? StoreFiles.openForWriting(disk, new StoreOptions(asked.keepEpochs(), random))
                : StoreFiles.openForReading(disk);
        BufferAllocator allocator = new RootAllocator();
        try (Snapshot found = epoch(files)) {
            return opened(files, found, allocator);
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

    private Snapshot epoch(StoreFiles files) throws IOException {
        return reading.epoch().isPresent() ? files.openEpoch(reading.epoch().getAsLong()) : files.openLatest();
    }

    private static NexusConfig savedSettings(Disk disk) throws IOException {
        try (StoreFiles files = StoreFiles.openForReading(disk);
                Snapshot latest = files.openLatest()) {
            return StoreSettings.read(latest.properties().getOrDefault(StoreSettings.PROPERTY, "{}"))
                    .build();
        }
    }

    /** Opens what an epoch has, or what a rebuild makes of it. */
    private NexusStore opened(StoreFiles files, Snapshot found, BufferAllocator allocator) throws IOException {
        String saved = found.properties().get(StoreSettings.PROPERTY);
        StoreRebuild.Done rebuilt = null;
        if (saved != null && asked != null) {
            if (rebuilding && StoreSettings.haveOtherRules(saved, asked)) {
                rebuilt = StoreRebuild.commit(files, found, saved, asked, allocator);
            } else {
                StoreSettings.refuseOtherRules(saved, asked);
            }
        }
        NexusConfig config = settings(saved);
        Snapshot epoch = rebuilt == null ? found.share() : files.openLatest();
        try {
            StoredIdentity identity = StoredIdentity.open(config, epoch);
            StoredNames names = StoredNames.open(epoch);
            PublishedEpoch published = new PublishedEpoch(new StoredEpoch(
                    config,
                    allocator,
                    epoch,
                    StoredAcceptance.open(epoch),
                    identity.snapshot(),
                    EntityIds.of(epoch.properties(), config),
                    names.all()));
            StoreWriter writer = writable ? new StoreWriter(files, identity, names, published) : null;
            return new NexusStore(files, published, writer, rebuilt == null ? null : rebuilt.told(found, published));
        } catch (Throwable t) {
            epoch.close();
            throw t;
        }
    }

    private NexusConfig settings(@Nullable String saved) {
        if (asked != null && reading.ids().isEmpty()) {
            return asked;
        }
        NexusConfig.Builder settings =
                asked != null ? asked.toBuilder() : saved == null ? NexusConfig.builder() : StoreSettings.read(saved);
        reading.ids().ifPresent(settings::ids);
        return settings.build();
    }
}
