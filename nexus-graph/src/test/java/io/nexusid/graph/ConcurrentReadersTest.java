package io.nexusid.graph;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.IdPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One thread applies, publishes and takes back while others ask. An epoch is half seen if it contradicts itself: a member
 * of an entity that says it belongs to another, a ring of another length than the entity's size, an id that leads
 * elsewhere, a key that is found too early or not at all; or if it is not the epoch the writer published under its number.
 */
class ConcurrentReadersTest {
    private static final int EPOCHS = 1_500;
    private static final int READERS = 4;
    private static final byte[] EMAIL = "email".getBytes(UTF_8);

    private static final class World {
        final KeyDictionary kinds = new KeyDictionary(0);
        final KeyDictionary nodes = new KeyDictionary(0);
        final IdentityGraph graph;
        /** By epoch, written before it is published: how many entities and nodes it has. */
        final AtomicIntegerArray live = new AtomicIntegerArray(EPOCHS + 2);

        /** By epoch: how many entity numbers it has given out. */
        final AtomicIntegerArray numbers = new AtomicIntegerArray(EPOCHS + 2);

        final AtomicIntegerArray known = new AtomicIntegerArray(EPOCHS + 2);
        final AtomicInteger checks = new AtomicInteger();
        volatile boolean done;

        World(IdPolicy policy) {
            graph = new IdentityGraph(GraphRules.of(policy, List.of("person")), kinds, nodes);
            kinds.add(0, EMAIL, 0, EMAIL.length);
        }

        static byte[] name(int node) {
            return ("n" + Integer.reverse(node)).getBytes(UTF_8);
        }

        void write(SplittableRandom random) {
            for (int epoch = 1; epoch <= EPOCHS; epoch++) {
                IdentityBatch batch = batch(random);
                if (random.nextInt(4) == 0) {
                    graph.prepare(batch);
                    LockSupport.parkNanos(1);
                    graph.rollback();
                }
                IdentitySnapshot next = graph.prepare(batch).after();
                live.set(epoch, next.liveEntities());
                numbers.set(epoch, next.entityNumbers());
                known.set(epoch, nodes.size());
                if (random.nextInt(3) == 0) {
                    LockSupport.parkNanos(1);
                }
                graph.publish();
            }
        }

        /** A few new nodes, linked to each other and to known ones; every so often many. */
        private IdentityBatch batch(SplittableRandom random) {
            int edges = 1 + random.nextInt(random.nextInt(20) == 0 ? 400 : 6);
            int[] node = new int[2 * edges];
            int[] edge = new int[2 * edges];
            for (int i = 0; i < node.length; i++) {
                boolean fresh = nodes.size() == 0 || random.nextInt(4) > 0;
                byte[] name = name(nodes.size());
                node[i] = fresh ? nodes.add(0, name, 0, name.length) : random.nextInt(nodes.size());
                edge[i] = i / 2;
            }
            return IdentityBatch.of(node.length, node, edge, edges);
        }

        void read(SplittableRandom random) {
            List<IdentitySnapshot> kept = new ArrayList<>();
            while (!done) {
                IdentitySnapshot snapshot = graph.snapshot();
                check(snapshot, random);
                if (kept.size() < 20) {
                    kept.add(snapshot);
                } else {
                    check(kept.get(random.nextInt(20)), random);
                    kept.set(random.nextInt(20), snapshot);
                }
                if (random.nextInt(8) == 0) {
                    LockSupport.parkNanos(1);
                }
            }
        }

        private void check(IdentitySnapshot snapshot, SplittableRandom random) {
            int epoch = snapshot.epoch();
            assertEquals(live.get(epoch), snapshot.liveEntities());
            assertEquals(known.get(epoch), snapshot.nodes());
            int known = snapshot.nodes();
            for (int i = 0; i < 10 && known > 0; i++) {
                int node = i == 0 ? known - 1 : random.nextInt(known);
                byte[] name = name(node);
                int entity = snapshot.entityOf(0, EMAIL, name);
                assertEquals(snapshot.entityOf(node), entity);
                assertTrue(snapshot.isLive(entity));
                int[] members = {0, 0};
                snapshot.identifiersOf(entity, member -> {
                    members[0]++;
                    members[1] += member == node ? 1 : 0;
                    assertEquals(entity, snapshot.entityOf(member));
                });
                assertEquals(snapshot.size(entity), members[0]);
                assertEquals(1, members[1]);
                int number = random.nextInt(snapshot.entityNumbers());
                int current = snapshot.current(number);
                int born = snapshot.birthEpoch(number);
                assertTrue(born <= epoch && number < numbers.get(born) && number >= numbers.get(born - 1));
                assertTrue(snapshot.isLive(current));
                assertEquals(current, snapshot.resolve(0, snapshot.high(number), snapshot.low(number)));
                byte[] later = name(known + i);
                assertEquals(IdentitySnapshot.NONE, snapshot.entityOf(0, EMAIL, later));
                checks.incrementAndGet();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(IdPolicy.class)
    void everyReaderSeesWholeEpochs(IdPolicy policy) throws Exception {
        World world = new World(policy);
        ExecutorService threads = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<?>> readers = new ArrayList<>();
            for (int r = 0; r < READERS; r++) {
                SplittableRandom random = new SplittableRandom(r);
                readers.add(threads.submit(() -> world.read(random)));
            }
            try {
                world.write(new SplittableRandom(42));
            } finally {
                world.done = true;
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(EPOCHS, world.graph.snapshot().epoch());
        assertTrue(world.checks.get() > EPOCHS, () -> world.checks.get() + " checks");
    }

    @Test
    void lookingUpAllocatesNothing() throws Exception {
        World world = new World(IdPolicy.STABLE);
        world.write(new SplittableRandom(1));
        IdentitySnapshot snapshot = world.graph.snapshot();
        byte[][] names = new byte[1_000][];
        for (int i = 0; i < names.length; i++) {
            names[i] = World.name(i);
        }
        long sum = lookUp(snapshot, names);
        long before = allocatedBytes();
        sum += lookUp(snapshot, names);
        long allocated = allocatedBytes() - before;
        assertTrue(sum > 0);
        assertTrue(allocated < 4L * names.length, () -> allocated + " bytes for " + names.length + " lookups");
    }

    /** What this thread has allocated. Asked by name: the module that is tested does not read java.management. */
    private static long allocatedBytes() throws ReflectiveOperationException {
        Object threads = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        Object bytes = Class.forName("com.sun.management.ThreadMXBean")
                .getMethod("getThreadAllocatedBytes", long.class)
                .invoke(threads, Thread.currentThread().getId());
        return (long) bytes;
    }

    private static long lookUp(IdentitySnapshot snapshot, byte[][] names) {
        long sum = 0;
        for (byte[] name : names) {
            int entity = snapshot.entityOf(0, EMAIL, name);
            sum += entity + snapshot.current(entity) + snapshot.size(entity);
            sum += snapshot.resolve(0, snapshot.high(entity), snapshot.low(entity));
        }
        return sum;
    }
}
