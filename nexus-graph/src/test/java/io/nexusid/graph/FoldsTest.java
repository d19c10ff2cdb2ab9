package io.nexusid.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import it.unimi.dsi.fastutil.ints.IntComparator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The three folds against the rules written with sorted maps and streams. */
class FoldsTest {
    private static final long NULL = Long.MIN_VALUE;
    /** Finds all row numbers equal. */
    private static final IntComparator NO_ORDER = (a, b) -> Integer.compare(a >>> 31, b >>> 31);

    /** Random columns; {@code tie} is a total order of the rows that has nothing to do with their numbers. */
    private static final class Columns {
        final int rows;
        final int[] entity;
        final int[] second;
        final int[] third;
        final long[] occurredAt;
        final long[] ingestedAt;
        final int[] tie;

        Columns(int[] entity, int[] second, int[] third, long[] occurredAt, long[] ingestedAt, int[] tie) {
            this.rows = entity.length;
            this.entity = entity;
            this.second = second;
            this.third = third;
            this.occurredAt = occurredAt;
            this.ingestedAt = ingestedAt;
            this.tie = tie;
        }

        static Columns random(SplittableRandom random, int rows) {
            int entities = 1 + random.nextInt(Math.max(1, rows / 3));
            int bound = 1 + random.nextInt(8);
            return new Columns(
                    Rows.codes(random, rows, entities, 0.1),
                    Rows.codes(random, rows, bound, 0.1),
                    Rows.codes(random, rows, 3, 0.2),
                    Rows.instants(random, rows),
                    Rows.instants(random, rows),
                    Rows.permutation(random, rows));
        }

        Columns reordered(int[] order) {
            return new Columns(
                    Rows.reordered(entity, order),
                    Rows.reordered(second, order),
                    Rows.reordered(third, order),
                    Rows.reordered(occurredAt, order),
                    Rows.reordered(ingestedAt, order),
                    Rows.reordered(tie, order));
        }

        IntComparator byTie() {
            return (a, b) -> Integer.compare(tie[a], tie[b]);
        }

        /** Row numbers of each key, keys in the order of lists of numbers. */
        NavigableMap<List<Long>, List<Integer>> groups(IntFunction<List<Long>> key) {
            NavigableMap<List<Long>, List<Integer>> groups = new TreeMap<>(FoldsTest::compareLists);
            for (int row = 0; row < rows; row++) {
                if (entity[row] >= 0) {
                    groups.computeIfAbsent(key.apply(row), k -> new ArrayList<>())
                            .add(row);
                }
            }
            return groups;
        }

        int latest(List<Integer> group, boolean withIngestedAt) {
            Comparator<Integer> best =
                    Comparator.comparing((Integer row) -> occurredAt[row], Comparator.reverseOrder());
            if (withIngestedAt) {
                best = best.thenComparing(row -> ingestedAt[row], Comparator.reverseOrder());
            }
            return group.stream().min(best.thenComparing(row -> tie[row])).orElseThrow();
        }

        long least(List<Integer> group) {
            return group.stream()
                    .mapToLong(row -> occurredAt[row])
                    .filter(t -> t != NULL)
                    .min()
                    .orElse(NULL);
        }

        long greatest(List<Integer> group) {
            return group.stream().mapToLong(row -> occurredAt[row]).max().orElseThrow();
        }
    }

