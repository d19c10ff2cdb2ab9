package io.nexusid.api;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A state that follows from events: which events or traits set it, to what, and when it ends. What it says joins the rows
 * of {@code state_changes} before stays are made of them; {@code docs/configuration.md} has the JSON form.
 *
 * <p>An event is told to each of its participants of the entity type, at the event's own instant, and triggers the
 * change. The first setting that fits an event decides what it says; if none fits, the first end does.
 *
 * @param name the state's name
 * @param category null for {@code measurement} where only a number is set, else {@code dimension}
 * @param entityType the configured type of entity that has the state
 * @param roles the roles of participants that are told; empty is any
 * @param settings in order; at least one
 * @param ends the events that end the state
 * @param lasts how long it lasts after each setting, if nothing else happens; null is until something does
 */
public record StateSpec(
        String name,
        @Nullable String category,
        String entityType,
        Set<String> roles,
        List<Setting> settings,
        List<EventMatch> ends,
        @Nullable Duration lasts) {

    /** Copies the lists, and checks that there is something to say. */
    public StateSpec {
        roles = Set.copyOf(roles);
        settings = List.copyOf(settings);
        ends = List.copyOf(ends);
        if (name.isEmpty()) {
            throw new NexusConfigException("", "a state needs a name");
        }
        if (settings.isEmpty()) {
            throw new NexusConfigException("", "state '" + name + "' is set by nothing");
        }
        if (lasts != null && (lasts.isNegative() || lasts.toNanos() < 1_000)) {
            throw new NexusConfigException("", "state '" + name + "' lasts for less than a microsecond");
        }
    }

    /** What sets the state. */
    public sealed interface Setting {}

    /** An event sets it to a value. An event that lacks the value does not fit. */
    public record ByEvent(EventMatch event, Value value) implements Setting {}

    /** Each row of {@code entity_traits} with this name sets it to the trait's value; null ends it. */
    public record ByTrait(String trait) implements Setting {}

    /** What an event sets the state to. */
    public sealed interface Value {
        /** This text, as {@code state_value}. */
        record Text(String text) implements Value {}

        /** This number, as {@code state_numeric_value}. */
        record Numeric(double number) implements Value {
            public Numeric {
                if (!Double.isFinite(number)) {
                    throw new NexusConfigException("", number + " is no number for a state");
                }
            }
        }

        /** The event's measurement of this name, aggregated as in the wide table. */
        record Measurement(String name) implements Value {}

        /** The event's dimension of this name, as in the wide table. */
        record Dimension(String name) implements Value {}
    }

    /**
     * Events in which all these columns have these texts, exactly.
     *
     * @param columns of {@link #COLUMNS}; at least one
     */
    public record EventMatch(Map<String, String> columns) {
        /** The columns that can be asked for. */
        public static final List<String> COLUMNS = List.of("event_name", "event_type", "source", "source_table");

        /** Copies the columns. */
        public EventMatch {
            columns = Map.copyOf(new TreeMap<>(columns));
            if (columns.isEmpty() || !COLUMNS.containsAll(columns.keySet())) {
                throw new NexusConfigException("", "an event is matched by some of " + String.join(", ", COLUMNS));
            }
        }

        /** Events of this name. */
        public static EventMatch named(String eventName) {
            return new EventMatch(Map.of("event_name", eventName));
        }

        /** Events of this type. */
        public static EventMatch ofType(String eventType) {
            return new EventMatch(Map.of("event_type", eventType));
        }
    }

    /** Starts a state of this name for entities of this type. */
    public static Builder of(String name, String entityType) {
        return new Builder(name, entityType);
    }

    /** Collects what is known of a state. */
    public static final class Builder {
        private final String name;
        private final String entityType;
        private final Set<String> roles = new LinkedHashSet<>();
        private final List<Setting> settings = new ArrayList<>();
        private final List<EventMatch> ends = new ArrayList<>();
        private @Nullable String category;
        private @Nullable Duration lasts;

        private Builder(String name, String entityType) {
            this.name = Objects.requireNonNull(name);
            this.entityType = Objects.requireNonNull(entityType);
        }

        /** Says what the state is, {@code dimension} or {@code measurement}. */
        public Builder category(@Nullable String word) {
            this.category = word;
            return this;
        }

        /** Tells only participants in one of these roles. */
        public Builder roles(String... names) {
            roles.addAll(List.of(names));
            return this;
        }

        /** Such an event sets the state to this text. */
        public Builder set(EventMatch event, String value) {
            return set(new ByEvent(event, new Value.Text(value)));
        }

        /** Such an event sets the state to its measurement of this name. */
        public Builder setToMeasurement(EventMatch event, String measurement) {
            return set(new ByEvent(event, new Value.Measurement(measurement)));
        }

        /** Such an event sets the state to its dimension of this name. */
        public Builder setToDimension(EventMatch event, String dimension) {
            return set(new ByEvent(event, new Value.Dimension(dimension)));
        }

        /** The state is what a trait is. */
        public Builder setByTrait(String trait) {
            return set(new ByTrait(trait));
        }

        /** Adds a setting. */
        public Builder set(Setting setting) {
            settings.add(setting);
            return this;
        }

        /** Such an event ends the state. */
        public Builder endOn(EventMatch event) {
            ends.add(event);
            return this;
        }

        /** The state ends by itself this long after it was last set. */
        public Builder endAfter(Duration length) {
            this.lasts = length;
            return this;
        }

        /**
         * The state.
         *
         * @throws NexusConfigException if nothing sets it, or it cannot be so
         */
        public StateSpec build() {
            return new StateSpec(name, category, entityType, roles, settings, ends, lasts);
        }
    }

    /**
     * A length of time in days and less: {@code P30D}, {@code PT12H}; a day is 24 hours.
     *
     * @throws NexusConfigException if the text is none
     */
    public static Duration length(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeException e) {
            throw new NexusConfigException("", "'" + text + "' is no length of time such as P30D or PT12H", e);
        }
    }
}
