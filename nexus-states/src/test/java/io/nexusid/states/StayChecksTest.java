package io.nexusid.states;

import static io.nexusid.states.StayFault.CURRENT_BUT_ENDED;
import static io.nexusid.states.StayFault.ENTRY_AT_MINUS_INFINITY;
import static io.nexusid.states.StayFault.EXIT_AT_INFINITY;
import static io.nexusid.states.StayFault.EXIT_BEFORE_ENTRY;
import static io.nexusid.states.StayFault.NO_ENTRY;
import static io.nexusid.states.StayFault.NUMBER_NOT_FINITE;
import static io.nexusid.states.StayFault.OPEN_BUT_NOT_CURRENT;
import static io.nexusid.states.StayFault.OVERLAP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.StayPolicy;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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
import org.junit.jupiter.api.Test;

class StayChecksTest {
    private static final Long OPEN = null;

    /** A stay as somebody gave it; id decides ties and tells equal ones apart. */
    private record Given(int entity, int state, Long entered, Long exited, Boolean current, Double number, int id) {
        Given(long entered, Long exited, Boolean current) {
            this(0, 0, entered, exited, current, null, (int) entered);
        }

        boolean open() {
            return exited == null || exited >= StayChecks.INFINITY;
        }

        long end() {
            return open() ? Long.MAX_VALUE : exited;
        }

        boolean usable() {
            return entered != null
                    && entered >= StayChecks.AFTER_MINUS_INFINITY
                    && (number == null || Double.isFinite(number));
        }

        boolean lasts() {
            return entity >= 0 && usable() && end() > entered;
        }

        boolean sameState(Given other) {
            return entity == other.entity && state == other.state;
        }
    }

    private static final Comparator<Given> IN_FORCE_FIRST = Comparator.comparing(Given::entered)
            .thenComparing(Given::id)
            .thenComparing(Given::end, Comparator.reverseOrder());

    private record Finding(Given stay, StayFault fault, Given other) {}

    private record Kept(Given stay, Long exited, boolean current) {}

    private static StayChecks checked(List<Given> stays, StayPolicy policy) {
        return StayChecks.compute(
                stays.size(),
                stays.stream().mapToInt(Given::entity).toArray(),
                stays.stream().mapToInt(Given::state).toArray(),
                stays.stream().mapToLong(s -> code(s.entered)).toArray(),
                stays.stream().mapToLong(s -> code(s.exited)).toArray(),
                stays.stream()
                        .mapToInt(s -> s.current == null ? -1 : s.current ? 1 : 0)
                        .toArray(),
                stays.stream().mapToLong(s -> Change.bits(s.number)).toArray(),
                (a, b) -> Integer.compare(stays.get(a).id, stays.get(b).id),
                policy);
    }

    private static long code(Long instant) {
        return instant == null ? Long.MIN_VALUE : instant;
    }

