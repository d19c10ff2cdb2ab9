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

    private final ShownRows people;
    private final ShownRows companies;
    private final ShownRows states;

    private DemoPages(ShownRows people, ShownRows companies, ShownRows states) {
        this.people = people;
        this.companies = companies;
        this.states = states;
    }

    /** Computes and reads what will be shown; the tables are not needed afterwards. */
    static DemoPages read(ResolvedTables tables) throws IOException {
        return new DemoPages(
                ShownRows.read(tables.reader(OutputTable.PERSONS)),
                ShownRows.read(tables.reader(OutputTable.GROUPS)),
                ShownRows.read(tables.reader(OutputTable.ENTITY_STATES)));
    }

    /** Prints all pages. The stream stays the caller's. */
    void print(PrintStream out) {
        printEntities(out, "People", people, "email", "person_id");
        printEntities(out, "Companies", companies, "domain", "group_id");
        printTimeline(out, "Hollywood Farms", states.where("entity_id", HOLLYWOOD));
        printTimeline(out, "Lewis Smith", states.where("entity_id", LEWIS));
    }

    private static void printEntities(PrintStream out, String title, ShownRows rows, String contact, String id) {
        TextTable shown = new TextTable()
                .left(title, 17)
                .left(contact, 30)
                .left("last seen", 16)
                .left("id", 0);
        for (ShownRows.Row entity : rows.rows()) {
            shown.row(
                    entity.text("name"), entity.text(contact), entity.time("last_interaction_at"), entity.shortId(id));
        }
        shown.print(out);
        out.println();
    }

    /** The states that this entity ever had, in the table's own order of columns. */
    private static void printTimeline(PrintStream out, String name, ShownRows states) {
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
        table.print(out);
        out.println();
    }
}
