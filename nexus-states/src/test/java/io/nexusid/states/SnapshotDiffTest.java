package io.nexusid.states;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexusid.api.SnapshotDiffSpec.Grain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SnapshotDiffTest {
    private record Sighting(int key, int value, Long at, int extra) {}

    private static final Comparator<Sighting> BY_TIME = Comparator.comparing(
                    Sighting::at, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Sighting::value)
            .thenComparing(Sighting::extra);

    /** Key, value, number among the key's, first instant, sightings in order. */
    private record Event(int key, int value, int index, Long first, List<Sighting> group) {}

    private static List<Event> events(List<Sighting> sightings, Grain grain) {
        SnapshotDiff diff = SnapshotDiff.compute(
                sightings.size(),
                sightings.stream().mapToInt(Sighting::key).toArray(),
                sightings.stream().mapToInt(Sighting::value).toArray(),
                sightings.stream()
                        .mapToLong(s -> s.at == null ? Long.MIN_VALUE : s.at)
                        .toArray(),
                (a, b) -> Integer.compare(sightings.get(a).extra, sightings.get(b).extra),
                grain);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < diff.size(); i++) {
            int event = i;
            List<Sighting> group = IntStream.range(0, diff.sightings(i))
                    .mapToObj(j -> sightings.get(diff.sighting(event, j)))
                    .toList();
            Sighting first = sightings.get(diff.row(i));
            long at = diff.firstObservedAt(i);
            events.add(new Event(
                    first.key, first.value, diff.index(i), at == Long.MIN_VALUE ? null : Long.valueOf(at), group));
        }
        return events;
    }

    private static List<Sighting> ofOneKey(int... values) {
        return IntStream.range(0, values.length)
                .mapToObj(i -> new Sighting(3, values[i], 10L * i, 0))
                .toList();
    }

    @Test
    void aValueThatComesBackIsAChangeButNoNewValue() {
        List<Sighting> seen = ofOneKey(1, 1, 2, 2, 1);
        assertEquals(
                List.of(
                        new Event(3, 1, 1, 0L, seen.subList(0, 2)),
                        new Event(3, 2, 2, 20L, seen.subList(2, 4)),
                        new Event(3, 1, 3, 40L, seen.subList(4, 5))),
                events(seen, Grain.CHANGE));
        assertEquals(
                List.of(
                        new Event(3, 1, 1, 0L, List.of(seen.get(0), seen.get(1), seen.get(4))),
                        new Event(3, 2, 2, 20L, seen.subList(2, 4))),
                events(seen, Grain.DISTINCT_VALUE));
    }

    @Test
    void sightingsWithoutAValueAreNoChange() {
        assertEquals(1, events(ofOneKey(1, -1, 1), Grain.CHANGE).size());
    }

    @Provide
    Arbitrary<List<Sighting>> sightings() {
        return Combinators.combine(
                        Arbitraries.integers().between(-1, 3),
                        Arbitraries.integers().between(-1, 2),
                        Arbitraries.longs().between(-4, 12).injectNull(0.1),
                        Arbitraries.integers().between(0, 3))
                .as(Sighting::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void eventsAreTheOracles(@ForAll("sightings") List<Sighting> sightings, @ForAll Grain grain) {
        TreeMap<Integer, List<Sighting>> ofKey = new TreeMap<>();
        sightings.stream()
                .filter(s -> s.key >= 0 && s.value >= 0)
                .sorted(BY_TIME)
                .forEach(s ->
                        ofKey.computeIfAbsent(s.key, k -> new ArrayList<>()).add(s));
        List<Event> expected = new ArrayList<>();
        ofKey.forEach((key, seen) -> {
            List<List<Sighting>> groups = new ArrayList<>();
            if (grain == Grain.DISTINCT_VALUE) {
                for (int value = 0; value <= 2; value++) {
                    int v = value;
                    groups.add(seen.stream().filter(s -> s.value == v).toList());
                }
            } else {
                List<Sighting> run = new ArrayList<>();
                for (Sighting s : seen) {
                    if (!run.isEmpty() && run.get(0).value != s.value) {
                        groups.add(run);
                        run = new ArrayList<>();
                    }
                    run.add(s);
                }
                groups.add(run);
            }
            groups.removeIf(List::isEmpty);
            int index = 0;
            for (List<Sighting> group : groups) {
                Long first = group.stream()
                        .map(Sighting::at)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null);
                expected.add(new Event(key, group.get(0).value, ++index, first, group));
            }
        });
        assertEquals(expected, events(sightings, grain));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void theOrderOfTheSightingsDoesNotMatter(
            @ForAll("sightings") List<Sighting> sightings, @ForAll Grain grain, @ForAll Random random) {
        List<Sighting> shuffled = new ArrayList<>(sightings);
        Collections.shuffle(shuffled, random);
        assertEquals(events(sightings, grain), events(shuffled, grain));
    }
}
