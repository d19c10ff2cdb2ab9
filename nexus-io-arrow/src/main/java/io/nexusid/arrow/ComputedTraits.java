package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.arrow.format.TextBlock;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.io.IOException;
import java.util.Arrays;

/** Computed traits of known entities: for each entity and column the greatest value. */
final class ComputedTraits implements AutoCloseable {
    private final Identity identity;
    private final LoadedTable table;
    private final IntArrayList ordinalOfRow = new IntArrayList();
    private final int[] columnOfName;
    private final CodedColumn entityType = new CodedColumn();
    /** Rows with an entity and a value, by (ordinal, column, value descending): the first of each pair wins. */
    private final int[] winners;

    private ComputedTraits(Run run, Identity identity) throws IOException {
        this.identity = identity;
        this.table = LoadedTable.of(InputTable.COMPUTED_TRAITS)
                .codes("entity_type", entityType)
                .each("entity_id", this::addEntities)
                .codes("trait_name")
                .texts("trait_value")
                .load(run);
        this.columnOfName = PivotNames.columnOfName(names());
        this.winners = winners();
        long unknown = ordinalOfRow.intStream().filter(o -> o < 0).count();
        run.unmatched(InputTable.COMPUTED_TRAITS, "unknown_entity", unknown);
    }

    static ComputedTraits load(Run run, Identity identity) throws IOException {
        return new ComputedTraits(run, identity);
    }

    private void addEntities(TextBlock block) {
        for (int i = 0; i < block.rows(); i++) {
            int type = entityType.code(ordinalOfRow.size());
            ordinalOfRow.add(
                    type < 0 || block.isNull(i)
                            ? EntityIndex.NONE
                            : identity.index()
                                    .findIgnoringTypeCase(
                                            entityType.text(type), block.bytes(), block.from(i), block.length(i)));
        }
    }

    private int[] winners() {
        IntArrayList rows = new IntArrayList();
        for (int row = 0; row < table.rows(); row++) {
            if (ordinalOfRow.getInt(row) >= 0 && !table.texts("trait_value").isNull(row)) {
                rows.add(row);
            }
        }
        int[] order = rows.toIntArray();
        IntArrays.mergeSort(order, (a, b) -> {
            int byKey = compareKeys(a, b);
            return byKey != 0 ? byKey : table.texts("trait_value").compare(b, a);
        });
        int count = 0;
        for (int i = 0; i < order.length; i++) {
            if (i == 0 || compareKeys(order[i - 1], order[i]) != 0) {
                order[count++] = order[i];
            }
        }
        return Arrays.copyOf(order, count);
    }

    private int compareKeys(int a, int b) {
        int order = Integer.compare(ordinalOfRow.getInt(a), ordinalOfRow.getInt(b));
        return order != 0 ? order : Integer.compare(columnOfRow(a), columnOfRow(b));
    }

    private int columnOfRow(int row) {
        return columnOfName[names().code(row)];
    }

    /** The trait names as they came. */
    CodedColumn names() {
        return table.codes("trait_name");
    }

    int size() {
        return winners.length;
    }

    int ordinal(int winner) {
        return ordinalOfRow.getInt(winners[winner]);
    }

    /** Code of a trait name that shares the winner's column. */
    int name(int winner) {
        return names().code(winners[winner]);
    }

    void copyValueTo(int winner, TextAppender out) {
        table.texts("trait_value").copyTo(winners[winner], out);
    }

    /** How many rows each name has, over all rows. */
    long[] rowsOfName() {
        long[] rows = new long[names().distinct()];
        for (int row = 0; row < table.rows(); row++) {
            rows[names().code(row)]++;
        }
        return rows;
    }

    @Override
    public void close() {
        table.close();
    }
}
