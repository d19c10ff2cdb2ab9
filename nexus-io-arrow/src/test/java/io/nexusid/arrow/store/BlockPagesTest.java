package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Some elements of a block are those of the whole block, and of its pages only those are read that have them. */
class BlockPagesTest {
    private static final int PAGE = BlockIndex.PAGE;

    /** A store of one segment with a few blocks of each type; the ends of pages and of pieces are favoured. */
    private static final class Blocks {
        final List<long[]> longs = new ArrayList<>();
        final List<int[]> ints = new ArrayList<>();
        final List<byte[]> bytes = new ArrayList<>();
        final FaultyDisk disk = new FaultyDisk();

        Blocks(SplittableRandom random, int blocks) throws IOException {
            try (StoreFiles store = StoreFiles.openForWriting(disk, EpochsOfNumbers.options());
                    EpochWriter epoch = store.begin()) {
                try (SegmentWriter segment = epoch.create("rows")) {
                    for (int b = 0; b < blocks; b++) {
                        long[] someLongs =
                                random.longs(length(random, Long.BYTES)).toArray();
                        int[] someInts =
                                random.ints(length(random, Integer.BYTES)).toArray();
                        byte[] someBytes = new byte[length(random, 1)];
                        random.nextBytes(someBytes);
                        segment.longs("long", someLongs, 0, someLongs.length);
                        segment.ints("int", someInts, 0, someInts.length);
                        segment.bytes("byte", someBytes, 0, someBytes.length);
                        longs.add(someLongs);
                        ints.add(someInts);
                        bytes.add(someBytes);
                    }
                    segment.finish(blocks);
                }
                epoch.commit();
            }
        }

        private static int length(SplittableRandom random, int width) {
            int page = PAGE / width;
            int[] lengths = {
                0, 1, page - 1, page, page + 1, 3 * page, 16 * page - 1, 16 * page, 16 * page + 1, 40 * page
            };
            return random.nextInt(3) == 0 ? random.nextInt(20 * page) : lengths[random.nextInt(lengths.length)];
        }
    }

    /** Ascending positions below a bound: none, few, many, or all. */
    private static int[] positions(SplittableRandom random, int bound) {
        double share = new double[] {0, 0.0005, 0.01, 0.5, 1}[random.nextInt(5)];
        int[] all = new int[bound];
        int count = 0;
        for (int i = 0; i < bound; i++) {
            if (random.nextDouble() < share) {
                all[count++] = i;
            }
        }
        return Arrays.copyOf(all, count);
    }

    @Property(tries = 60)
    void someElementsAreThoseOfTheWholeBlock(@ForAll long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Blocks blocks = new Blocks(random, 3);
        try (StoreFiles store = StoreFiles.openForReading(blocks.disk);
                Snapshot snapshot = store.openLatest()) {
            assertTrue(store.verify().clean());
            Segment segment = snapshot.segments("rows").get(0);
            for (int b = 0; b < 3; b++) {
                long[] longs = blocks.longs.get(b);
                int[] ints = blocks.ints.get(b);
                byte[] bytes = blocks.bytes.get(b);
                assertArrayEquals(longs, segment.column("long").longs(b));
                assertArrayEquals(ints, segment.column("int").ints(b));
                assertArrayEquals(bytes, segment.column("byte").bytes(b));
                int[] at = positions(random, longs.length);
                assertArrayEquals(
                        Arrays.stream(at).mapToLong(i -> longs[i]).toArray(),
                        segment.column("long").longsAt(b, at));
                at = positions(random, ints.length);
                assertArrayEquals(
                        Arrays.stream(at).map(i -> ints[i]).toArray(),
                        segment.column("int").intsAt(b, at));
                at = positions(random, bytes.length);
                byte[] expected = new byte[at.length];
                for (int i = 0; i < at.length; i++) {
                    expected[i] = bytes[at[i]];
                }
                assertArrayEquals(expected, segment.column("byte").bytesAt(b, at));
                checkParts(random, bytes, segment.column("byte"), b);
            }
        }
    }

