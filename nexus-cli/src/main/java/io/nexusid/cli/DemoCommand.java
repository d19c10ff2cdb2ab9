package io.nexusid.cli;

import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.EventLog;
import io.nexusid.arrow.Nexus;
import io.nexusid.arrow.ResolvedTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nexus demo}: the same on the bundled export of four systems, and then shows who came out. */
@Command(
        name = "demo",
        description = "Resolve the bundled export of a shop, mail, calendar and billing system, and show the result.",
        customSynopsis = "nexus demo [OPTIONS]",
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    /** Set by the launcher: the folder of the demo's files. */
    private static final String DEMO_PROPERTY = "nexus.demo";

    private static final String DEMO_FOLDER = "src-test-fixtures/src/main/resources/demo";

    private final Terminal terminal;

    @Option(names = "--out", paramLabel = "DIR", description = "Also write the tables to this folder.")
    private @Nullable Path out;

    @Mixin
    private FormatOption format = new FormatOption();

    @Option(names = "--in", hidden = true)
    private @Nullable Path in;

    @Mixin
    private ReportOptions reporting = new ReportOptions();

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Path source = in != null ? in : Path.of(System.getProperty(DEMO_PROPERTY, DEMO_FOLDER));
        if (!Files.isDirectory(source)) {
            throw new NoSuchFileException(source.toString(), null, "the demo runs in a checkout, by ./nexus demo");
        }
        try (ProgressLine progress = reporting.progress(terminal);
                Nexus nexus = Nexus.open(NexusConfig.defaults()).progress(progress);
                EventLog log = nexus.read(source);
                ResolvedTables resolved = nexus.resolve(log)) {
            if (out != null) {
                resolved.write(out, format.format());
            }
            if (reporting.talks()) {
                DemoPages pages = DemoPages.read(resolved); // before the report, which then covers it
                progress.erase();
                reporting.print(resolved.report(), terminal);
                pages.print(terminal.out());
                if (out == null) {
                    terminal.out().println("Nothing was written; --out DIR writes all tables.");
                }
            } else {
                reporting.print(resolved.report(), terminal);
            }
        }
        return Main.DONE;
    }
}
