package io.nexusid.cli;

import io.nexusid.arrow.NexusStore;
import io.nexusid.arrow.ReadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command that reads one epoch of a store has. */
final class EpochOption {
    @Option(
            names = "--epoch",
            paramLabel = "N",
            description = "What the store said at this epoch, if it still keeps it; the last if not given.")
    private @Nullable Long epoch;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    /** Opens the store at that epoch; the caller closes it. */
    NexusStore open(Path store, ReadOptions options) throws IOException {
        if (epoch == null) {
            return NexusStore.openToRead(store, options);
        }
        try {
            return NexusStore.openToRead(store, options.epoch(epoch));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), e.getMessage(), e);
        }
    }
}
