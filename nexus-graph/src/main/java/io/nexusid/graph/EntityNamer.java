package io.nexusid.graph;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.SurrogateKey;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Names components: an entity's id is the key of (identifier type, value) of its smallest identifier, as the reference
 * mints it.
 *
 * <p>The key joins its parts with a bare hyphen, so that (user, id-5) and (user-id, 5) mint one id. Such components of
 * one entity type either become one entity, as in the reference, or stay apart: then the smaller representative keeps the
 * id and the others, in order, take the first free of key(type, value, "#2"), "#3"... where an id that some component
 * has by its own right is never free.
 *
 * <p>Cost: one MD5 and one sorting step per component, two sweeps over the nodes in identifier order; 12 bytes per node
 * and 50 per component while naming. The answer depends on the partition and the identifiers, not on node numbers.
 */
public final class EntityNamer {
    /** A component that has no entity yet, or a label without a component. */
    private static final int NONE = Entities.NONE;
    /** Components of one task. */
    private static final int SLICE = 1 << 14;

    private final KeyDictionary nodes;
    private final NodeOrder order;
    private final int[] entityTypeOfKind;
    private final List<byte[]> identifierTypeOfKind;
    private final int[] labels;

    // By component; components are numbered in the order of their representatives.
    private int components;
    private int[] representative = new int[0];
    private int[] type = new int[0];
    private long[] high = new long[0];
    private long[] low = new long[0];

    private EntityNamer(
            KeyDictionary nodes,
            NodeOrder order,
            int[] entityTypeOfKind,
            List<byte[]> identifierTypeOfKind,
            int[] labels) {
        this.nodes = nodes;
        this.order = order;
        this.entityTypeOfKind = entityTypeOfKind;
        this.identifierTypeOfKind = identifierTypeOfKind;
        this.labels = labels;
    }

    /**
     * Names the components of a partition.
     *
     * @param entityTypeOfKind an index into {@code typeNames}, or -1: such nodes get no entity
     * @param typeNames the names of the entity types, all different
     * @param identifierTypeOfKind the identifier type's name of each kind, as UTF-8
     * @param labels by node, as from {@link ConnectedComponents#labels} or {@link HopLimitedLabels#compute}; negative: the
     *     node gets no entity
     * @param labelsAreRepresentatives true if a label is the node that names the component, false if the component's
     *     smallest identifier does
     * @param foldCollisions true if components of one type that mint the same id become one entity
     * @param tasks where ids are digested; the answer does not depend on it
     */
    public static Entities name(
            KeyDictionary nodes,
            NodeOrder order,
            int[] entityTypeOfKind,
            List<String> typeNames,
            List<byte[]> identifierTypeOfKind,
            int[] labels,
            boolean labelsAreRepresentatives,
            boolean foldCollisions,
            Tasks tasks) {
        EntityNamer namer = new EntityNamer(nodes, order, entityTypeOfKind, identifierTypeOfKind, labels);
        int[] componentOfLabel = namer.number(labelsAreRepresentatives);
        namer.mint(tasks);
        return namer.assemble(componentOfLabel, typeNames, foldCollisions);
    }

    /**
     * Entities whose ids a living graph has given already: for a run over rows that the graph has seen. One sorting step per
     * entity, no hashing.
     *
     * @param entityTypeOfKind an index into {@code typeNames}, or -1: such nodes get no entity
     * @param typeNames the names of the entity types, as the graph's rules list them
     * @param snapshot the graph
     * @param entityOfNode by node: the graph's number of its entity; not read for nodes that get none
     */
    public static Entities named(
            KeyDictionary nodes,
            NodeOrder order,
            int[] entityTypeOfKind,
            List<String> typeNames,
            IdentitySnapshot snapshot,
            int[] entityOfNode) {
        int[] labels = new int[nodes.size()];
        int[] firstNode = new int[snapshot.entityNumbers()];
        Arrays.fill(firstNode, NONE);
        for (int v = 0; v < labels.length; v++) {
            labels[v] = v;
            if (entityTypeOfKind[nodes.kind(v)] >= 0) {
                int entity = entityOfNode[v];
                firstNode[entity] = firstNode[entity] == NONE ? v : firstNode[entity];
                labels[v] = firstNode[entity];
            }
        }
        EntityNamer namer = new EntityNamer(nodes, order, entityTypeOfKind, List.of(), labels);
        int[] componentOfLabel = namer.number(false);
        namer.copyIds(snapshot, entityOfNode);
        return namer.assemble(componentOfLabel, typeNames, false);
    }

