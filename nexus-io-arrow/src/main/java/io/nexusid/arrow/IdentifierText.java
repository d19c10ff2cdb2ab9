package io.nexusid.arrow;

import io.nexusid.api.ResolveOn;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.graph.KeyDictionary;

/** Turns the text of identifiers into nodes, in the form (raw or normalised) that the run resolves on. */
final class IdentifierText {
    private final Run run;
    private final boolean normalize;
    private final Normalization normalization;
    private final TextAppender scratch = new TextAppender();

    IdentifierText(Run run) {
        this.run = run;
        this.normalize = run.config().resolveOn() == ResolveOn.NORMALIZED;
        this.normalization = new Normalization(run.config().compat());
    }

    /** The node of cell {@code i}, new or known. */
    int add(KeyDictionary nodes, IdentifierKinds kinds, int kind, TextBlock block, int i) {
        if (!normalize) {
            return nodes.add(kind, block.bytes(), block.from(i), block.length(i));
        }
        int length = normalized(kinds, kind, block, i);
        return nodes.add(kind, scratch.room(0), 0, length);
    }

    /** The node of cell {@code i}, or -1 if no identifier row has it. */
    int find(KeyDictionary nodes, IdentifierKinds kinds, int kind, TextBlock block, int i) {
        if (!normalize) {
            return nodes.find(kind, block.bytes(), block.from(i), block.length(i));
        }
        int length = normalized(kinds, kind, block, i);
        return nodes.find(kind, scratch.room(0), 0, length);
    }

    /** The nodes of all cells, whose kinds are given (-1 gives -1); those that no identifier row has are -1. */
    void findAll(IdentifierRows rows, int[] kinds, TextBlock block, int[] nodes, int nodesFrom) {
        if (!normalize) {
            rows.nodes().findAll(kinds, block.bytes(), block.offsets(), block.rows(), nodes, nodesFrom);
            return;
        }
        for (int i = 0; i < block.rows(); i++) {
            nodes[nodesFrom + i] =
                    kinds[i] < 0 ? IdentifierRows.NONE : find(rows.nodes(), rows.kinds(), kinds[i], block, i);
        }
    }

    private int normalized(IdentifierKinds kinds, int kind, TextBlock block, int i) {
        byte[] type = run.identifierTypeNames().bytes(kinds.identifierType(kind));
        scratch.begin(1);
        normalization.append(type, 0, type.length, block.bytes(), block.from(i), block.length(i), scratch);
        return scratch.position();
    }
}
