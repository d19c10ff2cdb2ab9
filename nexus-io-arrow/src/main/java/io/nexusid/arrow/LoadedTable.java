package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusDataException;
import io.nexusid.arrow.format.BatchColumn;
import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.states.StateNumbers;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;

/**
 * The accepted rows of one input table with the columns that a stage asked for, each in the form the stage needs: texts
 * as codes or as kept vectors, instants and numbers as {@code long}s. Owns the kept vectors until {@link #close}.
 */
final class LoadedTable implements AutoCloseable {
    private static final int MAX_ROWS = Integer.MAX_VALUE - 8;

    /** What to load: column names with the form each is wanted in. */
    static final class Request {
        private final InputTable table;
        private final Map<String, Sink> sinks = new LinkedHashMap<>();
        private Set<String> deferred = Set.of();

        private Request(InputTable table) {
            this.table = table;
        }

        /** Texts as codes of their own dictionary. */
        Request codes(String... columns) {
            for (String column : columns) {
                sinks.put(column, new Codes(new CodedColumn()));
            }
            return this;
        }

        /** Texts as codes of a dictionary shared with other columns. */
        Request codes(String column, CodedColumn coded) {
            sinks.put(column, new Codes(coded));
            return this;
        }

        /** Texts as codes, of the current batch only: for {@link #each} to look at beside its own cells. */
        Request batchCodes(String column, CodedColumn coded) {
            sinks.put(column, new BatchCodes(coded));
            return this;
        }

        /** Texts kept as they are. */
        Request texts(String... columns) {
            for (String column : columns) {
                sinks.put(column, new Texts(new TextColumn()));
            }
            return this;
        }

        /** Instants; null is {@link OutputColumn#NULL_INSTANT}. */
        Request instants(String... columns) {
            for (String column : columns) {
                sinks.put(column, new Instants(new LongArrayList()));
            }
            return this;
        }

        /** Instants appended to a list that {@link #eachInstant} can look at beside its own cells. */
        Request instants(String column, LongArrayList values) {
            sinks.put(column, new Instants(values));
            return this;
        }

        /** Numbers as {@link StateNumbers} bits, or as the run's {@link StateUnit} has them. */
        Request numbers(String... columns) {
            for (String column : columns) {
                sinks.put(column, new Numbers());
            }
            return this;
        }

        /** Booleans as 1, 0 or -1 for null. */
        Request flags(String... columns) {
            for (String column : columns) {
                sinks.put(column, new Flags(new IntArrayList()));
            }
            return this;
        }

        /**
         * Hands each batch's cells to a consumer that keeps what it wants. Called after all other forms have their cells
         * of the batch; consumers of different columns may run side by side.
         */
        Request each(String column, BlockConsumer consumer) {
            sinks.put(column, new Each(consumer));
            return this;
        }

        /** As {@link #each} for instants. */
        Request eachInstant(String column, InstantConsumer consumer) {
            sinks.put(column, new EachInstant(consumer, new Instants(new LongArrayList())));
            return this;
        }

        /** Leaves it to another request, which is loaded later, to look at the columns that only it has. */
        Request before(Request later) {
            deferred = Set.copyOf(later.sinks.keySet());
            return this;
        }

        /** Reads the table once. */
        LoadedTable load(Run run) throws IOException {
            return new LoadedTable(this, run);
        }
    }

    /** Hears the text cells of one column, batch by batch, as flat blocks. */
    @FunctionalInterface
    interface BlockConsumer {
        void accept(TextBlock block);
    }

    /** Hears the instants of one column, batch by batch; null is {@link OutputColumn#NULL_INSTANT}. */
    @FunctionalInterface
    interface InstantConsumer {
        void accept(long[] instants, int rows);
    }

    /** Where the cells of one column go. */
    private interface Sink {
        /** Says how many rows there will probably be, or -1. */
        default void expect(long rows) {}

        void accept(BatchColumn cells);

        /** Whether it looks at what other sinks have made of the batch. */
        default boolean isLate() {
            return false;
        }

        default void close() {}
    }

    private record Codes(CodedColumn column) implements Sink {
        @Override
        public void expect(long rows) {
            column.expect(rows);
        }

        @Override
        public void accept(BatchColumn cells) {
            column.append(cells.text());
        }
    }

    private record BatchCodes(CodedColumn column) implements Sink {
        @Override
        public void accept(BatchColumn cells) {
            column.clear();
            column.append(cells.text());
        }
    }

    private record Each(BlockConsumer consumer) implements Sink {
        @Override
        public boolean isLate() {
            return true;
        }

        @Override
        public void accept(BatchColumn cells) {
            consumer.accept(cells.text().flatten());
        }
    }

    private record Texts(TextColumn column) implements Sink {
        @Override
        public void accept(BatchColumn cells) {
            column.append((VarCharVector) cells.vector());
        }

        @Override
        public void close() {
            column.close();
        }
    }