    private static int compareLists(List<Long> a, List<Long> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = a.get(i).compareTo(b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** Null codes as a number greater than all. */
    private static long last(int code) {
        return code < 0 ? Long.MAX_VALUE : code;
    }

    @Property(tries = 400)
    void theLatestRowOfEveryTraitWins(
            @ForAll long seed, @ForAll @IntRange(max = 300) int rows, @ForAll boolean withIngestedAt) {
        SplittableRandom random = new SplittableRandom(seed);
        Columns c = Columns.random(random, rows);
        int[] expected = c.groups(row -> List.of((long) c.entity[row], last(c.second[row]))).values().stream()
                .mapToInt(group -> c.latest(group, withIngestedAt))
                .toArray();
        assertArrayEquals(
                expected,
                TraitFold.winners(
                        rows, c.entity, c.second, c.occurredAt, withIngestedAt ? c.ingestedAt : null, c.byTie()));

        int[] order = Rows.permutation(random, rows);
        Columns r = c.reordered(order);
        int[] winners = TraitFold.winners(
                rows, r.entity, r.second, r.occurredAt, withIngestedAt ? r.ingestedAt : null, r.byTie());
        assertArrayEquals(expected, Rows.reordered(order, winners));
    }

    @Property(tries = 400)
    void theLatestDeclarationOfEveryRelationshipWins(@ForAll long seed, @ForAll @IntRange(max = 300) int rows) {
        SplittableRandom random = new SplittableRandom(seed);
        Columns c = Columns.random(random, rows);
        NavigableMap<List<Long>, List<Integer>> groups =
                c.groups(row -> List.of((long) c.entity[row], (long) c.second[row], last(c.third[row])));
        groups.keySet().removeIf(key -> key.get(1) < 0);
        List<List<Integer>> expected = List.copyOf(groups.values());

        int[] order = Rows.permutation(random, rows);
        for (int[] rowOf : new int[][] {Rows.ascending(rows), order}) {
            Columns r = c.reordered(rowOf);
            Relationships found = Relationships.compute(rows, r.entity, r.second, r.third, r.occurredAt, r.byTie());
            assertEquals(expected.size(), found.size());
            for (int i = 0; i < found.size(); i++) {
                assertEquals(c.latest(expected.get(i), false), rowOf[found.row(i)]);
                assertEquals(c.least(expected.get(i)), found.createdAt(i));
                assertEquals(c.greatest(expected.get(i)), found.updatedAt(i));
            }
        }
    }

    @Property(tries = 400)
    void oneParticipantForEveryEntityEventAndRole(
            @ForAll long seed, @ForAll @IntRange(max = 300) int rows, @ForAll boolean splitByTime) {
        SplittableRandom random = new SplittableRandom(seed);
        Columns c = Columns.random(random, rows);
        // The order of event ids is not the order of their codes.
        int[] idRank = Rows.permutation(random, 16);
        List<List<Integer>> groups = new ArrayList<>(c.groups(row -> List.of(
                        (long) c.entity[row],
                        (long) c.second[row],
                        (long) c.third[row],
                        splitByTime ? c.occurredAt[row] : 0))
                .values());
        groups.sort(Comparator.comparing((List<Integer> g) -> c.entity[g.get(0)])
                .thenComparing(g -> c.least(g) == NULL)
                .thenComparing(c::least)
                .thenComparing(g -> c.second[g.get(0)] < 0 ? 99 : idRank[c.second[g.get(0)]])
                .thenComparing(g -> last(c.third[g.get(0)])));
        IntComparator eventOrder = (a, b) -> Integer.compare(idRank[a], idRank[b]);

        Participants found =
                Participants.compute(rows, c.entity, c.second, c.third, c.occurredAt, splitByTime, eventOrder);
        assertEquals(groups.size(), found.size());
        for (int i = 0; i < found.size(); i++) {
            assertEquals(groups.get(i).get(0), found.row(i));
            assertEquals(c.least(groups.get(i)), found.occurredAt(i));
        }

        int[] order = Rows.permutation(random, rows);
        Columns r = c.reordered(order);
        Participants shuffled =
                Participants.compute(rows, r.entity, r.second, r.third, r.occurredAt, splitByTime, eventOrder);
        assertEquals(groups.size(), shuffled.size());
        for (int i = 0; i < shuffled.size(); i++) {
            assertTrue(groups.get(i).contains(order[shuffled.row(i)]));
            assertEquals(c.least(groups.get(i)), shuffled.occurredAt(i));
        }
    }

    @Test
    void anEntityWithAMillionRowsIsFoldedWithoutAQuadraticStep() {
        int rows = 1_000_000;
        SplittableRandom random = new SplittableRandom(1);
        int[] entity = new int[rows];
        int[] event = Rows.permutation(random, rows);
        int[] role = new int[rows];
        long[] sameInstant = new long[rows];
        long[] backwards = IntStream.range(0, rows).mapToLong(i -> -event[i]).toArray();
        IntComparator downwards = (a, b) -> Integer.compare(b, a);

        Participants tied = Participants.compute(rows, entity, event, role, sameInstant, false, downwards);
        Participants inTime = Participants.compute(rows, entity, event, role, backwards, true, downwards);
        assertEquals(rows, tied.size());
        for (int i = 0; i < rows; i++) {
            assertEquals(rows - 1 - i, event[tied.row(i)]);
            assertEquals(tied.row(i), inTime.row(i));
        }
        Relationships relationships = Relationships.compute(rows, entity, event, role, sameInstant, NO_ORDER);
        int[] winners = TraitFold.winners(rows, entity, event, sameInstant, null, NO_ORDER);
        for (int i = 0; i < rows; i++) {
            assertEquals(i, event[relationships.row(i)]);
            assertEquals(relationships.row(i), winners[i]);
        }
    }

    /** Rows by the ten thousand fill more than one of the buckets they are sorted in; hundreds do not. */
    @Test
    void manyRowsAreFoldedByTheSameRules() {
        theLatestRowOfEveryTraitWins(1, 30_000, true);
        oneParticipantForEveryEntityEventAndRole(2, 30_000, true);
        oneParticipantForEveryEntityEventAndRole(3, 30_000, false);
    }

    @Test
    void identicalRowsLeaveTheSmallestRowNumber() {
        int[] zeros = new int[5];
        long[] nulls = {NULL, NULL, NULL, NULL, NULL};
        assertArrayEquals(new int[] {0}, TraitFold.winners(5, zeros, zeros, nulls, nulls, NO_ORDER));
        Relationships one = Relationships.compute(5, zeros, zeros, zeros, nulls, NO_ORDER);
        assertEquals(1, one.size());
        assertEquals(0, one.row(0));
        assertEquals(NULL, one.createdAt(0));
        assertEquals(NULL, one.updatedAt(0));
    }

    @Test
    void noRowsGiveNothing() {
        int[] none = new int[0];
        long[] never = new long[0];
        assertEquals(0, TraitFold.winners(0, none, none, never, null, NO_ORDER).length);
        assertEquals(
                0, Relationships.compute(0, none, none, none, never, NO_ORDER).size());
        assertEquals(
                0,
                Participants.compute(0, none, none, none, never, true, NO_ORDER).size());
    }
}
