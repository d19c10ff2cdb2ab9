package io.nexusid.arrow.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Writes files of one column straight through parquet-java. */
final class ParquetLibraryFile {
    private ParquetLibraryFile() {}

    /** Writes {@code rows} rows; a null of the function is null. */
    static void write(
            Path path,
            Type column,
            ParquetProperties properties,
            ParquetCodec codec,
            int rows,
            IntFunction<Object> value)
            throws IOException {
        MessageType schema = new MessageType("root", column);
        boolean checksums = properties.getPageWriteChecksumEnabled();
        ParquetFileWriter writer = new ParquetFileWriter(
                new LocalOutputFile(path), schema, ParquetFileWriter.Mode.OVERWRITE, 1 << 27, 0, 64, 64, checksums);
        writer.start();
        ColumnChunkPageWriteStore pages = ColumnChunkPageWriteStore.builder()
                .withCompressorProvider(c -> new Compressor(codec))
                .withSchema(schema)
                .withAllocator(properties.getAllocator())
                .withPageWriteChecksumEnabled(checksums)
                .build();
        try (ColumnWriteStore store = properties.newColumnWriteStore(schema, pages, pages)) {
            ColumnWriter out = store.getColumnWriter(schema.getColumns().get(0));
            int level = column.isRepetition(Type.Repetition.REQUIRED) ? 0 : 1;
            for (int i = 0; i < rows; i++) {
                put(out, value.apply(i), level);
                store.endRecord();
            }
            store.flush();
            writer.startBlock(rows);
            pages.flushToFileWriter(writer);
            writer.endBlock();
        }
        writer.end(Map.of());
    }

    /** Our codecs as parquet-java asks for them. */
    private record Compressor(ParquetCodec codec) implements BytesInputCompressor {
        @Override
        public BytesInput compress(BytesInput page) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            page.writeAllTo(bytes);
            return BytesInput.from(codec.deflater().deflate(bytes.toByteArray(), bytes.size()));
        }

        @Override
        public CompressionCodecName getCodecName() {
            return codec.codecName();
        }

        @Override
        public void release() {}
    }

    private static void put(ColumnWriter out, Object value, int level) {
        if (value == null) {
            out.writeNull(0, 0);
        } else if (value instanceof Integer number) {
            out.write(number, 0, level);
        } else if (value instanceof Long number) {
            out.write(number, 0, level);
        } else if (value instanceof Float number) {
            out.write(number, 0, level);
        } else if (value instanceof Double number) {
            out.write(number, 0, level);
        } else if (value instanceof Boolean flag) {
            out.write(flag, 0, level);
        } else {
            out.write((Binary) value, 0, level);
        }
    }
}
