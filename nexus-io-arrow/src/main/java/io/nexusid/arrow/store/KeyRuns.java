package io.nexusid.arrow.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The 128-bit keys of a table, as one snapshot has them: a few sorted runs on disk, merged in tiers, with a filter for each in
 * memory ({@link KeyRun}). Immutable; the snapshot must stay open.
 *
 * <p>A batch of n keys costs n filter probes for each run, about a block of 16 KiB for each hundred absent keys and run, and at
 * most every block once. A key is written at most five times in all ({@link SegmentTiers}).
 */
final class KeyRuns {
    /** The node of a key that no run has. */
    static final int ABSENT = -1;

    private final String table;
    private final boolean withNodes;
    private final List<KeyRun> runs;

    private KeyRuns(String table, boolean withNodes, List<KeyRun> runs) {
        this.table = table;
        this.withNodes = withNodes;
        this.runs = runs;
    }

    /** Reads and checks filter and fences of all runs. */
    static KeyRuns open(Snapshot snapshot, String table, boolean withNodes) throws IOException {
        return none(table, withNodes).at(snapshot);
    }

    /** No keys yet. */
    static KeyRuns none(String table, boolean withNodes) {
        return new KeyRuns(table, withNodes, List.of());
    }

    /** The keys as another snapshot has them; what both have in common is not read again. */
    KeyRuns at(Snapshot snapshot) throws IOException {
        Map<SegmentInfo, KeyRun> known = new HashMap<>();
        runs.forEach(run -> known.put(run.segment().info(), run));
        List<KeyRun> next = new ArrayList<>();
        for (Segment segment : snapshot.segments(table)) {
            KeyRun run = known.get(segment.info());
            next.add(run == null ? KeyRun.open(segment, withNodes) : run.on(segment));
        }
        return new KeyRuns(table, withNodes, next);
    }

    /** The nodes of distinct ascending keys, {@link #ABSENT} for keys that are not there; 0 for all others without nodes. */
    int[] find(Fingerprints ascending) throws IOException {
        int[] nodes = new int[ascending.size()];
        Arrays.fill(nodes, ABSENT);
        for (KeyRun run : runs) {
            run.find(ascending, nodes);
        }
        return nodes;
    }

    /**
     * Adds distinct ascending keys that are not there yet to an epoch.
     *
     * @param nodes by position; not read if the table has none
     */
    void add(EpochWriter epoch, Fingerprints ascending, int[] nodes) throws IOException {
        if (ascending.size() == 0) {
            return;
        }
        try (SegmentWriter segment = epoch.create(table)) {
            KeyRunWriter run = new KeyRunWriter(segment, withNodes, ascending.size());
            for (int i = 0; i < ascending.size(); i++) {
                run.add(ascending.high(i), ascending.low(i), withNodes ? nodes[i] : 0);
            }
            segment.finish(run.finish());
        }
        epoch.mergeTiers(table, new KeyRunMerge(withNodes));
    }

    void compact(EpochWriter epoch) throws IOException {
        epoch.mergeAll(table, new KeyRunMerge(withNodes));
    }

    /** Hands over all keys, run by run. */
    void forEach(RowIdentities.Consumer keys) throws IOException {
        for (KeyRun run : runs) {
            KeyRun.Blocks blocks = new KeyRun.Blocks(run.segment(), withNodes);
            for (int b = 0; b < blocks.blocks(); b++) {
                int count = blocks.load(b);
                for (int i = 0; i < count; i++) {
                    keys.accept(blocks.high(i), blocks.low(i));
                }
            }
        }
    }

    int runs() {
        return runs.size();
    }

    long keys() {
        return runs.stream().mapToLong(run -> run.segment().info().rows()).sum();
    }

    long memoryBytes() {
        return runs.stream().mapToLong(KeyRun::memoryBytes).sum();
    }
}
