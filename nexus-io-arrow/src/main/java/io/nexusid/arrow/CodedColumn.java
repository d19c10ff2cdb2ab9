package io.nexusid.arrow;

import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.format.TextDictionary;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A column of few distinct texts: one int code per row (-1 is null) and the texts once. Codes are in order of first
 * appearance; {@link #rankOfCode} gives the order of the bytes.
 */
final class CodedColumn {
    static final int NULL = -1;
    private static final int UNMAPPED = -2;

    private final KeyDictionary own;
    private final @Nullable Names shared;
    /** By code of the own dictionary, that of the shared names. */
    private final IntArrayList sharedOfOwn = new IntArrayList();

    private final IntArrayList codes = new IntArrayList();
    private long expectedRows = -1;
    private int @Nullable [] rankOfCode;

    /** The dictionary that blocks referred to last, and the codes of its entries as far as rows had them. */
    private @Nullable TextDictionary mapped;

    private int[] codeOfEntry = {};

    CodedColumn() {
        this(new KeyDictionary(64));
    }

    /** A column that shares its texts with others, so that their codes compare. */
    CodedColumn(KeyDictionary texts) {
        this.own = texts;
        this.shared = null;
    }

    /** A column of names that are shared with other tables. */
    CodedColumn(Names names) {
        this.own = new KeyDictionary(16);
        this.shared = names;
    }

    private KeyDictionary texts() {
        return shared == null ? own : shared.known();
    }

    /** Says how many rows there will probably be. */
    void expect(long rows) {
        expectedRows = rows;
    }

    /** Forgets all rows, but no text. */
    void clear() {
        codes.clear();
    }

    /** Appends the cells of a block; of a coded one each text is looked at when its first row comes. */
    void append(TextBlock block) {
        int rows = block.rows();
        int from = Growth.extend(codes, rows, expectedRows);
        TextDictionary dictionary = block.dictionary();
        int[] out = codes.elements();
        if (dictionary == null) {
            own.addAll(block.kinds(0), block.bytes(), block.offsets(), rows, out, from);
            for (int row = from; shared != null && row < from + rows; row++) {
                out[row] = out[row] < 0 ? NULL : codeOfOwn(out[row]);
            }
            return;
        }
        if (dictionary != mapped) {
            mapped = dictionary;
            codeOfEntry = new int[dictionary.size()];
            Arrays.fill(codeOfEntry, UNMAPPED);
        }
        int[] entries = block.codes();
        for (int i = 0; i < rows; i++) {
            int entry = entries[i];
            int code = entry < 0 ? NULL : codeOfEntry[entry];
            out[from + i] = code == UNMAPPED ? map(dictionary, entry) : code;
        }
    }

    private int map(TextDictionary dictionary, int entry) {
        int code = codeOfOwn(own.add(0, dictionary.bytes(), dictionary.from(entry), dictionary.length(entry)));
        codeOfEntry[entry] = code;
        return code;
    }

    private int codeOfOwn(int code) {
        if (shared == null) {
            return code;
        }
        while (sharedOfOwn.size() < own.size()) {
            sharedOfOwn.add(shared.add(own.bytes(sharedOfOwn.size())));
        }
        return sharedOfOwn.getInt(code);
    }

    int rows() {
        return codes.size();
    }

    /** The code of a row, -1 for null. */
    int code(int row) {
        return codes.getInt(row);
    }

    /** The codes of all rows; may be longer than {@link #rows}. Not to be changed. */
    int[] codes() {
        return codes.elements();
    }

    int distinct() {
        return texts().size();
    }

    byte[] bytes(int code) {
        return texts().bytes(code);
    }

    String text(int code) {
        return new String(texts().bytes(code), StandardCharsets.UTF_8);
    }

    /** Whether the text of a code is empty or nothing but spaces. */
    boolean isBlank(int code) {
        for (byte each : texts().bytes(code)) {
            if (each != ' ') {
                return false;
            }
        }
        return true;
    }

    /** Adds the text of a code as a part of a key; -1 is null. */
    void addTo(int code, SurrogateKey key) {
        if (code < 0) {
            key.addNull();
            return;
        }
        int at = key.reserve(texts().length(code));
        texts().copyTo(code, key.buffer(), at);
    }

    /** Appends the text of a code; -1 is null. */
    void copyTo(int code, TextAppender out) {
        if (code < 0) {
            out.appendNull();
            return;
        }
        int length = texts().length(code);
        texts().copyTo(code, out.room(length), out.position());
        out.finishCell(length);
    }

    /** For each code its position among all in byte order. */
    int[] rankOfCode() {
        int[] ranks = rankOfCode;
        if (ranks == null || ranks.length != texts().size()) {
            KeyDictionary texts = texts();
            int[] order = new int[texts.size()];
            Arrays.setAll(order, i -> i);
            IntArrays.quickSort(order, texts::compare);
            ranks = new int[order.length];
            for (int i = 0; i < order.length; i++) {
                ranks[order[i]] = i;
            }
            rankOfCode = ranks;
        }
        return ranks;
    }

    /** For each row the rank of its text, -1 for null. */
    int[] ranks() {
        int[] ranks = rankOfCode();
        int[] out = new int[codes.size()];
        for (int i = 0; i < out.length; i++) {
            int code = codes.getInt(i);
            out[i] = code < 0 ? NULL : ranks[code];
        }
        return out;
    }

    /** The same rows with every text in lower case. */
    CodedColumn lowered() {
        CodedColumn lower = new CodedColumn();
        int[] lowerOfCode = new int[texts().size()];
        for (int code = 0; code < lowerOfCode.length; code++) {
            byte[] text = Bytes.of(TextCase.lower(text(code)));
            lowerOfCode[code] = lower.own.add(0, text, 0, text.length);
        }
        for (int i = 0; i < codes.size(); i++) {
            int code = codes.getInt(i);
            lower.codes.add(code < 0 ? NULL : lowerOfCode[code]);
        }
        return lower;
    }

    /** Orders two codes by their text, -1 last. */
    int compareCodes(int a, int b) {
        if (a < 0 || b < 0 || a == b) {
            return a == b ? 0 : Boolean.compare(a < 0, b < 0);
        }
        int[] ranks = rankOfCode();
        return Integer.compare(ranks[a], ranks[b]);
    }
}
