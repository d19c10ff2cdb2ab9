package io.nexusid.api;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Events out of an input file that shows, again and again, the current value of a field: an event for each value a key was
 * seen with, or for each time its value changed. They join the table of events before anything is resolved;
 * {@code docs/configuration.md} has the JSON form.
 *
 * @param file the file, relative to the input folder, with {@code /}
 * @param entityKey the column that tells whose value a row shows
 * @param value the column with the value; two are equal if their texts are
 * @param observedAt the column with the instant at which the row was true
 * @param grain what makes an event
 * @param occurredAt where the events' {@code occurred_at} comes from
 * @param event the texts that all its events have
 * @param entity who the events are about, or null if that is said elsewhere
 * @param dimension the name under which the value joins {@code event_dimensions}, or null if it does not
 * @param measurement the measurement that the value, a number, joins {@code event_measurements} as, or null
 * @param extraColumns further columns, which join {@code event_dimensions} under their own names
 * @param extras which of an event's rows give it the extra columns
 */
public record SnapshotDiffSpec(
        String file,
        String entityKey,
        String value,
        String observedAt,
        Grain grain,
        OccurredAt occurredAt,
        EventTexts event,
        @Nullable Entity entity,
        @Nullable String dimension,
        @Nullable Measurement measurement,
        List<String> extraColumns,
        Extras extras) {

    /** The column that says when a row was true, if none is named. */
    public static final String DEFAULT_OBSERVED_AT = "_ingested_at";
    /** The source of events that name none. */
    public static final String DEFAULT_SOURCE = "unknown";

    /** What makes an event. */
    public enum Grain {
        /** A value a key was not seen with before. */
        DISTINCT_VALUE,
        /** A value other than the one seen before. */
        CHANGE
    }

    /** Where an event's {@code occurred_at} comes from. */
    public enum OccurredAt {
        /** The value, which is an instant itself. */
        VALUE,
        /** The first observation of the event's group. */
        OBSERVED
    }

    /** Which of an event's rows give it its extra columns. */
    public enum Extras {
        /** The greatest of each column over all of them, as the reference has it. */
        MAX,
        /** The first of them. */
        FIRST
    }

    /**
     * What all events of a diff say of themselves.
     *
     * @param name event_name
     * @param type event_type; null is the name
     * @param description event_description; null is the name, a colon and the key
     * @param source the source of everything that joins
     */
    public record EventTexts(
            String name, @Nullable String type, @Nullable String description, String source) {
        /** Checks that there is a name. */
        public EventTexts {
            if (name.isEmpty()) {
                throw new NexusConfigException("", "events of a snapshot diff need an event_name");
            }
        }

        /** Events of this name with all defaults. */
        public static EventTexts named(String name) {
            return new EventTexts(name, null, null, DEFAULT_SOURCE);
        }
    }

    /**
     * Who an event is about: the key is this identifier, observed in the event.
     *
     * @param entityType the entity's type
     * @param identifierType the type of identifier that the key is
     * @param role the role in which the entity takes part, or null
     */
    public record Entity(
            String entityType,
            String identifierType,
            @Nullable String role) {}

    /**
     * What the value measures.
     *
     * @param name measurement_name
     * @param unit value_unit, or null
     */
    public record Measurement(String name, @Nullable String unit) {}

    /** Copies the list, and checks that the settings go together. */
    public SnapshotDiffSpec {
        extraColumns = List.copyOf(extraColumns);
        if (file.isEmpty()
                || file.startsWith("/")
                || List.of(file.split("/", -1)).contains("..")) {
            throw new NexusConfigException("/file", "'" + file + "' is no name of a file inside the input folder");
        }
        if (grain == Grain.CHANGE && occurredAt == OccurredAt.VALUE) {
            throw new NexusConfigException(
                    "/occurred_at", "changes occur when they are observed: a value may come back");
        }
        List<String> named = new ArrayList<>(List.of(entityKey, value, observedAt));
        named.addAll(extraColumns);
        Set<String> seen = new HashSet<>();
        for (String column : named) {
            if (!seen.add(column)) {
                throw new NexusConfigException("", "column " + column + " is named twice");
            }
        }
    }

    /** The columns that the file must have, in the order key, value, instant, extra columns. */
    public List<String> columns() {
        List<String> columns = new ArrayList<>(List.of(entityKey, value, observedAt));
        columns.addAll(extraColumns);
        return columns;
    }

    /**
     * A diff with all defaults: an event for each value of a key, which is an instant.
     *
     * @param file the file, relative to the input folder
     * @param entityKey the column that tells whose value a row shows
     * @param value the column with the value
     * @param eventName what the events are called
     */
    public static Builder of(String file, String entityKey, String value, String eventName) {
        return new Builder(file, entityKey, value, eventName);
    }

    /** Collects settings; what is not set has the reference's default. */
    public static final class Builder {
        private final String file;
        private final String entityKey;
        private final String value;
        private EventTexts event;
        private String observedAt = DEFAULT_OBSERVED_AT;
        private Grain grain = Grain.DISTINCT_VALUE;
        private OccurredAt occurredAt = OccurredAt.VALUE;
        private @Nullable Entity entity;
        private @Nullable String dimension;
        private @Nullable Measurement measurement;
        private List<String> extraColumns = List.of();
        private Extras extras = Extras.MAX;

        private Builder(String file, String entityKey, String value, String eventName) {
            this.file = file;
            this.entityKey = entityKey;
            this.value = value;
            this.event = EventTexts.named(eventName);
        }

        /** Sets all texts of the events, the name too. */
        public Builder event(EventTexts texts) {
            this.event = texts;
            return this;
        }

        /** Sets the column that says when a row was true. */
        public Builder observedAt(String column) {
            this.observedAt = column;
            return this;
        }

        /** Sets what makes an event. */
        public Builder grain(Grain what) {
            this.grain = what;
            return this;
        }

        /** Sets where {@code occurred_at} comes from. */
        public Builder occurredAt(OccurredAt where) {
            this.occurredAt = where;
            return this;
        }

        /** Says who the events are about. */
        public Builder entity(Entity who) {
            this.entity = who;
            return this;
        }

        /** Lets the value join {@code event_dimensions} under this name. */
        public Builder dimension(String name) {
            this.dimension = name;
            return this;
        }

        /** Lets the value, a number, join {@code event_measurements}. */
        public Builder measurement(Measurement what) {
            this.measurement = what;
            return this;
        }

        /** Lets further columns join {@code event_dimensions} under their own names. */
        public Builder extraColumns(List<String> columns, Extras which) {
            this.extraColumns = List.copyOf(columns);
            this.extras = which;
            return this;
        }

        /** Checks that the settings go together. */
        public SnapshotDiffSpec build() {
            return new SnapshotDiffSpec(
                    file,
                    entityKey,
                    value,
                    observedAt,
                    grain,
                    occurredAt,
                    event,
                    entity,
                    dimension,
                    measurement,
                    extraColumns,
                    extras);
        }
    }
}
