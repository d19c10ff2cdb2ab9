package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Work for a store whose outcome anybody can compute: epoch e appends the numbers 100 e and up to a table that is merged in
 * tiers, replaces another table by its own number, and counts.
 */
final class EpochsOfNumbers implements CrashWork {
    static final String ROWS = "rows";
    static final String LAST = "last";

    static StoreOptions options() {
        return new StoreOptions(2, () -> 42L);
    }

    @Override
    public Running open(Disk disk) throws IOException {
        StoreFiles store = StoreFiles.openForWriting(disk, options());
        return new Running() {
            @Override
            public long epoch() throws IOException {
                try (Snapshot latest = store.openLatest()) {
                    return latest.epoch();
                }
            }

            @Override
            public void append(long epoch) throws IOException {
                EpochsOfNumbers.append(store, epoch);
            }

            @Override
            public void close() throws IOException {
                store.close();
            }
        };
    }

    @Override
    public long check(Disk disk) throws IOException {
        try (StoreFiles store = StoreFiles.openForReading(disk);
                Snapshot latest = store.openLatest()) {
            checkContent(latest);
            Verification verification = store.verify();
            assertTrue(verification.clean(), () -> verification.damages().toString());
            return latest.epoch();
        }
    }

    static void append(StoreFiles store, long epoch) throws IOException {
        try (EpochWriter writer = store.begin()) {
            assertEquals(epoch, writer.epoch());
            int rows = rowsOf(epoch);
            long[] longs = new long[rows];
            int[] ints = new int[rows];
            byte[] bytes = new byte[rows];
            for (int i = 0; i < rows; i++) {
                longs[i] = 100 * epoch + i;
                ints[i] = (int) -longs[i];
                bytes[i] = (byte) longs[i];
            }
            try (SegmentWriter segment = writer.create(ROWS)) {
                segment.longs("long", longs, 0, rows);
                segment.ints("int", ints, 0, rows);
                segment.bytes("byte", bytes, 0, rows);
                segment.finish(rows);
            }
            writer.mergeTiers(ROWS, SegmentMerge.concatenation());
            try (Snapshot last = store.openLatest()) {
                last.segments(LAST).forEach(writer::drop);
            }
            try (SegmentWriter segment = writer.create(LAST)) {
                segment.longs("epoch", new long[] {epoch}, 0, 1);
                segment.finish(1);
            }
            writer.property("epochs", Long.toString(epoch));
            writer.commit();
        }
    }

    static int rowsOf(long epoch) {
        return (int) (epoch * 7 % 5);
    }

    /** Checks that a snapshot holds exactly what its epoch should. */
    static void checkContent(Snapshot snapshot) throws IOException {
        long epoch = snapshot.epoch();
        List<Long> expected = new ArrayList<>();
        for (long e = 1; e <= epoch; e++) {
            for (int i = 0; i < rowsOf(e); i++) {
                expected.add(100 * e + i);
            }
        }
        List<Long> found = new ArrayList<>();
        for (Segment segment : snapshot.segments(ROWS)) {
            SegmentColumn longs = segment.column("long");
            for (int b = 0; b < longs.blocks(); b++) {
                int[] ints = segment.column("int").ints(b);
                byte[] bytes = segment.column("byte").bytes(b);
                long[] values = longs.longs(b);
                for (int i = 0; i < values.length; i++) {
                    found.add(values[i]);
                    assertEquals((int) -values[i], ints[i]);
                    assertEquals((byte) values[i], bytes[i]);
                }
            }
        }
        Collections.sort(found);
        assertEquals(expected, found);
        SortedMap<String, String> properties = new TreeMap<>();
        if (epoch > 0) {
            properties.put("epochs", Long.toString(epoch));
            assertEquals(1, snapshot.segments(LAST).size());
            assertEquals(epoch, snapshot.segments(LAST).get(0).column("epoch").longs(0)[0]);
        }
        assertEquals(properties, snapshot.properties());
    }
}
