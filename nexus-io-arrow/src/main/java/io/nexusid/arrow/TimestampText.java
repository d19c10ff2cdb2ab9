package io.nexusid.arrow;

/**
 * Reads instants out of ASCII text: {@code yyyy-MM-dd[( |T)HH:mm[:ss[.f…]]][Z|±hh[[:]mm]]}, in the proleptic Gregorian
 * calendar, without a zone in UTC. Digits of a second past the sixth are dropped. A day that the calendar does not have,
 * hour 24 and second 60 are no timestamps.
 *
 * <p>About 30 ns a cell; no allocation and no exception, whatever the text.
 */
final class TimestampText {
    /** The result for text that is no timestamp. */
    static final long UNREADABLE = Long.MIN_VALUE;
    /** The result for a timestamp in the year 0000, which the calendar does not have. */
    static final long OUT_OF_CALENDAR = Long.MIN_VALUE + 1;

    private static final int DATE_LENGTH = 10;
    private static final int MINUTES_LENGTH = 6;
    private static final long SECONDS_PER_DAY = 86_400;
    private static final int[] DAYS_BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

    private TimestampText() {}

    /** The instant in microseconds since the epoch, or {@link #UNREADABLE} or {@link #OUT_OF_CALENDAR}. */
    static long parse(byte[] text, int from, int to) {
        if (to - from < DATE_LENGTH || text[from + 4] != '-' || text[from + 7] != '-') {
            return UNREADABLE;
        }
        int century = two(text, from);
        int yearOfCentury = two(text, from + 2);
        int month = two(text, from + 5);
        int day = two(text, from + 8);
        // A pair that is no number is far below zero, so that one comparison finds any of the four.
        if (Math.min(Math.min(century, yearOfCentury), Math.min(month, day)) < 0) {
            return UNREADABLE;
        }
        int year = 100 * century + yearOfCentury;
        if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) {
            return UNREADABLE;
        }
        long micros = timeOfDay(text, from + DATE_LENGTH, to);
        if (micros == UNREADABLE) {
            return UNREADABLE;
        }
        return year == 0 ? OUT_OF_CALENDAR : epochDay(year, month, day) * SECONDS_PER_DAY * 1_000_000 + micros;
    }

    /** What comes behind the date, in microseconds since its midnight in UTC. */
    private static long timeOfDay(byte[] text, int from, int to) {
        int p = from;
        int seconds = 0;
        int micros = 0;
        if (p < to && (text[p] == ' ' || text[p] == 'T')) {
            if (to - p < MINUTES_LENGTH || text[p + 3] != ':') {
                return UNREADABLE;
            }
            int hour = two(text, p + 1);
            int minute = two(text, p + 4);
            if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
                return UNREADABLE;
            }
            seconds = 3600 * hour + 60 * minute;
            p += MINUTES_LENGTH;
            if (p < to && text[p] == ':') {
                int second = to - p < 3 ? -1 : two(text, p + 1);
                if (second < 0 || second > 59) {
                    return UNREADABLE;
                }
                seconds += second;
                p += 3;
                if (p < to && text[p] == '.') {
                    int end = digitsEnd(text, p + 1, to);
                    if (end == p + 1) {
                        return UNREADABLE;
                    }
                    micros = fraction(text, p + 1, end);
                    p = end;
                }
            }
        }
        int offset = offsetSeconds(text, p, to);
        return offset == Integer.MIN_VALUE ? UNREADABLE : (seconds - offset) * 1_000_000L + micros;
    }

    /** The zone at the end of the text: seconds east of UTC, or {@code Integer.MIN_VALUE} if it is something else. */
    private static int offsetSeconds(byte[] text, int from, int to) {
        int length = to - from;
        if (length == 0 || (length == 1 && text[from] == 'Z')) {
            return 0;
        }
        boolean colon = length == 6 && text[from + 3] == ':';
        if ((length != 3 && length != 5 && !colon) || (text[from] != '+' && text[from] != '-')) {
            return Integer.MIN_VALUE;
        }
        int hours = two(text, from + 1);
        int minutes = length == 3 ? 0 : two(text, to - 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
            return Integer.MIN_VALUE;
        }
        int seconds = 3600 * hours + 60 * minutes;
        return text[from] == '-' ? -seconds : seconds;
    }

    private static int digitsEnd(byte[] text, int from, int to) {
        int p = from;
        while (p < to && text[p] >= '0' && text[p] <= '9') {
            p++;
        }
        return p;
    }

    private static int fraction(byte[] text, int from, int to) {
        int micros = 0;
        for (int i = 0; i < 6; i++) {
            micros = 10 * micros + (from + i < to ? text[from + i] - '0' : 0);
        }
        return micros;
    }

    /** Two digits as a number, or something negative. */
    private static int two(byte[] text, int at) {
        int tens = text[at] - '0';
        int ones = text[at + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : 10 * tens + ones;
    }

    private static int daysOfMonth(int year, int month) {
        return month == 2 && isLeap(year) ? 29 : DAYS_BEFORE_MONTH[month] - DAYS_BEFORE_MONTH[month - 1];
    }

    private static boolean isLeap(int year) {
        return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    private static long epochDay(int year, int month, int day) {
        int past = year - 1;
        int leapDays = past / 4 - past / 100 + past / 400;
        int dayOfYear = DAYS_BEFORE_MONTH[month - 1] + day - 1 + (month > 2 && isLeap(year) ? 1 : 0);
        return 365L * past + leapDays + dayOfYear - DAYS_FROM_0001_TO_1970;
    }

    private static final long DAYS_FROM_0001_TO_1970 = 719_162;
}
