package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.OutputTable;
import io.nexusid.api.StateSpec;
import io.nexusid.api.StateSpec.EventMatch;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.graph.KeyDictionary;
import io.nexusid.states.StateNumbers;
import it.unimi.dsi.fastutil.ints.Int2LongOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link StateSpec}s of the configuration say: changes of state, each of an entity, told by events to their
 * participants and by traits to their owners. The events are read once; kept are those that some setting or end fits and
 * that have a participant.
 */
final class DeclaredChanges {
    private static final int NONE = -1;

    private final Run run;
    private final Identity identity;
    private final IdentifierEvents seen;
    private final StateTexts texts;
    private final StayEntities entities;
    private final List<Declared> states = new ArrayList<>();

    private final IntArrayList entity = new IntArrayList();
    private final IntArrayList state = new IntArrayList();
    private final IntArrayList value = new IntArrayList();
    private final LongArrayList number = new LongArrayList();
    private final LongArrayList occurredAt = new LongArrayList();
    private final IntArrayList trigger = new IntArrayList();
    private final KeyDictionary triggers = new KeyDictionary(64);

    private DeclaredChanges(
            Run run, Identity identity, IdentifierEvents seen, StateTexts texts, StayEntities entities) {
        this.run = run;
        this.identity = identity;
        this.seen = seen;
        this.texts = texts;
        this.entities = entities;
    }

    /** {@code events} is asked only where a state is set or ended by events. */
    static DeclaredChanges load(
            Run run,
            Identity identity,
            Stage<IdentifierEvents> events,
            StateTexts texts,
            StayEntities entities,
            WideValues values)
            throws IOException {
        IdentifierEvents seen = needEvents(run) ? events.get() : IdentifierEvents.none(run);
        DeclaredChanges changes = new DeclaredChanges(run, identity, seen, texts, entities);
        EventColumns columns = new EventColumns();
        for (StateSpec spec : run.config().states()) {
            changes.states.add(changes.new Declared(spec, columns, values));
        }
        if (needEvents(run)) {
            changes.addEvents(columns);
        }
        if (run.config().states().stream().anyMatch(DeclaredChanges::hasTraits)) {
            changes.addTraits();
        }
        return changes;
    }

    /** Whether some wanted state is set or ended by events. */
    static boolean needEvents(Run run) {
        return wantsStates(run)
                && run.config().states().stream()
                        .anyMatch(s -> !s.ends().isEmpty()
                                || s.settings().stream().anyMatch(StateSpec.ByEvent.class::isInstance));
    }

    /** Whether some wanted state is told to participants of certain roles. */
    static boolean needRoles(Run run) {
        return wantsStates(run)
                && run.config().states().stream().anyMatch(s -> !s.roles().isEmpty());
    }

    private static boolean wantsStates(Run run) {
        return OutputTable.ofStates().stream().anyMatch(run::wants);
    }

    private static boolean hasTraits(StateSpec spec) {
        return spec.settings().stream().anyMatch(StateSpec.ByTrait.class::isInstance);
    }

    /** The columns that events are matched by, each with the texts that are asked for. */
    private static final class EventColumns {
        private static final int ANY = -2;
        private final List<KeyDictionary> asked = new ArrayList<>();
        final List<CodedColumn> columns = new ArrayList<>();

        EventColumns() {
            for (int i = 0; i < EventMatch.COLUMNS.size(); i++) {
                KeyDictionary texts = new KeyDictionary(64);
                asked.add(texts);
                columns.add(new CodedColumn(texts));
            }
        }

        /** By column the code that fits. */
        int[] codes(EventMatch match) {
            int[] codes = new int[asked.size()];
            for (int i = 0; i < codes.length; i++) {
                String text = match.columns().get(EventMatch.COLUMNS.get(i));
                byte[] bytes = Bytes.of(text == null ? "" : text);
                codes[i] = text == null ? ANY : asked.get(i).add(0, bytes, 0, bytes.length);
            }
            return codes;
        }

