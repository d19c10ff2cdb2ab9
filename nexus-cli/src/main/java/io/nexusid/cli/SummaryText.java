package io.nexusid.cli;

import io.nexusid.api.RunReport;
import io.nexusid.api.RunReport.TableIn;
import java.io.PrintStream;
import java.util.Map;

/** The summary for people: what was read, what became of it, what was written, and what it took, in 80 columns. */
final class SummaryText {
    /** One width for all sections, so that their numbers stand in one column. */
    private static final int LABELS = 46;

    private static final int NUMBERS = 14;
    private static final int SET_ASIDE = 12;

    private final RunReport report;
    private final PrintStream out;

    private SummaryText(RunReport report, PrintStream out) {
        this.report = report;
        this.out = out;
    }

    /** Prints the sections that have something to say. The stream stays the caller's. */
    static void print(RunReport report, PrintStream out) {
        SummaryText summary = new SummaryText(report, out);
        summary.printInput();
        summary.printResolution();
        summary.printNumbers("Valid rows without effect", report.unmatched());
        summary.printNumbers("Rows whose id came before (kept)", report.duplicateIds());
        summary.printNumbers("Written", report.tablesOut());
        summary.printCost();
    }

    private void printInput() {
        TextTable table =
                new TextTable().left("Read", LABELS).right("rows", NUMBERS).right("set aside", SET_ASIDE);
        long rows = 0;
        long rejected = 0;
        for (Map.Entry<String, TableIn> entry : report.tablesIn().entrySet()) {
            TableIn in = entry.getValue();
            table.row("  " + entry.getKey(), Figures.count(in.rows()), Figures.count(in.rejected()));
            rows += in.rows();
            rejected += in.rejected();
        }
        if (report.tablesIn().size() > 1) {
            table.row("  in all", Figures.count(rows), Figures.count(rejected));
        }
        table.print(out);
        for (String ignored : report.ignored()) {
            out.println("  ignored: " + PlainText.oneLine(ignored));
        }
        out.println();
    }

    private void printResolution() {
        TextTable table = new TextTable().left("Resolved", LABELS).right("", NUMBERS);
        table.row("  identifiers", Figures.count(report.identifiers()));
        table.row("  links", Figures.count(report.links()));
        table.row("  components", Figures.count(report.components()));
        table.row("  identifiers of the largest", Figures.count(report.largestComponent()));
        report.entities().forEach((type, count) -> table.row("  entities: " + type, Figures.count(count)));
        if (report.idCollisions() > 0) {
            table.row("  id collisions", Figures.count(report.idCollisions()));
        }
        table.print(out);
        out.println();
    }

    private void printNumbers(String title, Map<String, Long> numbers) {
        if (!numbers.isEmpty()) {
            TextTable table = new TextTable().left(title, LABELS).right("rows", NUMBERS);
            numbers.forEach((name, number) -> table.row("  " + name, Figures.count(number)));
            table.print(out);
            out.println();
        }
    }

    private void printCost() {
        TextTable table = new TextTable().left("Took", LABELS).right("time", NUMBERS);
        report.stagesMillis().forEach((stage, millis) -> table.row("  " + stage, Figures.duration(millis)));
        table.row("  in all, some at once", Figures.duration(report.elapsedMillis()));
        if (report.peakMemoryBytes() > 0) {
            table.row("  memory at most", Figures.bytes(report.peakMemoryBytes()));
        }
        table.print(out);
        out.println();
    }
}
