package io.nexusid.graph;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.Arrays;
import java.util.Objects;

/**
 * Numbers keys (kind, bytes) as a {@link KeyDictionary} does, 0, 1, 2... in the order they are first seen, but keeps none
 * of them: for keys whose equal ones stand side by side and which nobody will ask for again, as the edge ids of a file.
 *
 * <p>Adjacent equal keys are a <em>run</em>, told by their bytes. Every run gets a number and leaves its hash behind. If
 * in the end no two runs have one hash, all runs are different keys, and the numbers stand: that follows from the hashes
 * alone and trusts none. Else {@link #seal} says so, the keys are shown a second time, and of runs that share a hash the
 * bytes decide. So an answer never depends on the hash, only the cost does.
 *
 * <pre>
 *   addAll(batch)...   every row's run
 *   if (!seal())       some hash came twice
 *     confirm(batch)...  the same rows again
 *     finish(all rows)   numbers of keys instead of runs
 * </pre>
 *
 * <p>Cost: one comparison a row; one hash a run, and about 10 ns to look whether another has it; 8 bytes a run, 16 while
 * sealing, where a dictionary takes about 20 and the text, and three times the time. A second showing costs what a
 * dictionary costs, for the runs in question; where they are many, for all. A stranger cannot choose keys of one hash,
 * which has a secret; if he knows the secret, his keys are compared in a dictionary, which has its own defence. Not
 * thread-safe.
 */
public final class AdjacentKeys {
    /*
     * Looking for equal hashes at random places of one big table would miss the cache at every run. They are written one
     * behind the other as they come, then dealt out by their upper bits to buckets of a few thousand, and each bucket goes
     * through a table that stays in the second-level cache.
     */
    private static final int PAGE_SHIFT = 16;
    private static final int PAGE = 1 << PAGE_SHIFT;
    private static final int BUCKET_SHIFT = 13;
    private static final int MOST_BUCKET_BITS = 12;
    private static final int STEPS_ALLOWED = 8;
    /** Where more than one run in so many shares its hash, they are no longer told from the others. */
    private static final int FEW = 16;

    private final KeyHash hash;
    private long[][] pages = new long[1][];
    private int runs;

    private int lastKind = KeyDictionary.ABSENT;
    private byte[] lastKey = new byte[64];
    private int lastLength;

    /** Hashes that several runs have; where {@link #FEW} does not hold, only some of them. */
    private final LongOpenHashSet shared = new LongOpenHashSet();
    /** By run the first run of its key; only if there are shared hashes. */
    private int[] firstRun = {};

    private KeyDictionary confirmed = new KeyDictionary(0);
    private final IntArrayList runOfConfirmed = new IntArrayList();
    private int[] kindsInQuestion = {};
    private int[] codesInQuestion = {};

    /** Without any key. */
    public AdjacentKeys() {
        this(KeyHash.ofProcess());
    }

    AdjacentKeys(KeyHash hash) {
        this.hash = hash;
    }

    /**
     * Adds keys, in the form that {@link KeyDictionary#addAll} takes; the number of key i's run goes to {@code
     * codes[codesFrom + i]}, {@link KeyDictionary#ABSENT} for a null key. A null key does not end a run.
     */
    public void addAll(int[] kinds, byte[] data, int[] offsets, int count, int[] codes, int codesFrom) {
        check(kinds, offsets, count, codes, codesFrom);
        int before = -1;
        for (int i = 0; i < count; i++) {
            int kind = kinds[i];
            if (kind < 0) {
                codes[codesFrom + i] = KeyDictionary.ABSENT;
                continue;
            }
            int at = offsets[i];
            int length = offsets[i + 1] - at;
            Objects.checkFromIndexSize(at, length, data.length);
            boolean goesOn = before < 0
                    ? isLast(kind, data, at, length)
                    : kind == kinds[before]
                            && length == offsets[before + 1] - offsets[before]
                            && ByteWords.equal(data, at, data, offsets[before], length);
            if (!goesOn) {
                append(hash.of(kind, data, at, length));
            }
            codes[codesFrom + i] = runs - 1;
            before = i;
        }
        if (before >= 0) {
            remember(kinds[before], data, offsets[before], offsets[before + 1] - offsets[before]);
        }
    }

    private static void check(int[] kinds, int[] offsets, int count, int[] codes, int codesFrom) {
        Objects.checkFromIndexSize(0, count, kinds.length);
        Objects.checkFromIndexSize(0, count + 1, offsets.length);
        Objects.checkFromIndexSize(codesFrom, count, codes.length);
    }

    private boolean isLast(int kind, byte[] data, int at, int length) {
        return kind == lastKind && length == lastLength && ByteWords.equal(data, at, lastKey, 0, length);
    }

    private void remember(int kind, byte[] data, int at, int length) {
        lastKind = kind;
        lastLength = length;
        if (lastKey.length < length) {
            lastKey = new byte[length];
        }
        System.arraycopy(data, at, lastKey, 0, length);
    }

    private void append(long hashOfRun) {
        int page = runs >>> PAGE_SHIFT;
        if (page == pages.length) {
            pages = Arrays.copyOf(pages, 2 * page);
        }
        if (pages[page] == null) {
            pages[page] = new long[PAGE];
        }
        pages[page][runs++ & (PAGE - 1)] = hashOfRun;
    }

