package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.nexusid.api.InputTable;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.arrow.format.TextBlock;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an input table as the reference would have them: those of its files, then those that follow from another
 * table. An event with a {@code value} is also a measurement; an identifier that is one of the internal emails also
 * says the trait {@code is_internal_user}.
 */
final class InputRows {
    static final String INTERNAL_USER = "is_internal_user";
    private static final String EVENT_VALUE = "value";
    private static final byte[] MEASUREMENT_PREFIX = "evt_msr_".getBytes(US_ASCII);
    private static final byte[] TRAIT_PREFIX = "ent_tr_".getBytes(US_ASCII);

    private InputRows() {}

    /** Opens one pass over these columns; batches as from {@link TableScan}. */
    static RowReader open(Run run, InputTable table, List<String> columns) throws IOException {
        return open(run, table, columns, Set.of());
    }

    /** As {@link #open(Run, InputTable, List)}, leaving it to a later scan, which must follow, to look at some columns. */
    static RowReader open(Run run, InputTable table, List<String> columns, Set<String> deferred) throws IOException {
        RowReader given = run.log().scan(table, columns, deferred);
        if (table == InputTable.EVENT_MEASUREMENTS && run.log().has(InputTable.EVENTS, EVENT_VALUE)) {
            return new Following(
                    run,
                    given,
                    columns,
                    InputTable.EVENTS,
                    List.of("event_id", "value", "value_unit", "occurred_at", "source", "_ingested_at"),
                    new EventValues());
        }
        if (table == InputTable.ENTITY_TRAITS && !run.config().internalEmails().isEmpty()) {
            return new Following(
                    run,
                    given,
                    columns,
                    InputTable.ENTITY_IDENTIFIERS,
                    List.of(
                            "event_id",
                            "entity_type",
                            "identifier_type",
                            "identifier_value",
                            "occurred_at",
                            "entity_identifier_id"),
                    new InternalUsers(run));
        }
        return given;
    }

    /** Which rows of the other table follow, and what their cells are. */
    private interface Rule {
        void start(VectorSchemaRoot batch);

        boolean applies(int row);

        /** The cell of a text column; appends exactly one. Other columns are those of the same name if they were read, or null. */
        void text(String column, int row, OutputColumn.Scratch out);
    }

    /** The given rows, then the rows that follow from another table. */
    private static final class Following implements RowReader {
        private final Run run;
        private final RowReader given;
        private final Schema schema;
        private final InputTable other;
        private final List<String> otherColumns;
        private final Rule rule;
        private final OutputColumn.Scratch scratch = new OutputColumn.Scratch();
        private @Nullable TableScan scan;

        Following(
                Run run,
                RowReader given,
                List<String> columns,
                InputTable other,
                List<String> otherColumns,
                Rule rule) {
            this.run = run;
            this.given = given;
            this.other = other;
            this.otherColumns = otherColumns;
            this.rule = rule;
            InputTable table = other == InputTable.EVENTS ? InputTable.EVENT_MEASUREMENTS : InputTable.ENTITY_TRAITS;
            this.schema = new Schema(columns.stream()
                    .map(c -> ArrowTypes.field(c, table.column(c).orElseThrow().type()))
                    .toList());
        }

        @Override
        public @Nullable RowBatch next() throws IOException {
            if (scan == null) {
                RowBatch batch = given.next();
                if (batch != null) {
                    return batch;
                }
                scan = run.log().scan(other, otherColumns);
            }
            for (RowBatch batch = scan.next(); batch != null; batch = scan.next()) {
                try (RowBatch from = batch) {
                    VectorSchemaRoot rows = derive(from.root());
                    if (rows.getRowCount() > 0) {
                        return RowBatch.of(rows);
                    }
                    rows.close();
                }
            }
            return null;
        }

        private VectorSchemaRoot derive(VectorSchemaRoot from) {
            rule.start(from);
            int[] rows = new int[from.getRowCount()];
            int count = 0;
            for (int row = 0; row < rows.length; row++) {
                if (rule.applies(row)) {
                    rows[count++] = row;
                }
            }
            VectorSchemaRoot to = VectorSchemaRoot.create(schema, run.allocator());
            for (FieldVector vector : to.getFieldVectors()) {
                fill(vector, from, rows, count);
            }
            to.setRowCount(count);
            return to;
        }

        private void fill(FieldVector vector, VectorSchemaRoot from, int[] rows, int count) {
            Field field = vector.getField();
            if (vector instanceof VarCharVector text) {
                scratch.text.begin(count);
                for (int i = 0; i < count; i++) {
                    rule.text(field.getName(), rows[i], scratch);
                }
                scratch.text.copyTo(text);
                return;
            }
            FieldVector origin = from.getVector(field.getName());
            vector.setInitialCapacity(count);
            vector.allocateNew();
            for (int i = 0; i < count && origin != null; i++) {
                vector.copyFromSafe(rows[i], i, origin);
            }
            vector.setValueCount(count);
        }

