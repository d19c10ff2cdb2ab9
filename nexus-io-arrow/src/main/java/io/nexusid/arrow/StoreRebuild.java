package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.store.EpochWriter;
import io.nexusid.arrow.store.FingerprintHash;
import io.nexusid.arrow.store.LateEdges;
import io.nexusid.arrow.store.Segment;
import io.nexusid.arrow.store.Snapshot;
import io.nexusid.arrow.store.StoreFiles;
import io.nexusid.graph.ChangeSet;
import io.nexusid.graph.FormerIdentities;
import io.nexusid.graph.IdentitySnapshot;
import io.nexusid.graph.KeyDictionary;
import io.nexusid.graph.Rebuild;
import it.unimi.dsi.fastutil.ints.IntList;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Resolves all kept rows of a store anew under other rules, as an epoch: ids are handed on as {@link Rebuild} says, and a new
 * {@linkplain Generations generation} begins. Rows stay as they are; what is kept beside them about their identifiers is
 * written anew.
 */
final class StoreRebuild {
    private static final int NONE = IdentitySnapshot.NONE;

    private final Snapshot snapshot;
    private final String saved;
    private final NexusConfig from;
    private final NexusConfig to;
    private final FingerprintHash hash;
    private final StoredIdentity identity;
    private final EntityIds idsBefore;
    private final List<String> types;
    private final KeyDictionary kinds = new KeyDictionary(16);
    private final KeyDictionary nodes = new KeyDictionary(1 << 10);

    private StoreRebuild(Snapshot snapshot, String saved, NexusConfig to) throws IOException {
        this.snapshot = snapshot;
        this.saved = saved;
        this.from = StoreSettings.read(saved).build();
        this.to = to;
        this.hash = new FingerprintHash(snapshot.key());
        this.identity = StoredIdentity.open(from, snapshot);
        this.idsBefore = EntityIds.of(snapshot.properties(), from);
        this.types = StoredIdentity.resolvedTypes(to);
    }

    /**
     * What a rebuild did.
     *
     * @param before who was who
     * @param changes what it changed
     * @param rejects the kept rows that the rules of now set aside
     */
    record Done(IdentitySnapshot before, ChangeSet changes, Rejects rejects) {
        /** By entity type, those included that are not resolved any more, how many identifiers have each reason. */
        Map<String, Map<ChangeReason, Integer>> counts(List<String> types, int resolved) {
            Map<String, Map<ChangeReason, Integer>> counts =
                    new HashMap<>(Changes.counts(changes, types.subList(0, resolved)));
            for (int row = changes.rows() - 1; row >= 0 && changes.reason(row) == ChangeReason.DROPPED; row--) {
                int type = changes.after().typeOfNode(changes.node(row));
                if (type >= resolved) {
                    counts.computeIfAbsent(types.get(type), t -> new EnumMap<>(ChangeReason.class))
                            .merge(ChangeReason.DROPPED, 1, Integer::sum);
                }
            }
            return counts;
        }

        /** What it changed. */
        Changes told(Snapshot before, PublishedEpoch after) {
            StoredEpoch now = after.last();
            Generations.Generation rules = now.ids().generations().last();
            return new Changes(
                    now.number(),
                    true,
                    Map.of(),
                    counts(rules.types(), rules.resolved()),
                    Changes.merged(changes, rules.types()),
                    now.ids().lostPins(changes),
                    now.watermarks(),
                    RejectTable.of(rejects),
                    ChangedContent.none().rows(),
                    now.allocator(),
                    new AppendedEpoch(
                            before.epoch(),
                            now.number(),
                            before.properties(),
                            now.files().properties(),
                            this.before,
                            now.identities(),
                            IntList.of()),
                    after);
        }
    }

    /**
     * Commits the epoch.
     *
     * @param snapshot the last epoch, borrowed
     * @param saved the settings that it was written with
     */
    static Done commit(StoreFiles files, Snapshot snapshot, String saved, NexusConfig to, BufferAllocator allocator)
            throws IOException {
        StoreRebuild rebuild = new StoreRebuild(snapshot, saved, to);
        try (EpochWriter epoch = files.begin()) {
            Done done = rebuild.write(epoch, allocator);
            epoch.property(Generations.property(epoch.epoch()), saved);
            epoch.property(StoreSettings.PROPERTY, StoreSettings.write(to));
            epoch.commit();
            return done;
        }
    }

    private Done write(EpochWriter epoch, BufferAllocator allocator) throws IOException {
        for (Segment segment : snapshot.segments(StoredIdentity.EDGES)) {
            epoch.drop(segment);
        }
        LateEdges none = LateEdges.none(StoredIdentity.EDGES);
        try (EventLog log =
                StoredColumns.log(snapshot, snapshot.properties(), to, allocator, (table, all) -> all, List.of())) {
            StoredBatch batch = StoredBatch.read(to, log, allocator, types, kinds, nodes, row -> true, none, hash);
            ChangeSet changes = Rebuild.apply(
                    StoredIdentity.rules(to),
                    kinds,
                    nodes,
                    batch.batch(),
                    Math.toIntExact(epoch.epoch()),
                    former(epoch.epoch()));
            IdentityFrames.Added added = new IdentityFrames.Added(
                    epoch.epoch(),
                    kinds,
                    nodes,
                    0,
                    0,
                    0,
                    changes,
                    batch.eventIds(),
                    batch.events(changes),
                    types.size());
            IdentityFrames.write(epoch, added, IdentityFrames.SLICE);
            none.add(epoch, batch.newEdges(), batch.nodeOfNewEdge());
            mark(epoch);
            return new Done(identity.snapshot(), changes, log.rejects());
        }
    }

