package io.nexusid.arrow;

import io.nexusid.api.Compat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The reference's normalised form of an identifier: emails and domains in lower case, phones as digits, anything else
 * unchanged. Types match exactly.
 */
final class Normalization {
    private static final byte[] EMAIL = "email".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DOMAIN = "domain".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PHONE = "phone".getBytes(StandardCharsets.US_ASCII);

    private final boolean onlyFirstPhoneSeparator;

    Normalization(Compat compat) {
        this.onlyFirstPhoneSeparator = compat.stripsOnlyFirstPhoneSeparator();
    }

    /** Appends the normalised value of one identifier. */
    void append(byte[] typeBytes, int typeFrom, int typeCount, byte[] value, int from, int count, TextAppender out) {
        if (is(EMAIL, typeBytes, typeFrom, typeCount) || is(DOMAIN, typeBytes, typeFrom, typeCount)) {
            TextCase.lower(value, from, count, out);
        } else if (is(PHONE, typeBytes, typeFrom, typeCount)) {
            TextCase.digits(value, from, count, onlyFirstPhoneSeparator, out);
        } else {
            out.append(value, from, count);
        }
    }

    private static boolean is(byte[] word, byte[] text, int from, int count) {
        return Arrays.equals(word, 0, word.length, text, from, from + count);
    }
}
