package io.nexusid.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.DeltaMode;
import io.nexusid.api.GapMode;
import io.nexusid.fixtures.ChecksTimelines;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

@ChecksTimelines
class EntityStatesTest {
    private static final int LIFECYCLE = 0;
    private static final int MRR = 1;
    private static final boolean[] LIFECYCLE_AND_MRR = {false, true};
    private static final long OPEN = Long.MIN_VALUE;

    /** A value with a gap in the middle, and a number that returns later than it. */
    private static final List<Stay> GAP_EXAMPLE = List.of(
            lifecycle("01-01", "01-15", "trial"),
            lifecycle("01-15", "02-01", "active"),
            lifecycle("03-01", null, "active"),
            mrr("01-15", "02-01", 100.0),
            mrr("04-01", null, 100.0));

    @Test
    void gapsAreBridgedAndDeltasRepeatAsInTheReference() {
        assertEquals(
                List.of(
                        "01-01 to 01-15: trial - -",
                        "01-15 to 03-01: active 100.0 100.0",
                        "03-01 to 04-01: active - -",
                        "04-01 on: active 100.0 100.0, current"),
                printed(GAP_EXAMPLE, GapMode.COMPAT, DeltaMode.COMPAT));
    }

    @Test
    void aClosedGapTakesTheMeasurementAway() {
        assertEquals(
                List.of(
                        "01-01 to 01-15: trial - -",
                        "01-15 to 02-01: active 100.0 100.0",
                        "02-01 to 03-01: - - -100.0, gap",
                        "03-01 to 04-01: active - -",
                        "04-01 on: active 100.0 100.0, current"),
                printed(GAP_EXAMPLE, GapMode.CLOSE, DeltaMode.CONSERVING));
    }

    @Test
    void aClosedGapHasNoRowUnderCompatDeltas() {
        assertEquals(
                List.of(
                        "01-01 to 01-15: trial - -",
                        "01-15 to 02-01: active 100.0 100.0",
                        "03-01 to 04-01: active - -",
                        "04-01 on: active 100.0 100.0, current"),
                printed(GAP_EXAMPLE, GapMode.CLOSE, DeltaMode.COMPAT));
    }

    @Test
    void aBridgedGapLosesTheMeasurementWhereTheNextRowLacksIt() {
        assertEquals(
                List.of(
                        "01-01 to 01-15: trial - -",
                        "01-15 to 03-01: active 100.0 100.0",
                        "03-01 to 04-01: active - -100.0",
                        "04-01 on: active 100.0 100.0, current"),
                printed(GAP_EXAMPLE, GapMode.COMPAT, DeltaMode.CONSERVING));
    }

    @Test
    void theValueOnReturnFromAGapIsComparedToTheRowBefore() {
        List<Stay> stays = List.of(mrr("01-01", "02-01", 100.0), mrr("03-01", null, 130.0));
        List<String> reference = List.of("01-01 to 03-01: - 100.0 100.0", "03-01 on: - 130.0 30.0, current");
        assertEquals(reference, printed(stays, GapMode.COMPAT, DeltaMode.COMPAT));
        assertEquals(reference, printed(stays, GapMode.COMPAT, DeltaMode.CONSERVING));
        assertEquals(
                List.of("01-01 to 02-01: - 100.0 100.0", "03-01 on: - 130.0 30.0, current"),
                printed(stays, GapMode.CLOSE, DeltaMode.COMPAT));
        assertEquals(
                List.of(
                        "01-01 to 02-01: - 100.0 100.0",
                        "02-01 to 03-01: - - -100.0, gap",
                        "03-01 on: - 130.0 130.0, current"),
                printed(stays, GapMode.CLOSE, DeltaMode.CONSERVING));
    }

    @Test
    void anEntityThatLeftStaysCurrentOnlyInTheReference() {
        List<Stay> stays = List.of(lifecycle("01-01", "02-01", "trial"));
        assertEquals(List.of("01-01 on: trial - -, current"), printed(stays, GapMode.COMPAT, DeltaMode.COMPAT));
        assertEquals(List.of("01-01 to 02-01: trial - -"), printed(stays, GapMode.CLOSE, DeltaMode.CONSERVING));
    }

