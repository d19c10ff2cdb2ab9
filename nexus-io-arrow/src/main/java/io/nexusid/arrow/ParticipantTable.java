package io.nexusid.arrow;

import io.nexusid.api.OutputTable;
import io.nexusid.api.SurrogateKey;
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
        return new SelectedRows(participants.size(), () -> {
            EventTexts events = new EventTexts(rows, pairs, participants);
            return new SelectedRows.Columns(
                    List.of(
                            OutputColumn.text("entity_participant_id", (row, out) -> {
                                int pair = participants.row(row);
                                events.addTo(row, out.key.start());
                                index.addId(pairs.ordinal(pair), out.key);
                                rows.role().addTo(rows.role().code(pairs.row(pair)), out.key);
                                out.appendId(Bytes.PARTICIPANT_PREFIX);
                            }),
                            OutputColumn.text(
                                    "entity_type",
                                    (row, out) -> index.appendType(pairs.ordinal(participants.row(row)), out)),
                            OutputColumn.text("event_id", (row, out) -> events.copyTo(row, out.text)),
                            OutputColumn.text(
                                    "entity_id",
                                    (row, out) -> index.appendId(pairs.ordinal(participants.row(row)), out)),
                            OutputColumn.text("role", (row, out) -> rows.role()
                                    .copyTo(rows.role().code(pairs.row(participants.row(row))), out.text)),
                            OutputColumn.instant("occurred_at", participants::occurredAt)),
                    events);
        });
    }

    /**
     * The event ids of one batch, fetched once for both columns that need them: rows come by entity, so each is a walk
     * through cold memory.
     */
    private static final class EventTexts implements SelectedRows.BatchHook {
        private final IdentifierRows rows;
        private final EntityRows pairs;
        private final Participants participants;
        private final TextAppender texts = new TextAppender();
        private int from;

        EventTexts(IdentifierRows rows, EntityRows pairs, Participants participants) {
            this.rows = rows;
            this.pairs = pairs;
            this.participants = participants;
        }

        @Override
        public void prepare(int start, int count) {
            from = start;
            texts.begin(count);
            for (int row = start; row < start + count; row++) {
                rows.event().copyTo(rows.event().code(pairs.row(participants.row(row))), texts);
            }
        }

        void copyTo(int row, TextAppender out) {
            texts.copyTo(row - from, out);
        }

        void addTo(int row, SurrogateKey key) {
            texts.addTo(row - from, key);
        }
    }
}
