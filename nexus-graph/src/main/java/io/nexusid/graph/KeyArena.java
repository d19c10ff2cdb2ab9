package io.nexusid.graph;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.util.Arrays;

/**
 * Append-only store of (code, kind, bytes) records, found again by their position.
 *
 * <p>A record is its code, one header word (kind in 12 bits, length in 20; where they do not fit, -1 and two further
 * words) and the bytes, padded to four. Positions count words and are never 0, so 32 unsigned bits reach 16 GiB. Chunks
 * are 1 MiB; the first few grow to that size, a longer key gets a chunk of its own.
 */
final class KeyArena {
    /** The most bytes a key can have. */
    static final int MAX_KEY_LENGTH = Integer.MAX_VALUE - 64;

    private static final int WORD_SHIFT = 2;
    private static final int CHUNK_SHIFT = 20;
    private static final int CHUNK_BYTES = 1 << CHUNK_SHIFT;
    /** So many chunks begin small: with few, the one that is not full would weigh more than what it holds. */
    private static final int GROWING_CHUNKS = 16;

    private static final int POSITION_SHIFT = CHUNK_SHIFT - WORD_SHIFT;
    private static final int POSITION_MASK = (1 << POSITION_SHIFT) - 1;
    /** 16 GiB of them. */
    static final int MAX_CHUNKS = 1 << (Integer.SIZE - POSITION_SHIFT);

    private static final int LENGTH_BITS = 20;
    private static final int LENGTH_MASK = (1 << LENGTH_BITS) - 1;
    private static final int SHORT_KINDS = (1 << (Integer.SIZE - LENGTH_BITS)) - 1;
    private static final int LONG_HEADER = -1;

    private static final int HEADER_AT = Integer.BYTES;
    private static final int BYTES_AT = 2 * Integer.BYTES;
    private static final int LONG_KIND_AT = 2 * Integer.BYTES;
    private static final int LONG_LENGTH_AT = 3 * Integer.BYTES;
    private static final int LONG_BYTES_AT = 4 * Integer.BYTES;

    private final int maxChunks;
    private byte[][] chunks = new byte[2][];
    private int current;
    private int used = Integer.BYTES;

    KeyArena(long expectedBytes, int maxChunks) {
        this.maxChunks = maxChunks;
        chunks[0] = new byte[(int) Math.max(64, Math.min(expectedBytes, CHUNK_BYTES))];
    }

    private KeyArena(KeyArena arena) {
        maxChunks = arena.maxChunks;
        chunks = arena.chunks.clone();
        current = arena.current;
        used = arena.used;
    }

    /** The records there are, for reading only, while others are added. */
    KeyArena share() {
        return new KeyArena(this);
    }

    /** No record has a position above this one, unsigned, and all to come will. */
    int lastPosition() {
        return (current << POSITION_SHIFT) + Math.min(used >>> WORD_SHIFT, 1 << POSITION_SHIFT) - 1;
    }

    /** Adds a record and returns its position; nothing has changed if it throws. */
    int append(int code, int kind, byte[] bytes, int from, int length) {
        boolean isShort = kind < SHORT_KINDS && length <= LENGTH_MASK;
        int bytesAt = isShort ? BYTES_AT : LONG_BYTES_AT;
        int at = claim(length, bytesAt);
        byte[] chunk = chunks[current];
        ByteWords.putInt(chunk, at, code);
        ByteWords.putInt(chunk, at + HEADER_AT, isShort ? header(kind, length) : LONG_HEADER);
        if (!isShort) {
            ByteWords.putInt(chunk, at + LONG_KIND_AT, kind);
            ByteWords.putInt(chunk, at + LONG_LENGTH_AT, length);
        }
        System.arraycopy(bytes, from, chunk, at + bytesAt, length);
        return (current << POSITION_SHIFT) | (at >>> WORD_SHIFT);
    }

    private static int header(int kind, int length) {
        return (kind << LENGTH_BITS) | length;
    }

