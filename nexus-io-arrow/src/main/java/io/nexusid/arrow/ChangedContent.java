package io.nexusid.arrow;

import io.nexusid.api.ColumnType;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusDataException;
import io.nexusid.arrow.format.RowBatch;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@value #TABLE}: the rows of a log that were taken though they came with the id of another row, because their content is
 * another one. In the order of tables, files and rows.
 *
 * <p>16 bytes a row: ids are masked, so that few differ.
 */
final class ChangedContent {
    static final String TABLE = "nexus_changed_content";

    /** A row's table and file. */
    private record Place(InputTable table, String file) {}

    private final List<Place> places = new ArrayList<>();
    private final List<String> maskedIds = new ArrayList<>();
    private final Object2IntOpenHashMap<String> indexOfMaskedId = new Object2IntOpenHashMap<>();
    private final IntArrayList placeOf = new IntArrayList();
    private final LongArrayList rowOf = new LongArrayList();
    private final IntArrayList idOf = new IntArrayList();

    private ChangedContent() {
        indexOfMaskedId.defaultReturnValue(-1);
    }

    /** No rows. */
    static ChangedContent none() {
        return new ChangedContent();
    }

    /** Those of a log. Reads the ids of the tables that have such a row once more. */
    static ChangedContent of(EventLog log, Intake intake) throws IOException {
        ChangedContent changed = new ChangedContent();
        for (InputTable table : intake.tables()) {
            if (intake.hasChangedContent(table)) {
                changed.add(table, log, intake);
            }
        }
        return changed;
    }

    private void add(InputTable table, EventLog log, Intake intake) throws IOException {
        String idColumn = RowPrints.idColumn(table);
        StoredCells ids = new StoredCells(idColumn, ColumnType.STRING);
        int before = 0;
        try (TableScan scan = log.scanAsGiven(table, List.of(idColumn))) {
            for (RowBatch batch = scan.next(); batch != null; batch = scan.next()) {
                try (RowBatch owned = batch) {
                    ids.load(owned.column(0), owned.rows());
                    for (int row = 0; row < owned.rows(); row++) {
                        if (intake.isChangedContent(table, before + row)) {
                            place(new Place(table, scan.file()));
                            rowOf.add(scan.rowNumber(row));
                            idOf.add(masked(ids.text().text(row)));
                        }
                    }
                    before += owned.rows();
                }
            }
        }
    }

    private void place(Place place) {
        if (places.isEmpty() || !places.get(places.size() - 1).equals(place)) {
            places.add(place);
        }
        placeOf.add(places.size() - 1);
    }

    private int masked(String id) {
        String masked = NexusDataException.mask(id);
        int index = indexOfMaskedId.getInt(masked);
        if (index < 0) {
            index = maskedIds.size();
            maskedIds.add(masked);
            indexOfMaskedId.put(masked, index);
        }
        return index;
    }

    /** The table. */
    TableRows rows() {
        return new SelectedRows(
                rowOf.size(),
                List.of(
                        OutputColumn.text(
                                "input_table",
                                (row, out) -> out.text.append(
                                        Bytes.of(place(row).table().tableName()))),
                        OutputColumn.text(
                                "file",
                                (row, out) ->
                                        out.text.append(Bytes.of(place(row).file()))),
                        OutputColumn.integer("row_number", rowOf::getLong),
                        OutputColumn.text(
                                "row_id", (row, out) -> out.text.append(Bytes.of(maskedIds.get(idOf.getInt(row)))))));
    }

    private Place place(int row) {
        return places.get(placeOf.getInt(row));
    }
}
