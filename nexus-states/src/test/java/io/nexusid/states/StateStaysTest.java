package io.nexusid.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexusid.fixtures.ChecksTimelines;
import io.nexusid.fixtures.TimelineInvariants;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

@ChecksTimelines
class StateStaysTest {
    private static final int DIMENSION = 0;
    private static final int MEASUREMENT = 1;

    /** A stay by what it shows; {@code exited} null while it is open. */
    private record Found(Change opener, long entered, Long exited) {}

    private static List<Found> found(List<Change> changes) {
        StateStays stays = Change.stays(changes);
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < stays.size(); i++) {
            Long exited = stays.exitedAt(i) == Long.MIN_VALUE ? null : Long.valueOf(stays.exitedAt(i));
            found.add(new Found(changes.get(stays.row(i)), stays.enteredAt(i), exited));
        }
        return found;
    }

    private static Change value(long at, String value, String event) {
        return new Change(0, 0, at, value, null, DIMENSION, event);
    }

    @Test
    void eachChangeEndsTheStayBeforeIt() {
        Change trial = value(10, "trial", "e1");
        Change active = value(20, "active", "e2");
        assertEquals(List.of(new Found(trial, 10, 20L), new Found(active, 20, null)), found(List.of(active, trial)));
    }

    @Test
    void aChangeToTheSameIsNoChange() {
        Change first = value(10, "trial", "e1");
        assertEquals(List.of(new Found(first, 10, null)), found(List.of(first, value(20, "trial", "e2"))));
    }

    @Test
    void aChangeInNumberOrCategoryAloneIsAChange() {
        Change first = new Change(0, 0, 10, "a", 1.0, DIMENSION, null);
        Change number = new Change(0, 0, 20, "a", 2.0, DIMENSION, null);
        Change category = new Change(0, 0, 30, "a", 2.0, MEASUREMENT, null);
        assertEquals(
                List.of(new Found(first, 10, 20L), new Found(number, 20, 30L), new Found(category, 30, null)),
                found(List.of(first, number, category)));
    }

    @Test
    void aChangeToNothingEndsTheStayAndTheSameMayReturn() {
        Change first = value(10, "trial", "e1");
        Change again = value(40, "trial", "e4");
        List<Change> changes =
                List.of(value(5, null, "e0"), first, value(20, null, "e2"), value(30, null, "e3"), again);
        assertEquals(List.of(new Found(first, 10, 20L), new Found(again, 40, null)), found(changes));
        assertEquals(0, Change.stays(changes).superseded());
    }

    @Test
    void ofOneInstantTheFirstEventThenTheSmallestValueWins() {
        Change winner = value(10, "b", "e1");
        List<Change> changes = List.of(
                value(10, "a", null), value(10, "a", "e2"), value(10, "c", "e1"), winner, value(10, null, "e1"));
        assertEquals(List.of(new Found(winner, 10, null)), found(changes));
        assertEquals(4, Change.stays(changes).superseded());
    }

    @Test
    void anEndWinsItsInstantByTheSameRule() {
        List<Change> changes = List.of(value(1, "a", null), value(10, "b", "e2"), value(10, null, "e1"));
        assertEquals(List.of(new Found(changes.get(0), 1, 10L)), found(changes));
        assertEquals(1, Change.stays(changes).superseded());
    }

    @Test
    void aSupersededChangeDoesNotHideThatNothingChanged() {
        Change first = value(1, "a", "e1");
        List<Change> changes = List.of(first, value(10, "a", "e2"), value(10, "b", "e3"), value(20, "a", "e4"));
        assertEquals(List.of(new Found(first, 1, null)), found(changes));
    }

    @Test
    void changesWithoutAnOwnerAreSkipped() {
        List<Change> changes = List.of(new Change(-1, 0, 10, "a", null, DIMENSION, null));
        assertEquals(List.of(), found(changes));
        assertEquals(0, Change.stays(changes).superseded());
    }

    @Test
    void noChangesMakeNoStays() {
        assertEquals(List.of(), found(List.of()));
    }

    @Test
    void anOwnedChangeNeedsAStateAndAnInstant() {
        assertThrows(
                IllegalArgumentException.class,
                () -> found(List.of(new Change(0, -1, 10, "a", null, DIMENSION, null))));
        assertThrows(IllegalArgumentException.class, () -> found(List.of(value(Long.MIN_VALUE, "a", null))));
        assertThrows(
                IllegalArgumentException.class,
                () -> StateStays.fromChanges(
                        2, new int[2], new int[2], new long[2], new int[2], new long[1], new int[2], Integer::compare));
    }

    @Test
    void aMillionChangesOfOneStateAtTwoValues() {
        int n = 1_000_000;
        int[] zeros = new int[n];
        long[] at = new long[n];
        int[] value = new int[n];
        long[] number = new long[n];
        Arrays.fill(number, StateNumbers.NULL);
        for (int i = 0; i < n; i++) {
            at[i] = (i * 7_919L) % n;
            value[i] = (int) (at[i] / 10 % 2);
        }
        StateStays stays = StateStays.fromChanges(n, zeros, zeros, at, value, number, zeros, Integer::compare);
        assertEquals(n / 10, stays.size());
        for (int i = 0; i < stays.size(); i++) {
            assertEquals(10L * i, stays.enteredAt(i));
            assertEquals(i + 1 == stays.size() ? Long.MIN_VALUE : 10L * i + 10, stays.exitedAt(i));
        }
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        Arbitrary<Integer> entity = Arbitraries.integers().between(-1, 4);
        Arbitrary<Integer> state = Arbitraries.integers().between(0, 2);
        Arbitrary<Long> at = Arbitraries.longs().between(-8, 8);
        Arbitrary<String> value = Arbitraries.of("a", "b").injectNull(0.3);
        Arbitrary<Double> number = Arbitraries.of(-1.0, 0.0, 2.5).injectNull(0.6);
        Arbitrary<Integer> category = Arbitraries.of(0, 0, 0, 1, 2);
        Arbitrary<String> event = Arbitraries.of("e1", "e2", "e3").injectNull(0.3);
        return Combinators.combine(entity, state, at, value, number, category, event)
                .as((e, s, t, v, n, c, id) -> new Change(e, s, t, v, n, c, id))
                .list()
                .ofMaxSize(120);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void staysAreTheOracles(@ForAll("changes") List<Change> changes) {
        List<Found> expected = new ArrayList<>();
        long superseded = 0;
        for (Map<Long, Change> winners : winners(changes)) {
            Change open = null;
            for (Change change : winners.values()) {
                if (open != null && change.sameAs(open)) {
                    continue;
                }
                if (open != null) {
                    Found last = expected.remove(expected.size() - 1);
                    expected.add(new Found(last.opener(), last.entered(), change.at()));
                }
                open = change.ends() ? null : change;
                if (open != null) {
                    expected.add(new Found(open, open.at(), null));
                }
            }
            superseded -= winners.size();
        }
        superseded += changes.stream().filter(change -> change.entity() >= 0).count();
        assertEquals(expected, found(changes));
        assertEquals(superseded, Change.stays(changes).superseded());
    }

    /** Per (entity, state), the winner of each instant in order of time. */
    private static List<Map<Long, Change>> winners(List<Change> changes) {
        TreeMap<Integer, TreeMap<Integer, Map<Long, Change>>> winners = new TreeMap<>();
        for (Change change : changes) {
            if (change.entity() >= 0) {
                winners.computeIfAbsent(change.entity(), key -> new TreeMap<>())
                        .computeIfAbsent(change.state(), key -> new TreeMap<>())
                        .merge(change.at(), change, (a, b) -> Change.WINNER_FIRST.compare(a, b) <= 0 ? a : b);
            }
        }
        return winners.values().stream()
                .flatMap(states -> states.values().stream())
                .toList();
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void theOrderOfTheChangesDoesNotMatter(@ForAll("changes") List<Change> changes, @ForAll Random random) {
        List<Change> shuffled = new ArrayList<>(changes);
        Collections.shuffle(shuffled, random);
        assertEquals(found(changes), found(shuffled));
    }

    /** Changes by the ten thousand fill more than one of the buckets they are sorted in; hundreds do not. */
    @Test
    void theStaysOfManyEntitiesAreThoseOfEachAlone() {
        Random random = new Random(1);
        List<Change> changes = new ArrayList<>();
        TreeMap<Integer, List<Change>> byEntity = new TreeMap<>();
        for (int i = 0; i < 30_000; i++) {
            String value = random.nextInt(8) == 0 ? null : "v" + random.nextInt(3);
            Change change = new Change(
                    random.nextInt(4_000), random.nextInt(3), random.nextInt(50), value, null, DIMENSION, "e" + i);
            changes.add(change);
            byEntity.computeIfAbsent(change.entity(), key -> new ArrayList<>()).add(change);
        }
        List<Found> expected = new ArrayList<>();
        byEntity.values().forEach(alone -> expected.addAll(found(alone)));
        assertEquals(expected, found(changes));
    }

    /** A change to a value, 0 an end, that lasts. */
    private record Lasting(int entity, long at, int value, long lasts) {}

    private static List<String> lasting(List<Lasting> changes) {
        int n = changes.size();
        long[] number = new long[n];
        Arrays.fill(number, StateNumbers.NULL);
        int[] value = changes.stream().mapToInt(c -> c.value - 1).toArray();
        StateStays stays = StateStays.fromChanges(
                n,
                changes.stream().mapToInt(Lasting::entity).toArray(),
                new int[n],
                changes.stream().mapToLong(Lasting::at).toArray(),
                value,
                number,
                new int[n],
                changes.stream().mapToLong(Lasting::lasts).toArray(),
                (a, b) -> Integer.compare(changes.get(a).entity, changes.get(b).entity)); // no events: all equal
        List<String> found = new ArrayList<>();
        for (int i = 0; i < stays.size(); i++) {
            Lasting opener = changes.get(stays.row(i));
            String exit = stays.exitedAt(i) == Long.MIN_VALUE ? "" : Long.toString(stays.exitedAt(i));
            found.add(opener.entity + ": " + opener.value + " [" + stays.enteredAt(i) + ", " + exit + ")");
        }
        return found;
    }

    @Test
    void aStayThatLastsEndsByItselfOrByTheNextChange() {
        assertEquals(
                List.of("0: 1 [10, 15)", "0: 2 [20, 23)", "0: 3 [23, 25)", "0: 1 [30, )"),
                lasting(List.of(
                        new Lasting(0, 10, 1, 5),
                        new Lasting(0, 20, 2, 5),
                        new Lasting(0, 23, 3, 5),
                        new Lasting(0, 25, 0, 0),
                        new Lasting(0, 30, 1, 0))));
    }

    @Test
    void theSameChangeAgainStartsTheTimeAnew() {
        assertEquals(
                List.of("0: 1 [10, 23)", "0: 1 [30, 35)"),
                lasting(List.of(
                        new Lasting(0, 10, 1, 5),
                        new Lasting(0, 13, 1, 5),
                        new Lasting(0, 18, 1, 5),
                        new Lasting(0, 30, 1, 5))));
    }

    @Test
    void timeWithoutEndEndsNever() {
        assertEquals(
                List.of("0: 1 [10, " + Long.MAX_VALUE + ")"), lasting(List.of(new Lasting(0, 10, 1, Long.MAX_VALUE))));
        assertThrows(IllegalArgumentException.class, () -> lasting(List.of(new Lasting(0, 10, 1, -1))));
    }

    @Provide
    Arbitrary<List<Lasting>> lastingChanges() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.longs().between(0, 30),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of(0L, 1L, 3L, 8L))
                .as(Lasting::new)
                .list()
                .ofMaxSize(30);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void atEveryInstantTheLastChangeHoldsUnlessItsTimeIsOver(@ForAll("lastingChanges") List<Lasting> changes) {
        List<String> found = lasting(changes);
        int[] entity = new int[found.size()];
        long[] from = new long[found.size()];
        long[] to = new long[found.size()];
        long[] value = new long[found.size()];
        for (int i = 0; i < entity.length; i++) {
            String[] words = found.get(i).split("[^0-9]+", -1);
            entity[i] = Integer.parseInt(words[0]);
            value[i] = Integer.parseInt(words[1]);
            from[i] = Long.parseLong(words[2]);
            to[i] = words.length < 5 ? Long.MIN_VALUE : Long.parseLong(words[3]);
        }
        TimelineInvariants.of(entity, from, to).neighboursDiffer(value);
        for (int e = 0; e <= 2; e++) {
            for (long t = 0; t < 40; t++) {
                long shown = 0;
                for (int i = 0; i < entity.length; i++) {
                    boolean holds = entity[i] == e && from[i] <= t && (to[i] == Long.MIN_VALUE || t < to[i]);
                    shown = holds ? value[i] : shown;
                }
                assertEquals(valueAt(changes, e, t), shown, "entity " + e + " at " + t + " of " + found);
            }
        }
    }

    /** Looks at the last change only; of one instant the smallest value, an end last, then the shortest. */
    private static long valueAt(List<Lasting> changes, int entity, long t) {
        return changes.stream()
                .filter(c -> c.entity == entity && c.at <= t)
                .min(Comparator.comparing(Lasting::at, Comparator.reverseOrder())
                        .thenComparing(c -> c.value == 0 ? 9 : c.value)
                        .thenComparing(Lasting::lasts))
                .filter(c -> c.lasts == 0 || t < c.at + c.lasts)
                .map(Lasting::value)
                .orElse(0);
    }
}
