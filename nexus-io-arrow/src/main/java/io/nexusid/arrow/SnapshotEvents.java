package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.SnapshotDiffSpec;
import io.nexusid.arrow.format.RowSource;
import io.nexusid.states.SnapshotDiff;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/**
 * The events of one snapshot diff, as rows of the tables that they join: {@code events}, and as the diff says
 * {@code entity_identifiers}, {@code event_measurements} and {@code event_dimensions}. By key, then by value or, of changes,
 * in order of time, whatever the order of the file's rows.
 */
final class SnapshotEvents {
    /** Stands for the value among the extra columns. */
    private static final int THE_VALUE = -1;

    private final SnapshotDiffSpec diff;
    private final SnapshotSightings sightings;
    private final SnapshotDiff events;
    /** By extra column and event the code of its text, -1 for null. */
    private final int[][] extras;

    /**
     * Rows of one table.
     *
     * @param table the table they join
     * @param rows whoever takes them closes them
     */
    record Joined(InputTable table, RowSource rows) {}

    private SnapshotEvents(SnapshotSightings sightings, SnapshotDiffSpec diff) {
        this.diff = diff;
        this.sightings = sightings;
        int columns = diff.extraColumns().size();
        int[][] ranks = new int[columns][];
        for (int c = 0; c < columns; c++) {
            ranks[c] = sightings.extraRanks(c);
        }
        int n = sightings.size();
        int[] keyRanks = sightings.keys().rankOfCode();
        int[] valueRanks = sightings.valueTexts().rankOfCode();
        int[] key = new int[n];
        int[] value = new int[n];
        long[] observedAt = new long[n];
        for (int row = 0; row < n; row++) {
            key[row] = keyRanks[sightings.key(row)];
            value[row] = valueRanks[sightings.value(row)];
            observedAt[row] = sightings.observedAt(row);
        }
        this.events =
                SnapshotDiff.compute(n, key, value, observedAt, (a, b) -> compareExtras(ranks, a, b), diff.grain());
        this.extras = new int[columns][events.size()];
        for (int c = 0; c < columns; c++) {
            for (int event = 0; event < events.size(); event++) {
                extras[c][event] = extra(ranks[c], c, event);
            }
        }
    }

    static SnapshotEvents of(SnapshotSightings sightings, SnapshotDiffSpec diff) {
        return new SnapshotEvents(sightings, diff);
    }

