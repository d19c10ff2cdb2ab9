package io.nexusid.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** What a recording of JFR ({@code profile.jfc}) says of allocation and collections, and of time if nothing else does. */
final class Recording {
    private static final int ROWS = 25;
    /** As in {@code profile.jfc}. */
    private static final double SAMPLE_NANOS = 20e6;

    private final Map<String, Double> bytesByClass = new HashMap<>();
    private final Map<String, Double> bytesByFrame = new HashMap<>();
    private double bytes;
    private int collections;
    private Duration paused = Duration.ZERO;

    private Recording() {}

    /** Reads a recording; its time samples go to the profile, if there is one. */
    static Recording read(Path file, @Nullable Profile times) throws IOException {
        Recording recording = new Recording();
        try (RecordingFile events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                recording.add(events.readEvent(), times);
            }
        }
        return recording;
    }

    private void add(RecordedEvent event, @Nullable Profile times) {
        switch (event.getEventType().getName()) {
            case "jdk.ObjectAllocationSample" -> allocated(event);
            case "jdk.GarbageCollection" -> {
                collections++;
                paused = paused.plus(event.getDuration("sumOfPauses"));
            }
            case "jdk.ExecutionSample", "jdk.NativeMethodSample" -> {
                RecordedThread thread = event.getThread("sampledThread");
                if (times != null && thread != null) {
                    times.add(String.valueOf(thread.getJavaName()), frames(event), false, SAMPLE_NANOS);
                }
            }
            default -> {}
        }
    }

    private void allocated(RecordedEvent event) {
        double weight = event.getLong("weight");
        RecordedClass type = event.getClass("objectClass");
        bytes += weight;
        bytesByClass.merge(readable(type.getName()), weight, Double::sum);
        bytesByFrame.merge(Profile.firstOfOurs(frames(event)), weight, Double::sum);
    }

    /** {@code byte[]} for {@code [B} and so on. */
    static String readable(String type) {
        int dimensions = type.lastIndexOf('[') + 1;
        if (dimensions == 0) {
            return type.replaceFirst("\\$\\$Lambda.*", "\\$\\$Lambda");
        }
        String element =
                switch (type.charAt(dimensions)) {
                    case 'B' -> "byte";
                    case 'Z' -> "boolean";
                    case 'C' -> "char";
                    case 'S' -> "short";
                    case 'I' -> "int";
                    case 'J' -> "long";
                    case 'F' -> "float";
                    case 'D' -> "double";
                    default -> type.substring(dimensions + 1, type.length() - 1);
                };
        return element + "[]".repeat(dimensions);
    }

    private static List<String> frames(RecordedEvent event) {
        RecordedStackTrace stack = event.getStackTrace();
        return stack == null
                ? List.of()
                : stack.getFrames().stream()
                        .filter(RecordedFrame::isJavaFrame)
                        .map(RecordedFrame::getMethod)
                        .map(Recording::name)
                        .toList();
    }

    private static String name(RecordedMethod method) {
        return method.getType().getName() + "." + method.getName();
    }

    void print() {
        System.out.printf(
                Locale.ROOT,
                "Allocated: about %.0f MiB; %d collections, pausing %.2f s in all%n%n",
                bytes / (1 << 20),
                collections,
                paused.toMillis() / 1e3);
        print("class", bytesByClass);
        print("allocated in, first frame of ours", bytesByFrame);
    }

    private void print(String title, Map<String, Double> weights) {
        System.out.println("| " + title + " | MiB | % |");
        System.out.println("|---|---|---|");
        weights.entrySet().stream()
                .sorted(Comparator.comparingDouble((Map.Entry<String, Double> e) -> -e.getValue())
                        .thenComparing(Map.Entry::getKey))
                .limit(ROWS)
                .forEach(e -> System.out.printf(
                        Locale.ROOT,
                        "| %s | %.0f | %.1f |%n",
                        e.getKey(),
                        e.getValue() / (1 << 20),
                        100 * e.getValue() / bytes));
        System.out.println();
    }
}
