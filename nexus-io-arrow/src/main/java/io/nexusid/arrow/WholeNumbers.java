package io.nexusid.arrow;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.Types.MinorType;

/** Integer columns of all widths and signs as {@code long}s, and a {@code long} as decimal text. */
final class WholeNumbers {
    /** The most characters that {@link #write} writes. */
    static final int MAX_DIGITS = 20;

    private WholeNumbers() {}

    static boolean isOne(MinorType type) {
        return switch (type) {
            case TINYINT, SMALLINT, INT, BIGINT, UINT1, UINT2, UINT4, UINT8 -> true;
            default -> false;
        };
    }

    /**
     * The cells as longs, an unsigned 64-bit one as its bits; null cells hold anything and stay known to {@code block}.
     */
    static long[] read(FieldVector source, int rows, MinorType type, FixedBlock block) {
        long[] values = new long[rows];
        block.load(source, rows, width(type));
        switch (type) {
            case TINYINT -> {
                for (int i = 0; i < rows; i++) {
                    values[i] = block.i8(i);
                }
            }
            case UINT1 -> {
                for (int i = 0; i < rows; i++) {
                    values[i] = block.i8(i) & 0xFF;
                }
            }
            case SMALLINT -> {
                for (int i = 0; i < rows; i++) {
                    values[i] = block.i16(i);
                }
            }
            case UINT2 -> {
                for (int i = 0; i < rows; i++) {
                    values[i] = block.i16(i) & 0xFFFF;
                }
            }
            case INT -> {
                for (int i = 0; i < rows; i++) {
                    values[i] = block.i32(i);
                }
            }
            case UINT4 -> {
                for (int i = 0; i < rows; i++) {
                    values[i] = block.i32(i) & 0xFFFF_FFFFL;
                }
            }
            default -> {
                for (int i = 0; i < rows; i++) {
                    values[i] = block.i64(i);
                }
            }
        }
        return values;
    }

    private static int width(MinorType type) {
        return switch (type) {
            case TINYINT, UINT1 -> 1;
            case SMALLINT, UINT2 -> 2;
            case INT, UINT4 -> 4;
            default -> 8;
        };
    }

    /** Writes the decimal digits, of an unsigned number if so told, and returns the position behind them. */
    static int write(long value, boolean unsigned, byte[] out, int at) {
        int p = at;
        long rest = value;
        if (!unsigned && value < 0) {
            out[p++] = '-';
            rest = -value; // of the least long: itself, which read unsigned is its magnitude
        }
        int end = p + 1;
        for (long tens = Long.divideUnsigned(rest, 10); tens != 0; tens /= 10) {
            end++;
        }
        for (int i = end - 1; i >= p; i--) {
            long tens = Long.divideUnsigned(rest, 10);
            out[i] = (byte) ('0' + (rest - 10 * tens));
            rest = tens;
        }
        return end;
    }
}
