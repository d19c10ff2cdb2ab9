package io.nexusid.graph;

import java.util.Arrays;
import java.util.Objects;

/**
 * Numbers keys (kind, bytes) 0, 1, 2... in the order they are first seen. It only grows.
 *
 * <p>The same bytes under two kinds are two keys. Keys are compared by their bytes, never by a hash alone, so two
 * different keys never share a code. Not thread-safe; any number of threads may read while none adds.
 *
 * <p>At most {@value #MAX_KEYS} keys and 16 GiB of them; past that every {@code add} of a new key throws
 * {@link io.nexusid.api.NexusDataException} with {@code CAPACITY} and changes nothing.
 */
public final class KeyDictionary {
    /*
     * Open addressing with linear probing over long slots: the upper half of a slot is 32 bits of the key's hash (the
     * tag), the lower half the position of its record in the arena, zero is empty. The home slot is the tag scaled to
     * the number of slots, whatever that is, so that moving to another table streams through the slots in order and reads
     * no key, and a table can grow by half. On a tag hit the bytes are compared in the record, which also holds the code:
     * two cache misses for a known key. positions[] leads from a code to its record.
     *
     * Memory: slots 11 to 17 bytes a key (load 0.7 to 0.47; to 0.35 below 65,536 slots), position 4 to 5, record 8 + length
     * padded to four: for a 20-byte key 50 bytes at worst, 44 after trim(); while slots move, the old and the new ones: 11
     * more for that moment, and until nobody holds an epoch that has the old ones.
     *
     * Flooding: the hash is keyed by a secret of the process, so nobody can choose keys that collide unless he knows it.
     * All slots that adding walks past are counted, those of growing too, and a record read in vain as eight; random keys
     * need 3.9 each at most. More than STEPS_ALLOWED means that someone knows the secret, whether his keys make one
     * cluster or a thousand short ones, and the table is rebuilt under a fresh one: between blocks, and at most once per
     * doubling, so that the cost stays linear. Looking up (find) cannot rebuild; what it meets was paid for by adding.
     */

    /** What stands for a key that is null or not known. */
    public static final int ABSENT = -1;

    /** The most keys a dictionary can hold. */
    public static final int MAX_KEYS = 750_000_000;

    private static final int MAX_SLOTS = 1 << 30;
    private static final int MIN_SLOTS = 16;
    private static final int MOST_DOUBLED = 1 << 16;
    private static final int STEPS_ALLOWED = 5;
    private static final int STEPS_TO_SPARE = 4096;
    private static final int STEPS_OF_A_MISS = 8;
    private static final int BLOCK = 256;
    private static final int TYPICAL_RECORD = 28;

    private final int maxKeys;
    private final KeyArena arena;
    private KeyHash hash;
    private long[] slots;
    private int room;
    private int[] positions;
    private int size;
    private int reseeds;
    private int sizeAtReseed;
    private long steps;
    private long stepsAllowed = STEPS_TO_SPARE;

    /** Where one call works on a block of keys; of its own, so that lookups can run side by side. */
    private static final class Block {
        /** The keys that are looked up, as positions in the block; the other arrays run beside it. */
        final int[] picks = new int[BLOCK];

        final int[] tags = new int[BLOCK];
        final long[] homes = new long[BLOCK];
        /** Where looking for the key came to an end: at the candidate, or at an empty slot. */
        final int[] ends = new int[BLOCK];
        /** The first record whose tag fits, or 0 where there is none or it ends otherwise. */
        final int[] candidates = new int[BLOCK];

        final int[] candidateCodes = new int[BLOCK];
    }

    /** An empty dictionary with room for this many keys before it first grows. */
    public KeyDictionary(int expectedKeys) {
        this(expectedKeys, MAX_KEYS, KeyHash.ofProcess());
    }

    KeyDictionary(int expectedKeys, int maxKeys, KeyHash hash) {
        this(expectedKeys, maxKeys, KeyArena.MAX_CHUNKS, hash);
    }

