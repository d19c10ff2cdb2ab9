package io.nexusid.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nexusid.api.FaultCode;
import io.nexusid.api.NexusConfigException;
import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailureTest {
    private static String reported(Throwable failure) {
        Printed page = new Printed();
        assertEquals(Main.FAILED, Failure.report(failure, false, page.stream()));
        assertEquals(1, page.text().lines().count(), page.text());
        return page.text().strip();
    }

    @Test
    void dataAndConfigurationSpeakForThemselves() {
        NexusDataException data = NexusDataException.of(FaultCode.MISSING_VALUE, "events")
                .file("events.csv")
                .column("event_id")
                .row(3)
                .because("null");
        assertEquals("nexus: events (events.csv), column event_id, row 3: null [missing_value]", reported(data));
        assertEquals(
                "nexus: /threads: -1 is negative", reported(new NexusConfigException("/threads", "-1 is negative")));
    }

    @Test
    void fileErrorsNameTheFileAndTheTrouble() {
        assertEquals("nexus: a.json: no such file or folder", reported(new NoSuchFileException("a.json")));
        assertEquals("nexus: a.json: permission denied", reported(new AccessDeniedException("a.json")));
        assertEquals("nexus: a: disk full", reported(new FileSystemException("a", null, "disk full")));
        assertEquals(
                "nexus: out: there is something else of that name", reported(new FileAlreadyExistsException("out")));
        assertEquals(
                "nexus: a.csv: no such file or folder",
                reported(new UncheckedIOException(new NoSuchFileException("a.csv"))));
        assertEquals("nexus: broken pipe", reported(new IOException("broken pipe")));
    }

    @Test
    void outOfMemoryTellsTheWayOut() {
        String line = reported(new OutOfMemoryError("Java heap space"));
        assertTrue(line.contains("-Xmx"), line);
    }

    @Test
    void anUnexpectedErrorQuotesNoData() {
        String line = reported(new NumberFormatException("For input string: \"ann@example.org\""));
        assertTrue(line.contains("NumberFormatException"), line);
        assertFalse(line.contains("ann"), line);
    }

    @Test
    void aMessageStaysOnOneLine() {
        assertEquals("nexus: one two", reported(new IOException("one\r\n\ttwo\u2028")));
    }
}
