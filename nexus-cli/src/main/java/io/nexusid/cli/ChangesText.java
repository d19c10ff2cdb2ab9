package io.nexusid.cli;

import io.nexusid.api.ChangeReason;
import io.nexusid.arrow.Changes;
import java.io.PrintStream;
import java.util.List;
import java.util.TreeMap;

/** What an append or a rebuild did to a store, in words and tables. */
final class ChangesText {
    private ChangesText() {}

    static void printAppended(Changes changes, List<String> ignored, PrintStream to) {
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
            printIdentifiers(
                    changes,
                    List.of(
                            ChangeReason.FULL_RESOLUTION,
                            ChangeReason.BORN,
                            ChangeReason.ACCRETED,
                            ChangeReason.REPOINTED,
                            ChangeReason.REOBSERVED),
                    to);
        }
        printLostPins(changes, to);
        if (!changes.watermarks().isEmpty()) {
            TextTable watermarks = new TextTable().left("source", 0).left("loaded up to", 0);
            changes.sortedWatermarks()
                    .forEach((source, at) -> watermarks.row(PlainText.oneLine(source), at.toString()));
            watermarks.print(to);
        }
    }

    static void printRebuilt(Changes changes, PrintStream to) {
        to.println("epoch " + changes.epoch() + ": rebuilt under the rules given");
        printIdentifiers(
                changes, List.of(ChangeReason.FULL_RESOLUTION, ChangeReason.REPOINTED, ChangeReason.DROPPED), to);
        printLostPins(changes, to);
    }

    private static void printLostPins(Changes changes, PrintStream to) {
        if (!changes.lostPins().isEmpty()) {
            TextTable lost = new TextTable().left("pinned id that is gone", 0).left("is now", 0);
            changes.lostPins().forEach(lost::row);
            lost.print(to);
        }
    }

    private static void printIdentifiers(Changes changes, List<ChangeReason> reasons, PrintStream to) {
        TextTable identifiers = new TextTable().left("identifiers", 0);
        reasons.forEach(reason -> identifiers.right(reason.code(), 0));
        identifiers.right("entities merged", 0);
        new TreeMap<>(changes.identifiers()).keySet().forEach(type -> {
            String[] cells = new String[reasons.size() + 2];
            cells[0] = type;
            for (int i = 0; i < reasons.size(); i++) {
                cells[i + 1] = Figures.count(changes.count(type, reasons.get(i)));
            }
            cells[reasons.size() + 1] = Figures.count(changes.merged().getOrDefault(type, 0));
            identifiers.row(cells);
        });
        identifiers.print(to);
    }
}
