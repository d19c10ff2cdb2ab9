package io.nexusid.arrow;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.InputTable;
import io.nexusid.graph.ChangeSet;
import io.nexusid.graph.IdentitySnapshot;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;

/** What one {@link NexusStore#append} did. Immutable. */
public final class Changes {
    /**
     * What became of the rows of one table: each was taken, is a duplicate, or was set aside.
     *
     * @param read how many there were
     * @param taken how many are new
     * @param duplicates how many say what a row before them, of this log or an earlier one, has said
     * @param changedContent how many of the new ones came with the id of an earlier row and other content: {@link
     *     Changes#changedContent()} lists them
     * @param setAside how many have a fault whose policy is to set the row aside: {@link #rejects} lists them
     */
    public record Rows(long read, long taken, long duplicates, long changedContent, long setAside) {}

    private final long epoch;
    private final boolean committed;
    private final Map<InputTable, Rows> rows;
    private final Map<String, Map<ChangeReason, Integer>> identifiers;
    private final Map<String, Integer> merged;
    private final SortedMap<String, String> lostPins;
    private final Map<String, Instant> watermarks;
    private final TableRows rejects;
    private final TableRows changedContent;
    private final BufferAllocator allocator;
    private final AppendedEpoch appended;
    private final PublishedEpoch store;

    Changes(
            long epoch,
            boolean committed,
            Map<InputTable, Rows> rows,
            Map<String, Map<ChangeReason, Integer>> identifiers,
            Map<String, Integer> merged,
            Map<String, String> lostPins,
            Map<String, Instant> watermarks,
            TableRows rejects,
            TableRows changedContent,
            BufferAllocator allocator,
            AppendedEpoch appended,
            PublishedEpoch store) {
        this.epoch = epoch;
        this.committed = committed;
        this.rows = Map.copyOf(rows);
        this.identifiers = Map.copyOf(identifiers);
        this.merged = Map.copyOf(merged);
        this.lostPins = Collections.unmodifiableSortedMap(new TreeMap<>(lostPins));
        this.watermarks = Map.copyOf(watermarks);
        this.rejects = rejects;
        this.changedContent = changedContent;
        this.allocator = allocator;
        this.appended = appended;
        this.store = store;
    }

    /** By entity type, how many identifiers have each reason. */
    static Map<String, Map<ChangeReason, Integer>> counts(ChangeSet changes, List<String> types) {
        Map<String, Map<ChangeReason, Integer>> counts = new HashMap<>();
        for (int type = 0; type < types.size(); type++) {
            Map<ChangeReason, Integer> ofType = new EnumMap<>(ChangeReason.class);
            for (ChangeReason reason : ChangeReason.values()) {
                ofType.put(reason, changes.isEmpty() ? 0 : changes.count(type, reason));
            }
            counts.put(types.get(type), ofType);
        }
        return counts;
    }

    /** By entity type, how many entities went into another one: of several that get a new id one counts as that. */
    static Map<String, Integer> merged(ChangeSet changes, List<String> types) {
        Map<String, Integer> merged = new HashMap<>();
        types.forEach(type -> merged.put(type, 0));
        IntSet renamed = new IntOpenHashSet();
        for (int entity : changes.losers()) {
            int current = changes.after().current(entity);
            boolean dropped = current == IdentitySnapshot.NONE;
            if (!dropped && (current < changes.firstNewEntity() || !renamed.add(current))) {
                merged.merge(types.get(changes.after().type(entity)), 1, Integer::sum);
            }
        }
        return merged;
    }

