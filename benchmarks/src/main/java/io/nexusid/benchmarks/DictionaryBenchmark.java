package io.nexusid.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.graph.KeyDictionary;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Text to numbers, per row: keys of 20 bytes, in batches as a file gives them, numbered as first seen.
 *
 * <p>Contenders:
 *
 * <ul>
 *   <li>{@code insertBatch}, {@code lookupBatch}: {@link KeyDictionary#addAll}; bytes in, cache misses overlapped.
 *   <li>{@code insertSingle}, {@code lookupSingle}: one key at a time.
 *   <li>{@code insertHashMap}, {@code lookupHashMap}: {@code HashMap<String, Integer>}; is given its strings for
 *       nothing, each row a string of its own with its hash not yet computed at the first round.
 *   <li>{@code insertHashMapDecoding}: the same, but makes the strings from the bytes, as a reader must.
 * </ul>
 *
 * <p>Inserting starts from an empty dictionary in every invocation. {@code distinct=10000} is hot (the table fits the
 * cache), {@code 1000000} cold: {@value #ROWS} rows at random.
 *
 * <p>{@code benchmarks/run-jmh DictionaryBenchmark -jvmArgs -Xmx4g}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(DictionaryBenchmark.ROWS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class DictionaryBenchmark {
    static final int ROWS = 1 << 20;
    private static final int LENGTH = 20;

    /** Number of keys that the rows draw from. */
    @Param({"10000", "1000000"})
    public int distinct = 10_000;

    private final int[] kinds = new int[ROWS];
    private final int[] offsets = new int[ROWS + 1];
    private byte[] data = {};
    private String[] strings = {};
    private KeyDictionary dictionary = new KeyDictionary(1);
    private Map<String, Integer> map = Map.of();

    /** Makes the rows and checks that all contenders number them alike. */
    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(1);
        data = new byte[ROWS * LENGTH];
        strings = new String[ROWS];
        for (int row = 0; row < ROWS; row++) {
            long mixed = new SplittableRandom(random.nextInt(distinct)).nextLong();
            String digits = Long.toHexString(mixed | Long.MIN_VALUE);
            byte[] key = ("anon" + digits).getBytes(UTF_8);
            System.arraycopy(key, 0, data, row * LENGTH, LENGTH);
            offsets[row + 1] = (row + 1) * LENGTH;
            strings[row] = text(row);
        }
        int[] expected = insertHashMap();
        Agreement.check("insertHashMapDecoding", expected, insertHashMapDecoding());
        Agreement.check("insertBatch", expected, insertBatch());
        Agreement.check("insertSingle", expected, insertSingle());
        dictionary = new KeyDictionary(distinct);
        dictionary.addAll(kinds, data, offsets, ROWS, new int[ROWS], 0);
        map = new HashMap<>();
        for (String string : strings) {
            map.putIfAbsent(string, map.size());
        }
        Agreement.check("lookupBatch", expected, lookupBatch());
        Agreement.check("lookupSingle", expected, lookupSingle());
        Agreement.check("lookupHashMap", expected, lookupHashMap());
    }

    private String text(int row) {
        return new String(data, row * LENGTH, LENGTH, UTF_8);
    }

    @Benchmark
    public int[] insertBatch() {
        int[] codes = new int[ROWS];
        new KeyDictionary(16).addAll(kinds, data, offsets, ROWS, codes, 0);
        return codes;
    }

    @Benchmark
    public int[] insertSingle() {
        KeyDictionary fresh = new KeyDictionary(16);
        int[] codes = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            codes[row] = fresh.add(0, data, offsets[row], LENGTH);
        }
        return codes;
    }

    @Benchmark
    public int[] insertHashMap() {
        Map<String, Integer> fresh = new HashMap<>();
        int[] codes = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            codes[row] = code(fresh, strings[row]);
        }
        return codes;
    }

    @Benchmark
    public int[] insertHashMapDecoding() {
        Map<String, Integer> fresh = new HashMap<>();
        int[] codes = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            codes[row] = code(fresh, text(row));
        }
        return codes;
    }

    private static int code(Map<String, Integer> map, String key) {
        int next = map.size();
        Integer known = map.putIfAbsent(key, next);
        return known == null ? next : known;
    }

    /** Adds what is known already, which is how a run looks up: there is no other batch form. */
    @Benchmark
    public int[] lookupBatch() {
        int[] codes = new int[ROWS];
        dictionary.addAll(kinds, data, offsets, ROWS, codes, 0);
        return codes;
    }

    @Benchmark
    public int[] lookupSingle() {
        int[] codes = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            codes[row] = dictionary.find(0, data, offsets[row], LENGTH);
        }
        return codes;
    }

    @Benchmark
    public int[] lookupHashMap() {
        int[] codes = new int[ROWS];
        Arrays.setAll(codes, row -> map.getOrDefault(strings[row], KeyDictionary.ABSENT));
        return codes;
    }
}
