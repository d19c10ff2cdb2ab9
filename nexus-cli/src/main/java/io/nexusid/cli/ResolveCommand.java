package io.nexusid.cli;

import io.nexusid.api.Compat;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.OutputTable;
import io.nexusid.arrow.ConfigFile;
import io.nexusid.arrow.EventLog;
import io.nexusid.arrow.Nexus;
import io.nexusid.arrow.ResolvedTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code nexus resolve}: reads a folder of tables, resolves it, writes the resolved tables. */
@Command(
        name = "resolve",
        description = "Read an event log, resolve it, write the resolved tables.",
        customSynopsis = "nexus resolve --in DIR --out DIR [OPTIONS]",
        sortOptions = false,
        footer = {
            "",
            "The folder holds any of the input tables (docs/tables.md), each as NAME.parquet,",
            "NAME.arrow, NAME.arrows, NAME.csv or a folder NAME/ of such files."
        })
final class ResolveCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--in", required = true, paramLabel = "DIR", description = "The folder to read.")
    private @Nullable Path in;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "The folder to write to; created if it is missing, untouched if the run fails.")
    private @Nullable Path out;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings as JSON (docs/configuration.md).")
    private @Nullable Path config;

    @Mixin
    private FormatOption format = new FormatOption();

    @Option(
            names = "--tables",
            paramLabel = "NAME",
            split = ",",
            description = "Compute and write only these tables, separated by commas.")
    private @Nullable List<String> tables;

    @Option(
            names = "--compat",
            paramLabel = "RELEASE",
            converter = CompatConverter.class,
            description = "Give what dbt-nexus gives; v0.13-duckdb.")
    private @Nullable Compat compat;

    @Option(
            names = "--clock",
            paramLabel = "INSTANT",
            converter = InstantConverter.class,
            description = "Processing time to write (2026-01-31T12:00:00Z).")
    private @Nullable Instant clock;

    @Option(names = "--threads", paramLabel = "N", description = "Threads to use; 0, the default, is all.")
    private @Nullable Integer threads;

    @Mixin
    private ReportOptions reporting = new ReportOptions();

    ResolveCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Path source = Objects.requireNonNull(in);
        Path target = Objects.requireNonNull(out);
        checkFolders(source, target);
        NexusConfig settings = settings();
        format.format().check(settings);
        Set<String> names = tableNames(settings);
        try (ProgressLine progress = reporting.progress(terminal);
                Nexus nexus = Nexus.open(settings).progress(progress);
                EventLog log = nexus.read(source);
                ResolvedTables resolved = names.isEmpty() ? nexus.resolve(log) : nexus.resolve(log, names)) {
            if (names.isEmpty()) {
                resolved.write(target, format.format());
            } else {
                resolved.write(target, format.format(), names);
            }
            progress.erase();
            reporting.print(resolved.report(), terminal);
        }
        return Main.DONE;
    }

    private void checkFolders(Path source, Path target) throws IOException {
        if (!Files.exists(source)) {
            throw new NoSuchFileException(source.toString());
        }
        if (!Files.isDirectory(source)) {
            throw new NotDirectoryException(source.toString());
        }
        if (Files.exists(target) && Files.isSameFile(source, target)) {
            // nexus_events.parquet would be read as a table of events the next time
            throw misuse("--in and --out are the same folder: results written there would be read as input");
        }
    }

    /** Command line over file over preset over defaults. */
    private NexusConfig settings() throws IOException {
        NexusConfig.Builder builder = config == null ? NexusConfig.builder() : ConfigFile.read(config);
        if (compat != null) {
            builder.compat(compat);
        }
        if (threads != null) {
            if (threads < 0) {
                throw misuse("--threads is negative; 0 is all");
            }
            builder.threads(threads);
        }
        if (clock != null) {
            builder.clock(clock);
        }
        return builder.build();
    }

    /** The tables asked for and the rejects, in the order given; empty if all are wanted. */
    private Set<String> tableNames(NexusConfig settings) {
        if (tables == null) {
            return Set.of();
        }
        Set<String> valid = new TreeSet<>();
        OutputTable.all(settings).forEach(table -> valid.add(table.name()));
        Set<String> names = new LinkedHashSet<>();
        for (String name : tables) {
            String trimmed = name.strip();
            if (!valid.contains(trimmed)) {
                throw misuse("there is no table '" + trimmed + "'; the tables are " + String.join(", ", valid));
            }
            names.add(trimmed);
        }
        names.add(OutputTable.REJECTS); // rows set aside are never hidden
        return names;
    }

    private ParameterException misuse(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }

    /** Reads the name of a release of the reference. */
    static final class CompatConverter implements ITypeConverter<Compat> {
        @Override
        public Compat convert(String name) {
            return inOption(() -> ConfigFile.compat("", name));
        }
    }

    /** Reads an instant. */
    static final class InstantConverter implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            return inOption(() -> ConfigFile.instant("", text));
        }
    }

    /** A wrong word is bad configuration in a file, but bad usage on the command line. */
    private static <T> T inOption(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (NexusConfigException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
