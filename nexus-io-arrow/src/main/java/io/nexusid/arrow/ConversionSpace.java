package io.nexusid.arrow;

import org.apache.arrow.memory.BufferAllocator;

/**
 * What converting the columns of a scan works with: where new vectors are allocated, where faults go, and the heap
 * arrays that are reused from batch to batch. One per scan, for one thread.
 */
final class ConversionSpace {
    final BufferAllocator allocator;
    final BatchFaults faults = new BatchFaults();
    final TextCells block = new TextCells();
    final FixedBlock fixed = new FixedBlock();
    final StagedColumn staged = new StagedColumn();
    final StagedText text;

    /**
     * Nothing is allocated from the allocator yet.
     *
     * @param allocator owns the vectors that conversions make
     * @param table the table's name, for messages
     */
    ConversionSpace(BufferAllocator allocator, String table) {
        this.allocator = allocator;
        this.text = new StagedText(table);
    }
}
