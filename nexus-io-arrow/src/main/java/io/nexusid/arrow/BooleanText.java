package io.nexusid.arrow;

/** Reads truth values: true, t, yes, y, 1 and false, f, no, n, 0, in any case. */
final class BooleanText {
    /** The results of {@link #parse}. */
    static final int FALSE = 0;

    static final int TRUE = 1;
    static final int UNREADABLE = -1;

    private BooleanText() {}

    /** {@link #TRUE}, {@link #FALSE} or {@link #UNREADABLE}. */
    static int parse(byte[] text, int from, int to) {
        return switch (to - from) {
            case 1 -> letter(lower(text[from]));
            case 2 -> reads(text, from, "no") ? FALSE : UNREADABLE;
            case 3 -> reads(text, from, "yes") ? TRUE : UNREADABLE;
            case 4 -> reads(text, from, "true") ? TRUE : UNREADABLE;
            case 5 -> reads(text, from, "false") ? FALSE : UNREADABLE;
            default -> UNREADABLE;
        };
    }

    private static int letter(int letter) {
        return switch (letter) {
            case '1', 't', 'y' -> TRUE;
            case '0', 'f', 'n' -> FALSE;
            default -> UNREADABLE;
        };
    }

    private static boolean reads(byte[] text, int from, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (lower(text[from + i]) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
    }
}
