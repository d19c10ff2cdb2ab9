package io.nexusid.cli;

/** Numbers as people read them, the same in every locale. */
final class Figures {
    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

    private Figures() {}

    /** A count with commas between thousands. */
    static String count(long value) {
        String digits = Long.toString(value);
        int first = value < 0 ? 1 : 0;
        StringBuilder text = new StringBuilder(digits);
        for (int at = digits.length() - 3; at > first; at -= 3) {
            text.insert(at, ',');
        }
        return text.toString();
    }

    /** A wall time: milliseconds, seconds with one decimal, or minutes and seconds. */
    static String duration(long millis) {
        if (millis < 1000) {
            return millis + " ms";
        }
        long tenths = (millis + 50) / 100;
        if (tenths < 600) {
            return tenths / 10 + "." + tenths % 10 + " s";
        }
        long seconds = (millis + 500) / 1000;
        return count(seconds / 60) + " min " + (seconds % 60 < 10 ? "0" : "") + seconds % 60 + " s";
    }

    /** An amount of memory in binary units, with one decimal below ten. */
    static String bytes(long bytes) {
        int unit = 0;
        long size = bytes;
        long tenths = 0;
        while (size >= 1024 && unit < UNITS.length - 1) {
            tenths = size % 1024 * 10 / 1024;
            size /= 1024;
            unit++;
        }
        String number = unit > 0 && size < 10 ? size + "." + tenths : count(size);
        return number + " " + UNITS[unit];
    }
}
