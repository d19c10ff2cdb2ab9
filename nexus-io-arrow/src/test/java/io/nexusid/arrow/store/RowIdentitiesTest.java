package io.nexusid.arrow.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RowIdentitiesTest {
    private record Key(long high, long low) {
        /** Few high halves, so that blocks begin and end among equal ones. */
        static Key random(SplittableRandom random, int range) {
            long[] highs = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, 1L << 32, Long.MAX_VALUE};
            boolean common = random.nextInt(3) == 0;
            int n = random.nextInt(range);
            return new Key(common ? highs[n % highs.length] : mix(n), common ? mix(n) : n);
        }

        private static long mix(long n) {
            return (n + 1) * 0x9E3779B97F4A7C15L;
        }
    }

    private static StoreFiles open(Disk disk) throws IOException {
        return StoreFiles.openForWriting(disk, EpochsOfNumbers.options());
    }

    @Property(tries = 60)
    void rowsAreAcceptedOnceInAnySlicing(@ForAll long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int range = random.nextBoolean() ? 30 : 20_000;
        FaultyDisk disk = new FaultyDisk();
        Set<Key> oracle = new HashSet<>();
        StoreFiles store = open(disk);
        Snapshot snapshot = store.openLatest();
        RowIdentities identities = RowIdentities.open(snapshot, "rows");
        for (int batch = random.nextInt(20); batch > 0; batch--) {
            Key[] keys = new Key[random.nextInt(random.nextInt(5) == 0 ? 6000 : 50)];
            Fingerprints prints = new Fingerprints(random.nextInt(9));
            Map<Key, Integer> firsts = new HashMap<>();
            int[] expected = new int[keys.length];
            for (int row = 0; row < keys.length; row++) {
                keys[row] = Key.random(random, range);
                prints.add(keys[row].high, keys[row].low);
                int at = row;
                expected[row] =
                        oracle.contains(keys[row]) ? RowIdentities.KNOWN : firsts.computeIfAbsent(keys[row], k -> at);
            }
            RowIdentities.Acceptance acceptance = identities.accept(prints);
            assertArrayEquals(expected, acceptance.standsFor());
            assertEquals(firsts.size(), acceptance.accepted());
            assertEquals(keys.length, acceptance.accepted() + acceptance.known() + acceptance.repeated());
            for (int row = 0; row < keys.length; row++) {
                assertEquals(expected[row] == row, acceptance.accepts(row));
            }
            if (random.nextInt(5) == 0) {
                continue; // the batch fails for some other reason, and nothing of it counts
            }
            oracle.addAll(firsts.keySet());
            try (EpochWriter epoch = store.begin()) {
                identities.add(epoch, acceptance);
                if (random.nextInt(8) == 0) {
                    identities.compact(epoch);
                }
                epoch.commit();
            }
            boolean reopen = random.nextInt(4) == 0;
            Snapshot last = snapshot;
            if (reopen) {
                last.close();
                store.close();
                store = open(disk);
            }
            snapshot = store.openLatest();
            identities = reopen ? RowIdentities.open(snapshot, "rows") : identities.at(snapshot);
            last.close();
            assertEquals(oracle.size(), identities.rows());
        }
        snapshot.close();
        store.close();
    }

    @Property(tries = 40)
    void lateEdgesAreFoundWithTheirNodes(@ForAll long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int range = random.nextBoolean() ? 100 : 20_000;
        Map<Key, Integer> oracle = new HashMap<>();
        try (StoreFiles store = open(new FaultyDisk())) {
            for (int batch = random.nextInt(20); batch > 0; batch--) {
                try (Snapshot snapshot = store.openLatest();
                        EpochWriter epoch = store.begin()) {
                    LateEdges edges = LateEdges.open(snapshot, "edges");
                    assertEquals(oracle.size(), edges.edges());
                    int count = random.nextInt(random.nextInt(5) == 0 ? 6000 : 50);
                    Fingerprints asked = new Fingerprints(count);
                    Key[] keys = new Key[count];
                    int[] expected = new int[count];
                    for (int i = 0; i < count; i++) {
                        keys[i] = Key.random(random, range);
                        asked.add(keys[i].high, keys[i].low);
                        expected[i] = oracle.getOrDefault(keys[i], LateEdges.ABSENT);
                    }
                    assertArrayEquals(expected, edges.find(asked));

                    Fingerprints fresh = new Fingerprints(0);
                    int[] nodes = new int[count];
                    for (int i = 0; i < count; i++) {
                        if (expected[i] == LateEdges.ABSENT) {
                            int node = random.nextInt(Integer.MAX_VALUE);
                            nodes[fresh.size()] = node;
                            fresh.add(keys[i].high, keys[i].low);
                            oracle.merge(keys[i], node, Math::min);
                        }
                    }
                    edges.add(epoch, fresh, nodes);
                    if (random.nextInt(8) == 0) {
                        edges.compact(epoch);
                    }
                    epoch.commit();
                }
            }
        }
    }

    @Test
    void memoryIsTenAndAFewBitsARowAndRunsStayFew() throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        try (StoreFiles store = open(new FaultyDisk())) {
            int batches = 120;
            int rows = 3000;
            for (int batch = 0; batch < batches; batch++) {
                try (Snapshot snapshot = store.openLatest();
                        EpochWriter epoch = store.begin()) {
                    RowIdentities identities = RowIdentities.open(snapshot, "rows");
                    Fingerprints prints = new Fingerprints(rows);
                    for (int row = 0; row < rows; row++) {
                        prints.add(random.nextLong(), random.nextLong());
                    }
                    identities.add(epoch, identities.accept(prints));
                    epoch.commit();
                }
            }
            try (Snapshot snapshot = store.openLatest()) {
                RowIdentities identities = RowIdentities.open(snapshot, "rows");
                assertEquals((long) rows * batches, identities.rows());
                assertTrue(identities.runs() <= 15, () -> identities.runs() + " runs");
                long bits = identities.memoryBytes() * 8 / identities.rows();
                assertTrue(bits <= 11, () -> bits + " bits a row");
            }
        }
    }

    @Test
    void aFilterHasEveryKeyAndFewOthers() {
        SplittableRandom random = new SplittableRandom(5);
        for (int keys : new int[] {1, 50, 1000, 200_000}) {
            KeyFilter filter = KeyFilter.forKeys(keys);
            long[] halves = random.longs(2L * keys).toArray();
            for (int k = 0; k < keys; k++) {
                filter.add(halves[2 * k], halves[2 * k + 1]);
            }
            KeyFilter read = KeyFilter.of(filter.words());
            for (int k = 0; k < keys; k++) {
                assertTrue(read.mayContain(halves[2 * k], halves[2 * k + 1]));
            }
            int passed = 0;
            for (int i = 0; i < 100_000; i++) {
                passed += read.mayContain(random.nextLong(), random.nextLong()) ? 1 : 0;
            }
            int most = keys < 1000 ? 5000 : 1600;
            int found = passed;
            assertTrue(found <= most, () -> found + " of 100000 absent keys pass a filter of " + keys);
        }
        assertFalse(KeyFilter.forKeys(0).mayContain(1, 1));
    }

    @Test
    void aSegmentThatIsNoRunIsRefused() throws IOException {
        try (StoreFiles store = open(new FaultyDisk())) {
            try (EpochWriter epoch = store.begin()) {
                try (SegmentWriter segment = epoch.create("rows")) {
                    segment.longs(KeyRun.KEYS, new long[6], 0, 6);
                    segment.longs(KeyRun.FENCES, new long[2], 0, 2);
                    segment.longs(KeyRun.FILTER, new long[7], 0, 7);
                    segment.finish(3);
                }
                epoch.commit();
            }
            try (Snapshot snapshot = store.openLatest()) {
                assertThrows(NexusDataException.class, () -> RowIdentities.open(snapshot, "rows"));
            }
        }
    }
}
