package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.OutputTable;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.util.Arrays;

/**
 * Where and when each identifier row was seen: its event, role and instants, by the row numbers of {@link IdentifierRows}.
 * Read apart from them, and given back when no table still to be made needs it: while components are found the texts of
 * edges are held, and those of events are as many.
 */
final class IdentifierEvents {
    private final KeyDictionary eventIds = new KeyDictionary(1 << 16);
    private final CodedColumn event = new CodedColumn(eventIds);
    private final CodedColumn role = new CodedColumn();
    private final CodedColumn source = new CodedColumn();
    private final CodedColumn entityType;
    private final LongArrayList occurredAt = new LongArrayList();
    /** When a row was loaded, or else when it occurred; only where edges are wanted. */
    private final LongArrayList ingestedAt = new LongArrayList();

    private final boolean keepsIngestion;
    /** By code of the entity type. */
    private long[] latestOfType = {};

    private IdentifierEvents(Run run) {
        this.entityType = new CodedColumn(run.entityTypes());
        this.keepsIngestion = run.wants(OutputTable.EDGES);
        event.expect(run.log().announcedRows(InputTable.ENTITY_IDENTIFIERS));
    }

    /** Nothing, for tables that turn out to need nothing. */
    static IdentifierEvents none(Run run) {
        return new IdentifierEvents(run);
    }

    /** Whether any wanted table needs them. */
    static boolean areWanted(Run run) {
        return needsEventIds(run) || run.wants(OutputTable.EDGES);
    }

    private static boolean needsEventIds(Run run) {
        return run.wantsResolvedIdentifiers()
                || DeclaredChanges.needEvents(run)
                || run.wants(
                        OutputTable.ENTITY_PARTICIPANTS,
                        OutputTable.ENTITY_STATE_PARTICIPANTS,
                        OutputTable.ENTITIES,
                        OutputTable.PERSONS,
                        OutputTable.GROUPS);
    }

    /** The columns that {@link #load} reads. */
    static LoadedTable.Request request(Run run) {
        return new IdentifierEvents(run).columns(run);
    }

    private LoadedTable.Request columns(Run run) {
        LoadedTable.Request request = LoadedTable.of(InputTable.ENTITY_IDENTIFIERS);
        if (needsEventIds(run)) {
            request.each("event_id", event::append);
        }
        if (run.wants(OutputTable.ENTITY_PARTICIPANTS) || DeclaredChanges.needRoles(run)) {
            request.codes("role", role);
        }
        if (keepsIngestion) {
            request.codes("source", source);
        }
        request.instants("occurred_at", occurredAt);
        if (run.wantsResolvedIdentifiers() || keepsIngestion) {
            request.batchCodes("entity_type", entityType).eachInstant("_ingested_at", this::noteIngestion);
        }
        return request;
    }

    /**
     * Reads them.
     *
     * @param rows how many there are
     * @throws NexusDataException also if the files have other rows than before
     */
    static IdentifierEvents load(Run run, int rows) throws IOException {
        IdentifierEvents events = new IdentifierEvents(run);
        if (areWanted(run) && events.columns(run).load(run).rows() != rows) {
            throw NexusDataException.of(FaultCode.CORRUPT_FILE, InputTable.ENTITY_IDENTIFIERS.tableName())
                    .because("a file was changed while it was being read");
        }
        return events;
    }

    /** Finds when the latest row of each entity type was loaded. */
    private void noteIngestion(long[] ingested, int count) {
        int from = occurredAt.size() - count;
        for (int i = 0; i < count; i++) {
            long at = ingested[i] == Instants.NULL ? occurredAt.getLong(from + i) : ingested[i];
            if (keepsIngestion) {
                ingestedAt.add(at);
            }
            int type = entityType.code(i);
            if (type >= 0) {
                growTo(type);
                latestOfType[type] = Instants.max(latestOfType[type], at);
            }
        }
    }

    private void growTo(int type) {
        int known = latestOfType.length;
        if (known <= type) {
            latestOfType = Arrays.copyOf(latestOfType, 2 * type + 2);
            Arrays.fill(latestOfType, known, latestOfType.length, Instants.NULL);
        }
    }

    /** When the latest row of an entity type was loaded, or else occurred; only where a wanted table needs it. */
    long latestIngestion(int type) {
        return type < latestOfType.length ? latestOfType[type] : Instants.NULL;
    }

    /** The distinct event ids of the identifier rows, numbered as they come. */
    KeyDictionary eventIds() {
        return eventIds;
    }

    /** Event ids; only where a wanted table needs them. */
    CodedColumn event() {
        return event;
    }

    /** Roles; only where participants, or states set by their roles, are wanted. */
    CodedColumn role() {
        return role;
    }

    /** Sources; only where edges are wanted. */
    CodedColumn source() {
        return source;
    }

    /** May be longer than there are rows. */
    long[] occurredAt() {
        return occurredAt.elements();
    }

    /** When a row was loaded, or else when it occurred; only where edges are wanted. */
    long ingestedAt(int row) {
        return ingestedAt.getLong(row);
    }
}
