package io.nexusid.states;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EntityBucketsTest {
    /** The rows as they come out of the buckets, with the record of each. */
    private static List<String> grouped(EntityBuckets buckets, int[] code) {
        List<String> found = new ArrayList<>();
        while (buckets.nextSlice()) {
            long[] records = buckets.records();
            for (int row = 0; row < code.length; row++) {
                if (buckets.holds(code[row])) {
                    int at = buckets.place(code[row], row);
                    records[at + 1] = code[row];
                    records[at + 2] = -row;
                }
            }
            for (int bucket = 0; bucket < buckets.buckets(); bucket++) {
                int size = buckets.group(bucket);
                assertEquals(size, buckets.end(buckets.codes() - 1));
                int from = 0;
                for (int c = 0; c < buckets.codes(); c++) {
                    for (int i = from; i < buckets.end(c); i++) {
                        int at = buckets.order()[i];
                        found.add(records[at + 1] + " " + buckets.row(at) + " " + -records[at + 2]);
                    }
                    from = buckets.end(c);
                }
            }
        }
        return found;
    }

    private static List<String> expected(int[] code) {
        TreeMap<Integer, List<String>> byCode = new TreeMap<>();
        for (int row = 0; row < code.length; row++) {
            if (code[row] >= 0) {
                byCode.computeIfAbsent(code[row], key -> new ArrayList<>()).add(code[row] + " " + row + " " + row);
            }
        }
        return byCode.values().stream().flatMap(List::stream).toList();
    }

    @Property(tries = 400)
    void rowsOfACodeComeTogetherInTheirOrderWhateverTheSizesOfBucketsAndSlices(
            @ForAll long seed,
            @ForAll @IntRange(max = 300) int rows,
            @ForAll @IntRange(min = 1, max = 40) int bucketRows,
            @ForAll @IntRange(min = 1, max = 100) int sliceRows) {
        SplittableRandom random = new SplittableRandom(seed);
        int codes = 1 + random.nextInt(2 * rows + 1);
        int[] code = random.ints(rows, -1, codes).toArray();
        assertEquals(expected(code), grouped(new EntityBuckets(code, rows, bucketRows, sliceRows), code));
        assertEquals(expected(code), grouped(new EntityBuckets(code, rows), code));
    }

    @Test
    void codesMayBeFarApart() {
        int[] code = {5_000_000, -1, 0, 70_000, Integer.MIN_VALUE, 5_000_000};
        assertEquals(expected(code), grouped(new EntityBuckets(code, code.length), code));
    }

    @Test
    void noRowsAndNoCodesGiveNothing() {
        assertEquals(List.of(), grouped(new EntityBuckets(new int[0], 0), new int[0]));
        int[] none = new int[100];
        Arrays.fill(none, -1);
        assertEquals(List.of(), grouped(new EntityBuckets(none, 100), none));
    }
}