    KeyDictionary(int expectedKeys, int maxKeys, int maxChunks, KeyHash hash) {
        if (expectedKeys < 0) {
            throw new IllegalArgumentException("expectedKeys is negative: " + expectedKeys);
        }
        int expected = Math.min(expectedKeys, maxKeys);
        this.maxKeys = maxKeys;
        this.hash = hash;
        this.arena = new KeyArena((long) expected * TYPICAL_RECORD, maxChunks);
        this.positions = new int[Math.max(expected, 8)];
        this.slots = new long[0];
        useSlots(slotsFor(expected));
    }

    private static int slotsFor(int keys) {
        return (int) Math.max(MIN_SLOTS, keys * 10L / 7 + 1);
    }

    private void useSlots(int count) {
        slots = new long[count];
        room = (int) (count * 7L / 10);
    }

    /** Where looking for this tag starts: tags in ascending order have homes in ascending order, evenly spread. */
    static int home(int tag, int slots) {
        return (int) (((tag & 0xffffffffL) * slots) >>> Integer.SIZE);
    }

    /**
     * The code of a key, new or known.
     *
     * @param kind at least 0
     */
    public int add(int kind, byte[] bytes, int from, int length) {
        check(kind, bytes, from, length);
        expect(1);
        int tag = tag(kind, bytes, from, length);
        return resolve(home(tag, slots.length), tag, kind, bytes, from, length);
    }

    /** The code of a key, or {@link #ABSENT}. */
    public int find(int kind, byte[] bytes, int from, int length) {
        check(kind, bytes, from, length);
        int tag = tag(kind, bytes, from, length);
        return lookUp(home(tag, slots.length), tag, kind, bytes, from, length);
    }

    private int lookUp(int start, int tag, int kind, byte[] bytes, int from, int length) {
        long[] table = slots;
        for (int at = start; table[at] != 0; at = at + 1 < table.length ? at + 1 : 0) {
            int position = (int) table[at];
            if (tagOf(table[at]) == tag && arena.matches(position, kind, bytes, from, length)) {
                return arena.code(position);
            }
        }
        return ABSENT;
    }

    static void check(int kind, byte[] bytes, int from, int length) {
        if (kind < 0) {
            throw new IllegalArgumentException("kind is negative: " + kind);
        }
        Objects.checkFromIndexSize(from, length, bytes.length);
    }

    /**
     * Adds {@code count} keys: key i is {@code kinds[i]} and {@code data[offsets[i] .. offsets[i + 1])}; its code goes
     * to {@code codes[codesFrom + i]}. A negative kind is a null key and gives {@link #ABSENT}; its bytes are not read.
     *
     * <p>Works in blocks of {@value #BLOCK}: hash all, then load all home slots, then all records, so that the cache misses of a block overlap; then decide in order. A key equal to the one before it costs one
     * comparison.
     */
    public void addAll(int[] kinds, byte[] data, int[] offsets, int count, int[] codes, int codesFrom) {
        Objects.checkFromIndexSize(0, count, kinds.length);
        Objects.checkFromIndexSize(0, count + 1, offsets.length);
        Objects.checkFromIndexSize(codesFrom, count, codes.length);
        Block block = new Block();
        for (int from = 0; from < count; from += BLOCK) {
            codeBlock(block, kinds, data, offsets, from, Math.min(count - from, BLOCK), codes, codesFrom + from, true);
        }
    }

    /** As {@link #addAll} for keys that are only looked up: one that is not there gives {@link #ABSENT}. */
    public void findAll(int[] kinds, byte[] data, int[] offsets, int count, int[] codes, int codesFrom) {
        Objects.checkFromIndexSize(0, count, kinds.length);
        Objects.checkFromIndexSize(0, count + 1, offsets.length);
        Objects.checkFromIndexSize(codesFrom, count, codes.length);
        Block block = new Block();
        for (int from = 0; from < count; from += BLOCK) {
            codeBlock(block, kinds, data, offsets, from, Math.min(count - from, BLOCK), codes, codesFrom + from, false);
        }
    }

