package io.nexusid.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexusid.api.IdPolicy;
import io.nexusid.api.LinkMode;
import io.nexusid.api.Survivor;
import io.nexusid.graph.LivingGraph.Row;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class IdentityColumnsTest {
    private static void assertSame(IdentitySnapshot one, IdentitySnapshot other) {
        assertEquals(one.epoch(), other.epoch());
        assertEquals(one.nodes(), other.nodes());
        assertEquals(one.liveEntities(), other.liveEntities());
        assertEquals(one.entityNumbers(), other.entityNumbers());
        for (int node = 0; node < one.nodes(); node++) {
            assertEquals(one.entityOf(node), other.entityOf(node));
        }
        for (int entity = 0; entity < one.entityNumbers(); entity++) {
            assertEquals(LivingGraph.id(one, entity), LivingGraph.id(other, entity));
            assertEquals(one.current(entity), other.current(entity));
            assertEquals(one.birthEpoch(entity), other.birthEpoch(entity));
            assertEquals(one.anchor(entity), other.anchor(entity));
            assertArrayEquals(one.identifiersOf(entity), other.identifiersOf(entity));
            assertEquals(
                    one.resolve(one.type(entity), one.high(entity), one.low(entity)),
                    other.resolve(one.type(entity), one.high(entity), one.low(entity)));
        }
        assertArrayEquals(one.contested(), other.contested());
    }

    private static IdentityGraph reopened(LivingGraph living) {
        IdentityColumns columns = IdentityColumns.of(living.now());
        return IdentityGraph.of(living.rules, living.kinds, living.nodes, columns);
    }

    @Property(tries = 60)
    void aReopenedGraphIsTheOneThatWasClosedAndGoesOnLikeIt(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 80) int count, @ForAll IdPolicy policy) {
        SplittableRandom random = new SplittableRandom(seed);
        Survivor survivor = random.nextBoolean() ? Survivor.OLDEST : Survivor.MOST_ROWS;
        GraphRules rules = new GraphRules(LivingGraph.TYPES, policy, survivor, LinkMode.MONOTONE);
        LivingGraph closedNowAndThen = new LivingGraph(rules);
        LivingGraph open = new LivingGraph(rules);
        for (List<Row> slice : IdentityGraphTest.slices(random, IdentityGraphTest.randomRows(random, count))) {
            ChangeSet one = open.applyUnchecked(slice);
            ChangeSet other = closedNowAndThen.applyUnchecked(slice);
            assertEquals(IdentityGraphTest.described(open, one), IdentityGraphTest.described(closedNowAndThen, other));
            closedNowAndThen.graph = reopened(closedNowAndThen);
            assertSame(open.now(), closedNowAndThen.now());
        }
    }

    @Test
    void anEmptyGraphReopens() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        assertSame(living.now(), reopened(living).snapshot());
    }

    @Test
    void columnsThatContradictEachOtherAreRefused() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        living.apply(
                Row.person("email", "a", "e1", 1),
                Row.person("email", "b", "e1", 1),
                Row.of("group", "domain", "d", "e1", 1),
                Row.of("ticket", "number", "7", "e1", 1));
        IdentityColumns good = IdentityColumns.of(living.now());
        int[] entityOf = good.entityOfNode();
        int[] anchor = good.anchor();
        assertRefused(living, c -> columns(c, new int[] {0, 7, 1, -1}, anchor, c.contested()));
        assertRefused(living, c -> columns(c, new int[] {0, -2, 1, -1}, anchor, c.contested()));
        assertRefused(living, c -> columns(c, new int[] {0, 0, 0, -1}, anchor, c.contested()));
        assertRefused(living, c -> columns(c, new int[] {0, 0, 1, 1}, anchor, c.contested()));
        assertRefused(living, c -> columns(c, new int[9], anchor, c.contested()));
        assertRefused(living, c -> columns(c, entityOf, new int[] {anchor[0], 3}, c.contested()));
        assertRefused(living, c -> columns(c, entityOf, new int[] {anchor[0], 4}, c.contested()));
        assertRefused(living, c -> columns(c, entityOf, new int[] {-1, anchor[1]}, c.contested()));
        assertRefused(living, c -> columns(c, entityOf, anchor, new int[] {2}));
        assertRefused(living, c -> columns(c, entityOf, new int[] {anchor[0]}, c.contested()));
    }

    @Test
    void anIdOfWhichNothingIsLeftLeadsNowhere() {
        LivingGraph living = LivingGraph.of(IdPolicy.STABLE);
        living.apply(Row.person("email", "a", "e1", 1), Row.person("email", "b", "e2", 1));
        IdentityColumns good = IdentityColumns.of(living.now());
        int left = good.entityOfNode()[0];
        int gone = good.entityOfNode()[1];
        IdentityColumns dropped = columns(good, new int[] {left, -1}, good.anchor(), good.contested());
        IdentitySnapshot reopened = IdentityGraph.of(living.rules, living.kinds, living.nodes, dropped)
                .snapshot();
        assertEquals(1, reopened.liveEntities());
        assertEquals(left, reopened.current(left));
        assertEquals(IdentitySnapshot.NONE, reopened.current(gone));
        assertEquals(IdentitySnapshot.NONE, reopened.resolve(0, reopened.high(gone), reopened.low(gone)));
    }

    private static IdentityColumns columns(IdentityColumns c, int[] entityOf, int[] anchor, int[] contested) {
        return new IdentityColumns(c.epoch(), entityOf, c.high(), c.low(), anchor, c.birthEpoch(), contested);
    }

    private static void assertRefused(LivingGraph living, Function<IdentityColumns, IdentityColumns> damage) {
        assertThrows(
                IllegalArgumentException.class,
                () -> IdentityGraph.of(
                        living.rules, living.kinds, living.nodes, damage.apply(IdentityColumns.of(living.now()))));
    }
}
