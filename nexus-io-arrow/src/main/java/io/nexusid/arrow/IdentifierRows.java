package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ResolveOn;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.util.Arrays;

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

    private final IntArrayList nodeOfRow = new IntArrayList();
    private IntArrayList edgeOfRow = new IntArrayList();
    private final CodedColumn entityType;
    private final CodedColumn identifierType;
    private final KeyDictionary eventIds = new KeyDictionary(1 << 16);
    private final CodedColumn event = new CodedColumn(eventIds);
    private final CodedColumn role = new CodedColumn();
    private final CodedColumn source = new CodedColumn();
    private final LoadedTable table;
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
        event.expect(expectedRows);
        this.keepsIngestion = run.wants(OutputTable.EDGES);
        LoadedTable.Request request = LoadedTable.of(InputTable.ENTITY_IDENTIFIERS)
                .batchCodes("entity_type", entityType)
                .batchCodes("identifier_type", identifierType)
                .each("identifier_value", this::addNodes)
                .each("edge_id", this::addEdges);
        if (needsEvents(run)) {
            request.each("event_id", event::append);
        }
        if (run.wants(OutputTable.ENTITY_PARTICIPANTS)) {
            request.codes("role", role);
        }
        if (keepsIngestion) {
            request.codes("source", source);
        }
        this.table = request.instants("occurred_at", occurredAt)
                .eachInstant("_ingested_at", this::noteTypes)
                .load(run);
        nodes.trim();
    }

    static IdentifierRows load(Run run) throws IOException {
        return new IdentifierRows(run);
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
            kindOfCell[i] =
                    kindOfCell[i] < 0 ? IdentifierKinds.NONE : kinds.add(entityType.code(i), identifierType.code(i));
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

    /** Counts the rows of each entity type and finds when the latest was loaded. */
    private void noteTypes(long[] ingested, int rows) {
        int types = run.entityTypeNames().size();
        if (rowsOfType.length < types) {
            int known = rowsOfType.length;
            rowsOfType = Arrays.copyOf(rowsOfType, types);
            latestOfType = Arrays.copyOf(latestOfType, types);
            Arrays.fill(latestOfType, known, types, Instants.NULL);
        }
        int from = occurredAt.size() - rows;
        for (int i = 0; i < rows; i++) {
            long at = ingested[i] == Instants.NULL ? occurredAt.getLong(from + i) : ingested[i];
            if (keepsIngestion) {
                ingestedAt.add(at);
            }
            int type = entityType.code(i);
            if (type < 0) {
                untypedRows++;
            } else {
                rowsOfType[type]++;
                latestOfType[type] = Instants.max(latestOfType[type], at);
            }
        }
    }

    int rows() {
        return table.rows();
    }

    IdentifierKinds kinds() {
        return kinds;
    }

    KeyDictionary nodes() {
        return nodes;
    }

    /** Gives back what is known of edges, which is as much as the events take; for runs whose tables need no more of it. */
    void forgetEdges() {
        edges = new KeyDictionary(0);
        edgeOfRow = new IntArrayList();
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

    /** When the latest row of an entity type was loaded, or else occurred. */
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