    private void codeBlock(
            Block block,
            int[] kinds,
            byte[] data,
            int[] offsets,
            int from,
            int count,
            int[] codes,
            int codesFrom,
            boolean add) {
        if (add) {
            expect(count);
        }
        int picked = hashBlock(block, kinds, data, offsets, from, count);
        int walked = touchBlock(block, picked, data, offsets, from);
        if (add) {
            steps += walked;
        }
        long[] touched = slots;
        int p = 0;
        for (int j = 0; j < count; j++) {
            int kind = kinds[from + j];
            if (kind < 0) {
                codes[codesFrom + j] = ABSENT;
                continue;
            }
            if (p == picked || block.picks[p] != j) {
                codes[codesFrom + j] = codes[codesFrom + j - 1];
                continue;
            }
            int at = offsets[from + j];
            int length = offsets[from + j + 1] - at;
            int candidate = block.candidates[p];
            int code;
            if (candidate != 0 && arena.matches(candidate, kind, data, at, length)) {
                code = block.candidateCodes[p];
            } else {
                int tag = block.tags[p];
                // What was added since went to slots that were empty, none of them before this end.
                int start = slots == touched ? block.ends[p] : home(tag, slots.length);
                code = add ? resolve(start, tag, kind, data, at, length) : lookUp(start, tag, kind, data, at, length);
            }
            codes[codesFrom + j] = code;
            p++;
        }
    }

    /** Picks the keys of a block that are neither null nor equal to the one before, and hashes them. */
    private int hashBlock(Block block, int[] kinds, byte[] data, int[] offsets, int from, int count) {
        int picked = 0;
        for (int j = 0; j < count; j++) {
            int kind = kinds[from + j];
            if (kind < 0 || (j > 0 && sameAsPrevious(kinds, data, offsets, from + j))) {
                continue;
            }
            int at = offsets[from + j];
            int length = offsets[from + j + 1] - at;
            Objects.checkFromIndexSize(at, length, data.length);
            block.tags[picked] = tag(kind, data, at, length);
            block.picks[picked++] = j;
        }
        return picked;
    }

    private static boolean sameAsPrevious(int[] kinds, byte[] data, int[] offsets, int i) {
        int at = offsets[i];
        int before = offsets[i - 1];
        int length = offsets[i + 1] - at;
        return kinds[i] == kinds[i - 1] && length == at - before && ByteWords.equal(data, at, data, before, length);
    }

    /**
     * Finds candidates, and reads both ends of each: a record is often on two cache lines. Returns how many slots it
     * walked past.
     */
    private int touchBlock(Block block, int picked, byte[] data, int[] offsets, int from) {
        int walked = 0;
        long[] table = slots;
        for (int p = 0; p < picked; p++) {
            block.homes[p] = table[home(block.tags[p], table.length)];
        }
        for (int p = 0; p < picked; p++) {
            int tag = block.tags[p];
            long slot = block.homes[p];
            int at = home(tag, table.length);
            while (slot != 0 && tagOf(slot) != tag) {
                at = at + 1 < table.length ? at + 1 : 0;
                slot = table[at];
                walked++;
            }
            block.ends[p] = at;
            block.candidates[p] = (int) slot;
        }
        // Loops of their own, with as little in them as can be: the more rounds the processor has under way, the more
        // misses overlap.
        for (int p = 0; p < picked; p++) {
            block.candidateCodes[p] = arena.code(block.candidates[p]);
        }
        for (int p = 0; p < picked; p++) {
            int row = from + block.picks[p];
            int end = offsets[row + 1];
            int length = end - offsets[row];
            boolean endsAlike = length == 0 || arena.lastByte(block.candidates[p], length) == data[end - 1];
            block.candidates[p] = endsAlike ? block.candidates[p] : 0;
        }
        return walked;
    }

    private int tag(int kind, byte[] bytes, int from, int length) {
        return (int) (hash.of(kind, bytes, from, length) >>> 32);
    }

    private static int tagOf(long slot) {
        return (int) (slot >>> 32);
    }

