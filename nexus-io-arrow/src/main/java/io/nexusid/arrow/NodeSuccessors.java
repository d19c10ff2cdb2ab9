package io.nexusid.arrow;

import io.nexusid.graph.FormerIdentities;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** Which identifiers of now the rows of each identifier of before name. 4 bytes for each of before, and some where one falls apart. */
final class NodeSuccessors implements FormerIdentities.Successors {
    private static final int NONE = -1;

    private final int[] first;
    private final Int2ObjectOpenHashMap<IntArrayList> further = new Int2ObjectOpenHashMap<>();

    /** None, of so many identifiers. */
    NodeSuccessors(int nodesBefore) {
        first = new int[nodesBefore];
        Arrays.fill(first, NONE);
    }

    /** Notes a row: nothing if either is -1. */
    void add(int before, int now) {
        if (before == NONE || now == NONE || first[before] == now) {
            return;
        }
        if (first[before] == NONE) {
            first[before] = now;
            return;
        }
        IntArrayList others = further.computeIfAbsent(before, node -> new IntArrayList());
        if (!others.contains(now)) {
            others.add(now);
        }
    }

    /** Whether an identifier of before has any. */
    boolean has(int before) {
        return first[before] != NONE;
    }

    @Override
    public void forEach(int formerNode, IntConsumer sink) {
        if (first[formerNode] != NONE) {
            sink.accept(first[formerNode]);
            IntArrayList others = further.get(formerNode);
            if (others != null) {
                others.forEach(sink);
            }
        }
    }
}
