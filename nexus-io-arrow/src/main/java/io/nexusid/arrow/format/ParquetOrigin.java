package io.nexusid.arrow.format;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusDataException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where bytes come from, so that every error can say it.
 *
 * @param path the file
 * @param table the input table it belongs to
 * @param name how messages name the file
 */
record ParquetOrigin(Path path, String table, String name) {
    /** The content of the file, or of one column of it, is not what the format allows. */
    NexusDataException corrupt(@Nullable String column, String reason, @Nullable Throwable cause) {
        return fault(FaultCode.CORRUPT_FILE, column, reason, cause);
    }

    /** An error of this kind; {@code reason} never shows a value. */
    NexusDataException fault(FaultCode code, @Nullable String column, String reason, @Nullable Throwable cause) {
        NexusDataException.Builder fault =
                NexusDataException.of(code, table).file(name).column(column);
        return (cause == null ? fault : fault.cause(cause)).because(reason);
    }

    /**
     * What any failure inside a decoder means to the user: whatever parquet-java or a codec throws on bytes it cannot
     * read is damage, a heap that cannot hold an announced size is a capacity fault, and both are data errors.
     */
    NexusDataException damaged(@Nullable String column, Throwable failure) {
        if (failure instanceof NexusDataException known) {
            return known;
        }
        if (failure instanceof ParquetDamage) {
            return corrupt(column, String.valueOf(failure.getMessage()), null);
        }
        if (failure instanceof OutOfMemoryError) {
            return fault(
                    FaultCode.CAPACITY,
                    column,
                    "a page needs more memory than there is: the file is damaged or the heap too small",
                    failure);
        }
        return corrupt(column, "the Parquet data is damaged", failure);
    }
}