    private static List<Finding> findings(List<Given> stays, StayPolicy policy) {
        StayChecks checks = checked(stays, policy);
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < checks.findings(); i++) {
            int other = checks.other(i);
            findings.add(new Finding(stays.get(checks.row(i)), checks.fault(i), other < 0 ? null : stays.get(other)));
        }
        return findings;
    }

    private static List<Kept> kept(List<Given> stays, StayPolicy policy) {
        StayChecks checks = checked(stays, policy);
        List<Kept> kept = new ArrayList<>();
        for (int row = 0; row < stays.size(); row++) {
            if (!checks.isSetAside(row)) {
                long exited = checks.exitedAt(row);
                kept.add(new Kept(stays.get(row), exited == Long.MIN_VALUE ? null : exited, checks.current(row)));
            }
        }
        return kept;
    }

    @Test
    void aGoodStayHasNoFindings() {
        List<Given> stays = List.of(
                new Given(10, 20L, false),
                new Given(20, 20L, null),
                new Given(20, 30L, null),
                new Given(30, OPEN, true));
        for (StayPolicy policy : StayPolicy.values()) {
            assertEquals(List.of(), findings(stays, policy));
            assertEquals(stays.size(), kept(stays, policy).size());
        }
    }

    @Test
    void aStayWithoutAnEntryIsKeptOnlyByReport() {
        Given stay = new Given(0, 0, null, 20L, true, null, 1);
        assertEquals(List.of(new Finding(stay, NO_ENTRY, null)), findings(List.of(stay), StayPolicy.REPORT));
        assertEquals(List.of(new Kept(stay, 20L, true)), kept(List.of(stay), StayPolicy.REPORT));
        assertEquals(List.of(), kept(List.of(stay), StayPolicy.REJECT));
        assertEquals(List.of(), kept(List.of(stay), StayPolicy.LATEST_ENTERED));
    }

    @Test
    void sentinelsAreReadAsInfinity() {
        Given fromEver = new Given(0, 0, micros("0002-01-01T00:00:00") - 1, 20L, null, null, 1);
        Given forEver = new Given(0, 1, 10L, micros("9999-01-01T00:00:00"), true, null, 2);
        Given longAgo =
                new Given(0, 2, micros("0002-01-01T00:00:00"), micros("9999-01-01T00:00:00") - 1, null, null, 3);
        List<Given> stays = List.of(fromEver, forEver, longAgo);
        assertEquals(
                List.of(
                        new Finding(fromEver, ENTRY_AT_MINUS_INFINITY, null),
                        new Finding(forEver, EXIT_AT_INFINITY, null)),
                findings(stays, StayPolicy.REPORT));
        assertEquals(
                List.of(new Kept(forEver, null, true), new Kept(longAgo, longAgo.exited, false)),
                kept(stays, StayPolicy.REPORT));
    }

    @Test
    void theGreatestInstantIsInfinityToo() {
        Given stay = new Given(10, Long.MAX_VALUE, true);
        assertEquals(List.of(new Kept(stay, null, true)), kept(List.of(stay), StayPolicy.REJECT));
    }

    private static long micros(String instant) {
        return LocalDateTime.parse(instant).toEpochSecond(ZoneOffset.UTC) * 1_000_000;
    }

    @Test
    void numbersThatAreNoneAreSetAside() {
        List<Given> stays = new ArrayList<>();
        for (double number : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            stays.add(new Given(0, stays.size(), 10L, 20L, null, number, 1));
        }
        assertEquals(
                List.of(NUMBER_NOT_FINITE, NUMBER_NOT_FINITE, NUMBER_NOT_FINITE),
                findings(stays, StayPolicy.REPORT).stream().map(Finding::fault).toList());
        assertEquals(List.of(), kept(stays, StayPolicy.REPORT));
    }

    @Test
    void anExitBeforeTheEntryIsKeptOnlyByReport() {
        Given stay = new Given(20, 10L, null);
        assertEquals(List.of(new Finding(stay, EXIT_BEFORE_ENTRY, null)), findings(List.of(stay), StayPolicy.REPORT));
        assertEquals(List.of(new Kept(stay, 10L, false)), kept(List.of(stay), StayPolicy.REPORT));
        assertEquals(List.of(), kept(List.of(stay), StayPolicy.REJECT));
        assertEquals(List.of(), kept(List.of(stay), StayPolicy.LATEST_ENTERED));
    }

    @Test
    void aWrongCurrentIsReportedRejectedOrFollowsTheExit() {
        Given ended = new Given(10, 20L, true);
        Given open = new Given(0, 1, 10L, OPEN, false, null, 2);
        List<Given> stays = List.of(ended, open);
        assertEquals(
                List.of(new Finding(ended, CURRENT_BUT_ENDED, null), new Finding(open, OPEN_BUT_NOT_CURRENT, null)),
                findings(stays, StayPolicy.REPORT));
        assertEquals(List.of(new Kept(ended, 20L, true), new Kept(open, null, false)), kept(stays, StayPolicy.REPORT));
        assertEquals(List.of(), kept(stays, StayPolicy.REJECT));
        assertEquals(
                List.of(new Kept(ended, 20L, false), new Kept(open, null, true)),
                kept(stays, StayPolicy.LATEST_ENTERED));
    }

    @Test
    void anOverlapNamesTheStayThatLasts() {
        Given first = new Given(10, 50L, null);
        Given inside = new Given(20, 30L, null);
        Given later = new Given(40, OPEN, null);
        List<Given> stays = List.of(later, inside, first);
        assertEquals(
                List.of(new Finding(later, OVERLAP, first), new Finding(inside, OVERLAP, first)),
                findings(stays, StayPolicy.REPORT));
        assertEquals(3, kept(stays, StayPolicy.REPORT).size());
        assertEquals(List.of(new Kept(first, 50L, false)), kept(stays, StayPolicy.REJECT));
        assertEquals(
                List.of(new Kept(later, null, true), new Kept(inside, 30L, false), new Kept(first, 20L, false)),
                kept(stays, StayPolicy.LATEST_ENTERED));
    }

    @Test
    void overlappingOpenStaysLeaveOneOpen() {
        List<Given> stays = List.of(new Given(10, OPEN, true), new Given(20, OPEN, true), new Given(30, OPEN, true));
        assertEquals(List.of(new Kept(stays.get(0), null, true)), kept(stays, StayPolicy.REJECT));
        assertEquals(
                List.of(
                        new Kept(stays.get(0), 20L, false),
                        new Kept(stays.get(1), 30L, false),
                        new Kept(stays.get(2), null, true)),
                kept(stays, StayPolicy.LATEST_ENTERED));
    }

    @Test
    void ofStaysEnteredTogetherTheFirstByTieIsKept() {
        Given winner = new Given(0, 0, 10L, 15L, null, null, 1);
        Given loser = new Given(0, 0, 10L, OPEN, null, null, 2);
        for (StayPolicy policy : List.of(StayPolicy.REJECT, StayPolicy.LATEST_ENTERED)) {
            assertEquals(List.of(new Kept(winner, 15L, false)), kept(List.of(loser, winner), policy));
        }
    }

    @Test
    void aMillionOpenStaysOfOneStateAreOneSort() {
        int n = 1_000_000;
        long[] entered = new long[n];
        long[] exited = new long[n];
        int[] current = new int[n];
        long[] number = new long[n];
        for (int i = 0; i < n; i++) {
            entered[i] = i * 7_919L % n;
            exited[i] = Long.MIN_VALUE;
            current[i] = -1;
        }
        StayChecks checks = StayChecks.compute(
                n,
                new int[n],
                new int[n],
                entered,
                exited,
                current,
                number,
                Integer::compare,
                StayPolicy.LATEST_ENTERED);
        assertEquals(n - 1, checks.findings());
        for (int i = 0; i < n; i++) {
            assertFalse(checks.isSetAside(i));
            assertEquals(entered[i] == n - 1 ? Long.MIN_VALUE : entered[i] + 1, checks.exitedAt(i));
        }
    }

    @Test
    void shortArraysAreRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> StayChecks.compute(
                        2,
                        new int[2],
                        new int[2],
                        new long[2],
                        new long[2],
                        new int[1],
                        new long[2],
                        Integer::compare,
                        StayPolicy.REPORT));
    }

    @Provide
    Arbitrary<List<Given>> stays() {
        Arbitrary<Integer> entity = Arbitraries.integers().between(-1, 2);
        Arbitrary<Integer> state = Arbitraries.integers().between(0, 1);
        Arbitrary<Long> entered = Arbitraries.longs().between(0, 12).injectNull(0.03);
        Arbitrary<Long> exited = Arbitraries.oneOf(
                Arbitraries.longs().between(0, 14),
                Arbitraries.longs().between(0, 14),
                Arbitraries.just(StayChecks.INFINITY),
                Arbitraries.just(null));
        Arbitrary<Boolean> current = Arbitraries.of(true, false).injectNull(0.6);
        Arbitrary<Double> number = Arbitraries.of(1.0, 2.0, 3.0, Double.NaN).injectNull(0.5);
        return Combinators.combine(entity, state, entered, exited, current, number)
                .as((e, s, from, to, is, n) -> new Given(e, s, from, to, is, n, 0))
                .list()
                .ofMaxSize(40)
                .map(StayChecksTest::numbered);
    }

    private static List<Given> numbered(List<Given> stays) {
        List<Given> numbered = new ArrayList<>();
        for (Given s : stays) {
            numbered.add(
                    new Given(s.entity, s.state, s.entered, s.exited, s.current, s.number, (numbered.size() * 7) % 41));
        }
        return numbered;
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void findingsAreTheOraclesWhateverThePolicy(@ForAll("stays") List<Given> stays, @ForAll StayPolicy policy) {
        List<Finding> expected = new ArrayList<>();
        for (Given stay : stays) {
            for (StayFault fault : StayFault.values()) {
                Given overlapped = overlapped(stay, stays);
                if (stay.entity >= 0 && (fault == OVERLAP ? overlapped != null : has(stay, fault))) {
                    expected.add(new Finding(stay, fault, fault == OVERLAP ? overlapped : null));
                }
            }
        }
        assertEquals(expected, findings(stays, policy));
    }

    private static boolean has(Given stay, StayFault fault) {
        return switch (fault) {
            case NO_ENTRY -> stay.entered == null;
            case ENTRY_AT_MINUS_INFINITY -> stay.entered != null && stay.entered < StayChecks.AFTER_MINUS_INFINITY;
            case NUMBER_NOT_FINITE -> stay.entered != null && !stay.usable();
            case EXIT_AT_INFINITY -> stay.exited != null && stay.exited >= StayChecks.INFINITY;
            case EXIT_BEFORE_ENTRY -> stay.usable() && stay.end() < stay.entered;
            case CURRENT_BUT_ENDED -> stay.usable() && Objects.equals(stay.current, true) && !stay.open();
            case OPEN_BUT_NOT_CURRENT -> stay.usable() && Objects.equals(stay.current, false) && stay.open();
            case OVERLAP -> throw new IllegalArgumentException();
        };
    }

    /** Of the stays that come first and last into this one, the one that lasts longest. */
    private static Given overlapped(Given stay, List<Given> stays) {
        return stays.stream()
                .filter(other -> stay.lasts()
                        && other.lasts()
                        && stay.sameState(other)
                        && IN_FORCE_FIRST.compare(other, stay) < 0
                        && other.end() > stay.entered)
                .min(Comparator.comparing(Given::end, Comparator.reverseOrder()).thenComparing(IN_FORCE_FIRST))
                .orElse(null);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void whatIsLeftHasNoFindings(@ForAll("stays") List<Given> stays) {
        for (StayPolicy policy : List.of(StayPolicy.REJECT, StayPolicy.LATEST_ENTERED)) {
            List<Given> left = new ArrayList<>();
            for (Kept kept : kept(stays, policy)) {
                Given s = kept.stay;
                left.add(new Given(s.entity, s.state, s.entered, kept.exited, kept.current, s.number, s.id));
            }
            for (StayPolicy again : StayPolicy.values()) {
                assertEquals(List.of(), findings(left, again));
            }
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void rejectKeepsAStayUnlessItOverlapsOneKeptBefore(@ForAll("stays") List<Given> stays) {
        List<Given> sorted = new ArrayList<>(stays);
        sorted.removeIf(stay -> !stay.lasts() || has(stay, CURRENT_BUT_ENDED) || has(stay, OPEN_BUT_NOT_CURRENT));
        sorted.sort(IN_FORCE_FIRST);
        List<Given> expected = new ArrayList<>();
        for (Given stay : sorted) {
            if (expected.stream().noneMatch(other -> other.sameState(stay) && other.end() > stay.entered)) {
                expected.add(stay);
            }
        }
        List<Given> lasting = new ArrayList<>();
        kept(stays, StayPolicy.REJECT).stream()
                .map(Kept::stay)
                .filter(Given::lasts)
                .forEach(lasting::add);
        lasting.sort(IN_FORCE_FIRST);
        assertEquals(expected, lasting);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void latestEnteredEndsAStayWhereTheNextBegins(@ForAll("stays") List<Given> stays) {
        StayChecks checks = checked(stays, StayPolicy.LATEST_ENTERED);
        for (int row = 0; row < stays.size(); row++) {
            Given stay = stays.get(row);
            if (!stay.lasts()) {
                continue;
            }
            List<Given> others = stays.stream()
                    .filter(other -> other.lasts() && other.sameState(stay))
                    .toList();
            boolean first = others.stream()
                    .noneMatch(o -> o.entered.equals(stay.entered) && IN_FORCE_FIRST.compare(o, stay) < 0);
            assertEquals(!first, checks.isSetAside(row));
            long next = others.stream()
                    .mapToLong(Given::entered)
                    .filter(t -> t > stay.entered)
                    .min()
                    .orElse(Long.MAX_VALUE);
            long end = Math.min(next, stay.end());
            if (first) {
                assertEquals(end == Long.MAX_VALUE ? Long.MIN_VALUE : end, checks.exitedAt(row));
                assertEquals(end == Long.MAX_VALUE, checks.current(row));
            }
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void theOrderOfTheStaysDoesNotMatter(
            @ForAll("stays") List<Given> stays, @ForAll StayPolicy policy, @ForAll Random random) {
        List<Given> shuffled = new ArrayList<>(stays);
        Collections.shuffle(shuffled, random);
        assertTrue(kept(stays, policy).containsAll(kept(shuffled, policy)));
        assertTrue(findings(stays, policy).containsAll(findings(shuffled, policy)));
    }
}
