package io.nexusid.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What strangers can do to the dictionary with keys they choose, counted in slots walked past, not in time. */
class HashFloodTest {
    private static final long SEED = 42;
    private static final int MILLION = 1_000_000;

    /** Slots that a million random keys walk past, in blocks and one by one. */
    private static long fairInBlocks;

    private static long fairSingly;

    /** Keys of one kind, as a batch has them. */
    private static final class Keys {
        private final byte[] data;
        private final int[] offsets;

        Keys(byte[] data, int[] offsets) {
            this.data = data;
            this.offsets = offsets;
        }

        static Keys ofLength(byte[] data, int length) {
            return new Keys(
                    data,
                    IntStream.rangeClosed(0, data.length / length)
                            .map(i -> i * length)
                            .toArray());
        }

        int count() {
            return offsets.length - 1;
        }

        KeyDictionary inBlocks(KeyHash hash) {
            KeyDictionary dictionary = new KeyDictionary(0, KeyDictionary.MAX_KEYS, hash);
            int[] codes = new int[count()];
            dictionary.addAll(new int[count()], data, offsets, count(), codes, 0);
            assertArrayEquals(Rows.ascending(count()), codes, "all distinct");
            return dictionary;
        }

        KeyDictionary singly(KeyHash hash) {
            KeyDictionary dictionary = new KeyDictionary(0, KeyDictionary.MAX_KEYS, hash);
            for (int i = 0; i < count(); i++) {
                assertEquals(i, dictionary.add(0, data, offsets[i], offsets[i + 1] - offsets[i]));
            }
            return dictionary;
        }
    }

    @BeforeAll
    static void countRandomKeys() {
        byte[] data = new byte[20 * MILLION];
        new SplittableRandom(SEED).nextBytes(data);
        Keys random = Keys.ofLength(data, 20);
        fairInBlocks = steps(random.inBlocks(new KeyHash(SEED)), 0);
        fairSingly = steps(random.singly(new KeyHash(SEED)), 0);
    }

    private static long steps(KeyDictionary dictionary, int reseeds) {
        assertEquals(reseeds, dictionary.reseeds());
        return dictionary.steps();
    }

    private static void assertAtMostTwice(long fair, KeyDictionary flooded) {
        assertTrue(flooded.steps() <= 2 * fair, () -> flooded.steps() + " steps, random keys " + fair);
    }

    @Test
    void theAttackerHasTheHashRight() {
        KeyHash hash = new KeyHash(SEED);
        LeakedSecret leak = new LeakedSecret(SEED);
        byte[] data = new byte[4 * LeakedSecret.LENGTH];
        leak.zeroes(data, 3);
        for (int i = 0; i < 3; i++) {
            assertEquals(leak.hashOfZeroes(), hash.of(i, data, 16 * i, 16));
        }
        leak.keys(data, 0, 3, 1);
        leak.keys(data, 3, 1, 2);
        long first = hash.of(0, data, 0, LeakedSecret.LENGTH);
        assertEquals(first, hash.of(0, data, LeakedSecret.LENGTH, LeakedSecret.LENGTH));
        assertEquals(first, hash.of(0, data, 2 * LeakedSecret.LENGTH, LeakedSecret.LENGTH));
        assertTrue(first != hash.of(0, data, 3 * LeakedSecret.LENGTH, LeakedSecret.LENGTH));
    }

    /** One cluster of a million, a thousand clusters, and clusters so short that each by itself looks like chance. */
    @ParameterizedTest
    @ValueSource(ints = {MILLION, 1_000, 10, 2})
    void aMillionKeysMadeWithALeakedSecretCostAtMostTwiceWhatRandomKeysCost(int cluster) {
        LeakedSecret leak = new LeakedSecret(SEED);
        byte[] data = new byte[LeakedSecret.LENGTH * MILLION];
        for (int from = 0; from < MILLION; from += cluster) {
            leak.keys(data, from, Math.min(cluster, MILLION - from), from / cluster);
        }
        Keys keys = Keys.ofLength(data, LeakedSecret.LENGTH);
        KeyDictionary inBlocks = keys.inBlocks(new KeyHash(SEED));
        assertAtMostTwice(fairInBlocks, inBlocks);
        KeyDictionary singly = keys.singly(new KeyHash(SEED));
        assertAtMostTwice(fairSingly, singly);
        for (int i = 0; i < MILLION; i += 1013) {
            assertEquals(i, inBlocks.find(0, data, LeakedSecret.LENGTH * i, LeakedSecret.LENGTH));
            assertEquals(i, singly.find(0, data, LeakedSecret.LENGTH * i, LeakedSecret.LENGTH));
        }
    }

