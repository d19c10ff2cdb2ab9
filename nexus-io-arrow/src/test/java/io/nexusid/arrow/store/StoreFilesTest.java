package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFilesTest {
    @TempDir
    Path folder;

    private static StoreFiles write(Disk disk) throws IOException {
        return StoreFiles.openForWriting(disk, EpochsOfNumbers.options());
    }

    @Test
    void whatWasCommittedIsThereAfterReopening() throws IOException {
        Disk disk = LocalDisk.create(folder.resolve("a/b/store"));
        try (StoreFiles store = write(disk)) {
            for (long epoch = 1; epoch <= 20; epoch++) {
                EpochsOfNumbers.append(store, epoch);
            }
        }
        assertEquals(20, new EpochsOfNumbers().check(disk));
        try (StoreFiles store = write(disk)) {
            EpochsOfNumbers.append(store, 21);
            assertEquals(20, store.oldestEpoch());
            try (Snapshot older = store.openEpoch(20)) {
                EpochsOfNumbers.checkContent(older);
            }
            assertThrows(IllegalArgumentException.class, () -> store.openEpoch(19));
            assertThrows(IllegalArgumentException.class, () -> store.openEpoch(22));
        }
        assertEquals(21, new EpochsOfNumbers().check(disk));
    }

    @Property(tries = 100)
    void blocksComeBackAsTheyWereWritten(@ForAll long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        FaultyDisk disk = new FaultyDisk();
        List<long[]> longs = new ArrayList<>();
        List<int[]> ints = new ArrayList<>();
        List<byte[]> bytes = new ArrayList<>();
        try (StoreFiles store = write(disk);
                EpochWriter writer = store.begin()) {
            try (SegmentWriter segment = writer.create("table")) {
                for (int b = random.nextInt(6); b > 0; b--) {
                    int most = random.nextBoolean() ? 10 : 40_000;
                    longs.add(random.longs(random.nextInt(most)).toArray());
                    ints.add(random.ints(random.nextInt(most)).toArray());
                    byte[] some = new byte[random.nextInt(most)];
                    random.nextBytes(some);
                    bytes.add(some);
                    int skip = random.nextInt(3);
                    long[] padded = new long[skip + longs.get(longs.size() - 1).length + 2];
                    System.arraycopy(longs.get(longs.size() - 1), 0, padded, skip, padded.length - skip - 2);
                    segment.longs("l", padded, skip, padded.length - skip - 2);
                    segment.ints("i", ints.get(ints.size() - 1), 0, ints.get(ints.size() - 1).length);
                    segment.bytes("b", some, 0, some.length);
                }
                segment.finish(7);
            }
            writer.commit();
        }
        try (StoreFiles store = StoreFiles.openForReading(disk);
                Snapshot snapshot = store.openLatest()) {
            Segment segment = snapshot.segments("table").get(0);
            assertEquals(7, segment.info().rows());
            assertEquals(longs.isEmpty() ? 0 : 3, segment.columns().size());
            for (int b = 0; b < longs.size(); b++) {
                assertArrayEquals(longs.get(b), segment.column("l").longs(b));
                assertArrayEquals(ints.get(b), segment.column("i").ints(b));
                assertArrayEquals(bytes.get(b), segment.column("b").bytes(b));
            }
            assertTrue(store.verify().clean());
        }
    }

    @Test
    void aSecondWriterInThisProcessIsRefusedAndTheFirstKeepsItsLock() throws Exception {
        Disk disk = LocalDisk.create(folder);
        try (StoreFiles store = write(disk)) {
            IllegalStateException refused =
                    assertThrows(IllegalStateException.class, () -> write(LocalDisk.of(folder)));
            assertTrue(refused.getMessage().contains("this process is already writing"), refused::getMessage);
            EpochsOfNumbers.append(store, 1);
            assertEquals(1, new EpochsOfNumbers().check(disk));

            String refusal = inAnotherProcess(folder);
            assertTrue(
                    refusal.contains(
                            "another process (pid " + ProcessHandle.current().pid() + " on host "),
                    refusal);
            EpochsOfNumbers.append(store, 2);
        }
        assertEquals("open", inAnotherProcess(folder));
    }

    /** Opens the store in another process; returns what came of it. */
    private static String inAnotherProcess(Path folder) throws Exception {
        Process process = Child.start(Opening.class, folder.toString());
        String answer = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), answer);
        return answer;
    }

    static final class Opening {
        public static void main(String[] args) throws IOException {
            String answer = "open";
            try (StoreFiles store = write(LocalDisk.of(Path.of(args[0])))) {
                EpochsOfNumbers.append(store, 3);
            } catch (FileSystemException e) {
                answer = e.getMessage();
            }
            System.out.write(answer.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            System.out.flush();
        }
    }

    @Test
    void closingLeavesTheFolderByteForByteAsItWas() throws IOException {
        Disk disk = LocalDisk.create(folder);
        try (StoreFiles store = write(disk)) {
            EpochsOfNumbers.append(store, 1);
        }
        List<String> before = contents();
        try (StoreFiles store = write(disk);
                EpochWriter writer = store.begin()) {
            try (SegmentWriter segment = writer.create("dropped")) {
                segment.bytes("b", new byte[100_000], 0, 100_000);
                segment.finish(1);
            }
        }
        assertEquals(before, contents());
    }

    private List<String> contents() throws IOException {
        List<String> contents = new ArrayList<>();
        try (var files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                contents.add(file.getFileName() + " " + java.util.Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    @Test
    void foreignFilesAreNeitherTouchedNorTakenForAStore() throws IOException {
        Disk disk = LocalDisk.create(folder);
        Files.writeString(folder.resolve("notes.txt"), "mine");
        NexusDataException refused = assertThrows(NexusDataException.class, () -> write(disk));
        assertTrue(refused.getMessage().contains("holds other files"), refused::getMessage);
        NexusDataException none = assertThrows(NexusDataException.class, () -> StoreFiles.openForReading(disk));
        assertTrue(none.getMessage().contains("no store"), none::getMessage);

        Files.delete(folder.resolve("notes.txt"));
        try (StoreFiles store = write(disk)) {
            Files.writeString(folder.resolve("notes.txt"), "mine");
            Files.writeString(folder.resolve("segment-7"), "mine too");
            Files.writeString(folder.resolve(FileNames.segment(77)), "a leftover");
            EpochsOfNumbers.append(store, 1);
        }
        assertTrue(Files.exists(folder.resolve("notes.txt")));
        assertTrue(Files.exists(folder.resolve("segment-7")));
        assertFalse(Files.exists(folder.resolve(FileNames.segment(77))));
    }

    @Test
    void aSnapshotIsReadToItsEndThoughItsFilesAreDeletedMeanwhile() throws IOException {
        Disk disk = LocalDisk.create(folder);
        try (StoreFiles store = write(disk);
                StoreFiles reader = StoreFiles.openForReading(LocalDisk.of(folder))) {
            EpochsOfNumbers.append(store, 1);
            try (Snapshot here = store.openLatest();
                    Snapshot there = reader.openLatest()) {
                for (long epoch = 2; epoch < 20; epoch++) {
                    EpochsOfNumbers.append(store, epoch);
                }
                EpochsOfNumbers.checkContent(here);
                EpochsOfNumbers.checkContent(there);
                assertEquals(1, there.epoch());
            }
            try (Snapshot there = reader.openLatest()) {
                assertEquals(19, there.epoch());
                EpochsOfNumbers.checkContent(there);
            }
        }
    }

    @Test
    void readersSeeWholeEpochsWhileAWriterCommits() throws Exception {
        Disk disk = LocalDisk.create(folder);
        ExecutorService readers = Executors.newFixedThreadPool(3);
        AtomicBoolean done = new AtomicBoolean();
        try (StoreFiles store = StoreFiles.openForWriting(disk, new StoreOptions(1, () -> 1L))) {
            List<Future<Long>> seen = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                boolean own = i > 0;
                seen.add(readers.submit(() -> {
                    long last = 0;
                    try (StoreFiles files = own ? StoreFiles.openForReading(LocalDisk.of(folder)) : null) {
                        while (!done.get()) {
                            try (Snapshot snapshot = (files == null ? store : files).openLatest()) {
                                assertTrue(snapshot.epoch() >= last);
                                last = snapshot.epoch();
                                EpochsOfNumbers.checkContent(snapshot);
                            }
                            if (own) {
                                Verification verification = files.verify();
                                assertTrue(
                                        verification.clean(),
                                        () -> verification.damages().toString());
                            }
                        }
                    }
                    return last;
                }));
            }
            try {
                for (long epoch = 1; epoch <= 60; epoch++) {
                    EpochsOfNumbers.append(store, epoch);
                }
            } finally {
                done.set(true);
            }
            for (Future<Long> reader : seen) {
                assertTrue(reader.get() <= 60);
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            readers.shutdownNow();
        }
    }

    @Test
    void anInterruptedReaderDoesNotCloseTheFileUnderOthers() throws Exception {
        Disk disk = LocalDisk.create(folder);
        try (StoreFiles store = write(disk)) {
            EpochsOfNumbers.append(store, 1);
            try (Snapshot snapshot = store.openLatest()) {
                Thread.currentThread().interrupt();
                assertThrows(
                        ClosedByInterruptException.class,
                        () -> snapshot.segments("rows").get(0).column("long").longs(0));
                assertTrue(Thread.interrupted());
                EpochsOfNumbers.checkContent(snapshot);
            }
        }
    }

    @Test
    void misuseIsRefused() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        StoreFiles store = write(disk);
        EpochWriter writer = store.begin();
        assertThrows(IllegalStateException.class, store::begin);
        try (SegmentWriter segment = writer.create("t")) {
            segment.longs("c", new long[3], 0, 3);
            assertThrows(IllegalArgumentException.class, () -> segment.ints("c", new int[3], 0, 3));
            assertThrows(IllegalStateException.class, writer::commit);
            segment.finish(3);
            assertThrows(IllegalStateException.class, () -> segment.longs("c", new long[3], 0, 3));
            assertThrows(IllegalStateException.class, () -> segment.finish(3));
        }
        writer.commit();
        assertThrows(IllegalStateException.class, writer::commit);
        assertThrows(IllegalStateException.class, () -> writer.property("a", "b"));
        try (Snapshot snapshot = store.openLatest()) {
            SegmentColumn column = snapshot.segments("t").get(0).column("c");
            assertEquals(3, column.elements());
            assertEquals(
                    FaultCode.CORRUPT_FILE,
                    assertThrows(NexusDataException.class, () -> column.ints(0)).code());
            assertThrows(
                    NexusDataException.class,
                    () -> snapshot.segments("t").get(0).column("d"));
        }
        store.close();
        store.close();
        assertThrows(IllegalStateException.class, store::begin);
        assertThrows(IllegalStateException.class, store::openLatest);
        try (StoreFiles reader = StoreFiles.openForReading(disk)) {
            assertThrows(IllegalStateException.class, reader::begin);
        }
        assertThrows(IllegalArgumentException.class, () -> new StoreOptions(0, () -> 0));
    }

    @Test
    void closingTheStoreDropsTheEpochThatIsBeingWritten() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        StoreFiles store = write(disk);
        EpochWriter writer = store.begin();
        try (SegmentWriter segment = writer.create("t")) {
            segment.finish(0);
        }
        store.close();
        assertThrows(IllegalStateException.class, writer::commit);
        assertEquals(
                List.of(FileNames.CURRENT, FileNames.LOCK, FileNames.manifest(0)),
                disk.list().stream().sorted().toList());
    }
}
