package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusDataException;
import io.nexusid.arrow.format.BatchColumn;
import io.nexusid.arrow.format.RowBatch;
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
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
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

        /** Numbers as {@link StateNumbers} bits. */
        Request numbers(String... columns) {
            for (String column : columns) {
                sinks.put(column, new Numbers(new LongArrayList()));
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

    /** Where the cells of one column go. */
    private interface Sink {
        void accept(BatchColumn cells);

        default void close() {}
    }

    private record Codes(CodedColumn column) implements Sink {
        @Override
        public void accept(BatchColumn cells) {
            column.append(cells.text());
        }
    }

    private record Each(BlockConsumer consumer) implements Sink {
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

    private record Instants(LongArrayList values) implements Sink {
        @Override
        public void accept(BatchColumn cells) {
            TimeStampMicroTZVector in = (TimeStampMicroTZVector) cells.vector();
            for (int i = 0; i < in.getValueCount(); i++) {
                values.add(in.isNull(i) ? OutputColumn.NULL_INSTANT : in.get(i));
            }
        }
    }

    private record Numbers(LongArrayList bits) implements Sink {
        @Override
        public void accept(BatchColumn cells) {
            Float8Vector in = (Float8Vector) cells.vector();
            for (int i = 0; i < in.getValueCount(); i++) {
                bits.add(in.isNull(i) ? StateNumbers.NULL : StateNumbers.of(in.get(i)));
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
        List<Feed> first = new ArrayList<>();
        List<Feed> second = new ArrayList<>();
        sinks.forEach(
                (column, sink) -> (sink instanceof Each ? second : first).add(new Feed(columns.indexOf(column), sink)));
        try (ScanAhead scan = new ScanAhead(InputRows.open(run, request.table, columns), run.workers())) {
            for (RowBatch batch = scan.next(); batch != null; batch = scan.next()) {
                try (RowBatch owned = batch) {
                    claim(request.table, owned.rows());
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

    private void claim(InputTable table, int more) {
        if (rows > MAX_ROWS - more) {
            throw NexusDataException.of(FaultCode.CAPACITY, table.tableName())
                    .because("has more than " + MAX_ROWS + " rows, the most that one run holds");
        }
        rows += more;
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
        return ((Instants) sink(column)).values().elements();
    }

    /** {@link StateNumbers} bits of all rows; may be longer than {@link #rows}. Not to be changed. */
    long[] numbers(String column) {
        return ((Numbers) sink(column)).bits().elements();
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
