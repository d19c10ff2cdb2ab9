package io.nexusid.arrow;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;

/** The input tables. */
public final class EventLog implements AutoCloseable {
    private final Rejects rejects = new Rejects();

    private EventLog() {}

    static EventLog open(Path dir, NexusConfig config, BufferAllocator allocator) throws IOException {
        return builder(config, allocator).build();
    }

    static Builder builder(NexusConfig config, BufferAllocator allocator) {
        return new Builder();
    }

    /** The tables that have at least one source. */
    public Set<InputTable> tables() {
        return Set.of();
    }

    /** Files and columns that are not understood, as the user would name them. */
    public List<String> ignored() {
        return List.of();
    }

    boolean has(InputTable table, String column) {
        return false;
    }

    List<String> furtherColumns(InputTable table) {
        return List.of();
    }

    TableScan scan(InputTable table, List<String> columns) throws IOException {
        return new TableScan();
    }

    Rejects rejects() {
        return rejects;
    }

    void borrow() {}

    void release() {}

    @Override
    public void close() throws IOException {}

    /** Collects tables that are handed over in memory. */
    public static final class Builder {
        private Builder() {}

        /** Borrowed until the log is closed. */
        public Builder add(InputTable table, VectorSchemaRoot rows) {
            return this;
        }

        /** Drained and closed by {@link #build}. */
        public Builder add(InputTable table, ArrowReader rows) {
            return this;
        }

        /** The address of a C Data stream, drained and released by {@link #build}. */
        public Builder addStream(InputTable table, long arrowArrayStreamAddress) {
            return this;
        }

        /** The log. */
        public EventLog build() throws IOException {
            return new EventLog();
        }
    }
}
