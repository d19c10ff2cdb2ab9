package io.nexusid.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.DerivedStateSpec;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.StateSpec;
import io.nexusid.api.StateSpec.EventMatch;
import io.nexusid.fixtures.ChecksTimelines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ChecksTimelines
class StateSettingsTest {
    private static final String BILLING = """
            {"name": "billing_lifecycle", "category": "dimension", "entity_type": "group", "roles": ["customer"],
             "set": [{"event": {"event_name": "invoice_paid"}, "value": "active"},
                     {"event": {"event_type": "plan"}, "value_from": {"measurement": "mrr"}},
                     {"trait": "plan"}],
             "end": [{"event": {"event_name": "cancelled"}}, {"after": "P30D"}]}
            """;

    /** Contract golden: two components, changed at the same instants, and their conjunction. */
    private static final String AND = """
            {"name": "all", "entity_type": "person",
             "components": {"ga": {"state": "ga"}, "app": {"state": "app"}},
             "rules": [{"when": {"all": [{"eq": ["ga", "connected"]}, {"eq": ["app", "installed"]}]}, "then": "active"}],
             "else": "inactive"}
            """;

    @TempDir
    private Path dir;

    private static NexusConfig parse(String json) {
        return ConfigFile.parse(json.getBytes(UTF_8), "nexus.json").build();
    }

