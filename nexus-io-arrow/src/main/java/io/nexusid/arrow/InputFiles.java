package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nexusid.api.FaultCode;
import io.nexusid.api.InputTable;
import io.nexusid.api.LegacyTable;
import io.nexusid.api.NexusDataException;
import io.nexusid.arrow.format.RowSources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an input folder holds: {@code NAME.ext} and {@code *_NAME.ext} (the longest name wins) directly in it, and every
 * file below {@code NAME/}, where NAME is an input table's name or an older name of one. All of it in the byte order of
 * the path, whatever the file system's. Names that begin with a dot or an underscore ({@code _SUCCESS}) are passed over
 * in silence.
 */
final class InputFiles {
    private static final Comparator<Named> BY_PATH = (a, b) -> Arrays.compareUnsigned(a.utf8, b.utf8);

    private final List<Found> found = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();

    /**
     * One file of a table.
     *
     * @param path where it is
     * @param name its path relative to the folder, with {@code /}
     * @param table the table it belongs to
     * @param legacy the older table name it goes by, or null
     */
    record Found(
            Path path,
            String name,
            InputTable table,
            @Nullable LegacyTable legacy) {}

    /** A table name, today's or an older one. */
    private record TableName(
            String name, InputTable table, @Nullable LegacyTable legacy) {}

    private final Map<String, Path> snapshots = new HashMap<>();

    private InputFiles() {}

    /**
     * Lists the folder.
     *
     * @param snapshotNames the files that are no tables, because snapshot diffs read them
     * @throws IOException if it cannot be read, or is no folder
     * @throws NexusDataException {@code NO_TABLES} if it holds no file of a table, and should hold none of these
     */
    static InputFiles in(Path folder, Set<String> snapshotNames) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new NotDirectoryException(folder.toString());
        }
        InputFiles files = new InputFiles();
        for (Named entry : walk(folder)) {
            if (snapshotNames.contains(entry.name)) {
                files.snapshots.put(entry.name, entry.path);
            } else {
                files.sort(entry);
            }
        }
        if (files.found.isEmpty() && snapshotNames.isEmpty()) {
            throw NexusDataException.of(FaultCode.NO_TABLES, folder.toString())
                    .because("no input table here: expected files such as events.csv or entity_identifiers.parquet");
        }
        return files;
    }

    /** The files that belong to a table, in path order. */
    List<Found> found() {
        return found;
    }

    /** Where the files are that snapshot diffs read, by name; those that are there. */
    Map<String, Path> snapshots() {
        return snapshots;
    }

    /** The names of all other files, in path order. */
    List<String> ignored() {
        return ignored;
    }

    private void sort(Named entry) {
        String name = entry.name;
        int slash = name.indexOf('/');
        TableName table = slash < 0 ? ofFile(name) : ofFolder(name.substring(0, slash));
        if (table == null || !RowSources.isKnown(name)) {
            ignored.add(name);
        } else {
            found.add(new Found(entry.path, name, table.table(), table.legacy()));
        }
    }

    private static @Nullable TableName ofFolder(String name) {
        return allNames().filter(t -> t.name().equals(name)).findFirst().orElse(null);
    }

    private static @Nullable TableName ofFile(String file) {
        int dot = file.lastIndexOf('.');
        String stem = dot < 0 ? file : file.substring(0, dot);
        return allNames()
                .filter(t -> stem.equals(t.name()) || stem.endsWith("_" + t.name()))
                .max(Comparator.comparingInt(t -> t.name().length()))
                .orElse(null);
    }

    private static Stream<TableName> allNames() {
        return Stream.concat(
                Stream.of(InputTable.values()).map(t -> new TableName(t.tableName(), t, null)),
                LegacyTable.all().stream().map(t -> new TableName(t.name(), t.table(), t)));
    }

    private static List<Named> walk(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return paths.filter(p -> !p.equals(folder) && !isHidden(folder.relativize(p)))
                    .filter(p -> !Files.isDirectory(p))
                    .map(p -> new Named(p, folder.relativize(p)))
                    .sorted(BY_PATH)
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            String name = part.toString();
            if (name.startsWith(".") || name.startsWith("_")) {
                return true;
            }
        }
        return false;
    }

    /** A file and its name in messages. */
    private static final class Named {
        private final Path path;
        private final String name;
        private final byte[] utf8;

        Named(Path path, Path relative) {
            this.path = path;
            StringBuilder text = new StringBuilder();
            for (Path part : relative) {
                text.append(text.length() == 0 ? "" : "/").append(part);
            }
            this.name = text.toString();
            this.utf8 = name.getBytes(UTF_8);
        }
    }
}
