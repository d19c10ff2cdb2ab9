package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.OutputTable;
import io.nexusid.api.SurrogateKey;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.graph.TraitFold;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The golden record's parts: for each entity and trait name the row that wins. */
final class Traits implements AutoCloseable {
    private static final int NONE = -1;

    private final Run run;
    private final Identity identity;
    private final LoadedTable table;
    private final CodedColumn entityType;
    private final CodedColumn identifierType;
    private final IntArrayList ordinalOfRow = new IntArrayList();
    private final CodedColumn names;
    private final TextColumn values;
    /** The rows' ids, which only ties need: read, and minted where missing, when there is the first one. */
    private @Nullable LoadedTable ids;

    private final long[] occurredAt;
    /** Empty unless the order of traits depends on it. */
    private final long[] ingestedAt;

    private final boolean byIngestion;
    private final long expectedRows;
    private final int[] winners;
    private long unobserved;
    private long unresolvedType;

    private Traits(Run run, Identity identity) throws IOException {
        this.run = run;
        this.identity = identity;
        this.entityType = new CodedColumn(run.entityTypes());
        this.identifierType = new CodedColumn(run.identifierTypes());
        this.expectedRows = run.log().announcedRows(InputTable.ENTITY_TRAITS);
        this.byIngestion = run.config().compat().ordersTraitsByIngestion();
        LoadedTable.Request request = LoadedTable.of(InputTable.ENTITY_TRAITS)
                .batchCodes("entity_type", entityType)
                .batchCodes("identifier_type", identifierType)
                .each("identifier_value", this::addOwners)
                .codes("trait_name")
                .texts("trait_value")
                .instants("occurred_at");
        if (byIngestion) {
            request.instants("_ingested_at");
        }
        this.table = request.load(run);
        this.names = table.codes("trait_name");
        this.values = table.texts("trait_value");
        this.occurredAt = table.instants("occurred_at");
        this.ingestedAt = byIngestion ? table.instants("_ingested_at") : new long[0];
        this.winners = fold();
        run.unmatched(InputTable.ENTITY_TRAITS, "unobserved_identifier", unobserved);
        run.unmatched(InputTable.ENTITY_TRAITS, "unresolved_type", unresolvedType);
    }

    static Traits resolve(Run run, Identity identity) throws IOException {
        return new Traits(run, identity);
    }

    private void addOwners(TextBlock block) {
        int from = ordinalOfRow.size();
        int[] kinds = block.kinds(0);
        for (int i = 0; i < block.rows(); i++) {
            kinds[i] = kinds[i] < 0
                    ? IdentifierKinds.NONE
                    : identity.rows().kinds().find(entityType.code(i), identifierType.code(i));
        }
        Growth.extend(ordinalOfRow, block.rows(), expectedRows);
        int[] ordinals = ordinalOfRow.elements();
        identity.rows().identifierText().findAll(identity.rows(), kinds, block, ordinals, from);
        for (int row = from; row < ordinalOfRow.size(); row++) {
            ordinals[row] = identity.ordinalOfNode(ordinals[row]);
            if (ordinals[row] < 0) {
                if (identity.isResolvedType(entityType.code(row - from))) {
                    unobserved++;
                } else {
                    unresolvedType++;
                }
            }
        }
    }

    private int[] fold() {
        int[] idRanks = identity.index().idRanks();
        int[] entity = new int[table.rows()];
        for (int row = 0; row < entity.length; row++) {
            int ordinal = ordinalOfRow.getInt(row);
            entity[row] = ordinal < 0 ? NONE : idRanks[ordinal];
        }
        return TraitFold.winners(
                table.rows(), entity, names.ranks(), occurredAt, byIngestion ? ingestedAt : null, (a, b) -> {
                    int order = ids().compare(a, b);
                    return order != 0 ? order : values.compare(a, b);
                });
    }

