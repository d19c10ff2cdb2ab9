package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.RowReader;
import io.nexusid.arrow.store.Fingerprints;
import io.nexusid.arrow.store.RowIdentities;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Of rows that came with one id and different content the one loaded last stands, then the one whose content is smallest by
 * its bytes. Identifiers and declarations are observations: there all versions stay.
 */
final class LatestVersions {
    private static final Set<InputTable> ALL_STAY =
            EnumSet.of(InputTable.ENTITY_IDENTIFIERS, InputTable.RELATIONSHIP_DECLARATIONS);

    private record Id(long high, long low) {}

    /** A row that came with an id of which there are several versions. */
    private static final class Version {
        private final StoredTable.Block block;
        private final int row;
        private final long ingestedAt;
        private final byte[] content;

        Version(StoredTable.Block block, int row, long ingestedAt, byte[] content) {
            this.block = block;
            this.row = row;
            this.ingestedAt = ingestedAt;
            this.content = content;
        }

        boolean standsBefore(Version other) {
            int order = Long.compare(other.ingestedAt, ingestedAt);
            return order != 0 ? order < 0 : Arrays.compareUnsigned(content, other.content) < 0;
        }
    }

    /** Where the rows of a table lie that are read one after the other. */
    private static final class Positions {
        private final StoredTable table;
        private int block;
        private int[] rows = {};
        private int next;

        Positions(StoredTable table) {
            this.table = table;
        }

        void advance() {
            while (next == rows.length) {
                rows = table.rows(table.blocks().get(block++));
                next = 0;
            }
            next++;
        }

        StoredTable.Block block() {
            return table.blocks().get(block - 1);
        }

        int row() {
            return rows[next - 1];
        }
    }

    private LatestVersions() {}

    /**
     * By block, the versions that do not stand. Reads of every row the mark of its id if any id came twice, else nothing; and
     * whole rows only where there is one with such an id.
     *
     * @param rows the table with all its declared columns, perhaps only of some epochs
     */
    static Map<StoredTable.Block, BitSet> outdated(
            StoredTable rows, InputTable table, StoredAcceptance acceptance, BufferAllocator allocator)
            throws IOException {
        RowIdentities changedIds = acceptance.changedIds(table);
        Map<StoredTable.Block, BitSet> outdated = new HashMap<>();
        if (ALL_STAY.contains(table) || changedIds.rows() == 0) {
            return outdated;
        }
        StoredTable versions = rows.only(withIds(rows, changedIds));
        RowPrints prints = new RowPrints(table, List.of(), acceptance.hash());
        StoredCells ids = prints.cells(RowPrints.idColumn(table));
        Map<Id, Version> standing = new HashMap<>();
        Positions positions = new Positions(versions);
        try (RowReader reader = versions.read(allocator, prints.columns())) {
            for (RowBatch batch = reader.next(); batch != null; batch = reader.next()) {
                try (RowBatch owned = batch) {
                    prints.load(owned);
                    Fingerprints ofIds = new Fingerprints(owned.rows());
                    for (int i = 0; i < owned.rows(); i++) {
                        prints.addId(ids.text(), i, ofIds);
                    }
                    int[] standsFor = changedIds.accept(ofIds).standsFor();
                    for (int i = 0; i < standsFor.length; i++) {
                        positions.advance();
                        if (standsFor[i] == RowIdentities.KNOWN) {
                            long at = ingestedAt(prints, table, i);
                            Version version = new Version(positions.block(), positions.row(), at, prints.content(i));
                            Version loser = settle(standing, new Id(ofIds.high(i), ofIds.low(i)), version);
                            if (loser != null) {
                                outdated.computeIfAbsent(loser.block, b -> new BitSet())
                                        .set(loser.row);
                            }
                        }
                    }
                }
            }
        }
        return outdated;
    }

    /** The rows whose id has the mark of one of these. */
    private static Map<StoredTable.Block, BitSet> withIds(StoredTable rows, RowIdentities ids) throws IOException {
        IntOpenHashSet marks = new IntOpenHashSet();
        ids.forEach((high, low) -> marks.add(RowMarks.of(low)));
        return new MarkScan(new Workers(1)).rows(rows.blocks(), RowMarks.ID, marks);
    }

    private static long ingestedAt(RowPrints prints, InputTable table, int row) {
        return table.column(RowPrints.INGESTED_AT).isEmpty()
                ? Instants.NULL
                : prints.cells(RowPrints.INGESTED_AT).value64(row);
    }

    /** Lets the better of two versions stand; returns the other. */
    private static @Nullable Version settle(Map<Id, Version> standing, Id id, Version version) {
        Version other = standing.get(id);
        if (other != null && !version.standsBefore(other)) {
            return version;
        }
        standing.put(id, version);
        return other;
    }
}
