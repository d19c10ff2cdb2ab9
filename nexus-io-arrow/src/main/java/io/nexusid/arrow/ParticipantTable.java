package io.nexusid.arrow;

import io.nexusid.api.IdForm;
import io.nexusid.api.OutputTable;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.graph.KeyDictionary;
import io.nexusid.graph.Participants;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/** {@link OutputTable#ENTITY_PARTICIPANTS}: who took part in which event, in which role. */
final class ParticipantTable {
    private ParticipantTable() {}

    static TableRows of(Run run, Identity identity, IdentifierEvents seen) throws IOException {
        EntityRows pairs = EntityRows.of(identity);
        int n = pairs.size();
        int[] roleRanks = seen.role().rankOfCode();
        int[] role = new int[n];
        for (int i = 0; i < n; i++) {
            int code = seen.role().code(pairs.row(i));
            role[i] = code < 0 ? CodedColumn.NULL : roleRanks[code];
        }
        KeyDictionary eventIds = seen.eventIds();
        Participants participants = Participants.compute(
                n,
                pairs.ordinals(),
                pairs.ofPairs(seen.event().codes()),
                role,
                pairs.ofPairs(seen.occurredAt()),
                run.config().compat().splitsParticipantsByTime(),
                eventIds::compare);
        EntityIndex index = identity.index();
        IdForm ids = run.config().ids();
        EntityLives lives = identity.lives();
        IntArrayList mintedFrom = new IntArrayList();
        int[] participantOfRow = lives == null
                ? null
                : MintedParticipants.of(identity, seen, pairs, role, lives).rows(participants, mintedFrom);
        int size = participantOfRow == null ? participants.size() : participantOfRow.length;
        IntUnaryOperator participant = row -> participantOfRow == null ? row : participantOfRow[row];
        return new SelectedRows(size, () -> {
            Batch batch = new Batch(seen, pairs, participants, participant);
            List<OutputColumn> columns = List.of(
                    OutputColumn.id(ids, "entity_participant_id", (row, out) -> {
                        batch.events.addTo(batch.at(row), out.key.start());
                        int minted = participantOfRow == null ? EntityIndex.NONE : mintedFrom.getInt(row);
                        if (minted < 0) {
                            index.addId(batch.ordinal(row), out.key);
                        } else {
                            Objects.requireNonNull(run.stored()).addId(minted, out.key);
                        }
                        seen.role().addTo(batch.role(row), out.key);
                        out.appendId(Bytes.PARTICIPANT_PREFIX);
                    }),
                    OutputColumn.text("entity_type", (row, out) -> index.appendType(batch.ordinal(row), out)),
                    OutputColumn.text("event_id", (row, out) -> batch.events.copyTo(batch.at(row), out.text)),
                    identity.columns().id("entity_id", batch::ordinal),
                    OutputColumn.text("role", (row, out) -> seen.role().copyTo(batch.role(row), out.text)),
                    OutputColumn.instant("occurred_at", row -> participants.occurredAt(participant.applyAsInt(row))));
            return new SelectedRows.Columns(
                    identity.columns().withKeys(columns, new EntityColumns.Key("entity_key", batch::ordinal)), batch);
        });
    }

    /**
     * What the columns of one batch share, fetched once: rows come by entity, so each look into the input is a walk through
     * cold memory, and in a loop of their own such walks overlap.
     */
    private static final class Batch implements SelectedRows.BatchHook {
        private final IdentifierEvents seen;
        private final EntityRows pairs;
        private final Participants participants;
        private final IntUnaryOperator participant;
        private final int[] ordinals = new int[RowReader.MAX_BATCH_ROWS];
        private final int[] inputRows = new int[RowReader.MAX_BATCH_ROWS];
        private final int[] roles = new int[RowReader.MAX_BATCH_ROWS];
        private final int[] eventCodes = new int[RowReader.MAX_BATCH_ROWS];
        final TextAppender events = new TextAppender();
        private int from;

        Batch(IdentifierEvents seen, EntityRows pairs, Participants participants, IntUnaryOperator participant) {
            this.participant = participant;
            this.seen = seen;
            this.pairs = pairs;
            this.participants = participants;
        }

        @Override
        public void prepare(int start, int count) {
            from = start;
            for (int i = 0; i < count; i++) {
                int pair = participants.row(participant.applyAsInt(start + i));
                ordinals[i] = pairs.ordinal(pair);
                inputRows[i] = pairs.row(pair);
            }
            for (int i = 0; i < count; i++) {
                roles[i] = seen.role().code(inputRows[i]);
            }
            for (int i = 0; i < count; i++) {
                eventCodes[i] = seen.event().code(inputRows[i]);
            }
            events.begin(count).appendAll(seen.eventIds(), eventCodes, count);
        }

        int at(int row) {
            return row - from;
        }

        int ordinal(int row) {
            return ordinals[row - from];
        }

        int role(int row) {
            return roles[row - from];
        }
    }
}
