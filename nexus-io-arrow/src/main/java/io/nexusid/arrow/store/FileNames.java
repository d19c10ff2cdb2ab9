package io.nexusid.arrow.store;

/** The names of a store's files. Names of no such form are never touched. */
final class FileNames {
    static final String CURRENT = "CURRENT";
    static final String NEXT_CURRENT = "CURRENT.new";
    static final String LOCK = "LOCK";

    private static final String MANIFEST = "manifest-";
    private static final String SEGMENT = "segment-";

    private static final int DIGITS = 12;
    private static final int MOST_DIGITS = 18;

    private FileNames() {}

    static String manifest(long epoch) {
        return numbered(MANIFEST, epoch);
    }

    static String segment(long number) {
        return numbered(SEGMENT, number);
    }

    /** The epoch of a manifest, or -1 for other names. */
    static long epochOf(String name) {
        return number(MANIFEST, name);
    }

    /** The number of a segment, or -1 for other names. */
    static long segmentOf(String name) {
        return number(SEGMENT, name);
    }

    private static String numbered(String prefix, long number) {
        String digits = Long.toString(number);
        return prefix + "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    }

    private static long number(String prefix, String name) {
        int digits = name.length() - prefix.length();
        if (!name.startsWith(prefix) || digits < DIGITS || digits > MOST_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = prefix.length(); i < name.length(); i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return numbered(prefix, number).equals(name) ? number : -1;
    }
}
