package io.nexusid.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.AsOfTie;
import io.nexusid.api.DeltaMode;
import io.nexusid.api.GapMode;
import io.nexusid.fixtures.ChecksTimelines;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** {@link Periods}, and what is counted by them: {@link Snapshots} and {@link Movements}. */
@ChecksTimelines
class SnapshotsTest {
    private static final long HOUR = 3_600_000_000L;
    private static final long START = at("2024-02-01T00:00");
    private static final boolean[] MEASUREMENT = {false, true};

    private static long at(String instant) {
        return LocalDateTime.parse(instant).toEpochSecond(ZoneOffset.UTC) * 1_000_000;
    }

    private static List<String> starts(Periods periods) {
        return IntStream.rangeClosed(0, periods.size())
                .mapToLong(p -> p == periods.size() ? periods.end(p - 1) : periods.start(p))
                .mapToObj(micros -> LocalDateTime.ofEpochSecond(micros / 1_000_000, 0, ZoneOffset.UTC)
                        .toString())
                .toList();
    }

    @Test
    void daysWeeksAndMonthsCoverARangeInUtc() {
        long from = at("2024-02-28T23:59");
        long to = at("2024-03-01T00:00") + 1;
        assertEquals(
                List.of("2024-02-28T00:00", "2024-02-29T00:00", "2024-03-01T00:00", "2024-03-02T00:00"),
                starts(Periods.covering(Periods.Unit.DAY, from, to)));
        assertEquals(
                List.of("2024-02-26T00:00", "2024-03-04T00:00"), starts(Periods.covering(Periods.Unit.WEEK, from, to)));
        assertEquals(
                List.of("2024-02-01T00:00", "2024-03-01T00:00", "2024-04-01T00:00"),
                starts(Periods.covering(Periods.Unit.MONTH, from, to)));
    }

    @Test
    void aPeriodIsHalfOpenBeforeTheEpochToo() {
        Periods days = Periods.covering(Periods.Unit.DAY, -1, 1);
        assertEquals(2, days.size());
        assertEquals(0, days.at(-1));
        assertEquals(1, days.at(0));
        assertEquals(-1, days.at(days.start(0) - 1));
        assertEquals(2, days.at(days.end(1)));
    }

