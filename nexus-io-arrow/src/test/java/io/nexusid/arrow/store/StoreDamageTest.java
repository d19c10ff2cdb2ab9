package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Files that are not as they were written: each a clear error, and never another answer. */
class StoreDamageTest {
    private static FaultyDisk whole;

    @BeforeAll
    static void writeAStore() throws IOException {
        whole = new FaultyDisk();
        try (StoreFiles store = StoreFiles.openForWriting(whole, EpochsOfNumbers.options())) {
            for (long epoch = 1; epoch <= 3; epoch++) {
                EpochsOfNumbers.append(store, epoch);
            }
        }
    }

    private static List<String> dataFiles() throws IOException {
        List<String> files = new ArrayList<>(whole.list());
        files.remove(FileNames.LOCK);
        assertEquals(1 + 2 + 5, files.size(), files::toString);
        return files;
    }

    /** All that is said of a store, by opening and then by verifying it; empty if it is found whole. */
    private static List<String> findings(FaultyDisk disk, FaultCode expected) throws IOException {
        try (StoreFiles store = StoreFiles.openForReading(disk)) {
            return store.verify().damages();
        } catch (NexusDataException e) {
            assertEquals(expected, e.code());
            return List.of(e.getMessage());
        }
    }

    private static void expectFound(FaultyDisk disk, String file) throws IOException {
        List<String> found = findings(disk, FaultCode.CORRUPT_FILE);
        assertFalse(found.isEmpty(), () -> file + ": damage went unseen");
        assertTrue(found.get(0).contains(file), () -> file + " is not named in " + found);
    }

    @Test
    void everyFlippedBitIsFoundInItsFile() throws IOException {
        assertTrue(findings(whole.copy(), FaultCode.CORRUPT_FILE).isEmpty());
        for (String file : dataFiles()) {
            byte[] content = whole.content(file);
            for (int bit = 0; bit < content.length * 8; bit++) {
                FaultyDisk disk = whole.copy();
                byte[] flipped = content.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                disk.replace(file, flipped);
                expectFound(disk, file);
            }
        }
    }

    @Test
    void everyTruncationAndEveryTailIsFound() throws IOException {
        for (String file : dataFiles()) {
            byte[] content = whole.content(file);
            for (int length = 0; length < content.length; length++) {
                FaultyDisk disk = whole.copy();
                disk.replace(file, Arrays.copyOf(content, length));
                expectFound(disk, file);
            }
            FaultyDisk disk = whole.copy();
            disk.replace(file, Arrays.copyOf(content, content.length + 1));
            expectFound(disk, file);
        }
    }

    @Test
    void missingSwappedAndForeignFilesAreFound() throws IOException {
        FaultyDisk other = new FaultyDisk();
        try (StoreFiles store = StoreFiles.openForWriting(other, new StoreOptions(2, () -> 7L))) {
            for (long epoch = 1; epoch <= 3; epoch++) {
                EpochsOfNumbers.append(store, epoch);
            }
        }
        for (String file : dataFiles()) {
            FaultyDisk missing = whole.copy();
            missing.remove(file);
            expectFound(missing, file);

            FaultyDisk foreign = whole.copy();
            foreign.replace(file, other.content(file));
            if (!file.equals(FileNames.CURRENT) && !file.equals(FileNames.manifest(3))) {
                expectFound(foreign, file);
            } else if (!file.equals(FileNames.CURRENT)) {
                assertFalse(findings(foreign, FaultCode.CORRUPT_FILE).isEmpty());
            }

            for (String second : dataFiles()) {
                if (!second.equals(file)) {
                    FaultyDisk swapped = whole.copy();
                    swapped.replace(file, whole.content(second));
                    expectFound(swapped, file);
                }
            }
        }
    }

    @Test
    void theMessageNamesFileAndOffset() throws IOException {
        FaultyDisk disk = whole.copy();
        String file = FileNames.segment(4);
        byte[] content = whole.content(file);
        content[FileHeader.LENGTH] ^= 1;
        disk.replace(file, content);
        assertEquals(
                List.of(
                        "store (segment-000000000004): damaged at byte 32: the checksum of block 0 of column long differs"
                                + " [corrupt_file]"),
                findings(disk, FaultCode.CORRUPT_FILE));
        try (StoreFiles store = StoreFiles.openForReading(disk);
                Snapshot snapshot = store.openLatest()) {
            SegmentColumn damaged = snapshot.segments("rows").get(2).column("long");
            assertThrows(NexusDataException.class, () -> damaged.longs(0));
            snapshot.segments("rows").get(2).column("int").ints(0);
        }
    }

