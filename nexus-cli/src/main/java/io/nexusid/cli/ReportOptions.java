package io.nexusid.cli;

import io.nexusid.api.RunReport;
import java.io.IOException;
import picocli.CommandLine.Option;

/** What a command prints about its run: options that every command has. */
final class ReportOptions {
    @Option(names = "--quiet", description = "Print nothing but errors.")
    private boolean quiet;

    @Option(names = "--json", description = "Print the summary as JSON, alone on standard output.")
    private boolean json;

    @SuppressWarnings("unused") // Main looks for it before parsing, so that it also serves errors of parsing
    @Option(names = "--debug", description = "Print the stack trace of an error.")
    private boolean debug;

    @SuppressWarnings("unused") // picocli acts on it
    @Option(names = "--help", usageHelp = true, description = "Print this help.")
    private boolean help;

    /** Whether there are pages for people to read. */
    boolean talks() {
        return !quiet && !json;
    }

    /** The progress line, silent unless someone watches. */
    ProgressLine progress(Terminal terminal) {
        return talks() && Terminal.isWatched() ? ProgressLine.on(terminal.err()) : ProgressLine.silent();
    }

    /** Prints the summary in the form asked for. */
    void print(RunReport report, Terminal terminal) throws IOException {
        if (json) {
            SummaryJson.write(report, terminal.out());
        } else if (!quiet) {
            SummaryText.print(report, terminal.out());
        }
    }
}
