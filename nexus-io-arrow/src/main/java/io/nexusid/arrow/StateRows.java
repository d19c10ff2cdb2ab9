package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.InputTable;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.graph.KeyDictionary;
import io.nexusid.states.StateNumbers;
import io.nexusid.states.StateStays;
import io.nexusid.states.StayChecks;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All stays in one numbering: first the rows of {@code states} as they are given, then those that follow from
 * {@code state_changes}. Names, values and categories are codes shared by both; an entity is the text of its id with its
 * type, because a given stay may name an entity that is not known.
 */
final class StateRows implements AutoCloseable {
    private static final int NONE = -1;
    private static final byte[] DIMENSION = Bytes.of("dimension");
    private static final byte[] MEASUREMENT = Bytes.of("measurement");

    private final Run run;
    private final Identity identity;
    private final IdentifierOwners owners;
    private final boolean givenHasCategory;

    private final KeyDictionary nameTexts = new KeyDictionary(64);
    private final KeyDictionary valueTexts = new KeyDictionary(1024);
    private final KeyDictionary categoryTexts = new KeyDictionary(8);
    private final int dimension = categoryTexts.add(0, DIMENSION, 0, DIMENSION.length);
    private final int measurement = categoryTexts.add(0, MEASUREMENT, 0, MEASUREMENT.length);

    /** (entity type code, id text). */
    private final KeyDictionary entityIds = new KeyDictionary(1024);

    private final int[] entityOfOrdinal;
    /** -1 for entities that are not known. */
    private final IntArrayList ordinalOfEntity = new IntArrayList();

    private final IntArrayList givenEntity = new IntArrayList();
    private final IntArrayList changeOwner = new IntArrayList();
    private final long expectedChanges;
    private final CodedColumn givenType;
    private final CodedColumn changeType;
    private final CodedColumn changeIdentifierType;
    private final LoadedTable given;
    private final LoadedTable changes;
    private final StayColumns givenColumns;
    private final StayColumns changeColumns;
    private final long[] givenEntered;
    private final long[] givenExited;
    private final int[] givenCurrent;
    /** Changes with an owner: the row and the entity; a shared registered source id repeats its row. */
    private final IntArrayList changeRow = new IntArrayList();

    private final IntArrayList changeEntity = new IntArrayList();
    private final StayChecks checks;
    /** The given stays that are not set aside, as rows of their table. */
    private final int[] kept;

    private final StateStays stays;
    private final int[] entityRanks;
    private final int[] idRanks;
    private long unknownEntities;

    private StateRows(Run run, Identity identity) throws IOException {
        this.run = run;
        this.identity = identity;
        this.owners = new IdentifierOwners(run, identity);
        this.givenHasCategory = run.log().has(InputTable.STATES, "state_category");
        this.expectedChanges = run.log().announcedRows(InputTable.STATE_CHANGES);
        this.entityOfOrdinal = new int[identity.index().count()];
        Arrays.fill(entityOfOrdinal, NONE);
        this.givenType = new CodedColumn(run.entityTypes());
        this.changeType = new CodedColumn(run.entityTypes());
        this.changeIdentifierType = new CodedColumn(run.identifierTypes());
        this.given = columns(LoadedTable.of(InputTable.STATES).batchCodes("entity_type", givenType))
                .each("entity_id", this::addGivenEntities)
                .texts("trigger_event_id")
                .instants("state_entered_at", "state_exited_at")
                .flags("is_current")
                .load(run);
        this.changes = loadChanges();
        this.givenColumns = new StayColumns(given, "trigger_event_id");
        this.changeColumns = new StayColumns(changes, "event_id");
        this.givenEntered = given.instants("state_entered_at");
        this.givenExited = given.instants("state_exited_at");
        this.givenCurrent = given.flags("is_current");
        addOwners();
        this.entityRanks = entityRanks();
        this.idRanks = idRanks();
        this.checks = checks();
        this.kept = kept();
        this.stays = StateStays.fromChanges(
                changeRow.size(),
                mapped(changeEntity, entityRanks),
                ofChanges(changeColumns.name.ranks()),
                ofChanges(changes.instants("occurred_at")),
                ofChanges(changeColumns.value.ranks()),
                ofChanges(changeColumns.number),
                changeCategories(),
                (a, b) -> changeColumns.trigger.compare(changeRow.getInt(a), changeRow.getInt(b)));
        run.unmatched(InputTable.STATE_CHANGES, "superseded", stays.superseded());
    }

    /** The columns that both tables have, looked up once. */
    private static final class StayColumns {
        final CodedColumn name;
        final CodedColumn value;
        final CodedColumn category;
        final long[] number;
        final TextColumn trigger;

