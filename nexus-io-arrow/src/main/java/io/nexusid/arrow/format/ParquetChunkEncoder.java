package io.nexusid.arrow.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Encodes one column of one row group into Parquet pages, in bulk: parquet-java's column writers hash and box every
 * value, which for columns of unique ids costs several times what the bytes do.
 *
 * <p>Pages are data pages of version 1 with {@value #PAGE_ROWS} rows: definition levels (Arrow's validity bits are a
 * bit-packed run as they stand), then values. A column starts with a dictionary. If after its first page more than one
 * value in {@value #DISTINCT_SHARE} was new, the page and all further ones are PLAIN; if the dictionary later outgrows
 * {@value #DICTIONARY_BYTES} bytes, further pages are, and a chunk after one without a dictionary has none. A chunk's pages are compressed if that saves a quarter of its first
 * page: hex digits of hashes do not, and are spared the time of reader and writer.
 *
 * <p>Cost per text: two copies of its bytes, and while there is a dictionary one look-up. Memory: the encoded chunk. Not
 * thread-safe; encoders of different columns are independent.
 */
final class ParquetChunkEncoder {
    static final int PAGE_ROWS = 16_384;
    private static final int DISTINCT_SHARE = 2;
    private static final int DICTIONARY_BYTES = 1 << 22;
    /** A page is worth compressing if this share of it goes: one fourth. */
    private static final int SAVING_SHARE = 4;

    /** A page as it will stand in the file. */
    private record Page(BytesInput body, int rawSize, int rows, Encoding encoding, Statistics<?> statistics) {}

    private final ColumnDescriptor column;
    private final Field field;
    private final ParquetPageValues values;
    private final ParquetCodec codec;
    private final ParquetCodec.Deflater deflater;
    private final List<Page> pages = new ArrayList<>();
    private final byte[] validity = new byte[PAGE_ROWS / 8];
    private byte[] page = new byte[1 << 14];
    private int pageRows;
    private int rows;
    private long bytes;
    private boolean compressed = true;

    ParquetChunkEncoder(ColumnDescriptor column, Field field, ParquetCodec codec) {
        this.column = column;
        this.field = field;
        this.codec = codec;
        this.deflater = codec.deflater();
        this.values = ParquetPageValues.of(HeapColumn.typeOf(field));
    }

    /** The encoder of this column in the next row group: what did not pay on the first page here is not tried there. */
    ParquetChunkEncoder next() {
        ParquetChunkEncoder next = new ParquetChunkEncoder(column, field, codec);
        if (!values.dictionaryIsUsed() && !values.hasDictionary()) {
            next.values.startPlain();
        }
        next.compressed = compressed;
        return next;
    }

    /** Appends rows of a loaded column. */
    void add(HeapColumn from, int fromRow, int count) throws IOException {
        int row = fromRow;
        int end = fromRow + count;
        while (row < end) {
            int n = Math.min(PAGE_ROWS - pageRows, end - row);
            for (int i = 0; i < n; i++) {
                if (!from.isNull(row + i)) {
                    int at = pageRows + i;
                    validity[at >> 3] |= (byte) (1 << (at & 7));
                }
            }
            values.add(from, row, n);
            pageRows += n;
            row += n;
            if (pageRows == PAGE_ROWS) {
                endPage();
            }
        }
    }

    /** Bytes encoded so far. */
    long bytes() {
        return bytes + values.bufferedBytes();
    }

    private void endPage() throws IOException {
        boolean first = pages.isEmpty();
        if (values.hasDictionary()
                && ((first && values.distinct() * DISTINCT_SHARE > values.count())
                        || values.dictionaryBytes() > DICTIONARY_BYTES)) {
            values.stopDictionary(first);
        }
        Statistics<?> statistics = Statistics.createStats(column.getPrimitiveType());
        statistics.incrementNumNulls((long) pageRows - values.count());
        values.describe(statistics);
        boolean coded = values.hasDictionary();
        int rawSize = layOut(coded);
        byte[] body = compress(rawSize, first);
        pages.add(new Page(
                BytesInput.from(body),
                rawSize,
                pageRows,
                coded ? Encoding.RLE_DICTIONARY : Encoding.PLAIN,
                statistics));
        bytes += body.length;
        rows += pageRows;
        pageRows = 0;
        Arrays.fill(validity, (byte) 0);
        values.nextPage();
    }

    /** Compresses the page that was laid out; a first page on which that does not pay decides for the chunk. */
    private byte[] compress(int rawSize, boolean first) {
        if (compressed) {
            byte[] smaller = deflater.deflate(page, rawSize);
            if (!first || codec == ParquetCodec.UNCOMPRESSED || smaller.length <= rawSize - rawSize / SAVING_SHARE) {
                return smaller;
            }
            compressed = false;
        }
        return Arrays.copyOf(page, rawSize);
    }

    /** Puts the page's levels and values into {@link #page} and returns their length. */
    private int layOut(boolean coded) throws IOException {
        byte[] bits = coded ? codes(values.codes(), values.count(), values.distinct()) : values.plain;
        int length = coded ? bits.length : values.plainLength;
        int most = validity.length + 16 + length;
        if (page.length < most) {
            page = new byte[most];
        }
        int at = levels();
        System.arraycopy(bits, 0, page, at, length);
        return at + length;
    }

    /** Definition levels of the page: one run of ones, or the validity bits as a bit-packed run; their length before. */
    private int levels() {
        int at = Integer.BYTES;
        if (values.count() == pageRows) {
            at = varint(pageRows << 1, page, at);
            page[at++] = 1;
        } else {
            int groups = (pageRows + 7) / 8;
            at = varint(groups << 1 | 1, page, at);
            System.arraycopy(validity, 0, page, at, groups);
            at += groups;
        }
        ParquetPageValues.INT.set(page, 0, at - Integer.BYTES);
        return at;
    }

    private static int varint(int value, byte[] out, int at) {
        int p = at;
        int rest = value;
        while (rest >= 0x80) {
            out[p++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[p++] = (byte) rest;
        return p;
    }

    private static byte[] codes(int[] codes, int count, int distinct) throws IOException {
        int width = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(distinct - 1, 0));
        try (RunLengthBitPackingHybridEncoder encoder =
                new RunLengthBitPackingHybridEncoder(width, 1 << 10, 1 << 20, HeapByteBufferAllocator.getInstance())) {
            for (int i = 0; i < count; i++) {
                encoder.writeInt(codes[i]);
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(width);
            encoder.toBytes().writeAllTo(out);
            return out.toByteArray();
        }
    }

    /** Ends the last page and writes the chunk. */
    void writeTo(ParquetFileWriter file) throws IOException {
        if (pageRows > 0) {
            endPage();
        }
        DictionaryPage dictionary = null;
        if (values.dictionaryIsUsed()) {
            byte[] raw = values.dictionary();
            byte[] body = compressed ? deflater.deflate(raw, raw.length) : raw;
            dictionary = new DictionaryPage(BytesInput.from(body), raw.length, values.dictionarySize(), Encoding.PLAIN);
        }
        file.startColumn(column, rows, compressed ? codec.codecName() : CompressionCodecName.UNCOMPRESSED);
        if (dictionary != null) {
            file.writeDictionaryPage(dictionary);
        }
        for (Page each : pages) {
            file.writeDataPage(
                    each.rows(),
                    each.rawSize(),
                    each.body(),
                    each.statistics(),
                    each.rows(),
                    Encoding.RLE,
                    Encoding.RLE,
                    each.encoding());
        }
        file.endColumn();
    }
}
