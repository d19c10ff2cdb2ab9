package io.nexusid.arrow;

import io.nexusid.api.OutputTable;
import java.util.List;

/** {@link OutputTable#REJECTS}: the rows that were set aside, without their values. */
final class RejectTable {
    private RejectTable() {}

    static TableRows of(Rejects rejects) {
        return new SelectedRows(
                rejects.size(),
                List.of(
                        OutputColumn.text(
                                "input_table",
                                (i, out) ->
                                        out.text.append(Bytes.of(rejects.get(i).table()))),
                        OutputColumn.text(
                                "file",
                                (i, out) ->
                                        out.text.append(Bytes.of(rejects.get(i).file()))),
                        OutputColumn.integer("row_number", i -> rejects.get(i).row()),
                        OutputColumn.text(
                                "code",
                                (i, out) -> out.text.append(
                                        Bytes.of(rejects.get(i).code().code()))),
                        OutputColumn.text("column_name", (i, out) -> {
                            String column = rejects.get(i).column();
                            if (column == null) {
                                out.text.appendNull();
                            } else {
                                out.text.append(Bytes.of(column));
                            }
                        }),
                        OutputColumn.text(
                                "reason",
                                (i, out) ->
                                        out.text.append(Bytes.of(rejects.get(i).reason())))));
    }
}