    private FormerIdentities former(long epoch) throws IOException {
        IdentitySnapshot before = identity.snapshot();
        NodeSuccessors successors = successors(before);
        int[] relics = relics(before, successors, epoch);
        List<String> typesBefore = identity.types();
        return new FormerIdentities(
                before,
                successors,
                type -> typesBefore.indexOf(types.get(type)),
                entity -> relics[entity],
                entity -> Arrays.equals(idsBefore.prefix(before, entity), prefixNow(idsBefore.type(before, entity))),
                entity -> to.pinnedIds().contains(textNow(before, entity)));
    }

    /** The id of an entity of a type that is still resolved, as it would look now. */
    private String textNow(IdentitySnapshot before, int entity) {
        byte[] hex = new byte[SurrogateKey.HEX_LENGTH];
        SurrogateKey.writeHex(before.high(entity), before.low(entity), hex, 0);
        return new String(prefixNow(idsBefore.type(before, entity)), UTF_8) + new String(hex, UTF_8);
    }

    private byte[] prefixNow(String type) {
        return Bytes.of(to.entityType(type).orElseThrow().prefix() + "_");
    }

    /** Looks the identifier of each kept row up, by the rules of before and of now. */
    private NodeSuccessors successors(IdentitySnapshot before) throws IOException {
        NodeSuccessors successors = new NodeSuccessors(before.nodes());
        RowMarks marksBefore = new RowMarks(from, hash);
        RowMarks marksNow = new RowMarks(to, hash);
        List<String> typesBefore = idsBefore.generations().last().types();
        for (StoredTable.Block block :
                StoredColumns.all(snapshot, InputTable.ENTITY_IDENTIFIERS).blocks()) {
            BlockRows rows = BlockRows.all(block);
            TextBlock typeNames = rows.text("entity_type");
            TextBlock kindNames = rows.text("identifier_type");
            TextBlock values = rows.text("identifier_value");
            for (int row = 0; row < rows.size(); row++) {
                String typeName = typeNames.isNull(row) ? "" : typeNames.text(row);
                int typeBefore = typesBefore.indexOf(typeName);
                int type = typeBefore < 0 ? NONE : types.indexOf(typeName);
                if (type >= 0 && !kindNames.isNull(row) && !values.isNull(row)) {
                    byte[] kind = bytes(kindNames, row);
                    successors.add(
                            before.node(typeBefore, kind, marksBefore.resolvedValue(kindNames, values, row)),
                            node(type, kind, marksNow.resolvedValue(kindNames, values, row)));
                }
            }
        }
        return successors;
    }

    private int node(int type, byte[] kindName, byte[] value) {
        int kind = kinds.find(type, kindName, 0, kindName.length);
        return kind < 0 ? NONE : nodes.find(kind, value, 0, value.length);
    }

    private static byte[] bytes(TextBlock block, int row) {
        return Arrays.copyOfRange(block.bytes(), block.from(row), block.from(row) + block.length(row));
    }

    /** By entity that leads to none of today's identifiers, the node it was called after, added to those of now. */
    private int[] relics(IdentitySnapshot before, NodeSuccessors successors, long epoch) {
        int[] relics = new int[before.entityNumbers()];
        SortedMap<String, String> properties = new TreeMap<>(snapshot.properties());
        properties.put(Generations.property(epoch), saved);
        List<String> typesNow = Generations.of(properties, to).last().types();
        for (int entity = 0; entity < relics.length; entity++) {
            int root = before.current(entity);
            relics[entity] = NONE;
            boolean[] leads = {false};
            if (root == NONE) {
                leads[0] = successors.has(before.anchor(entity));
            } else if (root == entity) {
                before.identifiersOf(entity, node -> leads[0] |= successors.has(node));
            } else {
                leads[0] = true;
            }
            if (!leads[0]) {
                int anchor = before.anchor(entity);
                byte[] kindName = before.identifierType(anchor);
                byte[] value = before.value(anchor);
                int type = typesNow.indexOf(idsBefore.type(before, entity));
                relics[entity] = nodes.add(kinds.add(type, kindName, 0, kindName.length), value, 0, value.length);
            }
        }
        return relics;
    }

    private void mark(EpochWriter epoch) throws IOException {
        RowMarks now = new RowMarks(to, hash);
        if (!now.marksAlike(new RowMarks(from, hash))) {
            for (InputTable table : InputTable.values()) {
                if (!RowMarks.columnsByRules(table).isEmpty()) {
                    epoch.rewrite(StoredRowsWriter.segments(table), new MarkingRewrite(table, now, hash));
                }
            }
        }
    }
}
