package io.nexusid.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The support agent's view, on the demo's files. */
class TimelineCommandTest {
    private static final String DEMO = Path.of("..", "src-test-fixtures", "src", "main", "resources", "demo")
            .toString();

    private final Printed stdout = new Printed();
    private final Printed stderr = new Printed();

    private int run(String... args) {
        return Main.run(stdout.stream(), stderr.stream(), args);
    }

    @Test
    void aPersonsLifeIsShownInOrderOfTimeAndEightyColumns() {
        assertEquals(0, run("timeline", "--in", DEMO, "email", "lewis.smith@hollywoodfarms.com"), stderr.text());
        assertEquals(
                "person per_af43a612f874b7e1c8d28599d89e2d94",
                stdout.text().lines().findFirst().orElse(""));
        String[] times =
                stdout.text().lines().skip(2).map(line -> line.substring(0, 16)).toArray(String[]::new);
        assertTrue(times.length > 5, stdout.text());
        for (int i = 1; i < times.length; i++) {
            assertTrue(times[i - 1].compareTo(times[i]) <= 0, stdout.text());
        }
        assertTrue(stdout.text().lines().allMatch(line -> line.length() <= 80), stdout.text());
        assertTrue(stdout.text().contains("2024-06-20 14:15  state"), stdout.text());
        assertTrue(stdout.text().contains("engagement"), stdout.text());
        assertTrue(stdout.text().contains("relationship"), stdout.text());
        assertTrue(stdout.text().contains("identity"), stdout.text());
        assertTrue(stdout.text().contains("event"), stdout.text());
    }

    @Test
    void jsonIsForPrograms() throws IOException {
        assertEquals(
                0,
                run(
                        "timeline",
                        "--in",
                        DEMO,
                        "stripe_customer_id",
                        "cus_hollywood_farms",
                        "--entity-type",
                        "group",
                        "--json"),
                stderr.text());
        JsonNode timelines = new ObjectMapper().readTree(stdout.text());
        assertEquals(1, timelines.size());
        JsonNode group = timelines.get(0);
        assertEquals(
                "grp_53ca25232f983645d22d9c9a461e014d", group.get("entity_id").textValue());
        long billing = 0;
        for (JsonNode entry : group.get("entries")) {
            billing += entry.get("what").textValue().equals("billing_lifecycle") ? 1 : 0;
        }
        assertEquals(4, billing, stdout.text());
    }

    @Test
    void anIdentifierOfNobodyIsAnErrorThatDoesNotRepeatIt() {
        assertEquals(1, run("timeline", "--in", DEMO, "email", "nobody@example.org"));
        assertEquals("", stdout.text());
        assertEquals("nexus: no person has this identifier\n", stderr.text());
    }
}
