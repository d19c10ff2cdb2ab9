package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.OutputTable;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.Arrays;
import java.util.List;

/**
 * {@link OutputTable#EDGES}: every ordered pair of identifiers that share an edge_id, of whatever entity types. Grows
 * with the square of an edge group, so its size is counted before anything is built.
 */
final class EdgeTable {
    private static final int NONE = -1;

    private final Run run;
    private final Identity identity;
    private final IdentifierRows rows;
    private final IdentifierEvents seen;
    private final int[] rankOfNode;
    /** Rows that link, by edge id. */
    private final int[] linking;

    private final int[] edgeIdRank;
    private final IntArrayList rowA = new IntArrayList();
    private final IntArrayList rowB = new IntArrayList();

    private EdgeTable(Run run, Identity identity, IdentifierEvents seen) {
        this.run = run;
        this.identity = identity;
        this.seen = seen;
        this.rows = identity.rows();
        this.rankOfNode = rankOfNode();
        this.edgeIdRank = edgeIdRanks();
        this.linking = linkingRows();
        checkSize();
        addPairs();
    }

    static TableRows of(Run run, Identity identity, IdentifierEvents seen) {
        return new EdgeTable(run, identity, seen).table();
    }

    /** Nodes by entity type, identifier type, value. */
    private int[] rankOfNode() {
        CodedColumn types = new CodedColumn(run.entityTypes());
        KeyDictionary nodes = rows.nodes();
        int[] order = new int[nodes.size()];
        Arrays.setAll(order, i -> i);
        IntArrays.quickSort(order, (a, b) -> {
            int typeA = rows.kinds().entityType(nodes.kind(a));
            int typeB = rows.kinds().entityType(nodes.kind(b));
            int byType = types.compareCodes(typeA, typeB);
            return byType != 0 ? byType : identity.order().compare(a, b);
        });
        int[] ranks = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            ranks[order[i]] = i;
        }
        return ranks;
    }

    /** Edge ids are numbered per entity type; here they count by their text alone. */
    private int[] edgeIdRanks() {
        KeyDictionary edges = rows.edges();
        int[] order = new int[edges.size()];
        Arrays.setAll(order, i -> i);
        IntArrays.quickSort(order, edges::compare);
        int[] ranks = new int[order.length];
        int rank = NONE;
        for (int i = 0; i < order.length; i++) {
            if (i == 0 || edges.compare(order[i - 1], order[i]) != 0) {
                rank++;
            }
            ranks[order[i]] = rank;
        }
        return ranks;
    }

    private int[] linkingRows() {
        IntArrayList linked = new IntArrayList();
        for (int row = 0; row < rows.rows(); row++) {
            if (rows.edgeOfRow()[row] >= 0 && rows.nodeOfRow()[row] >= 0) {
                linked.add(row);
            }
        }
        int[] sorted = linked.toIntArray();
        IntArrays.mergeSort(sorted, (a, b) -> {
            int byEdge = Integer.compare(edge(a), edge(b));
            return byEdge != 0 ? byEdge : Integer.compare(node(a), node(b));
        });
        return sorted;
    }

    private int edge(int row) {
        return edgeIdRank[rows.edgeOfRow()[row]];
    }

    private int node(int row) {
        return rankOfNode[rows.nodeOfRow()[row]];
    }

    private int endOfEdge(int from) {
        int end = from + 1;
        while (end < linking.length && edge(linking[end]) == edge(linking[from])) {
            end++;
        }
        return end;
    }

    private void checkSize() {
        long pairs = 0;
        int end;
        for (int from = 0; from < linking.length; from = end) {
            end = endOfEdge(from);
            long nodes = 1;
            for (int i = from + 1; i < end; i++) {
                if (node(linking[i]) != node(linking[i - 1])) {
                    nodes++;
                }
            }
            pairs += nodes * (nodes - 1);
        }
        if (pairs > run.config().maxEdgeRows()) {
            throw NexusDataException.of(FaultCode.CAPACITY, InputTable.ENTITY_IDENTIFIERS.tableName())
                    .column("edge_id")
                    .because(OutputTable.EDGES + " would have up to " + pairs + " rows, more than max_edge_rows = "
                            + run.config().maxEdgeRows());
        }
    }

    private void addPairs() {
        int end;
        for (int from = 0; from < linking.length; from = end) {
            end = endOfEdge(from);
            for (int i = from; i < end; i++) {
                for (int j = from; j < end; j++) {
                    if (node(linking[i]) != node(linking[j])) {
                        rowA.add(linking[i]);
                        rowB.add(linking[j]);
                    }
                }
            }
        }
    }

    private long ingestedAt(int pair) {
        long a = seen.ingestedAt(rowA.getInt(pair));
        return a == Instants.NULL ? seen.ingestedAt(rowB.getInt(pair)) : a;
    }

    private int source(int pair) {
        int a = seen.source().code(rowA.getInt(pair));
        return a < 0 ? seen.source().code(rowB.getInt(pair)) : a;
    }

    private int comparePairs(int p, int q) {
        int order = Integer.compare(node(rowA.getInt(p)), node(rowA.getInt(q)));
        return order != 0 ? order : Integer.compare(node(rowB.getInt(p)), node(rowB.getInt(q)));
    }

    /** By pair; of one pair the earliest loaded first, then the least edge id, then the least source. */
    private int compare(int p, int q) {
        int order = comparePairs(p, q);
        order = order != 0 ? order : Instants.compare(ingestedAt(p), ingestedAt(q));
        order = order != 0 ? order : Integer.compare(edge(rowA.getInt(p)), edge(rowA.getInt(q)));
        return order != 0 ? order : seen.source().compareCodes(source(p), source(q));
    }

    private TableRows table() {
        int[] order = new int[rowA.size()];
        Arrays.setAll(order, i -> i);
        IntArrays.quickSort(order, this::compare);
        int distinct = 0;
        for (int i = 0; i < order.length; i++) {
            if (i == 0 || comparePairs(order[i - 1], order[i]) != 0) {
                order[distinct++] = order[i];
            }
        }
        return new SelectedRows(
                distinct,
                List.of(
                        OutputColumn.text(
                                "edge_id",
                                (i, out) ->
                                        out.text.append(rows.edges().bytes(rows.edgeOfRow()[rowA.getInt(order[i])]))),
                        OutputColumn.text(
                                "entity_type_a", (i, out) -> out.text.append(entityType(rowA.getInt(order[i])))),
                        OutputColumn.text(
                                "identifier_type_a",
                                (i, out) -> out.text.append(identifierType(rowA.getInt(order[i])))),
                        OutputColumn.text(
                                "identifier_value_a", (i, out) -> out.text.append(value(rowA.getInt(order[i])))),
                        OutputColumn.text(
                                "entity_type_b", (i, out) -> out.text.append(entityType(rowB.getInt(order[i])))),
                        OutputColumn.text(
                                "identifier_type_b",
                                (i, out) -> out.text.append(identifierType(rowB.getInt(order[i])))),
                        OutputColumn.text(
                                "identifier_value_b", (i, out) -> out.text.append(value(rowB.getInt(order[i])))),
                        OutputColumn.text("source", (i, out) -> seen.source().copyTo(source(order[i]), out.text)),
                        OutputColumn.instant("_ingested_at", i -> ingestedAt(order[i])),
                        OutputColumn.id(run.config().ids(), "edge_uniqueness_hash", (i, out) -> {
                            int a = rowA.getInt(order[i]);
                            int b = rowB.getInt(order[i]);
                            out.key
                                    .start()
                                    .add(entityType(a))
                                    .add(identifierType(a))
                                    .add(value(a));
                            out.key.add(entityType(b)).add(identifierType(b)).add(value(b));
                            out.appendId(new byte[0]);
                        })));
    }

    private int kind(int row) {
        return rows.nodes().kind(rows.nodeOfRow()[row]);
    }

    private byte[] entityType(int row) {
        return run.entityTypeNames().bytes(rows.kinds().entityType(kind(row)));
    }

    private byte[] identifierType(int row) {
        return run.identifierTypeNames().bytes(rows.kinds().identifierType(kind(row)));
    }

    private byte[] value(int row) {
        return rows.nodes().bytes(rows.nodeOfRow()[row]);
    }
}
