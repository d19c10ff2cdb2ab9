package io.nexusid.arrow;

import io.nexusid.api.EntityType;
import io.nexusid.api.InputTable;
import io.nexusid.api.LinkMode;
import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.store.EpochWriter;
import io.nexusid.arrow.store.FingerprintHash;
import io.nexusid.arrow.store.LateEdges;
import io.nexusid.arrow.store.SegmentMerge;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.graph.ChangeSet;
import io.nexusid.graph.GraphRules;
import io.nexusid.graph.IdentityColumns;
import io.nexusid.graph.IdentityGraph;
import io.nexusid.graph.IdentitySnapshot;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Who is who in a store: the living graph, the dictionaries it speaks of, and the edge groups of all epochs. One thread
 * applies; {@link #snapshot} is for all.
 *
 * <p>Identifiers that a dropped epoch added stay in the dictionary without an entity, and are written with the next one.
 */
final class StoredIdentity {
    static final String EDGES = "edges";
    private static final int NONE = IdentitySnapshot.NONE;

    private final NexusConfig config;
    /** The first epoch of the generation, 0 for that of a new store. */
    private final long generation;

    private final List<String> types;
    private final KeyDictionary kinds;
    private final KeyDictionary nodes;
    private final IdentityGraph graph;
    private LateEdges edges;
    private int writtenKinds;
    private int writtenNodes;

    private StoredIdentity(
            NexusConfig config,
            long generation,
            KeyDictionary kinds,
            KeyDictionary nodes,
            IdentityGraph graph,
            LateEdges edges) {
        this.config = config;
        this.generation = generation;
        this.types = resolvedTypes(config);
        this.kinds = kinds;
        this.nodes = nodes;
        this.graph = graph;
        this.edges = edges;
        this.writtenKinds = kinds.size();
        this.writtenNodes = nodes.size();
    }

    static List<String> resolvedTypes(NexusConfig config) {
        return config.entityTypes().stream()
                .filter(EntityType::resolved)
                .map(EntityType::name)
                .toList();
    }

    /** Replays what the epochs of its last generation did. O(identifiers and all rows of these epochs). */
    static StoredIdentity open(NexusConfig config, Snapshot snapshot) throws IOException {
        KeyDictionary kinds = new KeyDictionary(16);
        KeyDictionary nodes = new KeyDictionary(1 << 10);
        IntArrayList entityOfNode = new IntArrayList();
        LongArrayList high = new LongArrayList();
        LongArrayList low = new LongArrayList();
        IntArrayList anchor = new IntArrayList();
        IntArrayList birth = new IntArrayList();
        int[] contested = {};
        int epoch = 0;
        long generation = 0;
        for (IdentityFrames.Reading reading : IdentityFrames.ofGeneration(snapshot, Long.MAX_VALUE)) {
            IdentityFrames.Frame frame = reading.read();
            reading.readNames(kinds, nodes);
            // A row may be in a frame before the one that its identifier is in, of the same epoch.
            int named = Arrays.stream(frame.node).max().orElse(NONE);
            while (entityOfNode.size() < Math.max(nodes.size(), named + 1)) {
                entityOfNode.add(NONE);
            }
            high.addElements(high.size(), frame.high);
            low.addElements(low.size(), frame.low);
            anchor.addElements(anchor.size(), frame.anchor);
            for (int i = 0; i < frame.anchor.length; i++) {
                birth.add(frame.birth(i));
            }
            for (int row = 0; row < frame.rows(); row++) {
                entityOfNode.set(frame.node[row], frame.entity[row]);
            }
            contested = frame.contested;
            generation = reading.generation();
            epoch = frame.rows() > 0 ? (int) frame.epoch : epoch;
        }
        IdentityColumns columns = new IdentityColumns(
                epoch,
                entityOfNode.toIntArray(),
                high.toLongArray(),
                low.toLongArray(),
                anchor.toIntArray(),
                birth.toIntArray(),
                contested);
        IdentityGraph graph = IdentityGraph.of(rules(config), kinds, nodes, columns);
        EntityIds.of(snapshot.properties(), config).pin(graph, config.pinnedIds());
        return new StoredIdentity(config, generation, kinds, nodes, graph, LateEdges.open(snapshot, EDGES));
    }

    static GraphRules rules(NexusConfig config) {
        return new GraphRules(resolvedTypes(config), config.idPolicy(), config.survivor(), LinkMode.MONOTONE);
    }

    IdentitySnapshot snapshot() {
        return graph.snapshot();
    }

    /** The resolved entity types, by their number. */
    List<String> types() {
        return types;
    }

    /** What one log does, worked out and not yet to be seen. */
    final class Step {
        private final StoredBatch batch;
        private final ChangeSet changes;

        private Step(StoredBatch batch, ChangeSet changes) {
            this.batch = batch;
            this.changes = changes;
        }

        ChangeSet changes() {
            return changes;
        }

        void write(EpochWriter epoch) throws IOException {
            write(epoch, IdentityFrames.SLICE);
        }

        /** In frames of this length. */
        void write(EpochWriter epoch, int length) throws IOException {
            if (!changes.isEmpty()) {
                IdentityFrames.Added added = new IdentityFrames.Added(
                        generation,
                        kinds,
                        nodes,
                        writtenKinds,
                        writtenNodes,
                        changes.firstNewEntity(),
                        changes,
                        batch.eventIds(),
                        batch.events(changes),
                        types.size());
                IdentityFrames.write(epoch, added, length);
            }
            edges.add(epoch, batch.newEdges(), batch.nodeOfNewEdge());
        }

        /** The epoch is on disk. */
        void publish() {
            graph.publish();
            if (!changes.isEmpty()) {
                writtenKinds = kinds.size();
                writtenNodes = nodes.size();
            }
        }

        void rollback() {
            graph.rollback();
        }
    }

    /**
     * Applies the rows of a log that are taken, as this epoch; {@link Step#publish} or {@link Step#rollback} must follow.
     */
    Step prepare(EventLog log, Intake intake, long epoch, BufferAllocator allocator, FingerprintHash hash)
            throws IOException {
        IntPredicate taken = row -> intake.takes(InputTable.ENTITY_IDENTIFIERS, row);
        StoredBatch batch = StoredBatch.read(config, log, allocator, types, kinds, nodes, taken, edges, hash);
        return new Step(batch, graph.prepare(batch.batch(), Math.toIntExact(epoch)));
    }

    /** Looks edges up in a later snapshot. */
    void moveTo(Snapshot next) throws IOException {
        edges = edges.at(next);
    }

    void compact(EpochWriter epoch) throws IOException {
        epoch.mergeAll(IdentityFrames.TABLE, SegmentMerge.concatenation());
        edges.compact(epoch);
    }
}
