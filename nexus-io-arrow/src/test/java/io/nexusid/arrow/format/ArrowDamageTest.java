package io.nexusid.arrow.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged files and streams: one exception, no leak, no Error, never a read outside a buffer. */
class ArrowDamageTest {
    private static final int ROWS = 40;
    private static final long MEMORY = 16 << 20;

    enum Kind {
        FILE,
        STREAM,
        ZSTD_FILE
    }

    @TempDir
    static Path folder;

    private static byte[] file;
    private static byte[] stream;
    private static byte[] zstd;

    @BeforeAll
    static void writeWholeOnes() throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                VarCharVector dictionary = new VarCharVector("values", allocator);
                VectorSchemaRoot root = sample(allocator)) {
            for (int i = 0; i < 3; i++) {
                dictionary.setSafe(i, ("value " + i).getBytes(UTF_8));
            }
            dictionary.setValueCount(3);
            Schema schema = new Schema(root.getSchema().getFields().stream()
                    .map(field -> field.getName().equals("coded") ? codedField() : field)
                    .toList());
            file = write(StockIpc.file(schema), dictionary, root);
            stream = write(StockIpc.stream(schema), dictionary, root);
            zstd = write(StockIpc.zstdFile(schema), dictionary, root);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theWholeIsRead(Kind kind) throws IOException {
        assertEquals(ROWS, read(kind, whole(kind)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"FILE", "STREAM"})
    void everyTruncationIsDetected(Kind kind) throws IOException {
        byte[] whole = whole(kind);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            NexusDataException e = assertThrows(NexusDataException.class, () -> read(kind, cut), "cut at " + length);
            assertEquals(FaultCode.CORRUPT_FILE, e.code());
            assertEquals("events", e.table());
            assertNotNull(e.file());
        }
    }

    /** A stream that lost whole messages in its middle is a whole stream; a file has its footer. */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"FILE", "ZSTD_FILE"})
    void aCutThatKeepsTheEndIsDetected(Kind kind) throws IOException {
        byte[] whole = whole(kind);
        for (int length = 8; length < whole.length; length += 8) {
            byte[] shorter = Arrays.copyOf(whole, whole.length - length);
            int tail = Math.min(16, shorter.length);
            System.arraycopy(whole, whole.length - tail, shorter, shorter.length - tail, tail);
            assertThrows(NexusDataException.class, () -> read(kind, shorter), "without " + length);
        }
    }

    /** Every bit takes minutes; the short form takes one of 61 and so meets every position in a byte. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void aFlippedBitIsOneExceptionOrAWellFormedTable(Kind kind) throws IOException {
        flip(kind, 61);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyFlippedBitIsOneExceptionOrAWellFormedTable(Kind kind) throws IOException {
        flip(kind, 1);
    }

    /** Values, and with them names and text, may change unseen: IPC has no checksums. */
    private static void flip(Kind kind, int step) throws IOException {
        byte[] bytes = whole(kind).clone();
        int detected = 0;
        for (int bit = 0; bit < 8 * bytes.length; bit += step) {
            bytes[bit >> 3] ^= (byte) (1 << (bit & 7));
            try {
                read(kind, bytes);
            } catch (NexusDataException e) {
                detected++;
                assertTrue(
                        List.of(
                                        FaultCode.CORRUPT_FILE,
                                        FaultCode.UNSUPPORTED_CODEC,
                                        FaultCode.CAPACITY,
                                        FaultCode.WRONG_TYPE)
                                .contains(e.code()),
                        e.getMessage());
            } catch (RuntimeException | Error e) {
                fail("bit " + bit + " of " + kind, e);
            }
            bytes[bit >> 3] ^= (byte) (1 << (bit & 7));
        }
        assertTrue(detected * step > bytes.length, detected + " of " + 8 * bytes.length / step + " flips detected");
    }

    @Test
    void aHeaderThatAnnouncesTwoGibibytesOfMetadataAllocatesNothing() {
        byte[] bomb = ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(-1)
                .putInt(0x7FFFFFF0)
                .array();
        assertCorrupt(bomb, Kind.STREAM);
    }

    @Test
    void aStreamNamedAsAFileIsToldSo() {
        NexusDataException e = assertThrows(NexusDataException.class, () -> read(Kind.FILE, stream));
        assertTrue(e.getMessage().contains(".arrows"), e.getMessage());
        assertCorrupt(file, Kind.STREAM);
    }

    @Test
    void lz4IsRefusedByName() throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = sample(allocator)) {
            byte[] lz4 = StockIpc.lz4File(root.getSchema()).batch(root).finish();
            NexusDataException e = assertThrows(NexusDataException.class, () -> read(Kind.FILE, lz4));
            assertEquals(FaultCode.UNSUPPORTED_CODEC, e.code());
            assertTrue(e.getMessage().contains("LZ4"), e.getMessage());
        }
    }

    @Test
    void aCompressedBufferThatAnnouncesMoreThanZstdCanHoldIsRefused() {
        byte[] bomb = zstd.clone();
        ByteBuffer bytes = ByteBuffer.wrap(bomb).order(ByteOrder.LITTLE_ENDIAN);
        int announced = -1;
        for (int at = bomb.length - 12; at >= 0 && announced < 0; at--) {
            // The numbers: longs, all equal so that they compress, in a frame that starts with its magic number.
            if (bytes.getLong(at) == 8 * ROWS && bytes.getInt(at + 8) == 0xFD2FB528) {
                announced = at;
            }
        }
        assertTrue(announced > 0);
        bytes.putLong(announced, 1L << 30);
        NexusDataException e = assertThrows(NexusDataException.class, () -> read(Kind.ZSTD_FILE, bomb));
        assertTrue(e.getMessage().contains("announces 1073741824 bytes"), e.getMessage());
    }

    @Test
    void twoStreamsInOneFileAreRefusedRatherThanReadByHalf() {
        byte[] twice = Arrays.copyOf(stream, 2 * stream.length);
        System.arraycopy(stream, 0, twice, stream.length, stream.length);
        assertCorrupt(twice, Kind.STREAM);
    }

    private static void assertCorrupt(byte[] bytes, Kind kind) {
        NexusDataException e = assertThrows(NexusDataException.class, () -> read(kind, bytes));
        assertEquals(FaultCode.CORRUPT_FILE, e.code());
    }

    private static byte[] whole(Kind kind) {
        return switch (kind) {
            case FILE -> file;
            case STREAM -> stream;
            case ZSTD_FILE -> zstd;
        };
    }

    /** Reads and looks at every cell of every column with a name of its own; returns the number of rows. */
    private static int read(Kind kind, byte[] bytes) throws IOException {
        Path path = Files.write(folder.resolve("events"), bytes);
        int rows = 0;
        try (BufferAllocator allocator = new RootAllocator(MEMORY);
                RowSource source = kind == Kind.STREAM
                        ? ArrowStreamSource.open(path, "events", "events.arrows")
                        : ArrowFileSource.open(path, "events", "events.arrow")) {
            List<String> names = Reading.names(source);
            List<String> columns = names.stream()
                    .filter(name -> names.indexOf(name) == names.lastIndexOf(name))
                    .toList();
            try (RowReader reader = source.read(allocator, columns)) {
                for (RowBatch batch = reader.next(); batch != null; batch = reader.next()) {
                    try (RowBatch open = batch) {
                        open.root().getFieldVectors().forEach(ArrowDamageTest::lookAt);
                        rows += open.root().getRowCount();
                    }
                }
            }
        }
        return rows;
    }

    private static void lookAt(FieldVector vector) {
        for (int row = 0; row < vector.getValueCount(); row++) {
            vector.getObject(row);
        }
    }

    private static byte[] write(StockIpc.Writer writer, FieldVector dictionary, VectorSchemaRoot root)
            throws IOException {
        return writer.dictionary(1, dictionary, false).batch(root).finish();
    }

    private static Field codedField() {
        DictionaryEncoding encoding = new DictionaryEncoding(1, false, new ArrowType.Int(32, true));
        return new Field("coded", new FieldType(true, ArrowType.Utf8.INSTANCE, encoding), null);
    }

    private static VectorSchemaRoot sample(BufferAllocator allocator) {
        VarCharVector text = new VarCharVector("text", allocator);
        ViewVarCharVector view = new ViewVarCharVector("view", allocator);
        BigIntVector number = new BigIntVector("number", allocator);
        BitVector flag = new BitVector("flag", allocator);
        IntVector coded = new IntVector("coded", allocator);
        List<FieldVector> vectors = List.of(text, view, number, flag, coded);
        vectors.forEach(FieldVector::allocateNew);
        for (int row = 0; row < ROWS; row++) {
            if (row != 4) {
                text.setSafe(row, ("text " + row).getBytes(UTF_8));
                view.setSafe(row, "long and longer".repeat(row % 3).getBytes(UTF_8));
                number.setSafe(row, 7);
                flag.setSafe(row, row & 1);
                coded.setSafe(row, row % 3);
            }
        }
        vectors.forEach(vector -> vector.setValueCount(ROWS));
        return new VectorSchemaRoot(vectors.stream().map(FieldVector::getField).toList(), vectors, ROWS);
    }
}
