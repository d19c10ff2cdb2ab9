package io.nexusid.arrow;

import io.nexusid.graph.KeyDictionary;

/**
 * How many components there are and how large the largest is, of resolved types only.
 *
 * @param count number of components
 * @param largest identifiers of the largest
 */
record ComponentSizes(long count, long largest) {
    /** Counts by label; a label is a node of its component. O(nodes). */
    static ComponentSizes of(int[] labels, KeyDictionary nodes, int[] resolvedTypeOfKind) {
        int[] sizes = new int[nodes.size()];
        long count = 0;
        int largest = 0;
        for (int node = 0; node < sizes.length; node++) {
            if (resolvedTypeOfKind[nodes.kind(node)] < 0) {
                continue;
            }
            int size = ++sizes[labels[node]];
            if (size == 1) {
                count++;
            }
            largest = Math.max(largest, size);
        }
        return new ComponentSizes(count, largest);
    }
}
