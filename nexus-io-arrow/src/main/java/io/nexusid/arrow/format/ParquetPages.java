package io.nexusid.arrow.format;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one column chunk in file order: finds headers, verifies checksums, decompresses. Holds two buffers, each
 * as large as the largest page so far. Reads ahead {@value #READ_AHEAD} bytes, so that small pages share a system call.
 */
final class ParquetPages {
    private static final int READ_AHEAD = 1 << 18;
    private static final int HEADER_GUESS = 1 << 12;
    /** Pages beyond this are refused: writers cut pages at about 1 MiB, the largest known default is 100 MB. */
    private static final int MAX_PAGE = 1 << 30;

    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final FileChannel channel;
    private final boolean optional;
    private final ParquetCodec codec;
    private final ParquetCodec.Inflater inflater;
    private final CRC32 crc = new CRC32();
    private byte[] window = new byte[0];
    private byte[] inflated = new byte[0];
    /** The window holds {@code windowBytes} bytes of the file from {@code windowStart} on. */
    private long windowStart;

    private int windowBytes;
    private long position;
    private final long end;

    /**
     * @param chunk where the pages are
     * @param codec the codec of the chunk
     * @param optional whether values have definition levels
     * @param fileBytes the size of the file
     */
    ParquetPages(FileChannel channel, ColumnMetaData chunk, ParquetCodec codec, boolean optional, long fileBytes) {
        this.channel = channel;
        this.optional = optional;
        this.codec = codec;
        this.inflater = codec.inflater();
        long start = chunk.getData_page_offset();
        // Some writers set 0 where there is no dictionary.
        if (chunk.isSetDictionary_page_offset() && chunk.getDictionary_page_offset() > 0) {
            start = Math.min(start, chunk.getDictionary_page_offset());
        }
        long length = chunk.getTotal_compressed_size();
        ParquetDamage.unless(
                start >= 0 && length >= 0 && start <= fileBytes - length, "a column chunk lies outside the file");
        this.position = start;
        this.windowStart = start;
        this.end = start + length;
    }

    /** The next dictionary or data page. */
    ParquetPage next() throws IOException {
        while (true) {
            PageHeader header = header();
            int compressed = header.getCompressed_page_size();
            int uncompressed = header.getUncompressed_page_size();
            ParquetDamage.unless(compressed >= 0 && compressed <= end - position, "a page ends after its column chunk");
            ParquetDamage.unless(uncompressed >= 0 && uncompressed <= MAX_PAGE, "a page announces an absurd size");
            int offset = require(compressed);
            verify(header, offset, compressed);
            position += compressed;
            ParquetPage page = page(header, offset, compressed, uncompressed);
            if (page != null) {
                return page;
            }
        }
    }

    private PageHeader header() throws IOException {
        ParquetDamage.unless(position < end, "a column chunk ends before its last row");
        int length = (int) Math.min(HEADER_GUESS, end - position);
        int offset = require(length);
        int headerEnd = ParquetThrift.end(window, offset, offset + length);
        while (headerEnd < 0) {
            ParquetDamage.unless(length < end - position && length <= MAX_PAGE / 8, "a page header cannot be read");
            length = (int) Math.min(8L * length, end - position);
            offset = require(length);
            headerEnd = ParquetThrift.end(window, offset, offset + length);
        }
        try {
            PageHeader header = Util.readPageHeader(new ByteArrayInputStream(window, offset, headerEnd - offset));
            position += headerEnd - offset;
            return header;
        } catch (IOException e) {
            throw (ParquetDamage) new ParquetDamage("a page header cannot be read").initCause(e);
        }
    }

    /** Makes {@code count} bytes from {@code position} on available and returns their index in the window. */
    private int require(int count) throws IOException {
        int skipped = (int) (position - windowStart);
        if (skipped + (long) count <= windowBytes) {
            return skipped;
        }
        int kept = Math.max(0, windowBytes - skipped);
        int target = (int) Math.min(Math.max(count, READ_AHEAD), end - position);
        byte[] into = target <= window.length ? window : new byte[target];
        System.arraycopy(window, windowBytes - kept, into, 0, kept);
        int read = ParquetFooter.read(channel, position + kept, into, kept, target - kept);
        ParquetDamage.unless(kept + read >= count, "the file ends early");
        window = into;
        windowStart = position;
        windowBytes = kept + read;
        return 0;
    }

    private void verify(PageHeader header, int offset, int length) {
        if (header.isSetCrc()) {
            crc.reset();
            crc.update(window, offset, length);
            ParquetDamage.unless((int) crc.getValue() == header.getCrc(), "a page does not match its checksum");
        }
    }

    /** Null for a page of a kind that is skipped. */
    private @Nullable ParquetPage page(PageHeader header, int offset, int compressed, int uncompressed)
            throws IOException {
        PageType type = header.getType();
        if (type == PageType.DATA_PAGE_V2 && header.isSetData_page_header_v2()) {
            return dataPage(header.getData_page_header_v2(), offset, compressed, uncompressed);
        }
        boolean data = type == PageType.DATA_PAGE && header.isSetData_page_header();
        boolean dictionary = type == PageType.DICTIONARY_PAGE && header.isSetDictionary_page_header();
        if (!data && !dictionary) {
            ParquetDamage.unless(type == PageType.INDEX_PAGE, "a page is of no known kind");
            return null;
        }
        boolean open = codec == ParquetCodec.UNCOMPRESSED;
        ParquetDamage.unless(!open || compressed == uncompressed, "a page does not have its announced size");
        byte[] bytes = open ? window : inflate(offset, compressed, uncompressed, 0);
        int from = open ? offset : 0;
        int to = from + uncompressed;
        return data
                ? dataPage(header.getData_page_header(), bytes, from, to)
                : dictionaryPage(header.getDictionary_page_header(), bytes, from, to);
    }

    private static ParquetPage dictionaryPage(DictionaryPageHeader header, byte[] bytes, int from, int to) {
        int rows = header.getNum_values();
        ParquetDamage.unless(rows >= 0, "a page has a negative number of values");
        return new ParquetPage(true, rows, header.getEncoding(), bytes, from, from, false, from, to);
    }

    private ParquetPage dataPage(DataPageHeader header, byte[] bytes, int from, int to) {
        int rows = header.getNum_values();
        ParquetDamage.unless(rows >= 0, "a page has a negative number of values");
        if (!optional) {
            return new ParquetPage(false, rows, header.getEncoding(), bytes, from, from, false, from, to);
        }
        boolean packed = header.getDefinition_level_encoding() == Encoding.BIT_PACKED;
        ParquetDamage.unless(
                packed || header.getDefinition_level_encoding() == Encoding.RLE,
                "definition levels have no known encoding");
        int levelsFrom = packed ? from : from + Integer.BYTES;
        ParquetDamage.unless(levelsFrom <= to, "a page is too short for its levels");
        int levels = packed ? (int) ((rows + 7L) / 8) : (int) INT.get(bytes, from);
        ParquetDamage.unless(levels >= 0 && levels <= to - levelsFrom, "a page is too short for its levels");
        int levelsTo = levelsFrom + levels;
        return new ParquetPage(false, rows, header.getEncoding(), bytes, levelsFrom, levelsTo, packed, levelsTo, to);
    }

    private ParquetPage dataPage(DataPageHeaderV2 header, int offset, int compressed, int uncompressed)
            throws IOException {
        int rows = header.getNum_values();
        int levels = header.getDefinition_levels_byte_length();
        ParquetDamage.unless(rows >= 0, "a page has a negative number of values");
        ParquetDamage.unless(
                header.getRepetition_levels_byte_length() == 0 && (optional || levels == 0),
                "a page has levels that its column has not");
        ParquetDamage.unless(
                levels >= 0 && levels <= compressed && levels <= uncompressed, "a page is too short for its levels");
        if (codec == ParquetCodec.UNCOMPRESSED || (header.isSetIs_compressed() && !header.isIs_compressed())) {
            return new ParquetPage(
                    false,
                    rows,
                    header.getEncoding(),
                    window,
                    offset,
                    offset + levels,
                    false,
                    offset + levels,
                    offset + compressed);
        }
        // Levels are stored in the open in front of the compressed values.
        int values = uncompressed - levels;
        byte[] levelBytes = Arrays.copyOfRange(window, offset, offset + levels);
        byte[] bytes = inflate(offset + levels, compressed - levels, values, levels);
        System.arraycopy(levelBytes, 0, bytes, values, levels);
        return new ParquetPage(false, rows, header.getEncoding(), bytes, values, uncompressed, false, 0, values);
    }

    /** The decompressed bytes at the front of a buffer with at least {@code spare} bytes behind them. */
    private byte[] inflate(int offset, int compressed, int uncompressed, int spare) throws IOException {
        ParquetDamage.unless(
                codec.canExpand(compressed, uncompressed), "a page announces more than its codec can expand to");
        if (inflated.length < uncompressed + spare) {
            inflated = new byte[uncompressed + spare];
        }
        if (uncompressed > 0) {
            try {
                inflater.inflate(window, offset, compressed, inflated, uncompressed);
            } catch (IOException e) {
                throw (ParquetDamage) new ParquetDamage("a page cannot be decompressed").initCause(e);
            }
        }
        return inflated;
    }
}
