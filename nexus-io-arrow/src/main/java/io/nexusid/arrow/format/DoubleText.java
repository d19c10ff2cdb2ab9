package io.nexusid.arrow.format;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.io.NumberOutput;

/**
 * Doubles as text: the fewest digits that read back as the same number, laid out as DuckDB lays them out: {@code 100.0},
 * {@code 0.1}, {@code 1e+20}, {@code 1e-05}, {@code nan}, {@code inf}, {@code -0.0}. Plain from 1e-4 up to below 1e16,
 * with an exponent outside.
 *
 * <p>The digits are Jackson's (Raffaello Giulietti's Schubfach), because {@code Double.toString} has fewer on JDK 19 and
 * later than before. Both prefer two digits to one where both read back ({@code 4.9E-324}); here one wins, as in
 * DuckDB. About 100 ns and one short string a number.
 */
public final class DoubleText {
    /** The most bytes that {@link #write} writes. */
    public static final int MAX_LENGTH = 32;

    private static final int FIRST_EXPONENT_ABOVE = 16;
    private static final int LAST_EXPONENT_BELOW = -5;

    /** Two-digit results that could be one digit occur only among the last few subnormals. */
    private static final double FEW_BITS = 1e-321;

    private DoubleText() {}

    /** The text of a number. */
    public static String of(double value) {
        byte[] out = new byte[MAX_LENGTH];
        return new String(out, 0, write(value, out, 0), US_ASCII);
    }

    /** Writes that text as ASCII and returns its length. */
    public static int write(double value, byte[] out, int at) {
        if (Double.isNaN(value)) {
            return ascii("nan", out, at) - at;
        }
        int p = at;
        if (Double.doubleToRawLongBits(value) < 0) {
            out[p++] = '-';
        }
        double magnitude = Math.abs(value);
        if (Double.isInfinite(magnitude)) {
            return ascii("inf", out, p) - at;
        }
        if (magnitude == 0) {
            return ascii("0.0", out, p) - at;
        }
        return writeDigits(new Decimal(magnitude), out, p) - at;
    }

    private static int writeDigits(Decimal decimal, byte[] out, int at) {
        int exponent = decimal.exponent;
        if (exponent <= LAST_EXPONENT_BELOW || exponent >= FIRST_EXPONENT_ABOVE) {
            return writeScientific(decimal, out, at);
        }
        int p = at;
        if (exponent < 0) {
            out[p++] = '0';
            out[p++] = '.';
            for (int zeros = -1 - exponent; zeros > 0; zeros--) {
                out[p++] = '0';
            }
            return decimal.copy(0, decimal.count, out, p);
        }
        int whole = exponent + 1;
        p = decimal.copy(0, Math.min(whole, decimal.count), out, p);
        for (int zeros = whole - decimal.count; zeros > 0; zeros--) {
            out[p++] = '0';
        }
        out[p++] = '.';
        if (decimal.count <= whole) {
            out[p++] = '0';
            return p;
        }
        return decimal.copy(whole, decimal.count, out, p);
    }

    private static int writeScientific(Decimal decimal, byte[] out, int at) {
        int p = decimal.copy(0, 1, out, at);
        if (decimal.count > 1) {
            out[p++] = '.';
            p = decimal.copy(1, decimal.count, out, p);
        }
        out[p++] = 'e';
        out[p++] = (byte) (decimal.exponent < 0 ? '-' : '+');
        int exponent = Math.abs(decimal.exponent);
        if (exponent >= 100) {
            out[p++] = (byte) ('0' + exponent / 100);
        }
        out[p++] = (byte) ('0' + exponent / 10 % 10);
        out[p++] = (byte) ('0' + exponent % 10);
        return p;
    }

    private static int ascii(String text, byte[] out, int at) {
        for (int i = 0; i < text.length(); i++) {
            out[at + i] = (byte) text.charAt(i);
        }
        return at + text.length();
    }

    /** The value {@code d.ddd × 10^exponent} behind a positive double: no leading and no trailing zero. */
    private static final class Decimal {
        private final byte[] digits = new byte[20];
        private int count;
        private int exponent;

        Decimal(double value) {
            parse(NumberOutput.toString(value, true));
            if (count == 2 && value < FEW_BITS) {
                shorten(value);
            }
        }

        /** Copies some digits and returns the position behind them. */
        int copy(int from, int to, byte[] out, int at) {
            System.arraycopy(digits, from, out, at, to - from);
            return at + to - from;
        }

        /** Reads Java's form: {@code 0.00123}, {@code 123.0} or {@code 1.23E-45}. */
        private void parse(String text) {
            int end = text.indexOf('E');
            int shift = end < 0 ? 0 : Integer.parseInt(text.substring(end + 1));
            int mantissa = end < 0 ? text.length() : end;
            int point = -1;
            int seen = 0;
            int leadingZeros = 0;
            for (int i = 0; i < mantissa; i++) {
                char c = text.charAt(i);
                if (c == '.') {
                    point = seen;
                    continue;
                }
                seen++;
                if (count == 0 && c == '0') {
                    leadingZeros++;
                } else {
                    digits[count++] = (byte) c;
                }
            }
            while (digits[count - 1] == '0') {
                count--;
            }
            exponent = (point < 0 ? seen : point) - leadingZeros - 1 + shift;
        }

        private void shorten(double value) {
            int rounded = digits[0] - '0' + (digits[1] >= '5' ? 1 : 0);
            int power = rounded == 10 ? exponent + 1 : exponent;
            int digit = rounded == 10 ? 1 : rounded;
            if (Double.parseDouble(digit + "E" + power) == value) {
                digits[0] = (byte) ('0' + digit);
                count = 1;
                exponent = power;
            }
        }
    }
}
