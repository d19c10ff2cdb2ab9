package io.nexusid.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the processor time and the garbage of a whole run come from, as tables: samples of a process, each put down to the
 * first frame that is ours, whatever library or kernel code ran on its behalf.
 *
 * <p>Command line: {@code Profile perf|jfr RECORDING.jfr}. With {@code perf}, samples are read from the standard input,
 * which is what {@code perf script -F comm,period,ip,sym,dso} prints of a recording of {@code cpu-clock}; they cover all
 * threads, and the kernel. With {@code jfr} they come from the recording, which sees threads of Java only: neither the
 * collector nor the compiler, nor the kernel. Allocation always comes from the recording.
 */
public final class Profile {
    private static final int ROWS = 100;
    private static final Pattern OURS =
            Pattern.compile("io\\.nexusid\\.([\\w.$]+?)(?:\\$\\$Lambda\\S*?)?\\.([\\w$<>]+)(?:\\(|$)");
    private static final String NOT_OURS = "(none of ours)";

    /** Nanoseconds: all, those of them in the kernel, and all of what was called besides. */
    private static final class Time {
        private double all;
        private double kernel;
        private double withCalled;
    }

    private final Map<String, Time> byThreads = new HashMap<>();
    private final Map<String, Time> byFrame = new HashMap<>();
    private final Map<String, Time> byLeaf = new HashMap<>();
    private double nanos;
    private double kernelNanos;

    /** Entry point: {@code perf|jfr RECORDING.jfr}. */
    public static void main(String[] args) throws IOException {
        Profile profile = new Profile();
        Recording recording = Recording.read(Path.of(args[1]), args[0].equals("jfr") ? profile : null);
        if (args[0].equals("perf")) {
            PerfScript.read(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), profile);
        }
        profile.print(System.out);
        recording.print();
    }

    /**
     * Adds a sample.
     *
     * @param thread the name of its thread, or the beginning of it
     * @param frames the stack, innermost first: methods as {@code package.Class.method}, with or without parameters
     * @param inKernel whether the innermost frame is the kernel's
     * @param nanos how much time it stands for
     */
    void add(String thread, List<String> frames, boolean inKernel, double nanos) {
        this.nanos += nanos;
        if (inKernel) {
            kernelNanos += nanos;
        }
        String kind = kind(thread);
        add(byThreads, kind, inKernel, nanos);
        Set<String> ours = ours(frames);
        if (ours.isEmpty()) {
            ours.add(kind + ", " + NOT_OURS);
        }
        add(byFrame, ours.iterator().next(), inKernel, nanos);
        ours.forEach(name -> byFrame.computeIfAbsent(name, n -> new Time()).withCalled += nanos);
        if (!frames.isEmpty() && !OURS.matcher(frames.get(0)).find()) {
            add(byLeaf, frames.get(0).replaceFirst("\\(.*", ""), inKernel, nanos);
        }
    }

    private static void add(Map<String, Time> times, String name, boolean inKernel, double nanos) {
        Time time = times.computeIfAbsent(name, n -> new Time());
        time.all += nanos;
        if (inKernel) {
            time.kernel += nanos;
        }
    }

    /** The innermost of our methods, without the common beginning of our packages. */
    static String firstOfOurs(List<String> frames) {
        Set<String> ours = ours(frames);
        return ours.isEmpty() ? NOT_OURS : ours.iterator().next();
    }

    /** Our methods on a stack, each once, innermost first; a lambda counts as the method it is in. */
    private static Set<String> ours(List<String> frames) {
        Set<String> ours = new LinkedHashSet<>();
        for (String frame : frames) {
            Matcher matcher = OURS.matcher(frame);
            if (matcher.find()) {
                ours.add(matcher.group(1) + "." + matcher.group(2).replaceFirst("^lambda\\$(\\w+)\\$\\d+$", "$1"));
            }
        }
        return ours;
    }

    private static String kind(String thread) {
        if (thread.startsWith("ForkJoinPool")) {
            return "workers";
        }
        if (thread.startsWith("GC Thread") || thread.startsWith("G1 ") || thread.startsWith("VM Thread")) {
            return "garbage collector";
        }
        if (thread.startsWith("C1 Comp") || thread.startsWith("C2 Comp")) {
            return "compiler";
        }
        if (thread.startsWith("nexus-")) {
            return thread;
        }
        return "other (main, launcher, VM)";
    }

    void print(PrintStream out) {
        out.printf(
                Locale.ROOT,
                "CPU time sampled: %.2f s, of which %.2f s in the kernel%n%n",
                nanos / 1e9,
                kernelNanos / 1e9);
        print("threads", byThreads, false, out);
        print("first frame of ours", byFrame, true, out);
        print("innermost frame, where it is not ours", byLeaf, false, out);
    }

    private void print(String title, Map<String, Time> times, boolean nested, PrintStream out) {
        out.println("| " + title + " | s | % | of which kernel, s |" + (nested ? " with all it calls, s |" : ""));
        out.println("|---|---|---|---|" + (nested ? "---|" : ""));
        times.entrySet().stream()
                .sorted(Comparator.comparingDouble((Map.Entry<String, Time> e) -> -e.getValue().all)
                        .thenComparing(Map.Entry::getKey))
                .limit(ROWS)
                .forEach(e -> {
                    Time time = e.getValue();
                    out.printf(
                            Locale.ROOT,
                            "| %s | %.2f | %.1f | %.2f |",
                            e.getKey(),
                            time.all / 1e9,
                            100 * time.all / nanos,
                            time.kernel / 1e9);
                    out.println(nested ? String.format(Locale.ROOT, " %.2f |", time.withCalled / 1e9) : "");
                });
        out.println();
    }
}
