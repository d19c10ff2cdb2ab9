package io.nexusid.arrow.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Decodes Parquet's hybrid of run lengths and bit packing, the form of definition levels and dictionary indexes.
 *
 * <p>A varint header with an odd value announces {@code header >>> 1} groups of eight values of {@code bitWidth} bits,
 * least significant first; an even one a single value repeated {@code header >>> 1} times. About 1 ns a value; no
 * memory. A stream whose last group is cut short of its padding is accepted, as other readers do.
 */
final class ParquetRuns {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int GROUP = 8;

    private byte[] bytes = new byte[0];
    private int position;
    private int limit;
    private int bitWidth;

    private long left;
    private boolean packed;
    private int repeated;
    private long bit;

    /** Starts on {@code bytes[from..to)}; a width of 0 needs no bytes and gives zeros. */
    void start(byte[] bytes, int from, int to, int bitWidth) {
        ParquetDamage.unless(bitWidth >= 0 && bitWidth <= Integer.SIZE, "dictionary indexes have no possible width");
        this.bytes = bytes;
        this.position = from;
        this.limit = to;
        this.bitWidth = bitWidth;
        this.left = 0;
        this.packed = false;
    }

    /** Fills {@code out[0..count)}. */
    void read(int[] out, int count) {
        if (bitWidth == 0) {
            Arrays.fill(out, 0, count, 0);
            return;
        }
        int done = 0;
        while (done < count) {
            if (left == 0) {
                nextRun();
            }
            int n = (int) Math.min(left, count - done);
            if (packed) {
                unpack(out, done, n);
            } else {
                Arrays.fill(out, done, done + n, repeated);
            }
            left -= n;
            done += n;
        }
    }

    private void nextRun() {
        if (packed) {
            position = (int) Math.min(limit, (bit + Byte.SIZE - 1) / Byte.SIZE);
        }
        long header = header();
        packed = (header & 1) == 1;
        if (packed) {
            left = (header >>> 1) * GROUP;
            bit = (long) position * Byte.SIZE;
            return;
        }
        left = header >>> 1;
        int width = (bitWidth + Byte.SIZE - 1) / Byte.SIZE;
        ParquetDamage.unless(width <= limit - position, "a page ends within its levels or indexes");
        repeated = 0;
        for (int i = 0; i < width; i++) {
            repeated |= (bytes[position++] & 0xff) << (i * Byte.SIZE);
        }
    }

    private long header() {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            ParquetDamage.unless(position < limit, "a page ends within its levels or indexes");
            int b = bytes[position++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new ParquetDamage("a run of levels or indexes has no possible length");
    }

    private void unpack(int[] out, int at, int count) {
        long endBit = bit + (long) count * bitWidth;
        ParquetDamage.unless(endBit <= (long) limit * Byte.SIZE, "a page ends within its levels or indexes");
        long mask = (1L << bitWidth) - 1;
        for (int i = at; i < at + count; i++) {
            int index = (int) (bit >>> 3);
            long word = index + Long.BYTES <= bytes.length ? (long) LONG.get(bytes, index) : tail(index);
            out[i] = (int) (word >>> (bit & 7) & mask);
            bit += bitWidth;
        }
    }

    /** The up to eight bytes from {@code index} on, where the array ends before eight. */
    private long tail(int index) {
        long word = 0;
        for (int i = index; i < bytes.length; i++) {
            word |= (bytes[i] & 0xffL) << ((i - index) * Byte.SIZE);
        }
        return word;
    }
}