    /**
     * These changes and those of the epoch right before, as one: what {@linkplain #tables() changed} from before that to now. For
     * a {@linkplain NexusStore#rebuilt rebuild} and the append after it. What is told of rows is told of those of the append.
     *
     * @throws IllegalArgumentException if {@code earlier} is not of the epoch right before
     */
    public Changes with(Changes earlier) {
        if (!committed) {
            return new Changes(
                    earlier.epoch,
                    earlier.committed,
                    rows,
                    earlier.identifiers,
                    earlier.merged,
                    earlier.lostPins,
                    watermarks,
                    rejects,
                    changedContent,
                    allocator,
                    earlier.appended,
                    store);
        }
        Map<String, Map<ChangeReason, Integer>> both = new HashMap<>();
        identifiers.forEach((type, counts) -> both.put(type, new EnumMap<>(counts)));
        earlier.identifiers.forEach((type, counts) ->
                counts.forEach((reason, count) -> both.computeIfAbsent(type, t -> new EnumMap<>(ChangeReason.class))
                        .merge(reason, count, Integer::sum)));
        Map<String, Integer> bothMerged = new HashMap<>(merged);
        earlier.merged.forEach((type, count) -> bothMerged.merge(type, count, Integer::sum));
        Map<String, String> bothLost = new HashMap<>(earlier.lostPins);
        bothLost.putAll(lostPins);
        return new Changes(
                epoch,
                true,
                rows,
                both,
                bothMerged,
                bothLost,
                watermarks,
                rejects,
                changedContent,
                allocator,
                appended.with(earlier.appended),
                store);
    }

    /** The epoch that was the last before these changes. */
    long after() {
        return committed ? appended.after() : epoch;
    }

    /** The epoch that it made, or the one before if it made none. */
    public long epoch() {
        return epoch;
    }

    /** Whether it made an epoch; false if no row was new. */
    public boolean committed() {
        return committed;
    }

    /** By input table of the log, what became of its rows. */
    public Map<InputTable, Rows> rows() {
        return rows;
    }

    /**
     * {@code nexus_rejects} of the log: the rows that were set aside, which the store does not keep. You close the reader,
     * before the store.
     */
    public ArrowReader rejects() throws IOException {
        return new TableReader(rejects, allocator, new Workers(1));
    }

    /** The same, to be written. */
    TableRows rejectRows() {
        return rejects;
    }

    /**
     * {@code nexus_changed_content} of the log: the rows that were taken though they came with the id of another row, because
     * their content is another one ({@link Rows#changedContent}). By table, file and row number, with the id masked. You close
     * the reader, before the store.
     */
    public ArrowReader changedContent() throws IOException {
        return new TableReader(changedContent, allocator, new Workers(1));
    }

    /** The same, to be written. */
    TableRows changedContentRows() {
        return changedContent;
    }

    /** By resolved entity type, how many identifiers have each reason. */
    public Map<String, Map<ChangeReason, Integer>> identifiers() {
        return identifiers;
    }

    /**
     * The {@linkplain io.nexusid.api.NexusConfig#pinnedIds pinned} ids that lost a merge to another pinned one, each with the id that its
     * identifiers have now, in the order of the ids.
     */
    public SortedMap<String, String> lostPins() {
        return lostPins;
    }

    /** By source, the latest {@code _ingested_at} that the store has taken, as of this epoch. */
    public Map<String, Instant> watermarks() {
        return watermarks;
    }

    /**
     * What the append changed in the derived tables; nothing if it {@linkplain #committed made no epoch}. Derived now, not by
     * the append, and good however far the store has gone since, until it is closed. Holding these changes holds the pages
     * of who was who that later appends replaced. You close the tables, before the store.
     *
     * @throws IllegalStateException if the store is closed
     */
    public ChangedTables tables() throws IOException {
        return store.read(appended::tables);
    }

    /** How many identifiers of a resolved entity type have this reason. */
    public int count(String entityType, ChangeReason reason) {
        return identifiers.getOrDefault(entityType, Map.of()).getOrDefault(reason, 0);
    }

    /** By resolved entity type, how many entities went into another one, and so do not live any more. */
    public Map<String, Integer> merged() {
        return merged;
    }

    /** The watermarks in the order of the sources' names. */
    public Map<String, Instant> sortedWatermarks() {
        return new TreeMap<>(watermarks);
    }
}
