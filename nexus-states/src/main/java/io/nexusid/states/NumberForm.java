package io.nexusid.states;

/**
 * How the {@code long}s that carry numbers are to be read, and calculated with. {@link StateNumbers#NULL} is null in
 * both.
 *
 * <p>A decimal of scale s is carried EXACT as its value times 10<sup>s</sup>, the scale being the caller's to keep, one
 * for all numbers of a measurement. All decimals of 18 digits fit, and the difference of any two numbers fits a
 * {@code long}; a larger one is an error where it enters, never a rounded value.
 */
public enum NumberForm {
    /** Bits of a double, see {@link StateNumbers}. */
    DOUBLE {
        @Override
        public long plus(long a, long b) {
            return StateNumbers.of(StateNumbers.value(a) + StateNumbers.value(b));
        }

        @Override
        long minus(long a, long b) {
            return StateNumbers.of(StateNumbers.value(a) - StateNumbers.value(b));
        }

        @Override
        public int compare(long a, long b) {
            return StateNumbers.compare(a, b);
        }

        @Override
        public boolean isFinite(long number) {
            return StateNumbers.isFinite(number);
        }
    },
    /** A whole number of units, less than 2<sup>62</sup> either way: an integer, or a decimal without its point. */
    EXACT {
        @Override
        public long plus(long a, long b) {
            return Math.addExact(checked(a), checked(b));
        }

        @Override
        long minus(long a, long b) {
            return Math.subtractExact(checked(a), checked(b));
        }

        @Override
        public int compare(long a, long b) {
            if (StateNumbers.isNull(a) || StateNumbers.isNull(b)) {
                return Boolean.compare(StateNumbers.isNull(a), StateNumbers.isNull(b));
            }
            return Long.compare(a, b);
        }

        @Override
        public boolean isFinite(long number) {
            return true;
        }
    };

    /** The greatest EXACT number; the least is its negative. */
    public static final long GREATEST_EXACT = (1L << 62) - 1;

    /** Zero is the same in both forms. */
    static final long ZERO = 0;

    /**
     * An EXACT number in units of another scale.
     *
     * @param number the number in units of 10<sup>-scale</sup>, null allowed
     * @param digits how many digits finer the new unit is, not negative
     * @throws ArithmeticException if it does not fit
     */
    public static long finer(long number, int digits) {
        if (digits < 0) {
            throw new IllegalArgumentException("a coarser unit would lose digits: " + digits);
        }
        if (StateNumbers.isNull(number) || number == 0) {
            return number;
        }
        long finer = number;
        for (int i = 0; i < digits; i++) {
            finer = exact(Math.multiplyExact(finer, 10));
        }
        return exact(finer);
    }

    /**
     * Checks that a number can be carried EXACT, and returns it.
     *
     * @throws ArithmeticException if it cannot
     */
    public static long exact(long number) {
        if (number > GREATEST_EXACT || number < -GREATEST_EXACT) {
            throw new ArithmeticException("an exact number has less than 62 bits");
        }
        return number;
    }

    private static long checked(long number) {
        if (StateNumbers.isNull(number)) {
            throw new IllegalArgumentException("null has no value; ask isNull first");
        }
        return number;
    }

    /**
     * The sum of two numbers that are not null. EXACT sums may use all 63 bits.
     *
     * @throws ArithmeticException if an EXACT sum does not fit
     */
    public abstract long plus(long a, long b);

    /** The difference of two numbers that are not null. */
    abstract long minus(long a, long b);

    /** Compares by value, null last. */
    public abstract int compare(long a, long b);

    /** Whether this is a number that can be calculated with, or null. */
    public abstract boolean isFinite(long number);

    /** What changed from one number to the next, null counted as zero; null if both are. */
    long difference(long now, long before) {
        if (StateNumbers.isNull(now) && StateNumbers.isNull(before)) {
            return StateNumbers.NULL;
        }
        return minus(orZero(now), orZero(before));
    }

    /** Zero in place of null. */
    static long orZero(long number) {
        return StateNumbers.isNull(number) ? ZERO : number;
    }
}