    private static void checkParts(SplittableRandom random, byte[] bytes, SegmentColumn column, int block)
            throws IOException {
        int[] bounds = positions(random, bytes.length + 1);
        int[] from = new int[bounds.length / 2];
        int[] to = new int[from.length];
        byte[] expected = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < from.length; i++) {
            from[i] = bounds[2 * i];
            // Now and then an empty part.
            to[i] = random.nextInt(4) == 0 ? from[i] : bounds[2 * i + 1];
            System.arraycopy(bytes, from[i], expected, length, to[i] - from[i]);
            length += to[i] - from[i];
        }
        assertArrayEquals(Arrays.copyOf(expected, length), column.bytesBetween(block, from, to));
    }

    @Test
    void partsThatABlockDoesNotHaveAreRefused() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        int length = 3 * PAGE - 100;
        try (StoreFiles store = StoreFiles.openForWriting(disk, EpochsOfNumbers.options());
                EpochWriter epoch = store.begin();
                SegmentWriter segment = epoch.create("rows")) {
            segment.bytes("byte", new byte[length], 0, length);
            segment.finish(1);
            epoch.commit();
        }
        try (StoreFiles store = StoreFiles.openForReading(disk);
                Snapshot snapshot = store.openLatest()) {
            SegmentColumn column = snapshot.segments("rows").get(0).column("byte");
            int[][][] parts = {
                {{0}, {length + 1}},
                {{-1}, {1}},
                {{5}, {4}},
                {{2 * PAGE, 0}, {2 * PAGE + 1, 1}},
                {{0, 1}, {length, length}}
            };
            for (int[][] part : parts) {
                NexusDataException refused = assertThrows(
                        NexusDataException.class,
                        () -> column.bytesBetween(0, part[0], part[1]),
                        () -> Arrays.deepToString(part));
                assertTrue(refused.getMessage().contains("does not have"), refused::getMessage);
            }
            assertThrows(NexusDataException.class, () -> column.bytesAt(0, new int[] {length}));
        }
    }

    @Test
    void damageOfAPageIsFoundByThoseWhoReadThatPageAndByNobodyElse() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        int pages = 10;
        int[] values = new int[pages * PAGE / Integer.BYTES - 1];
        Arrays.setAll(values, i -> i);
        try (StoreFiles store = StoreFiles.openForWriting(disk, EpochsOfNumbers.options());
                EpochWriter epoch = store.begin();
                SegmentWriter segment = epoch.create("rows")) {
            segment.ints("first", values, 0, 7);
            segment.ints("int", values, 0, values.length);
            segment.finish(values.length);
            epoch.commit();
        }
        String file = FileNames.segment(0);
        int start = FileHeader.LENGTH + 7 * Integer.BYTES;
        for (int damaged = 0; damaged < pages; damaged++) {
            byte[] content = disk.content(file);
            int at = start + damaged * PAGE + (damaged == pages - 1 ? PAGE - 5 : damaged * 31);
            content[at] ^= 4;
            FaultyDisk copy = disk.copy();
            copy.replace(file, content);
            try (StoreFiles store = StoreFiles.openForReading(copy);
                    Snapshot snapshot = store.openLatest()) {
                String finding = "store (" + file + "): damaged at byte " + (start + damaged * PAGE)
                        + ": the checksum of block 0 of column int differs [corrupt_file]";
                assertEquals(List.of(finding), store.verify().damages());
                SegmentColumn column = snapshot.segments("rows").get(0).column("int");
                assertEquals(
                        finding,
                        assertThrows(NexusDataException.class, () -> column.ints(0))
                                .getMessage());
                for (int page = 0; page < pages; page++) {
                    int[] one = {page * PAGE / Integer.BYTES + 17};
                    if (page == damaged) {
                        assertEquals(
                                finding,
                                assertThrows(NexusDataException.class, () -> column.intsAt(0, one))
                                        .getMessage());
                    } else {
                        assertArrayEquals(one, column.intsAt(0, one));
                    }
                }
            }
        }
    }
}
