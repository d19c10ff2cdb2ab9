package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusDataException;
import io.nexusid.api.RunReport;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows that complete scans have set aside: what {@code nexus_rejects} is written from. Ordered by table, then as
 * the rows stand. A table that is scanned again replaces what its earlier scan left here, so that nothing counts twice.
 *
 * <p>Thread-safe. 16 bytes per row: file, row and an index into the distinct (code, column, reason) of the table.
 */
final class Rejects {
    /** What the rows of all files that snapshot diffs read go by. */
    static final String SNAPSHOTS = "snapshot_diffs";

    private static final int MAX_ROWS = Integer.MAX_VALUE - 8;

    private final Map<InputTable, OfTable> tables = new EnumMap<>(InputTable.class);
    /** Of the files that snapshot diffs read, which are read before any table. */
    private final List<Reject> ofSnapshots = new ArrayList<>();

    private final int maxRows;

    Rejects() {
        this(MAX_ROWS);
    }

    Rejects(int maxRows) {
        this.maxRows = maxRows;
    }

    /**
     * One row that was set aside.
     *
     * @param table the name of the input table, or {@link #SNAPSHOTS}
     * @param file the file as named in messages
     * @param row the 1-based data row of the file
     * @param code what is wrong
     * @param column the column, or null if the fault is the whole record's
     * @param reason what is wrong in words, without any value
     */
    record Reject(
            String table,
            String file,
            long row,
            FaultCode code,
            @Nullable String column,
            String reason) {}

    /** Takes the outcome of one complete scan. */
    synchronized void replace(OfTable outcome) {
        long total = ofSnapshots.size();
        total += outcome.size();
        for (OfTable t : tables.values()) {
            total += t.table == outcome.table ? 0 : t.size();
        }
        if (total > maxRows) {
            throw NexusDataException.of(FaultCode.CAPACITY, outcome.table.tableName())
                    .because(total + " rows were set aside, more than nexus_rejects can hold: mend the input");
        }
        tables.put(outcome.table, outcome);
    }

    /** Takes what was set aside while snapshot diffs were computed. */
    synchronized void addOfSnapshots(List<Reject> rejects) {
        ofSnapshots.addAll(rejects);
    }

    /** What the first complete scan of this table has set aside, or null if there was none. */
    synchronized @Nullable OfTable of(InputTable table) {
        return tables.get(table);
    }

    /** How many rows were set aside in all tables, and before any was read. */
    synchronized int size() {
        int size = ofSnapshots.size();
        for (OfTable t : tables.values()) {
            size += t.size();
        }
        return size;
    }

    /** One of them; {@code index} runs from 0 to {@link #size}. */
    synchronized Reject get(int index) {
        int rest = index;
        for (OfTable t : tables.values()) {
            if (rest < t.size()) {
                return t.get(rest);
            }
            rest -= t.size();
        }
        if (rest < ofSnapshots.size()) {
            return ofSnapshots.get(rest);
        }
        throw new IndexOutOfBoundsException(index + " of " + size());
    }

    /** Rows read and set aside per table that was scanned to its end, in table order. */
    synchronized Map<InputTable, RunReport.TableIn> counts() {
        Map<InputTable, RunReport.TableIn> counts = new EnumMap<>(InputTable.class);
        tables.forEach((table, t) -> counts.put(table, new RunReport.TableIn(t.rowsRead, t.size())));
        return counts;
    }

    /** What one scan sets aside; not thread-safe, handed over whole when the scan has reached its end. */
    static final class OfTable {
        private final InputTable table;
        private final List<String> files = new ArrayList<>();
        private final List<Kind> kinds = new ArrayList<>();
        private final Object2IntOpenHashMap<Kind> kindIndex = new Object2IntOpenHashMap<>();
        private final IntArrayList fileOf = new IntArrayList();
        private final IntArrayList kindOf = new IntArrayList();
        private final LongArrayList rowOf = new LongArrayList();
        private long rowsRead;

        private record Kind(FaultCode code, @Nullable String column, String reason) {}

        OfTable(InputTable table) {
            this.table = table;
            kindIndex.defaultReturnValue(-1);
        }

        /** The rows added from here on are of this file. */
        void startFile(String file) {
            files.add(file);
        }

        /** Sets a row of the current file aside; rows come in ascending order. */
        void add(long row, FaultCode code, @Nullable String column, String reason) {
            Kind kind = new Kind(code, column, reason);
            int index = kindIndex.getInt(kind);
            if (index < 0) {
                index = kinds.size();
                kinds.add(kind);
                kindIndex.put(kind, index);
            }
            fileOf.add(files.size() - 1);
            kindOf.add(index);
            rowOf.add(row);
        }

        /** The rows of the file that was started as number {@code file}, from 0. */
        Known known(int file) {
            return new Known(this, file, firstOf(file));
        }

        /** The 1-based data row of the nth row, from 0, of a file that is not set aside. */
        long rowOfAccepted(int file, long nth) {
            int first = firstOf(file);
            int least = first;
            int beyond = firstOf(file + 1);
            // How many accepted rows stand before the next that is set aside only grows.
            while (least < beyond) {
                int middle = (least + beyond) >>> 1;
                if (rowOf.getLong(middle) - (middle - first) <= nth + 1) {
                    least = middle + 1;
                } else {
                    beyond = middle;
                }
            }
            return nth + 1 + (least - first);
        }

        private int firstOf(int file) {
            int from = 0;
            int to = fileOf.size();
            while (from < to) {
                int middle = (from + to) >>> 1;
                if (fileOf.getInt(middle) < file) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }

        void rowsRead(long rows) {
            rowsRead = rows;
        }

        int size() {
            return fileOf.size();
        }

        Reject get(int i) {
            Kind kind = kinds.get(kindOf.getInt(i));
            return new Reject(
                    table.tableName(),
                    files.get(fileOf.getInt(i)),
                    rowOf.getLong(i),
                    kind.code(),
                    kind.column(),
                    kind.reason());
        }
    }

    /** A cursor over the rows of one file that an earlier scan has set aside. */
    static final class Known {
        private final OfTable rejects;
        private final int file;
        private int next;

        private Known(OfTable rejects, int file, int next) {
            this.rejects = rejects;
            this.file = file;
            this.next = next;
        }

        /** Passes on the rows among the {@code rows} that follow the first {@code before}, counted from 0 behind those. */
        void in(long before, int rows, IntConsumer row) {
            while (next < rejects.size()
                    && rejects.fileOf.getInt(next) == file
                    && rejects.rowOf.getLong(next) <= before + rows) {
                row.accept((int) (rejects.rowOf.getLong(next) - before - 1));
                next++;
            }
        }
    }
}