    private synchronized TextColumn ids() {
        LoadedTable loaded = ids;
        if (loaded == null) {
            try {
                loaded = LoadedTable.of(InputTable.ENTITY_TRAITS)
                        .texts("entity_trait_id")
                        .load(run);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            ids = loaded;
        }
        return loaded.texts("entity_trait_id");
    }

    /** Number of winning rows; they are sorted by (entity id, trait name). */
    int size() {
        return winners.length;
    }

    int ordinal(int winner) {
        return ordinalOfRow.getInt(winners[winner]);
    }

    /** Code of the trait's name. */
    int name(int winner) {
        return names.code(winners[winner]);
    }

    CodedColumn names() {
        return names;
    }

    long occurredAt(int winner) {
        return occurredAt[winners[winner]];
    }

    boolean isNull(int winner) {
        return values.isNull(winners[winner]);
    }

    void copyValueTo(int winner, TextAppender out) {
        values.copyTo(winners[winner], out);
    }

    /** Orders winners as {@code LATEST} does: the first one is the latest. */
    int compareLatest(int a, int b) {
        int rowA = winners[a];
        int rowB = winners[b];
        int order = Long.compare(occurredAt[rowB], occurredAt[rowA]);
        if (order == 0 && byIngestion) {
            order = Long.compare(ingestedAt[rowB], ingestedAt[rowA]);
        }
        if (order == 0) {
            order = ids().compare(rowA, rowB);
        }
        return order == 0 ? values.compare(rowA, rowB) : order;
    }

    /** {@link OutputTable#RESOLVED_ENTITY_TRAITS}. */
    TableRows resolvedTraits() {
        EntityIndex index = identity.index();
        int[] order = index.hasSharedIds()
                ? SharedIds.order(
                        winners.length,
                        this::ordinal,
                        (a, b) -> index.compareIdsOnly(ordinal(a), ordinal(b)) == 0,
                        this::compareSharedIds)
                : null;
        return new SelectedRows(winners.length, () -> {
            Batch batch = new Batch(order);
            List<OutputColumn> columns = List.of(
                    OutputColumn.id(run.config().ids(), "entity_trait_id", (row, out) -> {
                        index.addId(batch.ordinal(row), out.key.start());
                        names.addTo(batch.name(row), out.key);
                        batch.texts.addTo(batch.at(row), out.key);
                        out.appendId(Bytes.ENTITY_TRAIT_PREFIX);
                    }),
                    identity.columns().id("entity_id", batch::ordinal),
                    OutputColumn.text("entity_type", (row, out) -> index.appendType(batch.ordinal(row), out)),
                    OutputColumn.text("trait_name", (row, out) -> names.copyTo(batch.name(row), out.text)),
                    OutputColumn.text("trait_value", (row, out) -> batch.texts.copyTo(batch.at(row), out.text)),
                    OutputColumn.instant("occurred_at", row -> occurredAt(SharedIds.row(order, row))),
                    OutputColumn.constant("realtime_processed", false));
            return new SelectedRows.Columns(
                    identity.columns().withKeys(columns, new EntityColumns.Key("entity_key", batch::ordinal)), batch);
        });
    }

    /** What the columns of one batch share, fetched once: winners come by entity, so their rows lie anywhere. */
    private final class Batch implements SelectedRows.BatchHook {
        private final int @Nullable [] order;
        private final int[] ordinals = new int[RowReader.MAX_BATCH_ROWS];
        private final int[] nameCodes = new int[RowReader.MAX_BATCH_ROWS];
        private final int[] inputRows = new int[RowReader.MAX_BATCH_ROWS];
        final TextAppender texts = new TextAppender();
        private int from;

        Batch(int @Nullable [] order) {
            this.order = order;
        }

        @Override
        public void prepare(int start, int count) {
            from = start;
            for (int i = 0; i < count; i++) {
                inputRows[i] = winners[SharedIds.row(order, start + i)];
            }
            for (int i = 0; i < count; i++) {
                ordinals[i] = ordinalOfRow.getInt(inputRows[i]);
            }
            for (int i = 0; i < count; i++) {
                nameCodes[i] = names.code(inputRows[i]);
            }
            values.copyAll(inputRows, count, texts.begin(count));
        }

        int at(int row) {
            return row - from;
        }

        int ordinal(int row) {
            return ordinals[row - from];
        }

        int name(int row) {
            return nameCodes[row - from];
        }
    }

    private void addId(int winner, SurrogateKey key) {
        identity.index().addId(ordinal(winner), key.start()).add(names().bytes(name(winner)));
        byte[] value = values.bytes(winners[winner]);
        if (value == null) {
            key.addNull();
        } else {
            key.add(value);
        }
    }

    /** Traits of entities with one id: by name, trait id, type. */
    private int compareSharedIds(int a, int b) {
        int order = names().compareCodes(name(a), name(b));
        if (order == 0) {
            SurrogateKey left = new SurrogateKey();
            SurrogateKey right = new SurrogateKey();
            addId(a, left);
            addId(b, right);
            order = SurrogateKey.compare(left.finish(), right.finish());
        }
        return order != 0 ? order : identity.index().compareTypes(ordinal(a), ordinal(b));
    }

    @Override
    public void close() {
        table.close();
        LoadedTable loaded = ids;
        if (loaded != null) {
            loaded.close();
        }
    }
}
