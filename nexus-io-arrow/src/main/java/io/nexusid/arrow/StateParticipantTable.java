package io.nexusid.arrow;

import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.graph.KeyDictionary;
import io.nexusid.graph.Participants;
import io.nexusid.states.AsOfJoin;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** {@link OutputTable#ENTITY_STATE_PARTICIPANTS}: what each participant of an event was when it happened. */
final class StateParticipantTable {
    private static final int NONE = -1;
    private static final int DAYS_OF_THE_LAST_YEAR = 365;

    private StateParticipantTable() {}

    static TableRows of(Run run, Identity identity, IdentifierEvents seen, StateTables states) {
        EntityRows pairs = EntityRows.of(identity);
        int n = pairs.size();
        int[] event = new int[n];
        long[] occurredAt = new long[n];
        for (int i = 0; i < n; i++) {
            event[i] = seen.event().code(pairs.row(i));
            occurredAt[i] = seen.occurredAt()[pairs.row(i)];
        }
        int[] anyRole = new int[n];
        Arrays.fill(anyRole, CodedColumn.NULL);
        KeyDictionary eventIds = seen.eventIds();
        Participants participants =
                Participants.compute(n, pairs.ordinals(), event, anyRole, occurredAt, false, eventIds::compare);
        int[] ordinal = new int[participants.size()];
        AsOfJoin join = joined(run, participants, event, pairs, states, ordinal);
        int[] joined = new int[join.matched()];
        int at = 0;
        for (int i = 0; i < participants.size(); i++) {
            if (join.state(i) >= 0) {
                joined[at++] = i;
            }
        }
        for (int from = 0, to; from < at; from = to) {
            to = from + 1;
            while (to < at && ordinal[joined[to]] == ordinal[joined[from]]) {
                to++;
            }
            IntArrays.quickSort(
                    joined,
                    from,
                    to,
                    (a, b) -> eventIds.compare(event[participants.row(a)], event[participants.row(b)]));
        }
        EntityIndex index = identity.index();
        IntUnaryOperator entity = i -> ordinal[joined[i]];
        List<OutputColumn> columns = List.of(
                OutputColumn.text(
                        "event_id", (i, out) -> seen.event().copyTo(event[participants.row(joined[i])], out.text)),
                OutputColumn.id(
                        run.config().ids(), "entity_state_id", (i, out) -> states.appendId(join.state(joined[i]), out)),
                identity.columns().id("entity_id", entity),
                OutputColumn.text("entity_type", (i, out) -> index.appendType(ordinal[joined[i]], out)));
        return new SelectedRows(at, identity.columns().withKeys(columns, new EntityColumns.Key("entity_key", entity)));
    }

    /** Fills in the ordinal of each participant on the way. */
    private static AsOfJoin joined(
            Run run, Participants participants, int[] event, EntityRows pairs, StateTables states, int[] ordinal) {
        int n = participants.size();
        int[] entity = new int[n];
        long[] occurredAt = new long[n];
        int rank = NONE;
        for (int i = 0; i < n; i++) {
            ordinal[i] = pairs.ordinal(participants.row(i));
            if (i == 0 || ordinal[i] != ordinal[i - 1]) {
                rank = states.rankOfOrdinal(ordinal[i]);
            }
            entity[i] = event[participants.row(i)] < 0 ? NONE : rank;
            occurredAt[i] = participants.occurredAt(i);
        }
        NexusConfig config = run.config();
        LocalDate today = Instant.EPOCH
                .plus(run.now(), ChronoUnit.MICROS)
                .atOffset(ZoneOffset.UTC)
                .toLocalDate();
        boolean lastYear = config.compat().joinsStatesOfTheLastYear();
        long from = config.stateEventsFrom()
                .map(StateParticipantTable::micros)
                .orElse(lastYear ? micros(today.minusDays(DAYS_OF_THE_LAST_YEAR)) : Long.MIN_VALUE);
        long to = config.stateEventsTo()
                .map(StateParticipantTable::micros)
                .orElse(lastYear ? micros(today.plusDays(1)) : Long.MAX_VALUE);
        return AsOfJoin.compute(n, entity, occurredAt, states.stateRows(), config.asOfTie(), from, to);
    }

    private static long micros(LocalDate day) {
        return micros(day.atStartOfDay().toInstant(ZoneOffset.UTC));
    }

    private static long micros(Instant instant) {
        return Instants.micros(instant);
    }
}