    @Test
    void emptyAndEndlessRangesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Periods.covering(Periods.Unit.DAY, 5, 5));
        assertThrows(
                IllegalArgumentException.class,
                () -> Periods.covering(Periods.Unit.DAY, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    private static Stay plan(int entity, long from, Long to, String value) {
        return new Stay(entity, 0, 0, from, to, value, null, null);
    }

    private static Stay mrr(int entity, long from, Long to, double number) {
        return new Stay(entity, 1, 1, from, to, null, number, null);
    }

    private static EntityStates timelines(List<Stay> stays, TimelineRules rules) {
        return Stay.timelines(stays, MEASUREMENT, rules);
    }

    private static EntityStates timelines(List<Stay> stays) {
        return timelines(stays, TimelineRules.of(GapMode.CLOSE, DeltaMode.CONSERVING));
    }

    @Test
    void aSnapshotShowsTheStateAtTheLastMicrosecondOfItsPeriod() {
        Periods days = Periods.covering(Periods.Unit.DAY, START, START + 3 * 24 * HOUR);
        EntityStates timelines = timelines(
                List.of(plan(4, START + 24 * HOUR - 1, START + 48 * HOUR, "a"), plan(4, START + 48 * HOUR, null, "b")));
        Snapshots snapshots = Snapshots.of(timelines, days, 3);
        assertEquals(3, snapshots.size());
        assertEquals(List.of(0, 0, 1), List.of(snapshots.state(0), snapshots.state(1), snapshots.state(2)));
        assertEquals(List.of(0, 1, 2), List.of(snapshots.period(0), snapshots.period(1), snapshots.period(2)));
        assertThrows(IllegalArgumentException.class, () -> Snapshots.of(timelines, days, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> snapshots.state(3));
    }

    @Test
    void movementsTellNewFromReturnedValues() {
        Periods days = Periods.covering(Periods.Unit.DAY, START, START + 3 * 24 * HOUR);
        EntityStates timelines = timelines(List.of(
                mrr(0, START - HOUR, START + 30 * HOUR, 100),
                mrr(1, START, START + HOUR, 10),
                mrr(1, START + HOUR, START + 2 * HOUR, 25),
                mrr(1, START + 50 * HOUR, null, 5),
                plan(2, START, null, "no number")));
        Movements movements = Movements.compute(timelines, 1, new int[] {0, 0, 1}, 2, days, NumberForm.DOUBLE);
        assertEquals(List.of(100.0, 10.0, 15.0, -25.0, 100.0), figures(movements, 0, 0));
        assertEquals(List.of(100.0, 0.0, 0.0, -100.0, 0.0), figures(movements, 0, 1));
        assertEquals(List.of(0.0, 0.0, 5.0, 0.0, 5.0), figures(movements, 0, 2));
        assertTrue(movements.has(0));
        assertFalse(movements.has(1));
        assertThrows(IllegalArgumentException.class, () -> movements.closing(1, 0));
        assertThrows(IllegalArgumentException.class, () -> movements.closing(0, 3));
    }

    private static List<Double> figures(Movements movements, int group, int period) {
        return List.of(
                StateNumbers.value(movements.opening(group, period)),
                StateNumbers.value(movements.arrived(group, period)),
                StateNumbers.value(movements.gained(group, period)),
                StateNumbers.value(movements.lost(group, period)),
                StateNumbers.value(movements.closing(group, period)));
    }

    @Test
    void sumsOfExactNumbersMayUseAllBitsAndNoMore() {
        Periods day = Periods.covering(Periods.Unit.DAY, START, START + 1);
        double most = 0x1p61;
        TimelineRules exact =
                TimelineRules.of(GapMode.CLOSE, DeltaMode.CONSERVING).with(NumberForm.EXACT);
        List<Stay> stays = new ArrayList<>();
        for (int entity = 0; entity < 4; entity++) {
            EntityStates timelines = timelines(stays, exact);
            Movements.compute(timelines, 1, new int[4], 1, day, NumberForm.EXACT);
            stays.add(mrr(entity, START, null, most));
        }
        EntityStates tooMuch = timelines(stays, exact);
        assertThrows(
                ArithmeticException.class, () -> Movements.compute(tooMuch, 1, new int[4], 1, day, NumberForm.EXACT));
    }

    @Provide
    Arbitrary<List<Stay>> stays() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 200),
                        Arbitraries.integers().between(0, 220).injectNull(0.15),
                        Arbitraries.integers().between(-3, 9))
                .as((entity, number, from, to, value) -> {
                    Long end = to == null ? null : START + to * HOUR;
                    return number
                            ? mrr(entity, START + from * HOUR, end, value)
                            : plan(entity, START + from * HOUR, end, "v" + value);
                })
                .list()
                .ofMaxSize(30);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void snapshotsAreTheRowsAtTheEndOfEachPeriod(
            @ForAll("stays") List<Stay> stays, @ForAll Periods.Unit unit, @ForAll GapMode gaps) {
        Periods periods = Periods.covering(unit, START + 30 * HOUR, START + 150 * HOUR);
        EntityStates timelines = timelines(stays, TimelineRules.of(gaps, DeltaMode.CONSERVING));
        List<String> expected = new ArrayList<>();
        for (int entity = 0; entity < 5; entity++) {
            for (int period = 0; period < periods.size(); period++) {
                int row = timelines.rowAt(entity, periods.end(period) - 1, AsOfTie.AT);
                if (row >= 0) {
                    expected.add(period + " " + row);
                }
            }
        }
        Snapshots snapshots = Snapshots.of(timelines, periods, Integer.MAX_VALUE);
        List<String> found = IntStream.range(0, snapshots.size())
                .mapToObj(i -> snapshots.period(i) + " " + snapshots.state(i))
                .toList();
        assertEquals(expected, found);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void movementsAddUpToTheValuesInForce(
            @ForAll("stays") List<Stay> stays, @ForAll Periods.Unit unit, @ForAll NumberForm form) {
        Periods periods = Periods.covering(unit, START + 30 * HOUR, START + 150 * HOUR);
        TimelineRules rules =
                TimelineRules.of(GapMode.CLOSE, DeltaMode.CONSERVING).with(form);
        EntityStates timelines = timelines(stays, rules);
        int[] groups = {0, 1, 0, -1, 1};
        Movements movements = Movements.compute(timelines, 1, groups, 2, periods, form);
        for (int group = 0; group < 2; group++) {
            int g = group;
            boolean any = IntStream.range(0, timelines.size())
                    .anyMatch(row ->
                            groups[timelines.entity(row)] == g && !StateNumbers.isNull(timelines.number(1, row)));
            assertEquals(any, movements.has(group));
            for (int period = 0; any && period < periods.size(); period++) {
                long[] figures = {
                    movements.opening(group, period),
                    movements.arrived(group, period),
                    movements.gained(group, period),
                    movements.lost(group, period),
                    movements.closing(group, period)
                };
                double[] expected = {
                    sumAt(stays, groups, group, periods.start(period) - 1),
                    firstValues(timelines, groups, group, periods.start(period), periods.end(period), form),
                    deltas(timelines, groups, group, periods.start(period), periods.end(period), form, 1),
                    deltas(timelines, groups, group, periods.start(period), periods.end(period), form, -1),
                    sumAt(stays, groups, group, periods.end(period) - 1)
                };
                assertEquals(
                        Arrays.toString(expected),
                        Arrays.toString(Arrays.stream(figures)
                                .mapToDouble(f -> plain(f, form))
                                .toArray()));
            }
        }
    }

    private static double plain(long number, NumberForm form) {
        return form == NumberForm.EXACT ? number : StateNumbers.value(number);
    }

    /** From the stays alone: the values in force at an instant. */
    private static double sumAt(List<Stay> stays, int[] groups, int group, long t) {
        TimelineOracle oracle = new TimelineOracle(stays, MEASUREMENT, GapMode.CLOSE, DeltaMode.CONSERVING);
        return oracle.entities().stream()
                .filter(entity -> groups[entity] == group)
                .map(entity -> oracle.inForce(entity, t).get(1))
                .filter(Objects::nonNull)
                .mapToDouble(Stay::number)
                .sum();
    }

    private static int firstValued(EntityStates timelines, int entity) {
        return IntStream.range(0, timelines.size())
                .filter(row -> timelines.entity(row) == entity && !StateNumbers.isNull(timelines.number(1, row)))
                .findFirst()
                .orElse(-1);
    }

    private static double firstValues(
            EntityStates timelines, int[] groups, int group, long from, long to, NumberForm form) {
        return IntStream.range(0, groups.length)
                .filter(entity -> groups[entity] == group)
                .map(entity -> firstValued(timelines, entity))
                .filter(row -> row >= 0 && timelines.validFrom(row) >= from && timelines.validFrom(row) < to)
                .mapToDouble(row -> plain(timelines.number(1, row), form))
                .sum();
    }

    private static double deltas(
            EntityStates timelines, int[] groups, int group, long from, long to, NumberForm form, int sign) {
        return IntStream.range(0, timelines.size())
                .filter(row -> groups[timelines.entity(row)] == group
                        && timelines.validFrom(row) >= from
                        && timelines.validFrom(row) < to
                        && row != firstValued(timelines, timelines.entity(row))
                        && !StateNumbers.isNull(timelines.delta(1, row)))
                .mapToDouble(row -> plain(timelines.delta(1, row), form))
                .filter(delta -> delta * sign > 0)
                .sum();
    }
}
