package io.nexusid.arrow;

import io.nexusid.graph.IdentitySnapshot;
import io.nexusid.graph.Participants;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Participants whose ids stay what they were when their rows came: for each participant of an entity that has taken others
 * in, the entities as which it was first seen. A row is a participant of its own unless, at the end of its epoch, the
 * entity had one of the same event and role, under whatever id.
 *
 * <p>Rows of an epoch count as one, so the answer does not depend on their order.
 */
final class MintedParticipants {
    private static final int NONE = IdentitySnapshot.NONE;
    /** By first row of a participant, the numbers of the entities its ids are minted from; others have their own. */
    private final Map<Integer, IntArrayList> minted = new Int2ObjectOpenHashMap<>();

    private MintedParticipants() {}

    /**
     * Works it out.
     *
     * @param role by pair, the rank of its role
     * @param lives what became of entities
     */
    static MintedParticipants of(
            Identity identity, IdentifierEvents seen, EntityRows pairs, int[] role, EntityLives lives) {
        MintedParticipants all = new MintedParticipants();
        IntArrayList affected = new IntArrayList();
        int[] event = pairs.ofPairs(seen.event().codes());
        for (int i = 0; i < pairs.size(); i++) {
            int node = identity.rows().nodeOfRow()[pairs.row(i)];
            if (pairs.ordinal(i) >= 0 && node >= 0 && identity.isResolved(node) && lives.hasTakenIn(node)) {
                affected.add(i);
            }
        }
        int[] order = affected.toIntArray();
        IntArrays.mergeSort(order, (a, b) -> {
            int byGrain = compareGrains(a, b, pairs, event, role);
            int byEpoch = Long.compare(lives.epochOfRow(pairs.row(a)), lives.epochOfRow(pairs.row(b)));
            return byGrain != 0 ? byGrain : byEpoch != 0 ? byEpoch : Integer.compare(a, b);
        });
        for (int from = 0, to; from < order.length; from = to) {
            to = from + 1;
            while (to < order.length && compareGrains(order[from], order[to], pairs, event, role) == 0) {
                to++;
            }
            all.mint(order, from, to, identity, pairs, lives);
        }
        return all;
    }

    private static int compareGrains(int a, int b, EntityRows pairs, int[] event, int[] role) {
        int byEntity = Integer.compare(pairs.ordinal(a), pairs.ordinal(b));
        int byEvent = Integer.compare(event[a], event[b]);
        return byEntity != 0 ? byEntity : byEvent != 0 ? byEvent : Integer.compare(role[a], role[b]);
    }

    private void mint(int[] order, int from, int to, Identity identity, EntityRows pairs, EntityLives lives) {
        IntArrayList entities = new IntArrayList();
        int first = order[from];
        for (int i = from; i < to; i++) {
            int row = pairs.row(order[i]);
            long epoch = lives.epochOfRow(row);
            int entity = lives.entityOf(identity.rows().nodeOfRow()[row], epoch);
            boolean known = false;
            for (int other : entities) {
                known |= lives.at(other, epoch) == entity;
            }
            if (!known) {
                entities.add(entity);
            }
            first = Math.min(first, order[i]);
        }
        entities.sort(lives::compareIds);
        minted.put(first, entities);
    }

    /**
     * The rows of the table: which participant each is.
     *
     * @param mintedFrom to be filled with the entity its id is minted from, {@link #NONE} for its own
     */
    int[] rows(Participants participants, IntArrayList mintedFrom) {
        IntArrayList rows = new IntArrayList(participants.size());
        for (int i = 0; i < participants.size(); i++) {
            @Nullable IntArrayList entities = minted.get(participants.row(i));
            if (entities == null) {
                rows.add(i);
                mintedFrom.add(NONE);
            } else {
                for (int entity : entities) {
                    rows.add(i);
                    mintedFrom.add(entity);
                }
            }
        }
        return rows.toIntArray();
    }
}
