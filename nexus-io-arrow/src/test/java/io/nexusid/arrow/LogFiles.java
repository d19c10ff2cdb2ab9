package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.nexusid.api.ColumnType;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.arrow.format.ArrowTableWriter;
import io.nexusid.arrow.format.CsvTableWriter;
import io.nexusid.arrow.format.ParquetTableWriter;
import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.arrow.format.RowSource;
import io.nexusid.arrow.format.RowSources;
import io.nexusid.arrow.format.TableWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Logs of the fixtures as files, and written tables as rows. */
final class LogFiles {
    /** Every extension that is read. */
    static final List<String> EXTENSIONS = List.of("csv", "parquet", "arrow", "arrows");

    private static final int BATCH = 7;

    private LogFiles() {}

    /** Writes each table of a log to {@code dir/NAME.extension}. */
    static void write(Path dir, Map<InputTable, List<Map<String, Object>>> log, String extension) throws IOException {
        Files.createDirectories(dir);
        for (Map.Entry<InputTable, List<Map<String, Object>>> table : log.entrySet()) {
            Path file = dir.resolve(table.getKey().tableName() + "." + extension);
            write(file, table.getKey(), table.getValue(), 0, table.getValue().size());
        }
    }

    /** Writes rows [from, to) in small batches, in the format that the file's name says. */
    static void write(Path file, InputTable table, List<Map<String, Object>> rows, int from, int to)
            throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path written = extension(file).equals("arrows") ? file.resolveSibling("." + file.getFileName()) : file;
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot none = TestTables.batch(table, rows, 0, 0, allocator);
                TableWriter writer = writer(written, extension(file), none.getSchema())) {
            for (int start = from; start < to; start += BATCH) {
                try (VectorSchemaRoot batch =
                        TestTables.batch(table, rows, start, Math.min(to, start + BATCH), allocator)) {
                    writer.write(batch);
                }
            }
        }
        if (!written.equals(file)) {
            Files.write(file, stream(Files.readAllBytes(written)));
            Files.delete(written);
        }
    }

    private static TableWriter writer(Path file, String extension, Schema schema) throws IOException {
        return switch (extension) {
            case "csv" -> CsvTableWriter.create(file, schema);
            case "parquet" -> ParquetTableWriter.create(file, schema);
            default -> ArrowTableWriter.create(file, schema);
        };
    }

    /** An IPC file holds a stream between its magic and its footer. */
    private static byte[] stream(byte[] file) {
        int magic = "ARROW1".getBytes(US_ASCII).length;
        int lengthAt = file.length - magic - Integer.BYTES;
        int footer = ByteBuffer.wrap(file)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(lengthAt)
                .getInt();
        return Arrays.copyOfRange(file, 8, lengthAt - footer);
    }

    /** Resolves a folder and holds every table, the edge table too; memory must be given back to the last byte. */
    static Map<String, List<Map<String, Object>>> resolve(NexusConfig config, Path in) throws IOException {
        Map<String, List<Map<String, Object>>> out = new HashMap<>();
        try (BufferAllocator allocator = new RootAllocator();
                Nexus nexus = Nexus.open(config, allocator);
                EventLog log = nexus.read(in);
                ResolvedTables tables = nexus.resolve(log, names(config))) {
            for (String name : names(config)) {
                out.put(name, TestTables.rows(tables.reader(name)));
            }
        }
        TimelineRows.note(config, out);
        return out;
    }

    /** Resolves a folder and writes every table, the edge table too; the answer is the schemas of the tables. */
    static Map<String, Schema> resolve(NexusConfig config, Path in, Path out, TableFormat format) throws IOException {
        Map<String, Schema> schemas = new HashMap<>();
        try (BufferAllocator allocator = new RootAllocator();
                Nexus nexus = Nexus.open(config, allocator);
                EventLog log = nexus.read(in);
                ResolvedTables tables = nexus.resolve(log, names(config))) {
            for (String name : names(config)) {
                try (ArrowReader reader = tables.reader(name)) {
                    schemas.put(name, reader.getVectorSchemaRoot().getSchema());
                }
            }
            tables.write(out, format);
        }
        return schemas;
    }

    /** All tables that this configuration has. */
    static List<String> names(NexusConfig config) {
        return OutputTable.all(config).stream().map(OutputTable::name).toList();
    }

    /** Reads written tables back as rows; text is read as the schema's types. */
    static Map<String, List<Map<String, Object>>> read(Path dir, TableFormat format, Map<String, Schema> schemas)
            throws IOException {
        Map<String, List<Map<String, Object>>> out = new HashMap<>();
        for (Map.Entry<String, Schema> table : schemas.entrySet()) {
            Path file = dir.resolve(table.getKey() + "." + format.extension());
            out.put(table.getKey(), read(file, table.getValue()));
        }
        return out;
    }

    private static List<Map<String, Object>> read(Path file, Schema schema) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        List<String> columns = schema.getFields().stream().map(Field::getName).toList();
        String name = file.getFileName().toString();
        try (BufferAllocator allocator = new RootAllocator();
                RowSource source = RowSources.open(file, "table", name)) {
            List<String> found = source.columns().stream().map(Field::getName).toList();
            if (!found.equals(columns)) {
                throw new AssertionError(name + " has " + found + " and not " + columns);
            }
            try (RowReader reader = source.read(allocator, columns)) {
                for (RowBatch batch = reader.next(); batch != null; batch = reader.next()) {
                    rows.addAll(TestTables.rows(batch.root()));
                }
            }
        }
        return file.toString().endsWith(".csv") ? parse(rows, schema) : rows;
    }

    private static List<Map<String, Object>> parse(List<Map<String, Object>> rows, Schema schema) {
        List<Map<String, Object>> parsed = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            Map<String, Object> typed = new LinkedHashMap<>();
            for (Field field : schema.getFields()) {
                typed.put(field.getName(), parse((String) row.get(field.getName()), field));
            }
            parsed.add(typed);
        }
        return parsed;
    }

    private static Object parse(String text, Field field) {
        if (text == null) {
            return null;
        }
        if (field.getType() instanceof ArrowType.Decimal) {
            return parse(text, ColumnType.DECIMAL);
        }
        for (ColumnType type : ColumnType.values()) {
            if (ArrowTypes.field("x", type).getType().equals(field.getType())) {
                return parse(text, type);
            }
        }
        throw new AssertionError(field.toString());
    }

    private static Object parse(String text, ColumnType type) {
        return switch (type) {
            case STRING -> text;
            case BOOLEAN -> Boolean.valueOf(text);
            case INTEGER -> Long.valueOf(text);
            case DOUBLE ->
                switch (text) {
                    case "nan" -> Double.NaN;
                    case "inf" -> Double.POSITIVE_INFINITY;
                    case "-inf" -> Double.NEGATIVE_INFINITY;
                    default -> Double.valueOf(text);
                };
            case TIMESTAMP -> micros(text);
            case DECIMAL -> new BigDecimal(text);
            case DIGEST -> throw new AssertionError("text has no digests");
        };
    }

    /** The microseconds of {@code 2024-01-02 03:04:05.12}, UTC. */
    static long micros(String text) {
        LocalDateTime time = LocalDateTime.parse(text.replace(' ', 'T'));
        return ChronoUnit.MICROS.between(LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC), time);
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
