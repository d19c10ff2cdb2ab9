package io.nexusid.arrow.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.ColumnType;
import io.nexusid.api.IdDialect;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Writes CSV: UTF-8 without byte order mark, a header, LF after every record. Null is an empty field, the empty string
 * {@code ""}. Instants are {@link IdDialect#DUCKDB} text, numbers {@link DoubleText}, decimals all their digits, booleans {@code true} and
 * {@code false}. A field is quoted only where some reader would otherwise take it for something else: if it holds a
 * separator, a quote or a line break, or starts or ends with a space or tab, or starts with {@code #} or a byte order
 * mark.
 */
public final class CsvTableWriter implements TableWriter {
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte BYTE_ORDER_MARK = (byte) 0xEF;

    private final SyncedFile file;
    private final HeapBatch shape;
    private final byte[] scratch = new byte[Math.max(IdDialect.MAX_TIMESTAMP_LENGTH, DoubleText.MAX_LENGTH)];
    private boolean whole = true;

    private CsvTableWriter(SyncedFile file, Schema schema) {
        this.file = file;
        this.shape = new HeapBatch(schema);
    }

    /**
     * Creates the file, or empties it, and writes the header.
     *
     * @throws IllegalArgumentException if a column is of bytes, which text cannot tell from other text
     */
    public static TableWriter create(Path path, Schema schema) throws IOException {
        for (Field field : schema.getFields()) {
            if (HeapColumn.typeOf(field) == ColumnType.DIGEST) {
                throw new IllegalArgumentException("column " + field.getName() + " is of bytes: CSV has only text");
            }
        }
        SyncedFile file = SyncedFile.create(path);
        try {
            CsvTableWriter writer = new CsvTableWriter(file, schema);
            writer.writeHeader(schema.getFields());
            return writer;
        } catch (Throwable t) {
            file.close();
            throw t;
        }
    }

    @Override
    public void write(HeapBatch batch) throws IOException {
        shape.checkColumns(batch.schema());
        whole = false;
        int columns = batch.schema().getFields().size();
        for (int row = 0; row < batch.rows(); row++) {
            for (int i = 0; i < columns; i++) {
                if (i > 0) {
                    file.write(',');
                }
                if (!batch.column(i).isNull(row)) {
                    writeValue(batch.column(i), row);
                }
            }
            file.write('\n');
        }
        whole = true;
    }

    @Override
    public void close() throws IOException {
        try (file) {
            if (whole) {
                whole = false;
                file.finish();
            }
        }
    }

    private void writeHeader(List<Field> fields) throws IOException {
        for (int i = 0; i < fields.size(); i++) {
            if (i > 0) {
                file.write(',');
            }
            byte[] name = fields.get(i).getName().getBytes(UTF_8);
            writeText(name, 0, name.length);
        }
        file.write('\n');
    }

    private void writeValue(HeapColumn column, int row) throws IOException {
        switch (column.type()) {
            case STRING -> writeText(column.data(), column.start(row), column.end(row));
            case TIMESTAMP -> file.write(scratch, 0, IdDialect.DUCKDB.writeTimestamp(column.bits(row), scratch, 0));
            case DOUBLE ->
                file.write(scratch, 0, DoubleText.write(Double.longBitsToDouble(column.bits(row)), scratch, 0));
            case INTEGER -> {
                byte[] digits = Long.toString(column.bits(row)).getBytes(UTF_8);
                file.write(digits, 0, digits.length);
            }
            case DECIMAL -> {
                byte[] digits = BigDecimal.valueOf(column.bits(row), column.scale())
                        .toPlainString()
                        .getBytes(UTF_8);
                file.write(digits, 0, digits.length);
            }
            case DIGEST -> throw new IllegalStateException("refused when the file was created");
            case BOOLEAN -> {
                byte[] word = column.isTrue(row) ? TRUE : FALSE;
                file.write(word, 0, word.length);
            }
        }
    }

    private void writeText(byte[] text, int from, int to) throws IOException {
        if (!needsQuotes(text, from, to)) {
            file.write(text, from, to - from);
            return;
        }
        file.write('"');
        int done = from;
        for (int i = from; i < to; i++) {
            if (text[i] == '"') {
                file.write(text, done, i + 1 - done);
                file.write('"');
                done = i + 1;
            }
        }
        file.write(text, done, to - done);
        file.write('"');
    }

    private static boolean needsQuotes(byte[] text, int from, int to) {
        if (from == to) {
            return true;
        }
        byte first = text[from];
        if (first == '#' || first == BYTE_ORDER_MARK || isBlank(first) || isBlank(text[to - 1])) {
            return true;
        }
        for (int i = from; i < to; i++) {
            byte b = text[i];
            if (b <= ',' && (b == ',' || b == '"' || b == '\n' || b == '\r')) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
