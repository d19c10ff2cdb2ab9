package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.ResolveOn;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.ints.IntArrayList;
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

    private int edgeCount;

    private final IntArrayList nodeOfRow = new IntArrayList();
    private IntArrayList edgeOfRow = new IntArrayList();
    private final CodedColumn entityType;
    private final CodedColumn identifierType;
    private final int rows;
    private final long expectedRows;
    /** By code of the entity type. */
    private long[] rowsOfType = {};

    private long untypedRows;
    private final IdentifierText identifierText;

    private IdentifierRows(Run run) throws IOException {
        this.run = run;
        this.entityType = new CodedColumn(run.entityTypes());
        this.identifierType = new CodedColumn(run.identifierTypes());
        this.identifierText = new IdentifierText(run);
        this.expectedRows = run.log().announcedRows(InputTable.ENTITY_IDENTIFIERS);
        LoadedTable.Request request = LoadedTable.of(InputTable.ENTITY_IDENTIFIERS)
                .batchCodes("entity_type", entityType)
                .batchCodes("identifier_type", identifierType)
                .each("identifier_value", this::addNodes)
                .each("edge_id", this::addEdges);
        if (IdentifierEvents.areWanted(run)) {
            request.before(IdentifierEvents.request(run));
        }
        this.rows = request.load(run).rows();
        nodes.trim();
    }

    /** Reads who, and which edges link them. {@link IdentifierEvents} must be read after them, if they are wanted. */
    static IdentifierRows load(Run run) throws IOException {
        return new IdentifierRows(run);
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

    /** Looks identifiers of other tables up. */
    IdentifierText identifierText() {
        return identifierText;
    }
}
