package io.nexusid.cli;

import io.nexusid.api.ChangeReason;
import io.nexusid.arrow.Changes;
import io.nexusid.arrow.ConfigFile;
import io.nexusid.arrow.EventLog;
import io.nexusid.arrow.NexusStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nexus append}: applies a folder of tables to a store. */
@Command(
        name = "append",
        description = "Apply an event log to a store: all of it, or nothing.",
        customSynopsis = "nexus append --store DIR --in DIR [OPTIONS]",
        sortOptions = false,
        footer = {"", "Rows that the store has taken before are not taken again (docs/store.md)."})
final class AppendCommand implements Callable<Integer> {
    private static final List<ChangeReason> SHOWN = List.of(
            ChangeReason.FULL_RESOLUTION,
            ChangeReason.BORN,
            ChangeReason.ACCRETED,
            ChangeReason.REPOINTED,
            ChangeReason.REOBSERVED);

    private final Terminal terminal;

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(names = "--in", required = true, paramLabel = "DIR", description = "The folder to read.")
    private @Nullable Path in;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Also write what the append added to nexus_resolution_log, the rows of resolved tables that it changed "
                            + "(NAME_changes), and those of the input that were set aside (nexus_rejects), to this folder.")
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
        try (NexusStore opened = config == null
                        ? NexusStore.open(store.folder())
                        : NexusStore.open(
                                store.folder(), ConfigFile.read(config).build());
                EventLog log = opened.read(Objects.requireNonNull(in))) {
            Changes changes = opened.append(log);
            if (!quiet) {
                print(changes, log.ignored(), terminal.out());
            }
            if (out != null) {
                writeChanges(opened, changes, out);
            }
        }
        return Main.DONE;
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

    private static void print(Changes changes, List<String> ignored, PrintStream to) {
        to.println(changes.committed() ? "epoch " + changes.epoch() : "nothing new, still epoch " + changes.epoch());
        TextTable rows = new TextTable()
                .left("table", 0)
                .right("rows", 0)
                .right("taken", 0)
                .right("duplicates", 0)
                .right("changed", 0)
                .right("set aside", 0);
        changes.rows()
                .forEach((table, counts) -> rows.row(
                        table.tableName(),
                        Figures.count(counts.read()),
                        Figures.count(counts.taken()),
                        Figures.count(counts.duplicates()),
                        Figures.count(counts.changedContent()),
                        Figures.count(counts.setAside())));
        rows.print(to);
        ignored.forEach(name -> to.println("ignored: " + PlainText.oneLine(name)));
        if (changes.committed()) {
            TextTable identifiers = new TextTable().left("identifiers", 0);
            SHOWN.forEach(reason -> identifiers.right(reason.code(), 0));
            identifiers.right("entities merged", 0);
            new TreeMap<>(changes.identifiers()).keySet().forEach(type -> {
                String[] cells = new String[SHOWN.size() + 2];
                cells[0] = type;
                for (int i = 0; i < SHOWN.size(); i++) {
                    cells[i + 1] = Figures.count(changes.count(type, SHOWN.get(i)));
                }
                cells[SHOWN.size() + 1] = Figures.count(changes.merged().getOrDefault(type, 0));
                identifiers.row(cells);
            });
            identifiers.print(to);
        }
        if (!changes.watermarks().isEmpty()) {
            TextTable watermarks = new TextTable().left("source", 0).left("loaded up to", 0);
            changes.sortedWatermarks()
                    .forEach((source, at) -> watermarks.row(PlainText.oneLine(source), at.toString()));
            watermarks.print(to);
        }
    }
}
