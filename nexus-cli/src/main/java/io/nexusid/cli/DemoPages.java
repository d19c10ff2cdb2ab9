package io.nexusid.cli;

import io.nexusid.api.OutputTable;
import io.nexusid.arrow.ResolvedTables;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/** Shows what the demo resolved to: the people, the companies, and two timelines. */
final class DemoPages {
    /** Ids are a pure function of the data, so these are Lewis Smith and Hollywood Farms on every machine. */
    private static final String LEWIS = "per_af43a612f874b7e1c8d28599d89e2d94";

    private static final String HOLLYWOOD = "grp_53ca25232f983645d22d9c9a461e014d";

    /** Shown as "from" and "to", or not worth a column. */
    private static final Set<String> TIMELINE_KEYS = Set.of(
            "entity_state_id",
            "previous_entity_state_id",
            "entity_id",
            "entity_type",
            "valid_from",
            "valid_to",
            "is_current");

    private final ResolvedTables tables;
    private final PrintStream out;

    /** Borrows both. */
    DemoPages(ResolvedTables tables, PrintStream out) {
        this.tables = tables;
        this.out = out;
    }

    void print() throws IOException {
        printEntities("People", OutputTable.PERSONS, "email", "person_id");
        printEntities("Companies", OutputTable.GROUPS, "domain", "group_id");
        ShownRows states = rows(OutputTable.ENTITY_STATES);
        printTimeline("Hollywood Farms", states.where("entity_id", HOLLYWOOD));
        printTimeline("Lewis Smith", states.where("entity_id", LEWIS));
    }

    private ShownRows rows(String table) throws IOException {
        return ShownRows.read(tables.reader(table));
    }

    private void printEntities(String title, String table, String contact, String id) throws IOException {
        TextTable shown = new TextTable()
                .left(title, 18)
                .left(contact, 30)
                .left("last seen", 16)
                .left("id", 0);
        for (ShownRows.Row entity : rows(table).rows()) {
            shown.row(
                    entity.text("name"), entity.text(contact), entity.time("last_interaction_at"), entity.shortId(id));
        }
        print(shown);
    }

    /** The states that this entity ever had, in the table's own order of columns. */
    private void printTimeline(String name, ShownRows states) {
        List<String> shown = states.columnsWithValues().stream()
                .filter(column -> !TIMELINE_KEYS.contains(column))
                .toList();
        TextTable table = new TextTable().left("  from", 18).left("to", 16);
        for (String column : shown) {
            if (states.isNumber(column)) {
                table.right(column, 0);
            } else {
                table.left(column, 0);
            }
        }
        for (ShownRows.Row row : states.rows()) {
            String[] cells = new String[shown.size() + 2];
            cells[0] = "  " + row.time("valid_from");
            cells[1] = row.time("valid_to");
            for (int c = 0; c < shown.size(); c++) {
                cells[c + 2] = row.text(shown.get(c));
            }
            table.row(cells);
        }
        out.println(name + " over time (nexus_entity_states)");
        print(table);
    }

    private void print(TextTable table) {
        table.print(out);
        out.println();
    }
}