    /** The code of a key, new or known, that is in no slot from its home up to {@code start}. */
    private int resolve(int start, int tag, int kind, byte[] bytes, int from, int length) {
        long[] table = slots;
        int at = start;
        int walked = 0;
        while (table[at] != 0) {
            if (tagOf(table[at]) == tag) {
                int position = (int) table[at];
                if (arena.matches(position, kind, bytes, from, length)) {
                    steps += walked;
                    return arena.code(position);
                }
                walked += STEPS_OF_A_MISS;
            }
            at = at + 1 < table.length ? at + 1 : 0;
            walked++;
        }
        steps += walked;
        return insert(tag, kind, bytes, from, length, at);
    }

    private int insert(int tag, int kind, byte[] bytes, int from, int length, int emptySlot) {
        if (size == maxKeys) {
            throw KeyArena.full("more than " + maxKeys + " distinct values");
        }
        // First: it refuses what does not fit. A record that no slot leads to does no harm.
        int position = arena.append(size, kind, bytes, from, length);
        if (size == positions.length) {
            positions = Arrays.copyOf(positions, (int) Math.min(maxKeys, size + (size >> 2) + 8L));
        }
        int home = emptySlot;
        if (size >= room) {
            grow();
            home = emptySlot(tag);
        }
        positions[size] = position;
        slots[home] = slot(tag, position);
        return size++;
    }

    private static long slot(int tag, int position) {
        return ((long) tag << 32) | (position & 0xffffffffL);
    }

    private int emptySlot(int tag) {
        long[] table = slots;
        int at = home(tag, table.length);
        int walked = 0;
        while (table[at] != 0) {
            at = at + 1 < table.length ? at + 1 : 0;
            walked++;
        }
        steps += walked;
        return at;
    }

    private void grow() {
        moveSlots(grown(slots.length));
    }

    /** How many slots follow so many: twice as many while they are few, then half as many more. */
    private static int grown(int count) {
        return (int) Math.min(MAX_SLOTS, (long) count + (count < MOST_DOUBLED ? count : count >> 1));
    }

    private void moveSlots(int count) {
        long[] old = slots;
        useSlots(count);
        long[] table = slots;
        long[] moving = new long[BLOCK];
        long walked = 0;
        for (int from = 0; from < old.length; from += BLOCK) {
            int to = Math.min(old.length, from + BLOCK);
            int picked = 0;
            for (int at = from; at < to; at++) {
                long slot = old[at];
                moving[picked] = slot;
                // One more unless it is empty, without a branch: which slots are is anybody's guess.
                picked += (int) ((slot | -slot) >>> 63);
            }
            for (int p = 0; p < picked; p++) {
                int at = home(tagOf(moving[p]), count);
                while (table[at] != 0) {
                    at = at + 1 < count ? at + 1 : 0;
                    walked++;
                }
                table[at] = moving[p];
            }
        }
        steps += walked;
    }

    /** Before so many keys are added: makes sure that those before them have not cost more than keys can by chance. */
    private void expect(int keys) {
        if (steps > stepsAllowed && size >= 2L * sizeAtReseed) {
            reseed();
        }
        stepsAllowed += (long) keys * STEPS_ALLOWED;
    }

    private void reseed() {
        hash = KeyHash.fresh();
        useSlots(slots.length);
        for (int code = 0; code < size; code++) {
            int position = positions[code];
            int tag = tag(arena.kind(position), arena.chunk(position), arena.bytesAt(position), arena.length(position));
            slots[emptySlot(tag)] = slot(tag, position);
        }
        reseeds++;
        sizeAtReseed = size;
        stepsAllowed = steps + STEPS_TO_SPARE;
    }

    /** How many slots adding has walked past, the slots of rebuilding and growing included. */
    long steps() {
        return steps;
    }

