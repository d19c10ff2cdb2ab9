package io.nexusid.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EntryMergeTest {
    private record Entry(Long instant, int list, int position) {}

    private static final Comparator<Long> BY_TIME = Comparator.nullsLast(Comparator.naturalOrder());

    private static List<Entry> merged(List<List<Long>> lists) {
        EntryMerge merge = EntryMerge.of(lists.stream()
                .map(list -> list.stream()
                        .mapToLong(t -> t == null ? Long.MIN_VALUE : t)
                        .toArray())
                .toArray(long[][]::new));
        List<Entry> merged = new ArrayList<>();
        for (int i = 0; i < merge.size(); i++) {
            merged.add(new Entry(lists.get(merge.list(i)).get(merge.position(i)), merge.list(i), merge.position(i)));
        }
        return merged;
    }

    @Provide
    Arbitrary<List<List<Long>>> lists() {
        Arbitrary<Long> instant = Arbitraries.oneOf(
                Arbitraries.longs().between(-5, 5), Arbitraries.of(Long.MAX_VALUE, Long.MIN_VALUE + 1, null));
        return instant.list()
                .ofMaxSize(12)
                .map(list -> list.stream().sorted(BY_TIME).toList())
                .list()
                .ofMaxSize(5);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void theMergeIsASortByTimeThenList(@ForAll("lists") List<List<Long>> lists) {
        List<Entry> expected = new ArrayList<>();
        for (int list = 0; list < lists.size(); list++) {
            for (int position = 0; position < lists.get(list).size(); position++) {
                expected.add(new Entry(lists.get(list).get(position), list, position));
            }
        }
        expected.sort(Comparator.comparing(Entry::instant, BY_TIME)
                .thenComparing(Entry::list)
                .thenComparing(Entry::position));
        assertEquals(expected, merged(lists));
    }

    @Test
    void aListOutOfOrderIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> EntryMerge.of(new long[] {2, 1}));
        assertThrows(IllegalArgumentException.class, () -> EntryMerge.of(new long[] {Long.MIN_VALUE, 1}));
    }
}