    @Test
    void aGapAfterTheLastMeasurementHasNoEndAndIsNotCurrent() {
        List<Stay> stays = List.of(mrr("01-01", "02-01", 5.0));
        assertEquals(
                List.of("01-01 to 02-01: - 5.0 5.0", "02-01 on: - - -5.0, gap"),
                printed(stays, GapMode.CLOSE, DeltaMode.CONSERVING));
        assertTrue(Stay.timelines(stays, LIFECYCLE_AND_MRR, GapMode.CLOSE, DeltaMode.CONSERVING)
                .hasPrevious(1));
    }

    @Test
    void changePointsInsideAGapMakeNoSecondGapRow() {
        List<Stay> stays = List.of(
                mrr("01-01", "02-01", 5.0), lifecycle("02-10", "02-10", "moment"), lifecycle("02-20", "02-15", "odd"));
        assertEquals(
                List.of("01-01 to 02-01: - 5.0 5.0", "02-01 on: - - -5.0, gap"),
                printed(stays, GapMode.CLOSE, DeltaMode.CONSERVING));
    }

    @Test
    void aMeasurementOfZeroIsAValueToLose() {
        List<Stay> stays = List.of(mrr("01-01", "02-01", 0.0));
        assertEquals(
                List.of("01-01 to 02-01: - 0.0 0.0", "02-01 on: - - 0.0, gap"),
                printed(stays, GapMode.CLOSE, DeltaMode.CONSERVING));
    }

    @Test
    void aMeasurementInForceWithoutANumberCountsAsNull() {
        Stay unknown = new Stay(0, MRR, MRR, at("02-01"), null, "unknown", null, null);
        List<Stay> stays = List.of(mrr("01-01", "02-01", 5.0), unknown);
        EntityStates states = Stay.timelines(stays, LIFECYCLE_AND_MRR, GapMode.CLOSE, DeltaMode.CONSERVING);
        assertEquals(1, states.stay(MRR, 1));
        assertEquals(-5.0, StateNumbers.value(states.delta(MRR, 1)));
        EntityStates compat = Stay.timelines(stays, LIFECYCLE_AND_MRR, GapMode.CLOSE, DeltaMode.COMPAT);
        assertTrue(StateNumbers.isNull(compat.delta(MRR, 1)));
    }

    @Test
    void equalRowsInARowAreKept() {
        List<Stay> stays = List.of(lifecycle("01-01", "02-01", "active"), lifecycle("02-01", null, "active"));
        assertEquals(
                List.of("01-01 to 02-01: active - -", "02-01 on: active - -, current"),
                printed(stays, GapMode.CLOSE, DeltaMode.CONSERVING));
    }

    @Test
    void theLaterOfTwoOverlappingStaysWinsAndTheEarlierResurfaces() {
        List<Stay> stays = List.of(lifecycle("01-01", null, "outer"), lifecycle("02-01", "03-01", "inner"));
        assertEquals(
                List.of("01-01 to 02-01: outer - -", "02-01 to 03-01: inner - -", "03-01 on: outer - -, current"),
                printed(stays, GapMode.CLOSE, DeltaMode.CONSERVING));
    }

    @Test
    void ofStaysEnteredTogetherTheFirstEventWinsAndNoEventComesLast() {
        List<Stay> stays = List.of(
                new Stay(0, LIFECYCLE, LIFECYCLE, at("01-01"), null, "a", null, null),
                new Stay(0, LIFECYCLE, LIFECYCLE, at("01-01"), null, "b", null, "e2"),
                new Stay(0, LIFECYCLE, LIFECYCLE, at("01-01"), at("02-01"), "c", null, "e1"));
        assertEquals(
                List.of("01-01 to 02-01: c - -", "02-01 on: b - -, current"),
                printed(stays, GapMode.CLOSE, DeltaMode.CONSERVING));
    }

