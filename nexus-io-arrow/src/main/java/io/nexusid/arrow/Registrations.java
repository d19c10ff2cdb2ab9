package io.nexusid.arrow;

import io.nexusid.api.EntityType;
import io.nexusid.api.InputTable;
import io.nexusid.api.SurrogateKey;
import io.nexusid.graph.KeyDictionary;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The registered entities: one per (entity type, source, source id), the latest row of each. They are numbered by
 * (type name, id), so that the entities of one type are a range.
 */
final class Registrations implements AutoCloseable {
    private static final int NONE = -1;

    private final LoadedTable table;
    private final CodedColumn entityType;
    private final List<String> traitColumns;
    private final List<String> typesInOrder;
    private final long[] highOfRow;
    private final long[] lowOfRow;
    private final int[] rowOfEntity;

    private final KeyDictionary sourceIds = new KeyDictionary(1 << 10);
    /** By number of (type, source_id) the first entity; further ones, of other sources, are chained. */
    private final IntArrayList firstOfSourceId = new IntArrayList();

    private final int[] nextOfSourceId;

    private Registrations(Run run) throws IOException {
        traitColumns = run.log().furtherColumns(InputTable.ENTITY_REGISTRATIONS);
        entityType = new CodedColumn(run.entityTypeNames());
        table = LoadedTable.of(InputTable.ENTITY_REGISTRATIONS)
                .codes("entity_type", entityType)
                .texts("source", "source_id")
                .instants("_source_created_at", "_source_updated_at")
                .texts(traitColumns.toArray(String[]::new))
                .load(run);
        highOfRow = new long[table.rows()];
        lowOfRow = new long[table.rows()];
        mintIds();
        typesInOrder = typesInOrder(run);
        rowOfEntity = latestRows();
        nextOfSourceId = new int[rowOfEntity.length];
        indexSourceIds();
    }

    static Registrations load(Run run) throws IOException {
        return new Registrations(run);
    }

    private void mintIds() {
        SurrogateKey key = new SurrogateKey();
        for (int row = 0; row < table.rows(); row++) {
            if (isBlank(row)) {
                continue;
            }
            key.start()
                    .add(Objects.requireNonNull(table.texts("source_id").bytes(row)))
                    .add(Objects.requireNonNull(table.texts("source").bytes(row)))
                    .finish();
            highOfRow[row] = key.high();
            lowOfRow[row] = key.low();
        }
    }

    /** Only the preset lets a row without a source id come this far; it registers nothing. */
    private boolean isBlank(int row) {
        return table.texts("source_id").isNull(row);
    }

    /** Configured registered types first, then the others as they appear. */
    private List<String> typesInOrder(Run run) {
        Set<String> names = new LinkedHashSet<>();
        for (EntityType type : run.config().entityTypes()) {
            if (!type.resolved()) {
                names.add(type.name());
            }
        }
        for (int row = 0; row < table.rows(); row++) {
            names.add(entityType.text(entityType.code(row)));
        }
        return List.copyOf(names);
    }

    private int[] latestRows() {
        int[] order =
                IntStream.range(0, table.rows()).filter(row -> !isBlank(row)).toArray();
        IntArrays.mergeSort(order, this::compareRows);
        IntArrayList winners = new IntArrayList();
        for (int i = 0; i < order.length; i++) {
            if (i == 0 || compareEntities(order[i - 1], order[i]) != 0) {
                winners.add(order[i]);
            }
        }
        return winners.toIntArray();
    }

    /** By type name and id. */
    private int compareEntities(int a, int b) {
        int[] ranks = entityType.rankOfCode();
        int order = Integer.compare(ranks[entityType.code(a)], ranks[entityType.code(b)]);
        if (order == 0) {
            order = Long.compareUnsigned(highOfRow[a], highOfRow[b]);
        }
        return order == 0 ? Long.compareUnsigned(lowOfRow[a], lowOfRow[b]) : order;
    }

    /** By entity; among the rows of one the latest update first, then all other columns ascending. */
    private int compareRows(int a, int b) {
        int order = compareEntities(a, b);
        if (order == 0) {
            long[] updated = table.instants("_source_updated_at");
            order = Long.compare(updated[b], updated[a]);
        }
        if (order == 0) {
            long[] created = table.instants("_source_created_at");
            order = Instants.compare(created[a], created[b]);
        }
        for (int i = 0; order == 0 && i < traitColumns.size(); i++) {
            order = table.texts(traitColumns.get(i)).compare(a, b);
        }
        return order;
    }

    private void indexSourceIds() {
        for (int entity = rowOfEntity.length - 1; entity >= 0; entity--) {
            int row = rowOfEntity[entity];
            byte[] sourceId = Objects.requireNonNull(table.texts("source_id").bytes(row));
            int number = sourceIds.add(entityType.code(row), sourceId, 0, sourceId.length);
            if (number == firstOfSourceId.size()) {
                firstOfSourceId.add(NONE);
            }
            nextOfSourceId[entity] = firstOfSourceId.getInt(number);
            firstOfSourceId.set(number, entity);
        }
    }

    int count() {
        return rowOfEntity.length;
    }

    long high(int entity) {
        return highOfRow[rowOfEntity[entity]];
    }

    long low(int entity) {
        return lowOfRow[rowOfEntity[entity]];
    }

    /** Code of the entity type's name. */
    int entityType(int entity) {
        return entityType.code(rowOfEntity[entity]);
    }

    /** The registered types: configured ones in their order, then the others as they appeared. */
    List<String> typesInOrder() {
        return typesInOrder;
    }

    /** The trait columns as they are called in the input, in order of first appearance. */
    List<String> traitColumns() {
        return traitColumns;
    }

    TextColumn trait(String column) {
        return table.texts(column);
    }

    TextColumn sourceId() {
        return table.texts("source_id");
    }

    int row(int entity) {
        return rowOfEntity[entity];
    }

    long createdAt(int entity) {
        return table.instants("_source_created_at")[rowOfEntity[entity]];
    }

    long updatedAt(int entity) {
        return table.instants("_source_updated_at")[rowOfEntity[entity]];
    }

    /** The first registered entity of this type (a code) with this source id, or -1; {@link #next} has the others. */
    int first(int entityTypeCode, byte[] sourceId, int from, int length) {
        if (entityTypeCode < 0) {
            return NONE;
        }
        int number = sourceIds.find(entityTypeCode, sourceId, from, length);
        return number < 0 ? NONE : firstOfSourceId.getInt(number);
    }

    /** The next registered entity with the same type and source id, or -1. */
    int next(int entity) {
        return nextOfSourceId[entity];
    }

    /** How many ids are registered under more than one type: the id leaves the type out. */
    int idCollisions() {
        int[] order = new int[count()];
        Arrays.setAll(order, e -> e);
        IntArrays.quickSort(order, (a, b) -> {
            int byHigh = Long.compareUnsigned(high(a), high(b));
            return byHigh != 0 ? byHigh : Long.compareUnsigned(low(a), low(b));
        });
        int collisions = 0;
        for (int i = 1; i < order.length; i++) {
            if (high(order[i - 1]) == high(order[i]) && low(order[i - 1]) == low(order[i])) {
                collisions++;
            }
        }
        return collisions;
    }

    String typeName(int entity) {
        return entityType.text(entityType(entity));
    }

    @Override
    public void close() {
        table.close();
    }
}
