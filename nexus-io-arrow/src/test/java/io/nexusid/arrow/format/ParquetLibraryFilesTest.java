package io.nexusid.arrow.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files as parquet-java writes them: the encodings and old types that DuckDB does not produce. */
class ParquetLibraryFilesTest {
    private static final int ROWS = 5000;

    @TempDir
    Path dir;

    private Path file(Type column, ParquetProperties properties, IntFunction<Object> value) throws IOException {
        Path path = dir.resolve("library.parquet");
        ParquetLibraryFile.write(path, column, properties, ParquetCodec.UNCOMPRESSED, ROWS, value);
        return path;
    }

    private List<Object> read(Path path) throws IOException {
        try (BufferAllocator allocator = new RootAllocator()) {
            return ParquetTables.readAll(allocator, path).stream()
                    .map(row -> row[0])
                    .toList();
        }
    }

    private static ParquetProperties.Builder properties(WriterVersion version) {
        return ParquetProperties.builder().withWriterVersion(version).withPageRowCountLimit(1700);
    }

    private void check(Type column, ParquetProperties properties, IntFunction<Object> value, IntFunction<Object> read)
            throws IOException {
        List<Object> rows = read(file(column, properties, value));
        assertEquals(ROWS, rows.size());
        for (int i = 0; i < ROWS; i++) {
            Object expected = value.apply(i) == null ? null : read.apply(i);
            assertEquals(expected, rows.get(i), "row " + i);
        }
    }

    @ParameterizedTest
    @EnumSource(WriterVersion.class)
    void textsOfEitherPageVersionWithAndWithoutDictionaryAreRead(WriterVersion version) throws IOException {
        Type column = Types.optional(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.stringType())
                .named("x");
        for (boolean dictionary : new boolean[] {true, false}) {
            ParquetProperties properties =
                    properties(version).withDictionaryEncoding(dictionary).build();
            check(column, properties, i -> i % 11 == 3 ? null : Binary.fromString("v" + i / 5), i -> "v" + i / 5);
        }
    }

    @ParameterizedTest
    @EnumSource(WriterVersion.class)
    void numbersOfEitherPageVersionAreRead(WriterVersion version) throws IOException {
        for (Type.Repetition repetition : List.of(Type.Repetition.OPTIONAL, Type.Repetition.REQUIRED)) {
            boolean optional = repetition == Type.Repetition.OPTIONAL;
            ParquetProperties plain = properties(version)
                    .withDictionaryEncoding(false)
                    .withByteStreamSplitEncoding(version == WriterVersion.PARQUET_2_0)
                    .build();
            IntFunction<Object> gap = i -> optional && i % 7 == 2 ? null : i;
            check(Types.primitive(PrimitiveTypeName.INT32, repetition).named("x"), plain, gap, i -> i);
            check(
                    Types.primitive(PrimitiveTypeName.INT64, repetition).named("x"),
                    plain,
                    i -> gap.apply(i) == null ? null : i * 7_000_000_007L,
                    i -> i * 7_000_000_007L);
            check(
                    Types.primitive(PrimitiveTypeName.FLOAT, repetition).named("x"),
                    plain,
                    i -> gap.apply(i) == null ? null : i / 3f,
                    i -> i / 3f);
            check(
                    Types.primitive(PrimitiveTypeName.DOUBLE, repetition).named("x"),
                    plain,
                    i -> gap.apply(i) == null ? null : i / 3.0,
                    i -> i / 3.0);
            check(
                    Types.primitive(PrimitiveTypeName.BOOLEAN, repetition).named("x"),
                    plain,
                    i -> gap.apply(i) == null ? null : i % 5 == 0,
                    i -> i % 5 == 0);
        }
    }

