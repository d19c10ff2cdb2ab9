package io.nexusid.arrow.format;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetDamageTest {
    @TempDir
    Path dir;

    private Path file() {
        return dir.resolve("damaged.parquet");
    }

    /** A small file with a dictionary, nulls and two row groups. */
    private byte[] smallFile(ParquetCodec codec) throws IOException {
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            rows.add(
                    new Object[] {i % 4 == 0 ? null : "v" + i % 9, 1000L + i, i % 2 == 0, i % 3 == 0 ? null : i / 7.0});
        }
        try (BufferAllocator allocator = new RootAllocator()) {
            ParquetTables.write(allocator, file(), codec, 128, 100, rows);
        }
        return Files.readAllBytes(file());
    }

    /**
     * Reads everything that can be read of these bytes. Only a data error may come out, and nothing may be left in the
     * allocator, whose closing says so.
     *
     * @return the rows as text, or null if a data error came out
     */
    private List<String> readDamaged(byte[] bytes, Object what) throws IOException {
        Files.write(file(), bytes);
        try (BufferAllocator allocator = new RootAllocator(1L << 28)) {
            try (ParquetSource source = ParquetSource.open(file(), "events", "damaged.parquet")) {
                List<String> names =
                        source.columns().stream().map(Field::getName).distinct().toList();
                return source.rowCount() > 1_000_000
                        ? null
                        : ParquetTables.shown(ParquetTables.read(allocator, source, names));
            } catch (NexusDataException e) {
                assertEquals("events", e.table());
                assertEquals("damaged.parquet", e.file());
                assertTrue(e.getMessage().indexOf('\n') < 0, e.getMessage());
                return null;
            } catch (IllegalArgumentException e) {
                // Two columns came to bear one name, which the caller refuses before it reads.
                assertTrue(String.valueOf(e.getMessage()).contains("occurs 2 times"), e.toString());
                return null;
            } catch (RuntimeException | Error e) {
                return fail("after " + what, e);
            }
        }
    }

    @Test
    void aTruncatedFileIsCorrupt() throws IOException {
        byte[] whole = smallFile(ParquetCodec.SNAPPY);
        for (int length = 0; length < whole.length; length += length < whole.length - 30 ? 13 : 1) {
            assertTruncationIsCorrupt(whole, length);
        }
    }

    @Test
    @Tag("slow")
    void everyTruncationIsCorrupt() throws IOException {
        byte[] whole = smallFile(ParquetCodec.SNAPPY);
        for (int length = 0; length < whole.length; length++) {
            assertTruncationIsCorrupt(whole, length);
        }
    }

    private void assertTruncationIsCorrupt(byte[] whole, int length) throws IOException {
        Files.write(file(), Arrays.copyOf(whole, length));
        NexusDataException error =
                assertThrows(NexusDataException.class, () -> ParquetSource.open(file(), "events", "damaged.parquet"));
        assertEquals(FaultCode.CORRUPT_FILE, error.code());
    }

    @Test
    void aFileCutOffWhileItIsReadIsCorrupt() throws IOException {
        byte[] whole = smallFile(ParquetCodec.SNAPPY);
        try (BufferAllocator allocator = new RootAllocator();
                ParquetSource source = ParquetSource.open(file(), "events", "damaged.parquet")) {
            for (int length = 0; length < whole.length / 2; length += 97) {
                Files.write(file(), Arrays.copyOf(whole, length));
                NexusDataException error = assertThrows(
                        NexusDataException.class,
                        () -> ParquetTables.read(allocator, source, List.of("text", "number")));
                assertEquals(FaultCode.CORRUPT_FILE, error.code());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SNAPPY", "ZSTD", "UNCOMPRESSED"})
    void aFlippedBitOfAPageIsFoundAndOneElsewhereDoesNoHarm(ParquetCodec codec) throws IOException {
        flipBits(codec, 31);
    }

    @ParameterizedTest
    @EnumSource(names = {"SNAPPY", "ZSTD", "UNCOMPRESSED"})
    @Tag("slow")
    void everyFlippedBitOfAPageIsFoundAndNoneElsewhereDoesHarm(ParquetCodec codec) throws IOException {
        flipBits(codec, 1);
    }

    private void flipBits(ParquetCodec codec, int step) throws IOException {
        byte[] whole = smallFile(codec);
        BitSet pages = pageBytes();
        assertTrue(pages.cardinality() > 500);
        for (int bit = 0; bit < 8 * whole.length; bit += step) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            List<String> rows = readDamaged(flipped, "bit " + bit);
            assertTrue(rows == null || !pages.get(bit / 8), "bit " + bit + " is of a page");
        }
        assertEquals(150, readDamaged(whole, "nothing").size());
    }

    /** The bytes of the current file that lie in page bodies. */
    private BitSet pageBytes() throws IOException {
        byte[] bytes = Files.readAllBytes(file());
        BitSet inside = new BitSet();
        ParquetFooter footer = ParquetFooter.read(new ParquetOrigin(file(), "events", "damaged.parquet"));
        for (RowGroup group : footer.rowGroups()) {
            for (ColumnChunk chunk : group.getColumns()) {
                ColumnMetaData meta = chunk.getMeta_data();
                int at = (int)
                        (meta.isSetDictionary_page_offset() && meta.getDictionary_page_offset() > 0
                                ? meta.getDictionary_page_offset()
                                : meta.getData_page_offset());
                int end = at + (int) meta.getTotal_compressed_size();
                while (at < end) {
                    int body = ParquetThrift.end(bytes, at, end);
                    PageHeader header = Util.readPageHeader(new ByteArrayInputStream(bytes, at, body - at));
                    assertTrue(header.isSetCrc());
                    at = body + header.getCompressed_page_size();
                    inside.set(body, at);
                }
            }
        }
        return inside;
    }

    @ParameterizedTest
    @CsvSource({
        "PARQUET_1_0, true, SNAPPY, BINARY",
        "PARQUET_1_0, false, LZ4_RAW, BINARY",
        "PARQUET_1_0, false, ZSTD, INT64",
        "PARQUET_1_0, true, UNCOMPRESSED, INT64",
        "PARQUET_1_0, false, UNCOMPRESSED, BOOLEAN",
        "PARQUET_2_0, true, UNCOMPRESSED, BINARY",
        "PARQUET_2_0, false, UNCOMPRESSED, BINARY",
        "PARQUET_2_0, false, UNCOMPRESSED, INT64",
        "PARQUET_2_0, false, SNAPPY, DOUBLE",
        "PARQUET_2_0, false, UNCOMPRESSED, BOOLEAN",
    })
    void damageWithoutChecksumsGivesADataErrorOrRows(
            WriterVersion version, boolean dictionary, ParquetCodec codec, PrimitiveTypeName type) throws IOException {
        Type column = type == PrimitiveTypeName.BINARY
                ? Types.optional(type).as(LogicalTypeAnnotation.stringType()).named("x")
                : Types.optional(type).named("x");
        ParquetProperties properties = ParquetProperties.builder()
                .withWriterVersion(version)
                .withDictionaryEncoding(dictionary)
                .withByteStreamSplitEncoding(type == PrimitiveTypeName.DOUBLE)
                .withPageRowCountLimit(120)
                .withPageWriteChecksumEnabled(false)
                .build();
        ParquetLibraryFile.write(file(), column, properties, codec, 300, i -> i % 5 == 1 ? null : value(type, i));
        byte[] whole = Files.readAllBytes(file());
        assertTrue(readDamaged(whole, "nothing") != null);
        Random random = new Random(whole.length);
        for (int i = 0; i < 150; i++) {
            byte[] bytes = whole.clone();
            int hits = 1 + random.nextInt(3);
            StringBuilder what = new StringBuilder();
            for (int hit = 0; hit < hits; hit++) {
                int at = random.nextInt(bytes.length);
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(4) * 85);
                what.append(at).append('=').append(bytes[at]).append(' ');
            }
            readDamaged(bytes, what);
        }
    }

    private static Object value(PrimitiveTypeName type, int i) {
        return switch (type) {
            case BINARY -> Binary.fromString("value-" + i % 40 + "-" + i / 40);
            case INT64 -> i * 1_000_003L % 977;
            case DOUBLE -> i / 3.0;
            default -> i % 3 == 0;
        };
    }

    @Test
    void whatIsNotParquetIsSaidToBeNone() throws IOException {
        assertMessage(new byte[0], "the file is empty");
        assertMessage("a,b\n1,2\n".getBytes(US_ASCII), "not a Parquet file: it is too short");
        assertMessage("a,b\n1,2\n3,4\n5,6\n".getBytes(US_ASCII), "not a Parquet file: it does not start with PAR1");
        assertMessage(
                "PAR1 and some text".getBytes(US_ASCII), "truncated, or not a Parquet file: it does not end with PAR1");
        assertThrows(
                NoSuchFileException.class, () -> ParquetSource.open(dir.resolve("none"), "events", "none.parquet"));
    }

    private void assertMessage(byte[] bytes, String reason) throws IOException {
        Files.write(file(), bytes);
        NexusDataException error =
                assertThrows(NexusDataException.class, () -> ParquetSource.open(file(), "events", "damaged.parquet"));
        assertEquals("events (damaged.parquet): " + reason + " [corrupt_file]", error.getMessage());
    }

    @Test
    void announcedSizesAreNotBelieved() throws IOException {
        // Field 2, a list of 2^31 - 1 structs.
        assertMessage(withFooter(0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07), "the footer cannot be read");
        // Field 1, a binary of 2^31 - 1 bytes.
        assertMessage(withFooter(0x18, 0xff, 0xff, 0xff, 0xff, 0x07), "the footer cannot be read");
        int[] deep = new int[100_000];
        Arrays.fill(deep, 0x1c);
        assertMessage(withFooter(deep), "its metadata is nested too deeply");
        Arrays.fill(deep, 0x19);
        assertMessage(withFooter(deep), "its metadata is nested too deeply");
    }

    private static byte[] withFooter(int... footer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("PAR1".getBytes(US_ASCII));
        for (int b : footer) {
            out.write(b);
        }
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(footer.length)
                .array());
        out.writeBytes("PAR1".getBytes(US_ASCII));
        return out.toByteArray();
    }

    @Test
    void anAllocatorAtItsLimitLosesNothing() throws IOException {
        smallFile(ParquetCodec.SNAPPY);
        int refused = 0;
        int read = 0;
        for (long limit = 0; limit < 20_000; limit += 500) {
            try (BufferAllocator allocator = new RootAllocator(limit);
                    ParquetSource source = ParquetSource.open(file(), "events", "damaged.parquet")) {
                try {
                    ParquetTables.read(allocator, source, List.of("text", "instant", "flag", "number"));
                    read++;
                } catch (OutOfMemoryException e) {
                    refused++;
                }
            }
        }
        assertTrue(refused > 0 && read > 0, refused + " refused, " + read + " read");
    }

    @Test
    void noHadoopClassIsThere() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("org.apache.hadoop.conf.Configuration"));
    }
}
