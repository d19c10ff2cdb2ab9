package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores of every published format must open for ever; {@code docs/store-format.md} describes their bytes. */
class StoreFormatTest {
    private static final String VERSION_1 = "/store-v1/";
    private static final int KEYS = 1500;

    @TempDir
    Path folder;

    /** Everything the format has, small: this wrote the files of version 1. */
    static void write(Disk disk) throws IOException {
        try (StoreFiles store = StoreFiles.openForWriting(disk, new StoreOptions(2, () -> 0x0123456789abcdefL))) {
            for (long epoch = 1; epoch <= 8; epoch++) {
                EpochsOfNumbers.append(store, epoch);
            }
            try (Snapshot last = store.openLatest();
                    EpochWriter writer = store.begin()) {
                RowIdentities identities = RowIdentities.open(last, "identities");
                identities.add(writer, identities.accept(keys(last)));
                LateEdges.open(last, "edges").add(writer, keys(last), nodes());
                try (SegmentWriter segment = writer.create("texts")) {
                    byte[] text = "grüße".getBytes(StandardCharsets.UTF_8);
                    segment.bytes("text", text, 0, text.length);
                    segment.bytes("text", text, 0, 0);
                    segment.finish(2);
                }
                writer.property("größe", "42\n");
                writer.commit();
            }
        }
    }

    private static Fingerprints keys(Snapshot snapshot) {
        FingerprintHash hash = new FingerprintHash(snapshot.key());
        Fingerprints keys = new Fingerprints(KEYS);
        for (int i = 0; i < KEYS; i++) {
            byte[] bytes = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
            hash.append(7, bytes, 0, bytes.length, keys);
        }
        return keys;
    }

    private static int[] nodes() {
        int[] nodes = new int[KEYS];
        for (int i = 0; i < KEYS; i++) {
            nodes[i] = 3 * i;
        }
        return nodes;
    }

    private static List<String> files() throws IOException {
        List<String> files = new ArrayList<>(List.of(FileNames.CURRENT));
        files.add(FileNames.manifest(8));
        files.add(FileNames.manifest(9));
        for (int segment : new int[] {15, 16, 17, 18, 19}) {
            files.add(FileNames.segment(segment));
        }
        return files;
    }

    private static byte[] golden(String file) throws IOException {
        try (InputStream content = StoreFormatTest.class.getResourceAsStream(VERSION_1 + file)) {
            assertTrue(content != null, () -> file + " is not among the golden files");
            return content.readAllBytes();
        }
    }

    @BeforeEach
    void copyTheGoldenFiles() throws IOException {
        for (String file : files()) {
            Files.write(folder.resolve(file), golden(file));
        }
    }

    @Test
    void aStoreOfVersion1Reads() throws IOException {
        try (StoreFiles store = StoreFiles.openForReading(LocalDisk.of(folder));
                Snapshot eighth = store.openEpoch(8);
                Snapshot ninth = store.openLatest()) {
            assertTrue(store.verify().clean(), () -> "damaged");
            EpochsOfNumbers.checkContent(eighth);
            assertEquals(9, ninth.epoch());
            assertEquals("42\n", ninth.properties().get("größe"));
            assertEquals(1, ninth.segments(EpochsOfNumbers.ROWS).size(), "eight segments were merged");
            Segment texts = ninth.segments("texts").get(0);
            assertEquals("grüße", new String(texts.column("text").bytes(0), StandardCharsets.UTF_8));
            assertEquals(0, texts.column("text").bytes(1).length);
            RowIdentities.Acceptance again =
                    RowIdentities.open(ninth, "identities").accept(keys(ninth));
            assertEquals(KEYS, again.known());
            assertArrayEquals(nodes(), LateEdges.open(ninth, "edges").find(keys(ninth)));
        }
    }

    @Test
    void aStoreOfVersion1GoesOn() throws IOException {
        try (StoreFiles store = StoreFiles.openForWriting(LocalDisk.of(folder), StoreOptions.defaults())) {
            try (EpochWriter writer = store.begin()) {
                writer.property("more", "");
                writer.commit();
            }
            try (Snapshot latest = store.openLatest()) {
                assertEquals(10, latest.epoch());
                assertEquals(KEYS, LateEdges.open(latest, "edges").edges());
            }
        }
    }

    /** A change of format goes with a new version, never by accident. */
    @Test
    void theSameWorkWritesTheSameBytesToday() throws IOException {
        FaultyDisk disk = new FaultyDisk();
        write(disk);
        List<String> expected = new ArrayList<>(files());
        expected.add(FileNames.LOCK);
        Collections.sort(expected);
        List<String> written = disk.list();
        Collections.sort(written);
        assertEquals(expected, written);
        for (String file : files()) {
            assertArrayEquals(golden(file), disk.content(file), file);
        }
    }
}
