package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.InputTable;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.store.Fingerprints;
import io.nexusid.arrow.store.SegmentWriter;
import io.nexusid.graph.KeyDictionary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The {@link RowMarks} of the rows of a table, gathered row by row while a block of them is collected. */
final class MarkedRows {
    private final InputTable table;
    private final RowMarks marks;
    private final RowPrints prints;
    private final Function<String, TextBlock> cells;
    private final List<String> columns;
    private final int[][] marksOfRow;
    /** By code of an entity type's bytes, its name. */
    private final KeyDictionary typeCodes = new KeyDictionary(16);

    private final List<String> typeNames = new ArrayList<>();
    private int rows;

    /**
     * Starts with no rows.
     *
     * @param prints fingerprints ids
     * @param columns of marks
     * @param cells the loaded cells of a column
     * @param capacity the most rows of a block
     */
    MarkedRows(
            InputTable table,
            List<String> columns,
            RowMarks marks,
            RowPrints prints,
            Function<String, TextBlock> cells,
            int capacity) {
        this.table = table;
        this.marks = marks;
        this.prints = prints;
        this.cells = cells;
        this.columns = columns;
        this.marksOfRow = new int[columns.size()][capacity];
    }

    /**
     * Adds a row of the batch that is loaded.
     *
     * @param given whether it came with an id of its own
     */
    void add(int row, boolean given) {
        for (int c = 0; c < columns.size(); c++) {
            Fingerprints print = new Fingerprints(1);
            print(columns.get(c), row, given, print);
            marksOfRow[c][rows] = print.size() == 0 ? RowMarks.NONE : RowMarks.of(print.low(0));
        }
        rows++;
    }

    /** Appends the fingerprint of what a row names in a column of marks, if it names anything. */
    private void print(String column, int row, boolean given, Fingerprints target) {
        switch (column) {
            case RowMarks.EVENT -> {
                TextBlock events = text("event_id");
                if (!events.isNull(row)) {
                    marks.addEvent(events, row, target);
                }
            }
            case RowMarks.ID -> {
                if (given) {
                    prints.addId(text(RowPrints.idColumn(table)), row, target);
                }
            }
            case RowMarks.WHO -> printWho(row, target);
            default -> printWhom(row, target);
        }
    }

    private void printWho(int row, Fingerprints target) {
        switch (table) {
            case STATES, COMPUTED_TRAITS -> {
                TextBlock ids = text("entity_id");
                if (!ids.isNull(row)) {
                    marks.addEntityId(ids.bytes(), ids.from(row), ids.length(row), target);
                }
            }
            case ENTITY_REGISTRATIONS -> {
                TextBlock ids = text("source_id");
                TextBlock types = text("entity_type");
                if (!ids.isNull(row) && !types.isNull(row)) {
                    marks.addSourceId(typeName(types, row), ids.bytes(), ids.from(row), ids.length(row), target);
                }
            }
            case RELATIONSHIP_DECLARATIONS ->
                printIdentifier("entity_a_type", "entity_a_identifier_type", "entity_a_identifier", row, false, target);
            default ->
                printIdentifier(
                        "entity_type",
                        "identifier_type",
                        "identifier_value",
                        row,
                        table == InputTable.ENTITY_IDENTIFIERS,
                        target);
        }
    }

    private void printWhom(int row, Fingerprints target) {
        if (table == InputTable.ENTITY_REGISTRATIONS) {
            TextBlock ids = text("source_id");
            TextBlock sources = text("source");
            if (!ids.isNull(row) && !sources.isNull(row)) {
                marks.addRegistered(ids, sources, row, target);
            }
        } else {
            printIdentifier("entity_b_type", "entity_b_identifier_type", "entity_b_identifier", row, false, target);
        }
    }

    /** The columns that name the identifiers of a row whose marks depend on the rules. */
    static List<String> identifierColumns(InputTable table) {
        return table == InputTable.RELATIONSHIP_DECLARATIONS
                ? List.of(
                        "entity_a_type",
                        "entity_a_identifier_type",
                        "entity_a_identifier",
                        "entity_b_type",
                        "entity_b_identifier_type",
                        "entity_b_identifier")
                : List.of("entity_type", "identifier_type", "identifier_value");
    }

    private void printIdentifier(
            String typeColumn, String kindColumn, String valueColumn, int row, boolean observed, Fingerprints target) {
        TextBlock types = text(typeColumn);
        TextBlock kinds = text(kindColumn);
        TextBlock values = text(valueColumn);
        if (!types.isNull(row) && !kinds.isNull(row) && !values.isNull(row)) {
            marks.addIdentifier(typeName(types, row), kinds, values, row, observed, target);
        }
    }

    private String typeName(TextBlock types, int row) {
        int code = typeCodes.add(0, types.bytes(), types.from(row), types.length(row));
        if (code == typeNames.size()) {
            typeNames.add(new String(types.bytes(), types.from(row), types.length(row), UTF_8));
        }
        return typeNames.get(code);
    }

    private TextBlock text(String column) {
        return cells.apply(column);
    }

    /** Writes the marks of the rows as a block of each column and starts anew. */
    void flush(SegmentWriter segment) throws IOException {
        for (int c = 0; c < columns.size(); c++) {
            segment.ints(columns.get(c), marksOfRow[c], 0, rows);
        }
        rows = 0;
    }
}
