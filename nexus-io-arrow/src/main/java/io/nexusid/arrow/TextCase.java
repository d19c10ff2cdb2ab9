package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Lower case and digits of UTF-8 text, code point by code point, independent of any locale. */
final class TextCase {
    private TextCase() {}

    /** Appends the text with every code point in lower case. */
    static void lower(byte[] text, int from, int count, TextAppender out) {
        byte[] target = out.room(count);
        int at = out.position();
        for (int i = 0; i < count; i++) {
            byte b = text[from + i];
            if (b < 0) {
                out.append(lower(new String(text, from, count, UTF_8)).getBytes(UTF_8));
                return;
            }
            target[at + i] = b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
        }
        out.finishCell(count);
    }

    /** The text with every code point in lower case. */
    static String lower(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        text.codePoints().forEach(c -> lower.appendCodePoint(Character.toLowerCase(c)));
        return lower.toString();
    }

    /** Appends the text without what is not one of 0 to 9; {@code onlyFirst}: without the first such code point. */
    static void digits(byte[] text, int from, int count, boolean onlyFirst, TextAppender out) {
        byte[] target = out.room(count);
        int at = out.position();
        int kept = 0;
        int i = 0;
        boolean removed = false;
        while (i < count) {
            byte b = text[from + i];
            boolean digit = b >= '0' && b <= '9';
            if (digit || (onlyFirst && removed)) {
                target[at + kept++] = b;
                i++;
            } else {
                removed = true;
                i++;
                while (i < count && (text[from + i] & 0xC0) == 0x80) {
                    i++;
                }
            }
        }
        out.finishCell(kept);
    }
}
