package io.nexusid.arrow.format;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/**
 * What the end of a Parquet file says about the rest, checked for consistency. The footer is parsed by parquet-java
 * after {@link ParquetThrift} has bounded it; the schema is walked without recursion.
 *
 * @param columns the top-level columns in file order
 * @param rowGroups the row groups in file order; each has one chunk for each leaf of the schema
 * @param rows the rows of the file
 * @param fileBytes the size of the file when it was opened
 * @param createdBy the writer's name and version, if it says
 */
record ParquetFooter(
        List<ParquetColumn> columns,
        List<RowGroup> rowGroups,
        long rows,
        long fileBytes,
        @Nullable String createdBy) {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ENCRYPTED_MAGIC = "PARE".getBytes(StandardCharsets.US_ASCII);
    private static final int MAGIC_BYTES = 4;
    private static final int TAIL_BYTES = 8;

    /** Reads and checks the footer. */
    static ParquetFooter read(ParquetOrigin origin) throws IOException {
        try (FileChannel channel = FileChannel.open(origin.path(), StandardOpenOption.READ)) {
            long size = channel.size();
            byte[] footer = footerBytes(channel, size);
            return parse(footer, size);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw origin.damaged(null, e);
        }
    }

    private static byte[] footerBytes(FileChannel channel, long size) throws IOException {
        ParquetDamage.unless(size > 0, "the file is empty");
        ParquetDamage.unless(size >= MAGIC_BYTES + TAIL_BYTES, "not a Parquet file: it is too short");
        byte[] head = bytes(channel, 0, MAGIC_BYTES);
        byte[] tail = bytes(channel, size - TAIL_BYTES, TAIL_BYTES);
        byte[] tailMagic = Arrays.copyOfRange(tail, MAGIC_BYTES, TAIL_BYTES);
        ParquetDamage.unless(
                !Arrays.equals(tailMagic, ENCRYPTED_MAGIC), "the footer is encrypted; encrypted files are not read");
        ParquetDamage.unless(Arrays.equals(head, MAGIC), "not a Parquet file: it does not start with PAR1");
        ParquetDamage.unless(
                Arrays.equals(tailMagic, MAGIC), "truncated, or not a Parquet file: it does not end with PAR1");
        int length = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN).getInt();
        ParquetDamage.unless(
                length > 0 && length <= size - MAGIC_BYTES - TAIL_BYTES, "the footer's announced length is impossible");
        return bytes(channel, size - TAIL_BYTES - length, length);
    }

    private static ParquetFooter parse(byte[] footer, long fileBytes) {
        ParquetDamage.unless(ParquetThrift.end(footer, 0, footer.length) > 0, "the footer cannot be read");
        FileMetaData meta;
        try {
            meta = Util.readFileMetaData(new ByteArrayInputStream(footer), Math.max(footer.length, 1 << 20));
        } catch (IOException e) {
            throw (ParquetDamage) new ParquetDamage("the footer cannot be read").initCause(e);
        }
        ParquetDamage.unless(
                !meta.isSetEncryption_algorithm(), "its columns are encrypted; encrypted files are not read");
        List<ParquetColumn> columns = new ArrayList<>();
        int leaves = columns(meta.getSchema(), columns);
        long rows = 0;
        for (RowGroup group : meta.getRow_groups()) {
            ParquetDamage.unless(group.getNum_rows() >= 0, "a row group has a negative number of rows");
            ParquetDamage.unless(
                    group.getColumnsSize() == leaves, "a row group does not have the columns of the schema");
            rows = Math.addExact(rows, group.getNum_rows());
        }
        ParquetDamage.unless(rows == meta.getNum_rows(), "the row groups do not add up to the rows of the file");
        return new ParquetFooter(
                List.copyOf(columns), List.copyOf(meta.getRow_groups()), rows, fileBytes, meta.getCreated_by());
    }

    /** Adds the top-level columns of the depth-first schema list and returns the number of its leaves. */
    private static int columns(List<SchemaElement> schema, List<ParquetColumn> columns) {
        ParquetDamage.unless(!schema.isEmpty(), "the schema is empty");
        int position = 1;
        int leaves = 0;
        for (int child = 0; child < schema.get(0).getNum_children(); child++) {
            int firstLeaf = leaves;
            ParquetDamage.unless(position < schema.size(), "the schema ends early");
            SchemaElement top = schema.get(position);
            for (long open = 1; open > 0; open--) {
                ParquetDamage.unless(position < schema.size(), "the schema ends early");
                SchemaElement element = schema.get(position++);
                ParquetDamage.unless(element.getNum_children() >= 0, "the schema has a negative number of children");
                open += element.getNum_children();
                leaves += element.isSetType() ? 1 : 0;
            }
            boolean flat = top.isSetType() && top.getRepetition_type() != FieldRepetitionType.REPEATED;
            columns.add(flat ? ParquetColumn.flat(firstLeaf, top) : ParquetColumn.nested(firstLeaf, top));
        }
        return leaves;
    }

    private static byte[] bytes(FileChannel channel, long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        ParquetDamage.unless(read(channel, position, bytes, 0, length) == length, "the file ends early");
        return bytes;
    }

    /** Reads up to {@code length} bytes, fewer only at the end of the file; returns how many. */
    static int read(FileChannel channel, long position, byte[] into, int offset, int length) throws IOException {
        // Slices, because the channel copies through a direct buffer as large as the request and keeps it.
        final int slice = 1 << 18;
        int done = 0;
        while (done < length) {
            int n = channel.read(ByteBuffer.wrap(into, offset + done, Math.min(slice, length - done)), position + done);
            if (n < 0) {
                break;
            }
            done += n;
        }
        return done;
    }
}
