package io.nexusid.graph;

import it.unimi.dsi.fastutil.ints.IntArrays;
import java.security.SecureRandom;

/**
 * Finds entities of one type by the 128 bits of their ids; only grows.
 *
 * <p>Open addressing with linear probing over entity numbers, 6 to 12 bytes an entity; an id that was given out again is
 * in it twice and the newest counts. The home slot is a multiply-shift hash of the id with secret odd factors, so that
 * chosen ids do not cluster. One thread inserts while others read what {@link #share} gave them: a slot goes from 0 to an
 * entity and back only if no reader may know that entity; a larger table is a new array, and readers pass over entities they must not know.
 */
final class IdIndex {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long HIGH_FACTOR = RANDOM.nextLong() | 1;
    private static final long LOW_FACTOR = RANDOM.nextLong() | 1;
    private static final int MAX_SLOTS = 1 << 30;

    private final LongPages high;
    private final LongPages low;
    private int[] slots;
    private int used;

    /** An empty index of ids to be found in these columns, by entity. */
    IdIndex(LongPages high, LongPages low) {
        this(high, low, new int[16], 0);
    }

    private IdIndex(LongPages high, LongPages low, int[] slots, int used) {
        this.high = high;
        this.low = low;
        this.slots = slots;
        this.used = used;
    }

    private static int home(long idHigh, long idLow, int[] slots) {
        long hash = idHigh * HIGH_FACTOR + idLow * LOW_FACTOR;
        return (int) (hash >>> (Long.numberOfLeadingZeros(slots.length) + 1));
    }

    /** The newest entity below {@code limit} with this id, or -1. */
    int newest(long idHigh, long idLow, int limit) {
        int[] table = slots;
        int newest = Entities.NONE;
        for (int at = home(idHigh, idLow, table); ; at = (at + 1) & (table.length - 1)) {
            int slot = table[at];
            if (slot == 0) {
                return newest;
            }
            int entity = slot - 1;
            if (entity < limit && entity > newest && high.get(entity) == idHigh && low.get(entity) == idLow) {
                newest = entity;
            }
        }
    }

    /** Adds an entity whose id is in the columns; in the order of their numbers. */
    void insert(int entity) {
        if (3L * used >= 2L * slots.length && slots.length < MAX_SLOTS) {
            grow();
        }
        place(entity, slots);
        used++;
    }

    private void grow() {
        // In the order of the numbers, so that the last inserted is always the last placed.
        int[] entities = new int[used];
        int n = 0;
        for (int slot : slots) {
            if (slot != 0) {
                entities[n++] = slot - 1;
            }
        }
        IntArrays.radixSort(entities);
        int[] larger = new int[2 * slots.length];
        for (int entity : entities) {
            place(entity, larger);
        }
        slots = larger;
    }

    private void place(int entity, int[] table) {
        int at = home(high.get(entity), low.get(entity), table);
        while (table[at] != 0) {
            at = (at + 1) & (table.length - 1);
        }
        table[at] = entity + 1;
    }

    /** Removes the entity inserted last. */
    void removeLast(int entity) {
        int at = home(high.get(entity), low.get(entity), slots);
        while (slots[at] != entity + 1) {
            at = (at + 1) & (slots.length - 1);
        }
        // It was placed after all others, so no probe for another one passes here.
        slots[at] = 0;
        used--;
    }

    /** The index as it stands, for reading only, over columns shared at the same moment. */
    IdIndex share(LongPages sharedHigh, LongPages sharedLow) {
        return new IdIndex(sharedHigh, sharedLow, slots, used);
    }

    long retainedBytes() {
        return 4L * slots.length;
    }
}
