package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.ProgressListener;
import io.nexusid.arrow.store.FingerprintHash;
import io.nexusid.arrow.store.Fingerprints;
import io.nexusid.arrow.store.LateEdges;
import io.nexusid.graph.ChangeSet;
import io.nexusid.graph.IdentityBatch;
import io.nexusid.graph.IdentitySnapshot;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
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

/** The identifier rows of a log that are taken, in terms of a store's dictionaries and edge groups. */
final class StoredBatch {
    private static final long EDGE = 3;
    private static final int NONE = IdentitySnapshot.NONE;

    private final List<String> types;
    private final IdentifierRows rows;
    private final IdentifierEvents seen;
    private final IntPredicate taken;
    private final KeyDictionary kinds;
    private final KeyDictionary nodes;
    /** By node of the log, its node here; none where no row that is taken names it or its type is not resolved. */
    private final int[] nodeOf;

    private final IdentityBatch batch;
    private final Fingerprints newEdges = new Fingerprints(16);
    private final IntArrayList nodeOfNewEdge = new IntArrayList();

    private StoredBatch(
            Run run,
            List<String> types,
            KeyDictionary kinds,
            KeyDictionary nodes,
            IntPredicate taken,
            LateEdges edges,
            FingerprintHash hash)
            throws IOException {
        this.types = types;
        this.kinds = kinds;
        this.nodes = nodes;
        this.taken = taken;
        this.rows = run.timed("identifiers read", () -> IdentifierRows.load(run, true));
        this.seen = run.timed("events read", () -> IdentifierEvents.load(run, rows.rows()));
        this.nodeOf = storedNodes(run);
        this.batch = link(edges, edgePrints(run, hash));
    }

    /**
     * Reads a log, and adds its identifiers to the dictionaries.
     *
     * @param types the resolved entity types, by their number
     * @param taken which rows of {@code entity_identifiers} count
     * @param edges the edge groups that are known
     * @param hash fingerprints edges
     */
    static StoredBatch read(
            NexusConfig config,
            EventLog log,
            BufferAllocator allocator,
            List<String> types,
            KeyDictionary kinds,
            KeyDictionary nodes,
            IntPredicate taken,
            LateEdges edges,
            FingerprintHash hash)
            throws IOException {
        Set<String> wanted = new LinkedHashSet<>(Set.of(OutputTable.EDGES));
        types.forEach(type -> wanted.add(OutputTable.resolvedIdentifiers(type)));
        Run run = new Run(config, log, allocator, wanted, Instant.EPOCH, ProgressListener.NONE);
        try {
            return new StoredBatch(run, types, kinds, nodes, taken, edges, hash);
        } finally {
            run.workers().close();
        }
    }

    private IdentityBatch link(LateEdges edges, Fingerprints prints) throws IOException {
        int count = rows.rows();
        int[] node = new int[count];
        int[] edge = new int[count];
        long[] ingested = new long[count];
        int[] memberOfEdge = new int[rows.edges().size()];
        Arrays.fill(memberOfEdge, NONE);
        for (int row = 0; row < count; row++) {
            boolean counts = taken.test(row) && rows.nodeOfRow()[row] >= 0;
            node[row] = counts ? nodeOf[rows.nodeOfRow()[row]] : NONE;
            edge[row] = node[row] >= 0 ? rows.edgeOfRow()[row] : NONE;
            ingested[row] = seen.ingestedAt(row);
            if (edge[row] >= 0) {
                int other = memberOfEdge[edge[row]];
                memberOfEdge[edge[row]] = other < 0 ? node[row] : Math.min(other, node[row]);
            }
        }
        int[] knownMember = edges.find(prints);
        for (int e = 0; e < memberOfEdge.length; e++) {
            if (knownMember[e] == LateEdges.ABSENT && memberOfEdge[e] >= 0) {
                newEdges.add(prints.high(e), prints.low(e));
                nodeOfNewEdge.add(memberOfEdge[e]);
            }
        }
        return IdentityBatch.of(count, node, edge, memberOfEdge.length)
                .withIngestedAt(ingested)
                .withKnownMembers(knownMember);
    }

    private int[] storedNodes(Run run) {
        int[] kindOf = new int[rows.kinds().size()];
        Map<String, Integer> numbers = new HashMap<>();
        types.forEach(type -> numbers.put(type, numbers.size()));
        for (int kind = 0; kind < kindOf.length; kind++) {
            String type = new String(run.entityTypeNames().bytes(rows.kinds().entityType(kind)), UTF_8);
            byte[] name = run.identifierTypeNames().bytes(rows.kinds().identifierType(kind));
            Integer number = numbers.get(type);
            kindOf[kind] = number == null ? NONE : kinds.add(number, name, 0, name.length);
        }
        int[] stored = new int[rows.nodes().size()];
        Arrays.fill(stored, NONE);
        for (int row = 0; row < rows.rows(); row++) {
            int v = rows.nodeOfRow()[row];
            if (v >= 0 && stored[v] == NONE && taken.test(row)) {
                int kind = kindOf[rows.nodes().kind(v)];
                byte[] value = rows.nodes().bytes(v);
                stored[v] = kind < 0 ? NONE : nodes.add(kind, value, 0, value.length);
            }
        }
        return stored;
    }

    private Fingerprints edgePrints(Run run, FingerprintHash hash) {
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

    /** What the graph is to apply. */
    IdentityBatch batch() {
        return batch;
    }

    /** The edge groups that were not known. */
    Fingerprints newEdges() {
        return newEdges;
    }

    /** A member of each of {@link #newEdges}. */
    int[] nodeOfNewEdge() {
        return nodeOfNewEdge.toIntArray();
    }

    /** What {@link #events} are codes of. */
    KeyDictionary eventIds() {
        return seen.eventIds();
    }

    /** The event of each new row of a change set. */
    int[] events(ChangeSet changes) {
        int fresh = changes.count(ChangeReason.FULL_RESOLUTION)
                + changes.count(ChangeReason.BORN)
                + changes.count(ChangeReason.ACCRETED);
        if (fresh == 0) {
            return new int[0];
        }
        int[] eventOfLogNode = FirstEvents.of(rows, seen, FirstEvents.edges(rows, taken), taken);
        Int2IntOpenHashMap eventOfNode = new Int2IntOpenHashMap();
        for (int v = 0; v < nodeOf.length; v++) {
            if (nodeOf[v] >= 0) {
                eventOfNode.put(nodeOf[v], eventOfLogNode[v]);
            }
        }
        int[] events = new int[fresh];
        Arrays.setAll(events, row -> eventOfNode.getOrDefault(changes.node(row), NONE));
        return events;
    }
}
