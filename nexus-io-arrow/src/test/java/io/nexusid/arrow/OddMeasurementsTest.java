package io.nexusid.arrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.nexusid.api.Aggregator;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.OutputTable;
import io.nexusid.api.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measurements in several units, and several of one event. */
class OddMeasurementsTest {
    @TempDir
    Path dir;

    private RunReport run(NexusConfig config, String... measurements) throws IOException {
        Path in = Files.createDirectories(dir.resolve("in"));
        StringBuilder csv = new StringBuilder(
                "event_measurement_id,event_id,measurement_name,value,value_unit,occurred_at,_ingested_at\n");
        for (String row : measurements) {
            csv.append(row).append('\n');
        }
        Files.writeString(in.resolve("event_measurements.csv"), csv);
        try (Nexus nexus = Nexus.open(config);
                EventLog log = nexus.read(in);
                ResolvedTables tables = nexus.resolve(log)) {
            tables.write(dir.resolve("out"), TableFormat.CSV);
            return tables.report();
        }
    }

    private List<String> wide() throws IOException {
        return Files.readAllLines(dir.resolve("out").resolve(OutputTable.EVENT_MEASUREMENTS + ".csv"));
    }

    @Test
    void aMeasurementInSeveralUnitsIsCountedAndCombinedAllTheSame() throws IOException {
        RunReport report = run(
                NexusConfig.defaults(),
                "m1,e1,Amount,1,USD,,",
                "m2,e1,amount,2,usd,,",
                "m3,e2,amount,3,EUR,,",
                "m4,e2,amount,4,,,",
                "m5,e1,seats,5,pieces,,",
                "m6,e2,tax rate,6,percent,,",
                "m7,e2,tax_rate,7,permille,,");
        assertEquals(5L, report.unmatched().get("event_measurements.mixed_units"));
        assertEquals(
                List.of("event_id,occurred_at,source,amount,seats,tax_rate", "e1,,,2.0,5.0,", "e2,,,4.0,,7.0"), wide());
    }

    @Test
    void oneUnitInAnyCaseIsNoFinding() throws IOException {
        RunReport report =
                run(NexusConfig.defaults(), "m1,e1,amount,1,USD,,", "m2,e2,amount,2,usd,,", "m3,e3,amount,2,,,");
        assertNull(report.unmatched().get("event_measurements.mixed_units"));
    }

    @Test
    void severalOfOneEventAreCombinedAsConfiguredAndNaNIsTheGreatest() throws IOException {
        String[] rows = {
            "m3,e1,a,10,,2024-01-01,2024-01-03",
            "m2,e1,a,5,,2024-01-01,2024-01-04",
            "m1,e1,a,7,,2024-01-01,2024-01-04",
            "m4,e1,a,,,2024-01-02,2024-01-05",
            "m5,e2,a,nan,,2024-01-01,2024-01-01",
            "m6,e2,a,inf,,,"
        };
        run(NexusConfig.builder().aggregator(Aggregator.MAX).build(), rows);
        assertEquals(List.of("e1,2024-01-01 00:00:00,,10.0", "e2,2024-01-01 00:00:00,,nan"), wide().subList(1, 3));
        run(NexusConfig.builder().aggregator("a", Aggregator.SUM).build(), rows);
        assertEquals("e1,2024-01-01 00:00:00,,22.0", wide().get(1));
        run(NexusConfig.builder().aggregator("a", Aggregator.LAST).build(), rows);
        assertEquals("e1,2024-01-01 00:00:00,,7.0", wide().get(1), "the latest that is not null, then the first by id");
        assertEquals(
                Map.of("a", Aggregator.SUM, "default", Aggregator.MAX),
                NexusConfig.builder().aggregator("a", Aggregator.SUM).build().aggregators());
    }
}
