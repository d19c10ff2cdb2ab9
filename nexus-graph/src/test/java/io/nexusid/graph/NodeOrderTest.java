package io.nexusid.graph;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NodeOrderTest {
    /** Kinds 0 and 3 are one identifier type in two entity types; type ranks need not be dense. */
    private static final int[] TYPE_RANKS = {5, 0, 2, 5};

    private static int[] oracle(KeyDictionary nodes) {
        Comparator<Integer> order = Comparator.comparing((Integer v) -> TYPE_RANKS[nodes.kind(v)])
                .thenComparing(nodes::bytes, Arrays::compareUnsigned)
                .thenComparing(Comparator.naturalOrder());
        return IntStream.range(0, nodes.size())
                .boxed()
                .sorted(order)
                .mapToInt(v -> v)
                .toArray();
    }

    private static void assertSorted(KeyDictionary nodes) {
        NodeOrder order = NodeOrder.of(nodes, TYPE_RANKS);
        int[] expected = oracle(nodes);
        assertArrayEquals(expected, order.sorted());
        for (int i = 0; i < expected.length; i++) {
            assertEquals(i, order.ranks()[expected[i]]);
        }
    }

    @Property(tries = 300)
    void nodesSortByTypeThenBytesThenNumber(@ForAll long seed, @ForAll @IntRange(max = 800) int keys) {
        SplittableRandom random = new SplittableRandom(seed);
        String[] letters = {"\0", "a", "\u00ff", "aaaaaaaa", "a common prefix"};
        KeyDictionary nodes = new KeyDictionary(0);
        for (int i = 0; i < keys; i++) {
            StringBuilder text = new StringBuilder(random.nextInt(2) == 0 ? "" : letters[4]);
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(letters[random.nextInt(4)]);
            }
            byte[] bytes = text.toString().getBytes(ISO_8859_1);
            nodes.add(random.nextInt(4), bytes, 0, bytes.length);
        }
        assertSorted(nodes);
        NodeOrder order = NodeOrder.of(nodes, TYPE_RANKS);
        int[] some =
                random.ints(keys == 0 ? 0 : 50, 0, Math.max(1, nodes.size())).toArray();
        int[] expected = some.clone();
        int[] sortedPart = Arrays.stream(some, some.length / 3, some.length)
                .boxed()
                .sorted(order::compare)
                .mapToInt(v -> v)
                .toArray();
        System.arraycopy(sortedPart, 0, expected, some.length / 3, sortedPart.length);
        order.sort(some, some.length / 3, some.length);
        assertArrayEquals(expected, some);
    }

    @Test
    void aPrefixOfAMegabyteSharedByMostValuesSorts() {
        KeyDictionary nodes = new KeyDictionary(0);
        byte[] bytes = new byte[1 << 20];
        nodes.add(0, new byte[] {1}, 0, 1);
        for (int i = 0; i < 40; i++) {
            bytes[bytes.length - 1 - i % 3] = (byte) (7 * i);
            nodes.add(0, bytes, 0, bytes.length - i % 2);
        }
        assertSorted(nodes);
    }

    @Test
    void manyRealisticIdentifiersSort() {
        SplittableRandom random = new SplittableRandom(9);
        KeyDictionary nodes = new KeyDictionary(0);
        for (int i = 0; i < 30_000; i++) {
            String text =
                    switch (i % 4) {
                        case 0 -> "user_" + random.nextInt(1_000_000);
                        case 1 -> "anonymous-" + Long.toHexString(random.nextLong());
                        case 2 -> "person" + random.nextInt(100_000) + "@example.org";
                        default -> "+1555" + random.nextInt(10_000_000);
                    };
            byte[] bytes = text.getBytes(UTF_8);
            nodes.add(i % 4, bytes, 0, bytes.length);
        }
        assertSorted(nodes);
    }

    @Test
    void noNodesAreFine() {
        assertEquals(0, NodeOrder.of(new KeyDictionary(0), new int[0]).ranks().length);
    }
}
