package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.AsOfTie;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.arrow.format.DoubleText;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/**
 * The life of one entity in order of time: when each of its identifiers was first seen, the events it took part in, its
 * states as they began and ended, and its relationships; from a store also how its identifiers came to it. Read from the
 * resolved tables, each of which is streamed once: O(rows) time, the entity's own rows in memory. Immutable.
 */
public final class EntityTimeline {
    /** The tables it is read from, to be among those that the run was asked for. */
    public static final List<String> TABLES = List.of(
            OutputTable.IDENTIFIERS_TO_ENTITY_ID,
            OutputTable.ENTITY_IDENTIFIERS,
            OutputTable.ENTITY_PARTICIPANTS,
            OutputTable.EVENTS,
            OutputTable.STATES,
            OutputTable.ENTITY_STATES,
            OutputTable.RELATIONSHIPS);

    private static final Set<String> NO_STATES = Set.of(
            "entity_state_id",
            "previous_entity_state_id",
            "entity_id",
            "entity_type",
            "valid_from",
            "valid_to",
            "is_current");

    /** What an entry is about. Entries of one instant are in this order. */
    public enum Kind {
        /** An identifier was seen first. */
        IDENTITY,
        /** The entity took part in an event. */
        EVENT,
        /** A state began or ended. */
        STATE,
        /** A relationship was last declared. */
        RELATIONSHIP,
        /** A store found out that an identifier belongs to the entity. */
        RESOLUTION;

        /**
         * The column that says when entries of this kind are: {@code occurred_at}, but {@code _ingested_at} for a {@link
         * #RESOLUTION}, which is as old as the rows that a store learned it from.
         */
        public String clock() {
            return this == RESOLUTION ? "_ingested_at" : "occurred_at";
        }
    }

    /**
     * One thing that happened.
     *
     * @param at when; null if no instant is known, which comes last
     * @param what the identifier's type, the event's name, the state's or the relationship's; the reason of a resolution
     * @param detail the identifier, the event's description, the state's value, the other entity; null if there is none;
     *     of a resolution the identifier with its type, and the entity that it was taken from
     * @param eventId the event that it comes from, if it is known
     */
    public record Entry(
            @Nullable Instant at,
            Kind kind,
            String what,
            @Nullable String detail,
            @Nullable String eventId) {}

    /** An identifier of the entity, in the form that it was resolved by. */
    public record Identifier(String type, String value) {}

    /** A row of some table, nulls left out. */
    private record Row(Map<String, Object> cells) {
        @Nullable String text(String column) {
            return (String) cells.get(column);
        }

        @Nullable Long micros(String column) {
            return (Long) cells.get(column);
        }

        boolean has(String column, String text) {
            return text.equals(cells.get(column));
        }
    }

    private final String entityType;
    private final String entityId;
    private final AsOfTie tie;
    private final Set<Identifier> known = new LinkedHashSet<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Row> states = new ArrayList<>();

    private EntityTimeline(String entityType, String entityId, AsOfTie tie) {
        this.entityType = entityType;
        this.entityId = entityId;
        this.tie = tie;
    }

    /** The timelines of all entities that own an identifier: one, or none, or of a registered type one per source. */
    static List<EntityTimeline> read(
            ResolvedTables tables, NexusConfig config, String entityType, String identifierType, String value)
            throws IOException {
        Set<String> ids = new TreeSet<>();
        String known = new String(Normalization.known(config, entityType, identifierType, value), UTF_8);
        scan(tables, OutputTable.IDENTIFIERS_TO_ENTITY_ID, "identifier_value", known::equals, row -> {
            if (row.has("entity_type", entityType) && row.has("identifier_type", identifierType)) {
                ids.add(String.valueOf(row.text("entity_id")));
            }
        });
        List<EntityTimeline> timelines = new ArrayList<>();
        for (String id : ids) {
            EntityTimeline timeline = new EntityTimeline(entityType, id, config.asOfTie());
            timeline.readAll(tables);
            timelines.add(timeline);
        }
        return timelines;
    }

    private void readAll(ResolvedTables tables) throws IOException {
        readIdentifiers(tables);
        readEvents(tables);
        readStates(tables);
        scan(tables, OutputTable.RELATIONSHIPS, "entity_a_id", entityId::equals, row -> addRelationship(row, "a", "b"));
        scan(tables, OutputTable.RELATIONSHIPS, "entity_b_id", entityId::equals, row -> addRelationship(row, "b", "a"));
        sort();
    }

