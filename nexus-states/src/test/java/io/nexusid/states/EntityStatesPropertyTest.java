package io.nexusid.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.AsOfTie;
import io.nexusid.api.DeltaMode;
import io.nexusid.api.GapMode;
import io.nexusid.fixtures.ChecksTimelines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random stays, crowded into few instants so that they overlap, tie, abut and leave gaps; against the oracle. */
@ChecksTimelines
class EntityStatesPropertyTest {
    /** States 0 to 3 have columns 0 to 3; state 4 has none. */
    private static final boolean[] MEASUREMENT = {false, true, true, false};

    private static final long LAST_INSTANT = 24;

    @Provide
    Arbitrary<List<Stay>> stays() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(1, 24))
                .flatAs((entities, instants) -> stay(entities, instants).list().ofMaxSize(90));
    }

    private static Arbitrary<Stay> stay(int entities, int instants) {
        Arbitrary<Integer> entity =
                Arbitraries.integers().between(0, entities - 1).map(i -> 3 * i);
        Arbitrary<Integer> state = Arbitraries.integers().between(0, 4);
        Arbitrary<Boolean> shown =
                Arbitraries.frequencyOf(Tuple.of(9, Arbitraries.just(true)), Tuple.of(1, Arbitraries.just(false)));
        Arbitrary<Long> entered = Arbitraries.longs().between(0, instants).injectNull(0.03);
        Arbitrary<Long> exited = Arbitraries.longs().between(0, instants).injectNull(0.2);
        Arbitrary<String> value = Arbitraries.of("a", "b").injectNull(0.3);
        Arbitrary<Double> number =
                Arbitraries.integers().between(-2, 9).map(Integer::doubleValue).injectNull(0.3);
        Arbitrary<String> event = Arbitraries.of("e1", "e2", "e3").injectNull(0.3);
        return Combinators.combine(entity, state, shown, entered, exited, value, number, event)
                .as((e, s, c, from, to, v, n, id) -> new Stay(e, s, c && s < 4 ? s : -1, from, to, v, n, id));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void everyCellIsTheOracles(@ForAll("stays") List<Stay> stays, @ForAll GapMode gaps, @ForAll DeltaMode deltas) {
        List<TimelineRow> expected = new TimelineOracle(stays, MEASUREMENT, gaps, deltas).table();
        assertEquals(expected, Stay.table(stays, MEASUREMENT, gaps, deltas));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void theOrderOfTheStaysDoesNotMatter(
            @ForAll("stays") List<Stay> stays, @ForAll GapMode gaps, @ForAll DeltaMode deltas, @ForAll Random random) {
        List<Stay> shuffled = new ArrayList<>(stays);
        Collections.shuffle(shuffled, random);
        assertEquals(Stay.table(stays, MEASUREMENT, gaps, deltas), Stay.table(shuffled, MEASUREMENT, gaps, deltas));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void timelinesAreSortedAndDisjointWithAtMostOneCurrentRow(
            @ForAll("stays") List<Stay> stays, @ForAll GapMode gaps, @ForAll DeltaMode deltas) {
        List<TimelineRow> table = Stay.table(stays, MEASUREMENT, gaps, deltas);
        for (int i = 0; i < table.size(); i++) {
            TimelineRow row = table.get(i);
            boolean last = i + 1 == table.size() || table.get(i + 1).entity() != row.entity();
            assertTrue(row.to() == null || row.to() > row.from(), row::toString);
            assertTrue(!row.current() || (last && row.to() == null), row::toString);
            assertTrue(last || row.to() <= table.get(i + 1).from(), row::toString);
            assertTrue(last || table.get(i + 1).entity() == row.entity(), row::toString);
            assertEquals(i > 0 && table.get(i - 1).entity() == row.entity(), row.hasPrevious());
            assertTrue(i == 0 || table.get(i - 1).entity() <= row.entity(), row::toString);
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void exactNumbersMakeTheSameTimelines(
            @ForAll("stays") List<Stay> stays, @ForAll GapMode gaps, @ForAll DeltaMode deltas, @ForAll boolean merge) {
        TimelineRules rules = new TimelineRules(gaps, deltas, NumberForm.DOUBLE, merge);
        assertEquals(
                Stay.table(stays, MEASUREMENT, rules), Stay.table(stays, MEASUREMENT, rules.with(NumberForm.EXACT)));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void coalescedRowsAreTheOraclesWithoutRepeats(
            @ForAll("stays") List<Stay> stays, @ForAll GapMode gaps, @ForAll DeltaMode deltas) {
        List<String> expected = new ArrayList<>();
        List<TimelineRow> all = new TimelineOracle(stays, MEASUREMENT, gaps, deltas).table();
        for (int i = 0; i < all.size(); ) {
            TimelineRow first = all.get(i);
            TimelineRow last = first;
            while (++i < all.size() && repeats(last, all.get(i))) {
                last = all.get(i);
            }
            expected.add(first.entity() + " " + first.from() + " " + last.to() + " " + last.current() + " "
                    + first.gap() + " " + first.hasPrevious() + " " + shown(first) + " " + first.deltas());
        }
        TimelineRules rules = TimelineRules.of(gaps, deltas).coalescing();
        List<String> found = new ArrayList<>();
        for (TimelineRow row : Stay.table(stays, MEASUREMENT, rules)) {
            found.add(row.entity() + " " + row.from() + " " + row.to() + " " + row.current() + " " + row.gap() + " "
                    + row.hasPrevious() + " " + shown(row) + " " + row.deltas());
        }
        assertEquals(expected, found);
    }

    private static boolean repeats(TimelineRow row, TimelineRow next) {
        return row.entity() == next.entity()
                && Objects.equals(row.to(), next.from())
                && !row.gap()
                && !next.gap()
                && shown(row).equals(shown(next));
    }

    private static List<Object> shown(TimelineRow row) {
        List<Object> shown = new ArrayList<>();
        for (int column = 0; column < MEASUREMENT.length; column++) {
            Stay stay = row.cells().get(column);
            shown.add(stay == null ? null : MEASUREMENT[column] ? stay.number() : stay.value());
        }
        return shown;
    }

    /** {@link ChecksTimelines} checks them. */
    @Property(edgeCases = EdgeCasesMode.NONE)
    void everyTimelineKeepsItsPromises(
            @ForAll("stays") List<Stay> stays, @ForAll GapMode gaps, @ForAll DeltaMode deltas, @ForAll boolean merge) {
        Stay.timelines(stays, MEASUREMENT, new TimelineRules(gaps, deltas, NumberForm.EXACT, merge));
    }

    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void atEachInstantTheRowIsTheOneThatHoldsIt(
            @ForAll("stays") List<Stay> stays, @ForAll GapMode gaps, @ForAll AsOfTie tie) {
        TimelineRules rules = TimelineRules.of(gaps, DeltaMode.CONSERVING);
        EntityStates states = Stay.timelines(stays, MEASUREMENT, rules);
        List<TimelineRow> table = Stay.table(stays, MEASUREMENT, rules);
        for (int entity = -1; entity <= 10; entity++) {
            for (long t = -1; t <= LAST_INSTANT + 1; t++) {
                int expected = -1;
                for (int row = 0; row < table.size(); row++) {
                    TimelineRow r = table.get(row);
                    boolean holds = tie == AsOfTie.AT ? r.contains(t) : r.from() < t && (r.to() == null || r.to() >= t);
                    if (r.entity() == entity && holds && !r.gap()) {
                        expected = row;
                    }
                }
                assertEquals(expected, states.rowAt(entity, t, tie));
            }
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void closedTimelinesShowAtEveryInstantWhatIsInForce(@ForAll("stays") List<Stay> stays, @ForAll DeltaMode deltas) {
        List<TimelineRow> table = Stay.table(stays, MEASUREMENT, GapMode.CLOSE, deltas);
        TimelineOracle oracle = new TimelineOracle(stays, MEASUREMENT, GapMode.CLOSE, deltas);
        for (int entity : oracle.entities()) {
            for (long t = -1; t <= LAST_INSTANT + 1; t++) {
                long instant = t;
                long rows = table.stream()
                        .filter(row -> row.entity() == entity && !row.gap() && row.contains(instant))
                        .count();
                assertEquals(oracle.inForce(entity, t).isEmpty() ? 0 : 1, rows, "entity " + entity + " at " + t);
            }
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void conservingDeltasAddUpToTheValueInForceAtEveryInstant(@ForAll("stays") List<Stay> stays) {
        List<TimelineRow> table = Stay.table(stays, MEASUREMENT, GapMode.CLOSE, DeltaMode.CONSERVING);
        TimelineOracle oracle = new TimelineOracle(stays, MEASUREMENT, GapMode.CLOSE, DeltaMode.CONSERVING);
        for (int entity : oracle.entities()) {
            for (long t = -1; t <= LAST_INSTANT + 1; t++) {
                double[] held = new double[MEASUREMENT.length];
                oracle.inForce(entity, t).values().stream()
                        .filter(stay -> stay.column() >= 0 && MEASUREMENT[stay.column()] && stay.number() != null)
                        .forEach(stay -> held[stay.column()] = stay.number());
                assertEquals(
                        Arrays.toString(held),
                        Arrays.toString(sumOfDeltas(table, entity, t)),
                        "entity " + entity + " at " + t);
            }
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void conservingDeltasAddUpToTheValueShownWhenGapsAreBridged(@ForAll("stays") List<Stay> stays) {
        List<TimelineRow> table = Stay.table(stays, MEASUREMENT, GapMode.COMPAT, DeltaMode.CONSERVING);
        for (TimelineRow row : table) {
            double[] shown = new double[MEASUREMENT.length];
            for (int column = 0; column < shown.length; column++) {
                shown[column] = MEASUREMENT[column] && row.number(column) != null ? row.number(column) : 0;
            }
            assertEquals(
                    Arrays.toString(shown),
                    Arrays.toString(sumOfDeltas(table, row.entity(), row.from())),
                    row::toString);
        }
    }

    private static double[] sumOfDeltas(List<TimelineRow> table, int entity, long until) {
        double[] sums = new double[MEASUREMENT.length];
        for (TimelineRow row : table) {
            for (int column = 0; column < sums.length; column++) {
                Double delta = row.deltas().get(column);
                if (row.entity() == entity && row.from() <= until && delta != null) {
                    sums[column] += delta;
                }
            }
        }
        return sums;
    }
}
