package io.nexusid.arrow;

import io.nexusid.api.IdForm;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import java.util.Locale;
import java.util.Optional;

/** The file formats that tables are written in. */
public enum TableFormat {
    /** Parquet: {@code NAME.parquet}. */
    PARQUET,
    /** The Arrow IPC file format: {@code NAME.arrow}. */
    ARROW,
    /** RFC 4180 text with a header: {@code NAME.csv}; an unquoted empty field is null, a quoted one the empty string. */
    CSV;

    /**
     * Checks that tables of these settings can be written in this format.
     *
     * @throws NexusConfigException if it is text and ids are to be bytes
     */
    public void check(NexusConfig config) {
        if (this == CSV && config.ids() == IdForm.BINARY) {
            throw new NexusConfigException(
                    "/ids", "'binary' cannot be written as csv, which is text: write parquet or arrow, or 'hex' ids");
        }
    }

    /** The file name extension, which is also the name on the command line. */
    public String extension() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format of this command-line name, if there is one. */
    public static Optional<TableFormat> named(String extension) {
        for (TableFormat format : values()) {
            if (format.extension().equals(extension)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
