package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.EntityType;
import io.nexusid.api.InputTable;
import io.nexusid.api.LinkMode;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ProgressListener;
import io.nexusid.arrow.store.EpochWriter;
import io.nexusid.arrow.store.FingerprintHash;
import io.nexusid.arrow.store.Fingerprints;
import io.nexusid.arrow.store.LateEdges;
import io.nexusid.arrow.store.SegmentMerge;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.graph.ChangeSet;
import io.nexusid.graph.GraphRules;
import io.nexusid.graph.IdentityBatch;
import io.nexusid.graph.IdentityColumns;
import io.nexusid.graph.IdentityGraph;
import io.nexusid.graph.IdentitySnapshot;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Who is who in a store: the living graph, the dictionaries it speaks of, and the edge groups of all epochs. One thread
 * applies; {@link #snapshot} is for all.
 *
 * <p>Identifiers that a dropped epoch added stay in the dictionary without an entity, and are written with the next one.
 */
final class StoredIdentity {
    private static final String EDGES = "edges";
    private static final long EDGE = 3;
    private static final int NONE = IdentitySnapshot.NONE;

    private final NexusConfig config;
    private final List<String> types;
    private final KeyDictionary kinds;
    private final KeyDictionary nodes;
    private final IdentityGraph graph;
    private LateEdges edges;
    private int writtenKinds;
    private int writtenNodes;

    private StoredIdentity(
            NexusConfig config, KeyDictionary kinds, KeyDictionary nodes, IdentityGraph graph, LateEdges edges) {
        this.config = config;
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

    /** Replays what the epochs of a snapshot did. O(identifiers and all rows there ever were). */
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
        for (IdentityFrames.Reading reading : IdentityFrames.all(snapshot)) {
            IdentityFrames.Frame frame = reading.read();
            addAll(kinds, frame.kindType, frame.kinds);
            addAll(nodes, frame.nodeKind, frame.nodes);
            // A row may be in a frame before the one that its identifier is in, of the same epoch.
            int named = Arrays.stream(frame.node).max().orElse(NONE);
            while (entityOfNode.size() < Math.max(nodes.size(), named + 1)) {
                entityOfNode.add(NONE);
            }
            high.addElements(high.size(), frame.high);
            low.addElements(low.size(), frame.low);
            anchor.addElements(anchor.size(), frame.anchor);
            for (int i = 0; i < frame.anchor.length; i++) {
                birth.add((int) frame.epoch);
            }
            for (int row = 0; row < frame.rows(); row++) {
                entityOfNode.set(frame.node[row], frame.entity[row]);
            }
            contested = frame.contested;
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
        GraphRules rules =
                new GraphRules(resolvedTypes(config), config.idPolicy(), config.survivor(), LinkMode.MONOTONE);
        IdentityGraph graph = IdentityGraph.of(rules, kinds, nodes, columns);
        return new StoredIdentity(config, kinds, nodes, graph, LateEdges.open(snapshot, EDGES));
    }

    private static void addAll(KeyDictionary keys, int[] kinds, IdentityFrames.Texts texts) {
        int[] offsets = new int[texts.count() + 1];
        for (int i = 0; i < texts.count(); i++) {
            offsets[i + 1] = offsets[i] + texts.lengths[i];
        }
        keys.addAll(kinds, texts.bytes, offsets, kinds.length, new int[kinds.length], 0);
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
        private final ChangeSet changes;
        private final KeyDictionary eventIds;
        private final int[] events;
        private final Fingerprints newEdges;
        private final int[] nodeOfNewEdge;

        private Step(
                ChangeSet changes, KeyDictionary eventIds, int[] events, Fingerprints newEdges, int[] nodeOfNewEdge) {
            this.changes = changes;
            this.eventIds = eventIds;
            this.events = events;
            this.newEdges = newEdges;
            this.nodeOfNewEdge = nodeOfNewEdge;
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
                IdentityFrames.write(
                        epoch,
                        kinds,
                        writtenKinds,
                        nodes,
                        writtenNodes,
                        changes,
                        types.size(),
                        eventIds,
                        events,
                        length);
            }
            edges.add(epoch, newEdges, nodeOfNewEdge);
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
        Set<String> wanted = new LinkedHashSet<>(Set.of(OutputTable.EDGES));
        types.forEach(type -> wanted.add(OutputTable.resolvedIdentifiers(type)));
        Run run = new Run(config, log, allocator, wanted, Instant.EPOCH, ProgressListener.NONE);
        try {
            IdentifierRows rows = run.timed("identifiers read", () -> IdentifierRows.load(run, true));
            IdentifierEvents seen = run.timed("events read", () -> IdentifierEvents.load(run, rows.rows()));
            return prepare(run, rows, seen, intake, epoch, hash);
        } finally {
            run.workers().close();
        }
    }

    private Step prepare(
            Run run, IdentifierRows rows, IdentifierEvents seen, Intake intake, long epoch, FingerprintHash hash)
            throws IOException {
        int count = rows.rows();
        int[] nodeOf = storedNodes(run, rows, intake);
        int[] node = new int[count];
        int[] edge = new int[count];
        long[] ingested = new long[count];
        int batchEdges = rows.edges().size();
        int[] memberOfEdge = new int[batchEdges];
        Arrays.fill(memberOfEdge, NONE);
        for (int row = 0; row < count; row++) {
            boolean taken = intake.takes(InputTable.ENTITY_IDENTIFIERS, row) && rows.nodeOfRow()[row] >= 0;
            node[row] = taken ? nodeOf[rows.nodeOfRow()[row]] : NONE;
            edge[row] = node[row] >= 0 ? rows.edgeOfRow()[row] : NONE;
            ingested[row] = seen.ingestedAt(row);
            if (edge[row] >= 0) {
                int other = memberOfEdge[edge[row]];
                memberOfEdge[edge[row]] = other < 0 ? node[row] : Math.min(other, node[row]);
            }
        }
        Fingerprints prints = edgePrints(run, rows, hash);
        int[] knownMember = edges.find(prints);
        Fingerprints newEdges = new Fingerprints(16);
        IntArrayList nodeOfNewEdge = new IntArrayList();
        for (int e = 0; e < batchEdges; e++) {
            if (knownMember[e] == LateEdges.ABSENT && memberOfEdge[e] >= 0) {
                newEdges.add(prints.high(e), prints.low(e));
                nodeOfNewEdge.add(memberOfEdge[e]);
            }
        }
        IdentityBatch batch = IdentityBatch.of(count, node, edge, batchEdges)
                .withIngestedAt(ingested)
                .withKnownMembers(knownMember);
        ChangeSet changes = graph.prepare(batch, Math.toIntExact(epoch));
        int[] events = events(rows, seen, intake, nodeOf, changes);
        return new Step(changes, seen.eventIds(), events, newEdges, nodeOfNewEdge.toIntArray());
    }

    /** By node of the batch, its node here; none where no row that is taken names it or its type is not resolved. */
    private int[] storedNodes(Run run, IdentifierRows rows, Intake intake) {
        int[] kindOf = new int[rows.kinds().size()];
        Map<String, Integer> numbers = new HashMap<>();
        types.forEach(type -> numbers.put(type, numbers.size()));
        for (int kind = 0; kind < kindOf.length; kind++) {
            String type = new String(run.entityTypeNames().bytes(rows.kinds().entityType(kind)), UTF_8);
            byte[] name = run.identifierTypeNames().bytes(rows.kinds().identifierType(kind));
            Integer number = numbers.get(type);
            kindOf[kind] = number == null ? NONE : kinds.add(number, name, 0, name.length);
        }
        int[] nodeOf = new int[rows.nodes().size()];
        Arrays.fill(nodeOf, NONE);
        for (int row = 0; row < rows.rows(); row++) {
            int v = rows.nodeOfRow()[row];
            if (v >= 0 && nodeOf[v] == NONE && intake.takes(InputTable.ENTITY_IDENTIFIERS, row)) {
                int kind = kindOf[rows.nodes().kind(v)];
                byte[] value = rows.nodes().bytes(v);
                nodeOf[v] = kind < 0 ? NONE : nodes.add(kind, value, 0, value.length);
            }
        }
        return nodeOf;
    }

    private static Fingerprints edgePrints(Run run, IdentifierRows rows, FingerprintHash hash) {
        KeyDictionary batchEdges = rows.edges();
        Fingerprints prints = new Fingerprints(batchEdges.size());
        byte[][] typeNames = new byte[run.entityTypeNames().size()][];
        Arrays.setAll(typeNames, run.entityTypeNames()::bytes);
        for (int e = 0; e < batchEdges.size(); e++) {
            byte[] type = typeNames[batchEdges.kind(e)];
            // The type's name cannot hold a zero byte.
            byte[] key = Arrays.copyOf(type, type.length + 1 + batchEdges.length(e));
            batchEdges.copyTo(e, key, type.length + 1);
            hash.append(EDGE, key, 0, key.length, prints);
        }
        return prints;
    }

    /** The event of each new row of a change set. */
    private static int[] events(
            IdentifierRows rows, IdentifierEvents seen, Intake intake, int[] nodeOf, ChangeSet changes) {
        IntPredicate taken = row -> intake.takes(InputTable.ENTITY_IDENTIFIERS, row);
        int[] eventOfBatchNode = FirstEvents.of(rows, seen, FirstEvents.edges(rows, taken), taken);
        Int2IntOpenHashMap eventOfNode = new Int2IntOpenHashMap();
        for (int v = 0; v < nodeOf.length; v++) {
            if (nodeOf[v] >= 0) {
                eventOfNode.put(nodeOf[v], eventOfBatchNode[v]);
            }
        }
        int fresh = changes.count(ChangeReason.FULL_RESOLUTION)
                + changes.count(ChangeReason.BORN)
                + changes.count(ChangeReason.ACCRETED);
        int[] events = new int[fresh];
        Arrays.setAll(events, row -> eventOfNode.getOrDefault(changes.node(row), NONE));
        return events;
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