        StayColumns(LoadedTable table, String trigger) {
            this.name = table.codes("state_name");
            this.value = table.codes("state_value");
            this.category = table.codes("state_category");
            this.number = table.numbers("state_numeric_value");
            this.trigger = table.texts(trigger);
        }
    }

    static StateRows load(Run run, Identity identity) throws IOException {
        return new StateRows(run, identity);
    }

    private LoadedTable loadChanges() throws IOException {
        return columns(LoadedTable.of(InputTable.STATE_CHANGES)
                        .batchCodes("entity_type", changeType)
                        .batchCodes("identifier_type", changeIdentifierType))
                .each("identifier_value", this::addChangeOwners)
                .texts("event_id")
                .instants("occurred_at")
                .load(run);
    }

    private LoadedTable.Request columns(LoadedTable.Request request) {
        return request.codes("state_name", new CodedColumn(nameTexts))
                .codes("state_value", new CodedColumn(valueTexts))
                .codes("state_category", new CodedColumn(categoryTexts))
                .numbers("state_numeric_value");
    }

    private void addGivenEntities(TextBlock block) {
        for (int i = 0; i < block.rows(); i++) {
            int type = givenType.code(i);
            int entity = entityIds.add(type, block.bytes(), block.from(i), block.length(i));
            String typeName = new String(run.entityTypeNames().bytes(type), UTF_8);
            int ordinal = identity.index().find(typeName, block.bytes(), block.from(i), block.length(i));
            if (ordinal < 0) {
                unknownEntities++;
            }
            setOrdinal(entity, ordinal);
            givenEntity.add(entity);
        }
        run.unmatched(InputTable.STATES, "unknown_entity", unknownEntities);
    }

    private void addChangeOwners(TextBlock block) {
        owners.add(changeType.codes(), changeIdentifierType.codes(), 0, block, changeOwner, expectedChanges);
    }

    private void addOwners() {
        long unowned = 0;
        for (int row = 0; row < changes.rows(); row++) {
            int change = row;
            if (changeOwner.getInt(row) == IdentifierOwners.NONE) {
                unowned++;
            }
            owners.forEach(changeOwner.getInt(row), ordinal -> addChange(change, ordinal));
        }
        run.unmatched(InputTable.STATE_CHANGES, "no_owner", unowned);
    }

    private void addChange(int row, int ordinal) {
        int entity = entityOfOrdinal[ordinal];
        if (entity < 0) {
            byte[] typeName = Bytes.of(identity.index().typeName(ordinal));
            int type = run.entityTypes().add(typeName);
            byte[] id = identity.index().idBytes(ordinal);
            entity = entityIds.add(type, id, 0, id.length);
            entityOfOrdinal[ordinal] = entity;
            setOrdinal(entity, ordinal);
        }
        changeRow.add(row);
        changeEntity.add(entity);
    }

    private void setOrdinal(int entity, int ordinal) {
        if (entity == ordinalOfEntity.size()) {
            ordinalOfEntity.add(ordinal);
        }
    }

