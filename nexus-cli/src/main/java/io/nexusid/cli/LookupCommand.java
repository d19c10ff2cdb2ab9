package io.nexusid.cli;

import io.nexusid.api.EntityType;
import io.nexusid.api.IdForm;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.arrow.NexusStore;
import io.nexusid.arrow.ReadOptions;
import io.nexusid.arrow.ResolvedTables;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nexus lookup}: who an identifier belongs to, and how that came about. */
@Command(
        name = "lookup",
        description = "Show the entity that an identifier belongs to: its id, identifiers, traits and history.",
        customSynopsis = "nexus lookup --store DIR --entity-type NAME TYPE VALUE [--epoch N]",
        sortOptions = false)
final class LookupCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private StoreOption store = new StoreOption();

    @Mixin
    private EpochOption epoch = new EpochOption();

    @Option(names = "--entity-type", required = true, paramLabel = "NAME", description = "For example person.")
    private @Nullable String entityType;

    @Parameters(index = "0", paramLabel = "TYPE", description = "The identifier's type, for example email.")
    private @Nullable String type;

    @Parameters(index = "1", paramLabel = "VALUE", description = "The identifier.")
    private @Nullable String value;

    LookupCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        try (NexusStore opened =
                epoch.open(store.folder(), ReadOptions.defaults().ids(IdForm.HEX))) {
            Optional<String> id = opened.entityOf(
                    Objects.requireNonNull(entityType), Objects.requireNonNull(type), Objects.requireNonNull(value));
            if (id.isEmpty()) {
                terminal.err().println("nexus: " + whyNobody(opened.config(), Objects.requireNonNull(entityType)));
                return Main.FAILED;
            }
            print(opened, id.get(), terminal.out());
        }
        return Main.DONE;
    }

    private static String whyNobody(NexusConfig config, String entityType) {
        List<String> resolved = config.entityTypes().stream()
                .filter(EntityType::resolved)
                .map(EntityType::name)
                .toList();
        return resolved.contains(entityType)
                ? "no " + entityType + " has this identifier: no row of entity_identifiers has named it"
                : PlainText.oneLine(entityType) + " is no entity type that this store resolves; these are: "
                        + String.join(", ", resolved);
    }

    private static void print(NexusStore store, String id, PrintStream to) throws IOException {
        to.println(id);
        List<NexusStore.Identifier> identifiers = store.identifiersOf(id).stream()
                .sorted(Comparator.comparing(NexusStore.Identifier::type).thenComparing(NexusStore.Identifier::value))
                .toList();
        TextTable members = new TextTable().left("identifier", 0).left("value", 0);
        identifiers.forEach(i -> members.row(PlainText.oneLine(i.type()), PlainText.oneLine(i.value())));
        to.println();
        members.print(to);
        printTraits(store, id, to);
        printHistory(store, id, to);
    }

    private static void printTraits(NexusStore store, String id, PrintStream to) throws IOException {
        try (ResolvedTables tables = store.tablesAbout(id, List.of(OutputTable.RESOLVED_ENTITY_TRAITS))) {
            ShownRows traits = ShownRows.read(tables.reader(OutputTable.RESOLVED_ENTITY_TRAITS))
                    .where("entity_id", id);
            if (!traits.rows().isEmpty()) {
                TextTable shown = new TextTable().left("trait", 0).left("value", 0);
                traits.rows()
                        .forEach(row -> shown.row(
                                PlainText.oneLine(row.text("trait_name")), PlainText.oneLine(row.text("trait_value"))));
                to.println();
                shown.print(to);
            }
        }
    }

    private static void printHistory(NexusStore store, String id, PrintStream to) throws IOException {
        TextTable history = new TextTable()
                .right("epoch", 0)
                .left("identifier", 0)
                .left("reason", 0)
                .left("entity", 0)
                .left("taken from", 0);
        for (ShownRows.Row row : ShownRows.read(store.historyOf(id)).rows()) {
            history.row(
                    String.valueOf(row.values().get("epoch")),
                    PlainText.oneLine(row.text("identifier_type") + " " + row.text("identifier_value")),
                    row.text("resolution_reason"),
                    row.text("entity_id"),
                    row.text("previous_entity_id"));
        }
        to.println();
        history.print(to);
    }
}
