package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.ProgressListener;
import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.TextBlock;
import io.nexusid.arrow.format.TextDictionary;
import io.nexusid.arrow.store.FingerprintHash;
import io.nexusid.arrow.store.Fingerprints;
import io.nexusid.arrow.store.RowIdentities;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a log a store takes: the first pass over all tables, which also finds every bad row before anything is
 * changed.
 *
 * <p>A row is taken unless a row of the same content was taken before; {@code _ingested_at} never counts. Of rows of one
 * content in one log the one that was loaded first is taken, whatever their order. A row that comes with the id of
 * another row, and other content, is taken too and counted as changed.
 *
 * <p>44 bytes a row while it works.
 */
final class Intake {
    /** The source of rows that name none. */
    static final String NO_SOURCE = "<none>";

    private static final Set<InputTable> STAMPED = EnumSet.of(
            InputTable.EVENTS,
            InputTable.ENTITY_IDENTIFIERS,
            InputTable.EVENT_MEASUREMENTS,
            InputTable.EVENT_DIMENSIONS);

    /** The rows of one table within all rows of the log: [from, to). */
    private record Range(int from, int to) {}

    private final EventLog log;
    private final FingerprintHash hash;
    private final Map<InputTable, Range> ranges = new EnumMap<>(InputTable.class);
    private final Fingerprints contents = new Fingerprints(1 << 10);
    /** Ids that rows came with, and whose they are. */
    private final Fingerprints ids = new Fingerprints(1 << 10);

    private final IntArrayList rowOfId = new IntArrayList();
    private final BitSet given = new BitSet();
    private final LongArrayList ingestedAt = new LongArrayList();
    private final CodedColumn source = new CodedColumn();
    private final BitSet taken = new BitSet();
    private final BitSet changed = new BitSet();
    private int rows;

    private final RowIdentities.Acceptance acceptedContents;
    private final RowIdentities.Acceptance acceptedIds;
    private final Map<InputTable, RowIdentities.Acceptance> acceptedChanges = new EnumMap<>(InputTable.class);

    private Intake(EventLog log, StoredAcceptance before, ProgressListener progress) throws IOException {
        progress.progress("take in", 0, -1);
        this.log = log;
        this.hash = before.hash();
        for (InputTable table : InputTable.values()) {
            if (log.tables().contains(table)) {
                read(table);
            }
        }
        progress.progress("accept", 0, -1);
        acceptedContents = before.contents().accept(contents);
        take(acceptedContents.standsFor());
        Fingerprints takenIds = new Fingerprints(16);
        IntArrayList rowOfTakenId = new IntArrayList();
        for (int i = 0; i < rowOfId.size(); i++) {
            if (taken.get(rowOfId.getInt(i))) {
                takenIds.add(ids.high(i), ids.low(i));
                rowOfTakenId.add(rowOfId.getInt(i));
            }
        }
        acceptedIds = before.ids().accept(takenIds);
        noteChanged(before, acceptedIds, takenIds, rowOfTakenId);
    }

    /**
     * Reads a log.
     *
     * @throws NexusDataException if a row is bad and its fault's policy is to fail
     */
    static Intake of(EventLog log, StoredAcceptance before, ProgressListener progress) throws IOException {
        return new Intake(log, before, progress);
    }

    private void read(InputTable table) throws IOException {
        RowPrints prints = new RowPrints(table, log.furtherColumns(table), hash);
        boolean hasSource = table.column("source").isPresent();
        boolean hasStamp = table.column(RowPrints.INGESTED_AT).isPresent();
        String idColumn = RowPrints.idColumn(table);
        int from = rows;
        Unstamped unstamped = new Unstamped();
        try (TableScan scan = log.scanAsGiven(table, prints.columns())) {
            for (RowBatch batch = scan.next(); batch != null; batch = scan.next()) {
                try (RowBatch owned = batch) {
                    LoadedTable.claim(table, rows, owned.rows(), Integer.MAX_VALUE - 8);
                    prints.load(owned);
                    StoredCells sources = hasSource ? prints.cells("source") : null;
                    StoredCells stamps = hasStamp ? prints.cells(RowPrints.INGESTED_AT) : null;
                    StoredCells rowIds = idColumn.isEmpty() ? null : prints.cells(idColumn);
                    for (int row = 0; row < owned.rows(); row++) {
                        prints.addContent(row, contents);
                        if (rowIds != null && !rowIds.isNull(row)) {
                            given.set(rows + row);
                            rowOfId.add(rows + row);
                            prints.addId(rowIds.text(), row, ids);
                        }
                        long stamp = stamps == null ? Instants.NULL : stamps.value64(row);
                        if (stamp == Instants.NULL && STAMPED.contains(table)) {
                            unstamped.add(scan, sources, row);
                        }
                        ingestedAt.add(stamp);
                    }
                    appendSources(sources, owned.rows());
                    rows += owned.rows();
                }
            }
        }
        unstamped.refuse();
        ranges.put(table, new Range(from, rows));
    }

    private void appendSources(@Nullable StoredCells sources, int count) {
        if (sources == null) {
            int[] none = new int[count];
            Arrays.fill(none, CodedColumn.NULL);
            source.append(TextBlock.coded(TextDictionary.of(new byte[0]), none));
        } else {
            source.append(sources.text());
        }
    }

    /** The rows of a table that do not say when they were loaded: where the first is, and the sources of all. */
    private static final class Unstamped {
        private static final int SHOWN = 10;

        private final Set<String> ofSources = new TreeSet<>();
        private NexusDataException.@Nullable Builder first;

