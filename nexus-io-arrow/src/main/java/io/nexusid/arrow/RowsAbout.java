package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.store.FingerprintHash;
import io.nexusid.arrow.store.Fingerprints;
import io.nexusid.graph.IdentitySnapshot;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Which kept rows speak of some entities: all that decide what the derived tables say of them, and perhaps some more. What
 * is looked for is named first, as entities or by rows; then {@link #close()} gathers the rows.
 *
 * <p>Derived tables of only these rows say of these entities what those of all rows say. Of other entities they may say
 * less, but always the same as long as no row is about them.
 *
 * <p>Looks at the marks of all rows of each table, 4 to 8 bytes a row ({@link MarkScan}), and at the texts of rows that it
 * was told of.
 */
final class RowsAbout {
    private static final int NONE = IdentitySnapshot.NONE;

    private final NexusConfig config;
    private final List<String> types;
    private final IdentitySnapshot before;
    private final IdentitySnapshot now;
    private final RowMarks marks;
    private final MarkScan scan;
    private final Map<InputTable, StoredTable> tables;
    private final Map<InputTable, Map<StoredTable.Block, BitSet>> chosen = new EnumMap<>(InputTable.class);

    private final Map<InputTable, KeptCells> cells = new EnumMap<>(InputTable.class);

    /** Entities of resolved types, by their numbers now. */
    private final IntOpenHashSet entities = new IntOpenHashSet();
    /** Marks of identifiers, and of registered source ids. */
    private final IntOpenHashSet who = new IntOpenHashSet();
    /** Marks of source ids that are named, but whose entities are not asked for. */
    private final IntOpenHashSet others = new IntOpenHashSet();

    private final IntOpenHashSet entityIds = new IntOpenHashSet();
    private final IntOpenHashSet events = new IntOpenHashSet();
    private final OtherIdentifiers otherIdentifiers = new OtherIdentifiers();
    private final Fingerprints prints = new Fingerprints(16);

    /**
     * Looks for nothing yet.
     *
     * @param before who was who, if that matters too; else as {@code now}
     * @param now who is who
     * @param tables all rows to choose from, with all declared columns
     * @param workers the threads that look at marks, borrowed until {@link #close}
     */
    RowsAbout(
            NexusConfig config,
            FingerprintHash hash,
            IdentitySnapshot before,
            IdentitySnapshot now,
            Map<InputTable, StoredTable> tables,
            Workers workers) {
        this.config = config;
        this.types = StoredIdentity.resolvedTypes(config);
        this.before = before;
        this.now = now;
        this.marks = new RowMarks(config, hash);
        this.scan = new MarkScan(workers);
        this.tables = tables;
        for (InputTable table : InputTable.values()) {
            chosen.put(table, new HashMap<>());
        }
    }

    /** Looks for an entity of a resolved type, given by any number it ever had; for none if a rebuild left nothing of it. */
    void entity(int number) {
        int current = now.current(number);
        if (current != NONE) {
            entities.add(current);
        }
    }

    /** Looks for the entities that own an identifier, given as rows or tables have it. */
    void identifier(String entityType, String identifierType, String value) {
        if (marks.isResolved(entityType)) {
            byte[] known = Normalization.known(config, entityType, identifierType, value);
            int entity = now.entityOf(types.indexOf(entityType), Bytes.of(identifierType), known);
            if (entity != NONE) {
                entities.add(entity);
            }
        } else {
            byte[] sourceId = Bytes.of(value);
            prints.clear();
            marks.addSourceId(entityType, sourceId, 0, sourceId.length, prints);
            who.add(RowMarks.of(prints.low(0)));
        }
    }

    /** Looks for everything that some rows speak of. */
    void rows(InputTable table, StoredTable.Block block, int[] rows) throws IOException {
        switch (table) {
            case ENTITY_IDENTIFIERS -> {
                owners(block, rows, "entity_type", "identifier_type", "identifier_value", true);
                addMarks(block, RowMarks.EVENT, rows, events);
            }
            case ENTITY_TRAITS, STATE_CHANGES ->
                owners(block, rows, "entity_type", "identifier_type", "identifier_value", false);
            case RELATIONSHIP_DECLARATIONS -> {
                owners(block, rows, "entity_a_type", "entity_a_identifier_type", "entity_a_identifier", false);
                owners(block, rows, "entity_b_type", "entity_b_identifier_type", "entity_b_identifier", false);
            }
            case STATES, COMPUTED_TRAITS -> {
                addMarks(block, RowMarks.WHO, rows, entityIds);
                namedById(new BlockRows(block, rows).text("entity_id"));
            }
            case ENTITY_REGISTRATIONS -> {
                addMarks(block, RowMarks.WHO, rows, who);
                addMarks(block, RowMarks.WHOM, rows, entityIds);
            }
            case EVENTS, EVENT_MEASUREMENTS, EVENT_DIMENSIONS -> addMarks(block, RowMarks.EVENT, rows, events);
        }
    }

    private static void addMarks(StoredTable.Block block, String column, int[] rows, IntOpenHashSet target)
            throws IOException {
        for (int mark : new BlockRows(block, rows).marks(column)) {
            add(target, mark);
        }
    }

    /** Looks for the owners of identifiers. */
    private void owners(
            StoredTable.Block block, int[] rows, String type, String identifierType, String value, boolean observed)
            throws IOException {
        TextBlock typeNames = new BlockRows(block, rows).text(type);
        TextBlock kinds = new BlockRows(block, rows).text(identifierType);
        TextBlock values = new BlockRows(block, rows).text(value);
        for (int i = 0; i < rows.length; i++) {
            if (typeNames.isNull(i) || kinds.isNull(i) || values.isNull(i)) {
                continue;
            }
            String typeName = typeNames.text(i);
            if (marks.isResolved(typeName)) {
                int entity = now.entityOf(node(typeName, kinds, values, i));
                if (entity != NONE) {
                    entities.add(entity);
                }
            } else {
                who.add(mark(typeName, kinds, values, i, observed));
            }
        }
    }

    private int node(String typeName, TextBlock kinds, TextBlock values, int row) {
        return now.node(types.indexOf(typeName), bytes(kinds, row), marks.resolvedValue(kinds, values, row));
    }

    private static byte[] bytes(TextBlock block, int row) {
        return Arrays.copyOfRange(block.bytes(), block.from(row), block.from(row) + block.length(row));
    }

    private int mark(String typeName, TextBlock kinds, TextBlock values, int row, boolean observed) {
        prints.clear();
        marks.addIdentifier(typeName, kinds, values, row, observed, prints);
        return RowMarks.of(prints.low(0));
    }

    /** Looks for entities of resolved types given by their ids, as they were before or are now. */
    private void namedById(TextBlock ids) {
        for (int i = 0; i < ids.rows(); i++) {
            if (ids.isNull(i)) {
                continue;
            }
            for (int type = 0; type < types.size(); type++) {
                byte[] prefix = Bytes.of(
                        config.entityType(types.get(type)).orElseThrow().prefix() + "_");
                if (IdText.isId(prefix, ids.bytes(), ids.from(i), ids.length(i))) {
                    long high = IdText.high(ids.bytes(), ids.from(i) + prefix.length);
                    long low = IdText.low(ids.bytes(), ids.from(i) + prefix.length);
                    for (IdentitySnapshot each : List.of(before, now)) {
                        int entity = each.resolve(type, high, low);
                        if (entity != NONE) {
                            entity(entity);
                        }
                    }
                }
            }
        }
    }

    /** Gathers the rows. To be called once, when all is named that is looked for. */
    void close() throws IOException {
        // Who took part in an event depends on what is said of the event.
        Map<StoredTable.Block, BitSet> taking = matching(InputTable.ENTITY_IDENTIFIERS, RowMarks.EVENT, events);
        for (Map.Entry<StoredTable.Block, BitSet> rows : taking.entrySet()) {
            owners(
                    rows.getKey(),
                    rows.getValue().stream().toArray(),
                    "entity_type",
                    "identifier_type",
                    "identifier_value",
                    true);
        }
        closeRegistrations();
        entities.forEach((IntConsumer) this::addMembers);
        choose(InputTable.RELATIONSHIP_DECLARATIONS, RowMarks.WHO, who);
        choose(InputTable.RELATIONSHIP_DECLARATIONS, RowMarks.WHOM, who);
        addOtherEnds();
        choose(InputTable.ENTITY_IDENTIFIERS, RowMarks.WHO, who);
        chosenMarks(InputTable.ENTITY_IDENTIFIERS, RowMarks.EVENT, events);
        choose(InputTable.ENTITY_IDENTIFIERS, RowMarks.WHO, others);
        choose(InputTable.ENTITY_REGISTRATIONS, RowMarks.WHO, who);
        choose(InputTable.ENTITY_REGISTRATIONS, RowMarks.WHO, others);
        choose(InputTable.ENTITY_REGISTRATIONS, RowMarks.WHOM, entityIds);
        choose(InputTable.ENTITY_TRAITS, RowMarks.WHO, who);
        choose(InputTable.STATE_CHANGES, RowMarks.WHO, who);
        choose(InputTable.STATES, RowMarks.WHO, entityIds);
        choose(InputTable.COMPUTED_TRAITS, RowMarks.WHO, entityIds);
        choose(InputTable.EVENTS, RowMarks.EVENT, events);
        choose(InputTable.EVENT_MEASUREMENTS, RowMarks.EVENT, events);
        choose(InputTable.EVENT_DIMENSIONS, RowMarks.EVENT, events);
    }

    /** Source ids lead to registered entities, and these to all of their source ids. */
    private void closeRegistrations() throws IOException {
        int known;
        do {
            known = who.size() + entityIds.size();
            for (StoredTable.Block block : blocks(InputTable.ENTITY_REGISTRATIONS)) {
                int[] ids = block.marks(RowMarks.WHO);
                int[] owners = block.marks(RowMarks.WHOM);
                for (int row = 0; row < ids.length; row++) {
                    if (who.contains(ids[row]) || entityIds.contains(owners[row])) {
                        add(who, ids[row]);
                        add(entityIds, owners[row]);
                    }
                }
            }
        } while (who.size() + entityIds.size() > known);
    }

    private static void add(IntOpenHashSet marks, int mark) {
        if (mark != RowMarks.NONE) {
            marks.add(mark);
        }
    }

    private void addMembers(int entity) {
        addId(now, entity);
        String type = types.get(now.type(entity));
        now.identifiersOf(entity, node -> {
            prints.clear();
            marks.addNode(type, now.identifierType(node), now.value(node), prints);
            who.add(RowMarks.of(prints.low(0)));
            int former = before.entityOf(node);
            if (former != NONE && former != entity) {
                addId(before, former);
            }
        });
    }

    private void addId(IdentitySnapshot identities, int entity) {
        prints.clear();
        marks.addEntityId(identities.high(entity), identities.low(entity), prints);
        entityIds.add(RowMarks.of(prints.low(0)));
    }

    /** The ends of chosen declarations at which there are entities that are not looked for: they need their ids, no more. */
    private void addOtherEnds() throws IOException {
        for (Map.Entry<StoredTable.Block, BitSet> chosenRows :
                chosen(InputTable.RELATIONSHIP_DECLARATIONS).entrySet()) {
            int[] rows = chosenRows.getValue().stream().toArray();
            BlockRows some = new BlockRows(chosenRows.getKey(), rows);
            for (String side : List.of("a", "b")) {
                String prefix = "entity_" + side;
                TextBlock typeNames = some.text(prefix + "_type");
                TextBlock kinds = some.text(prefix + "_identifier_type");
                TextBlock values = some.text(prefix + "_identifier");
                for (int i = 0; i < rows.length; i++) {
                    if (!typeNames.isNull(i) && !kinds.isNull(i) && !values.isNull(i)) {
                        addOtherEnd(typeNames.text(i), kinds, values, i);
                    }
                }
            }
        }
    }

    private void addOtherEnd(String typeName, TextBlock kinds, TextBlock values, int row) {
        if (!marks.isResolved(typeName)) {
            others.add(mark(typeName, kinds, values, row, false));
            return;
        }
        int node = node(typeName, kinds, values, row);
        int entity = now.entityOf(node);
        if (entity != NONE && !entities.contains(entity)) {
            otherIdentifiers.add(node, typeName, kinds.text(row), values.text(row));
        }
    }

    private List<StoredTable.Block> blocks(InputTable table) {
        StoredTable rows = tables.get(table);
        return rows == null ? List.of() : rows.blocks();
    }

    private Map<StoredTable.Block, BitSet> matching(InputTable table, String column, IntOpenHashSet wanted)
            throws IOException {
        return scan.rows(blocks(table), column, wanted);
    }

    private void choose(InputTable table, String column, IntOpenHashSet wanted) throws IOException {
        Map<StoredTable.Block, BitSet> target = chosen(table);
        matching(table, column, wanted).forEach((block, rows) -> target.computeIfAbsent(block, b -> new BitSet())
                .or(rows));
    }

    private void chosenMarks(InputTable table, String column, IntOpenHashSet target) throws IOException {
        for (Map.Entry<StoredTable.Block, BitSet> rows : chosen(table).entrySet()) {
            addMarks(rows.getKey(), column, rows.getValue().stream().toArray(), target);
        }
    }

    /** Of some rows those that were gathered; reading them again costs nothing if they are few. */
    StoredTable of(InputTable table, StoredTable all) {
        Map<StoredTable.Block, BitSet> rows = chosen(table);
        long count = rows.values().stream().mapToLong(BitSet::cardinality).sum();
        return all.only(rows, count > KeptCells.MOST_ROWS ? null : cells.computeIfAbsent(table, t -> new KeptCells()));
    }

    /** The rows of a table, by block. */
    private Map<StoredTable.Block, BitSet> chosen(InputTable table) {
        return chosen.computeIfAbsent(table, t -> new HashMap<>());
    }

    /** Identifiers of entities that are not looked for, but that declarations among the rows name. */
    OtherIdentifiers otherIdentifiers() {
        return otherIdentifiers;
    }
}