    @Test
    void aStayWithoutAColumnKeepsTheRowAlive() {
        Stay other = new Stay(0, 2, -1, at("01-01"), null, "x", null, null);
        assertEquals(
                List.of("01-01 to 02-01: - - -", "02-01 to 03-01: - 7.0 7.0", "03-01 on: - - -7.0, current"),
                printed(List.of(other, mrr("02-01", "03-01", 7.0)), GapMode.CLOSE, DeltaMode.CONSERVING));
    }

    @Test
    void absentStaysOnlyMakeChangePoints() {
        Stay absent = new Stay(0, MRR, MRR, at("02-01"), at("03-01"), null, null, null);
        assertEquals(
                List.of("01-01 to 02-01: trial - -", "02-01 to 03-01: trial - -", "03-01 on: trial - -, current"),
                printed(List.of(lifecycle("01-01", null, "trial"), absent), GapMode.CLOSE, DeltaMode.CONSERVING));
        assertEquals(List.of(), printed(List.of(absent), GapMode.COMPAT, DeltaMode.COMPAT));
    }

    @Test
    void aStayWithoutAnEntryIsIgnoredWithItsExit() {
        Stay undated = new Stay(0, MRR, MRR, null, at("02-01"), null, 5.0, null);
        assertEquals(
                List.of("01-01 on: trial - -, current"),
                printed(List.of(lifecycle("01-01", null, "trial"), undated), GapMode.CLOSE, DeltaMode.CONSERVING));
    }

    @Test
    void oneEntitysOpenStaysDoNotReachTheNext() {
        List<Stay> stays = List.of(
                mrr("01-01", null, 5.0), new Stay(4, LIFECYCLE, LIFECYCLE, at("01-01"), null, "trial", null, null));
        EntityStates states = Stay.timelines(stays, LIFECYCLE_AND_MRR, GapMode.CLOSE, DeltaMode.CONSERVING);
        assertEquals(2, states.size());
        assertEquals(4, states.entity(1));
        assertFalse(states.hasPrevious(1));
        assertEquals(-1, states.stay(MRR, 1));
        assertTrue(StateNumbers.isNull(states.delta(MRR, 1)));
        assertTrue(states.isCurrent(0) && states.isCurrent(1));
    }

    @Test
    void theDemosChangesBecomeItsTimelines() {
        int engagement = 2;
        List<Change> changes = List.of(
                new Change(7, LIFECYCLE, instant("2024-05-18T00:00:00Z"), "trial", null, 0, "e1"),
                new Change(7, LIFECYCLE, instant("2024-06-01T11:00:00Z"), "active", null, 0, "invoice_paid"),
                new Change(7, LIFECYCLE, instant("2024-07-01T11:00:00Z"), "past_due", null, 0, "invoice_created"),
                new Change(7, LIFECYCLE, instant("2024-07-18T16:05:00Z"), "active", null, 0, "payment"),
                new Change(7, MRR, instant("2024-06-01T11:00:00Z"), null, 29.99, 1, "invoice_paid"),
                new Change(9, engagement, instant("2024-06-20T14:15:00Z"), "invited", null, 0, "e5"),
                new Change(9, engagement, instant("2024-08-06T12:41:00Z"), "active", null, 0, "e6"));
        StateStays kernel = Change.stays(changes);
        List<Stay> stays = new ArrayList<>();
        for (int i = 0; i < kernel.size(); i++) {
            Change opener = changes.get(kernel.row(i));
            Long exited = kernel.exitedAt(i) == OPEN ? null : Long.valueOf(kernel.exitedAt(i));
            stays.add(new Stay(
                    opener.entity(),
                    opener.state(),
                    opener.state(),
                    kernel.enteredAt(i),
                    exited,
                    opener.value(),
                    opener.number(),
                    opener.event()));
        }
        boolean[] measurement = {false, true, false};
        List<String> printed = Stay.table(stays, measurement, GapMode.CLOSE, DeltaMode.CONSERVING).stream()
                .map(row -> row.entity() + " " + moment(row.from()) + " " + shown(row))
                .toList();
        assertEquals(
                List.of(
                        "7 2024-05-18T00:00 trial - - -",
                        "7 2024-06-01T11:00 active 29.99 - 29.99",
                        "7 2024-07-01T11:00 past_due 29.99 - 0.0",
                        "7 2024-07-18T16:05 active 29.99 - 0.0, current",
                        "9 2024-06-20T14:15 - - invited -",
                        "9 2024-08-06T12:41 - - active -, current"),
                printed);
    }

