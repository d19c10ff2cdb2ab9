package io.nexusid.arrow.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.FaultCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A CSV file: RFC 4180 with a header, LF, CRLF or CR, with or without a UTF-8 byte order mark. An unquoted empty field
 * is null, a quoted one the empty string. Every column is utf8 and holds the bytes of the file as they are: whether they
 * are UTF-8 is for the caller to check, who can name the row.
 *
 * <p>An empty line is a row with one null in a file of one column, and no row at all in any other (as in DuckDB). A
 * record with more or fewer fields than the header, with text after a closing quote, or with a quote that is never
 * closed (it ends with the file), is a {@link RowBatch.MalformedRow}; reading goes on with the next record.
 *
 * <p>Records of more than 16 MiB, and more than 100,000 columns, are refused ({@code CAPACITY}); a file without a header
 * or with one that does not parse is {@code CORRUPT_FILE}.
 */
public final class CsvSource implements RowSource {
    private static final int MAX_COLUMNS = 100_000;

    private final FileOrigin origin;
    private final List<Field> columns;

    private CsvSource(FileOrigin origin, List<Field> columns) {
        this.origin = origin;
        this.columns = columns;
    }

    /**
     * Reads the header of a file. Nothing stays open.
     *
     * @param file where it is
     * @param table the input table it belongs to
     * @param name how messages name it
     */
    public static CsvSource open(Path file, String table, String name) throws IOException {
        FileOrigin origin = new FileOrigin(file, table, name);
        try (CsvScanner scanner = CsvScanner.open(file, MAX_COLUMNS)) {
            return new CsvSource(origin, header(origin, scanner));
        } catch (CsvScanner.OversizedRecordException e) {
            throw origin.fault(FaultCode.CAPACITY).because("the header is longer than 16 MiB; is this a CSV file?");
        }
    }

    @Override
    public String name() {
        return origin.name();
    }

    @Override
    public List<Field> columns() {
        return columns;
    }

    @Override
    public boolean textual() {
        return true;
    }

    @Override
    public long rowCount() {
        return -1;
    }

    @Override
    public RowReader read(BufferAllocator allocator, List<String> names) throws IOException {
        int[] fields = ColumnNames.positions(columns, names);
        return CsvReader.open(origin, allocator, columns, fields);
    }

    @Override
    public void close() {}

    private static List<Field> header(FileOrigin origin, CsvScanner scanner)
            throws IOException, CsvScanner.OversizedRecordException {
        if (!scanner.next() || scanner.blank()) {
            throw origin.corrupt("the file has no header line");
        }
        String defect = scanner.defect();
        if (defect != null) {
            throw origin.corrupt("the header does not parse: " + defect);
        }
        if (scanner.fieldCount() > MAX_COLUMNS) {
            throw origin.fault(FaultCode.CAPACITY).because("the header has " + scanner.fieldCount() + " columns");
        }
        List<Field> columns = new ArrayList<>();
        for (int i = 0; i < scanner.fieldCount(); i++) {
            int start = scanner.start(i);
            ByteBuffer bytes = ByteBuffer.wrap(scanner.bytes(), start, scanner.end(i) - start);
            try {
                String column = UTF_8.newDecoder().decode(bytes).toString();
                columns.add(Field.nullable(column, ArrowType.Utf8.INSTANCE));
            } catch (CharacterCodingException e) {
                throw origin.corrupt("the name of column " + (i + 1) + " is not UTF-8", e);
            }
        }
        return List.copyOf(columns);
    }
}
