package io.nexusid.cli;

/** Text that came from outside, made safe for a terminal or a log. */
final class PlainText {
    private static final int LINE_SEPARATOR = 0x2028;
    private static final int PARAGRAPH_SEPARATOR = 0x2029;

    private PlainText() {}

    /**
     * The text with every run of line breaks, escapes, and other characters that move the cursor or turn the writing
     * direction replaced by one space: they could forge a line.
     */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        boolean inGap = false;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            boolean gap = Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.SURROGATE
                    || c == LINE_SEPARATOR
                    || c == PARAGRAPH_SEPARATOR;
            if (!gap) {
                line.appendCodePoint(c);
            } else if (!inGap) {
                line.append(' ');
            }
            inGap = gap;
        }
        return line.toString();
    }
}
