package io.nexusid.benchmarks;

import it.unimi.dsi.webgraph.ImmutableGraph;
import java.util.Arrays;

/** Links as WebGraph wants them: the neighbours of a node side by side, every link in both directions. */
final class ArrayGraph extends ImmutableGraph {
    private final int[] starts;
    private final int[] neighbours;

    private ArrayGraph(int[] starts, int[] neighbours) {
        this.starts = starts;
        this.neighbours = neighbours;
    }

    static ArrayGraph of(Links links) {
        int[] starts = new int[links.nodes() + 2];
        for (int i = 0; i < links.a().length; i++) {
            starts[links.a()[i] + 2]++;
            starts[links.b()[i] + 2]++;
        }
        Arrays.parallelPrefix(starts, Integer::sum);
        int[] neighbours = new int[2 * links.a().length];
        for (int i = 0; i < links.a().length; i++) {
            neighbours[starts[links.a()[i] + 1]++] = links.b()[i];
            neighbours[starts[links.b()[i] + 1]++] = links.a()[i];
        }
        return new ArrayGraph(starts, neighbours);
    }

    @Override
    public int numNodes() {
        return starts.length - 2;
    }

    @Override
    public boolean randomAccess() {
        return true;
    }

    @Override
    public int outdegree(int node) {
        return starts[node + 1] - starts[node];
    }

    @Override
    public int[] successorArray(int node) {
        return Arrays.copyOfRange(neighbours, starts[node], starts[node + 1]);
    }

    @Override
    public ArrayGraph copy() {
        return this;
    }
}
