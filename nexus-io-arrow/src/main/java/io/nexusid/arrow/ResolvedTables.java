package io.nexusid.arrow;

import io.nexusid.api.IdForm;
import io.nexusid.api.InputTable;
import io.nexusid.api.OutputTable;
import io.nexusid.api.RunReport;
import io.nexusid.arrow.format.HeapBatch;
import io.nexusid.arrow.format.TableWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ForkJoinTask;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.util.AutoCloseables;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a run: the resolved tables, computed as they are asked for.
 *
 * <p>It holds who is who and, for each table asked for, row numbers into the input; values are taken from the
 * {@link EventLog} when rows are read, so the log stays open as long as this. {@link #reader} streams a table,
 * {@link #root} holds a whole one, {@link #write} streams tables to files. Each call computes what it needs; what a
 * {@code write} has no further use for is released table by table.
 *
 * <p>Not thread-safe. Close it before the log.
 */
public final class ResolvedTables implements AutoCloseable {
    private final Run run;
    private final EventLog log;
    private final BufferAllocator allocator;
    private final List<OutputTable> tables;
    private final Resolution resolution;
    private final PeakMemory memory = new PeakMemory();
    private final Map<String, Long> tablesOut = new LinkedHashMap<>();
    private RunReport identityReport = Reports.EMPTY;
    private boolean closed;
    /** What is closed with this, the log too. */
    private @Nullable AutoCloseable owned;

    ResolvedTables(Run run, BufferAllocator allocator, List<OutputTable> tables) throws IOException {
        this.run = run;
        this.log = run.log();
        this.allocator = allocator;
        this.tables = List.copyOf(tables);
        this.resolution = new Resolution(run);
        log.borrow();
        try {
            if (resolution.needsIdentity(names())) {
                identityReport = Reports.of(resolution.identity());
            }
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Closes something with this. */
    ResolvedTables owning(AutoCloseable more) {
        owned = more;
        return this;
    }

    /** The tables that can be asked for, in the order they are written. */
    public List<OutputTable> tables() {
        return tables;
    }

    /** Gives back what none of these tables needs; what is needed again is computed again. */
    void keepFor(Collection<String> names) {
        resolution.keepFor(names);
    }

    private List<String> names() {
        return tables.stream().map(OutputTable::name).toList();
    }

    /**
     * Streams a table in batches of at most 65,536 rows. The reader is the caller's to close, before this is closed; its
     * batches belong to it until it loads the next.
     *
     * @throws IllegalArgumentException if there is no such table among {@link #tables}
     * @throws io.nexusid.api.NexusDataException if input that only this table needs is bad
     */
    public ArrowReader reader(String table) throws IOException {
        return reader(rows(table));
    }

    /** Streams the rows of one of these tables. */
    ArrowReader reader(TableRows rows) throws IOException {
        return new TableReader(rows, allocator, run.workers());
    }

    /**
     * A whole table in one batch, which is the caller's to close; its buffers may outlive this but not the
     * {@link Nexus} they come from.
     *
     * @throws IllegalArgumentException if there is no such table among {@link #tables}
     * @throws io.nexusid.api.NexusDataException if a column would have more than 2 GiB, or input is bad
     */
    public VectorSchemaRoot root(String table) throws IOException {
        return WholeTable.read(table, rows(table), allocator, run.workers());
    }

    /**
     * The life of the entity that owns an identifier, in order of time; none if nobody owns it, several if several sources
     * registered it.
     *
     * @param value the identifier as {@code nexus_entity_identifiers_to_entity_id} has it
     * @throws IllegalArgumentException if one of {@link EntityTimeline#TABLES} is not among {@link #tables}
     * @throws IllegalStateException if the run writes ids as bytes
     */
    public List<EntityTimeline> timelines(String entityType, String identifierType, String value) throws IOException {
        if (run.config().ids() != IdForm.HEX) {
            throw new IllegalStateException("timelines are read from ids as text: set ids to hex");
        }
        return EntityTimeline.read(this, run.config(), entityType, identifierType, value);
    }

    /** The rows of a table, which can be read any number of times. */
    TableRows rows(String table) throws IOException {
        checkOpen();
        if (!names().contains(table)) {
            throw new IllegalArgumentException("no table " + table + " among " + names());
        }
        return resolution.rows(table);
    }

    /** Writes the tables that are written by default, or all that the run was limited to. */
    public void write(Path dir, TableFormat format) throws IOException {
        write(dir, format, names());
    }

    /**
     * Writes tables, each to {@code dir/NAME.FORMAT}, and {@code nexus_rejects} with them. The folder is made if needed.
     * Either all files appear or none; older files of the same tables in other formats are deleted, nothing else.
     *
     * @throws IllegalArgumentException if one of the tables is not among {@link #tables}
     * @throws io.nexusid.api.NexusConfigException if the format has no {@linkplain TableFormat#check binary ids}
     * @throws IOException if a file cannot be written; the folder is as it was
     * @throws io.nexusid.api.NexusDataException if input is bad; the folder is as it was
     */
    public void write(Path dir, TableFormat format, Collection<String> names) throws IOException {
        checkOpen();
        format.check(run.config());
        Set<String> wanted = new LinkedHashSet<>(names);
        wanted.add(OutputTable.REJECTS);
        List<String> left = new ArrayList<>(names());
        if (!left.containsAll(wanted)) {
            wanted.removeAll(left);
            throw new IllegalArgumentException("no tables " + wanted + " among " + left);
        }
        left.retainAll(wanted);
        // Rejects last: scans of the other tables fill them.
        left.remove(OutputTable.REJECTS);
        // What needs most memory comes first, so that it can be given back before the rest is computed.
        left.sort(Comparator.comparing(table -> !resolution.needsEvents(table)));
        left.add(OutputTable.REJECTS);
        Map<String, Long> written = new LinkedHashMap<>();
        try (TableFiles files = TableFiles.create(dir, format)) {
            writeAll(left, files, written);
            files.publish();
        }
        for (String table : names()) {
            if (written.containsKey(table)) {
                tablesOut.put(table, written.get(table));
            }
        }
    }

    /** Writes tables in order; while one is written, what the next follows from is computed. */
    private void writeAll(List<String> left, TableFiles files, Map<String, Long> written) throws IOException {
        @Nullable ForkJoinTask<TableRows> next = null;
        try {
            while (!left.isEmpty()) {
                String table = left.get(0);
                TableRows rows = next == null ? resolution.rows(table) : Workers.join(next);
                next = startNext(left);
                written.put(table, run.timed("write", () -> write(table, rows, files)));
                left.remove(0);
                resolution.keepFor(left);
                memory.sample();
            }
        } finally {
            if (next != null) {
                next.quietlyJoin();
            }
        }
    }

    /** Rejects are not begun early: the scans of other tables fill them. */
    private @Nullable ForkJoinTask<TableRows> startNext(List<String> left) {
        if (left.size() < 2
                || left.get(1).equals(OutputTable.REJECTS)
                || run.workers().threads() == 1) {
            return null;
        }
        String table = left.get(1);
        return run.workers().submit(() -> resolution.rows(table));
    }

    private long write(String table, TableRows rows, TableFiles files) throws IOException {
        long count = 0;
        TableWriter writer = files.open(table, rows.schema(), run.workers());
        try (TableRows.HeapCursor cursor = rows.openHeap(allocator, run.workers())) {
            for (HeapBatch batch = cursor.next(); batch != null; batch = cursor.next()) {
                writer.write(batch);
                count += batch.rows();
                run.progress().progress("write " + table, count, -1);
            }
        } catch (IOException | RuntimeException | Error e) {
            try (writer) {
                throw e;
            }
        }
        files.finish(writer);
        return count;
    }

    /** What the run did so far; complete after {@link #write}. */
    public RunReport report() {
        memory.sample();
        Map<String, RunReport.TableIn> tablesIn = new LinkedHashMap<>();
        Map<InputTable, RunReport.TableIn> counts = log.rejects().counts();
        for (InputTable table : log.tables()) {
            RunReport.TableIn count = counts.get(table);
            if (count != null) {
                tablesIn.put(table.tableName(), count);
            }
        }
        Map<String, Long> unmatched = new TreeMap<>(run.unmatched());
        log.snapshotCounts().addTo(tablesIn, unmatched);
        return new RunReport(
                tablesIn,
                unmatched,
                run.duplicateIds(),
                identityReport.identifiers(),
                identityReport.links(),
                identityReport.components(),
                identityReport.largestComponent(),
                identityReport.idCollisions(),
                identityReport.entities(),
                tablesOut,
                run.stagesMillis(),
                run.elapsedMillis(),
                memory.peakBytes(),
                log.ignored());
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("these tables are closed");
        }
    }

    /** Releases what the stages hold. Closing twice does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            run.workers().close();
            resolution.close();
            log.release();
            if (owned != null) {
                AutoCloseables.closeNoChecked(owned);
            }
        }
    }
}
