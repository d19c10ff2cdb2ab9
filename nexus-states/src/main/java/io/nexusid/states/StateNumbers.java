package io.nexusid.states;

/**
 * The form in which the kernels carry numbers: the bits of a double in a {@code long}, with one bit pattern set aside
 * for null. Two numbers are equal exactly when their bits are.
 */
public final class StateNumbers {
    /** No number. A NaN that {@link #of} never gives. */
    public static final long NULL = 0x7FF8_0000_0000_0001L;

    private StateNumbers() {}

    /** The bits of a number: one NaN for all, one zero for both signs; never {@link #NULL}. */
    public static long of(double value) {
        return value == 0 ? 0L : Double.doubleToLongBits(value);
    }

    /**
     * The number of these bits.
     *
     * @throws IllegalArgumentException if they are {@link #NULL}
     */
    public static double value(long bits) {
        if (bits == NULL) {
            throw new IllegalArgumentException("null has no value; ask isNull first");
        }
        return Double.longBitsToDouble(bits);
    }

    /** Whether these bits stand for null. */
    public static boolean isNull(long bits) {
        return bits == NULL;
    }

    /** Whether these bits are a number that can be calculated with, or null. */
    public static boolean isFinite(long bits) {
        return bits == NULL || Double.isFinite(Double.longBitsToDouble(bits));
    }

    /** Compares by value, NaN after all other numbers, null last. Zero exactly when the bits are equal. */
    public static int compare(long a, long b) {
        if (a == NULL || b == NULL) {
            return Boolean.compare(a == NULL, b == NULL);
        }
        return Double.compare(Double.longBitsToDouble(a), Double.longBitsToDouble(b));
    }
}