    @Test
    void aWriterRefusesADamagedStoreAndLeavesItAsItIs() throws IOException {
        FaultyDisk disk = whole.copy();
        disk.remove(FileNames.CURRENT);
        NexusDataException missing = assertThrows(
                NexusDataException.class, () -> StoreFiles.openForWriting(disk, EpochsOfNumbers.options()));
        assertTrue(missing.getMessage().contains("(CURRENT): the file is missing"), missing::getMessage);
        disk.replace(FileNames.CURRENT, whole.content(FileNames.CURRENT));
        assertEquals(3, new EpochsOfNumbers().check(disk));
    }

    @Test
    void withADamagedOlderManifestNothingIsDeletedUntilItIsDropped() throws IOException {
        FaultyDisk disk = whole.copy();
        disk.replace(FileNames.manifest(2), new byte[] {1, 2, 3});
        List<String> before = disk.list();
        try (StoreFiles store = StoreFiles.openForWriting(disk, EpochsOfNumbers.options())) {
            assertEquals(before, disk.list());
            assertThrows(NexusDataException.class, () -> store.openEpoch(2));
            assertFalse(store.verify().clean());
            EpochsOfNumbers.append(store, 4);
            assertTrue(store.verify().clean());
            assertFalse(disk.list().contains(FileNames.manifest(2)));
        }
        assertEquals(4, new EpochsOfNumbers().check(disk));
    }

    @Test
    void aNewerFormatIsToldFromDamage() throws IOException {
        FaultyDisk current = whole.copy();
        String text = "nexus store 2\nwhatever comes then\n";
        current.replace(
                FileNames.CURRENT, (text + crcHex(text) + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        List<String> found = findings(current, FaultCode.UNSUPPORTED_VERSION);
        assertTrue(found.get(0).contains("written in format 2"), found::toString);

        for (String file : List.of(FileNames.manifest(3), FileNames.segment(4))) {
            FaultyDisk newer = whole.copy();
            byte[] content = whole.content(file);
            content[8] = 2;
            CRC32C crc = new CRC32C();
            crc.update(content, 0, 28);
            byte[] sum = new FieldWriter().putInt((int) crc.getValue()).toBytes();
            System.arraycopy(sum, 0, content, 28, 4);
            newer.replace(file, content);
            List<String> reason = findings(newer, FaultCode.UNSUPPORTED_VERSION);
            assertTrue(reason.get(0).contains("written in format 2"), reason::toString);
        }
    }

    private static String crcHex(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        return String.format(java.util.Locale.ROOT, "%08x", crc.getValue());
    }

    /** Someone who computes checksums can write any content: it must not lead to errors of another kind, or to much memory. */
    @Property(tries = 3000)
    void forgedContentWithRightChecksumsIsReadOrRefused(@ForAll long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        FaultyDisk disk = whole.copy();
        boolean manifest = random.nextBoolean();
        byte[] forged = whole.content(FileNames.manifest(3));
        if (manifest) {
            overwriteSome(forged, FileHeader.LENGTH, forged.length - 4, random);
        } else {
            byte[] segment = whole.content(FileNames.segment(4));
            SegmentInfo info = Manifest.read(disk, 3).segments().stream()
                    .filter(s -> s.number() == 4)
                    .findFirst()
                    .orElseThrow();
            int directory = (int) info.directoryOffset();
            overwriteSome(segment, directory, segment.length, random);
            disk.replace(FileNames.segment(4), segment);
            int old = indexOf(
                    forged, new FieldWriter().putInt(info.directoryCrc()).toBytes());
            CRC32C crc = new CRC32C();
            crc.update(segment, directory, segment.length - directory);
            System.arraycopy(new FieldWriter().putInt((int) crc.getValue()).toBytes(), 0, forged, old, 4);
        }
        CRC32C crc = new CRC32C();
        crc.update(forged, 0, forged.length - 4);
        System.arraycopy(new FieldWriter().putInt((int) crc.getValue()).toBytes(), 0, forged, forged.length - 4, 4);
        disk.replace(FileNames.manifest(3), forged);
        findings(disk, FaultCode.CORRUPT_FILE);
    }

    private static void overwriteSome(byte[] content, int from, int to, SplittableRandom random) {
        int at = random.nextInt(from, to);
        int[] values = {0, 1, 0x7f, 0x80, 0xff, random.nextInt(256)};
        int value = values[random.nextInt(values.length)];
        for (int i = at; i < Math.min(to, at + 1 + random.nextInt(8)); i++) {
            content[i] = (byte) value;
        }
    }

    private static int indexOf(byte[] content, byte[] part) {
        for (int i = 0; i <= content.length - part.length; i++) {
            if (Arrays.equals(content, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not found");
    }
}
