package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import io.nexusid.api.InputTable;
import io.nexusid.api.OutputTable;
import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.arrow.format.TextBlock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the core event log: the accepted input rows in input order, some columns in lower case or filled in.
 * Streamed from the input a second time, so they cost no memory.
 */
final class CoreTables {
    /** What a column of a core table is made from. */
    private enum Make {
        COPY,
        LOWER,
        /** {@code identifier_value} in its normalised form. */
        NORMALIZED,
        /** {@code _ingested_at}, or else {@code occurred_at}. */
        INGESTED_OR_OCCURRED,
        /** The run's reading of the clock. */
        NOW
    }

    private record CoreColumn(String name, ColumnType type, Make make) {}

    private static final Map<String, InputTable> INPUTS = Map.of(
            OutputTable.EVENTS, InputTable.EVENTS,
            OutputTable.ENTITY_IDENTIFIERS, InputTable.ENTITY_IDENTIFIERS,
            OutputTable.ENTITY_TRAITS, InputTable.ENTITY_TRAITS,
            OutputTable.RELATIONSHIP_DECLARATIONS, InputTable.RELATIONSHIP_DECLARATIONS,
            OutputTable.EVENT_MEASUREMENTS_UNIONED, InputTable.EVENT_MEASUREMENTS,
            OutputTable.EVENT_DIMENSIONS_UNIONED, InputTable.EVENT_DIMENSIONS,
            OutputTable.COMPUTED_TRAITS, InputTable.COMPUTED_TRAITS);

    private CoreTables() {}

    /** The names of the core tables. */
    static boolean isCore(String table) {
        return INPUTS.containsKey(table);
    }

    static TableRows of(Run run, String table) {
        InputTable input = INPUTS.get(table);
        if (input == null) {
            throw new IllegalArgumentException(table);
        }
        return new CoreRows(run, input, columns(input));
    }

    private static List<CoreColumn> columns(InputTable input) {
        List<CoreColumn> columns = new ArrayList<>();
        input.columns().forEach(c -> columns.add(new CoreColumn(c.name(), c.type(), make(input, c.name()))));
        switch (input) {
            case EVENTS -> {
                columns.removeIf(c -> c.name().equals("value") || c.name().equals("value_unit"));
                columns.add(new CoreColumn("_processed_at", ColumnType.TIMESTAMP, Make.NOW));
            }
            case ENTITY_IDENTIFIERS ->
                columns.add(6, new CoreColumn("normalized_value", ColumnType.STRING, Make.NORMALIZED));
            case ENTITY_TRAITS -> columns.removeIf(c -> c.name().equals("_ingested_at"));
            default -> {}
        }
        return columns;
    }

    private static Make make(InputTable input, String column) {
        return switch (input) {
            case ENTITY_IDENTIFIERS -> column.equals("_ingested_at") ? Make.INGESTED_OR_OCCURRED : Make.COPY;
            case EVENT_MEASUREMENTS -> lowerIf(column, "measurement_name", "value_unit", "source");
            case EVENT_DIMENSIONS -> lowerIf(column, "dimension_name", "source");
            case COMPUTED_TRAITS -> lowerIf(column, "entity_type", "trait_name", "source");
            default -> Make.COPY;
        };
    }

    private static Make lowerIf(String column, String... lowered) {
        return List.of(lowered).contains(column) ? Make.LOWER : Make.COPY;
    }

    private record CoreRows(Run run, InputTable input, List<CoreColumn> columns) implements TableRows {
        /** The first column of every core table is its id. */
        String idColumn() {
            return columns.get(0).name();
        }

        @Override
        public Schema schema() {
            return new Schema(columns.stream()
                    .map(c -> ArrowTypes.field(c.name(), c.type()))
                    .toList());
        }

        @Override
        public Cursor open(BufferAllocator allocator, Workers workers) throws IOException {
            List<String> read = columns.stream()
                    .filter(c -> c.make() != Make.NOW && c.make() != Make.NORMALIZED)
                    .map(CoreColumn::name)
                    .toList();
            return new CoreCursor(this, InputRows.open(run, input, read), allocator);
        }
    }

