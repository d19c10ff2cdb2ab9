package io.nexusid.arrow;

import io.nexusid.api.IdForm;
import io.nexusid.api.OutputTable;
import io.nexusid.api.SurrogateKey;
import io.nexusid.states.StayChecks;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.ints.IntComparator;
import java.util.Arrays;
import java.util.List;

/** {@link OutputTable#STATE_FINDINGS}: what is wrong with the stays of {@code states}, and what became of them. */
final class StateFindingTable {
    private final Run run;
    private final StateRows rows;
    private final GivenStays given;
    private final StayChecks checks;
    private final int[] order;

    private StateFindingTable(Run run, StateRows rows) {
        this.run = run;
        this.rows = rows;
        this.given = rows.given();
        this.checks = given.checks();
        this.order = new int[checks.findings()];
        Arrays.setAll(order, i -> i);
        IntArrays.mergeSort(order, new InOrder());
    }

    static TableRows of(Run run, StateRows rows) {
        return new StateFindingTable(run, rows).table();
    }

    private TableRows table() {
        IdForm ids = run.config().ids();
        List<OutputColumn> columns = List.of(
                OutputColumn.id(ids, "state_id", (i, out) -> appendId(row(i), out)),
                OutputColumn.id(ids, "entity_id", (i, out) -> rows.appendEntityId(given.entityOfRow(row(i)), out)),
                OutputColumn.text(
                        "entity_type", (i, out) -> out.text.append(rows.entityTypeName(given.entityOfRow(row(i))))),
                OutputColumn.text("state_name", (i, out) -> out.text.append(given.nameOfRow(row(i)))),
                OutputColumn.instant("state_entered_at", i -> given.enteredAtOfRow(row(i))),
                OutputColumn.instant("state_exited_at", i -> given.exitedAtOfRow(row(i))),
                OutputColumn.text(
                        "code",
                        (i, out) ->
                                out.text.append(Bytes.of(checks.fault(order[i]).code()))),
                OutputColumn.flag("is_set_aside", i -> given.isSetAside(row(i)) ? 1 : 0),
                OutputColumn.id(ids, "overlapped_state_id", (i, out) -> {
                    int other = checks.other(order[i]);
                    if (other < 0) {
                        out.appendNullId();
                    } else {
                        appendId(other, out);
                    }
                }));
        return new SelectedRows(order.length, rows.withKeys(columns, i -> given.entityOfRow(row(i))));
    }

    private int row(int i) {
        return checks.row(order[i]);
    }

    private void appendId(int row, OutputColumn.Scratch out) {
        addId(row, out.key);
        out.appendId(Bytes.STATE_PREFIX);
    }

    private void addId(int row, SurrogateKey key) {
        StateTables.addId(
                key,
                run.config().idDialect(),
                rows.entityId(given.entityOfRow(row)),
                given.nameOfRow(row),
                given.enteredAtOfRow(row),
                given.triggerOfRow(row));
    }

    /** By entity id, state, entry, id and code; then by the remaining columns. */
    private final class InOrder implements IntComparator {
        private final SurrogateKey key = new SurrogateKey();

        @Override
        public int compare(int a, int b) {
            int left = checks.row(a);
            int right = checks.row(b);
            int result = rows.compareEntityIds(given.entityOfRow(left), given.entityOfRow(right));
            result = result != 0 ? result : Arrays.compareUnsigned(given.nameOfRow(left), given.nameOfRow(right));
            result = result != 0 ? result : Instants.compare(given.enteredAtOfRow(left), given.enteredAtOfRow(right));
            result = result != 0 ? result : compareIds(left, right);
            result = result != 0
                    ? result
                    : checks.fault(a).code().compareTo(checks.fault(b).code());
            result = result != 0 ? result : rows.compareEntityTypes(given.entityOfRow(left), given.entityOfRow(right));
            result = result != 0 ? result : Instants.compare(given.exitedAtOfRow(left), given.exitedAtOfRow(right));
            result = result != 0 ? result : Boolean.compare(given.isSetAside(left), given.isSetAside(right));
            int other = checks.other(a);
            return result != 0 || other < 0 ? result : compareIds(other, checks.other(b));
        }

        private int compareIds(int left, int right) {
            addId(left, key);
            key.finish();
            long high = key.high();
            long low = key.low();
            addId(right, key);
            key.finish();
            int result = Long.compareUnsigned(high, key.high());
            return result != 0 ? result : Long.compareUnsigned(low, key.low());
        }
    }
}
