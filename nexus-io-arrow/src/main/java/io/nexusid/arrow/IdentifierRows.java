package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ResolveOn;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;

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
    private final KeyDictionary edges = new KeyDictionary(1 << 16);

    private final IntArrayList nodeOfRow = new IntArrayList();
    private final IntArrayList edgeOfRow = new IntArrayList();
    private final CodedColumn entityType;
    private final CodedColumn identifierType;
    private final KeyDictionary eventIds = new KeyDictionary(1 << 16);
    private final CodedColumn event = new CodedColumn(eventIds);
    private final CodedColumn role = new CodedColumn();
    private final CodedColumn source = new CodedColumn();
    private final LoadedTable table;
    private final long[] occurredAt;
    private final long[] ingestedAt;
    private final IdentifierText identifierText;

    private IdentifierRows(Run run) throws IOException {
        this.run = run;
        this.entityType = new CodedColumn(run.entityTypes());
        this.identifierType = new CodedColumn(run.identifierTypes());
        this.identifierText = new IdentifierText(run);
        LoadedTable.Request request = LoadedTable.of(InputTable.ENTITY_IDENTIFIERS)
                .codes("entity_type", entityType)
                .codes("identifier_type", identifierType)
                .each("identifier_value", this::addNodes)
                .each("edge_id", this::addEdges);
        if (needsEvents(run)) {
            request.each("event_id", event::append);
        }
        if (run.wants(OutputTable.ENTITY_PARTICIPANTS)) {
            request.codes("role", role);
        }
        if (run.wants(OutputTable.EDGES)) {
            request.codes("source", source);
        }
        this.table = request.instants("occurred_at", "_ingested_at").load(run);
        this.occurredAt = table.instants("occurred_at");
        this.ingestedAt = table.instants("_ingested_at");
    }

    static IdentifierRows load(Run run) throws IOException {
        return new IdentifierRows(run);
    }

    private static boolean needsEvents(Run run) {
        return run.wantsResolvedIdentifiers()
                || run.wants(
                        OutputTable.ENTITY_PARTICIPANTS, OutputTable.ENTITIES, OutputTable.PERSONS, OutputTable.GROUPS);
    }

    private void addNodes(TextBlock block) {
        int from = nodeOfRow.size();
        int[] kindOfCell = block.kinds(0);
        for (int i = 0; i < block.rows(); i++) {
            kindOfCell[i] = kindOfCell[i] < 0
                    ? IdentifierKinds.NONE
                    : kinds.add(entityType.code(from + i), identifierType.code(from + i));
        }
        Growth.extend(nodeOfRow, block.rows());
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
            kindOfCell[i] = links ? entityType.code(from + i) : NONE;
        }
        Growth.extend(edgeOfRow, block.rows());
        edges.addAll(kindOfCell, block.bytes(), block.offsets(), block.rows(), edgeOfRow.elements(), from);
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

    CodedColumn entityType() {
        return entityType;
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

    long[] occurredAt() {
        return occurredAt;
    }

    /** When a row was loaded, or else when it occurred. */
    long ingestedAt(int row) {
        long ingested = ingestedAt[row];
        return ingested == OutputColumn.NULL_INSTANT ? occurredAt[row] : ingested;
    }

    /** Looks identifiers of other tables up. */
    IdentifierText identifierText() {
        return identifierText;
    }
}
