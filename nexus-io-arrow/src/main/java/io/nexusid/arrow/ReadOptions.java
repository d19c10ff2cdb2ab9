package io.nexusid.arrow;

import io.nexusid.api.IdForm;
import io.nexusid.api.NexusConfig;
import java.util.Optional;
import java.util.OptionalLong;

/** What of a store is {@linkplain NexusStore#openToRead(java.nio.file.Path, ReadOptions) opened to read}, and how it is shown. Immutable. */
public final class ReadOptions {
    private static final ReadOptions DEFAULTS =
            new ReadOptions(OptionalLong.empty(), Optional.empty(), Optional.empty());

    private final OptionalLong epoch;
    private final Optional<NexusConfig> config;
    private final Optional<IdForm> ids;

    private ReadOptions(OptionalLong epoch, Optional<NexusConfig> config, Optional<IdForm> ids) {
        this.epoch = epoch;
        this.config = config;
        this.ids = ids;
    }

    /** The last epoch, with the settings that it was appended with. */
    public static ReadOptions defaults() {
        return DEFAULTS;
    }

    /** This epoch instead of the last one, as long as the store keeps it ({@link NexusConfig#keepEpochs}). */
    public ReadOptions epoch(long number) {
        return new ReadOptions(OptionalLong.of(number), config, ids);
    }

    /**
     * These settings instead of those of the epoch: what they declare of states and periods, which a store does not keep, is
     * derived, too.
     *
     * @throws io.nexusid.api.NexusConfigException if a store cannot do what they ask
     */
    public ReadOptions config(NexusConfig settings) {
        StoreSettings.check(settings);
        return new ReadOptions(epoch, Optional.of(settings), ids);
    }

    /** Ids in this form, whatever the settings say. */
    public ReadOptions ids(IdForm form) {
        return new ReadOptions(epoch, config, Optional.of(form));
    }

    /** The epoch; the last if empty. */
    public OptionalLong epoch() {
        return epoch;
    }

    /** The settings; those of the epoch if empty. */
    public Optional<NexusConfig> config() {
        return config;
    }

    /** The form of ids; that of the settings if empty. */
    public Optional<IdForm> ids() {
        return ids;
    }
}