    private static final class CoreCursor implements TableRows.Cursor {
        private final CoreRows table;
        private final RowReader rows;
        private final BufferAllocator allocator;
        private final Schema schema;
        private final Normalization normalization;
        private final TextBlock block = new TextBlock();
        private final TextBlock types = new TextBlock();
        private final TextAppender text = new TextAppender();
        private final IdCount ids = new IdCount();

        CoreCursor(CoreRows table, RowReader rows, BufferAllocator allocator) {
            this.table = table;
            this.rows = rows;
            this.allocator = allocator;
            this.schema = table.schema();
            this.normalization = new Normalization(table.run().config().compat());
        }

        @Override
        public @Nullable VectorSchemaRoot next() throws IOException {
            RowBatch batch = rows.next();
            if (batch == null) {
                table.run().duplicateIds(table.input(), ids.duplicates());
                return null;
            }
            try (batch) {
                VectorSchemaRoot from = batch.root();
                ids.add(block.load((VarCharVector) from.getVector(table.idColumn())));
                VectorSchemaRoot to = VectorSchemaRoot.create(schema, allocator);
                try {
                    // What reads other columns comes before what moves them away.
                    for (CoreColumn column : table.columns()) {
                        if (column.make() != Make.COPY) {
                            make(column, from, to.getVector(column.name()));
                        }
                    }
                    for (CoreColumn column : table.columns()) {
                        if (column.make() == Make.COPY) {
                            from.getVector(column.name())
                                    .makeTransferPair(to.getVector(column.name()))
                                    .transfer();
                        }
                    }
                    to.setRowCount(from.getRowCount());
                    return to;
                } catch (RuntimeException | Error e) {
                    to.close();
                    throw e;
                }
            }
        }

        private void make(CoreColumn column, VectorSchemaRoot from, FieldVector to) {
            int rowCount = from.getRowCount();
            switch (column.make()) {
                case LOWER -> {
                    block.load((VarCharVector) from.getVector(column.name()));
                    text.begin(rowCount);
                    for (int row = 0; row < rowCount; row++) {
                        if (block.isNull(row)) {
                            text.appendNull();
                        } else {
                            TextCase.lower(block.bytes(), block.from(row), block.length(row), text);
                        }
                    }
                    text.copyTo((VarCharVector) to);
                }
                case NORMALIZED -> normalize(from, (VarCharVector) to);
                case INGESTED_OR_OCCURRED ->
                    coalesce(
                            (TimeStampMicroTZVector) from.getVector("_ingested_at"),
                            (TimeStampMicroTZVector) from.getVector("occurred_at"),
                            (TimeStampMicroTZVector) to);
                case NOW -> {
                    TimeStampMicroTZVector now = (TimeStampMicroTZVector) to;
                    now.allocateNew(rowCount);
                    for (int row = 0; row < rowCount; row++) {
                        now.set(row, table.run().now());
                    }
                    now.setValueCount(rowCount);
                }
                case COPY -> throw new IllegalStateException("copied columns are moved, not made");
            }
        }

        private void normalize(VectorSchemaRoot from, VarCharVector to) {
            types.load((VarCharVector) from.getVector("identifier_type"));
            block.load((VarCharVector) from.getVector("identifier_value"));
            text.begin(from.getRowCount());
            for (int row = 0; row < from.getRowCount(); row++) {
                if (block.isNull(row)) {
                    text.appendNull();
                } else {
                    int typeLength = types.isNull(row) ? 0 : types.length(row);
                    normalization.append(
                            types.bytes(),
                            types.from(row),
                            typeLength,
                            block.bytes(),
                            block.from(row),
                            block.length(row),
                            text);
                }
            }
            text.copyTo(to);
        }

        private static void coalesce(
                TimeStampMicroTZVector first, TimeStampMicroTZVector second, TimeStampMicroTZVector to) {
            int rowCount = first.getValueCount();
            to.allocateNew(rowCount);
            for (int row = 0; row < rowCount; row++) {
                if (!first.isNull(row)) {
                    to.set(row, first.get(row));
                } else if (second.isNull(row)) {
                    to.setNull(row);
                } else {
                    to.set(row, second.get(row));
                }
            }
            to.setValueCount(rowCount);
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }
}