    /** Entities by (id, type name) in byte order. Where all are known, that is the order the index has. */
    private int[] entityRanks() {
        if (given.rows() == 0) {
            return ranksOfIndex();
        }
        int[] order = new int[entityIds.size()];
        Arrays.setAll(order, i -> i);
        IntArrays.quickSort(order, (a, b) -> {
            int byId = entityIds.compare(a, b);
            return byId != 0 ? byId : run.entityTypeNames().compare(entityIds.kind(a), entityIds.kind(b));
        });
        int[] ranks = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            ranks[order[i]] = i;
        }
        return ranks;
    }

    private int[] ranksOfIndex() {
        int[] ordinalOfRank = new int[entityOfOrdinal.length];
        int[] rankOfOrdinal = identity.index().idRanks();
        for (int ordinal = 0; ordinal < rankOfOrdinal.length; ordinal++) {
            ordinalOfRank[rankOfOrdinal[ordinal]] = ordinal;
        }
        int[] ranks = new int[entityIds.size()];
        int next = 0;
        for (int ordinal : ordinalOfRank) {
            if (entityOfOrdinal[ordinal] >= 0) {
                ranks[entityOfOrdinal[ordinal]] = next++;
            }
        }
        return ranks;
    }

    private int[] idRanks() {
        if (given.rows() == 0 && !identity.index().hasSharedIds()) {
            return entityRanks;
        }
        int[] entityOfRank = new int[entityRanks.length];
        for (int entity = 0; entity < entityRanks.length; entity++) {
            entityOfRank[entityRanks[entity]] = entity;
        }
        int[] ranks = new int[entityRanks.length];
        int rank = 0;
        for (int i = 0; i < entityOfRank.length; i++) {
            if (i > 0 && entityIds.compare(entityOfRank[i - 1], entityOfRank[i]) != 0) {
                rank++;
            }
            ranks[entityOfRank[i]] = rank;
        }
        return ranks;
    }

    private StayChecks checks() {
        return StayChecks.compute(
                given.rows(),
                mapped(givenEntity, entityRanks),
                givenColumns.name.ranks(),
                givenEntered,
                givenExited,
                givenCurrent,
                givenColumns.number,
                this::compareGiven,
                run.config().stayPolicy());
    }

    private int compareGiven(int a, int b) {
        int order = givenColumns.trigger.compare(a, b);
        order = order != 0 ? order : values().compareCodes(givenColumns.value.code(a), givenColumns.value.code(b));
        order = order != 0 ? order : StateNumbers.compare(givenColumns.number[a], givenColumns.number[b]);
        order = order != 0
                ? order
                : categories().compareCodes(givenColumns.category.code(a), givenColumns.category.code(b));
        // -1, nothing said, is the greatest unsigned.
        return order != 0 ? order : Integer.compareUnsigned(givenCurrent[a], givenCurrent[b]);
    }

    private int[] kept() {
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < checks.findings(); i++) {
            counts.merge(checks.fault(i).code(), 1L, Long::sum);
        }
        counts.forEach((code, rows) -> run.unmatched(InputTable.STATES, code, rows));
        return IntStream.range(0, given.rows()).filter(row -> !isSetAside(row)).toArray();
    }

    /** Whether this given stay is left out. */
    private boolean isSetAside(int givenRow) {
        return !run.config().compat().takesStaysAsGiven() && checks.isSetAside(givenRow);
    }

    private static int[] mapped(IntArrayList codes, int[] ranks) {
        int[] out = new int[codes.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = ranks[codes.getInt(i)];
        }
        return out;
    }

    private int[] ofChanges(int[] byRow) {
        int[] out = new int[changeRow.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = byRow[changeRow.getInt(i)];
        }
        return out;
    }

    private long[] ofChanges(long[] byRow) {
        long[] out = new long[changeRow.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = byRow[changeRow.getInt(i)];
        }
        return out;
    }

    private int[] changeCategories() {
        int[] ranks = categories().rankOfCode();
        int[] out = new int[changeRow.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = ranks[categoryOfChange(changeRow.getInt(i))];
        }
        return out;
    }

    private int categoryOfChange(int row) {
        int category = changeColumns.category.code(row);
        if (category >= 0) {
            return category;
        }
        boolean onlyNumber = changeColumns.value.code(row) < 0 && !StateNumbers.isNull(changeColumns.number[row]);
        return onlyNumber ? measurement : dimension;
    }

    /** Number of stays, those set aside not counted. */
    int size() {
        return kept.length + stays.size();
    }

    private boolean isGiven(int stay) {
        return stay < kept.length;
    }

    /** The change that opened a stay, as an index into the owned changes. */
    private int opening(int stay) {
        return stays.row(stay - kept.length);
    }

    private StayColumns columns(int stay) {
        return isGiven(stay) ? givenColumns : changeColumns;
    }

    private int row(int stay) {
        return isGiven(stay) ? kept[stay] : changeRow.getInt(opening(stay));
    }

    /** Number of (entity type, id text). */
    int entity(int stay) {
        return isGiven(stay) ? givenEntity.getInt(kept[stay]) : changeEntity.getInt(opening(stay));
    }

    /** Position of the stay's entity id among all ids, the same for entities of different types that share one. */
    int idRank(int stay) {
        return idRanks[entity(stay)];
    }

    /** Position of the stay's entity among all by (id, type). */
    int entityRank(int stay) {
        return entityRanks[entity(stay)];
    }

    /** Position of an entity of this run among those with stays by (id, type), -1 if it has none. */
    int rankOfOrdinal(int ordinal) {
        byte[] typeName = Bytes.of(identity.index().typeName(ordinal));
        int type = run.entityTypeNames().find(0, typeName, 0, typeName.length);
        byte[] id = identity.index().idBytes(ordinal);
        int entity = type < 0 ? NONE : entityIds.find(type, id, 0, id.length);
        return entity < 0 ? NONE : entityRanks[entity];
    }

    /** Orders entities by the bytes of the id alone; entities of different types may be equal. */
    int compareEntityIds(int a, int b) {
        return a == b ? 0 : entityIds.compare(a, b);
    }

    /** Orders entities by the bytes of their type's name. */
    int compareEntityTypes(int a, int b) {
        return run.entityTypeNames().compare(entityIds.kind(a), entityIds.kind(b));
    }

    void appendEntityId(int entity, OutputColumn.Scratch out) {
        out.appendIdText(entityIds, entity);
    }

    /** The columns, and behind them the entities' keys if the run is to have them; unknown entities have none. */
    List<OutputColumn> withKeys(List<OutputColumn> columns, IntUnaryOperator entity) {
        return identity.columns()
                .withKeys(
                        columns,
                        new EntityColumns.Key("entity_key", i -> ordinalOfEntity.getInt(entity.applyAsInt(i))));
    }

    /** Adds the id of an entity as a part of a key. */
    SurrogateKey addEntityId(int entity, SurrogateKey key) {
        int at = key.reserve(entityIds.length(entity));
        entityIds.copyTo(entity, key.buffer(), at);
        return key;
    }

    byte[] entityId(int entity) {
        return entityIds.bytes(entity);
    }

    byte[] entityTypeName(int entity) {
        return run.entityTypeNames().bytes(entityIds.kind(entity));
    }

    /** Code of the state's name. */
    int name(int stay) {
        return columns(stay).name.code(row(stay));
    }

    KeyDictionary names() {
        return nameTexts;
    }

    /** Code of the value, -1 for null. */
    int value(int stay) {
        return columns(stay).value.code(row(stay));
    }

    CodedColumn values() {
        return givenColumns.value;
    }

    long number(int stay) {
        return columns(stay).number[row(stay)];
    }

    /** Code of the category, -1 for null. */
    int category(int stay) {
        if (!isGiven(stay)) {
            return categoryOfChange(row(stay));
        }
        return givenHasCategory ? givenColumns.category.code(kept[stay]) : dimension;
    }

    CodedColumn categories() {
        return givenColumns.category;
    }

    boolean isMeasurement(int stay) {
        return category(stay) == measurement;
    }

    /** Whether the stay's category gives its state a column: dimension, measurement or none. */
    boolean hasColumn(int stay) {
        int category = category(stay);
        return category < 0 || category == dimension || category == measurement;
    }

    long enteredAt(int stay) {
        return isGiven(stay) ? givenEntered[kept[stay]] : stays.enteredAt(stay - kept.length);
    }

    long exitedAt(int stay) {
        if (!isGiven(stay)) {
            return stays.exitedAt(stay - kept.length);
        }
        return run.config().compat().takesStaysAsGiven() ? givenExited[kept[stay]] : checks.exitedAt(kept[stay]);
    }

    /** As given or settled; where nothing was said, whether the stay is open. */
    int isCurrent(int stay) {
        if (isGiven(stay) && run.config().compat().takesStaysAsGiven() && givenCurrent[kept[stay]] >= 0) {
            return givenCurrent[kept[stay]];
        }
        if (isGiven(stay) && !run.config().compat().takesStaysAsGiven()) {
            return checks.current(kept[stay]) ? 1 : 0;
        }
        return exitedAt(stay) == Instants.NULL ? 1 : 0;
    }

    private TextColumn triggers(int stay) {
        return columns(stay).trigger;
    }

    void copyTriggerTo(int stay, TextAppender out) {
        triggers(stay).copyTo(row(stay), out);
    }

    byte @Nullable [] trigger(int stay) {
        return triggers(stay).bytes(row(stay));
    }

    /** Orders two stays by their trigger, nulls last. */
    int compareTriggers(int a, int b) {
        if (triggers(a) == triggers(b)) {
            return triggers(a).compare(row(a), row(b));
        }
        byte[] left = trigger(a);
        byte[] right = trigger(b);
        if (left == null || right == null) {
            return Boolean.compare(left == null, right == null);
        }
        return Arrays.compareUnsigned(left, right);
    }

    /** What is wrong with the given stays; its rows are those of their table. */
    StayChecks findings() {
        return checks;
    }

    /** The finding's stay, and the one it overlaps, by their given columns. */
    Given given() {
        return new Given();
    }

    /** The rows of {@code states} as they were given. */
    final class Given {
        int entity(int row) {
            return givenEntity.getInt(row);
        }

        byte[] name(int row) {
            return nameTexts.bytes(givenColumns.name.code(row));
        }

        long enteredAt(int row) {
            return givenEntered[row];
        }

        long exitedAt(int row) {
            return givenExited[row];
        }

        byte @Nullable [] trigger(int row) {
            return givenColumns.trigger.bytes(row);
        }

        boolean isSetAside(int row) {
            return StateRows.this.isSetAside(row);
        }
    }

    @Override
    public void close() {
        given.close();
        changes.close();
    }
}
