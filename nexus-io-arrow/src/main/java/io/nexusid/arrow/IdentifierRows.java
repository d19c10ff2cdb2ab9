package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.ResolveOn;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.graph.AdjacentKeys;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.util.Arrays;

/**
 * The identifier rows as codes: each row's identifier is a node, its edge group and event are numbers. Text is looked
 * at here once and is afterwards only in the dictionaries.
 *
 * <p>The texts of edges are kept only if asked for. Otherwise edges are numbered by {@link AdjacentKeys}, in the same way,
 * and their column is read a second time if the rows of some edge do not stand together.
 */
final class IdentifierRows {
    static final int NONE = -1;

    private final Run run;
    private final IdentifierKinds kinds = new IdentifierKinds();
    private final KeyDictionary nodes = new KeyDictionary(1 << 16);
    /** Keyed by (entity type, edge_id): rows of different types never share a group. */
    private KeyDictionary edges = new KeyDictionary(1 << 16);
    /** In place of {@link #edges} where nobody asks for their texts. */
    private final AdjacentKeys edgeRuns = new AdjacentKeys();

    private final boolean keepsEdgeTexts;

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

    private IdentifierRows(Run run, boolean keepsEdgeTexts) throws IOException {
        this.run = run;
        this.keepsEdgeTexts = keepsEdgeTexts;
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
        if (!keepsEdgeTexts && !edgeRuns.seal()) {
            confirmEdges();
        }
        edgeCount = keepsEdgeTexts ? edges.size() : edgeRuns.size();
    }

    /**
     * Reads who, and which edges link them. {@link IdentifierEvents} must be read after them, if they are wanted.
     *
     * @param keepsEdgeTexts whether {@link #edges} will be asked for
     */
    static IdentifierRows load(Run run, boolean keepsEdgeTexts) throws IOException {
        return new IdentifierRows(run, keepsEdgeTexts);
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
        int[] kindOfCell = kindsOfEdges(block);
        Growth.extend(edgeOfRow, block.rows(), expectedRows);
        int[] codes = edgeOfRow.elements();
        if (keepsEdgeTexts) {
            edges.addAll(kindOfCell, block.bytes(), block.offsets(), block.rows(), codes, from);
        } else {
            edgeRuns.addAll(kindOfCell, block.bytes(), block.offsets(), block.rows(), codes, from);
        }
    }

    /** An edge's kind is its entity type; a row that links nothing has none. */
    private int[] kindsOfEdges(TextBlock block) {
        int[] kindOfCell = block.kinds(0);
        boolean emptyLinks = run.config().compat().linksEmptyEdgeIds();
        for (int i = 0; i < block.rows(); i++) {
            boolean links = kindOfCell[i] >= 0 && (emptyLinks || !block.isBlank(i));
            kindOfCell[i] = links ? entityType.code(i) : NONE;
        }
        return kindOfCell;
    }

    /** Reads the edges once more: of some the hashes are equal, so their texts decide. */
    private void confirmEdges() throws IOException {
        int[] codes = edgeOfRow.elements();
        int[] seen = {0};
        LoadedTable.of(InputTable.ENTITY_IDENTIFIERS)
                .batchCodes("entity_type", entityType)
                .each("edge_id", block -> {
                    if (block.rows() > rows - seen[0]) {
                        throw changed();
                    }
                    edgeRuns.confirm(kindsOfEdges(block), block.bytes(), block.offsets(), block.rows(), codes, seen[0]);
                    seen[0] += block.rows();
                })
                .load(run);
        if (seen[0] != rows) {
            throw changed();
        }
        edgeRuns.finish(codes, rows);
    }

    private static NexusDataException changed() {
        return NexusDataException.of(FaultCode.CORRUPT_FILE, InputTable.ENTITY_IDENTIFIERS.tableName())
                .because("a file was changed while it was being read");
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
        edges = new KeyDictionary(0);
    }

    /** Gives back which rows share an edge. */
    void forgetEdges() {
        forgetEdgeTexts();
        edgeOfRow = new IntArrayList();
    }

    /** How many edges there are. */
    int edgeCount() {
        return edgeCount;
    }

    /** (entity type code, edge_id) by edge number; empty where their texts are not kept. */
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
