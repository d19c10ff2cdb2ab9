package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.fixtures.ChecksTimelines;
import io.nexusid.fixtures.SlowResolver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two registrations of one type whose keys join to the same text are one id; both source ids must lead to it, in any row order. */
@ChecksTimelines
class CollidingRegistrationsTest {
    @TempDir
    Path dir;

    private static Map<String, Object> registration(String id, String source) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("entity_type", "sub");
        row.put("source", source);
        row.put("source_id", id);
        return row;
    }

    @Test
    void bothSourceIdsLeadToTheEntityInAnyRowOrder() throws Exception {
        NexusConfig config = NexusConfig.builder().clock(Instant.EPOCH).build();
        Map<String, Object> a = registration("a-b", "c");
        Map<String, Object> b = registration("a", "b-c");
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("event_id", "e1");
        seen.put("entity_type", "sub");
        seen.put("identifier_type", "number");
        seen.put("identifier_value", "a");
        for (List<Map<String, Object>> order : List.of(List.of(a, b), List.of(b, a))) {
            Map<InputTable, List<Map<String, Object>>> log = new EnumMap<>(InputTable.class);
            log.put(InputTable.ENTITY_REGISTRATIONS, order);
            log.put(InputTable.ENTITY_IDENTIFIERS, List.of(seen));
            Path in = Files.createTempDirectory(dir, "in");
            LogFiles.write(in, log, "csv");
            Map<String, List<Map<String, Object>>> expected = SlowResolver.resolve(config, log);
            Map<String, List<Map<String, Object>>> actual = LogFiles.resolve(config, in);
            for (String table : List.of(OutputTable.IDENTIFIERS_TO_ENTITY_ID, OutputTable.ENTITY_PARTICIPANTS)) {
                assertEquals(expected.get(table), actual.get(table), table);
            }
        }
    }
}
