package io.nexusid.arrow.format;

import java.io.IOException;
import java.nio.file.Path;

/** Opens input files by the extension of their name. */
public final class RowSources {
    private RowSources() {}

    /** Whether the name ends as a format that is read: {@code .parquet}, {@code .arrow}, {@code .arrows}, {@code .csv}. */
    public static boolean isKnown(String name) {
        return switch (extension(name)) {
            case "parquet", "arrow", "arrows", "csv" -> true;
            default -> false;
        };
    }

    /**
     * Opens a file as far as its columns are known.
     *
     * @param file where it is
     * @param table the input table it belongs to, for messages
     * @param name the file as messages name it
     * @throws IOException if the system fails to read
     * @throws io.nexusid.api.NexusDataException if the content is damaged or not supported
     */
    public static RowSource open(Path file, String table, String name) throws IOException {
        return switch (extension(name)) {
            case "parquet" -> ParquetSource.open(file, table, name);
            case "arrow" -> ArrowFileSource.open(file, table, name);
            case "arrows" -> ArrowStreamSource.open(file, table, name);
            case "csv" -> CsvSource.open(file, table, name);
            default -> throw new IllegalArgumentException(name + " is of no format that is read");
        };
    }

    private static String extension(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
