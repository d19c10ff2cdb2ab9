package io.nexusid.graph;

import java.util.Objects;

/**
 * The keys a {@link KeyDictionary} had at one moment, to be read by any thread while it grows. Allocates nothing per
 * call; a few hundred bytes, and 4 per MiB of keys.
 */
final class FrozenKeys {
    /*
     * Shares the slots, which the dictionary goes on filling in place. That is safe without a lock: a record's position
     * grows with time, so a slot with a position past the last of that moment is none of ours, and all below it was
     * written before this object was published. A slot that is read half written (a long may be torn) has position 0 or
     * one past the last. Growing and reseeding put the keys into new arrays and leave the old ones alone.
     */
    private final KeyHash hash;
    private final long[] slots;
    private final int[] positions;
    private final int size;
    private final KeyArena arena;
    private final int last;

    FrozenKeys(KeyHash hash, long[] slots, int[] positions, int size, KeyArena arena) {
        this.hash = hash;
        this.slots = slots;
        this.positions = positions;
        this.size = size;
        this.arena = arena.share();
        this.last = arena.lastPosition();
    }

    int size() {
        return size;
    }

    /** The code of a key, or {@link KeyDictionary#ABSENT}. */
    int find(int kind, byte[] bytes, int from, int length) {
        KeyDictionary.check(kind, bytes, from, length);
        int tag = (int) (hash.of(kind, bytes, from, length) >>> 32);
        for (int at = KeyDictionary.home(tag, slots.length); ; at = at + 1 < slots.length ? at + 1 : 0) {
            long slot = slots[at];
            if (slot == 0) {
                return KeyDictionary.ABSENT;
            }
            int position = (int) slot;
            if ((int) (slot >>> 32) == tag && isOurs(position) && arena.matches(position, kind, bytes, from, length)) {
                return arena.code(position);
            }
        }
    }

    private boolean isOurs(int position) {
        return position != 0 && Integer.compareUnsigned(position, last) <= 0;
    }

    int kind(int code) {
        return arena.kind(position(code));
    }

    int length(int code) {
        return arena.length(position(code));
    }

    int copyTo(int code, byte[] out, int at) {
        return arena.copyTo(position(code), out, at);
    }

    /** Compares two keys by their bytes, unsigned. */
    int compare(int a, int b) {
        return arena.compare(position(a), position(b));
    }

    private int position(int code) {
        Objects.checkIndex(code, size);
        return positions[code];
    }
}
