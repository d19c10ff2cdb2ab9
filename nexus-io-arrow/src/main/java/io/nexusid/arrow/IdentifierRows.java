package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ResolveOn;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The identifier rows as codes: each row's identifier is a node, its edge group and event are numbers. Text is looked
 * at here once and is afterwards only in the dictionaries.
 */
final class IdentifierRows {
    static final int NONE = -1;

    private final Run run;
    private final IdentifierKinds kinds = new IdentifierKinds();
    private final KeyDictionary nodes = new KeyDictionary(1 << 16);
    /** Keyed by (entity type, edge_id): rows of different types never share a group. */
    private KeyDictionary edges = new KeyDictionary(1 << 16);

    private int edgeCount;

    private final IntArrayList nodeOfRow = new IntArrayList();
    private IntArrayList edgeOfRow = new IntArrayList();
    private final CodedColumn entityType;
    private final CodedColumn identifierType;
    private final KeyDictionary eventIds = new KeyDictionary(1 << 16);
    private final CodedColumn event = new CodedColumn(eventIds);
    private final CodedColumn role = new CodedColumn();
    private final CodedColumn source = new CodedColumn();
    /** What {@link #loadEvents} still has to read. */
    private LoadedTable.@Nullable Request events;

    /** The entity types of the batch whose events are read. */
    private final CodedColumn typeOfEvent;

    private final int rows;
    private final LongArrayList occurredAt = new LongArrayList();
    /** When a row was loaded, or else when it occurred; only where edges are wanted. */
    private final LongArrayList ingestedAt = new LongArrayList();

    private final boolean keepsIngestion;
    private final long expectedRows;
    /** By code of the entity type. */
    private long[] rowsOfType = {};

    private long[] latestOfType = {};
    private long untypedRows;
    private final IdentifierText identifierText;

    private IdentifierRows(Run run) throws IOException {
        this.run = run;
        this.entityType = new CodedColumn(run.entityTypes());
        this.identifierType = new CodedColumn(run.identifierTypes());
        this.identifierText = new IdentifierText(run);
        this.expectedRows = run.log().announcedRows(InputTable.ENTITY_IDENTIFIERS);
        this.keepsIngestion = run.wants(OutputTable.EDGES);
        LoadedTable.Request who = LoadedTable.of(InputTable.ENTITY_IDENTIFIERS)
                .batchCodes("entity_type", entityType)
                .batchCodes("identifier_type", identifierType)
                .each("identifier_value", this::addNodes)
                .each("edge_id", this::addEdges);
        if (!needsEvents(run) && !keepsIngestion) {
            this.typeOfEvent = entityType;
            this.rows = who.load(run).rows();
        } else if (run.log().isColumnar(InputTable.ENTITY_IDENTIFIERS)) {
            this.typeOfEvent = new CodedColumn(run.entityTypes());
            LoadedTable.Request events =
                    LoadedTable.of(InputTable.ENTITY_IDENTIFIERS).batchCodes("entity_type", typeOfEvent);
            addEventColumns(events);
            this.events = events;
            this.rows = who.before(events).load(run).rows();
        } else {
            this.typeOfEvent = entityType;
            addEventColumns(who);
            this.rows = who.load(run).rows();
        }
        nodes.trim();
    }

    private void addEventColumns(LoadedTable.Request request) {
        event.expect(expectedRows);
        if (needsEvents(run)) {
            request.each("event_id", event::append);
        }
        if (run.wants(OutputTable.ENTITY_PARTICIPANTS)) {
            request.codes("role", role);
        }
        if (keepsIngestion) {
            request.codes("source", source);
        }
        request.instants("occurred_at", occurredAt);
        if (run.wantsResolvedIdentifiers() || keepsIngestion) {
            request.eachInstant("_ingested_at", this::noteIngestion);
        }
    }

    /** Reads who, and which edges link them; {@link #loadEvents} must follow. */
    static IdentifierRows load(Run run) throws IOException {
        return new IdentifierRows(run);
    }

    /**
     * Reads the rest: events, roles, instants. Apart, because until components are found the texts of edges are held, and
     * those of events are as many; but a file that can only be read line by line was read as a whole.
     *
     * @throws NexusDataException also if the files have other rows than before
     */
    void loadEvents() throws IOException {
        LoadedTable.Request request = events;
        if (request != null) {
            events = null;
            if (request.load(run).rows() != rows) {
                throw NexusDataException.of(FaultCode.CORRUPT_FILE, InputTable.ENTITY_IDENTIFIERS.tableName())
                        .because("a file was changed while it was being read");
            }
        }
    }

    private static boolean needsEvents(Run run) {
        return run.wantsResolvedIdentifiers()
                || run.wants(
                        OutputTable.ENTITY_PARTICIPANTS,
                        OutputTable.ENTITY_STATE_PARTICIPANTS,
                        OutputTable.ENTITIES,
                        OutputTable.PERSONS,
                        OutputTable.GROUPS);
    }

