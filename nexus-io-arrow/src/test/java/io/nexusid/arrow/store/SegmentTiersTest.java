package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SegmentTiersTest {
    private static SegmentInfo segment(long weight, int rewrites, long number) {
        return new SegmentInfo("t", number, weight, weight, rewrites, number, number, 100, 50, 0);
    }

    /** Applies batch after batch; returns the rows written for all, merges included. */
    private static long writtenFor(long[] batches, List<SegmentInfo> segments) {
        long written = 0;
        long number = 0;
        for (long batch : batches) {
            segments.add(segment(batch, 0, number++));
            written += batch;
            for (List<SegmentInfo> due = SegmentTiers.next(segments);
                    !due.isEmpty();
                    due = SegmentTiers.next(segments)) {
                long weight = due.stream().mapToLong(SegmentInfo::weight).sum();
                int rewrites =
                        due.stream().mapToInt(SegmentInfo::rewrites).max().orElseThrow();
                segments.removeAll(due);
                segments.add(segment(weight, rewrites + 1, number++));
                written += weight;
            }
        }
        return written;
    }

    @Property(tries = 300)
    void noRowIsWrittenMoreThanFiveTimes(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] batches = new long[random.nextInt(1, 3000)];
        for (int i = 0; i < batches.length; i++) {
            batches[i] = random.nextInt(4) == 0 ? random.nextLong(1_000_000) : random.nextLong(1000);
        }
        List<SegmentInfo> segments = new ArrayList<>();
        long rows = 0;
        for (long batch : batches) {
            rows += batch;
        }
        assertTrue(writtenFor(batches, segments) <= 5 * rows);
        assertEquals(rows, segments.stream().mapToLong(SegmentInfo::weight).sum());
    }

    @Test
    void equalBatchesLeaveFewSegments() {
        for (long size : new long[] {1, 1000, 4096, 100_000}) {
            long[] batches = new long[4096];
            java.util.Arrays.fill(batches, size);
            for (int count : new int[] {1, 7, 8, 63, 100, 511, 4095, 4096}) {
                List<SegmentInfo> segments = new ArrayList<>();
                long written = writtenFor(java.util.Arrays.copyOf(batches, count), segments);
                assertTrue(segments.size() <= 28, () -> count + " batches: " + segments.size() + " segments");
                assertTrue(written <= 5 * size * count);
            }
        }
    }

    @Test
    void mergesReallyWriteAtMostFiveTimesTheBatch() throws IOException {
        CountingDisk disk = new CountingDisk(new FaultyDisk());
        int rows = 500;
        int epochs = 600;
        try (StoreFiles store = StoreFiles.openForWriting(disk, EpochsOfNumbers.options())) {
            for (int e = 0; e < epochs; e++) {
                try (EpochWriter writer = store.begin()) {
                    try (SegmentWriter segment = writer.create("t")) {
                        segment.longs("v", new long[rows], 0, rows);
                        segment.finish(rows);
                    }
                    writer.mergeTiers("t", SegmentMerge.concatenation());
                    writer.commit();
                }
            }
            try (Snapshot snapshot = store.openLatest()) {
                assertTrue(snapshot.segments().size() <= 21);
                assertEquals(
                        (long) rows * epochs,
                        snapshot.segments().stream()
                                .mapToLong(s -> s.info().rows())
                                .sum());
            }
            try (EpochWriter writer = store.begin()) {
                writer.mergeAll("t", SegmentMerge.concatenation());
                writer.commit();
            }
            try (Snapshot snapshot = store.openLatest()) {
                assertEquals(1, snapshot.segments().size());
                assertEquals(
                        (long) rows * epochs,
                        snapshot.segments().get(0).column("v").elements());
            }
        }
        // The last merge was asked for and does not count.
        long once = 8L * rows * epochs;
        assertTrue(disk.segmentBytes() - once <= 5 * once, () -> disk.segmentBytes() + " bytes for " + once);
    }

    /** Counts what is written to segments. */
    private static final class CountingDisk implements Disk {
        private final Disk disk;
        private long segmentBytes;

        CountingDisk(Disk disk) {
            this.disk = disk;
        }

        long segmentBytes() {
            return segmentBytes;
        }

        @Override
        public WritableFile create(String name) throws IOException {
            WritableFile file = disk.create(name);
            boolean counted = FileNames.segmentOf(name) >= 0;
            return new WritableFile() {
                @Override
                public void write(byte[] source, int from, int length) throws IOException {
                    segmentBytes += counted ? length : 0;
                    file.write(source, from, length);
                }

                @Override
                public void sync() throws IOException {
                    file.sync();
                }

                @Override
                public void close() throws IOException {
                    file.close();
                }
            };
        }

        @Override
        public List<String> list() throws IOException {
            return disk.list();
        }

        @Override
        public ReadableFile open(String name) throws IOException {
            return disk.open(name);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            disk.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            disk.delete(name);
        }

        @Override
        public void sync() throws IOException {
            disk.sync();
        }

        @Override
        public java.io.Closeable lock(String name) throws IOException {
            return disk.lock(name);
        }
    }
}
