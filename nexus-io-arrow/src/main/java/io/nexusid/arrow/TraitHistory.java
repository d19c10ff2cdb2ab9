package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.OutputTable;
import io.nexusid.states.StateNumbers;
import io.nexusid.states.StateStays;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * {@link OutputTable#ENTITY_TRAIT_HISTORY}: which value each trait of each resolved entity had from when to when. Every
 * row of {@code entity_traits} is a change of state of its (entity, trait name), null an end. Of several at one instant the
 * one counts that {@link OutputTable#RESOLVED_ENTITY_TRAITS} would keep.
 *
 * <p>A row without an instant changes nothing, because nobody knows when, and is counted. Owns its table until
 * {@link #close}.
 */
final class TraitHistory implements AutoCloseable {
    private final Run run;
    private final Identity identity;
    private final CodedColumn entityType;
    private final CodedColumn identifierType;
    private final IntArrayList ownerOfRow = new IntArrayList();
    private final LoadedTable table;
    private final CodedColumn names;
    private final CodedColumn values;
    private final boolean byIngestion;
    private final StateStays stays;

    private TraitHistory(Run run, Identity identity) throws IOException {
        this.run = run;
        this.identity = identity;
        this.entityType = new CodedColumn(run.entityTypes());
        this.identifierType = new CodedColumn(run.identifierTypes());
        this.byIngestion = run.config().compat().ordersTraitsByIngestion();
        IdentifierOwners owners = new IdentifierOwners(run, identity);
        long expected = run.log().announcedRows(InputTable.ENTITY_TRAITS);
        LoadedTable.Request request = LoadedTable.of(InputTable.ENTITY_TRAITS)
                .batchCodes("entity_type", entityType)
                .batchCodes("identifier_type", identifierType)
                .each(
                        "identifier_value",
                        block -> owners.add(entityType.codes(), identifierType.codes(), 0, block, ownerOfRow, expected))
                .codes("trait_name", "trait_value", "source")
                .texts("entity_trait_id", "event_id")
                .instants("occurred_at");
        if (byIngestion) {
            request.instants("_ingested_at");
        }
        this.table = request.load(run);
        this.names = table.codes("trait_name");
        this.values = table.codes("trait_value");
        this.stays = stays();
    }

    static TraitHistory load(Run run, Identity identity) throws IOException {
        return new TraitHistory(run, identity);
    }

    private StateStays stays() {
        int n = table.rows();
        int[] idRanks = identity.index().idRanks();
        int[] entity = new int[n];
        int[] value = new int[n];
        int[] none = new int[n];
        long[] numbers = new long[n];
        Arrays.fill(numbers, StateNumbers.NULL);
        long[] occurredAt = table.instants("occurred_at");
        long withoutInstant = 0;
        for (int row = 0; row < n; row++) {
            // Traits are those of resolved entities: several owners at once are registered ones.
            int owner = ownerOfRow.getInt(row);
            entity[row] = owner < 0 ? CodedColumn.NULL : idRanks[owner];
            value[row] = values.code(row);
            if (owner >= 0 && occurredAt[row] == Instants.NULL) {
                entity[row] = CodedColumn.NULL;
                withoutInstant++;
            }
        }
        run.unmatched(InputTable.ENTITY_TRAITS, "history_without_instant", withoutInstant);
        return StateStays.fromChanges(
                n, entity, names.ranks(), occurredAt, value, numbers, none, this::compareWithinInstant);
    }

    /** The row that counts comes first. */
    private int compareWithinInstant(int a, int b) {
        int order = 0;
        if (byIngestion) {
            long[] ingestedAt = table.instants("_ingested_at");
            order = Long.compare(ingestedAt[b], ingestedAt[a]); // null, the least, comes last
        }
        order = order != 0 ? order : table.texts("entity_trait_id").compare(a, b);
        order = order != 0 ? order : values.compareCodes(values.code(a), values.code(b));
        order = order != 0 ? order : table.texts("event_id").compare(a, b);
        CodedColumn sources = table.codes("source");
        return order != 0 ? order : sources.compareCodes(sources.code(a), sources.code(b));
    }

    private int ordinal(int stay) {
        return ownerOfRow.getInt(stays.row(stay));
    }

    TableRows rows() {
        EntityIndex index = identity.index();
        int[] order = index.hasSharedIds()
                ? SharedIds.order(
                        stays.size(),
                        this::ordinal,
                        (a, b) -> index.compareIdsOnly(ordinal(a), ordinal(b)) == 0,
                        this::compareSharedIds)
                : null;
        IntUnaryOperator stay = i -> SharedIds.row(order, i);
        IntUnaryOperator row = i -> stays.row(stay.applyAsInt(i));
        IntUnaryOperator ordinal = i -> ordinal(stay.applyAsInt(i));
        List<OutputColumn> columns = List.of(
                identity.columns().id("entity_id", ordinal),
                OutputColumn.text("entity_type", (i, out) -> index.appendType(ordinal.applyAsInt(i), out)),
                code("trait_name", row),
                code("trait_value", row),
                OutputColumn.instant("valid_from", i -> stays.enteredAt(stay.applyAsInt(i))),
                OutputColumn.instant("valid_to", i -> stays.exitedAt(stay.applyAsInt(i))),
                OutputColumn.flag("is_current", i -> stays.exitedAt(stay.applyAsInt(i)) == Instants.NULL ? 1 : 0),
                code("source", row),
                OutputColumn.text(
                        "event_id", (i, out) -> table.texts("event_id").copyTo(row.applyAsInt(i), out.text)));
        return new SelectedRows(
                stays.size(), identity.columns().withKeys(columns, new EntityColumns.Key("entity_key", ordinal)));
    }

    private OutputColumn code(String name, IntUnaryOperator row) {
        CodedColumn column = table.codes(name);
        return OutputColumn.text(name, (i, out) -> column.copyTo(column.code(row.applyAsInt(i)), out.text));
    }

    /** Traits of entities with one id: by name and instant, then by type. */
    private int compareSharedIds(int a, int b) {
        int order = names.compareCodes(names.code(stays.row(a)), names.code(stays.row(b)));
        order = order != 0 ? order : Long.compare(stays.enteredAt(a), stays.enteredAt(b));
        return order != 0 ? order : identity.index().compareTypes(ordinal(a), ordinal(b));
    }

    @Override
    public void close() {
        table.close();
    }
}
