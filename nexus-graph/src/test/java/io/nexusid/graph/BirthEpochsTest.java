package io.nexusid.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BirthEpochsTest {
    private static void assertSame(List<Integer> expected, BirthEpochs births) {
        for (int entity = 0; entity < expected.size(); entity++) {
            assertEquals(expected.get(entity), births.epochOf(entity));
        }
    }

    /** Epochs without births, and births that are taken back; what was shared stays. */
    @Property(tries = 200)
    void everyEntityHasTheEpochItWasAddedWith(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int epochs) {
        SplittableRandom random = new SplittableRandom(seed);
        BirthEpochs births = new BirthEpochs();
        List<Integer> expected = new ArrayList<>();
        Map<BirthEpochs, List<Integer>> shared = new HashMap<>();
        for (int epoch = 1; epoch <= epochs; epoch++) {
            int before = expected.size();
            for (int n = random.nextInt(4); n > 0; n--) {
                births.add(expected.size(), epoch);
                expected.add(epoch);
            }
            if (random.nextInt(3) == 0) {
                births.truncate(before);
                expected = new ArrayList<>(expected.subList(0, before));
            } else {
                shared.put(births.share(), List.copyOf(expected));
            }
        }
        assertSame(expected, births);
        shared.forEach((share, then) -> assertSame(then, share));
    }
}
