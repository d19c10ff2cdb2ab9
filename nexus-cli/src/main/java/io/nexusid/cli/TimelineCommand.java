package io.nexusid.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.nexusid.api.IdForm;
import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.ConfigFile;
import io.nexusid.arrow.EntityTimeline;
import io.nexusid.arrow.EventLog;
import io.nexusid.arrow.Nexus;
import io.nexusid.arrow.NexusStore;
import io.nexusid.arrow.ResolvedTables;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nexus timeline}: the life of one entity in order of time. */
@Command(
        name = "timeline",
        description = "Show what happened to the entity that owns an identifier, in order of time.",
        customSynopsis = "nexus timeline (--in DIR | --store DIR) TYPE VALUE [OPTIONS]",
        sortOptions = false)
final class TimelineCommand implements Callable<Integer> {
    private static final int WIDTH = 80;
    private static final String NOTHING = "-";

    private final Terminal terminal;

    /** Where from. */
    private static final class From {
        @Option(names = "--in", paramLabel = "DIR", description = "The folder of tables to read.")
        private @Nullable Path in;

        @Option(names = "--store", paramLabel = "DIR", description = "The folder of the store to read.")
        private @Nullable Path store;
    }

    @ArgGroup(multiplicity = "1")
    private From from = new From();

    @Parameters(index = "0", paramLabel = "TYPE", description = "The identifier's type, such as email.")
    private String identifierType = "";

    @Parameters(index = "1", paramLabel = "VALUE", description = "The identifier.")
    private String value = "";

    @Option(names = "--entity-type", paramLabel = "TYPE", description = "The entity's type; person if not said.")
    private String entityType = "person";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings as JSON (docs/configuration.md); a store has its own, but for declared states.")
    private @Nullable Path config;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @SuppressWarnings("unused") // Main looks for it before parsing, so that it also serves errors of parsing
    @Option(names = "--debug", description = "Print the stack trace of an error.")
    private boolean debug;

    @SuppressWarnings("unused") // picocli acts on it
    @Option(names = "--help", usageHelp = true, description = "Print this help.")
    private boolean help;

    TimelineCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        List<EntityTimeline> timelines =
                from.store == null ? ofFolder(Objects.requireNonNull(from.in)) : ofStore(from.store);
        if (timelines.isEmpty()) {
            terminal.err().println("nexus: no " + PlainText.oneLine(entityType) + " has this identifier");
            return Main.FAILED;
        }
        if (json) {
            writeJson(timelines, terminal.out());
        } else {
            timelines.forEach(timeline -> print(timeline, terminal.out()));
        }
        return Main.DONE;
    }

    private List<EntityTimeline> ofFolder(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            throw new NoSuchFileException(source.toString());
        }
        NexusConfig.Builder builder = config == null ? NexusConfig.builder() : ConfigFile.read(config);
        NexusConfig settings = builder.ids(IdForm.HEX).build();
        try (Nexus nexus = Nexus.open(settings);
                EventLog log = nexus.read(source);
                ResolvedTables tables = nexus.resolve(log, EntityTimeline.TABLES)) {
            return tables.timelines(entityType, identifierType, value);
        }
    }

    private List<EntityTimeline> ofStore(Path folder) throws IOException {
        try (NexusStore store = config == null
                ? NexusStore.openToRead(folder, IdForm.HEX)
                : NexusStore.openToRead(
                        folder, ConfigFile.read(config).ids(IdForm.HEX).build())) {
            return store.timelines(entityType, identifierType, value);
        }
    }

    private static void print(EntityTimeline timeline, PrintStream out) {
        out.println(PlainText.oneLine(timeline.entityType() + " " + timeline.entityId()));
        TextTable table = new TextTable()
                .left("when (UTC)", 16)
                .left("", 0)
                .left("what", 0)
                .left("detail", 0);
        for (EntityTimeline.Entry entry : timeline.entries()) {
            String kind = entry.kind().name().toLowerCase(Locale.ROOT);
            String what = cut(entry.what(), 24);
            table.row(when(entry.at()), kind, what, cut(detail(entry), WIDTH - 16 - 12 - 24 - 6));
        }
        table.print(out);
        if (timeline.entries().stream().anyMatch(entry -> entry.kind() == EntityTimeline.Kind.RESOLUTION)) {
            out.println("resolution: when the store learned it, not when it occurred");
        }
    }

    private static String detail(EntityTimeline.Entry entry) {
        if (entry.detail() != null) {
            return entry.detail();
        }
        return entry.kind() == EntityTimeline.Kind.STATE ? "(ended)" : NOTHING;
    }

    /** To the minute. */
    private static String when(@Nullable Instant at) {
        return at == null ? NOTHING : at.toString().substring(0, 16).replace('T', ' ');
    }

    /** At most so many code points. */
    private static String cut(String text, int width) {
        String line = PlainText.oneLine(text);
        return line.codePointCount(0, line.length()) <= width
                ? line
                : line.substring(0, line.offsetByCodePoints(0, width - 1)) + "…";
    }

    private static void writeJson(List<EntityTimeline> timelines, PrintStream out) throws IOException {
        JsonFactory factory = JsonFactory.builder()
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .build();
        try (JsonGenerator generator = factory.createGenerator(out)) {
            generator.setPrettyPrinter(new DefaultPrettyPrinter());
            generator.writeStartArray();
            for (EntityTimeline timeline : timelines) {
                write(timeline, generator);
            }
            generator.writeEndArray();
        }
        out.print('\n');
        out.flush();
    }

    private static void write(EntityTimeline timeline, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("entity_type", timeline.entityType());
        json.writeStringField("entity_id", timeline.entityId());
        json.writeArrayFieldStart("identifiers");
        for (EntityTimeline.Identifier identifier : timeline.identifiers()) {
            json.writeStartObject();
            json.writeStringField("identifier_type", identifier.type());
            json.writeStringField("identifier_value", identifier.value());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("entries");
        for (EntityTimeline.Entry entry : timeline.entries()) {
            json.writeStartObject();
            json.writeStringField("at", entry.at() == null ? null : entry.at().toString());
            json.writeStringField("clock", entry.kind().clock());
            json.writeStringField("kind", entry.kind().name().toLowerCase(Locale.ROOT));
            json.writeStringField("what", entry.what());
            json.writeStringField("detail", entry.detail());
            json.writeStringField("event_id", entry.eventId());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