    private void addNodes(TextBlock block) {
        int from = nodeOfRow.size();
        int[] kindOfCell = block.kinds(0);
        for (int i = 0; i < block.rows(); i++) {
            int type = entityType.code(i);
            countRow(type);
            kindOfCell[i] = kindOfCell[i] < 0 ? IdentifierKinds.NONE : kinds.add(type, identifierType.code(i));
        }
        Growth.extend(nodeOfRow, block.rows(), expectedRows);
        if (run.config().resolveOn() == ResolveOn.NORMALIZED) {
            for (int i = 0; i < block.rows(); i++) {
                int kind = kindOfCell[i];
                nodeOfRow.set(from + i, kind < 0 ? NONE : identifierText.add(nodes, kinds, kind, block, i));
            }
        } else {
            nodes.addAll(kindOfCell, block.bytes(), block.offsets(), block.rows(), nodeOfRow.elements(), from);
        }
    }

    private void addEdges(TextBlock block) {
        int from = edgeOfRow.size();
        int[] kindOfCell = block.kinds(0);
        boolean emptyLinks = run.config().compat().linksEmptyEdgeIds();
        for (int i = 0; i < block.rows(); i++) {
            boolean links = kindOfCell[i] >= 0 && (emptyLinks || !block.isBlank(i));
            kindOfCell[i] = links ? entityType.code(i) : NONE;
        }
        Growth.extend(edgeOfRow, block.rows(), expectedRows);
        edges.addAll(kindOfCell, block.bytes(), block.offsets(), block.rows(), edgeOfRow.elements(), from);
    }

    private void countRow(int type) {
        if (type < 0) {
            untypedRows++;
            return;
        }
        if (rowsOfType.length <= type) {
            rowsOfType = Arrays.copyOf(rowsOfType, 2 * type + 2);
        }
        rowsOfType[type]++;
    }

    /** Finds when the latest row of each entity type was loaded. */
    private void noteIngestion(long[] ingested, int count) {
        int types = run.entityTypeNames().size();
        if (latestOfType.length < types) {
            int known = latestOfType.length;
            latestOfType = Arrays.copyOf(latestOfType, types);
            Arrays.fill(latestOfType, known, types, Instants.NULL);
        }
        int from = occurredAt.size() - count;
        for (int i = 0; i < count; i++) {
            long at = ingested[i] == Instants.NULL ? occurredAt.getLong(from + i) : ingested[i];
            if (keepsIngestion) {
                ingestedAt.add(at);
            }
            int type = typeOfEvent.code(i);
            if (type >= 0) {
                latestOfType[type] = Instants.max(latestOfType[type], at);
            }
        }
    }

    int rows() {
        return rows;
    }

    IdentifierKinds kinds() {
        return kinds;
    }

    KeyDictionary nodes() {
        return nodes;
    }

    /** Gives back the texts of edges, which take as much as those of events; what rows share an edge stays known. */
    void forgetEdgeTexts() {
        edgeCount = edges.size();
        edges = new KeyDictionary(0);
    }

    /** Gives back which rows share an edge. */
    void forgetEdges() {
        forgetEdgeTexts();
        edgeOfRow = new IntArrayList();
    }

    /** How many edges there are. */
    int edgeCount() {
        return Math.max(edgeCount, edges.size());
    }

    /** (entity type code, edge_id) by edge number. */
    KeyDictionary edges() {
        return edges;
    }

    /** The node of each row, -1 where the identifier is null. May be longer than {@link #rows}. */
    int[] nodeOfRow() {
        return nodeOfRow.elements();
    }

    /** The edge of each row, -1 where it links nothing. May be longer than {@link #rows}. */
    int[] edgeOfRow() {
        return edgeOfRow.elements();
    }

    /** How many rows have the entity type of this code. */
    long rowsOfType(int type) {
        return type < rowsOfType.length ? rowsOfType[type] : 0;
    }

    /** How many rows have no entity type. */
    long untypedRows() {
        return untypedRows;
    }

    /** When the latest row of an entity type was loaded, or else occurred; only where a wanted table needs it. */
    long latestIngestion(int type) {
        return type < latestOfType.length ? latestOfType[type] : Instants.NULL;
    }

    /** The distinct event ids of the identifier rows. */
    KeyDictionary eventIds() {
        return eventIds;
    }

    /** Event ids; only where a wanted table needs them. */
    CodedColumn event() {
        return event;
    }

    /** Roles; only where participants are wanted. */
    CodedColumn role() {
        return role;
    }

    /** Sources; only where edges are wanted. */
    CodedColumn source() {
        return source;
    }

    /** May be longer than {@link #rows}. */
    long[] occurredAt() {
        return occurredAt.elements();
    }

    /** When a row was loaded, or else when it occurred; only where edges are wanted. */
    long ingestedAt(int row) {
        return ingestedAt.getLong(row);
    }

    /** Looks identifiers of other tables up. */
    IdentifierText identifierText() {
        return identifierText;
    }
}
