package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.format.RowReader;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How a table differs from what it was: for each key whose rows are not the same, its rows as they are now, or that there
 * are none any more. Both are read once, side by side, in the order of the columns they are sorted by; held are the rows of
 * one value of these columns, of most tables those of one entity.
 */
final class ChangedRows implements TableRows {
    static final String CHANGE = "change";
    static final String EPOCH = "epoch";
    private static final byte[] UPSERT = Bytes.of("upsert");
    private static final byte[] DELETE = Bytes.of("delete");

    /** Opens a table, before or after. */
    interface Opening {
        ArrowReader open() throws IOException;
    }

    /**
     * What a table's changed rows look like.
     *
     * @param columns the table's columns, in order
     * @param falseIfMissing those that are false, not null, where a table does not have them yet
     * @param key by which rows are told apart
     */
    record Form(List<Field> columns, List<String> falseIfMissing, ChangeKeys key) {}

    private final Form form;
    private final long epoch;
    private final Opening before;
    private final Opening now;
    private final Schema schema;
    /** The columns as rows are encoded: the key first. */
    private final List<Field> encoded = new ArrayList<>();

    private final boolean[] falseIfMissing;
    /** By encoded column its position in the schema. */
    private final int[] position;

    ChangedRows(Form form, long epoch, Opening before, Opening now) {
        this.form = form;
        this.epoch = epoch;
        this.before = before;
        this.now = now;
        List<Field> all = new ArrayList<>();
        all.add(ArrowTypes.field(CHANGE, ColumnType.STRING));
        all.add(ArrowTypes.field(EPOCH, ColumnType.INTEGER));
        form.columns().forEach(column -> all.add(renamed(column, form.columns())));
        this.schema = new Schema(all);
        Map<String, Field> byName = new HashMap<>();
        form.columns().forEach(field -> byName.put(field.getName(), field));
        form.key().columns().forEach(name -> encoded.add(Objects.requireNonNull(byName.get(name), name)));
        form.columns().stream()
                .filter(field -> !form.key().columns().contains(field.getName()))
                .forEach(encoded::add);
        this.falseIfMissing = new boolean[encoded.size()];
        this.position = new int[encoded.size()];
        for (int c = 0; c < position.length; c++) {
            String name = encoded.get(c).getName();
            falseIfMissing[c] = form.falseIfMissing().contains(name);
            position[c] = 2 + form.columns().indexOf(encoded.get(c));
        }
    }

