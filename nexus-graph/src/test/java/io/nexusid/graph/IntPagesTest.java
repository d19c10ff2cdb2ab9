package io.nexusid.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class IntPagesTest {
    private static int[] contents(IntPages pages) {
        return IntStream.range(0, pages.size()).map(pages::get).toArray();
    }

    @Property(tries = 60)
    void everyVersionStaysAsItWasAndCanBeReturnedTo(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        IntPages pages = new IntPages(-1);
        int[] now = {};
        List<IntPages> versions = new ArrayList<>();
        List<int[]> expected = new ArrayList<>();
        for (int round = 0; round < 12; round++) {
            int size = now.length + random.nextInt(3) * random.nextInt(2_500);
            int old = now.length;
            now = Arrays.copyOf(now, size);
            Arrays.fill(now, old, size, -1);
            pages.grow(size);
            for (int i = random.nextInt(40); i > 0 && size > 0; i--) {
                int index = random.nextInt(size);
                now[index] = random.nextInt();
                pages.set(index, now[index]);
            }
            assertArrayEquals(now, contents(pages));
            if (random.nextInt(3) == 0 && !versions.isEmpty()) {
                int last = versions.size() - 1;
                pages.restore(versions.get(last));
                now = expected.get(last).clone();
                assertArrayEquals(now, contents(pages));
            } else {
                versions.add(pages.share());
                expected.add(now.clone());
            }
            for (int v = 0; v < versions.size(); v++) {
                assertArrayEquals(expected.get(v), contents(versions.get(v)));
            }
        }
    }

    @Test
    void aVersionCopiesThePagesItTouchesAndNoOthers() {
        IntPages pages = new IntPages(0);
        pages.grow(3 << 20);
        pages.share();
        for (int i = 0; i < 100; i++) {
            pages.set(7 * IntPages.PAGE + i, i);
            pages.set((2 << 20) + i, i);
        }
        assertEquals(2, pages.copies());
        pages.share();
        pages.set(7 * IntPages.PAGE, 5);
        assertEquals(3, pages.copies());
        assertEquals(5, pages.get(7 * IntPages.PAGE));
        assertEquals(99, pages.get((2 << 20) + 99));
        assertTrue(pages.retainedBytes() > 4L * (3 << 20));
    }
}
