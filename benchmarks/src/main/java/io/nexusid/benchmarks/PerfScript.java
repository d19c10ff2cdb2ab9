package io.nexusid.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what {@code perf script -F comm,period,ip,sym,dso} prints: for each sample a line with the thread's name and the
 * period, then a line for each frame, innermost first, then an empty line.
 */
final class PerfScript {
    private static final Pattern HEAD = Pattern.compile("^(\\S.*?)\\s+(\\d+)\\s*$");
    private static final Pattern FRAME = Pattern.compile("^\\s+[0-9a-f]+ (.*) \\(([^()]*(?:\\([^()]*\\))?[^()]*)\\)$");

    private PerfScript() {}

    static void read(BufferedReader lines, Profile profile) throws IOException {
        String thread = "";
        double nanos = 0;
        boolean inKernel = false;
        List<String> frames = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher head = HEAD.matcher(line);
            Matcher frame = FRAME.matcher(line);
            if (frame.matches()) {
                if (frames.isEmpty()) {
                    inKernel = frame.group(2).startsWith("[kernel")
                            || frame.group(2).startsWith("[guest.kernel");
                }
                frames.add(frame.group(1));
            } else if (head.matches()) {
                thread = head.group(1);
                nanos = Double.parseDouble(head.group(2));
            } else if (line.isBlank() && nanos > 0) {
                profile.add(thread, frames, inKernel, nanos);
                frames = new ArrayList<>();
                nanos = 0;
                inKernel = false;
            }
        }
        if (nanos > 0) {
            profile.add(thread, frames, inKernel, nanos);
        }
    }
}
