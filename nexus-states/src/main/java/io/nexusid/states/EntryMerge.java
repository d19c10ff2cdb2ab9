package io.nexusid.states;

/**
 * Everything that happened to one entity, from several lists, in order of time: events, changes of state, of identity, of
 * relationships. Each list is in order of time; what happened at one instant comes in order of the lists, and within a
 * list in its order. Instants that are null, {@link Long#MIN_VALUE}, come last in a list, and last of all.
 *
 * <p>Cost: O(n k) comparisons for n entries of k lists, with k a handful. Memory: 8 bytes per entry. Immutable; the lists
 * are not kept.
 */
public final class EntryMerge {
    private final int[] lists;
    private final int[] positions;

    private EntryMerge(int[] lists, int[] positions) {
        this.lists = lists;
        this.positions = positions;
    }

    /**
     * Merges the lists.
     *
     * @param instants by list, the instants of its entries, epoch microseconds, ascending with null last
     * @throws IllegalArgumentException if a list is not in order
     */
    public static EntryMerge of(long[]... instants) {
        int size = 0;
        for (long[] list : instants) {
            for (int i = 1; i < list.length; i++) {
                if (isLater(list[i - 1], list[i])) {
                    throw new IllegalArgumentException("entry " + i + " is earlier than the one before it");
                }
            }
            size = Math.addExact(size, list.length);
        }
        int[] lists = new int[size];
        int[] positions = new int[size];
        int[] next = new int[instants.length];
        for (int i = 0; i < size; i++) {
            int first = -1;
            for (int list = 0; list < instants.length; list++) {
                if (next[list] < instants[list].length
                        && (first < 0 || isLater(instants[first][next[first]], instants[list][next[list]]))) {
                    first = list;
                }
            }
            lists[i] = first;
            positions[i] = next[first]++;
        }
        return new EntryMerge(lists, positions);
    }

    /** Null, the least number, wraps around to the greatest when one is taken away. */
    private static boolean isLater(long a, long b) {
        return a - 1 > b - 1;
    }

    /** Number of entries. */
    public int size() {
        return lists.length;
    }

    /** The list entry {@code i} comes from. */
    public int list(int i) {
        return lists[i];
    }

    /** Its position in that list. */
    public int position(int i) {
        return positions[i];
    }
}