    /** A column of the table may be called as one of ours. */
    private static Field renamed(Field column, List<Field> others) {
        String name = column.getName();
        List<String> taken = new ArrayList<>(List.of(CHANGE, EPOCH));
        others.stream().filter(other -> !other.equals(column)).forEach(other -> taken.add(other.getName()));
        while (taken.contains(name)) {
            name = "table_" + name;
        }
        return new Field(name, column.getFieldType(), null);
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public Cursor open(BufferAllocator allocator, Workers workers) throws IOException {
        return new Merge(allocator);
    }

    /** The rows of one value of the sorted columns after the other. */
    private final class Groups implements AutoCloseable {
        private final ArrowReader reader;
        private final VectorSchemaRoot batch;
        private final List<@Nullable FieldVector> columns = new ArrayList<>();
        private final EncodedRows group = new EncodedRows();
        private final EncodedRows pending = new EncodedRows();
        private int row;
        private int rows;

        Groups(ArrowReader reader) throws IOException {
            this.reader = reader;
            this.batch = reader.getVectorSchemaRoot();
            for (Field field : encoded) {
                columns.add(batch.getVector(field.getName()));
            }
            readRow();
        }

        /** Loads the next row into {@link #pending}, if there is one. */
        private void readRow() throws IOException {
            pending.clear();
            while (row == rows) {
                if (!reader.loadNextBatch()) {
                    return;
                }
                row = 0;
                rows = batch.getRowCount();
            }
            pending.add(columns, falseIfMissing, row++);
        }

        /** Loads the next group; it is empty at the end. */
        EncodedRows next() throws IOException {
            group.clear();
            while (pending.size() > 0
                    && (group.size() == 0
                            || pending.compare(0, group, 0, form.key().sorted()) == 0)) {
                group.add(pending, 0);
                readRow();
            }
            return group;
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    private final class Merge implements Cursor {
        private final BufferAllocator allocator;
        private final Groups left;
        private final Groups right;
        private EncodedRows was;
        private EncodedRows is;
        /** Rows to hand out: those of {@code is}, and keys of {@code was}. */
        private final EncodedRows upserts = new EncodedRows();

        private final EncodedRows deletes = new EncodedRows();
        /** In order: n for the nth upsert, -1 - n for the nth delete. */
        private final IntArrayList order = new IntArrayList();

        private int next;

        Merge(BufferAllocator allocator) throws IOException {
            this.allocator = allocator;
            ArrowReader first = before.open();
            try {
                left = new Groups(first);
                ArrowReader second = now.open();
                try {
                    right = new Groups(second);
                    was = left.next();
                    is = right.next();
                } catch (Throwable t) {
                    second.close();
                    throw t;
                }
            } catch (Throwable t) {
                first.close();
                throw t;
            }
        }

        @Override
        public @Nullable VectorSchemaRoot next() throws IOException {
            if (next == order.size()) {
                order.clear();
                upserts.clear();
                deletes.clear();
                next = 0;
            }
            // What a large group left over is handed out before the next one is looked at.
            while (next == 0 && order.size() < RowReader.MAX_BATCH_ROWS && (was.size() > 0 || is.size() > 0)) {
                mergeGroup();
            }
            int count = Math.min(RowReader.MAX_BATCH_ROWS, order.size() - next);
            if (count == 0) {
                return null;
            }
            VectorSchemaRoot batch = VectorSchemaRoot.create(schema, allocator);
            try {
                batch.getFieldVectors().forEach(FieldVector::allocateNew);
                for (int i = 0; i < count; i++) {
                    write(order.getInt(next + i), batch, i);
                }
                batch.setRowCount(count);
                next += count;
                return batch;
            } catch (RuntimeException | Error e) {
                batch.close();
                throw e;
            }
        }

        private void mergeGroup() throws IOException {
            int order = was.size() == 0
                    ? 1
                    : is.size() == 0 ? -1 : was.compare(0, is, 0, form.key().sorted());
            EncodedRows none = new EncodedRows();
            compareKeys(order <= 0 ? was : none, order >= 0 ? is : none);
            if (order <= 0) {
                was = left.next();
            }
            if (order >= 0) {
                is = right.next();
            }
        }

        private void compareKeys(EncodedRows old, EncodedRows fresh) {
            int keyColumns = form.key().columns().size();
            int[] olds = old.sorted(keyColumns);
            int[] news = fresh.sorted(keyColumns);
            int i = 0;
            int j = 0;
            while (i < olds.length || j < news.length) {
                int order =
                        i == olds.length ? 1 : j == news.length ? -1 : old.compare(olds[i], fresh, news[j], keyColumns);
                int endI = order > 0 ? i : endOfKey(old, olds, i, keyColumns);
                int endJ = order < 0 ? j : endOfKey(fresh, news, j, keyColumns);
                if (order < 0) {
                    delete(old, olds[i]);
                } else if (order > 0 || !same(old, olds, i, endI, fresh, news, j, endJ)) {
                    for (int k = j; k < endJ; k++) {
                        upsert(fresh, news[k]);
                    }
                }
                i = endI;
                j = endJ;
            }
        }

        private int endOfKey(EncodedRows rows, int[] sorted, int from, int keyColumns) {
            int end = from + 1;
            while (end < sorted.length && rows.compare(sorted[from], rows, sorted[end], keyColumns) == 0) {
                end++;
            }
            return end;
        }

        private boolean same(
                EncodedRows old, int[] olds, int i, int endI, EncodedRows fresh, int[] news, int j, int endJ) {
            boolean same = endI - i == endJ - j;
            for (int k = 0; same && k < endI - i; k++) {
                same = old.sameRow(olds[i + k], fresh, news[j + k]);
            }
            return same;
        }

        private void upsert(EncodedRows rows, int row) {
            order.add(upserts.size());
            upserts.add(rows, row);
        }

        private void delete(EncodedRows rows, int row) {
            order.add(-1 - deletes.size());
            deletes.add(rows, row);
        }

        private void write(int which, VectorSchemaRoot batch, int at) {
            boolean upsert = which >= 0;
            ((VarCharVector) batch.getVector(0)).setSafe(at, upsert ? UPSERT : DELETE);
            ((BigIntVector) batch.getVector(1)).setSafe(at, epoch);
            CellWriter sink = new CellWriter(batch, at);
            if (upsert) {
                upserts.read(which, encoded.size(), sink);
            } else {
                deletes.read(-1 - which, form.key().columns().size(), sink);
            }
        }

        @Override
        public void close() throws IOException {
            try (left) {
                right.close();
            }
        }
    }

    private final class CellWriter implements EncodedRows.CellSink {
        private final VectorSchemaRoot batch;
        private final int row;

        CellWriter(VectorSchemaRoot batch, int row) {
            this.batch = batch;
            this.row = row;
        }

        private FieldVector vector(int column) {
            return batch.getVector(position[column]);
        }

        @Override
        public void text(int column, byte[] from, int at, int count) {
            if (vector(column) instanceof FixedSizeBinaryVector digests) {
                int digits = at + count - SurrogateKey.HEX_LENGTH;
                ByteBuffer digest = ByteBuffer.allocate(SurrogateKey.DIGEST_LENGTH)
                        .putLong(IdText.high(from, digits))
                        .putLong(IdText.low(from, digits));
                digests.setSafe(row, digest.array());
            } else {
                ((VarCharVector) vector(column)).setSafe(row, from, at, count);
            }
        }

        @Override
        public void bits(int column, long value) {
            FieldVector vector = vector(column);
            if (vector instanceof TimeStampMicroTZVector instants) {
                instants.setSafe(row, value);
            } else {
                ((Float8Vector) vector).setSafe(row, Double.longBitsToDouble(value));
            }
        }

        @Override
        public void flag(int column, boolean value) {
            ((BitVector) vector(column)).setSafe(row, value ? 1 : 0);
        }
    }
}
