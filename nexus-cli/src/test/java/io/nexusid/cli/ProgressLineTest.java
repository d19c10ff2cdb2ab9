package io.nexusid.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // the clock may wrap around
    private final Printed printed = new Printed();
    private final ProgressLine line = new ProgressLine(printed.stream(), now::get);

    private void later(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void workUnderASecondIsSilent() {
        for (int i = 0; i < 9; i++) {
            later(100);
            line.progress("read events", i, 9);
        }
        line.close();
        assertEquals("", printed.text());
    }

    @Test
    void theLineIsRedrawnAtMostFiveTimesASecond() {
        later(1000);
        for (int i = 0; i < 1000; i++) {
            later(1);
            line.progress("read events", i, -1);
        }
        assertEquals(5, printed.text().chars().filter(c -> c == '\r').count());
    }

    @Test
    void theLineNamesStageRowsAndShare() {
        later(1000);
        line.progress("read entity_identifiers", 12_345_678, 21_800_000);
        assertEquals("\rread entity_identifiers  12,345,678 of 21,800,000 rows  56 %", printed.text());
    }

    @Test
    void aShorterTextLeavesNothingOfALongerOne() {
        later(1000);
        line.progress("abcdefgh", 10, -1);
        later(1000);
        line.progress("ab", 10, -1);
        assertEquals("\rabcdefgh  10 rows\rab  10 rows      ", printed.text());
    }

    @Test
    void closingEmptiesTheLineOnce() {
        later(1000);
        line.progress("ab", 1, -1);
        line.close();
        line.close();
        assertEquals("\rab  1 rows\r" + " ".repeat(10) + "\r", printed.text());
    }

    @Test
    void aLongStageDoesNotBreakTheLine() {
        later(1000);
        line.progress("x".repeat(200), 1, -1);
        assertTrue(printed.text().length() < 80);
    }
}