    @Test
    void noStaysMakeNoRows() {
        for (GapMode gaps : GapMode.values()) {
            assertEquals(List.of(), printed(List.of(), gaps, DeltaMode.CONSERVING));
        }
        assertEquals(
                0,
                Stay.timelines(List.of(), new boolean[0], GapMode.CLOSE, DeltaMode.CONSERVING)
                        .size());
    }

    @Test
    void theExtremeInstantsAreInstants() {
        List<Stay> stays =
                List.of(new Stay(0, LIFECYCLE, LIFECYCLE, Long.MIN_VALUE + 1, Long.MAX_VALUE, "ever", null, null));
        EntityStates states = Stay.timelines(stays, LIFECYCLE_AND_MRR, GapMode.CLOSE, DeltaMode.CONSERVING);
        assertEquals(1, states.size());
        assertEquals(Long.MIN_VALUE + 1, states.validFrom(0));
        assertEquals(Long.MAX_VALUE, states.validTo(0));
        assertFalse(states.isCurrent(0));
    }

    @Test
    void aMillionChangesOfOneEntityAreOneSweep() {
        int n = 1_000_000;
        int[] entity = new int[n];
        int[] state = new int[n];
        boolean[] present = new boolean[n];
        long[] entered = new long[n];
        long[] exited = new long[n];
        long[] number = new long[n];
        for (int i = 0; i < n; i++) {
            int step = (int) (i * 7_919L % n); // a permutation: the input is far from sorted
            present[i] = true;
            entered[i] = step;
            exited[i] = step + 1 == n ? OPEN : step + 1;
            number[i] = StateNumbers.of(step);
        }
        EntityStates states = TimelineTables.noted(EntityStates.compute(
                n,
                entity,
                state,
                state,
                new boolean[] {true},
                entered,
                exited,
                present,
                number,
                Integer::compare,
                GapMode.CLOSE,
                DeltaMode.CONSERVING));
        assertEquals(n, states.size());
        for (int i = 0; i < n; i++) {
            assertEquals(i, entered[states.stay(0, i)]);
            assertEquals(i == 0 ? 0.0 : 1.0, StateNumbers.value(states.delta(0, i)));
        }
        assertTrue(states.isCurrent(n - 1));
    }

    @Test
    void aMillionNestedStaysEachResurfaceOnce() {
        int n = 1_000_000;
        int[] zeros = new int[n];
        boolean[] present = new boolean[n];
        Arrays.fill(present, true);
        long[] entered = new long[n];
        long[] exited = new long[n];
        for (int i = 0; i < n; i++) {
            entered[i] = i;
            exited[i] = 2L * n - i;
        }
        EntityStates states = TimelineTables.noted(EntityStates.compute(
                n,
                zeros,
                zeros,
                zeros,
                new boolean[] {false},
                entered,
                exited,
                present,
                new long[n],
                Integer::compare,
                GapMode.CLOSE,
                DeltaMode.CONSERVING));
        assertEquals(2 * n - 1, states.size());
        for (int i = 0; i < n; i++) {
            assertEquals(i, states.stay(0, i));
            assertEquals(i, states.stay(0, 2 * n - 2 - i));
        }
    }