    private static final class Instants implements Sink {
        final LongArrayList values;
        private final FixedBlock block = new FixedBlock();
        private long expected = -1;

        Instants(LongArrayList values) {
            this.values = values;
        }

        @Override
        public void expect(long rows) {
            expected = rows;
        }

        @Override
        public void accept(BatchColumn cells) {
            FieldVector in = cells.vector();
            int rows = in.getValueCount();
            boolean nulls = in.getNullCount() > 0;
            block.load(in, rows, Long.BYTES);
            int from = Growth.extend(values, rows, expected);
            long[] out = values.elements();
            for (int i = 0; i < rows; i++) {
                out[from + i] = nulls && block.isNull(i) ? OutputColumn.NULL_INSTANT : block.i64(i);
            }
        }
    }

    private record EachInstant(InstantConsumer consumer, Instants batch) implements Sink {
        @Override
        public boolean isLate() {
            return true;
        }

        @Override
        public void accept(BatchColumn cells) {
            batch.values.clear();
            batch.accept(cells);
            consumer.accept(batch.values.elements(), batch.values.size());
        }
    }

    private static final class Numbers implements Sink {
        final LongArrayList bits = new LongArrayList();
        private long expected = -1;

        @Override
        public void expect(long rows) {
            expected = rows;
        }

        @Override
        public void accept(BatchColumn cells) {
            FieldVector in = cells.vector();
            int from = Growth.extend(bits, in.getValueCount(), expected);
            long[] out = bits.elements();
            for (int i = 0; i < in.getValueCount(); i++) {
                if (in.isNull(i)) {
                    out[from + i] = StateNumbers.NULL;
                } else if (in instanceof BigIntVector exact) {
                    out[from + i] = exact.get(i);
                } else {
                    out[from + i] = StateNumbers.of(((Float8Vector) in).get(i));
                }
            }
        }
    }

    private record Flags(IntArrayList flags) implements Sink {
        @Override
        public void accept(BatchColumn cells) {
            BitVector in = (BitVector) cells.vector();
            for (int i = 0; i < in.getValueCount(); i++) {
                flags.add(in.isNull(i) ? -1 : in.get(i));
            }
        }
    }

    /** A column of each batch and where it goes; columns can go side by side. */
    private record Feed(int position, Sink sink) {
        void accept(RowBatch batch) {
            sink.accept(batch.column(position));
        }
    }

    private final Map<String, Sink> sinks;
    private int rows;

    private LoadedTable(Request request, Run run) throws IOException {
        this.sinks = request.sinks;
        List<String> columns = new ArrayList<>(sinks.keySet());
        run.opened(this);
        long announced = run.log().announcedRows(request.table);
        sinks.values().forEach(sink -> sink.expect(announced));
        List<Feed> first = new ArrayList<>();
        List<Feed> second = new ArrayList<>();
        sinks.forEach((column, sink) -> (sink.isLate() ? second : first).add(new Feed(columns.indexOf(column), sink)));
        try (RowReader reader = InputRows.open(run, request.table, columns, request.deferred);
                ReadAhead<RowBatch> scan = new ReadAhead<>(reader::next, RowBatch::close, run.workers())) {
            for (RowBatch batch = scan.next(); batch != null; batch = scan.next()) {
                try (RowBatch owned = batch) {
                    rows = claim(request.table, rows, owned.rows(), MAX_ROWS);
                    run.progress().progress("read " + request.table.tableName(), rows, -1);
                    run.workers().forEach(first.size(), i -> first.get(i).accept(owned));
                    run.workers().forEach(second.size(), i -> second.get(i).accept(owned));
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** The rows with so many more, before any of them is taken. */
    static int claim(InputTable table, int rows, int more, int maxRows) {
        if (rows > maxRows - more) {
            throw NexusDataException.of(FaultCode.CAPACITY, table.tableName())
                    .because("has more than " + maxRows + " rows, the most that one run holds");
        }
        return rows + more;
    }

    /** Starts a request; every column named is read, nothing else. */
    static Request of(InputTable table) {
        return new Request(table);
    }

    int rows() {
        return rows;
    }

    CodedColumn codes(String column) {
        return ((Codes) sink(column)).column();
    }

    TextColumn texts(String column) {
        return ((Texts) sink(column)).column();
    }

    /** Instants of all rows; may be longer than {@link #rows}. Not to be changed. */
    long[] instants(String column) {
        return ((Instants) sink(column)).values.elements();
    }

    /** {@link StateNumbers} bits of all rows; may be longer than {@link #rows}. Not to be changed. */
    long[] numbers(String column) {
        return ((Numbers) sink(column)).bits.elements();
    }

    /** 1, 0 or -1 of all rows; may be longer than {@link #rows}. Not to be changed. */
    int[] flags(String column) {
        return ((Flags) sink(column)).flags().elements();
    }

    private Sink sink(String column) {
        return Objects.requireNonNull(sinks.get(column), column);
    }

    @Override
    public void close() {
        sinks.values().forEach(Sink::close);
    }
}
