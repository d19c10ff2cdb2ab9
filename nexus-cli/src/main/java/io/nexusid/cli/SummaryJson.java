package io.nexusid.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.nexusid.api.RunReport;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/** The summary for programs: one JSON object with snake_case keys; keys are added in later versions, never changed. */
final class SummaryJson {
    private SummaryJson() {}

    /** Writes the object and a line break. The stream stays open. */
    static void write(RunReport report, PrintStream out) throws IOException {
        JsonFactory factory = JsonFactory.builder()
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .build();
        try (JsonGenerator json = factory.createGenerator(out)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartObject();
            json.writeObjectFieldStart("tables_in");
            for (Map.Entry<String, RunReport.TableIn> table : report.tablesIn().entrySet()) {
                json.writeObjectFieldStart(table.getKey());
                json.writeNumberField("rows", table.getValue().rows());
                json.writeNumberField("rejected", table.getValue().rejected());
                json.writeEndObject();
            }
            json.writeEndObject();
            write(json, "unmatched", report.unmatched());
            json.writeNumberField("identifiers", report.identifiers());
            json.writeNumberField("links", report.links());
            json.writeNumberField("components", report.components());
            json.writeNumberField("largest_component", report.largestComponent());
            write(json, "entities", report.entities());
            write(json, "tables_out", report.tablesOut());
            write(json, "stages_ms", report.stagesMillis());
            json.writeNumberField("peak_memory_bytes", report.peakMemoryBytes());
            json.writeNumberField("id_collisions", report.idCollisions());
            json.writeEndObject();
        }
        out.print('\n');
        out.flush();
    }

    private static void write(JsonGenerator json, String name, Map<String, Long> numbers) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, Long> number : numbers.entrySet()) {
            json.writeNumberField(number.getKey(), number.getValue());
        }
        json.writeEndObject();
    }
}