    @Test
    void aDeclaredStateIsReadAsWritten() {
        StateSpec expected = StateSpec.of("billing_lifecycle", "group")
                .category("dimension")
                .roles("customer")
                .set(EventMatch.named("invoice_paid"), "active")
                .setToMeasurement(EventMatch.ofType("plan"), "mrr")
                .setByTrait("plan")
                .endOn(EventMatch.named("cancelled"))
                .endAfter(Duration.ofDays(30))
                .build();
        assertEquals(List.of(expected), parse("{\"states\": [" + BILLING + "]}").states());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "states": {}                                                        | /states
            "states": [{"name": "x", "entity_type": "person"}]                  | /states/0: needs set
            "states": [{"name": "x", "entity_type": "person", "set": []}]       | /states/0: state 'x' is set by nothing
            "states": [{"name": "x", "entity_type": "cat", "set": [{"trait": "t"}]}] | /states/0/entity_type
            "states": [{"name": "x", "entity_type": "person", "set": [{"event": {}, "value": "v"}]}] | /states/0/set/0/event
            "states": [{"name": "x", "entity_type": "person", "set": [{"event": {"id": "e"}, "value": "v"}]}] | /states/0/set/0/event/id
            "states": [{"name": "x", "entity_type": "person", "set": [{"event": {"source": "e"}}]}] | /states/0/set/0: needs either
            "states": [{"name": "x", "entity_type": "person", "set": [{"trait": "t"}], "end": [{"after": "soon"}]}] | /states/0/end/0/after
            "states": [{"name": "x", "entity_type": "person", "set": [{"trait": "t"}], "end": [{"after": "-P1D"}]}] | /states/0: state 'x' lasts
            "derived_states": [{"name": "x", "entity_type": "person", "components": {}, "rules": []}] | /derived_states/0: derived state 'x' has no components
            "derived_states": [{"name": "x", "entity_type": "person", "components": {"a": {"state": "x"}}, "rules": []}] | /derived_states/0/components/a/state
            "derived_states": [{"name": "x", "entity_type": "person", "components": {"a": {"state": "s"}}, "rules": [{"when": {"eq": ["b", "v"]}, "then": "w"}]}] | /derived_states/0: 'b' is no component
            "derived_states": [{"name": "x", "entity_type": "person", "components": {"a": {"state": "s"}}, "rules": [{"when": {"eq": ["a"]}, "then": "w"}]}] | /derived_states/0/rules/0/when/eq
            "derived_states": [{"name": "x", "entity_type": "person", "components": {"a": {"state": "s"}}, "rules": [{"when": {"lt": ["a", "v"]}, "then": "w"}]}] | /derived_states/0/rules/0/when/lt/1
            "periods": {"unit": "month"}                                        | /periods: must have
            "periods": {"unit": "year", "from": "2024-01-01T00:00:00Z", "to": "2024-02-01T00:00:00Z"} | /periods/unit
            "periods": [{"unit": "day"}]                                        | /periods/0: must have
            "periods": [{"unit": "day", "from": "2024-01-01T00:00:00Z", "to": "2024-02-01T00:00:00Z"}, {"unit": "day", "from": "2025-01-01T00:00:00Z", "to": "2025-02-01T00:00:00Z"}] | /periods: has two
            "periods": {"unit": "day", "from": "2024-02-01T00:00:00Z", "to": "2024-02-01T00:00:00Z"} | /periods/to
            "max_snapshot_rows": 0                                              | /max_snapshot_rows
            "derived_ties": "random"                                            | /derived_ties
            """)
    void aWrongSettingIsNamedByItsPointer(String setting, String message) {
        NexusConfigException e = assertThrows(NexusConfigException.class, () -> parse("{" + setting + "}"));
        assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
    }

    @Test
    void twoStatesOfOneNameAndTypeAreRefused() {
        NexusConfigException e = assertThrows(
                NexusConfigException.class, () -> parse("{\"states\": [" + BILLING + "," + BILLING + "]}"));
        assertTrue(String.valueOf(e.getMessage()).startsWith("/states/1/name"), e.getMessage());
    }

    private List<String> states(String json, Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(dir.resolve(file.getKey()), file.getValue());
        }
        List<String> out = new ArrayList<>();
        for (Map<String, Object> row : LogFiles.resolve(parse(json), dir).getOrDefault("nexus_states", List.of())) {
            Object value = row.get("state_value") == null ? row.get("state_numeric_value") : row.get("state_value");
            out.add(row.get("state_name") + " " + value + " " + day(row.get("state_entered_at")) + " "
                    + day(row.get("state_exited_at")) + " " + row.get("is_current") + " "
                    + row.get("trigger_event_id"));
        }
        return out;
    }

    private static String day(Object micros) {
        return micros == null
                ? "open"
                : LocalDate.ofEpochDay(Math.floorDiv((Long) micros, 86_400_000_000L))
                        .toString()
                        .substring(5);
    }

    private static final Map<String, String> TWO_COMPONENTS = Map.of(
            "entity_identifiers.csv",
            "event_id,edge_id,entity_type,identifier_type,identifier_value\ne0,e0,person,email,ann@x.org\n",
            "state_changes.csv",
            """
            entity_type,identifier_type,identifier_value,state_name,state_value,occurred_at,event_id
            person,email,ann@x.org,ga,connected,2024-01-01,g1
            person,email,ann@x.org,app,installed,2024-01-01,a1
            person,email,ann@x.org,ga,disconnected,2024-02-01,g2
            person,email,ann@x.org,ga,connected,2024-03-01,g3
            person,email,ann@x.org,app,uninstalled,2024-03-01,a2
            """);

    @Test
    void changesOfOneInstantHaveAllHappenedBeforeTheRuleIsAsked() throws IOException {
        List<String> states = states("{\"derived_states\": [" + AND + "]}", TWO_COMPONENTS);
        assertEquals(
                List.of("all active 01-01 02-01 false g1", "all inactive 02-01 open true g2"), states.subList(0, 2));
    }

    @Test
    void sequentialTiesGiveTheReferencesFiveStays() throws IOException {
        List<String> states =
                states("{\"derived_ties\": \"sequential\", \"derived_states\": [" + AND + "]}", TWO_COMPONENTS);
        assertEquals(
                Set.of(
                        "all inactive 01-01 01-01 false g1",
                        "all active 01-01 02-01 false a1",
                        "all inactive 02-01 03-01 false g2",
                        "all active 03-01 03-01 false g3",
                        "all inactive 03-01 open true a2"),
                Set.copyOf(states.subList(0, 5)));
    }

    @Test
    void eventsTellTheirParticipantsInARoleAndStatesEndByThemselves() throws IOException {
        List<String> states = states(
                "{\"states\": [" + BILLING + "]}",
                Map.of(
                        "entity_identifiers.csv",
                        """
                event_id,edge_id,entity_type,identifier_type,identifier_value,role
                e1,e1,group,domain,x.org,customer
                e1,e2,group,domain,y.org,seller
                e2,e1,group,domain,x.org,customer
                e3,e1,group,domain,x.org,customer
                e4,e1,group,domain,x.org,customer
                """,
                        "events.csv",
                        """
                event_id,occurred_at,event_name,event_type
                e1,2024-01-01,invoice_paid,invoice
                e2,2024-01-20,invoice_paid,invoice
                e3,2024-03-01,upgraded,plan
                e4,2024-03-05,cancelled,plan
                """,
                        "event_measurements.csv",
                        "event_id,measurement_name,value\ne3,mrr,29.99\n"));
        assertEquals(
                List.of(
                        "billing_lifecycle active 01-01 02-19 false e1",
                        "billing_lifecycle 29.99 03-01 03-05 false e3"),
                states);
    }

    @Test
    void snapshotsAreTakenAtTheEndOfEachMonthAndMovementsAddUp() throws IOException {
        for (Map.Entry<String, String> file : TWO_COMPONENTS.entrySet()) {
            Files.writeString(dir.resolve(file.getKey()), file.getValue());
        }
        Files.writeString(dir.resolve("state_changes.csv"), """
                entity_type,identifier_type,identifier_value,state_name,state_numeric_value,occurred_at
                person,email,ann@x.org,mrr,10,2023-12-31
                person,email,ann@x.org,mrr,,2024-01-10
                person,email,ann@x.org,mrr,30,2024-02-01
                person,email,ann@x.org,mrr,25,2024-02-29
                """);
        Map<String, List<Map<String, Object>>> tables = LogFiles.resolve(parse("""
                {"periods": {"unit": "month", "from": "2024-01-01T00:00:00Z", "to": "2024-03-01T00:00:00Z"}}
                """), dir);
        assertEquals(
                List.of("02-01 25.0"),
                tables.getOrDefault("nexus_entity_state_snapshots", List.of()).stream()
                        .map(row -> day(row.get("period_start")) + " " + row.get("mrr"))
                        .toList());
        assertEquals(
                List.of("person mrr 01-01 10.0 0.0 0.0 -10.0 0.0", "person mrr 02-01 0.0 0.0 30.0 -5.0 25.0"),
                tables.getOrDefault("nexus_measurement_movements", List.of()).stream()
                        .map(row -> row.get("entity_type") + " " + row.get("measurement") + " "
                                + day(row.get("period_start")) + " " + row.get("opening") + " " + row.get("new") + " "
                                + row.get("gained") + " " + row.get("lost") + " " + row.get("closing"))
                        .toList());
    }

    @Test
    void periodsOfSeveralLengthsStandSideBySide() throws IOException {
        for (Map.Entry<String, String> file : TWO_COMPONENTS.entrySet()) {
            Files.writeString(dir.resolve(file.getKey()), file.getValue());
        }
        Files.writeString(dir.resolve("state_changes.csv"), """
                entity_type,identifier_type,identifier_value,state_name,state_numeric_value,occurred_at
                person,email,ann@x.org,mrr,10,2024-01-08
                person,email,ann@x.org,mrr,,2024-01-10
                person,email,ann@x.org,mrr,30,2024-01-31
                """);
        Map<String, List<Map<String, Object>>> tables = LogFiles.resolve(parse("""
                {"periods": [{"unit": "month", "from": "2024-01-01T00:00:00Z", "to": "2024-02-01T00:00:00Z"},
                             {"unit": "week", "from": "2024-01-01T00:00:00Z", "to": "2024-02-05T00:00:00Z"},
                             {"unit": "day", "from": "2024-01-08T00:00:00Z", "to": "2024-01-10T00:00:00Z"}]}
                """), dir);
        assertEquals(
                List.of("01-01 02-01 30.0", "01-08 01-09 10.0", "01-09 01-10 10.0", "01-29 02-05 30.0"),
                tables.getOrDefault("nexus_entity_state_snapshots", List.of()).stream()
                        .filter(row -> row.get("mrr") != null)
                        .map(row ->
                                day(row.get("period_start")) + " " + day(row.get("period_end")) + " " + row.get("mrr"))
                        .toList());
        assertEquals(
                List.of(
                        "01-01 01-08 0.0 0.0",
                        "01-01 02-01 0.0 30.0",
                        "01-08 01-09 0.0 10.0",
                        "01-08 01-15 0.0 0.0",
                        "01-09 01-10 10.0 10.0",
                        "01-15 01-22 0.0 0.0",
                        "01-22 01-29 0.0 0.0",
                        "01-29 02-05 0.0 30.0"),
                tables.getOrDefault("nexus_measurement_movements", List.of()).stream()
                        .map(row -> day(row.get("period_start")) + " " + day(row.get("period_end")) + " "
                                + row.get("opening") + " " + row.get("closing"))
                        .toList());
    }

    @Test
    void aRuleInJavaSeesTextsAndNumbers() throws IOException {
        NexusConfig config = NexusConfig.builder()
                .derivedStates(List.of(new DerivedStateSpec(
                        "upper",
                        "person",
                        Map.of("ga", DerivedStateSpec.Component.of("ga")),
                        (DerivedStateSpec.Combination)
                                now -> now.number("ga").isPresent() ? "number" : now.value("ga") + "!")))
                .build();
        for (Map.Entry<String, String> file : TWO_COMPONENTS.entrySet()) {
            Files.writeString(dir.resolve(file.getKey()), file.getValue());
        }
        assertEquals(
                List.of("connected!", "disconnected!", "connected!"),
                LogFiles.resolve(config, dir).getOrDefault("nexus_states", List.of()).stream()
                        .filter(row -> "upper".equals(row.get("state_name")))
                        .map(row -> row.get("state_value"))
                        .toList());
    }
}
