package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Reads doubles out of ASCII text: an optional sign, digits with an optional point and an optional exponent; {@code nan},
 * and {@code inf} or {@code infinity} with an optional sign, in any case. No spaces, no hexadecimal, no suffix.
 *
 * <p>Digits up to 2^53 and a power of ten up to 22 either way are exact doubles, so that one operation rounds right
 * (Clinger 1990); the rest goes through {@link Double#parseDouble}. Reused from cell to cell, by one thread.
 */
final class NumberText {
    private static final long EXACT = 1L << 53;
    private static final int MAX_DIGITS = 18;
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    /** What {@link #parse} found. */
    enum Result {
        NUMBER,
        UNREADABLE,
        TOO_LARGE
    }

    private double value;

    private long digits;
    private int significant;
    private int seen;
    private int behindPoint;

    /** The number of the last {@link #parse} that found one. */
    double value() {
        return value;
    }

    /** Reads the text as a whole. */
    Result parse(byte[] text, int from, int to) {
        boolean negative = from < to && text[from] == '-';
        boolean signed = negative || (from < to && text[from] == '+');
        int start = signed ? from + 1 : from;
        if (start < to && text[start] > '9') {
            return word(text, start, to, signed, negative);
        }
        int p = digits(text, start, to);
        int exponent = 0;
        if (seen > 0 && p < to && (text[p] | 0x20) == 'e') {
            exponent = exponent(text, p + 1, to);
            p = to;
        }
        if (seen == 0 || p < to || exponent == Integer.MIN_VALUE) {
            return Result.UNREADABLE;
        }
        int power = exponent - behindPoint;
        if (significant <= MAX_DIGITS && digits <= EXACT && power >= -22 && power <= 22) {
            double magnitude = power < 0 ? digits / POWERS_OF_TEN[-power] : digits * POWERS_OF_TEN[power];
            value = negative ? -magnitude : magnitude;
            return Result.NUMBER;
        }
        return slow(text, from, to);
    }

    /** Collects digits with at most one point and returns the position behind them. */
    private int digits(byte[] text, int from, int to) {
        digits = 0;
        significant = 0;
        seen = 0;
        behindPoint = 0;
        boolean point = false;
        int p = from;
        for (; p < to; p++) {
            int digit = text[p] - '0';
            if (digit >= 0 && digit <= 9) {
                seen++;
                significant += significant > 0 || digit > 0 ? 1 : 0;
                behindPoint += point ? 1 : 0;
                digits = significant <= MAX_DIGITS ? 10 * digits + digit : digits;
            } else if (text[p] == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        return p;
    }

    private Result slow(byte[] text, int from, int to) {
        value = Double.parseDouble(new String(text, from, to - from, US_ASCII));
        return Double.isInfinite(value) ? Result.TOO_LARGE : Result.NUMBER;
    }

    /** The exponent, cut off far outside the range of doubles, or {@code Integer.MIN_VALUE} if it is none. */
    private static int exponent(byte[] text, int from, int to) {
        int p = from;
        boolean negative = p < to && text[p] == '-';
        if (p < to && (text[p] == '-' || text[p] == '+')) {
            p++;
        }
        if (p == to) {
            return Integer.MIN_VALUE;
        }
        int exponent = 0;
        for (; p < to; p++) {
            if (text[p] < '0' || text[p] > '9') {
                return Integer.MIN_VALUE;
            }
            exponent = Math.min(1 << 20, 10 * exponent + (text[p] - '0'));
        }
        return negative ? -exponent : exponent;
    }

    private Result word(byte[] text, int from, int to, boolean signed, boolean negative) {
        if (reads(text, from, to, "nan") && !signed) {
            value = Double.NaN;
            return Result.NUMBER;
        }
        if (reads(text, from, to, "inf") || reads(text, from, to, "infinity")) {
            value = negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            return Result.NUMBER;
        }
        return Result.UNREADABLE;
    }

    private static boolean reads(byte[] text, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if ((text[from + i] | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
