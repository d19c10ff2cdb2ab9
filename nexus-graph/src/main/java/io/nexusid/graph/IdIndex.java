package io.nexusid.graph;

import java.security.SecureRandom;
import java.util.BitSet;

/**
 * Finds entities of one type by the 128 bits of their ids; only grows.
 *
 * <p>Open addressing with linear probing over entity numbers, 7 to 10 bytes an entity; an id that was given out again is
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
        return (int) (((hash >>> Integer.SIZE) * slots.length) >>> Integer.SIZE);
    }

    private static int after(int at, int[] slots) {
        return at + 1 < slots.length ? at + 1 : 0;
    }

    /** The newest entity below {@code limit} with this id, or -1. */
    int newest(long idHigh, long idLow, int limit) {
        int[] table = slots;
        int newest = Entities.NONE;
        for (int at = home(idHigh, idLow, table); ; at = after(at, table)) {
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
        if (5L * used >= 3L * slots.length && slots.length < MAX_SLOTS) {
            grow();
        }
        place(entity, slots);
        used++;
    }

    private void grow() {
        // In the order of the numbers, so that the last inserted is always the last placed, and ids are read in a row.
        BitSet entities = new BitSet(high.size());
        for (int slot : slots) {
            if (slot != 0) {
                entities.set(slot - 1);
            }
        }
        int[] larger = new int[(int) Math.min(MAX_SLOTS, (long) slots.length + (slots.length >> 1))];
        for (int entity = entities.nextSetBit(0); entity >= 0; entity = entities.nextSetBit(entity + 1)) {
            place(entity, larger);
        }
        slots = larger;
    }

    private void place(int entity, int[] table) {
        int at = home(high.get(entity), low.get(entity), table);
        while (table[at] != 0) {
            at = after(at, table);
        }
        table[at] = entity + 1;
    }

    /** Removes the entity inserted last; nothing if it never came to be inserted. */
    void removeLast(int entity) {
        int at = home(high.get(entity), low.get(entity), slots);
        while (slots[at] != entity + 1) {
            if (slots[at] == 0) {
                return;
            }
            at = after(at, slots);
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
