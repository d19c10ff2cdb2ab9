package io.nexusid.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexusid.api.AsOfTie;
import io.nexusid.api.DeltaMode;
import io.nexusid.api.GapMode;
import io.nexusid.fixtures.ChecksTimelines;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

@ChecksTimelines
class AsOfJoinTest {
    private static final long EVER = Long.MIN_VALUE;
    private static final long NEVER = Long.MAX_VALUE;

    private static Stay stay(int entity, int state, long entered, Long exited) {
        return new Stay(entity, state, state, entered, exited, "v", 1.0, null);
    }

    private static EntityStates timelines(List<Stay> stays, GapMode gaps) {
        return Stay.timelines(stays, new boolean[] {false, true}, gaps, DeltaMode.CONSERVING);
    }

    private static List<Integer> joined(EntityStates timelines, AsOfTie tie, int entity, long... instants) {
        int[] entities = new int[instants.length];
        Arrays.fill(entities, entity);
        AsOfJoin join = AsOfJoin.compute(instants.length, entities, instants, timelines, tie, EVER, NEVER);
        return IntStream.range(0, instants.length).map(join::state).boxed().toList();
    }

    @Test
    void anEventAtTheInstantOfAChangeSeesTheStateBefore() {
        EntityStates timelines = timelines(List.of(stay(0, 0, 10, 20L), stay(0, 0, 20, 30L)), GapMode.CLOSE);
        assertEquals(List.of(-1, -1, 0, 0, 1, 1, -1), joined(timelines, AsOfTie.BEFORE, 0, 9, 10, 11, 20, 21, 30, 31));
        assertEquals(List.of(-1, 0, 0, 1, 1, -1, -1), joined(timelines, AsOfTie.AT, 0, 9, 10, 11, 20, 21, 30, 31));
    }

    @Test
    void aGapHasNoStateEvenWhereItHasARow() {
        EntityStates timelines = timelines(List.of(stay(0, 1, 10, 20L), stay(0, 1, 30, null)), GapMode.CLOSE);
        assertEquals(3, timelines.size());
        assertEquals(List.of(0, -1, -1, 2), joined(timelines, AsOfTie.BEFORE, 0, 20, 25, 30, 31));
        assertEquals(List.of(-1, -1, 2, 2), joined(timelines, AsOfTie.AT, 0, 20, 25, 30, 31));
    }

    @Test
    void theWindowIsHalfOpenAndOthersHaveNoState() {
        EntityStates timelines = timelines(List.of(stay(1, 0, 10, null)), GapMode.CLOSE);
        int[] entity = {1, 1, 1, 0, 2, -1, 1};
        long[] at = {49, 50, 60, 55, 55, 55, Long.MIN_VALUE};
        AsOfJoin join = AsOfJoin.compute(7, entity, at, timelines, AsOfTie.BEFORE, 50, 60);
        assertEquals(1, join.matched());
        assertEquals(0, join.state(1));
        assertEquals(-1, join.state(0));
        assertEquals(-1, join.state(2));
        assertThrows(
                IllegalArgumentException.class,
                () -> AsOfJoin.compute(8, entity, at, timelines, AsOfTie.BEFORE, EVER, NEVER));
    }

    @Test
    void theGreatestInstantIsJoinedIfThereIsNoEnd() {
        EntityStates timelines = timelines(List.of(stay(0, 0, 10, null)), GapMode.CLOSE);
        assertEquals(List.of(0), joined(timelines, AsOfTie.BEFORE, 0, Long.MAX_VALUE));
    }

    @Test
    void noTimelinesMatchNothing() {
        assertEquals(List.of(-1), joined(timelines(List.of(), GapMode.CLOSE), AsOfTie.AT, 0, 5));
    }

    @Test
    void aMillionChangesAndAMillionEventsOfOneEntity() {
        int n = 1_000_000;
        long[] entered = new long[n];
        long[] exited = new long[n];
        boolean[] present = new boolean[n];
        Arrays.fill(present, true);
        for (int i = 0; i < n; i++) {
            entered[i] = 10L * i;
            exited[i] = 10L * i + 10;
        }
        EntityStates timelines = TimelineTables.noted(EntityStates.compute(
                n,
                new int[n],
                new int[n],
                new int[n],
                new boolean[1],
                entered,
                exited,
                present,
                new long[n],
                Integer::compare,
                GapMode.CLOSE,
                DeltaMode.CONSERVING));
        long[] at = new long[n];
        for (int i = 0; i < n; i++) {
            at[i] = i * 7_919L % n * 10 + 5;
        }
        AsOfJoin join = AsOfJoin.compute(n, new int[n], at, timelines, AsOfTie.BEFORE, EVER, NEVER);
        assertEquals(n, join.matched());
        for (int i = 0; i < n; i++) {
            assertEquals(at[i] / 10, join.state(i));
        }
    }

    @Provide
    Arbitrary<List<Stay>> stays() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.longs().between(0, 40),
                        Arbitraries.longs().between(0, 44).injectNull(0.1))
                .as(AsOfJoinTest::stay)
                .list()
                .ofMaxSize(60);
    }

    /** Each number is an entity, -1 to 5, and an instant, -1 to 43. */
    @Provide
    Arbitrary<List<Integer>> events() {
        return Arbitraries.integers().between(0, 7 * 45 - 1).list().ofMaxSize(200);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void whateverTheOrderEveryRowSeesWhatALookUpFinds(
            @ForAll("stays") List<Stay> stays,
            @ForAll("events") List<Integer> events,
            @ForAll GapMode gaps,
            @ForAll AsOfTie tie,
            @ForAll boolean sorted) {
        EntityStates timelines = timelines(stays, gaps);
        List<Integer> ordered = sorted ? events.stream().sorted().toList() : events;
        int[] entity = ordered.stream().mapToInt(e -> e / 45 - 1).toArray();
        long[] at = ordered.stream().mapToLong(e -> e % 45 - 1).toArray();
        AsOfJoin join = AsOfJoin.compute(entity.length, entity, at, timelines, tie, 3, 40);
        int matched = 0;
        for (int row = 0; row < entity.length; row++) {
            int expected = -1;
            for (int i = 0; i < timelines.size(); i++) {
                long from = timelines.validFrom(i);
                long to = timelines.validTo(i) == Long.MIN_VALUE ? NEVER : timelines.validTo(i);
                boolean holds = tie == AsOfTie.AT ? from <= at[row] && at[row] < to : from < at[row] && at[row] <= to;
                if (timelines.entity(i) == entity[row]
                        && holds
                        && !timelines.isGap(i)
                        && at[row] >= 3
                        && at[row] < 40) {
                    expected = i;
                }
            }
            assertEquals(expected, join.state(row), "row " + row);
            matched += expected < 0 ? 0 : 1;
        }
        assertEquals(matched, join.matched());
    }
}
