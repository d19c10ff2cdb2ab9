package io.nexusid.cli;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every command on a store has. */
final class StoreOption {
    @Option(names = "--store", required = true, paramLabel = "DIR", description = "The folder of the store.")
    private @Nullable Path store;

    @SuppressWarnings("unused") // Main looks for it before parsing, so that it also serves errors of parsing
    @Option(names = "--debug", description = "Print the stack trace of an error.")
    private boolean debug;

    @SuppressWarnings("unused") // picocli acts on it
    @Option(names = "--help", usageHelp = true, description = "Print this help.")
    private boolean help;

    Path folder() {
        return Objects.requireNonNull(store);
    }
}