    /** Adds what a store's {@code nexus_resolution_log} says of the identifiers of some timelines; O(rows of the log). */
    static void addResolutions(List<EntityTimeline> timelines, ArrowReader log) throws IOException {
        Set<String> values = new HashSet<>();
        timelines.forEach(timeline -> timeline.known.forEach(each -> values.add(each.value())));
        scan(log, "identifier_value", values::contains, row -> {
            for (EntityTimeline timeline : timelines) {
                timeline.addResolution(row);
            }
        });
        timelines.forEach(EntityTimeline::sort);
    }

    private void addResolution(Row row) {
        Identifier identifier = new Identifier(
                String.valueOf(row.text("identifier_type")), String.valueOf(row.text("identifier_value")));
        if (row.has("entity_type", entityType) && known.contains(identifier)) {
            String before = row.text("previous_entity_id");
            entries.add(new Entry(
                    instant(row.micros("resolved_at_watermark")),
                    Kind.RESOLUTION,
                    String.valueOf(row.text("resolution_reason")),
                    identifier.type() + " " + identifier.value() + (before == null ? "" : " from " + before),
                    null));
        }
    }

    private void sort() {
        entries.sort(Comparator.comparing(Entry::at, Comparator.nullsLast(Comparator.naturalOrder()))
                .thenComparing(Entry::kind)
                .thenComparing(Entry::what, Bytes.ORDER)
                .thenComparing(entry -> String.valueOf(entry.detail()), Bytes.ORDER)
                .thenComparing(entry -> String.valueOf(entry.eventId()), Bytes.ORDER));
    }

    private void readIdentifiers(ResolvedTables tables) throws IOException {
        scan(tables, OutputTable.IDENTIFIERS_TO_ENTITY_ID, "entity_id", entityId::equals, row -> {
            if (row.has("entity_type", entityType)) {
                known.add(new Identifier(
                        String.valueOf(row.text("identifier_type")), String.valueOf(row.text("identifier_value"))));
            }
        });
        Map<Identifier, Row> first = new HashMap<>();
        Set<String> values = new HashSet<>();
        known.forEach(each -> values.add(each.value()));
        for (String column : List.of("identifier_value", "normalized_value")) {
            scan(tables, OutputTable.ENTITY_IDENTIFIERS, column, values::contains, row -> {
                Identifier found =
                        new Identifier(String.valueOf(row.text("identifier_type")), String.valueOf(row.text(column)));
                if (row.has("entity_type", entityType) && known.contains(found)) {
                    first.merge(found, row, EntityTimeline::earlier);
                }
            });
        }
        first.forEach((each, row) -> entries.add(new Entry(
                instant(row.micros("occurred_at")), Kind.IDENTITY, each.type(), each.value(), row.text("event_id"))));
    }

    private static Row earlier(Row a, Row b) {
        Long left = a.micros("occurred_at");
        Long right = b.micros("occurred_at");
        return right == null || (left != null && left <= right) ? a : b;
    }

    private void readEvents(ResolvedTables tables) throws IOException {
        Map<String, Row> events = new TreeMap<>();
        scan(tables, OutputTable.ENTITY_PARTICIPANTS, "entity_id", entityId::equals, row -> {
            String event = row.text("event_id");
            if (event != null && row.has("entity_type", entityType)) {
                events.merge(event, row, EntityTimeline::earlier);
            }
        });
        Set<String> found = new HashSet<>();
        scan(tables, OutputTable.EVENTS, "event_id", events::containsKey, row -> {
            String event = String.valueOf(row.text("event_id"));
            found.add(event);
            String name = row.text("event_name") != null ? row.text("event_name") : row.text("event_type");
            entries.add(new Entry(
                    instant(row.micros("occurred_at")),
                    Kind.EVENT,
                    name != null ? name : "event",
                    row.text("event_description"),
                    event));
        });
        events.forEach((event, row) -> {
            if (!found.contains(event)) {
                entries.add(new Entry(instant(row.micros("occurred_at")), Kind.EVENT, "event", null, event));
            }
        });
    }

    private void readStates(ResolvedTables tables) throws IOException {
        List<Row> stays = new ArrayList<>();
        scan(tables, OutputTable.STATES, "entity_id", entityId::equals, row -> {
            if (row.has("entity_type", entityType)) {
                stays.add(row);
            }
        });
        Set<List<Object>> begun = new HashSet<>();
        for (Row stay : stays) {
            String name = String.valueOf(stay.text("state_name"));
            Object value = stay.text("state_value") != null ? stay.text("state_value") : number(stay);
            Long entered = stay.micros("state_entered_at");
            if (entered != null) {
                begun.add(List.of(name, entered));
            }
            entries.add(new Entry(
                    instant(entered),
                    Kind.STATE,
                    name,
                    value == null ? null : value.toString(),
                    stay.text("trigger_event_id")));
        }
        for (Row stay : stays) {
            String name = String.valueOf(stay.text("state_name"));
            Long exited = stay.micros("state_exited_at");
            if (exited != null && begun.add(List.of(name, exited))) {
                entries.add(new Entry(instant(exited), Kind.STATE, name, null, null));
            }
        }
        scan(tables, OutputTable.ENTITY_STATES, "entity_id", entityId::equals, row -> {
            if (row.has("entity_type", entityType)) {
                states.add(row);
            }
        });
    }