        boolean fit(int[] codes, int row) {
            for (int i = 0; i < codes.length; i++) {
                if (codes[i] != ANY && codes[i] != columns.get(i).code(row)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** A setting or end by events. */
    private static final class Clause {
        /** By column of events the code that fits. */
        final int[] fits;
        /** The code it sets, -1 for none. */
        final int value;
        /** The number it sets. */
        final long number;
        /** By event the number, or the code of the value, it sets; null where it is the same for all. */
        final @Nullable Int2LongOpenHashMap ofEvent;

        final boolean measured;

        Clause(int[] fits, int value, long number, @Nullable Int2LongOpenHashMap ofEvent, boolean measured) {
            this.fits = fits;
            this.value = value;
            this.number = number;
            this.ofEvent = ofEvent;
            this.measured = measured;
        }

        /** Whether an event with a participant has the value it asks for. */
        boolean hasValue(int event) {
            return ofEvent == null || ofEvent.containsKey(event);
        }

        int value(int event) {
            return ofEvent == null || measured ? value : (int) ofEvent.get(event);
        }

        long number(int event) {
            return ofEvent == null || !measured ? number : ofEvent.get(event);
        }
    }

    /** A state with its texts as codes. */
    private final class Declared {
        final StateSpec spec;
        final int name;
        final int category;
        final long lasts;
        final int firstOrdinal;
        final int endOrdinal;
        final List<Clause> clauses = new ArrayList<>();

        Declared(StateSpec spec, EventColumns columns, WideValues values) throws IOException {
            this.spec = spec;
            this.name = texts.addName(spec.name());
            String word = spec.category();
            this.category = word == null ? NONE : texts.addCategory(word);
            this.lasts = micros(spec.lasts());
            this.firstOrdinal = identity.index().firstOfType(spec.entityType());
            this.endOrdinal = identity.index().endOfType(spec.entityType());
            for (StateSpec.Setting setting : spec.settings()) {
                if (setting instanceof StateSpec.ByEvent byEvent) {
                    clauses.add(clause(spec, columns.codes(byEvent.event()), byEvent.value(), values));
                }
            }
            for (EventMatch end : spec.ends()) {
                clauses.add(new Clause(columns.codes(end), NONE, StateNumbers.NULL, null, false));
            }
        }

        boolean has(int ordinal) {
            return ordinal >= firstOrdinal && ordinal < endOrdinal;
        }
    }

    private static long micros(@Nullable Duration length) {
        return length == null
                ? 0
                : Math.addExact(Math.multiplyExact(length.getSeconds(), 1_000_000L), length.getNano() / 1_000);
    }

    private Clause clause(StateSpec spec, int[] fits, StateSpec.Value set, WideValues values) throws IOException {
        if (set instanceof StateSpec.Value.Text text) {
            return new Clause(fits, texts.addValue(Bytes.of(text.text())), StateNumbers.NULL, null, false);
        }
        if (set instanceof StateSpec.Value.Numeric constant) {
            return new Clause(fits, NONE, run.log().stateUnit().constant(spec.name(), constant.number()), null, false);
        }
        Int2LongOpenHashMap ofEvent = new Int2LongOpenHashMap();
        KeyDictionary events = seen.eventIds();
        if (set instanceof StateSpec.Value.Measurement measurement) {
            run.log().stateUnit().refuseMeasurement(spec.name(), measurement.name());
            values.measurements().run().forEachCell(measurement.name(), (id, bits) -> {
                if (Double.isFinite(StateNumbers.value(bits))) {
                    putFirst(ofEvent, events.find(0, id, 0, id.length), bits);
                }
            });
            return new Clause(fits, NONE, StateNumbers.NULL, ofEvent, true);
        }
        String dimension = ((StateSpec.Value.Dimension) set).name();
        WideEvents dimensions = values.dimensions().run();
        dimensions.forEachCell(dimension, (id, cell) -> {
            int event = events.find(0, id, 0, id.length);
            if (event >= 0) {
                putFirst(ofEvent, event, texts.addValue(dimensions.label(dimension, cell)));
            }
        });
        return new Clause(fits, NONE, StateNumbers.NULL, ofEvent, false);
    }

    private static void putFirst(Int2LongOpenHashMap ofEvent, int event, long what) {
        if (event >= 0) {
            ofEvent.putIfAbsent(event, what);
        }
    }

    /** What events say, before it is known to whom; listed by event. */
    private final class Told {
        final IntArrayList state = new IntArrayList();
        final IntArrayList value = new IntArrayList();
        final LongArrayList number = new LongArrayList();
        final LongArrayList occurredAt = new LongArrayList();
        final IntArrayList event = new IntArrayList();
        final IntArrayList next = new IntArrayList();
        final int[] firstOfEvent;

        Told() {
            firstOfEvent = new int[seen.eventIds().size()];
            Arrays.fill(firstOfEvent, NONE);
        }

        void add(int ofState, Clause clause, int ofEvent, long at) {
            state.add(ofState);
            value.add(clause.value(ofEvent));
            number.add(clause.number(ofEvent));
            occurredAt.add(at);
            event.add(ofEvent);
            next.add(firstOfEvent[ofEvent]);
            firstOfEvent[ofEvent] = next.size() - 1;
        }
    }

    private void addEvents(EventColumns columns) throws IOException {
        Told told = new Told();
        LongArrayList instants = new LongArrayList();
        LoadedTable.Request request = LoadedTable.of(InputTable.EVENTS);
        for (int i = 0; i < EventMatch.COLUMNS.size(); i++) {
            request.batchCodes(EventMatch.COLUMNS.get(i), columns.columns.get(i));
        }
        request.instants("occurred_at", instants)
                .each("event_id", block -> match(block, columns, instants, told))
                .load(run)
                .close();
        tellParticipants(told);
    }

    private void match(TextBlock block, EventColumns columns, LongArrayList instants, Told told) {
        int from = instants.size() - block.rows();
        for (int row = 0; row < block.rows(); row++) {
            int event = NONE;
            for (int s = 0; s < states.size(); s++) {
                for (Clause clause : states.get(s).clauses) {
                    if (!columns.fit(clause.fits, row)) {
                        continue;
                    }
                    event = event >= 0
                            ? event
                            : seen.eventIds().find(0, block.bytes(), block.from(row), block.length(row));
                    if (event < 0) {
                        break;
                    }
                    if (clause.hasValue(event)) {
                        told.add(s, clause, event, instants.getLong(from + row));
                        break;
                    }
                }
            }
        }
    }

    private void tellParticipants(Told told) {
        EntityRows pairs = EntityRows.of(identity);
        boolean[][] roles = new boolean[states.size()][];
        for (int s = 0; s < roles.length; s++) {
            roles[s] = roles(states.get(s).spec, seen.role());
        }
        LongArrayList pairsTold = new LongArrayList();
        for (int i = 0; i < pairs.size(); i++) {
            int event = seen.event().code(pairs.row(i));
            int ordinal = pairs.ordinal(i);
            for (int t = event < 0 || ordinal < 0 ? NONE : told.firstOfEvent[event]; t >= 0; t = told.next.getInt(t)) {
                int s = told.state.getInt(t);
                boolean anyRole = states.get(s).spec.roles().isEmpty();
                int role = anyRole ? NONE : seen.role().code(pairs.row(i));
                if (states.get(s).has(ordinal) && (anyRole || (role >= 0 && roles[s][role]))) {
                    pairsTold.add(((long) t << 32) | ordinal);
                }
            }
        }
        long[] sorted = pairsTold.toLongArray();
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                int t = (int) (sorted[i] >>> 32);
                byte[] id = seen.eventIds().bytes(told.event.getInt(t));
                add(
                        told.state.getInt(t),
                        (int) sorted[i],
                        told.value.getInt(t),
                        told.number.getLong(t),
                        told.occurredAt.getLong(t),
                        triggers.add(0, id, 0, id.length));
            }
        }
    }

    /** By code of a role whether it is wanted. */
    private static boolean[] roles(StateSpec spec, CodedColumn roles) {
        boolean[] wanted = new boolean[roles.distinct()];
        for (int code = 0; code < wanted.length; code++) {
            wanted[code] = spec.roles().contains(roles.text(code));
        }
        return wanted;
    }

    private void add(int ofState, int ordinal, int toValue, long toNumber, long at, int because) {
        entity.add(entities.add(ordinal));
        state.add(ofState);
        value.add(toValue);
        number.add(toNumber);
        occurredAt.add(at);
        trigger.add(because);
    }

    private void addTraits() throws IOException {
        CodedColumn type = new CodedColumn(run.entityTypes());
        CodedColumn identifierType = new CodedColumn(run.identifierTypes());
        IntArrayList ownerOfRow = new IntArrayList();
        IdentifierOwners owners = new IdentifierOwners(run, identity);
        try (LoadedTable traits = LoadedTable.of(InputTable.ENTITY_TRAITS)
                .batchCodes("entity_type", type)
                .batchCodes("identifier_type", identifierType)
                .each(
                        "identifier_value",
                        block -> owners.add(type.codes(), identifierType.codes(), 0, block, ownerOfRow, block.rows()))
                .codes("trait_name")
                .texts("trait_value", "event_id")
                .instants("occurred_at")
                .load(run)) {
            long withoutInstant = 0;
            for (int s = 0; s < states.size(); s++) {
                for (StateSpec.Setting setting : states.get(s).spec.settings()) {
                    if (setting instanceof StateSpec.ByTrait byTrait) {
                        withoutInstant += addTrait(s, byTrait.trait(), traits, ownerOfRow);
                    }
                }
            }
            run.unmatched(InputTable.ENTITY_TRAITS, "state_without_instant", withoutInstant);
        }
    }

    /** The answer is how many values set nothing because they have no instant. */
    private long addTrait(int s, String name, LoadedTable traits, IntArrayList ownerOfRow) {
        long withoutInstant = 0;
        CodedColumn names = traits.codes("trait_name");
        for (int row = 0; row < traits.rows(); row++) {
            int owner = ownerOfRow.getInt(row);
            if (owner < 0
                    || !states.get(s).has(owner)
                    || !names.text(names.code(row)).equals(name)) {
                continue;
            }
            long at = traits.instants("occurred_at")[row];
            if (at == Instants.NULL) {
                withoutInstant++;
                continue;
            }
            byte[] text = traits.texts("trait_value").bytes(row);
            byte[] id = traits.texts("event_id").bytes(row);
            add(
                    s,
                    owner,
                    text == null ? NONE : texts.addValue(text),
                    StateNumbers.NULL,
                    at,
                    id == null ? NONE : triggers.add(0, id, 0, id.length));
        }
        return withoutInstant;
    }

    int size() {
        return entity.size();
    }

    int entity(int change) {
        return entity.getInt(change);
    }

    int name(int change) {
        return states.get(state.getInt(change)).name;
    }

    /** -1 for null. */
    int value(int change) {
        return value.getInt(change);
    }

    long number(int change) {
        return number.getLong(change);
    }

    /** -1 if the state says none. */
    int category(int change) {
        return states.get(state.getInt(change)).category;
    }

    long occurredAt(int change) {
        return occurredAt.getLong(change);
    }

    /** Microseconds, 0 for until the next change. */
    long lasts(int change) {
        return states.get(state.getInt(change)).lasts;
    }

    byte @Nullable [] trigger(int change) {
        int code = trigger.getInt(change);
        return code < 0 ? null : triggers.bytes(code);
    }
}