        void add(TableScan scan, @Nullable StoredCells sources, int row) {
            ofSources.add(
                    sources == null || sources.isNull(row)
                            ? NO_SOURCE
                            : sources.text().text(row));
            if (first == null) {
                first = scan.faultOf(row, FaultCode.MISSING_VALUE).column(RowPrints.INGESTED_AT);
            }
        }

        void refuse() {
            if (first != null) {
                List<String> shown = ofSources.stream().limit(SHOWN).toList();
                int more = ofSources.size() - shown.size();
                throw first.because("a store needs to know when each row was loaded, and rows of "
                        + (ofSources.size() == 1 ? "source " : "sources ") + String.join(", ", shown)
                        + (more > 0 ? " and " + more + " others" : "") + " do not say");
            }
        }
    }

    /** Of the rows of each new content takes the one that was loaded first, then the first. */
    private void take(int[] standsFor) {
        int[] first = new int[rows];
        for (int row = 0; row < rows; row++) {
            int group = standsFor[row];
            if (group != RowIdentities.KNOWN && (group == row || isEarlier(row, first[group]))) {
                first[group] = row;
            }
        }
        for (int row = 0; row < rows; row++) {
            if (standsFor[row] == row) {
                taken.set(first[row]);
            }
        }
    }

    private boolean isEarlier(int row, int other) {
        long a = ingestedAt.getLong(row);
        long b = ingestedAt.getLong(other);
        return a != b && a != Instants.NULL && (b == Instants.NULL || a < b);
    }

    private void noteChanged(
            StoredAcceptance before,
            RowIdentities.Acceptance accepted,
            Fingerprints takenIds,
            IntArrayList rowOfTakenId)
            throws IOException {
        Map<InputTable, Fingerprints> twice = new EnumMap<>(InputTable.class);
        for (int i = 0; i < rowOfTakenId.size(); i++) {
            if (!accepted.accepts(i)) {
                int row = rowOfTakenId.getInt(i);
                changed.set(row);
                twice.computeIfAbsent(tableOf(row), t -> new Fingerprints(16)).add(takenIds.high(i), takenIds.low(i));
            }
        }
        for (Map.Entry<InputTable, Fingerprints> entry : twice.entrySet()) {
            acceptedChanges.put(
                    entry.getKey(), before.changedIds(entry.getKey()).accept(entry.getValue()));
        }
    }

    private InputTable tableOf(int row) {
        for (Map.Entry<InputTable, Range> entry : ranges.entrySet()) {
            if (row < entry.getValue().to()) {
                return entry.getKey();
            }
        }
        throw new IndexOutOfBoundsException(row);
    }

    /** The tables that the log has, in order. */
    Set<InputTable> tables() {
        return ranges.keySet();
    }

    /** Whether any row is taken. */
    boolean takesAny() {
        return !taken.isEmpty();
    }

    /** Whether any row of a table is taken. */
    boolean takesAny(InputTable table) {
        Range range = ranges.get(table);
        int next = range == null ? -1 : taken.nextSetBit(range.from());
        return next >= 0 && range != null && next < range.to();
    }

    /** Whether the nth row of a table, in the order of scans, is taken. */
    boolean takes(InputTable table, int row) {
        Range range = ranges.get(table);
        return range != null && taken.get(range.from() + row);
    }

    /** Whether any row of a table is taken that came with the id of another row. */
    boolean hasChangedContent(InputTable table) {
        Range range = ranges.get(table);
        int next = range == null ? -1 : changed.nextSetBit(range.from());
        return next >= 0 && range != null && next < range.to();
    }

    /** Whether the nth row of a table is taken and came with the id of another row. */
    boolean isChangedContent(InputTable table, int row) {
        Range range = ranges.get(table);
        return range != null && changed.get(range.from() + row);
    }

    /** Whether the nth row of a table came with an id of its own. */
    boolean isGiven(InputTable table, int row) {
        Range range = ranges.get(table);
        return range != null && given.get(range.from() + row);
    }

    RowIdentities.Acceptance acceptedContents() {
        return acceptedContents;
    }

    RowIdentities.Acceptance acceptedIds() {
        return acceptedIds;
    }

    /** Ids of which another version came, by table. */
    Map<InputTable, RowIdentities.Acceptance> acceptedChanges() {
        return acceptedChanges;
    }

    /** What became of the rows of each table. */
    Map<InputTable, Changes.Rows> counts() {
        Map<InputTable, Changes.Rows> counts = new EnumMap<>(InputTable.class);
        ranges.forEach((table, range) -> {
            long accepted = taken.get(range.from(), range.to()).cardinality();
            Rejects.OfTable rejected = log.rejects().of(table);
            long setAside = rejected == null ? 0 : rejected.size();
            counts.put(
                    table,
                    new Changes.Rows(
                            range.to() - range.from() + setAside,
                            accepted,
                            range.to() - range.from() - accepted,
                            changed.get(range.from(), range.to()).cardinality(),
                            setAside));
        });
        return counts;
    }

    /** By source, the latest {@code _ingested_at} of a row that is taken. */
    Map<String, Long> latestOfSources() {
        long[] latest = new long[source.distinct() + 1];
        Arrays.fill(latest, Instants.NULL);
        for (int row = taken.nextSetBit(0); row >= 0; row = taken.nextSetBit(row + 1)) {
            int code = source.code(row) + 1;
            latest[code] = Instants.max(latest[code], ingestedAt.getLong(row));
        }
        List<String> names = new ArrayList<>(List.of(NO_SOURCE));
        for (int code = 0; code < source.distinct(); code++) {
            names.add(source.text(code));
        }
        Map<String, Long> watermarks = new TreeMap<>();
        for (int i = 0; i < latest.length; i++) {
            if (latest[i] != Instants.NULL) {
                watermarks.merge(names.get(i), latest[i], Math::max);
            }
        }
        return watermarks;
    }
}
