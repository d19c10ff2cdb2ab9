package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.format.TextDictionary;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. Decoding with replacement would make two bad
 * values equal, and so two people one.
 *
 * <p>All-ASCII columns cost one test per eight bytes; others are walked once as a whole, and cell by cell only if that
 * finds something. Of a dictionary each entry is walked once.
 */
final class Utf8 {
    static final String INVALID = "bytes that are not UTF-8";

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** Records every non-null cell that is not UTF-8. */
    static void check(TextBlock cells, CheckedDictionary checked, BatchFaults faults) {
        TextDictionary dictionary = cells.dictionary();
        if (dictionary != null) {
            checkCodes(cells, checked.invalid(dictionary), faults);
        } else if (!wholeBlockIsValid(cells)) {
            for (int i = 0; i < cells.rows(); i++) {
                int from = cells.from(i);
                if (!cells.isNull(i) && !isValid(cells.bytes(), from, from + cells.length(i))) {
                    faults.add(i, FaultCode.INVALID_UTF8, INVALID);
                }
            }
        }
    }

    private static void checkCodes(TextBlock cells, BitSet invalid, BatchFaults faults) {
        for (int i = 0; i < cells.rows() && !invalid.isEmpty(); i++) {
            int code = cells.codes()[i];
            if (code >= 0 && invalid.get(code)) {
                faults.add(i, FaultCode.INVALID_UTF8, INVALID);
            }
        }
    }

    private static boolean wholeBlockIsValid(TextBlock cells) {
        byte[] bytes = cells.bytes();
        int end = cells.offsets()[cells.rows()];
        if (isAscii(bytes, 0, end)) {
            return true;
        }
        if (!isValid(bytes, 0, end)) {
            return false;
        }
        // Two cells can each hold half of a character.
        for (int i = 0; i < cells.rows(); i++) {
            int start = cells.from(i);
            if (start < end && (bytes[start] & 0xC0) == 0x80) {
                return false;
            }
        }
        return true;
    }

    static boolean isAscii(byte[] bytes, int from, int to) {
        int p = from;
        long seen = 0;
        for (; p + 8 <= to; p += 8) {
            seen |= (long) LONG.get(bytes, p);
        }
        for (; p < to; p++) {
            seen |= bytes[p] & 0x80;
        }
        return (seen & HIGH_BITS) == 0;
    }

    static boolean isValid(byte[] bytes, int from, int to) {
        int p = from;
        while (p < to) {
            int lead = bytes[p++];
            if (lead >= 0) {
                continue;
            }
            int length = sequenceLength(lead & 0xFF);
            if (length == 0 || p + length - 1 > to || !secondByteFits(lead & 0xFF, bytes[p] & 0xFF)) {
                return false;
            }
            for (int i = 1; i < length - 1; i++) {
                if ((bytes[p + i] & 0xC0) != 0x80) {
                    return false;
                }
            }
            p += length - 1;
        }
        return true;
    }

    private static int sequenceLength(int lead) {
        if (lead < 0xC2 || lead > 0xF4) {
            return 0;
        }
        return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    }

    /** The second byte carries the bounds: no overlong E0 and F0, no surrogates (ED), nothing above U+10FFFF (F4). */
    private static boolean secondByteFits(int lead, int second) {
        int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        return second >= least && second <= most;
    }
}
