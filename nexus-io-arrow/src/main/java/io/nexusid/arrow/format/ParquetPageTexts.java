package io.nexusid.arrow.format;

import io.nexusid.graph.KeyDictionary;
import java.util.Arrays;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;

/** UTF-8 text: four bytes of length, then the bytes. Or values that all have one length: the bytes alone. */
final class ParquetPageTexts extends ParquetPageValues {
    static final int ANY_LENGTH = -1;

    private final int fixedLength;
    /** Bytes before each value. */
    private final int header;

    private final KeyDictionary dictionary = new KeyDictionary(64);
    private int[] kinds = new int[0];
    private int[] offsets = new int[0];
    private int[] rowCodes = new int[0];
    private long dictionaryBytes;
    /** By code the last page, counted from 1, that was described with it. */
    private int[] pageOfCode = new int[0];

    private int page;

    /**
     * Values of a chunk.
     *
     * @param fixedLength the length of all of them, or {@link #ANY_LENGTH}
     */
    ParquetPageTexts(int fixedLength) {
        super(true);
        this.fixedLength = fixedLength;
        this.header = fixedLength == ANY_LENGTH ? Integer.BYTES : 0;
    }

    @Override
    int addCodes(HeapColumn from, int row, int rows, int[] out, int at) {
        if (kinds.length < rows) {
            kinds = new int[rows];
            offsets = new int[rows + 1];
            rowCodes = new int[rows];
        }
        for (int i = 0; i < rows; i++) {
            kinds[i] = from.isNull(row + i) ? -1 : 0;
            offsets[i] = from.start(row + i);
        }
        offsets[rows] = from.end(row + rows - 1);
        int known = dictionary.size();
        dictionary.addAll(kinds, from.data(), offsets, rows, rowCodes, 0);
        for (int code = known; code < dictionary.size(); code++) {
            dictionaryBytes += header + (long) dictionary.length(code);
        }
        int n = at;
        for (int i = 0; i < rows; i++) {
            if (kinds[i] >= 0) {
                out[n++] = rowCodes[i];
            }
        }
        return n;
    }

    @Override
    void addPlain(HeapColumn from, int row, int rows) {
        byte[] data = from.data();
        byte[] out = room(from.end(row + rows - 1) - from.start(row) + header * rows);
        int at = plainLength;
        for (int i = row; i < row + rows; i++) {
            if (from.isNull(i)) {
                continue;
            }
            int start = from.start(i);
            int length = from.end(i) - start;
            putLength(length, out, at);
            System.arraycopy(data, start, out, at + header, length);
            at += header + length;
            count++;
        }
        plainLength = at;
    }

    @Override
    void addPlain(int code) {
        int length = dictionary.length(code);
        byte[] out = room(header + length);
        putLength(length, out, plainLength);
        dictionary.copyTo(code, out, plainLength + header);
        plainLength += header + length;
    }

    private void putLength(int length, byte[] out, int at) {
        if (header > 0) {
            INT.set(out, at, length);
        }
    }

    /** The length of the value whose header is at {@code at} in {@link #plain}. */
    private int lengthAt(int at) {
        return header > 0 ? (int) INT.get(plain, at) : fixedLength;
    }

    @Override
    void describe(Statistics<?> statistics) {
        if (count == 0) {
            return;
        }
        if (hasDictionary()) {
            page++;
            if (pageOfCode.length < dictionary.size()) {
                pageOfCode = Arrays.copyOf(pageOfCode, 2 * dictionary.size());
            }
            int least = codes()[0];
            int greatest = least;
            for (int i = 0; i < count; i++) {
                int code = codes()[i];
                // Each text is compared once a page, however many rows have it.
                if (pageOfCode[code] != page) {
                    pageOfCode[code] = page;
                    least = dictionary.compare(code, least) < 0 ? code : least;
                    greatest = dictionary.compare(code, greatest) > 0 ? code : greatest;
                }
            }
            statistics.updateStats(Binary.fromConstantByteArray(dictionary.bytes(least)));
            statistics.updateStats(Binary.fromConstantByteArray(dictionary.bytes(greatest)));
        } else {
            describePlain(statistics);
        }
    }

    private void describePlain(Statistics<?> statistics) {
        int least = 0;
        int greatest = 0;
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (compare(at, least) < 0) {
                least = at;
            } else if (compare(at, greatest) > 0) {
                greatest = at;
            }
            at += header + lengthAt(at);
        }
        statistics.updateStats(text(least));
        statistics.updateStats(text(greatest));
    }

    private int compare(int a, int b) {
        int fromA = a + header;
        int fromB = b + header;
        return Arrays.compareUnsigned(plain, fromA, fromA + lengthAt(a), plain, fromB, fromB + lengthAt(b));
    }

    private Binary text(int at) {
        int from = at + header;
        return Binary.fromConstantByteArray(Arrays.copyOfRange(plain, from, from + lengthAt(at)));
    }

    @Override
    byte[] dictionary() {
        byte[] out = new byte[Math.toIntExact(dictionaryBytes)];
        int at = 0;
        for (int code = 0; code < dictionary.size(); code++) {
            int length = dictionary.copyTo(code, out, at + header);
            putLength(length, out, at);
            at += header + length;
        }
        return out;
    }

    @Override
    int dictionarySize() {
        return dictionary.size();
    }

    @Override
    long dictionaryBytes() {
        return dictionaryBytes;
    }

    @Override
    void pageStarted() {}
}