    private int claim(int length, int header) {
        if (length > MAX_KEY_LENGTH) {
            throw full("a value is longer than " + MAX_KEY_LENGTH + " bytes");
        }
        int need = (header + length + 3) & ~3;
        byte[] chunk = chunks[current];
        if (need > chunk.length - used) {
            if (used == 0 || used <= CHUNK_BYTES - need) {
                long grown = Math.min(CHUNK_BYTES, Math.max(2L * chunk.length, (long) used + need));
                chunks[current] = Arrays.copyOf(chunk, (int) Math.max(need, grown));
            } else {
                addChunk(Math.max(current < GROWING_CHUNKS ? CHUNK_BYTES / 4 : CHUNK_BYTES, need));
            }
        }
        int at = used;
        used += need;
        return at;
    }

    private void addChunk(int bytes) {
        if (current + 1 == maxChunks) {
            throw full("the distinct values take more than " + maxChunks + " MiB");
        }
        byte[] chunk = new byte[bytes];
        if (current + 1 == chunks.length) {
            chunks = Arrays.copyOf(chunks, 2 * chunks.length);
        }
        chunks[++current] = chunk;
        used = 0;
    }

    static NexusDataException full(String reason) {
        return NexusDataException.of(FaultCode.CAPACITY, "identifiers").because(reason);
    }

    /** Whether the record is this key. */
    boolean matches(int position, int kind, byte[] bytes, int from, int length) {
        byte[] chunk = chunk(position);
        int at = offset(position);
        int header = ByteWords.intAt(chunk, at + HEADER_AT);
        if (header != LONG_HEADER) {
            return header == header(kind, length)
                    && kind < SHORT_KINDS
                    && length <= LENGTH_MASK
                    && ByteWords.equal(chunk, at + BYTES_AT, bytes, from, length);
        }
        return kind(position) == kind
                && length(position) == length
                && ByteWords.equal(chunk, at + LONG_BYTES_AT, bytes, from, length);
    }

    /** The code of the record. */
    int code(int position) {
        return ByteWords.intAt(chunk(position), offset(position));
    }

    /** The last byte of a key if it is this long and its header short; else any other. */
    byte lastByte(int position, int length) {
        byte[] chunk = chunk(position);
        return chunk[Math.min(offset(position) + BYTES_AT + length, chunk.length) - 1];
    }

    int kind(int position) {
        byte[] chunk = chunk(position);
        int at = offset(position);
        int header = ByteWords.intAt(chunk, at + HEADER_AT);
        return header != LONG_HEADER ? header >>> LENGTH_BITS : ByteWords.intAt(chunk, at + LONG_KIND_AT);
    }

    int length(int position) {
        byte[] chunk = chunk(position);
        int at = offset(position);
        int header = ByteWords.intAt(chunk, at + HEADER_AT);
        return header != LONG_HEADER ? header & LENGTH_MASK : ByteWords.intAt(chunk, at + LONG_LENGTH_AT);
    }

    /** Copies the bytes of the record and returns how many they are. */
    int copyTo(int position, byte[] out, int at) {
        int length = length(position);
        System.arraycopy(chunk(position), bytesAt(position), out, at, length);
        return length;
    }

    /** Compares the bytes of two records, unsigned. */
    int compare(int left, int right) {
        int leftAt = bytesAt(left);
        int rightAt = bytesAt(right);
        return Arrays.compareUnsigned(
                chunk(left), leftAt, leftAt + length(left), chunk(right), rightAt, rightAt + length(right));
    }

    /** The array that holds the record. */
    byte[] chunk(int position) {
        return chunks[position >>> POSITION_SHIFT];
    }

    /** Where in its {@link #chunk} the bytes begin. */
    int bytesAt(int position) {
        int at = offset(position);
        return at + (ByteWords.intAt(chunk(position), at + HEADER_AT) != LONG_HEADER ? BYTES_AT : LONG_BYTES_AT);
    }

    private static int offset(int position) {
        return (position & POSITION_MASK) << WORD_SHIFT;
    }

    long retainedBytes() {
        long bytes = 0;
        for (int i = 0; i <= current; i++) {
            bytes += chunks[i].length;
        }
        return bytes;
    }
}
