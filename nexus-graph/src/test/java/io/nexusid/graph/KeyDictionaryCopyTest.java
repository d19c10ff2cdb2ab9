package io.nexusid.graph;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class KeyDictionaryCopyTest {
    @Property(tries = 200)
    void manyKeysCopiedAtOnceAreTheKeysCopiedOneByOne(@ForAll long seed, @ForAll @IntRange(max = 300) int count) {
        SplittableRandom random = new SplittableRandom(seed);
        KeyDictionary dictionary = new KeyDictionary(0);
        for (int i = 0; i < 50; i++) {
            byte[] key = "\u00ffz".repeat(random.nextInt(40)).concat("k" + i).getBytes(ISO_8859_1);
            // Kinds from 4095 on have a longer record.
            dictionary.add(random.nextBoolean() ? 0 : 5000, key, 0, key.length);
        }
        int from = random.nextInt(5);
        int[] codes = new int[from + count];
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < codes.length; i++) {
            codes[i] = random.nextInt(-1, dictionary.size());
            if (i >= from && codes[i] >= 0) {
                expected.append(new String(dictionary.bytes(codes[i]), ISO_8859_1));
            }
        }
        int[] lengths = new int[count];
        long sum = dictionary.lengths(codes, from, count, lengths);
        byte[] out = new byte[3 + (int) sum];
        dictionary.copyAll(codes, from, count, lengths, out, 3);
        assertEquals(expected.toString(), new String(out, 3, (int) sum, ISO_8859_1));
        for (int i = 0; i < count; i++) {
            assertEquals(codes[from + i] < 0 ? 0 : dictionary.length(codes[from + i]), lengths[i]);
        }
    }
}