        @Override
        public void close() throws IOException {
            TableScan second = scan;
            scan = null;
            try {
                given.close();
            } finally {
                if (second != null) {
                    second.close();
                }
            }
        }
    }

    private static void copy(TextBlock cells, int row, OutputColumn.Scratch out) {
        if (cells.isNull(row)) {
            out.text.appendNull();
        } else {
            out.text.append(cells.bytes(), cells.from(row), cells.length(row));
        }
    }

    /** {@code events.value} as a measurement named {@code value}. */
    private static final class EventValues implements Rule {
        private final TextBlock eventId = new TextBlock();
        private final TextBlock source = new TextBlock();
        private final TextBlock unit = new TextBlock();
        private @Nullable Float8Vector value;

        @Override
        public void start(VectorSchemaRoot batch) {
            eventId.load((VarCharVector) batch.getVector("event_id"));
            source.load((VarCharVector) batch.getVector("source"));
            unit.load((VarCharVector) batch.getVector("value_unit"));
            value = (Float8Vector) batch.getVector("value");
        }

        @Override
        public boolean applies(int row) {
            return value != null && !value.isNull(row);
        }

        @Override
        public void text(String column, int row, OutputColumn.Scratch out) {
            switch (column) {
                case "event_measurement_id" -> {
                    out.key
                            .start()
                            .add(eventId.bytes(), eventId.from(row), eventId.length(row))
                            .add(EVENT_VALUE);
                    out.appendId(MEASUREMENT_PREFIX);
                }
                case "event_id" -> copy(eventId, row, out);
                case "measurement_name" -> out.text.append(EVENT_VALUE.getBytes(US_ASCII));
                case "value_unit" -> copy(unit, row, out);
                case "source" -> copy(source, row, out);
                default -> out.text.appendNull();
            }
        }
    }

    /** Identifier rows of internal emails as traits. */
    private static final class InternalUsers implements Rule {
        private final Run run;
        private final Set<String> emails;
        private final TextBlock rowId = new TextBlock();
        private final TextBlock eventId = new TextBlock();
        private final TextBlock entityType = new TextBlock();
        private final TextBlock identifierType = new TextBlock();
        private final TextBlock identifierValue = new TextBlock();
        private @Nullable TimeStampMicroTZVector occurredAt;

        InternalUsers(Run run) {
            this.run = run;
            this.emails = run.config().internalEmails();
        }

        @Override
        public void start(VectorSchemaRoot batch) {
            rowId.load((VarCharVector) batch.getVector("entity_identifier_id"));
            eventId.load((VarCharVector) batch.getVector("event_id"));
            entityType.load((VarCharVector) batch.getVector("entity_type"));
            identifierType.load((VarCharVector) batch.getVector("identifier_type"));
            identifierValue.load((VarCharVector) batch.getVector("identifier_value"));
            occurredAt = (TimeStampMicroTZVector) batch.getVector("occurred_at");
        }

        @Override
        public boolean applies(int row) {
            return entityType.is("person", row)
                    && identifierType.is("email", row)
                    && !identifierValue.isNull(row)
                    && emails.contains(identifierValue.text(row));
        }

        @Override
        public void text(String column, int row, OutputColumn.Scratch out) {
            switch (column) {
                case "entity_trait_id" -> traitId(row, out);
                case "event_id" -> copy(eventId, row, out);
                case "entity_type" -> copy(entityType, row, out);
                case "identifier_type" -> copy(identifierType, row, out);
                case "identifier_value" -> copy(identifierValue, row, out);
                case "trait_name" -> out.text.append(INTERNAL_USER.getBytes(US_ASCII));
                case "trait_value" -> out.text.append("true".getBytes(US_ASCII));
                case "source" -> out.text.append("system".getBytes(US_ASCII));
                default -> out.text.appendNull();
            }
        }

        private void traitId(int row, OutputColumn.Scratch out) {
            SurrogateKey key = out.key
                    .start()
                    .add(rowId.bytes(), rowId.from(row), rowId.length(row))
                    .add(INTERNAL_USER)
                    .add("true");
            if (occurredAt == null || occurredAt.isNull(row)) {
                key.addNull();
            } else {
                key.addTimestamp(run.config().idDialect(), occurredAt.get(row));
            }
            out.appendId(TRAIT_PREFIX);
        }
    }
}