    private static @Nullable String number(Row stay) {
        Object number = stay.cells().get("state_numeric_value");
        if (number instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        return number == null ? null : DoubleText.of((Double) number);
    }

    private void addRelationship(Row row, String mine, String others) {
        if (row.has("entity_" + mine + "_type", entityType)) {
            String role = row.text("entity_" + mine + "_role");
            boolean active = !Boolean.FALSE.equals(row.cells().get("is_active"));
            entries.add(new Entry(
                    instant(row.micros("last_updated_at")),
                    Kind.RELATIONSHIP,
                    String.valueOf(row.text("relationship_type")),
                    (role == null ? "" : role + " ") + (active ? "with " : "no longer with ")
                            + row.text("entity_" + others + "_type") + " " + row.text("entity_" + others + "_id"),
                    null));
        }
    }

    private static @Nullable Instant instant(@Nullable Long micros) {
        return micros == null ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Hands over the rows whose text in one column is wanted. */
    private static void scan(
            ResolvedTables tables, String table, String column, Predicate<String> wanted, Consumer<Row> rows)
            throws IOException {
        try (ArrowReader reader = tables.reader(table)) {
            scan(reader, column, wanted, rows);
        }
    }

    private static void scan(ArrowReader reader, String column, Predicate<String> wanted, Consumer<Row> rows)
            throws IOException {
        VectorSchemaRoot batch = reader.getVectorSchemaRoot();
        VarCharVector texts = (VarCharVector) batch.getVector(column);
        while (reader.loadNextBatch()) {
            for (int i = 0; i < batch.getRowCount(); i++) {
                if (!texts.isNull(i) && wanted.test(new String(texts.get(i), UTF_8))) {
                    rows.accept(row(batch, i));
                }
            }
        }
    }

    private static Row row(VectorSchemaRoot batch, int i) {
        Map<String, Object> cells = new LinkedHashMap<>();
        for (FieldVector vector : batch.getFieldVectors()) {
            if (vector.isNull(i)) {
                continue;
            }
            if (vector instanceof VarCharVector texts) {
                cells.put(vector.getName(), new String(texts.get(i), UTF_8));
            } else if (vector instanceof TimeStampMicroTZVector instants) {
                cells.put(vector.getName(), instants.get(i));
            } else if (vector instanceof BitVector flags) {
                cells.put(vector.getName(), flags.get(i) != 0);
            } else if (vector instanceof Float8Vector numbers) {
                cells.put(vector.getName(), numbers.get(i));
            } else if (vector instanceof DecimalVector decimals) {
                cells.put(vector.getName(), decimals.getObject(i));
            }
        }
        return new Row(cells);
    }

    /** The entity's type. */
    public String entityType() {
        return entityType;
    }

    /** The entity's id. */
    public String entityId() {
        return entityId;
    }

    /** All identifiers of the entity, sorted by type and value. */
    public List<Identifier> identifiers() {
        return List.copyOf(known);
    }

    /** What happened, in order of time. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /**
     * The states that the entity holds at an instant, by column of {@code nexus_entity_states}, as String or Double
     * or, where the inputs give decimals, BigDecimal; deltas left out. Empty if it holds none. At the instant of a change, {@code as_of_tie} decides.
     */
    public Map<String, Object> stateAt(Instant instant) {
        long micros = Instants.micros(instant);
        Map<String, Object> held = new LinkedHashMap<>();
        for (Row row : states) {
            Long from = row.micros("valid_from");
            Long to = row.micros("valid_to");
            if (from != null && tie.hasBegun(from, micros) && (to == null || !tie.hasBegun(to, micros))) {
                row.cells().forEach((column, value) -> {
                    if (!NO_STATES.contains(column) && !isDelta(row, column)) {
                        held.put(column, value);
                    }
                });
            }
        }
        return held;
    }

    /** Text is never a delta; a number is one if the measurement before it is called so. */
    private boolean isDelta(Row row, String column) {
        String suffix = ColumnNames.delta("");
        return column.endsWith(suffix)
                && row.cells().get(column) instanceof Number
                && states.stream()
                        .anyMatch(each -> each.cells().get(column.substring(0, column.length() - suffix.length()))
                                instanceof Number);
    }
}
