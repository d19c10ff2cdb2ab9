package io.nexusid.arrow.format;

import org.apache.parquet.format.Encoding;

/**
 * One decompressed page. The bytes belong to {@link ParquetPages} and hold until its next page.
 *
 * @param dictionary whether this is the dictionary of the chunk, not data
 * @param rows number of values, nulls included
 * @param encoding of the values
 * @param bytes holds levels and values
 * @param levelsFrom first byte of the definition levels
 * @param levelsTo byte after them; equal to {@code levelsFrom} if the column has none
 * @param packedLevels whether the levels are of the old bit-packed encoding instead of RLE
 * @param valuesFrom first byte of the values
 * @param valuesTo byte after them
 */
@SuppressWarnings("ArrayRecordComponent") // a view that is never compared
record ParquetPage(
        boolean dictionary,
        int rows,
        Encoding encoding,
        byte[] bytes,
        int levelsFrom,
        int levelsTo,
        boolean packedLevels,
        int valuesFrom,
        int valuesTo) {}
