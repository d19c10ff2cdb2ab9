package io.nexusid.graph;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Byte arrays read a word at a time; no alignment is needed. */
final class ByteWords {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ORDERED = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private ByteWords() {}

    static long longAt(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    static int intAt(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }

    static void putInt(byte[] bytes, int at, int value) {
        INT.set(bytes, at, value);
    }

    /** The first eight of {@code length} bytes, big-endian and zero-padded: unsigned, they order as the bytes do. */
    static long ordered(byte[] bytes, int at, int length) {
        if (length >= Long.BYTES) {
            return (long) ORDERED.get(bytes, at);
        }
        if (length <= 0) {
            return 0;
        }
        if (at + Long.BYTES <= bytes.length) {
            return (long) ORDERED.get(bytes, at) & (-1L << (Long.SIZE - Byte.SIZE * length));
        }
        long word = 0;
        for (int i = 0; i < length; i++) {
            word |= (bytes[at + i] & 0xffL) << (Long.SIZE - Byte.SIZE * (i + 1));
        }
        return word;
    }

    /** Whether two stretches of this length are equal; meant for short keys, where a call to a library costs more. */
    static boolean equal(byte[] a, int aFrom, byte[] b, int bFrom, int length) {
        if (length >= Long.BYTES) {
            int last = length - Long.BYTES;
            for (int i = 0; i < last; i += Long.BYTES) {
                if (longAt(a, aFrom + i) != longAt(b, bFrom + i)) {
                    return false;
                }
            }
            return longAt(a, aFrom + last) == longAt(b, bFrom + last);
        }
        if (length >= Integer.BYTES) {
            int last = length - Integer.BYTES;
            return intAt(a, aFrom) == intAt(b, bFrom) && intAt(a, aFrom + last) == intAt(b, bFrom + last);
        }
        for (int i = 0; i < length; i++) {
            if (a[aFrom + i] != b[bFrom + i]) {
                return false;
            }
        }
        return true;
    }
}
