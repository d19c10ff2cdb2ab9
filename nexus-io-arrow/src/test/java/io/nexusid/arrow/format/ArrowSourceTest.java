package io.nexusid.arrow.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrowSourceTest {
    private static final int ROWS = 1000;

    private final BufferAllocator allocator = new RootAllocator();

    @TempDir
    Path folder;

    @AfterEach
    void nothingLeaks() {
        allocator.close();
    }

    @Test
    void everyFlatTypeIsPassedThroughFromFilesAndStreams() throws IOException {
        try (VectorSchemaRoot root = everyType(ROWS)) {
            byte[] file =
                    StockIpc.file(root.getSchema()).batch(root).batch(root).finish();
            byte[] stream =
                    StockIpc.stream(root.getSchema()).batch(root).batch(root).finish();
            byte[] zstd =
                    StockIpc.zstdFile(root.getSchema()).batch(root).batch(root).finish();
            for (RowSource source : List.of(file(file), stream(stream), file(zstd))) {
                List<String> columns = new ArrayList<>(Reading.names(source));
                columns.remove("nested");
                List<List<String>> expected = new ArrayList<>(text(root, columns, 0, ROWS));
                expected.addAll(text(root, columns, 0, ROWS));
                assertEquals(expected, Reading.text(source, columns));
                assertEquals(root.getSchema().getFields(), source.columns());
            }
            assertEquals(2 * ROWS, file(file).rowCount());
        }
    }

    @Test
    void columnsComeInTheWantedOrderAndOthersAreNotNeeded() throws IOException {
        try (VectorSchemaRoot root = everyType(10)) {
            byte[] file = StockIpc.file(root.getSchema()).batch(root).finish();
            List<String> columns = List.of("view", "flag", "utf8");
            assertEquals(text(root, columns, 0, 10), Reading.text(file(file), columns));
            List<Integer> sizes = new ArrayList<>();
            Reading.eachBatch(
                    file(file), List.of(), batch -> sizes.add(batch.root().getRowCount()));
            assertEquals(List.of(10), sizes);
        }
    }

    @Test
    void aLargeBatchIsSlicedAtAnyType() throws IOException {
        int rows = 2 * RowReader.MAX_BATCH_ROWS + 1001;
        try (VectorSchemaRoot root = everyType(rows)) {
            byte[] stream = StockIpc.stream(root.getSchema()).batch(root).finish();
            List<Integer> sizes = new ArrayList<>();
            Reading.eachBatch(
                    stream(stream),
                    List.of("flag"),
                    batch -> sizes.add(batch.root().getRowCount()));
            assertEquals(List.of(65_536, 65_536, 1001), sizes);
            List<String> columns = List.of("utf8", "large", "view", "flag", "int64", "null");
            assertEquals(text(root, columns, 0, rows), Reading.text(stream(stream), columns));
        }
    }

    @Test
    void aBatchCutOutOfALargerOneKeepsItsValues() throws IOException {
        try (VectorSchemaRoot all = everyType(200);
                VectorSchemaRoot root = all.slice(37, 100)) {
            byte[] stream = StockIpc.stream(root.getSchema()).batch(root).finish();
            List<String> columns = List.of("utf8", "large", "view", "flag", "int64");
            assertEquals(text(all, columns, 37, 137), Reading.text(stream(stream), columns));
        }
    }

    @Test
    void aFileWithoutRowsHasNone() throws IOException {
        try (VectorSchemaRoot root = everyType(0)) {
            for (byte[] file : List.of(
                    StockIpc.file(root.getSchema()).finish(),
                    StockIpc.file(root.getSchema()).batch(root).finish())) {
                assertEquals(0, file(file).rowCount());
                assertEquals(List.of(), Reading.text(file(file), List.of("utf8", "view", "int64")));
            }
        }
    }

    @Test
    void aNestedColumnIsRefusedWithItsName() throws IOException {
        try (VectorSchemaRoot root = everyType(3)) {
            RowSource source =
                    stream(StockIpc.stream(root.getSchema()).batch(root).finish());
            NexusDataException e =
                    assertThrows(NexusDataException.class, () -> Reading.text(source, List.of("nested")));
            assertEquals(FaultCode.WRONG_TYPE, e.code());
            assertEquals("nested", e.column());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf8", "large", "view"})
    void textDictionariesOfAnyWidthBecomeUtf8(String kind) throws IOException {
        try (FieldVector first = texts(kind, "ann", null, "", "a value longer than twelve bytes");
                FieldVector delta = texts(kind, "delta é");
                FieldVector replacement = texts(kind, "new");
                FieldVector one = indices(new IntVector("d", allocator), 3, 0, null, 1, 2, 0);
                FieldVector two = indices(new IntVector("d", allocator), 4, 0);
                FieldVector three = indices(new IntVector("d", allocator), 0, null)) {
            Schema schema = dictionarySchema(
                    new ArrowType.Int(32, true), first.getField().getType());
            RowSource source = stream(StockIpc.stream(schema)
                    .dictionary(7, first, false)
                    .batch(VectorSchemaRoot.of(one))
                    .dictionary(7, delta, true)
                    .batch(VectorSchemaRoot.of(two))
                    .dictionary(7, replacement, false)
                    .batch(VectorSchemaRoot.of(three))
                    .finish());
            assertEquals(List.of(Field.nullable("d", ArrowType.Utf8.INSTANCE)), source.columns());
            assertEquals(
                    Arrays.asList(
                            "a value longer than twelve bytes",
                            "ann",
                            null,
                            null,
                            "",
                            "ann",
                            "delta é",
                            "ann",
                            "new",
                            null),
                    Reading.text(source).stream().map(row -> row.get(0)).toList());
        }
    }

    @Test
    void aBatchKeepsItsDictionaryWhenThatIsReplacedOrGrows() throws IOException {
        try (FieldVector first = texts("utf8", "ann", null, "bob");
                FieldVector delta = texts("utf8", "cleo");
                FieldVector replacement = texts("utf8", "new", "old");
                FieldVector one = indices(new IntVector("d", allocator), 2, 0, 1, null, 0);
                FieldVector two = indices(new IntVector("d", allocator), 3, 0, 2, 1);
                FieldVector three = indices(new IntVector("d", allocator), 0, 1, 0)) {
            Schema schema = dictionarySchema(new ArrowType.Int(32, true), ArrowType.Utf8.INSTANCE);
            RowSource source = stream(StockIpc.stream(schema)
                    .dictionary(7, first, false)
                    .batch(VectorSchemaRoot.of(one))
                    .dictionary(7, delta, true)
                    .batch(VectorSchemaRoot.of(two))
                    .dictionary(7, replacement, false)
                    .batch(VectorSchemaRoot.of(three))
                    .finish());
            List<String> found = new ArrayList<>();
            try (RowReader reader = source.read(allocator, List.of("d"))) {
                List<RowBatch> batches = List.of(reader.next(), reader.next(), reader.next());
                for (RowBatch batch : batches) {
                    TextBlock block = batch.column(0).text();
                    assertNotNull(block.dictionary());
                    for (int i = 0; i < block.rows(); i++) {
                        found.add(block.isNull(i) ? null : block.text(i));
                    }
                    batch.close();
                }
            }
            assertEquals(
                    Arrays.asList("bob", "ann", null, null, "ann", "cleo", "ann", "bob", null, "new", "old", "new"),
                    found);
        }
    }

    @Test
    void aDictionaryOfNumbersBecomesItsNumbers() throws IOException {
        try (BigIntVector values = new BigIntVector("values", allocator);
                FieldVector index = indices(new UInt1Vector("d", allocator), 200, 0, null, 199)) {
            for (int i = 0; i < 201; i++) {
                values.setSafe(i, i * 1_000_000_007L);
            }
            values.setNull(199);
            values.setValueCount(201);
            Schema schema = dictionarySchema(
                    new ArrowType.Int(8, false), values.getField().getType());
            RowSource source = file(StockIpc.file(schema)
                    .dictionary(7, values, false)
                    .batch(VectorSchemaRoot.of(index))
                    .finish());
            assertEquals(
                    Arrays.asList("200000001400", "0", null, null),
                    Reading.text(source).stream().map(row -> row.get(0)).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2, Integer.MIN_VALUE})
    void aReferenceOutsideItsDictionaryIsDamage(int reference) throws IOException {
        try (FieldVector values = texts("utf8", "a", "b");
                FieldVector index = indices(new IntVector("d", allocator), 0, reference)) {
            Schema schema = dictionarySchema(new ArrowType.Int(32, true), ArrowType.Utf8.INSTANCE);
            RowSource source = stream(StockIpc.stream(schema)
                    .dictionary(7, values, false)
                    .batch(VectorSchemaRoot.of(index))
                    .finish());
            NexusDataException e = assertThrows(NexusDataException.class, () -> Reading.text(source));
            assertEquals(FaultCode.CORRUPT_FILE, e.code());
        }
    }

    @Test
    void aFewBytesThatStandForManyAreGivenOutInSmallBatches() throws IOException {
        int rows = 500;
        try (FieldVector values = texts("utf8", "x".repeat(1 << 20));
                IntVector index = new IntVector("d", allocator)) {
            index.allocateNew(rows);
            for (int i = 0; i < rows; i++) {
                index.set(i, 0);
            }
            index.setValueCount(rows);
            Schema schema = dictionarySchema(new ArrowType.Int(32, true), ArrowType.Utf8.INSTANCE);
            RowSource source = stream(StockIpc.stream(schema)
                    .dictionary(7, values, false)
                    .batch(VectorSchemaRoot.of(index))
                    .finish());
            int[] seen = {0, 0};
            Reading.eachBatch(source, List.of("d"), batch -> {
                seen[0] += batch.root().getRowCount();
                seen[1] = Math.max(seen[1], batch.root().getRowCount());
            });
            assertEquals(rows, seen[0]);
            assertEquals(64, seen[1]);
        }
    }

    private VectorSchemaRoot everyType(int rows) {
        List<FieldVector> vectors = new ArrayList<>(List.of(
                new VarCharVector("utf8", allocator),
                new LargeVarCharVector("large", allocator),
                new ViewVarCharVector("view", allocator),
                new VarBinaryVector("binary", allocator),
                new BitVector("flag", allocator),
                new UInt1Vector("uint8", allocator),
                new IntVector("int32", allocator),
                new BigIntVector("int64", allocator),
                new Float4Vector("float", allocator),
                new Float8Vector("double", allocator),
                new DecimalVector("decimal", allocator, 20, 3),
                new DateDayVector("date", allocator),
                new FixedSizeBinaryVector("fixed", allocator, 3),
                new NullVector("null", rows),
                nested(rows)));
        for (TimeUnit unit : TimeUnit.values()) {
            vectors.add(Field.nullable("naive " + unit, new ArrowType.Timestamp(unit, null))
                    .createVector(allocator));
            vectors.add(Field.nullable("zoned " + unit, new ArrowType.Timestamp(unit, "Europe/Zurich"))
                    .createVector(allocator));
        }
        for (FieldVector vector : vectors) {
            if (vector instanceof NullVector || vector instanceof ListVector) {
                continue;
            }
            vector.setInitialCapacity(Math.max(1, rows));
            vector.allocateNew();
            for (int row = 0; row < rows; row++) {
                if (row % 7 != 3) {
                    set(vector, row);
                }
            }
            vector.setValueCount(rows);
        }
        return new VectorSchemaRoot(vectors.stream().map(FieldVector::getField).toList(), vectors, rows);
    }

    private ListVector nested(int rows) {
        ListVector list = ListVector.empty("nested", allocator);
        list.addOrGetVector(FieldType.nullable(ArrowType.Utf8View.INSTANCE));
        list.allocateNew();
        ViewVarCharVector values = (ViewVarCharVector) list.getDataVector();
        for (int row = 0; row < rows; row++) {
            list.startNewValue(row);
            values.setSafe(row, ("nested value number " + row).getBytes(UTF_8));
            list.endValue(row, 1);
        }
        list.setValueCount(rows);
        values.setValueCount(rows);
        return list;
    }

    private static void set(FieldVector vector, int row) {
        byte[] text = ("é".repeat(row % 11) + row).getBytes(UTF_8);
        if (vector instanceof VarCharVector v) {
            v.setSafe(row, text);
        } else if (vector instanceof LargeVarCharVector v) {
            v.setSafe(row, text);
        } else if (vector instanceof ViewVarCharVector v) {
            v.setSafe(row, text);
        } else if (vector instanceof VarBinaryVector v) {
            v.setSafe(row, text);
        } else if (vector instanceof BitVector v) {
            v.setSafe(row, row % 3 == 0 ? 1 : 0);
        } else if (vector instanceof UInt1Vector v) {
            v.setSafe(row, row);
        } else if (vector instanceof IntVector v) {
            v.setSafe(row, -row);
        } else if (vector instanceof BigIntVector v) {
            v.setSafe(row, row * 1_000_000_007L);
        } else if (vector instanceof Float4Vector v) {
            v.setSafe(row, row / 3f);
        } else if (vector instanceof Float8Vector v) {
            v.setSafe(row, row / 3d);
        } else if (vector instanceof DecimalVector v) {
            v.setSafe(row, BigDecimal.valueOf(row, 3));
        } else if (vector instanceof DateDayVector v) {
            v.setSafe(row, row);
        } else if (vector instanceof FixedSizeBinaryVector v) {
            v.setSafe(row, new byte[] {(byte) row, 1, 2});
        } else {
            ((TimeStampVector) vector).setSafe(row, row * 1_234_567L);
        }
    }

    private FieldVector texts(String kind, String... values) {
        ArrowType type =
                switch (kind) {
                    case "large" -> ArrowType.LargeUtf8.INSTANCE;
                    case "view" -> ArrowType.Utf8View.INSTANCE;
                    default -> ArrowType.Utf8.INSTANCE;
                };
        FieldVector vector = Field.nullable("values", type).createVector(allocator);
        vector.allocateNew();
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                vector.setNull(i);
                continue;
            }
            byte[] bytes = values[i].getBytes(UTF_8);
            if (vector instanceof VarCharVector v) {
                v.setSafe(i, bytes);
            } else if (vector instanceof LargeVarCharVector v) {
                v.setSafe(i, bytes);
            } else {
                ((ViewVarCharVector) vector).setSafe(i, bytes);
            }
        }
        vector.setValueCount(values.length);
        return vector;
    }

    private static FieldVector indices(BaseIntVector vector, Integer... values) {
        FieldVector field = (FieldVector) vector;
        field.allocateNew();
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) {
                field.setNull(i);
            } else {
                vector.setWithPossibleTruncate(i, values[i]);
            }
        }
        field.setValueCount(values.length);
        return field;
    }

    /** One column, d, of references into dictionary 7. */
    private static Schema dictionarySchema(ArrowType.Int index, ArrowType value) {
        DictionaryEncoding encoding = new DictionaryEncoding(7, false, index);
        return new Schema(List.of(new Field("d", new FieldType(true, value, encoding), null)));
    }

    private static List<List<String>> text(VectorSchemaRoot root, List<String> columns, int from, int to) {
        List<List<String>> rows = new ArrayList<>();
        for (int row = from; row < to; row++) {
            List<String> cells = new ArrayList<>();
            for (String column : columns) {
                Object cell = root.getVector(column).getObject(row);
                cells.add(
                        cell instanceof byte[] bytes ? Arrays.toString(bytes) : cell == null ? null : cell.toString());
            }
            rows.add(cells);
        }
        return rows;
    }

    private RowSource file(byte[] bytes) throws IOException {
        return ArrowFileSource.open(written(bytes), "events", "events.arrow");
    }

    private RowSource stream(byte[] bytes) throws IOException {
        return ArrowStreamSource.open(written(bytes), "events", "events.arrows");
    }

    private Path written(byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(folder, "in", ".ipc"), bytes);
    }
}
