package io.nexusid.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nexusid.api.RunReport;
import io.nexusid.api.RunReport.TableIn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final RunReport REPORT = report();

    private static RunReport report() {
        Map<String, TableIn> in = new LinkedHashMap<>();
        in.put("events", new TableIn(10_000_000, 0));
        in.put("entity_identifiers", new TableIn(21_800_000, 12));
        Map<String, Long> entities = new LinkedHashMap<>();
        entities.put("person", 873_522L);
        entities.put("group", 2L);
        Map<String, Long> out = new LinkedHashMap<>();
        out.put("nexus_resolved_relationship_declarations", 5L);
        out.put("nexus_rejects", 12L);
        Map<String, Long> stages = new LinkedHashMap<>();
        stages.put("read", 2_345L);
        stages.put("write", 655L);
        return new RunReport(
                in,
                Map.of("entity_traits.unobserved_identifier", 3L),
                Map.of("events", 4L),
                3_240_000,
                15_000_000,
                873_524,
                40,
                1,
                entities,
                out,
                stages,
                2_950,
                5_368_709_120L,
                List.of("notes.txt"));
    }

    @Test
    void theTextIsAlignedAndFitsEightyColumns() {
        Printed page = new Printed();
        SummaryText.print(REPORT, page.stream());
        assertEquals("""
                Read                                                      rows     set aside
                  events                                            10,000,000             0
                  entity_identifiers                                21,800,000            12
                  in all                                            31,800,000            12
                  ignored: notes.txt

                Resolved
                  identifiers                                        3,240,000
                  links                                             15,000,000
                  components                                           873,524
                  identifiers of the largest                                40
                  entities: person                                     873,522
                  entities: group                                            2
                  id collisions                                              1

                Valid rows without effect                                 rows
                  entity_traits.unobserved_identifier                        3

                Rows whose id came before (kept)                          rows
                  events                                                     4

                Written                                                   rows
                  nexus_resolved_relationship_declarations                   5
                  nexus_rejects                                             12

                Took                                                      time
                  read                                                   2.3 s
                  write                                                 655 ms
                  in all, some at once                                   3.0 s
                  memory at most                                       5.0 GiB

                """, page.text());
        assertTrue(page.text().lines().allMatch(line -> line.length() <= 80));
    }

    @Test
    void theJsonHasTheDocumentedKeysInOrder() throws IOException {
        Printed page = new Printed();
        SummaryJson.write(REPORT, page.stream());
        JsonNode json = new ObjectMapper().readTree(page.text());
        List<String> keys = new ArrayList<>();
        json.fieldNames().forEachRemaining(keys::add);
        assertEquals(
                List.of(
                        "tables_in",
                        "unmatched",
                        "identifiers",
                        "links",
                        "components",
                        "largest_component",
                        "entities",
                        "tables_out",
                        "stages_ms",
                        "peak_memory_bytes",
                        "id_collisions"),
                keys);
        assertEquals(new ObjectMapper().readTree("""
                                {"tables_in": {"events": {"rows": 10000000, "rejected": 0},
                                               "entity_identifiers": {"rows": 21800000, "rejected": 12}},
                                 "unmatched": {"entity_traits.unobserved_identifier": 3},
                                 "identifiers": 3240000, "links": 15000000, "components": 873524,
                                 "largest_component": 40, "entities": {"person": 873522, "group": 2},
                                 "tables_out": {"nexus_resolved_relationship_declarations": 5, "nexus_rejects": 12},
                                 "stages_ms": {"read": 2345, "write": 655},
                                 "peak_memory_bytes": 5368709120, "id_collisions": 1}
                                """), json);
        assertTrue(page.text().endsWith("}\n"));
    }
}