    @Test
    void int96BecomesMicrosecondsFlooredAndItsOverflowTheRefusedInstant() throws IOException {
        Type column = Types.optional(PrimitiveTypeName.INT96).named("x");
        for (boolean dictionary : new boolean[] {true, false}) {
            ParquetProperties properties = properties(WriterVersion.PARQUET_1_0)
                    .withDictionaryEncoding(dictionary)
                    .build();
            check(column, properties, i -> int96(2_440_587 + i % 3, 1_999L), i -> (i % 3 - 1) * 86_400_000_000L + 1);
            check(column, properties, i -> int96(2_440_587, -1L), i -> -86_400_000_001L);
            check(column, properties, i -> int96(Integer.MAX_VALUE, 0), i -> Long.MIN_VALUE);
            check(column, properties, i -> int96(Integer.MIN_VALUE, 0), i -> Long.MIN_VALUE);
        }
    }

    private static Binary int96(int julianDay, long nanosOfDay) {
        ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(nanosOfDay).putInt(julianDay);
        return Binary.fromConstantByteArray(bytes.array());
    }

    @Test
    void decimalsOfAnyStorageKeepTheirDigits() throws IOException {
        BigDecimal big = new BigDecimal("-1234567890123456789012345678901234567890.5");
        ParquetProperties properties = properties(WriterVersion.PARQUET_2_0).build();
        check(
                Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.decimalType(1, 50))
                        .named("x"),
                properties,
                i -> Binary.fromConstantByteArray(big.unscaledValue().toByteArray()),
                i -> big);
        check(
                Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                        .length(20)
                        .as(LogicalTypeAnnotation.decimalType(2, 10))
                        .named("x"),
                properties,
                i -> Binary.fromConstantByteArray(
                        ByteBuffer.allocate(20).position(12).putLong(i).array()),
                i -> BigDecimal.valueOf(i, 2));
        Path tooLong = file(
                Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.decimalType(0, 5))
                        .named("x"),
                properties,
                i -> Binary.fromConstantByteArray(
                        ByteBuffer.allocate(20).put(0, (byte) 1).array()));
        assertThrows(NexusDataException.class, () -> read(tooLong));
    }

    @ParameterizedTest
    @EnumSource(WriterVersion.class)
    void bytesWithoutAnnotationAreText(WriterVersion version) throws IOException {
        ParquetProperties properties =
                properties(version).withDictionaryEncoding(false).build();
        check(
                Types.optional(PrimitiveTypeName.BINARY).named("x"),
                properties,
                i -> i % 2 == 0 ? null : Binary.fromString("é" + i),
                i -> "é" + i);
        check(
                Types.required(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY).length(4).named("x"),
                properties,
                i -> Binary.fromConstantByteArray(String.format("%04d", i).getBytes(UTF_8)),
                i -> String.format("%04d", i));
    }

    @Test
    void longValuesInOtherEncodingsAreCutIntoBlocks() throws IOException {
        ParquetProperties properties = properties(WriterVersion.PARQUET_2_0)
                .withDictionaryEncoding(false)
                .withPageSize(1 << 28)
                .build();
        String body = "w".repeat(140_000);
        check(
                Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named("x"),
                properties,
                i -> i % 10 == 0 ? null : Binary.fromString(longValue(body, i)),
                i -> longValue(body, i));
    }

    /** More than a block's worth of long values within the first two blocks. */
    private static String longValue(String body, int i) {
        return i % 8 == 0 && i < 1100 ? body + i : "s" + i;
    }

    @Test
    void aColumnOfTheNullTypeIsNull() throws IOException {
        Path path = file(
                Types.optional(PrimitiveTypeName.INT32)
                        .as(LogicalTypeAnnotation.unknownType())
                        .named("x"),
                properties(WriterVersion.PARQUET_1_0).build(),
                i -> null);
        try (ParquetSource source = ParquetSource.open(path, "t", "f")) {
            assertEquals(ArrowType.Null.INSTANCE, source.columns().get(0).getType());
        }
        List<Object> rows = read(path);
        assertEquals(ROWS, rows.size());
        assertEquals(null, rows.get(ROWS - 1));
    }
}
