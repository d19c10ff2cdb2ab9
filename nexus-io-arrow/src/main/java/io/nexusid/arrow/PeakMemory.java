package io.nexusid.arrow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The greatest resident memory of this process. Linux keeps it ({@code VmHWM}); elsewhere it is the greatest heap seen,
 * which leaves Arrow's memory out.
 */
final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PEAK = "VmHWM:";

    private long peak;

    /** Looks now. */
    void sample() {
        peak = Math.max(peak, current());
    }

    long peakBytes() {
        return peak;
    }

    private static long current() {
        try {
            for (String line : Files.readAllLines(STATUS, StandardCharsets.US_ASCII)) {
                if (line.startsWith(PEAK)) {
                    String kilobytes = line.replaceAll("[^0-9]", "");
                    return Long.parseLong(kilobytes) * 1024;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return heap();
        }
        return heap();
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
