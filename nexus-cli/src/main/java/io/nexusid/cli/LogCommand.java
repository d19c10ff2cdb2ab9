package io.nexusid.cli;

import io.nexusid.api.IdForm;
import io.nexusid.arrow.NexusStore;
import io.nexusid.arrow.ReadOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nexus log}: shows or writes what became of identifiers. */
@Command(
        name = "log",
        description = "Print nexus_resolution_log of a store as tab-separated text, or write it to a folder.",
        customSynopsis = "nexus log --store DIR [--since EPOCH | --aliases] [--epoch N] [--out DIR] [--format FORMAT]",
        sortOptions = false)
final class LogCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private StoreOption store = new StoreOption();

    @ArgGroup
    private Part part = new Part();

    /** What is shown. */
    static final class Part {
        @Option(names = "--since", paramLabel = "EPOCH", description = "Only what later epochs than this one did.")
        private long since;

        @Option(
                names = "--aliases",
                description = "Instead nexus_id_aliases: each id that does not live any more, and the one it leads to.")
        private boolean aliases;
    }

    @Mixin
    private EpochOption epoch = new EpochOption();

    @Option(names = "--out", paramLabel = "DIR", description = "Write it to this folder.")
    private @Nullable Path out;

    @Mixin
    private FormatOption format = new FormatOption();

    LogCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (out != null) {
            write(out);
            return Main.DONE;
        }
        try (NexusStore opened =
                epoch.open(store.folder(), ReadOptions.defaults().ids(IdForm.HEX))) {
            try (ArrowReader reader = part.aliases ? opened.aliases() : opened.log(part.since)) {
                print(reader, terminal.out());
            }
        }
        return Main.DONE;
    }

    private void write(Path folder) throws IOException {
        try (NexusStore opened = epoch.open(store.folder(), ReadOptions.defaults())) {
            if (part.aliases) {
                opened.writeAliases(folder, format.format());
            } else {
                opened.writeLog(part.since, folder, format.format());
            }
        }
    }

    private static void print(ArrowReader reader, PrintStream to) throws IOException {
        VectorSchemaRoot batch = reader.getVectorSchemaRoot();
        List<FieldVector> columns = batch.getFieldVectors();
        to.println(columns.stream().map(FieldVector::getName).collect(Collectors.joining("\t")));
        while (reader.loadNextBatch()) {
            for (int row = 0; row < batch.getRowCount(); row++) {
                StringJoiner line = new StringJoiner("\t");
                for (FieldVector column : columns) {
                    Object cell = ShownRows.value(column, row);
                    line.add(cell == null ? "" : PlainText.oneLine(cell.toString()));
                }
                to.println(line);
            }
        }
    }
}
