package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.Survivor;
import io.nexusid.fixtures.ChecksTimelines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.Transformer;

/** Every invariant of a store holds after every step, whatever the steps are. */
@ChecksTimelines
class StoreStepsTest {
    private static final String NO_SOURCE = "<none>";

    private Living living;

    /** A store, and what was delivered to it. */
    private static final class Living {
        private final NexusConfig config;
        private final Path dir;
        private final StoreInvariants invariants = new StoreInvariants(List.of("person", "group"));
        private final List<Map<String, Object>> rows = new ArrayList<>();
        private final Set<Object> known = new HashSet<>();
        private final Map<String, Instant> watermarks = new HashMap<>();
        private NexusStore store;

        Living(Survivor survivor) {
            config = NexusConfig.builder()
                    .clock(Instant.parse("2026-01-31T12:00:00Z"))
                    .threads(1)
                    .survivor(survivor)
                    .build();
            try {
                dir = Files.createTempDirectory("nexus-steps");
                store = NexusStore.open(dir, config);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void deliver(List<Map<String, Object>> log) throws IOException {
            long epoch = store.epoch();
            int fresh = 0;
            for (Map<String, Object> row : log) {
                Map<String, Object> content = new HashMap<>(row);
                content.remove("_ingested_at");
                fresh += known.add(content) ? 1 : 0;
            }
            Changes changes = append(log);
            assertEquals(fresh > 0, changes.committed());
            assertEquals(epoch + (fresh > 0 ? 1 : 0), store.epoch());
            if (!log.isEmpty()) {
                Changes.Rows counts = changes.rows().get(InputTable.ENTITY_IDENTIFIERS);
                assertEquals(new Changes.Rows(log.size(), fresh, log.size() - fresh, 0, 0), counts);
            }
            rows.addAll(log);
            store.watermarks().forEach((source, at) -> {
                assertTrue(at.compareTo(watermarks.getOrDefault(source, Instant.MIN)) >= 0, "a watermark never falls");
                assertTrue(rows.stream().anyMatch(row -> isAt(row, source, at)), "a watermark is some row's");
            });
            watermarks.putAll(store.watermarks());
            check();
        }

        private Changes append(List<Map<String, Object>> log) throws IOException {
            return Stores.append(store, log.isEmpty() ? Map.of() : Map.of(InputTable.ENTITY_IDENTIFIERS, log));
        }

        private void check() throws IOException {
            if (!rows.isEmpty()) {
                invariants.check(store, rows);
            }
        }

        private static boolean isAt(Map<String, Object> row, String source, Instant at) {
            Object of = row.get("source");
            return (of == null ? NO_SOURCE : of).equals(source)
                    && Instant.EPOCH
                            .plus((Long) row.get("_ingested_at"), ChronoUnit.MICROS)
                            .equals(at);
        }

        /** What came before, or some of it, comes again and changes nothing. */
        void deliverAgain(int from, int count) throws IOException {
            if (!rows.isEmpty()) {
                int first = from % rows.size();
                List<Map<String, Object>> part = rows.subList(first, Math.min(rows.size(), first + count));
                Map<String, byte[]> before = files();
                assertFalse(append(part).committed());
                Map<String, byte[]> after = files();
                assertEquals(before.keySet(), after.keySet());
                before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
            }
            check();
        }

        private Map<String, byte[]> files() throws IOException {
            Map<String, byte[]> files = new LinkedHashMap<>();
            try (var list = Files.list(dir)) {
                for (Path file : list.sorted().toList()) {
                    files.put(file.getFileName().toString(), Files.readAllBytes(file));
                }
            }
            return files;
        }

        void openAgain() throws IOException {
            store.close();
            store = NexusStore.open(dir);
            store.close();
            store = NexusStore.open(dir, config);
            check();
        }

        void compact() throws IOException {
            store.compact();
            check();
        }

        void close() throws IOException {
            store.close();
            Stores.delete(dir);
        }
    }

    private interface Step {
        void of(Living living) throws IOException;
    }

    private static Transformer<Living> step(String name, Step step) {
        return Transformer.mutate(name, living -> {
            try {
                step.of(living);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Action.Independent<Living> action(Arbitrary<Transformer<Living>> steps) {
        return () -> steps;
    }

    /** Few events, values and edges, so that much meets; rows of one event may come late, and before what they were. */
    private static Arbitrary<Map<String, Object>> row() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.of("person", "person", "group"),
                        Arbitraries.of("email", "cookie"),
                        Arbitraries.integers().between(0, 11),
                        Arbitraries.of("buyer", "payer").injectNull(0.3),
                        Arbitraries.of("shop", "mail").injectNull(0.2),
                        Arbitraries.longs().between(1, 1000))
                .as((edge, entityType, type, value, role, source, loaded) -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("event_id", "event" + edge);
                    row.put("edge_id", edge == 0 ? null : "edge" + edge);
                    row.put("entity_type", entityType);
                    row.put("identifier_type", type);
                    row.put("identifier_value", "v" + value);
                    row.put("role", role);
                    row.put("source", source);
                    row.put("occurred_at", 1_000L - 7 * edge);
                    row.put("_ingested_at", loaded);
                    return row;
                });
    }

    @Provide
    Arbitrary<ActionChain<Living>> chains() {
        Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 30);
        return Arbitraries.of(Survivor.values()).flatMap(survivor -> ActionChain.startWith(() -> begin(survivor))
                .withAction(
                        6,
                        action(row().list()
                                .ofMaxSize(7)
                                .map(log -> step("deliver " + log, living -> living.deliver(log)))))
                .withAction(
                        2,
                        action(Combinators.combine(numbers, numbers)
                                .as((from, count) -> step(
                                        "again " + from + ", " + count, living -> living.deliverAgain(from, count)))))
                .withAction(1, action(Arbitraries.just(step("open again", Living::openAgain))))
                .withAction(1, action(Arbitraries.just(step("compact", Living::compact))))
                .withMaxTransformations(14));
    }

    private Living begin(Survivor survivor) {
        living = new Living(survivor);
        return living;
    }

    @AfterTry
    void close() throws IOException {
        if (living != null) {
            living.close();
        }
    }

    @Property(tries = 8)
    void everyInvariantHoldsAfterEveryStep(@ForAll("chains") ActionChain<Living> chain) {
        chain.run();
    }

    @Property(tries = 300)
    @Tag("slow")
    void everyInvariantHoldsAfterManySteps(@ForAll("chains") ActionChain<Living> chain) {
        chain.run();
    }
}
