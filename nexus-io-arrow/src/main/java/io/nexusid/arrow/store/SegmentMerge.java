package io.nexusid.arrow.store;

import java.io.IOException;
import java.util.List;

/** How the rows of several segments of one table become those of one. Must not depend on the order of the inputs. */
public interface SegmentMerge {
    /**
     * Writes the rows of all inputs, folded if they fold.
     *
     * @param inputs segments of one table, borrowed
     * @param output where to; the caller finishes and closes it
     * @return the number of rows written
     */
    long merge(List<Segment> inputs, SegmentWriter output) throws IOException;

    /**
     * Block after block as it stands, older segments first: for rows that are read in the order of their epochs or that
     * carry their order with them.
     */
    static SegmentMerge concatenation() {
        return (inputs, output) -> {
            long rows = 0;
            for (Segment input : inputs) {
                rows += input.info().rows();
                for (SegmentColumn column : input.columns()) {
                    for (int b = 0; b < column.blocks(); b++) {
                        copy(column, b, output);
                    }
                }
            }
            return rows;
        };
    }

    /** Writes a block of a column as it stands. */
    static void copy(SegmentColumn column, int block, SegmentWriter output) throws IOException {
        int count = column.elements(block);
        switch (column.type()) {
            case LONGS -> output.longs(column.name(), column.longs(block), 0, count);
            case INTS -> output.ints(column.name(), column.ints(block), 0, count);
            case BYTES -> output.bytes(column.name(), column.bytes(block), 0, count);
        }
    }
}
