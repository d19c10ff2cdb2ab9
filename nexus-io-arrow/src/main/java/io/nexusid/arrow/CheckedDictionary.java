package io.nexusid.arrow;

import io.nexusid.arrow.format.TextDictionary;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Which entries of a column's dictionary are not UTF-8: looked at once for all batches that share the dictionary. */
final class CheckedDictionary {
    private @Nullable TextDictionary dictionary;
    private final BitSet invalid = new BitSet();

    /** The entries that are not UTF-8; no row need refer to them. */
    BitSet invalid(TextDictionary entries) {
        if (dictionary != entries) {
            dictionary = entries;
            invalid.clear();
            for (int i = 0; i < entries.size(); i++) {
                int from = entries.from(i);
                if (!Utf8.isValid(entries.bytes(), from, from + entries.length(i))) {
                    invalid.set(i);
                }
            }
        }
        return invalid;
    }
}
