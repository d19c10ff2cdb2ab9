package io.nexusid.arrow;

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
