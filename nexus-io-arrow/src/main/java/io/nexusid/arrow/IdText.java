package io.nexusid.arrow;

import io.nexusid.api.SurrogateKey;
import java.util.Arrays;

/** Minted ids as text: a prefix with its underscore, then the {@value SurrogateKey#HEX_LENGTH} digits of a key. */
final class IdText {
    private static final int HALF = SurrogateKey.HEX_LENGTH / 2;

    private IdText() {}

    /** Whether a text is an id with this prefix, its digits in lower case. */
    static boolean isId(byte[] prefix, byte[] text, int from, int length) {
        if (length != prefix.length + SurrogateKey.HEX_LENGTH
                || !Arrays.equals(prefix, 0, prefix.length, text, from, from + prefix.length)) {
            return false;
        }
        for (int i = from + prefix.length; i < from + length; i++) {
            if (digit(text[i]) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The first half of the key whose digits start at {@code at}. */
    static long high(byte[] text, int at) {
        return half(text, at);
    }

    /** The second half of the key whose digits start at {@code at}. */
    static long low(byte[] text, int at) {
        return half(text, at + HALF);
    }

    private static long half(byte[] text, int at) {
        long value = 0;
        for (int i = at; i < at + HALF; i++) {
            value = value << 4 | digit(text[i]);
        }
        return value;
    }

    private static int digit(byte b) {
        return b >= '0' && b <= '9' ? b - '0' : b >= 'a' && b <= 'f' ? b - 'a' + 10 : -1;
    }
}
