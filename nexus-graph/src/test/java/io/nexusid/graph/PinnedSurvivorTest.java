package io.nexusid.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexusid.api.IdPolicy;
import io.nexusid.api.LinkMode;
import io.nexusid.api.SurrogateKey;
import io.nexusid.api.Survivor;
import io.nexusid.graph.LivingGraph.Name;
import io.nexusid.graph.LivingGraph.Row;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Ids that are to survive; {@link GraphInvariants} says after every batch who has to and which pins were lost. */
class PinnedSurvivorTest {
    private static LivingGraph living(IdPolicy policy, Survivor survivor) {
        return new LivingGraph(new GraphRules(LivingGraph.TYPES, policy, survivor, LinkMode.MONOTONE));
    }

    private static LivingGraph pinning() {
        return living(IdPolicy.STABLE, Survivor.PINNED);
    }

    /** A person of this many addresses: name0@x, name1@x... */
    private static void person(LivingGraph living, String name, int addresses) {
        Row[] rows = new Row[addresses];
        for (int i = 0; i < addresses; i++) {
            rows[i] = Row.person("email", name + i + "@x", name, 1);
        }
        living.apply(rows);
    }

    private static ChangeSet merge(LivingGraph living, String one, String other) {
        String edge = one + "+" + other;
        return living.apply(Row.person("email", one + "0@x", edge, 2), Row.person("email", other + "0@x", edge, 2));
    }

    private static String id(LivingGraph living, String name) {
        return living.personOf("email", name + "0@x");
    }

    @Test
    void aPinnedIdSurvivesALargerOne() {
        LivingGraph living = pinning();
        person(living, "small", 1);
        person(living, "large", 5);
        String pinned = id(living, "small");
        living.pin(pinned);
        ChangeSet changes = merge(living, "large", "small");
        assertEquals(pinned, id(living, "large"));
        assertArrayEquals(new int[0], changes.lostPins());
    }

    @Test
    void withoutPinsTheLargestSurvivesThenTheSmallestId() {
        LivingGraph living = pinning();
        person(living, "small", 1);
        person(living, "large", 2);
        person(living, "other", 3);
        String large = id(living, "large");
        merge(living, "small", "large");
        assertEquals(large, id(living, "small"));
        String other = id(living, "other");
        merge(living, "other", "large");
        assertEquals(large.compareTo(other) < 0 ? large : other, id(living, "large"));
    }

    @Test
    void ofTwoPinnedIdsTheLargerSurvivesAndTheOtherIsTold() {
        LivingGraph living = pinning();
        person(living, "small", 2);
        person(living, "large", 3);
        person(living, "huge", 9);
        String small = id(living, "small");
        String large = id(living, "large");
        living.pin(small);
        living.pin(large);
        merge(living, "small", "huge");
        assertEquals(small, id(living, "huge"));
        ChangeSet changes = merge(living, "large", "huge");
        assertEquals(small, id(living, "large"), "with what it took over it is the larger one");
        assertEquals(1, changes.lostPins().length);
        assertEquals(large, LivingGraph.id(living.now(), changes.lostPins()[0]));
    }

    @Test
    void anIdThatHasLostPinsNobody() {
        LivingGraph living = pinning();
        person(living, "gone", 1);
        person(living, "heir", 2);
        person(living, "large", 5);
        String gone = id(living, "gone");
        merge(living, "gone", "heir");
        living.pin(gone);
        String large = id(living, "large");
        ChangeSet changes = merge(living, "heir", "large");
        assertEquals(large, id(living, "gone"));
        assertArrayEquals(new int[0], changes.lostPins());
    }

    @Test
    void anIdCanBePinnedBeforeItIsThereAndOnlyForItsType() {
        LivingGraph living = pinning();
        String key = SurrogateKey.of("email", "later0@x");
        living.pin("person " + key);
        living.pin("group " + SurrogateKey.of("email", "large0@x"));
        person(living, "large", 5);
        person(living, "later", 1);
        merge(living, "later", "large");
        assertEquals("person " + key, id(living, "large"));
    }

    @Test
    void nobodyElseAsksForPins() {
        for (Survivor survivor : List.of(Survivor.MOST_ROWS, Survivor.OLDEST)) {
            LivingGraph living = living(IdPolicy.STABLE, survivor);
            person(living, "large", 5);
            person(living, "small", 1);
            String large = id(living, "large");
            living.pin(id(living, "small"));
            merge(living, "large", "small");
            assertEquals(large, id(living, "small"));
        }
        LivingGraph living = living(IdPolicy.CONTENT, Survivor.PINNED);
        person(living, "a", 1);
        person(living, "b", 1);
        String smallest = id(living, "a");
        living.pin(id(living, "b"));
        merge(living, "a", "b");
        assertEquals(smallest, id(living, "b"));
    }

    /** Pins that come and go from batch to batch: of the living, of the dead, and of identifiers nobody has seen yet. */
    @Property(tries = 300)
    void whoHasToSurviveDoes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count) {
        SplittableRandom random = new SplittableRandom(seed);
        LivingGraph living = living(random.nextInt(5) == 0 ? IdPolicy.CONTENT : IdPolicy.STABLE, Survivor.PINNED);
        List<Row> rows = IdentityGraphTest.randomRows(random, count);
        for (List<Row> slice : IdentityGraphTest.slices(random, rows)) {
            for (int n = random.nextInt(3); n > 0; n--) {
                int known = living.now().entityNumbers();
                if (known > 0 && random.nextInt(4) > 0) {
                    living.pin(LivingGraph.id(living.now(), random.nextInt(known)));
                } else {
                    Name name = rows.get(random.nextInt(rows.size())).name();
                    if (LivingGraph.TYPES.contains(name.entityType())) {
                        living.pin(name.entityType() + " " + SurrogateKey.of(name.type(), name.value()));
                    }
                }
            }
            if (random.nextInt(4) == 0) {
                living.reopen();
            }
            living.apply(slice);
        }
    }
}