    /** Column by column, nulls last. */
    private int compareExtras(int[][] ranks, int a, int b) {
        for (int c = 0; c < ranks.length; c++) {
            int left = sightings.extra(c, a);
            int right = sightings.extra(c, b);
            int order = left < 0 || right < 0
                    ? Boolean.compare(left < 0, right < 0)
                    : Integer.compare(ranks[c][left], ranks[c][right]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private int extra(int[] ranks, int column, int event) {
        int best = sightings.extra(column, events.row(event));
        for (int j = 1; diff.extras() == SnapshotDiffSpec.Extras.MAX && j < events.sightings(event); j++) {
            int code = sightings.extra(column, events.sighting(event, j));
            best = code >= 0 && (best < 0 || ranks[code] > ranks[best]) ? code : best;
        }
        return best;
    }

    /**
     * The rows, in memory up to a limit for each table and else in a temporary file.
     *
     * @return the caller closes them all
     */
    List<Joined> join(BufferAllocator allocator, Workers workers, long keptBytes) throws IOException {
        List<Joined> joined = new ArrayList<>();
        try {
            drain(InputTable.EVENTS, events(), allocator, workers, keptBytes, joined);
            if (diff.entity() != null) {
                drain(InputTable.ENTITY_IDENTIFIERS, identifiers(diff.entity()), allocator, workers, keptBytes, joined);
            }
            if (diff.measurement() != null) {
                drain(
                        InputTable.EVENT_MEASUREMENTS,
                        measurements(diff.measurement()),
                        allocator,
                        workers,
                        keptBytes,
                        joined);
            }
            if (diff.dimension() != null || !diff.extraColumns().isEmpty()) {
                drain(InputTable.EVENT_DIMENSIONS, dimensions(), allocator, workers, keptBytes, joined);
            }
            return joined;
        } catch (IOException | RuntimeException | Error e) {
            try {
                AutoCloseables.close(joined.stream().map(Joined::rows).toList());
            } catch (Exception suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private void drain(
            InputTable table,
            TableRows rows,
            BufferAllocator allocator,
            Workers workers,
            long keptBytes,
            List<Joined> joined)
            throws IOException {
        try (ArrowReader reader = new TableReader(rows, allocator, workers)) {
            joined.add(new Joined(
                    table, DrainedStream.drain(table.tableName(), sightings.file(), reader, allocator, keptBytes)));
        }
    }

    private void appendId(int event, OutputColumn.Scratch out) {
        int row = events.row(event);
        sightings.keys().addTo(sightings.key(row), out.key.start());
        sightings.valueTexts().addTo(sightings.value(row), out.key);
        if (diff.grain() == SnapshotDiffSpec.Grain.CHANGE) {
            out.key.add(Integer.toString(events.index(event)));
        }
        out.key.add(diff.event().name());
        out.appendId(Bytes.EVENT_PREFIX);
    }

    private long occurredAt(int event) {
        return diff.occurredAt() == SnapshotDiffSpec.OccurredAt.VALUE
                ? sightings.values().instant(sightings.value(events.row(event)))
                : events.firstObservedAt(event);
    }

    private void appendKey(int event, OutputColumn.Scratch out) {
        sightings.keys().copyTo(sightings.key(events.row(event)), out.text);
    }

    private static OutputColumn constant(String name, @Nullable String text) {
        byte[] bytes = text == null ? null : Bytes.of(text);
        return OutputColumn.text(name, (i, out) -> {
            if (bytes == null) {
                out.text.appendNull();
            } else {
                out.text.append(bytes);
            }
        });
    }

    private TableRows events() {
        SnapshotDiffSpec.EventTexts texts = diff.event();
        byte[] before = Bytes.of(texts.name() + ": ");
        OutputColumn description = texts.description() != null
                ? constant("event_description", texts.description())
                : OutputColumn.text("event_description", (i, out) -> {
                    byte[] key = sightings.keys().bytes(sightings.key(events.row(i)));
                    byte[] whole = new byte[before.length + key.length];
                    System.arraycopy(before, 0, whole, 0, before.length);
                    System.arraycopy(key, 0, whole, before.length, key.length);
                    out.text.append(whole);
                });
        return new SelectedRows(
                events.size(),
                List.of(
                        OutputColumn.text("event_id", this::appendId),
                        OutputColumn.instant("occurred_at", this::occurredAt),
                        constant("event_name", texts.name()),
                        description,
                        constant("event_type", texts.type() == null ? texts.name() : texts.type()),
                        constant("source", texts.source()),
                        OutputColumn.instant("_ingested_at", events::firstObservedAt)));
    }

    private TableRows identifiers(SnapshotDiffSpec.Entity entity) {
        return new SelectedRows(
                events.size(),
                List.of(
                        OutputColumn.text("event_id", this::appendId),
                        OutputColumn.text("edge_id", this::appendId),
                        constant("entity_type", entity.entityType()),
                        constant("identifier_type", entity.identifierType()),
                        OutputColumn.text("identifier_value", this::appendKey),
                        constant("role", entity.role()),
                        constant("source", diff.event().source()),
                        OutputColumn.instant("occurred_at", this::occurredAt),
                        OutputColumn.instant("_ingested_at", events::firstObservedAt)));
    }

    private TableRows measurements(SnapshotDiffSpec.Measurement measurement) {
        return new SelectedRows(
                events.size(),
                List.of(
                        OutputColumn.text("event_id", this::appendId),
                        constant("measurement_name", measurement.name()),
                        OutputColumn.number("value", i -> sightings.values().bits(sightings.value(events.row(i)))),
                        constant("value_unit", measurement.unit()),
                        OutputColumn.instant("occurred_at", this::occurredAt),
                        constant("source", diff.event().source()),
                        OutputColumn.instant("_ingested_at", events::firstObservedAt)));
    }

    private TableRows dimensions() {
        IntArrayList event = new IntArrayList();
        IntArrayList column = new IntArrayList();
        for (int i = 0; i < events.size(); i++) {
            for (int c = diff.dimension() == null ? 0 : THE_VALUE; c < extras.length; c++) {
                if (c == THE_VALUE || extras[c][i] >= 0) {
                    event.add(i);
                    column.add(c);
                }
            }
        }
        return new SelectedRows(
                event.size(),
                List.of(
                        OutputColumn.text("event_id", (i, out) -> appendId(event.getInt(i), out)),
                        OutputColumn.text("dimension_name", (i, out) -> {
                            int c = column.getInt(i);
                            out.text.append(Bytes.of(String.valueOf(
                                    c == THE_VALUE
                                            ? diff.dimension()
                                            : diff.extraColumns().get(c))));
                        }),
                        OutputColumn.text("dimension_value", (i, out) -> {
                            int c = column.getInt(i);
                            int e = event.getInt(i);
                            if (c == THE_VALUE) {
                                sightings.valueTexts().copyTo(sightings.value(events.row(e)), out.text);
                            } else {
                                sightings.extraTexts(c).copyTo(extras[c][e], out.text);
                            }
                        }),
                        OutputColumn.instant("occurred_at", i -> occurredAt(event.getInt(i))),
                        constant("source", diff.event().source()),
                        OutputColumn.instant("_ingested_at", i -> events.firstObservedAt(event.getInt(i)))));
    }
}
