package io.nexusid.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.IdPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jol.info.GraphLayout;

/** What a known identifier takes on the heap, its 20 bytes and its place in the dictionary included. */
class GraphMemoryTest {
    private static final int BATCH = 10_000;
    private static final int FROM = 200_000;

    /** A graph that grows by batches of new identifiers, so many of which are an entity. */
    private static final class Growing {
        private final KeyDictionary kinds = new KeyDictionary(0);
        private final KeyDictionary nodes = new KeyDictionary(0);
        private final IdentityGraph graph =
                new IdentityGraph(GraphRules.of(IdPolicy.STABLE, List.of("person")), kinds, nodes);
        private final int identifiersPerEntity;

        Growing(int identifiersPerEntity) {
            this.identifiersPerEntity = identifiersPerEntity;
            kinds.add(0, new byte[] {'e'}, 0, 1);
        }

        IdentitySnapshot prepare() {
            byte[] key = new byte[20];
            int[] node = new int[BATCH];
            int[] edge = new int[BATCH];
            for (int i = 0; i < BATCH; i++) {
                ByteWords.putInt(key, 3, nodes.size());
                node[i] = nodes.add(0, key, 0, key.length);
                edge[i] = i / identifiersPerEntity;
            }
            return graph.prepare(IdentityBatch.of(BATCH, node, edge, BATCH)).after();
        }

        void grow() {
            prepare();
            graph.publish();
        }

        /** By its own account. */
        double perIdentifier() {
            return (double) (graph.retainedBytes() + nodes.retainedBytes()) / nodes.size();
        }

        /** Counted object by object. */
        double weighed(IdentitySnapshot now) {
            return (double) GraphLayout.parseInstance(nodes, now, graph.snapshot())
                            .totalSize()
                    / nodes.size();
        }

        double weighed() {
            return weighed(graph.snapshot());
        }
    }

    /**
     * The counts at which an identifier takes least and most are looked for among all from 200,000 on: the most is just
     * after tables have grown.
     */
    @ParameterizedTest(name = "{0} to an entity: {1} to {2} bytes")
    @CsvSource({"1, 84, 93", "2, 69, 76", "3, 64, 71"})
    void anIdentifierTakesAtMost96BytesInEveryShapeAlsoJustAfterGrowing(int perEntity, int least, int most) {
        Growing growing = new Growing(perEntity);
        double low = Double.MAX_VALUE;
        double high = 0;
        int highAt = 0;
        while (growing.nodes.size() < 2_000_000) {
            growing.grow();
            double now = growing.perIdentifier();
            if (growing.nodes.size() >= FROM) {
                low = Math.min(low, now);
                highAt = now > high ? growing.nodes.size() : highAt;
                high = Math.max(high, now);
            }
        }
        double lowest = low;
        assertTrue(lowest <= least, () -> "settled: " + lowest);
        assertEquals(growing.perIdentifier(), growing.weighed(), 0.5);
        Growing again = new Growing(perEntity);
        while (again.nodes.size() < highAt) {
            again.grow();
        }
        double worst = again.weighed();
        assertEquals(high, worst, 0.5);
        assertTrue(worst <= most, () -> "just after growing: " + worst + " at " + again.nodes.size());
    }

    /** While it is prepared, readers of the epoch before keep what has grown since; a rare batch, and for its time only. */
    @Test
    void aBatchThatMakesTablesGrowHoldsOldAndNewOnesUntilItIsPublished() {
        Growing growing = new Growing(1);
        double most = 0;
        while (growing.nodes.size() < 400_000) {
            IdentitySnapshot prepared = growing.prepare();
            if (growing.nodes.size() >= FROM) {
                most = Math.max(most, growing.weighed(prepared));
            }
            growing.graph.publish();
        }
        double worst = most;
        assertTrue(worst <= 115, () -> worst + " bytes an identifier");
    }
}
