package io.nexusid.api;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.LocalDate;

/**
 * How a warehouse writes an instant as text, which matters because some ids embed one. Ids of the same data differ
 * between dialects; within one they equal the reference's.
 */
public enum IdDialect {
    /** {@code 2024-01-02 03:04:05.12}: no trailing zeros, no zone. */
    DUCKDB,
    /** {@code 2024-01-02 03:04:05.120+00}: none, three or six digits, and the zone. */
    BIGQUERY,
    /** {@code 2024-01-02 03:04:05.120}: always milliseconds. */
    SNOWFLAKE;

    /** The most bytes that {@link #writeTimestamp} writes. */
    public static final int MAX_TIMESTAMP_LENGTH = 48;

    private static final long MICROS_PER_DAY = 86_400_000_000L;

    /** The text of an instant given in microseconds since the epoch, UTC. */
    public String timestamp(long micros) {
        byte[] out = new byte[MAX_TIMESTAMP_LENGTH];
        return new String(out, 0, writeTimestamp(micros, out, 0), US_ASCII);
    }

    /** Writes that text as ASCII and returns its length. */
    public int writeTimestamp(long micros, byte[] out, int at) {
        long day = Math.floorDiv(micros, MICROS_PER_DAY);
        long rest = Math.floorMod(micros, MICROS_PER_DAY);
        LocalDate date = LocalDate.ofEpochDay(day);
        int year = date.getYear();
        boolean beforeChrist = year <= 0;
        int p = writeYear(beforeChrist ? 1 - year : year, out, at);
        out[p++] = '-';
        p = writeTwo(date.getMonthValue(), out, p);
        out[p++] = '-';
        p = writeTwo(date.getDayOfMonth(), out, p);
        if (beforeChrist) {
            for (byte b : BC) {
                out[p++] = b;
            }
        }
        out[p++] = ' ';
        int second = (int) (rest / 1_000_000);
        p = writeTwo(second / 3600, out, p);
        out[p++] = ':';
        p = writeTwo(second / 60 % 60, out, p);
        out[p++] = ':';
        p = writeTwo(second % 60, out, p);
        return writeFraction((int) (rest % 1_000_000), out, p) - at;
    }

    private static final byte[] BC = " (BC)".getBytes(US_ASCII);

    private int writeFraction(int micros, byte[] out, int at) {
        int digits =
                switch (this) {
                    case DUCKDB -> significantDigits(micros);
                    case BIGQUERY -> micros == 0 ? 0 : micros % 1000 == 0 ? 3 : 6;
                    case SNOWFLAKE -> 3;
                };
        int p = at;
        if (digits > 0) {
            out[p++] = '.';
            int power = 100_000;
            for (int i = 0; i < digits; i++) {
                out[p++] = (byte) ('0' + micros / power % 10);
                power /= 10;
            }
        }
        if (this == BIGQUERY) {
            out[p++] = '+';
            out[p++] = '0';
            out[p++] = '0';
        }
        return p;
    }

    private static int significantDigits(int micros) {
        int digits = micros == 0 ? 0 : 6;
        int rest = micros;
        while (digits > 0 && rest % 10 == 0) {
            rest /= 10;
            digits--;
        }
        return digits;
    }

    private static int writeYear(int year, byte[] out, int at) {
        if (year > 9999) {
            byte[] text = Integer.toString(year).getBytes(US_ASCII);
            System.arraycopy(text, 0, out, at, text.length);
            return at + text.length;
        }
        return writeTwo(year % 100, out, writeTwo(year / 100, out, at));
    }

    private static int writeTwo(int value, byte[] out, int at) {
        out[at] = (byte) ('0' + value / 10);
        out[at + 1] = (byte) ('0' + value % 10);
        return at + 2;
    }
}
