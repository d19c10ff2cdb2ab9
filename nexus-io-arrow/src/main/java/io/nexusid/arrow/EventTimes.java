package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.util.Arrays;

/** When the events that identifier rows name occurred, by event code; ids given twice have an earliest and a latest. */
final class EventTimes {
    private final long[] earliest;
    private final long[] latest;

    private EventTimes(Run run, KeyDictionary eventIds) throws IOException {
        earliest = new long[eventIds.size()];
        latest = new long[eventIds.size()];
        Arrays.fill(earliest, Instants.NULL);
        Arrays.fill(latest, Instants.NULL);
        IntArrayList codes = new IntArrayList();
        try (LoadedTable events = LoadedTable.of(InputTable.EVENTS)
                .each("event_id", block -> {
                    for (int i = 0; i < block.rows(); i++) {
                        codes.add(eventIds.find(0, block.bytes(), block.from(i), block.length(i)));
                    }
                })
                .instants("occurred_at")
                .load(run)) {
            long[] occurredAt = events.instants("occurred_at");
            for (int row = 0; row < events.rows(); row++) {
                int code = codes.getInt(row);
                if (code >= 0) {
                    earliest[code] = Instants.min(earliest[code], occurredAt[row]);
                    latest[code] = Instants.max(latest[code], occurredAt[row]);
                }
            }
        }
    }

    static EventTimes load(Run run, IdentifierEvents seen) throws IOException {
        return new EventTimes(run, seen.eventIds());
    }

    /** Null where the events table has no such event. */
    long earliest(int eventCode) {
        return eventCode < 0 ? Instants.NULL : earliest[eventCode];
    }

    long latest(int eventCode) {
        return eventCode < 0 ? Instants.NULL : latest[eventCode];
    }
}
