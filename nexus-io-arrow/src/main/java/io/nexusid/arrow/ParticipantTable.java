package io.nexusid.arrow;

import io.nexusid.api.OutputTable;
import io.nexusid.graph.KeyDictionary;
import io.nexusid.graph.Participants;
import java.util.List;

/** {@link OutputTable#ENTITY_PARTICIPANTS}: who took part in which event, in which role. */
final class ParticipantTable {
    private ParticipantTable() {}

    static TableRows of(Run run, Identity identity) {
        IdentifierRows rows = identity.rows();
        EntityRows pairs = EntityRows.of(identity);
        int n = pairs.size();
        int[] event = new int[n];
        int[] role = new int[n];
        long[] occurredAt = new long[n];
        int[] roleRanks = rows.role().rankOfCode();
        for (int i = 0; i < n; i++) {
            int row = pairs.row(i);
            event[i] = rows.event().code(row);
            int roleCode = rows.role().code(row);
            role[i] = roleCode < 0 ? CodedColumn.NULL : roleRanks[roleCode];
            occurredAt[i] = rows.occurredAt()[row];
        }
        KeyDictionary eventIds = rows.eventIds();
        Participants participants = Participants.compute(
                n,
                pairs.ordinals(),
                event,
                role,
                occurredAt,
                run.config().compat().splitsParticipantsByTime(),
                eventIds::compare);
        EntityIndex index = identity.index();
        return new SelectedRows(
                participants.size(),
                List.of(
                        OutputColumn.text("entity_participant_id", (row, out) -> {
                            int pair = participants.row(row);
                            int inputRow = pairs.row(pair);
                            int eventCode = rows.event().code(inputRow);
                            int roleCode = rows.role().code(inputRow);
                            out.key.start();
                            addPart(out, rows.event(), eventCode);
                            index.addId(pairs.ordinal(pair), out.key);
                            addPart(out, rows.role(), roleCode);
                            out.appendId(Bytes.PARTICIPANT_PREFIX);
                        }),
                        OutputColumn.text(
                                "entity_type",
                                (row, out) -> index.appendType(pairs.ordinal(participants.row(row)), out)),
                        OutputColumn.text("event_id", (row, out) -> rows.event()
                                .copyTo(rows.event().code(pairs.row(participants.row(row))), out.text)),
                        OutputColumn.text(
                                "entity_id", (row, out) -> index.appendId(pairs.ordinal(participants.row(row)), out)),
                        OutputColumn.text("role", (row, out) -> rows.role()
                                .copyTo(rows.role().code(pairs.row(participants.row(row))), out.text)),
                        OutputColumn.instant("occurred_at", participants::occurredAt)));
    }

    private static void addPart(OutputColumn.Scratch out, CodedColumn column, int code) {
        if (code < 0) {
            out.key.addNull();
        } else {
            out.key.add(column.bytes(code));
        }
    }
}
