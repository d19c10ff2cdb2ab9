package io.nexusid.arrow;

import io.nexusid.api.FaultCode;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusDataException;
import io.nexusid.arrow.format.RowBatch;
import io.nexusid.arrow.format.RowReader;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One pass over the accepted rows of one table in order: files in path byte order, rows as they stand.
 *
 * <p>Batches hold the requested columns in the requested order as text, {@code TimeStampMicroTZVector("UTC")}, {@code
 * BitVector} or {@code Float8Vector}; a column that a file does not have is all
 * null there. Every scan of a table gives the same rows, whatever columns it asks for ({@link ScanPlan}). A scan that
 * reaches its end leaves what it has set aside in {@link Rejects}; one that is closed before leaves nothing. Not
 * thread-safe, but several scans may run at once.
 *
 * <p>Per row: nothing for a column that comes in its canonical type but one look at its bytes (text) or values
 * (instants); memory is one batch and its heap copy, block by block.
 */
final class TableScan implements RowReader {
    private final InputTable table;
    private final List<String> columns;
    private final Set<String> deferred;
    private final NexusConfig config;
    private final boolean mintsIds;
    private final Rejects rejects;
    private final Rejects.OfTable setAside;
    private final Rejects.@Nullable OfTable earlier;
    private final ConversionSpace space;
    private final Iterator<InputBinding> sources;
    private @Nullable SourceScan current;
    private int source = -1;
    private String sourceName = "";
    private long rowsBefore;
    /** Of the current source, before and in the batch that was handed out last. */
    private long handedOutBefore;

    private int handedOut;
    private boolean ended;

    TableScan(
            InputTable table,
            List<InputBinding> sources,
            List<String> columns,
            Set<String> deferred,
            NexusConfig config,
            boolean mintsIds,
            BufferAllocator allocator,
            Rejects rejects) {
        this.table = table;
        this.columns = List.copyOf(columns);
        this.deferred = deferred;
        this.config = config;
        this.mintsIds = mintsIds;
        this.rejects = rejects;
        this.setAside = new Rejects.OfTable(table);
        this.earlier = rejects.of(table);
        this.space = new ConversionSpace(allocator, table.tableName());
        this.sources = sources.iterator();
    }

    /**
     * The next accepted rows, at least one, or null at the end. The caller owns them; they may outlive the scan.
     *
     * @throws IOException if the system fails to read
     * @throws io.nexusid.api.NexusDataException if a row has a fault that fails the run, or a file is damaged
     */
    @Override
    public @Nullable RowBatch next() throws IOException {
        while (!ended) {
            SourceScan scan = current;
            RowBatch batch = scan == null ? null : scan.next();
            if (batch != null) {
                handedOutBefore += handedOut;
                handedOut = batch.rows();
                return batch;
            }
            nextSource();
        }
        return null;
    }

    private void nextSource() throws IOException {
        closeCurrent();
        handedOutBefore = 0;
        handedOut = 0;
        if (sources.hasNext()) {
            InputBinding binding = sources.next();
            source++;
            sourceName = binding.source().name();
            setAside.startFile(sourceName);
            Rejects.Known known = earlier == null ? null : earlier.known(source);
            current = new SourceScan(table, binding, columns, deferred, config, space, mintsIds, setAside, known);
            return;
        }
        ended = true;
        if (source >= 0 && earlier == null) {
            setAside.rowsRead(rowsBefore);
            rejects.replace(setAside);
        }
    }

    /** Begins an error about a row of the batch that was handed out last. */
    NexusDataException.Builder faultOf(int row, FaultCode code) {
        return NexusDataException.of(code, table.tableName()).file(file()).row(rowNumber(row));
    }

    /** The file of the batch that was handed out last, as named in messages. */
    String file() {
        return sourceName;
    }

    /** The 1-based data row in its file of a row, from 0, of the batch that was handed out last. O(log rows set aside). */
    long rowNumber(int row) {
        Rejects.OfTable rejected = earlier == null ? setAside : earlier;
        return rejected.rowOfAccepted(source, handedOutBefore + row);
    }

    /** Data rows read so far, accepted or not. */
    long rowsRead() {
        return rowsBefore + (current == null ? 0 : current.rowsRead());
    }

    /** Rows set aside so far; all of the table's if an earlier scan has counted them. */
    long rowsRejected() {
        return earlier == null ? setAside.size() : earlier.size();
    }

    @Override
    public void close() throws IOException {
        ended = true;
        closeCurrent();
    }

    private void closeCurrent() throws IOException {
        SourceScan scan = current;
        current = null;
        if (scan != null) {
            rowsBefore += scan.rowsRead();
            scan.close();
        }
    }
}
