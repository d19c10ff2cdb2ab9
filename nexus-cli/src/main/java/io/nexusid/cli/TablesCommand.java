package io.nexusid.cli;

import io.nexusid.arrow.ConfigFile;
import io.nexusid.arrow.NexusStore;
import io.nexusid.arrow.ReadOptions;
import io.nexusid.arrow.ResolvedTables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nexus tables}: writes all resolved tables of a store. */
@Command(
        name = "tables",
        description = "Write the resolved tables of a store.",
        customSynopsis = "nexus tables --store DIR --out DIR [OPTIONS]",
        sortOptions = false)
final class TablesCommand implements Callable<Integer> {
    @Mixin
    private StoreOption store = new StoreOption();

    @Mixin
    private EpochOption epoch = new EpochOption();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder to write to.")
    private @Nullable Path out;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings as JSON (docs/configuration.md); a store has its own, but for declared states.")
    private @Nullable Path config;

    @Mixin
    private FormatOption format = new FormatOption();

    @Override
    public Integer call() throws IOException {
        ReadOptions options = config == null
                ? ReadOptions.defaults()
                : ReadOptions.defaults().config(ConfigFile.read(config).build());
        try (NexusStore opened = epoch.open(store.folder(), options);
                ResolvedTables tables = opened.tables()) {
            tables.write(Objects.requireNonNull(out), format.format());
        }
        return Main.DONE;
    }
}