    @Test
    void keysThatMakeTheProductZeroAreMetWithAFreshSecret() {
        byte[] data = new byte[16 * MILLION];
        new LeakedSecret(SEED).zeroes(data, MILLION);
        KeyDictionary flooded = Keys.ofLength(data, 16).inBlocks(new KeyHash(SEED));
        assertEquals(1, flooded.reseeds());
        assertAtMostTwice(fairInBlocks, flooded);
    }

    @Test
    void askingForTheWorstKeyOfAClusterAgainAndAgainIsMetToo() {
        int cluster = 200;
        LeakedSecret leak = new LeakedSecret(SEED);
        byte[] data = new byte[LeakedSecret.LENGTH * cluster];
        leak.keys(data, 0, cluster, 7);
        KeyDictionary dictionary = Keys.ofLength(data, LeakedSecret.LENGTH).inBlocks(new KeyHash(SEED));
        int last = LeakedSecret.LENGTH * (cluster - 1);
        for (int i = 0; i < MILLION; i++) {
            assertEquals(cluster - 1, dictionary.add(0, data, last, LeakedSecret.LENGTH));
        }
        assertEquals(1, dictionary.reseeds());
        // 1,800 a question in the cluster; where one key lies under the fresh secret is chance.
        assertTrue(dictionary.steps() <= 32L * MILLION, () -> dictionary.steps() + " steps");
    }

    /** Without the secret, keys that are as alike as keys can be are as good as random ones. */
    @ParameterizedTest
    @CsvSource({"4, 0", "16, 12", "20, 16"})
    void keysOfOneLengthThatDifferInFourBytesCostWhatRandomKeysCost(int length, int countAt) {
        byte[] data = new byte[length * MILLION];
        for (int i = 0; i < MILLION; i++) {
            ByteWords.putInt(data, length * i + countAt, i);
        }
        assertCostsAsRandom(Keys.ofLength(data, length));
    }

    @Test
    void keysThatDifferInTheHighestBitsOfTheirWordsCostWhatRandomKeysCost() {
        byte[] data = new byte[16 * MILLION];
        for (int i = 0; i < MILLION; i++) {
            for (int bit = 0; bit < 20; bit++) {
                data[16 * i + (bit & 1) * 8 + 7 - (bit >> 4)] |= (byte) ((i >>> bit & 1) << (7 - (bit >> 1 & 7)));
            }
        }
        assertCostsAsRandom(Keys.ofLength(data, 16));
    }

    @Test
    void keysThatDifferOnlyInLengthOrInTheLastByteCostWhatRandomKeysCost() {
        int longest = 500;
        int endings = 256;
        int[] offsets = new int[longest * endings + 1];
        byte[] data = new byte[endings * (longest * (longest + 1) / 2)];
        int at = 0;
        for (int i = 0; i < longest * endings; i++) {
            at += 1 + i / endings;
            data[at - 1] = (byte) i;
            offsets[i + 1] = at;
        }
        assertCostsAsRandom(new Keys(data, offsets));
    }

    @Test
    void keysOfOneByteAndTheEmptyKeyOfEveryKindAreFoundAgain() {
        KeyDictionary dictionary = new KeyDictionary(0, KeyDictionary.MAX_KEYS, new KeyHash(SEED));
        byte[] bytes = new byte[256];
        for (int b = 0; b < 256; b++) {
            bytes[b] = (byte) b;
        }
        int kinds = 1000;
        for (int kind = 0; kind < kinds; kind++) {
            assertEquals(257 * kind, dictionary.add(kind, bytes, 256, 0));
            for (int b = 0; b < 256; b++) {
                assertEquals(257 * kind + 1 + b, dictionary.add(kind, bytes, b, 1));
            }
        }
        for (int kind = 0; kind < kinds; kind++) {
            assertEquals(257 * kind, dictionary.find(kind, new byte[0], 0, 0));
            assertEquals(257 * kind + 256, dictionary.find(kind, bytes, 255, 1));
        }
        assertTrue(dictionary.steps() <= 2 * fairSingly * dictionary.size() / MILLION, () -> "" + dictionary.steps());
    }

    /** Within a tenth, for counts that fill the table to the same load as a million does. */
    private static void assertCostsAsRandom(Keys keys) {
        long fair = fairInBlocks * keys.count() / MILLION;
        KeyDictionary dictionary = keys.inBlocks(new KeyHash(SEED));
        assertEquals(0, dictionary.reseeds());
        assertTrue(
                Math.abs(dictionary.steps() - fair) <= fair / 10,
                () -> dictionary.steps() + " steps, random keys " + fair);
    }
}
