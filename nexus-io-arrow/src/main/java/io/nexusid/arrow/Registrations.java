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
    /** By number of (type, source_id) the first of a chain of links to entities. */
    private final IntArrayList firstOfSourceId = new IntArrayList();

    private final IntArrayList entityOfLink = new IntArrayList();
    private final IntArrayList rowOfLink = new IntArrayList();
    private final IntArrayList nextLink = new IntArrayList();

    private Registrations(Run run) throws IOException {
        traitColumns = run.log().furtherColumns(InputTable.ENTITY_REGISTRATIONS);
        entityType = new CodedColumn(run.entityTypes());
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
        int[] sortedRows = sortedRows();
        rowOfEntity = latestRows(sortedRows);
        indexSourceIds(sortedRows);
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

    /** Rows by entity, the latest of each first. */
    private int[] sortedRows() {
        int[] rows =
                IntStream.range(0, table.rows()).filter(row -> !isBlank(row)).toArray();
        IntArrays.mergeSort(rows, this::compareRows);
        return rows;
    }

    private int[] latestRows(int[] sortedRows) {
        IntArrayList winners = new IntArrayList();
        for (int i = 0; i < sortedRows.length; i++) {
            if (i == 0 || compareEntities(sortedRows[i - 1], sortedRows[i]) != 0) {
                winners.add(sortedRows[i]);
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
        order = order != 0 ? order : table.texts("source").compare(a, b);
        order = order != 0 ? order : table.texts("source_id").compare(a, b);
        if (order == 0) {
            long[] created = table.instants("_source_created_at");
            order = Instants.compare(created[a], created[b]);
        }
        for (int i = 0; order == 0 && i < traitColumns.size(); i++) {
            order = table.texts(traitColumns.get(i)).compare(a, b);
        }
        return order;
    }

    /**
     * Every row's source id leads to its entity: those of a key that joins to one text ({@code a-b} of {@code c}, {@code a}
     * of {@code b-c}) are different source ids of one entity.
     */
    private void indexSourceIds(int[] sortedRows) {
        int entity = -1;
        for (int i = 0; i < sortedRows.length; i++) {
            int row = sortedRows[i];
            if (i == 0 || compareEntities(sortedRows[i - 1], row) != 0) {
                entity++;
            }
            byte[] sourceId = Objects.requireNonNull(table.texts("source_id").bytes(row));
            int number = sourceIds.add(entityType.code(row), sourceId, 0, sourceId.length);
            if (number == firstOfSourceId.size()) {
                firstOfSourceId.add(NONE);
            }
            if (!isChained(firstOfSourceId.getInt(number), entity)) {
                entityOfLink.add(entity);
                rowOfLink.add(row);
                nextLink.add(firstOfSourceId.getInt(number));
                firstOfSourceId.set(number, entityOfLink.size() - 1);
            }
        }
    }

    private boolean isChained(int link, int entity) {
        // Rows come entity by entity: if this one is in the chain, it is the first.
        return link >= 0 && entityOfLink.getInt(link) == entity;
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

    /**
     * The first link of this type (a code) and source id to a registered entity, or -1; {@link #next} has the others, of
     * other sources.
     */
    int first(int entityTypeCode, byte[] sourceId, int from, int length) {
        if (entityTypeCode < 0) {
            return NONE;
        }
        int number = sourceIds.find(entityTypeCode, sourceId, from, length);
        return number < 0 ? NONE : firstOfSourceId.getInt(number);
    }

    /** The next link with the same type and source id, or -1. */
    int next(int link) {
        return nextLink.getInt(link);
    }

    /** Number of links: distinct (source id, entity). */
    int links() {
        return entityOfLink.size();
    }

    int entityOfLink(int link) {
        return entityOfLink.getInt(link);
    }

    /** A row whose source id is the link's. */
    int rowOfLink(int link) {
        return rowOfLink.getInt(link);
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
