package io.nexusid.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.openjdk.jol.info.GraphLayout;

/**
 * What identities take on the heap, counted object by object: the dictionary of 20-byte identifiers, the edge groups
 * that link each to the next (a group of two per link, the costliest form), and the labels. Edges seen again take 4
 * bytes per group and 4 per row more, until the labels are there.
 */
class MemoryTest {
    private static final int LENGTH = 20;
    private static final int MILLION = 1_000_000;

    private static int add(KeyDictionary dictionary, int number) {
        byte[] key = new byte[LENGTH];
        ByteWords.putInt(key, 0, number);
        ByteWords.putInt(key, LENGTH - Integer.BYTES, number * 31);
        return dictionary.add(number & 3, key, 0, LENGTH);
    }

    private static long retained(Object... roots) {
        return GraphLayout.parseInstance(roots).totalSize();
    }

    private static void assertIdentitiesTakeAtMost64BytesEach(KeyDictionary dictionary) {
        int nodes = dictionary.size();
        int[] group = new int[2 * (nodes - 1)];
        int[] node = new int[group.length];
        for (int i = 0; i < group.length; i++) {
            group[i] = i >> 1;
            node[i] = (i + 1) >> 1;
        }
        EdgeGroups groups = EdgeGroups.of(group, node, group.length, nodes - 1);
        ConnectedComponents components = ConnectedComponents.compute(nodes, groups);
        assertEquals(1, components.count());
        long bytes = retained(dictionary, groups, components);
        assertTrue(bytes <= 64L * nodes, () -> (double) bytes / nodes + " bytes for each of " + nodes);
    }

    @Test
    void aMillionIdentitiesTakeAtMost64BytesEach() {
        KeyDictionary dictionary = new KeyDictionary(0);
        for (int i = 0; i < MILLION; i++) {
            add(dictionary, i);
        }
        dictionary.trim();
        assertIdentitiesTakeAtMost64BytesEach(dictionary);
    }

    @Test
    void identitiesTakeAtMost64BytesEachAtTheWorstCountJustAfterGrowing() {
        KeyDictionary dictionary = new KeyDictionary(0);
        int added = 0;
        long before = Long.MAX_VALUE;
        while (added < MILLION || dictionary.retainedBytes() < before + 8L * MILLION) {
            before = dictionary.retainedBytes();
            add(dictionary, added++);
        }
        long grown = retained(dictionary);
        assertTrue(grown > 50L * added, () -> "not just after growing: " + grown + " bytes for " + dictionary.size());
        assertTrue(grown <= 51L * added, () -> grown + " bytes for " + dictionary.size());
        dictionary.trim();
        assertIdentitiesTakeAtMost64BytesEach(dictionary);
    }

    @Test
    void theDictionaryKnowsItsOwnSize() {
        for (int keys : new int[] {0, 1, 1000, 300_000}) {
            KeyDictionary dictionary = new KeyDictionary(keys / 2);
            for (int i = 0; i < keys; i++) {
                add(dictionary, i);
            }
            long error = Math.abs(retained(dictionary) - dictionary.retainedBytes());
            assertTrue(error < 3000, () -> "wrong by " + error);
        }
    }

    @Test
    void aTrimmedDictionaryKeepsItsCodesAndTakesMoreKeys() {
        for (int keys : new int[] {0, 1, 10, 11, 12, 1000, 12_345}) {
            KeyDictionary dictionary = new KeyDictionary(100);
            for (int i = 0; i < keys; i++) {
                assertEquals(i, add(dictionary, i));
            }
            dictionary.trim();
            long trimmed = dictionary.retainedBytes();
            dictionary.trim();
            assertEquals(trimmed, dictionary.retainedBytes());
            for (int i = 0; i < 2 * keys + 5; i++) {
                assertEquals(i, add(dictionary, i));
            }
            int[] codes = new int[keys];
            Arrays.setAll(codes, i -> add(dictionary, i));
            assertEquals(Arrays.toString(Rows.ascending(keys)), Arrays.toString(codes));
        }
    }
}