    /**
     * Ends the adding. True if every run is a key by itself, so that the numbers given stand; false if the same keys must be
     * shown to {@link #confirm} again.
     */
    public boolean seal() {
        int bits = Math.min(MOST_BUCKET_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(runs >>> BUCKET_SHIFT));
        int[] ends = new int[(1 << bits) + 1];
        for (int run = 0; run < runs; run++) {
            ends[bucket(run, bits) + 1]++;
        }
        for (int b = 1; b < ends.length; b++) {
            ends[b] += ends[b - 1];
        }
        long[] dealt = new long[runs];
        for (int run = 0; run < runs; run++) {
            dealt[ends[bucket(run, bits)]++] = hash(run);
        }
        pages = new long[0][];
        long[] table = new long[0];
        int from = 0;
        for (int b = 0; b < ends.length - 1 && areFew(); b++) {
            int to = ends[b];
            int fitting = 2 << (Integer.SIZE - Integer.numberOfLeadingZeros(to - from));
            if (table.length < fitting) {
                table = new long[fitting];
            }
            findShared(dealt, from, to, table, fitting, shared);
            from = to;
        }
        if (shared.isEmpty()) {
            return true;
        }
        firstRun = new int[runs];
        Arrays.setAll(firstRun, run -> run);
        return false;
    }

    private boolean areFew() {
        return shared.size() <= runs / FEW;
    }

    private long hash(int run) {
        return pages[run >>> PAGE_SHIFT][run & (PAGE - 1)];
    }

    private int bucket(int run, int bits) {
        return (int) (hash(run) >>> 1 >>> (Long.SIZE - 1 - bits));
    }

    /**
     * Adds the hashes that are twice in {@code hashes[from, to)}, whose order may change.
     *
     * @param size elements of the table that are used: a power of two, more than there are hashes
     */
    static void findShared(long[] hashes, int from, int to, long[] table, int size, LongOpenHashSet shared) {
        Arrays.fill(table, 0, size, 0);
        long stepsLeft = (long) STEPS_ALLOWED * (to - from);
        boolean zero = false;
        for (int i = from; i < to && stepsLeft >= 0; i++) {
            long h = hashes[i];
            if (h == 0) {
                if (zero) {
                    shared.add(0);
                }
                zero = true;
                continue;
            }
            int at = (int) h & (size - 1);
            while (table[at] != 0 && table[at] != h) {
                at = (at + 1) & (size - 1);
                stepsLeft--;
            }
            if (table[at] == h) {
                shared.add(h);
            }
            table[at] = h;
        }
        if (stepsLeft < 0) {
            // Not by chance: someone has chosen them. Sorting takes no longer for that.
            Arrays.sort(hashes, from, to);
            for (int i = from + 1; i < to; i++) {
                if (hashes[i] == hashes[i - 1]) {
                    shared.add(hashes[i]);
                }
            }
        }
    }

    /**
     * Looks at the keys again, all of them in the same order, in whatever slices.
     *
     * @param codes what {@link #addAll} has put there
     */
    public void confirm(int[] kinds, byte[] data, int[] offsets, int count, int[] codes, int codesFrom) {
        check(kinds, offsets, count, codes, codesFrom);
        if (kindsInQuestion.length < count) {
            kindsInQuestion = new int[count];
            codesInQuestion = new int[count];
        }
        boolean all = !areFew();
        int before = KeyDictionary.ABSENT;
        for (int i = 0; i < count; i++) {
            int run = codes[codesFrom + i];
            int kind = run == before ? KeyDictionary.ABSENT : kinds[i];
            before = run < 0 ? before : run;
            boolean asked = kind >= 0 && (all || isShared(kind, data, offsets[i], offsets[i + 1] - offsets[i]));
            kindsInQuestion[i] = asked ? kind : KeyDictionary.ABSENT;
        }
        confirmed.addAll(kindsInQuestion, data, offsets, count, codesInQuestion, 0);
        for (int i = 0; i < count; i++) {
            int code = codesInQuestion[i];
            if (code >= 0) {
                int run = codes[codesFrom + i];
                if (code == runOfConfirmed.size()) {
                    runOfConfirmed.add(run);
                }
                firstRun[run] = runOfConfirmed.getInt(code);
            }
        }
    }

    private boolean isShared(int kind, byte[] data, int at, int length) {
        Objects.checkFromIndexSize(at, length, data.length);
        return shared.contains(hash.of(kind, data, at, length));
    }

    /** After {@link #confirm}: replaces the runs in {@code codes[0, rows)} by the numbers of their keys. */
    public void finish(int[] codes, int rows) {
        int keys = 0;
        for (int run = 0; run < runs; run++) {
            firstRun[run] = firstRun[run] == run ? keys++ : firstRun[firstRun[run]];
        }
        for (int row = 0; row < rows; row++) {
            codes[row] = codes[row] < 0 ? KeyDictionary.ABSENT : firstRun[codes[row]];
        }
        runs = keys;
        firstRun = new int[0];
        confirmed = new KeyDictionary(0);
    }

    /** How many keys there are, once {@link #seal} was true or {@link #finish} has been called. */
    public int size() {
        return runs;
    }
}
