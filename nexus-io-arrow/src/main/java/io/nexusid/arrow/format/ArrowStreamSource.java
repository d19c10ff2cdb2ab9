package io.nexusid.arrow.format;

import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A file that holds an Arrow IPC stream ({@code NAME.arrows}), uncompressed or zstd. Needs no JVM flag. Only wanted
 * columns are read; dictionaries become values.
 *
 * <p>A stream without its end marker counts as cut off, and data behind the marker as damage. All that is needed to read
 * safely is checked (see {@link IpcBatch}); but the format has no checksums, so that a flipped bit in a value goes
 * unnoticed.
 */
public final class ArrowStreamSource implements RowSource {
    private final FileOrigin origin;
    private final List<IpcField> fields;
    private final List<Field> columns;

    private ArrowStreamSource(FileOrigin origin, List<IpcField> fields) {
        this.origin = origin;
        this.fields = fields;
        this.columns = fields.stream().map(IpcField::decoded).toList();
    }

    /**
     * Reads the schema of a stream. Nothing stays open.
     *
     * @param file where it is
     * @param table the input table it belongs to
     * @param name how messages name it
     */
    public static ArrowStreamSource open(Path file, String table, String name) throws IOException {
        FileOrigin origin = new FileOrigin(file, table, name);
        try (IpcInput input = IpcInput.open(origin)) {
            return new ArrowStreamSource(origin, messages(input).schema());
        } catch (NexusDataException e) {
            throw e;
        } catch (RuntimeException e) {
            throw origin.corrupt("the schema does not parse", e);
        }
    }

    @Override
    public String name() {
        return origin.name();
    }

    @Override
    public List<Field> columns() {
        return columns;
    }

    @Override
    public boolean textual() {
        return false;
    }

    @Override
    public long rowCount() {
        return -1;
    }

    @Override
    public RowReader read(BufferAllocator allocator, List<String> names) throws IOException {
        int[] positions = ColumnNames.positions(columns, names);
        IpcInput input = IpcInput.open(origin);
        return IpcReader.open(input, messages(input), allocator, fields, positions);
    }

    @Override
    public void close() {}

    private static IpcMessages messages(IpcInput input) {
        return new IpcMessages(input, 0, input.size(), true);
    }
}
