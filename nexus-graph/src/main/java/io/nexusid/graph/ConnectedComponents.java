package io.nexusid.graph;

/**
 * Which nodes belong together: exact components, however long the chains. A component's label is its smallest node, so
 * labels depend on the numbering of the nodes and on nothing else.
 *
 * <p>A star of unions per edge group and one flattening sweep; about 5 ns per link, in one thread, for the reasons that
 * {@link UnionFind} gives. 4 bytes per node, kept; as many again while counting sizes. Nothing here is worth doing in
 * parallel: numbering the identifiers costs ten times as much.
 */
public final class ConnectedComponents {
    private final int[] labels;
    private final int count;
    private final int largest;

    private ConnectedComponents(int[] labels, int count, int largest) {
        this.labels = labels;
        this.count = count;
        this.largest = largest;
    }

    /**
     * The components of a graph; a node in no group is one by itself.
     *
     * @param nodes how many nodes there are
     */
    public static ConnectedComponents compute(int nodes, EdgeGroups groups) {
        int[] parent = UnionFind.create(nodes);
        int count = nodes;
        for (int g = 0; g < groups.groups(); g++) {
            int from = groups.from(g);
            int to = groups.to(g);
            for (int i = from + 1; i < to; i++) {
                if (UnionFind.union(parent, groups.node(from), groups.node(i))) {
                    count--;
                }
            }
        }
        UnionFind.flatten(parent);
        return new ConnectedComponents(parent, count, largest(parent));
    }

    private static int largest(int[] labels) {
        int[] sizes = new int[labels.length];
        int largest = 0;
        for (int label : labels) {
            largest = Math.max(largest, ++sizes[label]);
        }
        return largest;
    }

    /** The smallest node of this node's component. */
    public int label(int node) {
        return labels[node];
    }

    /** The labels of all nodes: the array itself, not to be changed. */
    public int[] labels() {
        return labels;
    }

    /** How many components there are, single nodes included. */
    public int count() {
        return count;
    }

    /** The number of nodes of the largest component; 0 without nodes. */
    public int largest() {
        return largest;
    }
}