    @Test
    void hundredsOfColumnsHoldWhatEachStateHolds() {
        int columns = 500;
        List<Stay> stays = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            stays.add(new Stay(0, column, column, (long) column, null, null, (double) column, null));
        }
        boolean[] measurement = new boolean[columns];
        Arrays.fill(measurement, true);
        EntityStates states = Stay.timelines(stays, measurement, GapMode.CLOSE, DeltaMode.CONSERVING);
        assertEquals(columns, states.size());
        for (int i = 0; i < columns; i++) {
            for (int column = 0; column < columns; column++) {
                assertEquals(column <= i ? column : -1, states.stay(column, i));
                assertEquals(
                        column < i ? StateNumbers.of(0) : column == i ? StateNumbers.of(column) : StateNumbers.NULL,
                        states.delta(column, i));
            }
        }
    }

    @Test
    void misuseIsRefused() {
        EntityStates states = Stay.timelines(GAP_EXAMPLE, LIFECYCLE_AND_MRR, GapMode.CLOSE, DeltaMode.CONSERVING);
        assertThrows(IllegalArgumentException.class, () -> states.delta(LIFECYCLE, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> states.stay(MRR, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> states.isGap(5));
        assertThrows(IndexOutOfBoundsException.class, () -> states.delta(MRR, 5));
        refused(new Stay(0, -1, 0, 1L, null, "a", null, null), "no state");
        refused(new Stay(0, 0, 2, 1L, null, "a", null, null), "column 2 of 2");
        refused(new Stay(0, 0, -2, 1L, null, "a", null, null), "column -2 of 2");
        refused(new Stay(0, 5, LIFECYCLE, 1L, null, "a", null, null), "states 0 and 5");
        IllegalArgumentException tooShort = assertThrows(
                IllegalArgumentException.class,
                () -> EntityStates.compute(
                        1,
                        new int[1],
                        new int[1],
                        new int[1],
                        LIFECYCLE_AND_MRR,
                        new long[1],
                        new long[1],
                        new boolean[0],
                        new long[1],
                        Integer::compare,
                        GapMode.CLOSE,
                        DeltaMode.COMPAT));
        assertEquals("present has 0 values for 1 rows", tooShort.getMessage());
    }

    private static void refused(Stay stay, String because) {
        List<Stay> stays = List.of(lifecycle("01-01", null, "trial"), stay);
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class,
                () -> Stay.timelines(stays, LIFECYCLE_AND_MRR, GapMode.CLOSE, DeltaMode.CONSERVING));
        assertTrue(refusal.getMessage().contains(because), refusal.getMessage());
    }

    @Test
    void unchangedRowsAreLeftOutOnRequest() {
        List<Stay> stays = List.of(
                lifecycle("01-01", "02-01", "trial"),
                lifecycle("02-01", "03-01", "trial"),
                new Stay(0, 2, -1, at("02-10"), null, "hidden", null, null),
                lifecycle("03-01", null, "active"));
        TimelineRules rules =
                TimelineRules.of(GapMode.CLOSE, DeltaMode.CONSERVING).coalescing();
        EntityStates states = Stay.timelines(stays, LIFECYCLE_AND_MRR, rules);
        assertEquals(2, states.size());
        assertEquals(at("03-01"), states.validTo(0));
        assertEquals(at("03-01"), states.validFrom(1));
        assertEquals(
                4,
                Stay.timelines(stays, LIFECYCLE_AND_MRR, GapMode.CLOSE, DeltaMode.CONSERVING)
                        .size());
    }

    @Test
    void aRowAfterAGapIsNeverLeftOut() {
        List<Stay> stays = List.of(lifecycle("01-01", "02-01", "trial"), lifecycle("03-01", null, "trial"));
        for (DeltaMode deltas : DeltaMode.values()) {
            TimelineRules rules = TimelineRules.of(GapMode.CLOSE, deltas).coalescing();
            assertEquals(2, Stay.timelines(stays, LIFECYCLE_AND_MRR, rules).size());
        }
        TimelineRules bridged =
                TimelineRules.of(GapMode.COMPAT, DeltaMode.COMPAT).coalescing();
        assertEquals(1, Stay.timelines(stays, LIFECYCLE_AND_MRR, bridged).size());
    }

    @Test
    void decimalsBeyondTheReachOfDoublesAreExact() {
        // 90071992547409.93 and a cent less, at scale 2: as doubles the two are one number.
        long[] units = {9_007_199_254_740_993L, 9_007_199_254_740_992L};
        EntityStates states = exact(units);
        assertEquals(units[0], states.number(0, 0));
        assertEquals(units[0], states.delta(0, 0));
        assertEquals(-1, states.delta(0, 1));
        TimelineTables.invariants(states)
                .deltasAddUp(row -> decimal(states.number(0, row)), row -> decimal(states.delta(0, row)));
    }

    private static BigDecimal decimal(long units) {
        return StateNumbers.isNull(units) ? null : BigDecimal.valueOf(units, 2);
    }

    @Test
    void theGreatestExactNumbersHaveADifferenceAndGreaterOnesAreRefused() {
        EntityStates states = exact(new long[] {-NumberForm.GREATEST_EXACT, NumberForm.GREATEST_EXACT});
        assertEquals(2 * NumberForm.GREATEST_EXACT, states.delta(0, 1));
        assertThrows(ArithmeticException.class, () -> exact(new long[] {NumberForm.GREATEST_EXACT + 1}));
        assertThrows(ArithmeticException.class, () -> exact(new long[] {Long.MIN_VALUE}));
    }

    @Test
    void aFinerScaleKeepsTheValueOrRefuses() {
        assertEquals(12_300, NumberForm.finer(123, 2));
        assertEquals(0, NumberForm.finer(0, 100));
        assertEquals(StateNumbers.NULL, NumberForm.finer(StateNumbers.NULL, 3));
        assertThrows(ArithmeticException.class, () -> NumberForm.finer(5, 18));
        assertThrows(ArithmeticException.class, () -> NumberForm.finer(5, 40));
        assertThrows(IllegalArgumentException.class, () -> NumberForm.finer(5, -1));
    }

    /** One measurement with these numbers, each for a microsecond. */
    private static EntityStates exact(long[] units) {
        int n = units.length;
        long[] entered = new long[n];
        long[] exited = new long[n];
        boolean[] present = new boolean[n];
        Arrays.fill(present, true);
        for (int i = 0; i < n; i++) {
            entered[i] = i;
            exited[i] = i + 1L;
        }
        TimelineRules rules =
                TimelineRules.of(GapMode.CLOSE, DeltaMode.CONSERVING).with(NumberForm.EXACT);
        return TimelineTables.noted(EntityStates.compute(
                n,
                new int[n],
                new int[n],
                new int[n],
                new boolean[] {true},
                entered,
                exited,
                present,
                new int[0],
                units,
                Integer::compare,
                rules));
    }

    @Test
    void aStayWithoutAnEntityIsIgnored() {
        List<Stay> stays = List.of(
                new Stay(-1, LIFECYCLE, LIFECYCLE, 1L, 2L, "nobody", null, null), lifecycle("01-01", null, "trial"));
        assertEquals(List.of("01-01 on: trial - -, current"), printed(stays, GapMode.CLOSE, DeltaMode.CONSERVING));
    }

    private static Stay lifecycle(String entered, String exited, String value) {
        return new Stay(0, LIFECYCLE, LIFECYCLE, at(entered), at(exited), value, null, null);
    }

    private static Stay mrr(String entered, String exited, double number) {
        return new Stay(0, MRR, MRR, at(entered), at(exited), null, number, null);
    }

    private static Long at(String monthAndDay) {
        return monthAndDay == null ? null : Long.valueOf(instant("2024-" + monthAndDay + "T00:00:00Z"));
    }

    private static long instant(String iso) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(iso));
    }

    private static LocalDateTime moment(long micros) {
        return LocalDateTime.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), ZoneOffset.UTC);
    }

    private static List<String> printed(List<Stay> stays, GapMode gaps, DeltaMode deltas) {
        return Stay.table(stays, LIFECYCLE_AND_MRR, gaps, deltas).stream()
                .map(row -> day(row.from()) + (row.to() == null ? " on: " : " to " + day(row.to()) + ": ") + shown(row))
                .toList();
    }

    private static String day(long micros) {
        return moment(micros).toLocalDate().toString().substring(5);
    }

    private static String shown(TimelineRow row) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < row.cells().size(); column++) {
            Object cell = row.cells().get(column) == null
                    ? "-"
                    : column == MRR
                            ? row.number(column)
                            : row.cells().get(column).value();
            text.append(cell).append(' ');
        }
        Double delta = row.deltas().get(MRR);
        text.append(delta == null ? "-" : delta.toString());
        return text + (row.gap() ? ", gap" : "") + (row.current() ? ", current" : "");
    }
}
