package io.nexusid.graph;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.IdPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a known identifier takes on the heap, its 20 bytes and its place in the dictionary included. */
class GraphMemoryTest {
    private static final int BATCH = 50_000;

    /** The most bytes an identifier took over many sizes, so also just after a table had doubled. */
    private static double most(int identifiersPerEntity, int upTo) {
        KeyDictionary kinds = new KeyDictionary(0);
        KeyDictionary nodes = new KeyDictionary(0);
        byte[] type = {'e'};
        kinds.add(0, type, 0, 1);
        IdentityGraph graph = new IdentityGraph(GraphRules.of(IdPolicy.STABLE, List.of("person")), kinds, nodes);
        byte[] key = new byte[20];
        int[] node = new int[BATCH];
        int[] edge = new int[BATCH];
        double most = 0;
        while (nodes.size() < upTo) {
            for (int i = 0; i < BATCH; i++) {
                ByteWords.putInt(key, 3, nodes.size());
                node[i] = nodes.add(0, key, 0, key.length);
                edge[i] = i / identifiersPerEntity;
            }
            graph.apply(IdentityBatch.of(BATCH, node, edge, BATCH));
            if (nodes.size() >= 400_000) {
                most = Math.max(most, (double) (graph.retainedBytes() + nodes.retainedBytes()) / nodes.size());
            }
        }
        return most;
    }

    @Test
    void anIdentifierTakesAtMost96BytesWhereThreeOrMoreMakeAnEntity() {
        double most = most(3, 1_000_000);
        assertTrue(most <= 96, () -> most + " bytes an identifier");
    }

    @Test
    void anIdentifierThatIsAnEntityByItselfTakesAtMost112() {
        double most = most(1, 1_000_000);
        assertTrue(most <= 112, () -> most + " bytes an identifier");
    }
}
