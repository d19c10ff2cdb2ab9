package io.nexusid.graph;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KeyDictionaryTest {
    /** Keys of many lengths over two letters, so that prefixes, repeats and near misses are common. */
    private record Key(int kind, String text) {
        byte[] bytes() {
            return text.getBytes(ISO_8859_1);
        }

        static Key random(SplittableRandom random) {
            int[] kinds = {0, 1, 127, 4094, 4095, 4096, Integer.MAX_VALUE};
            int length = random.nextInt(4) == 0 ? random.nextInt(70) : random.nextInt(5);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < length; i++) {
                text.append(random.nextInt(8) == 0 ? '\u00ff' : '\0');
            }
            return new Key(kinds[random.nextInt(kinds.length)], text.toString());
        }
    }

    private static int add(KeyDictionary dictionary, int kind, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return dictionary.add(kind, bytes, 0, bytes.length);
    }

    private static int find(KeyDictionary dictionary, int kind, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return dictionary.find(kind, bytes, 0, bytes.length);
    }

    @Property(tries = 200)
    void codesAreDenseInFirstSeenOrderAsInAHashMap(@ForAll long seed, @ForAll @IntRange(max = 600) int keys) {
        SplittableRandom random = new SplittableRandom(seed);
        KeyDictionary dictionary = new KeyDictionary(random.nextInt(100));
        Map<Key, Integer> oracle = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            Key key = Key.random(random);
            byte[] padded = ("??" + key.text + "?").getBytes(ISO_8859_1);
            int known = oracle.getOrDefault(key, KeyDictionary.ABSENT);
            assertEquals(known, dictionary.find(key.kind, padded, 2, key.text.length()));
            int expected = oracle.computeIfAbsent(key, k -> oracle.size());
            assertEquals(expected, dictionary.add(key.kind, padded, 2, key.text.length()));
        }
        assertEquals(oracle.size(), dictionary.size());
        for (Map.Entry<Key, Integer> entry : oracle.entrySet()) {
            int code = entry.getValue();
            assertEquals(entry.getKey().kind, dictionary.kind(code));
            assertEquals(entry.getKey().text.length(), dictionary.length(code));
            assertArrayEquals(entry.getKey().bytes(), dictionary.bytes(code));
        }
    }

    @Property(tries = 200)
    void addAllGivesTheCodesOfAddInAnySlicing(@ForAll long seed, @ForAll @IntRange(max = 1500) int count) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(i > 0 && random.nextInt(3) == 0 ? keys.get(i - 1) : Key.random(random));
        }
        int[] kinds = new int[count];
        int[] offsets = new int[count + 1];
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        KeyDictionary single = new KeyDictionary(0);
        int[] expected = new int[count + 3];
        for (int i = 0; i < count; i++) {
            byte[] bytes = keys.get(i).bytes();
            boolean isNull = random.nextInt(10) == 0;
            kinds[i] = isNull ? -1 - random.nextInt(2) : keys.get(i).kind;
            offsets[i] = data.size();
            data.writeBytes(bytes);
            expected[i + 3] = isNull ? KeyDictionary.ABSENT : single.add(keys.get(i).kind, bytes, 0, bytes.length);
        }
        offsets[count] = data.size();

        int[] codes = new int[count + 3];
        KeyDictionary whole = new KeyDictionary(0);
        whole.addAll(kinds, data.toByteArray(), offsets, count, codes, 3);
        assertArrayEquals(expected, codes);

        int cut = random.nextInt(count + 1);
        int[] sliced = new int[count + 3];
        KeyDictionary parts = new KeyDictionary(5);
        parts.addAll(kinds, data.toByteArray(), offsets, cut, sliced, 3);
        parts.addAll(
                Arrays.copyOfRange(kinds, cut, count),
                data.toByteArray(),
                Arrays.copyOfRange(offsets, cut, count + 1),
                count - cut,
                sliced,
                3 + cut);
        assertArrayEquals(expected, sliced);

        KeyDictionary some = new KeyDictionary(0);
        some.addAll(kinds, data.toByteArray(), offsets, cut, new int[count], 0);
        int size = some.size();
        int[] found = new int[count + 3];
        some.findAll(kinds, data.toByteArray(), offsets, count, found, 3);
        for (int i = 0; i < count; i++) {
            boolean known = expected[i + 3] >= 0 && expected[i + 3] < size;
            assertEquals(known ? expected[i + 3] : KeyDictionary.ABSENT, found[i + 3]);
        }
        assertEquals(size, some.size());
    }

    @Property(tries = 200)
    void compareIsUnsignedByBytesWhateverTheKind(@ForAll byte[] a, @ForAll byte[] b) {
        KeyDictionary dictionary = new KeyDictionary(2);
        int left = dictionary.add(0, a, 0, a.length);
        int right = dictionary.add(5000, b, 0, b.length);
        assertEquals(Integer.signum(Arrays.compareUnsigned(a, b)), Integer.signum(dictionary.compare(left, right)));
    }

    @Test
    void aMillionKeysKeepTheirCodesWithinSixtyBytesEach() {
        int n = 1_000_000;
        KeyDictionary dictionary = new KeyDictionary(0);
        for (int i = 0; i < n; i++) {
            assertEquals(i, add(dictionary, i & 7, "anonymous-" + (1_000_000_000L + i)));
        }
        for (int i = 0; i < n; i += 97) {
            assertEquals(i, find(dictionary, i & 7, "anonymous-" + (1_000_000_000L + i)));
            assertEquals(KeyDictionary.ABSENT, find(dictionary, 8, "anonymous-" + (1_000_000_000L + i)));
        }
        assertEquals(0, dictionary.reseeds());
        assertTrue(dictionary.retainedBytes() < 60L * n, () -> "bytes: " + dictionary.retainedBytes());
    }

    @Test
    void veryLongKeysAreKeptWhole() {
        KeyDictionary dictionary = new KeyDictionary(0);
        byte[] big = new byte[(1 << 24) + 123];
        Arrays.fill(big, (byte) 'x');
        byte[] medium = Arrays.copyOf(big, (1 << 20) - 1);
        byte[] longHeader = Arrays.copyOf(big, 1 << 20);
        assertEquals(0, add(dictionary, 1, "before"));
        assertEquals(1, dictionary.add(1, big, 0, big.length));
        assertEquals(2, dictionary.add(1, big, 0, big.length - 1));
        assertEquals(3, dictionary.add(1, medium, 0, medium.length));
        assertEquals(4, dictionary.add(1, longHeader, 0, longHeader.length));
        assertEquals(5, add(dictionary, 1, "after"));
        for (int i = 0; i < 40; i++) {
            medium[i] = 'y';
            assertEquals(6 + i, dictionary.add(1, medium, 0, medium.length));
        }
        assertEquals(1, dictionary.find(1, big, 0, big.length));
        assertEquals(4, dictionary.find(1, longHeader, 0, longHeader.length));
        assertEquals(big.length - 1, dictionary.length(2));
        assertArrayEquals(big, dictionary.bytes(1));
        assertArrayEquals(medium, dictionary.bytes(45));
        assertEquals("after", new String(dictionary.bytes(5), UTF_8));
        assertTrue(dictionary.compare(1, 2) > 0);
    }

    @Test
    void aFullDictionaryRefusesNewKeysAndStaysWhole() {
        KeyDictionary dictionary = new KeyDictionary(0, 1000, new KeyHash(1));
        for (int i = 0; i < 1000; i++) {
            assertEquals(i, add(dictionary, 0, "key " + i));
        }
        for (int attempt = 0; attempt < 3; attempt++) {
            NexusDataException refused =
                    assertThrows(NexusDataException.class, () -> add(dictionary, 0, "one too many"));
            assertEquals(FaultCode.CAPACITY, refused.code());
            assertTrue(refused.getMessage().contains("1000"), refused::getMessage);
        }
        assertEquals(1000, dictionary.size());
        assertEquals(KeyDictionary.ABSENT, find(dictionary, 0, "one too many"));
        assertEquals(999, add(dictionary, 0, "key 999"));
    }

    @Test
    void aFullArenaRefusesNewKeysAndStaysWhole() {
        KeyDictionary dictionary = new KeyDictionary(0, KeyDictionary.MAX_KEYS, 3, new KeyHash(1));
        byte[] key = new byte[100_000];
        int n = 0;
        while (n < 3 * 10) {
            ByteWords.putInt(key, 0, n);
            assertEquals(n++, dictionary.add(0, key, 0, key.length));
        }
        ByteWords.putInt(key, 0, n);
        long bytes = dictionary.retainedBytes();
        for (int attempt = 0; attempt < 3; attempt++) {
            NexusDataException refused =
                    assertThrows(NexusDataException.class, () -> dictionary.add(0, key, 0, key.length));
            assertEquals(FaultCode.CAPACITY, refused.code());
            assertEquals("identifiers", refused.table());
            assertTrue(refused.getMessage().contains("3 MiB"), refused::getMessage);
        }
        assertEquals(bytes, dictionary.retainedBytes());
        assertEquals(n, dictionary.size());
        assertEquals(KeyDictionary.ABSENT, dictionary.find(0, key, 0, key.length));
        assertEquals(n, add(dictionary, 0, "a small one fits"));
        ByteWords.putInt(key, 0, n - 1);
        assertEquals(n - 1, dictionary.find(0, key, 0, key.length));
    }

    /** The keys of a block before the one that is refused are in, as if they had come singly. */
    @Test
    void aBlockThatFillsTheDictionaryLeavesItWhole() {
        int max = 300;
        KeyDictionary dictionary = new KeyDictionary(0, max, new KeyHash(1));
        int[] kinds = new int[1000];
        int[] offsets = new int[1001];
        byte[] data = new byte[4000];
        for (int i = 0; i < 1000; i++) {
            offsets[i + 1] = 4 * (i + 1);
            ByteWords.putInt(data, 4 * i, i);
        }
        for (int attempt = 0; attempt < 2; attempt++) {
            int[] codes = new int[1000];
            assertThrows(NexusDataException.class, () -> dictionary.addAll(kinds, data, offsets, 1000, codes, 0));
            assertEquals(max, dictionary.size());
            assertArrayEquals(Rows.ascending(max), Arrays.copyOf(codes, max));
        }
        int[] found = new int[1000];
        dictionary.findAll(kinds, data, offsets, 1000, found, 0);
        for (int i = 0; i < 1000; i++) {
            assertEquals(i < max ? i : KeyDictionary.ABSENT, found[i]);
        }
    }

    @Test
    void theHashSpreadsNeighbouringKeysEvenly() {
        KeyHash hash = new KeyHash(7);
        for (int length : new int[] {1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 40}) {
            byte[] key = new byte[length];
            int keys = length == 1 ? 256 : 65_536;
            int[] buckets = new int[64];
            for (int i = 0; i < keys; i++) {
                key[0] = (byte) i;
                key[length - 1] = (byte) (length == 1 ? i : i >>> 8);
                buckets[(int) (hash.of(0, key, 0, length) >>> 58)]++;
            }
            double chiSquared = 0;
            double expected = keys / 64.0;
            for (int count : buckets) {
                chiSquared += (count - expected) * (count - expected) / expected;
            }
            assertTrue(chiSquared < 140, "length " + length + ": chi squared of 64 buckets is " + chiSquared);
        }
    }

    @Test
    void everyBitOfAKeyAndItsKindAndItsLengthMatter() {
        KeyHash hash = new KeyHash(11);
        for (int length = 0; length <= 50; length++) {
            byte[] key = new byte[length];
            long plain = hash.of(0, key, 0, length);
            assertNotEquals(plain, hash.of(1, key, 0, length));
            assertNotEquals(plain, hash.of(0, new byte[length + 1], 0, length + 1));
            for (int bit = 0; bit < 8 * length; bit++) {
                key[bit / 8] ^= (byte) (1 << bit % 8);
                assertNotEquals(plain, hash.of(0, key, 0, length));
                key[bit / 8] = 0;
            }
        }
    }

    @Test
    void misuseIsRefused() {
        KeyDictionary dictionary = new KeyDictionary(0);
        byte[] bytes = new byte[4];
        assertThrows(IllegalArgumentException.class, () -> new KeyDictionary(-1));
        assertThrows(IllegalArgumentException.class, () -> dictionary.add(-1, bytes, 0, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> dictionary.add(0, bytes, 1, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> dictionary.kind(0));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> dictionary.addAll(new int[1], bytes, new int[] {3, 2}, 1, new int[1], 0));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> dictionary.addAll(new int[1], bytes, new int[] {0, 2}, 1, new int[1], 1));
        assertEquals(0, dictionary.size());
    }
}