    /**
     * Gives back the room that growing left over, to be called once all keys are in: afterwards at most 19 bytes and the
     * record per key. More keys may follow, but then the table soon grows again. Cost: a few nanoseconds per key, and the
     * new slots beside the old ones while they move.
     */
    public void trim() {
        int fitting = slotsFor(size);
        if (slots.length - slots.length / 4 > fitting) {
            long before = steps;
            moveSlots(fitting);
            stepsAllowed += steps - before;
        }
        positions = Arrays.copyOf(positions, size);
    }

    /** How often the table was rebuilt under a fresh secret. */
    int reseeds() {
        return reseeds;
    }

    /** How many keys there are; their codes are 0 to size - 1. */
    public int size() {
        return size;
    }

    /** The kind of a key. */
    public int kind(int code) {
        return arena.kind(position(code));
    }

    /** The length of a key in bytes. */
    public int length(int code) {
        return arena.length(position(code));
    }

    /** Writes the bytes of a key to {@code out} from {@code at} on and returns how many they are. */
    public int copyTo(int code, byte[] out, int at) {
        return arena.copyTo(position(code), out, at);
    }

    /**
     * The lengths of {@code count} keys: that of {@code codes[from + i]} goes to {@code lengths[i]}; a negative code has 0.
     * With {@link #copyAll}, for codes in no order: the misses of one loop overlap. Meant for a few hundred at a time, so
     * that what was fetched is still at hand for the copy.
     *
     * @return their sum
     */
    public long lengths(int[] codes, int from, int count, int[] lengths) {
        Objects.checkFromIndexSize(from, count, codes.length);
        Objects.checkFromIndexSize(0, count, lengths.length);
        for (int i = 0; i < count; i++) {
            int code = codes[from + i];
            lengths[i] = code < 0 ? 0 : position(code);
        }
        long sum = 0;
        for (int i = 0; i < count; i++) {
            int position = lengths[i];
            lengths[i] = position == 0 ? 0 : arena.length(position);
            sum += lengths[i];
        }
        return sum;
    }

    /** Writes the bytes of {@code codes[from .. from + count)}, whose {@link #lengths} are given, one after the other. */
    public void copyAll(int[] codes, int from, int count, int[] lengths, byte[] out, int at) {
        int end = at;
        for (int i = 0; i < count; i++) {
            int code = codes[from + i];
            if (code >= 0) {
                int position = position(code);
                System.arraycopy(arena.chunk(position), arena.bytesAt(position), out, end, lengths[i]);
                end += lengths[i];
            }
        }
    }

    /** A copy of the bytes of a key. */
    public byte[] bytes(int code) {
        byte[] bytes = new byte[length(code)];
        copyTo(code, bytes, 0);
        return bytes;
    }

    /** Compares two keys by their bytes, unsigned; the kind takes no part. */
    public int compare(int a, int b) {
        return arena.compare(position(a), position(b));
    }

    /** Eight bytes of a key from {@code depth} on, zero-padded: unsigned, they order as the bytes do. */
    public long word(int code, int depth) {
        int position = position(code);
        return ByteWords.ordered(
                arena.chunk(position), arena.bytesAt(position) + depth, arena.length(position) - depth);
    }

    /** How many of their first {@code limit} bytes two keys share. */
    public int commonPrefix(int a, int b, int limit) {
        int left = position(a);
        int right = position(b);
        int leftAt = arena.bytesAt(left);
        int rightAt = arena.bytesAt(right);
        int most = Math.min(limit, Math.min(arena.length(left), arena.length(right)));
        int mismatch =
                Arrays.mismatch(arena.chunk(left), leftAt, leftAt + most, arena.chunk(right), rightAt, rightAt + most);
        return mismatch < 0 ? most : mismatch;
    }

    private int position(int code) {
        Objects.checkIndex(code, size);
        return positions[code];
    }

    /** The keys there are now, for any thread to read while this dictionary grows. */
    FrozenKeys freeze() {
        return new FrozenKeys(hash, slots, positions, size, arena);
    }

    /** The heap this dictionary holds, in bytes, to within a few hundred. */
    public long retainedBytes() {
        return 8L * slots.length + 4L * positions.length + arena.retainedBytes();
    }
}
