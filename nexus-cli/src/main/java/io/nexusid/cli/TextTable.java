package io.nexusid.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * A few rows of text in aligned columns, two spaces apart, under their titles. A column is as wide as its widest cell,
 * and at least as wide as asked for; width is counted in code points. Cells are made safe for a terminal.
 */
final class TextTable {
    private record Column(String title, int width, boolean right) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<String[]> rows = new ArrayList<>();

    /** Adds a column of words, at least this wide. */
    TextTable left(String title, int width) {
        columns.add(new Column(title, width, false));
        return this;
    }

    /** Adds a column of numbers, at least this wide. */
    TextTable right(String title, int width) {
        columns.add(new Column(title, width, true));
        return this;
    }

    /** Adds a row: one cell for each column. */
    TextTable row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        String[] row = new String[cells.length];
        for (int c = 0; c < cells.length; c++) {
            row[c] = PlainText.oneLine(cells[c]);
        }
        rows.add(row);
        return this;
    }

    /** Prints the titles and the rows. */
    void print(PrintStream out) {
        String[] titles = columns.stream().map(Column::title).toArray(String[]::new);
        int[] widths = columns.stream().mapToInt(Column::width).toArray();
        widen(widths, titles);
        rows.forEach(row -> widen(widths, row));
        out.println(line(titles, widths));
        rows.forEach(row -> out.println(line(row, widths)));
    }

    private static void widen(int[] widths, String[] row) {
        for (int c = 0; c < row.length; c++) {
            widths[c] = Math.max(widths[c], width(row[c]));
        }
    }

    private String line(String[] row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < row.length; c++) {
            String padding = " ".repeat(widths[c] - width(row[c]));
            line.append(c == 0 ? "" : "  ");
            line.append(columns.get(c).right() ? padding + row[c] : row[c] + padding);
        }
        return line.toString().stripTrailing();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