    private int entityType(int node) {
        return labels[node] < 0 ? NONE : entityTypeOfKind[nodes.kind(node)];
    }

    /** Numbers the components by the order of their representatives; returns the component of each label. */
    private int[] number(boolean labelsAreRepresentatives) {
        int n = nodes.size();
        int[] componentOfLabel = new int[n];
        Arrays.fill(componentOfLabel, NONE);
        boolean[] used = new boolean[labelsAreRepresentatives ? n : 0];
        for (int v = 0; v < used.length; v++) {
            if (entityType(v) >= 0) {
                used[labels[v]] = true;
            }
        }
        int[] found = new int[n];
        for (int v : order.sorted()) {
            if (entityType(v) < 0) {
                continue;
            }
            int label = labelsAreRepresentatives ? v : labels[v];
            if (labelsAreRepresentatives ? used[v] : componentOfLabel[label] == NONE) {
                componentOfLabel[label] = components;
                found[components++] = v;
            }
        }
        representative = Arrays.copyOf(found, components);
        return componentOfLabel;
    }

    private void mint(Tasks tasks) {
        type = new int[components];
        high = new long[components];
        low = new long[components];
        tasks.forEach((components + SLICE - 1) / SLICE, slice -> {
            KeyOfComponent key = new KeyOfComponent();
            for (int c = slice * SLICE; c < Math.min(components, (slice + 1) * SLICE); c++) {
                SurrogateKey minted = key.start(c).finish();
                type[c] = entityType(representative[c]);
                high[c] = minted.high();
                low[c] = minted.low();
            }
        });
    }

    private void copyIds(IdentitySnapshot snapshot, int[] entityOfNode) {
        type = new int[components];
        high = new long[components];
        low = new long[components];
        for (int c = 0; c < components; c++) {
            int entity = entityOfNode[representative[c]];
            type[c] = entityType(representative[c]);
            high[c] = snapshot.high(entity);
            low[c] = snapshot.low(entity);
        }
    }

    /** Digests the keys of components, one after the other; each task has its own. */
    private final class KeyOfComponent {
        private final SurrogateKey key = new SurrogateKey();
        private byte[] value = new byte[256];

        /** The key with its type and value, to be added to or finished. */
        SurrogateKey start(int component) {
            int node = representative[component];
            int length = nodes.length(node);
            if (length > value.length) {
                value = new byte[Math.max(length, 2 * value.length)];
            }
            nodes.copyTo(node, value, 0);
            return key.start().add(identifierTypeOfKind.get(nodes.kind(node))).add(value, 0, length);
        }
    }

    private Entities assemble(int[] componentOfLabel, List<String> typeNames, boolean foldCollisions) {
        int[] rankOfType = rankOfType(typeNames);
        int[] sorted = sort(rankOfType);
        int[] losers = losers(sorted);
        if (losers.length > 0 && !foldCollisions) {
            mintAgain(sorted, losers);
            sorted = sort(rankOfType);
        }
        int[] entityOf = new int[components];
        long[] entityHigh = new long[components];
        long[] entityLow = new long[components];
        int[] count = new int[typeNames.size()];
        int entities = 0;
        for (int i = 0; i < components; i++) {
            int c = sorted[i];
            if (i == 0 || !sameId(c, sorted[i - 1])) {
                entityHigh[entities] = high[c];
                entityLow[entities] = low[c];
                count[type[c]]++;
                entities++;
            }
            entityOf[c] = entities - 1;
        }
        int[] first = new int[count.length];
        int[] end = new int[count.length];
        ranges(rankOfType, count, first, end);
        int[] ofNode = ofNode(componentOfLabel, entityOf);
        int[] starts = memberStarts(ofNode, entities);
        return new Entities(
                first,
                end,
                Arrays.copyOf(entityHigh, entities),
                Arrays.copyOf(entityLow, entities),
                ofNode,
                starts,
                members(ofNode, starts),
                losers.length);
    }

