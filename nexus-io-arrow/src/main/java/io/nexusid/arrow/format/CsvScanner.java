package io.nexusid.arrow.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a file into the records and fields of RFC 4180: {@code ,} between fields, {@code "} around a field
 * that holds separators, {@code ""} for a quote in it, LF, CRLF or CR between records. A quote inside a field that does
 * not start with one stands for itself. A UTF-8 byte order mark at the start is skipped.
 *
 * <p>Works on bytes, not characters: every byte of a UTF-8 sequence has its high bit set, so none can be taken for a
 * separator, and a field keeps exactly the bytes it has in the file, valid UTF-8 or not. That, going on after a broken
 * record, and knowing {@code ""} from an empty field are why this is not a library.
 *
 * <p>One look at each byte, plus a second at those of a record that crosses the end of the buffer. Memory: a buffer that
 * starts at 256 KiB and grows to the longest record, at most {@link #MAX_RECORD_BYTES}.
 */
final class CsvScanner implements Closeable {
    /** The most bytes of a record, and so of a field. */
    static final int MAX_RECORD_BYTES = 16 << 20;

    /** A record longer than {@link #MAX_RECORD_BYTES}. */
    static final class OversizedRecordException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private static final int FIRST_BUFFER_BYTES = 1 << 18;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private static final byte PLAIN = 0;
    private static final byte QUOTED = 1;
    private static final byte ESCAPED = 2;

    private final InputStream in;
    private final int storedFields;
    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    private int record;
    private int next;
    private int filled;
    private boolean atEnd;

    private int fieldCount;
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private byte[] forms = new byte[16];
    private @Nullable String defect;

    private CsvScanner(InputStream in, int storedFields) {
        this.in = in;
        this.storedFields = storedFields;
    }

    /**
     * Opens a file before its first record.
     *
     * @param storedFields how many fields of a record can be asked for; those beyond are only counted
     */
    static CsvScanner open(Path file, int storedFields) throws IOException {
        InputStream in = Files.newInputStream(file);
        try {
            CsvScanner scanner = new CsvScanner(in, storedFields);
            scanner.skipByteOrderMark();
            return scanner;
        } catch (Throwable t) {
            in.close();
            throw t;
        }
    }

    /** Goes to the next record; false at the end of the file. */
    boolean next() throws IOException, OversizedRecordException {
        record = next;
        if (record == filled && !fill()) {
            return false;
        }
        int end;
        while ((end = scan()) < 0) {
            if (filled - record > MAX_RECORD_BYTES) {
                throw new OversizedRecordException();
            }
            fill();
        }
        if (end - record > MAX_RECORD_BYTES) {
            throw new OversizedRecordException();
        }
        next = end;
        return true;
    }

    /** The number of fields of this record. */
    int fieldCount() {
        return fieldCount;
    }

    /** What is wrong with the quotes of this record, or null. */
    @Nullable String defect() {
        return defect;
    }

    /** Whether this record is an empty line. */
    boolean blank() {
        return fieldCount == 1 && starts[0] == ends[0] && forms[0] == PLAIN;
    }

    /** Whether a field is empty without quotes: null. */
    boolean isNull(int field) {
        return starts[field] == ends[field] && forms[field] == PLAIN;
    }

    /** The array that holds the fields of this record until {@link #next()}. */
    byte[] bytes() {
        return buffer;
    }

    /** Where a field starts in {@link #bytes()}, without its quotes. */
    int start(int field) {
        return starts[field];
    }

    /** Where a field ends. The first call for a field with doubled quotes makes them single, in place. */
    int end(int field) {
        if (forms[field] == ESCAPED) {
            int to = starts[field];
            for (int from = to; from < ends[field]; from++) {
                byte b = buffer[from];
                buffer[to++] = b;
                if (b == '"') {
                    from++;
                }
            }
            ends[field] = to;
            forms[field] = QUOTED;
        }
        return ends[field];
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /**
     * Finds the fields of the record that starts at {@code record}.
     *
     * @return where the next record starts, or -1 if the buffer ends before that is known
     */
    private int scan() {
        fieldCount = 0;
        defect = null;
        int at = record;
        while (true) {
            int end = at < filled && buffer[at] == '"' ? quotedField(at) : plainField(at);
            if (end < 0) {
                return -1;
            }
            if (end == filled) {
                return atEnd ? end : -1;
            }
            byte stop = buffer[end];
            at = end + 1;
            if (stop == '\n') {
                return at;
            }
            if (stop == '\r') {
                if (at == filled && !atEnd) {
                    return -1;
                }
                return at < filled && buffer[at] == '\n' ? at + 1 : at;
            }
        }
    }

    private int plainField(int from) {
        int end = separator(from);
        store(from, end, PLAIN);
        return end;
    }

    private int quotedField(int from) {
        byte form = QUOTED;
        int at = from + 1;
        while (true) {
            while (at < filled && buffer[at] != '"') {
                at++;
            }
            if (at == filled) {
                defect = "a quote is opened in field " + (fieldCount + 1) + " and never closed";
                store(from + 1, at, form);
                return atEnd ? at : -1;
            }
            if (at + 1 == filled && !atEnd) {
                return -1;
            }
            if (at + 1 == filled || buffer[at + 1] != '"') {
                break;
            }
            form = ESCAPED;
            at += 2;
        }
        int end = separator(at + 1);
        if (end > at + 1 && defect == null) {
            defect = "text after the closing quote of field " + (fieldCount + 1);
        }
        store(from + 1, at, form);
        return end;
    }

    /** The first separator or line break from here on, or the end of the buffer. */
    private int separator(int from) {
        byte[] b = buffer;
        int to = filled;
        int at = from;
        while (at < to) {
            byte c = b[at];
            // The three are among the smallest bytes; letters and digits pass with one comparison.
            if (c <= ',' && (c == ',' || c == '\n' || c == '\r')) {
                break;
            }
            at++;
        }
        return at;
    }

    private void store(int start, int end, byte form) {
        int field = fieldCount++;
        if (field >= storedFields) {
            return;
        }
        if (field == starts.length) {
            starts = Arrays.copyOf(starts, 2 * field);
            ends = Arrays.copyOf(ends, 2 * field);
            forms = Arrays.copyOf(forms, 2 * field);
        }
        starts[field] = start;
        ends[field] = end;
        forms[field] = form;
    }

    /** Moves the current record to the front of the buffer and reads on; false if the file ended before. */
    private boolean fill() throws IOException {
        int kept = filled - record;
        byte[] target = kept > buffer.length / 2 ? new byte[2 * buffer.length] : buffer;
        System.arraycopy(buffer, record, target, 0, kept);
        buffer = target;
        record = 0;
        next = 0;
        filled = kept;
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read < 0) {
            atEnd = true;
            return false;
        }
        filled += read;
        return true;
    }

    private void skipByteOrderMark() throws IOException {
        boolean more = true;
        while (more && filled < BYTE_ORDER_MARK.length) {
            more = fill();
        }
        if (filled >= BYTE_ORDER_MARK.length
                && Arrays.equals(buffer, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length)) {
            next = BYTE_ORDER_MARK.length;
        }
    }
}
