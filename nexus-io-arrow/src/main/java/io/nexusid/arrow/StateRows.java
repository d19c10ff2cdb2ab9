package io.nexusid.arrow;

import io.nexusid.api.DerivedStateSpec;
import io.nexusid.api.SurrogateKey;
import io.nexusid.graph.KeyDictionary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * All stays in one numbering: first the rows of {@code states} as they are given, then those that follow from changes,
 * then derived states in the order of the configuration.
 */
final class StateRows implements AutoCloseable {
    private final StateTexts texts = new StateTexts();
    private final StayEntities entities;
    private final GivenStays given;
    private final ChangedStays changed;
    private final List<Stays> parts = new ArrayList<>();
    /** By part, the number of its first stay. */
    private int[] starts = {0};

    private StateRows(Run run, Identity identity, Stage<IdentifierEvents> events, WideValues values)
            throws IOException {
        this.entities = new StayEntities(run, identity);
        this.given = new GivenStays(run, identity, texts, entities);
        DeclaredChanges declared = DeclaredChanges.load(run, identity, events, texts, entities, values);
        this.changed = new ChangedStays(run, identity, texts, entities, declared);
        entities.rank();
        given.check();
        changed.makeStays();
        addPart(given);
        addPart(changed);
        for (DerivedStateSpec spec : run.config().derivedStates()) {
            addPart(new DerivedStays(run, this, texts, spec));
        }
    }

    static StateRows load(Run run, Identity identity, Stage<IdentifierEvents> events, WideValues values)
            throws IOException {
        return new StateRows(run, identity, events, values);
    }

    private void addPart(Stays part) {
        parts.add(part);
        int[] longer = Arrays.copyOf(starts, starts.length + 1);
        longer[starts.length] = Math.addExact(starts[starts.length - 1], part.size());
        starts = longer;
    }

    /** The entities of the stays. */
    StayEntities entities() {
        return entities;
    }

    /** The rows of {@code states} as they were given, and what is wrong with them. */
    GivenStays given() {
        return given;
    }

    KeyDictionary names() {
        return texts.names();
    }

    CodedColumn values() {
        return texts.values();
    }

    CodedColumn categories() {
        return texts.categories();
    }

    /** Number of stays, those set aside not counted. */
    int size() {
        return starts[starts.length - 1];
    }

    private int partOf(int stay) {
        int part = 0;
        while (stay >= starts[part + 1]) {
            part++;
        }
        return part;
    }

    /** Number of (entity type, id text). */
    int entity(int stay) {
        int part = partOf(stay);
        return parts.get(part).entity(stay - starts[part]);
    }

    /** Position of the stay's entity id among all ids, the same for entities of different types that share one. */
    int idRank(int stay) {
        return entities.idRank(entity(stay));
    }

    /** Position of the stay's entity among all by (id, type). */
    int entityRank(int stay) {
        return entities.rank(entity(stay));
    }

    /** Position of an entity of this run among those with stays by (id, type), -1 if it has none. */
    int rankOfOrdinal(int ordinal) {
        return entities.rankOfOrdinal(ordinal);
    }

    /** Whether any two entities have the same id. */
    boolean hasSharedIds() {
        return entities.hasSharedIds();
    }

    /** Orders entities by the bytes of the id alone; entities of different types may be equal. */
    int compareEntityIds(int a, int b) {
        return entities.compareIds(a, b);
    }

    /** Orders entities by the bytes of their type's name. */
    int compareEntityTypes(int a, int b) {
        return entities.compareTypes(a, b);
    }

    void appendEntityId(int entity, OutputColumn.Scratch out) {
        entities.appendId(entity, out);
    }

    /** The columns, and behind them the entities' keys if the run is to have them; unknown entities have none. */
    List<OutputColumn> withKeys(List<OutputColumn> columns, IntUnaryOperator entity) {
        return entities.withKeys(columns, entity);
    }

    /** Adds the id of an entity as a part of a key. */
    SurrogateKey addEntityId(int entity, SurrogateKey key) {
        return entities.addId(entity, key);
    }

    byte[] entityId(int entity) {
        return entities.id(entity);
    }

    byte[] entityTypeName(int entity) {
        return entities.typeName(entity);
    }

    /** Code of the state's name. */
    int name(int stay) {
        int part = partOf(stay);
        return parts.get(part).name(stay - starts[part]);
    }

    /** Code of the value, -1 for null. */
    int value(int stay) {
        int part = partOf(stay);
        return parts.get(part).value(stay - starts[part]);
    }

    long number(int stay) {
        int part = partOf(stay);
        return parts.get(part).number(stay - starts[part]);
    }

    /** Code of the category, -1 for null. */
    int category(int stay) {
        int part = partOf(stay);
        return parts.get(part).category(stay - starts[part]);
    }

    boolean isMeasurement(int stay) {
        return category(stay) == texts.measurement;
    }

    /** Whether the stay's category gives its state a column: dimension, measurement or none. */
    boolean hasColumn(int stay) {
        int category = category(stay);
        return category < 0 || category == texts.dimension || category == texts.measurement;
    }

    long enteredAt(int stay) {
        int part = partOf(stay);
        return parts.get(part).enteredAt(stay - starts[part]);
    }

    long exitedAt(int stay) {
        int part = partOf(stay);
        return parts.get(part).exitedAt(stay - starts[part]);
    }

    /** 1, 0 or -1. */
    int isCurrent(int stay) {
        int part = partOf(stay);
        return parts.get(part).isCurrent(stay - starts[part]);
    }

    void copyTriggerTo(int stay, TextAppender out) {
        int part = partOf(stay);
        parts.get(part).copyTriggerTo(stay - starts[part], out);
    }

    byte @Nullable [] trigger(int stay) {
        int part = partOf(stay);
        return parts.get(part).trigger(stay - starts[part]);
    }

    /** Orders two stays by their trigger, nulls last. */
    int compareTriggers(int a, int b) {
        int part = partOf(a);
        return part == partOf(b)
                ? parts.get(part).compareTriggers(a - starts[part], b - starts[part])
                : ChangedStays.compareTexts(trigger(a), trigger(b));
    }

    @Override
    public void close() {
        given.close();
        changed.close();
    }
}
