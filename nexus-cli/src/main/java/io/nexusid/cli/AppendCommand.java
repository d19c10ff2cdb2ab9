package io.nexusid.cli;

import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.Changes;
import io.nexusid.arrow.ConfigFile;
import io.nexusid.arrow.EventLog;
import io.nexusid.arrow.NexusStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nexus append}: applies a folder of tables to a store. */
@Command(
        name = "append",
        description = "Apply an event log to a store: all of it, or nothing.",
        customSynopsis = {
            "nexus append --store DIR --in DIR [OPTIONS]",
            "nexus append --store DIR --rebuild --config FILE [--in DIR] [OPTIONS]"
        },
        sortOptions = false,
        footer = {"", "Rows that the store has taken before are not taken again (docs/store.md)."})
final class AppendCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--in", paramLabel = "DIR", description = "The folder to read.")
    private @Nullable Path in;

    @Option(
            names = "--rebuild",
            description =
                    "If the settings decide otherwise who is who than those of the store, resolve all that it has anew first: "
                            + "each id goes to whoever has most of its identifiers. Without --in that is all.")
    private boolean rebuild;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Also write what the append added to nexus_resolution_log, the rows of resolved tables that it changed "
                            + "(NAME_changes), and those of the input that were set aside (nexus_rejects) or came with the "
                            + "id of an earlier row and other content (nexus_changed_content), to this folder.")
    private @Nullable Path out;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings as JSON (docs/configuration.md); if not given, those of the append before.")
    private @Nullable Path config;

    @Mixin
    private FormatOption format = new FormatOption();

    @Option(names = "--quiet", description = "Print nothing but errors.")
    private boolean quiet;

    AppendCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (in == null && !rebuild) {
            throw misuse("Missing required option: '--in=DIR'");
        }
        if (rebuild && config == null) {
            throw misuse("--rebuild needs --config: the settings that the store is to have from now on");
        }
        try (NexusStore opened = open()) {
            Optional<Changes> rebuilt = opened.rebuilt();
            if (!quiet && rebuild) {
                rebuilt.ifPresentOrElse(
                        changes -> ChangesText.printRebuilt(changes, terminal.out()),
                        () -> terminal.out().println("the rules are those of the store: nothing to rebuild"));
            }
            Changes changes = in == null ? null : append(opened, in);
            if (changes == null) {
                changes = rebuilt.orElse(null);
            } else if (rebuilt.isPresent()) {
                changes = changes.with(rebuilt.get());
            }
            if (out != null && changes != null) {
                writeChanges(opened, changes, out);
            }
        }
        return Main.DONE;
    }

    private NexusStore open() throws IOException {
        if (config == null) {
            return NexusStore.open(store.folder());
        }
        NexusConfig settings = ConfigFile.read(config).build();
        return rebuild
                ? NexusStore.openRebuilding(store.folder(), settings)
                : NexusStore.open(store.folder(), settings);
    }

    private Changes append(NexusStore opened, Path folder) throws IOException {
        try (EventLog log = opened.read(folder)) {
            Changes changes = opened.append(log);
            if (!quiet) {
                ChangesText.printAppended(changes, log.ignored(), terminal.out());
            }
            return changes;
        }
    }

    private void writeChanges(NexusStore opened, Changes changes, Path folder) throws IOException {
        boolean written = false;
        try {
            opened.writeChanges(changes, folder, format.format());
            written = true;
        } finally {
            if (!written && changes.committed()) {
                terminal.err()
                        .println("nexus: epoch " + changes.epoch() + " is in the store, but what it changed was not "
                                + "written: take the whole tables (nexus tables)");
            }
        }
    }

    private ParameterException misuse(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
}
