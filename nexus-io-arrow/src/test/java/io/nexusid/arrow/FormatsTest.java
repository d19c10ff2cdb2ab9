package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexusid.api.Compat;
import io.nexusid.api.EntityType;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.fixtures.ChecksTimelines;
import io.nexusid.fixtures.HostileGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;

/** It does not matter in which files a log comes, nor in which format tables are written. */
@ChecksTimelines
class FormatsTest {
    private static final List<Integer> THREADS = List.of(1, 2, 3, 8);
    private static final List<String> PREFIXES = List.of("a", "Z", "shop", "export_2024", "\u00e9", "\ud83d\ude00");

    /** Tables in an order of their own; the others come in the batches of the input. */
    private static final Predicate<String> DERIVED = name -> OutputTable.all(config(0, 1)).stream()
            .anyMatch(t -> t.name().equals(name) && !t.sortKey().isEmpty());

    private Path dir;

    @BeforeTry
    void makeFolder() throws IOException {
        dir = Files.createTempDirectory("formats");
    }

    @AfterTry
    void deleteFolder() throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void aLogResolvesAlikeHoweverItsFilesAreCut(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int size)
            throws IOException {
        checkFiles(seed, size);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    @Tag("slow")
    void aLogResolvesAlikeHoweverItsFilesAreCutAtLength(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int size) throws IOException {
        checkFiles(seed, size);
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void whatIsWrittenReadsBackAsItWas(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int size)
            throws IOException {
        checkWritten(seed, size);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    @Tag("slow")
    void whatIsWrittenReadsBackAsItWasAtLength(@ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int size)
            throws IOException {
        checkWritten(seed, size);
    }

    private void checkFiles(long seed, int size) throws IOException {
        Map<InputTable, List<Map<String, Object>>> log = log(seed, size);
        Map<String, List<Map<String, Object>>> expected = placeless(resolve(config(seed, 1), log));
        Random random = new Random(seed);
        for (int threads : THREADS) {
            Path in = dir.resolve("in" + threads);
            cut(in, log, random);
            Map<String, List<Map<String, Object>>> actual = placeless(LogFiles.resolve(config(seed, threads), in));
            for (String table : expected.keySet()) {
                assertEquals(
                        expected.get(table),
                        actual.get(table),
                        table + " from " + files(in).keySet());
            }
        }
    }

    private void checkWritten(long seed, int size) throws IOException {
        Map<InputTable, List<Map<String, Object>>> log = log(seed, size);
        NexusConfig config = config(seed, 2);
        Path in = dir.resolve("in");
        cut(in, log, new Random(seed));
        Map<String, List<Map<String, Object>>> expected = LogFiles.resolve(config, in);
        Path again = dir.resolve("again");
        cut(again, log, new Random(~seed));
        for (TableFormat format : TableFormat.values()) {
            Path out = dir.resolve(format.extension());
            Map<String, Schema> schemas = LogFiles.resolve(config, in, out, format);
            Map<String, List<Map<String, Object>>> actual = LogFiles.read(out, format, schemas);
            for (String table : expected.keySet()) {
                assertEquals(expected.get(table), actual.get(table), table + " in " + format);
            }
            Path second = dir.resolve("second-" + format.extension());
            LogFiles.resolve(config(seed, 3), in, second, format);
            assertSameFiles(out, second, table -> true);
            Path other = dir.resolve("again-" + format.extension());
            LogFiles.resolve(config(seed, 8), again, other, format);
            assertSameFiles(out, other, DERIVED);
        }
    }

    /** These tables' files are equal byte for byte. */
    private static void assertSameFiles(Path expected, Path actual, Predicate<String> tables) throws IOException {
        Map<String, byte[]> before = files(expected);
        Map<String, byte[]> after = files(actual);
        assertEquals(before.keySet(), after.keySet());
        for (String name : before.keySet()) {
            if (tables.test(name.substring(0, name.indexOf('.')))) {
                assertArrayEquals(before.get(name), after.get(name), name);
            }
        }
    }

    private static Map<String, byte[]> files(Path dir) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(dir)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(dir.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    private static Map<InputTable, List<Map<String, Object>>> log(long seed, int size) {
        Map<InputTable, List<Map<String, Object>>> log =
                seed % 2 == 0 ? HostileGenerator.log(seed, size) : HostileGenerator.logWithBlanks(seed, size);
        Assume.that(!log.isEmpty());
        return log;
    }

    private static NexusConfig config(long seed, int threads) {
        NexusConfig.Builder builder = NexusConfig.builder()
                .entityTypes(EntityType.PERSON, EntityType.GROUP, EntityType.resolved("task"))
                .clock(Instant.parse("2026-01-31T12:00:00.000001Z"))
                .internalEmails(List.of("user0@X.com"))
                .threads(threads);
        return preset(seed) ? builder.compat(Compat.V0_13_DUCKDB).build() : builder.build();
    }

    private static boolean preset(long seed) {
        return seed % 5 == 0;
    }

    /** The rows of a table in several files of mixed formats, whose names in byte order keep the order of the rows. */
    private static void cut(Path dir, Map<InputTable, List<Map<String, Object>>> log, Random random)
            throws IOException {
        for (Map.Entry<InputTable, List<Map<String, Object>>> table : log.entrySet()) {
            List<Map<String, Object>> rows = table.getValue();
            List<Path> files = names(dir, table.getKey().tableName(), random);
            int from = 0;
            for (int i = 0; i < files.size(); i++) {
                int left = rows.size() - from;
                int count = i == files.size() - 1 ? left : random.nextInt(left + 1);
                LogFiles.write(files.get(i), table.getKey(), rows, from, from + count);
                from += count;
            }
        }
    }

    private static List<Path> names(Path dir, String table, Random random) {
        Set<String> names = new TreeSet<>((a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)));
        int count = 1 + random.nextInt(4);
        while (names.size() < count) {
            String extension = pick(random, LogFiles.EXTENSIONS);
            String prefix = pick(random, PREFIXES);
            String stem =
                    switch (random.nextInt(4)) {
                        case 0 -> table;
                        case 1 -> prefix + "_" + table;
                        case 2 -> table + "/" + prefix;
                        default -> table + "/" + prefix + "/part-" + random.nextInt(20);
                    };
            names.add(stem + "." + extension);
        }
        return names.stream().map(dir::resolve).toList();
    }

    private static <T> T pick(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** All tables of the log handed over in memory, one batch per table. */
    private static Map<String, List<Map<String, Object>>> resolve(
            NexusConfig config, Map<InputTable, List<Map<String, Object>>> log) throws IOException {
        Map<String, List<Map<String, Object>>> out = new HashMap<>();
        List<VectorSchemaRoot> batches = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator()) {
            try (Nexus nexus = Nexus.open(config, allocator)) {
                EventLog.Builder builder = nexus.log();
                log.forEach((table, rows) -> {
                    VectorSchemaRoot batch = TestTables.batch(table, rows, 0, rows.size(), allocator);
                    batches.add(batch);
                    builder.add(table, batch);
                });
                try (EventLog input = builder.build();
                        ResolvedTables tables = nexus.resolve(input, LogFiles.names(config))) {
                    for (String name : LogFiles.names(config)) {
                        try (ArrowReader reader = tables.reader(name)) {
                            out.put(name, TestTables.rows(reader));
                        }
                    }
                }
            } finally {
                batches.forEach(VectorSchemaRoot::close);
            }
        }
        return out;
    }

    /** The tables without where a rejected row stood. */
    private static Map<String, List<Map<String, Object>>> placeless(Map<String, List<Map<String, Object>>> tables) {
        tables.get(OutputTable.REJECTS).forEach(row -> row.keySet().removeAll(Set.of("file", "row_number")));
        return tables;
    }
}
