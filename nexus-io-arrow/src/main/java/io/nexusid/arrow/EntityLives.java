package io.nexusid.arrow;

import io.nexusid.arrow.StoredTable.Block;
import io.nexusid.graph.IdentitySnapshot;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * What became of the entities of a store, epoch by epoch: which one an identifier belonged to when a row came; for rows from
 * before a rebuild, right after it. Reads 12 bytes of each row of all that the store decided since; 13 bytes for each id ever
 * given out, and 4 to 16 for each identifier of the run.
 */
final class EntityLives {
    private static final int NONE = IdentitySnapshot.NONE;

    private final IdentitySnapshot identities;
    private final int[] stored;
    private final Int2IntOpenHashMap firstEntity;
    private final int[] into;
    private final long[] endedIn;
    private final boolean[] hasTakenIn;
    private final long[] epochOfRow;
    private final long through;

    /**
     * Reads them.
     *
     * @param stored by node of the run that of the store, -1 for none
     * @param readings of all epochs of the generation that count, in order
     * @param through the last of these epochs
     * @param identifiers the kept identifier rows in the order in which the run reads them
     */
    EntityLives(
            int[] stored,
            IdentitySnapshot identities,
            List<IdentityFrames.Reading> readings,
            long through,
            StoredTable identifiers)
            throws IOException {
        this.identities = identities;
        this.stored = stored;
        this.through = through;
        this.firstEntity = new Int2IntOpenHashMap(stored.length);
        firstEntity.defaultReturnValue(NONE);
        for (int node : stored) {
            if (node >= 0) {
                firstEntity.put(node, NONE);
            }
        }
        this.into = new int[identities.entityNumbers()];
        this.endedIn = new long[into.length];
        this.hasTakenIn = new boolean[into.length];
        Arrays.fill(into, NONE);
        for (IdentityFrames.Reading reading : readings) {
            note(reading, reading.epoch() == reading.generation());
        }
        for (int entity = 0; entity < into.length; entity++) {
            if (into[entity] != NONE) {
                hasTakenIn[at(entity, Long.MAX_VALUE)] = true;
            }
        }
        this.epochOfRow = new long[Math.toIntExact(identifiers.rowCount())];
        int row = 0;
        for (Block block : identifiers.blocks()) {
            int count = identifiers.rows(block).length;
            Arrays.fill(epochOfRow, row, row + count, block.epoch());
            row += count;
        }
    }

    private void note(IdentityFrames.Reading frame, boolean rebuilt) throws IOException {
        int[] nodes = frame.nodes();
        int[] entities = frame.column("row.entity").ints(frame.block());
        int[] previous = frame.column("row.previous").ints(frame.block());
        for (int row = 0; row < nodes.length; row++) {
            if (previous[row] == NONE) {
                if (firstEntity.get(nodes[row]) == NONE && firstEntity.containsKey(nodes[row])) {
                    firstEntity.put(nodes[row], entities[row]);
                }
            } else if (!rebuilt) {
                // A rebuild's rows tell of the generation before, whose entities may go on beside those that left them.
                into[previous[row]] = entities[row];
                endedIn[previous[row]] = frame.epoch();
            }
        }
    }

    /** The entity that an entity was at the end of an epoch. */
    int at(int entity, long epoch) {
        int now = entity;
        while (into[now] != NONE && endedIn[now] <= epoch) {
            now = into[now];
        }
        return now;
    }

    /** Orders entities by their ids. */
    int compareIds(int a, int b) {
        int byHigh = Long.compareUnsigned(identities.high(a), identities.high(b));
        return byHigh != 0 ? byHigh : Long.compareUnsigned(identities.low(a), identities.low(b));
    }

    /** The entity of a node of the run at the end of an epoch. */
    int entityOf(int node, long epoch) {
        return at(firstEntity.get(stored[node]), epoch);
    }

    /** Whether the entity of a node of the run has taken others in, ever. */
    boolean hasTakenIn(int node) {
        return hasTakenIn[entityOf(node, Long.MAX_VALUE)];
    }

    /** The epoch in which an identifier row was taken; rows that the store does not have are of the last one. */
    long epochOfRow(int row) {
        return row < epochOfRow.length ? epochOfRow[row] : through;
    }
}