    private static int[] rankOfType(List<String> typeNames) {
        byte[][] sorted = new byte[typeNames.size()][];
        for (int t = 0; t < sorted.length; t++) {
            sorted[t] = typeNames.get(t).getBytes(UTF_8);
        }
        Arrays.sort(sorted, Arrays::compareUnsigned);
        int[] rank = new int[sorted.length];
        for (int t = 0; t < rank.length; t++) {
            rank[t] = Arrays.binarySearch(sorted, typeNames.get(t).getBytes(UTF_8), Arrays::compareUnsigned);
        }
        return rank;
    }

    private static void ranges(int[] rankOfType, int[] count, int[] first, int[] end) {
        int[] typeOfRank = new int[rankOfType.length];
        for (int t = 0; t < rankOfType.length; t++) {
            typeOfRank[rankOfType[t]] = t;
        }
        int at = 0;
        for (int t : typeOfRank) {
            first[t] = at;
            at += count[t];
            end[t] = at;
        }
    }

    /** The components by (entity type name, key), those with one id in the order of their representatives. */
    private int[] sort(int[] rankOfType) {
        int[] sorted = new int[components];
        for (int c = 0; c < components; c++) {
            sorted[c] = c;
        }
        KeySort keySort = new KeySort();
        long[] keys = high.clone();
        keySort.sort(keys, sorted, 0, components);
        int start = 0;
        for (int i = 1; i <= components; i++) {
            if (i == components || high[sorted[i]] != high[sorted[start]]) {
                if (i - start > 1) {
                    sortByLow(sorted, start, i, keySort);
                }
                start = i;
            }
        }
        for (int i = 0; i < components; i++) {
            keys[i] = rankOfType[type[sorted[i]]];
        }
        keySort.sort(keys, sorted, 0, components);
        return sorted;
    }

    private void sortByLow(int[] sorted, int from, int to, KeySort keySort) {
        int[] run = Arrays.copyOfRange(sorted, from, to);
        long[] keys = new long[run.length];
        for (int i = 0; i < run.length; i++) {
            keys[i] = low[run[i]];
        }
        keySort.sort(keys, run, 0, run.length);
        System.arraycopy(run, 0, sorted, from, run.length);
    }

    private boolean sameId(int a, int b) {
        return high[a] == high[b] && low[a] == low[b] && type[a] == type[b];
    }

    /**
     * The components whose id a smaller representative of the type has as well, those of one id in the order of their
     * representatives. The order between ids is free: numbered ids are equal only if the plain ones are.
     */
    private int[] losers(int[] sorted) {
        int[] losers = new int[components];
        int count = 0;
        for (int i = 1; i < components; i++) {
            if (sameId(sorted[i], sorted[i - 1])) {
                losers[count++] = sorted[i];
            }
        }
        return Arrays.copyOf(losers, count);
    }

    private void mintAgain(int[] sorted, int[] losers) {
        Set<TypedId> taken = new HashSet<>();
        // All ids that components have by their own right, before the first new one is minted.
        for (int c : sorted) {
            taken.add(new TypedId(type[c], high[c], low[c]));
        }
        KeyOfComponent key = new KeyOfComponent();
        for (int c : losers) {
            int number = 2;
            SurrogateKey minted;
            do {
                minted = key.start(c).add(("#" + number++).getBytes(US_ASCII)).finish();
            } while (!taken.add(new TypedId(type[c], minted.high(), minted.low())));
            high[c] = minted.high();
            low[c] = minted.low();
        }
    }

    private int[] ofNode(int[] componentOfLabel, int[] entityOf) {
        int[] ofNode = new int[nodes.size()];
        for (int v = 0; v < ofNode.length; v++) {
            int component = entityType(v) < 0 ? NONE : componentOfLabel[labels[v]];
            ofNode[v] = component == NONE ? NONE : entityOf[component];
        }
        return ofNode;
    }

    private static int[] memberStarts(int[] ofNode, int entities) {
        int[] starts = new int[entities + 1];
        for (int entity : ofNode) {
            if (entity != NONE) {
                starts[entity + 1]++;
            }
        }
        for (int e = 0; e < entities; e++) {
            starts[e + 1] += starts[e];
        }
        return starts;
    }

    private int[] members(int[] ofNode, int[] starts) {
        int[] next = starts.clone();
        int[] members = new int[starts[starts.length - 1]];
        for (int v : order.sorted()) {
            if (ofNode[v] != NONE) {
                members[next[ofNode[v]]++] = v;
            }
        }
        return members;
    }
}
