package io.nexusid.graph;

import io.nexusid.api.SurrogateKey;
import it.unimi.dsi.fastutil.ints.IntArrayList;

/**
 * Ids that are minted at birth and never given out again: the key of the smallest identifier, as {@link EntityNamer}
 * mints it. Where that id was given out before, by an earlier epoch, the key gets a part '#' and this epoch more; where
 * a smaller identifier of this very batch has it, '#2', '#3'..., as a first batch is named.
 */
final class StableIds {
    private StableIds() {}

    /**
     * Adds an entity for each anchor.
     *
     * @param anchors in name order
     * @return the entities, without members yet
     */
    static int[] mint(GraphState state, int epoch, int[] anchors) {
        EntityTable entities = state.entities;
        int firstOfBatch = entities.count();
        int[] minted = new int[anchors.length];
        IntArrayList late = new IntArrayList();
        for (int i = 0; i < anchors.length; i++) {
            int type = state.typeOfNode(anchors[i]);
            SurrogateKey key = state.names.mint(anchors[i]);
            minted[i] = entities.newest(type, key.high(), key.low());
            if (minted[i] == GraphState.NONE) {
                minted[i] = entities.add(type, key.high(), key.low(), anchors[i], epoch);
            } else {
                late.add(i);
            }
        }
        // After all plain ones: those are never free.
        for (int i : late) {
            int type = state.typeOfNode(anchors[i]);
            int number = minted[i] < firstOfBatch ? epoch : 2;
            SurrogateKey key;
            do {
                key = state.names.mint(anchors[i], number++);
            } while (entities.newest(type, key.high(), key.low()) != GraphState.NONE);
            minted[i] = entities.add(type, key.high(), key.low(), anchors[i], epoch);
        }
        return minted;
    }
}
