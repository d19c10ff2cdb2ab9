package io.nexusid.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What results pages show of several runs. */
final class Spread {
    private Spread() {}

    /** {@code min / median / max}, each in a format of {@link String#format}. */
    static <T> String of(List<T> runs, ToDoubleFunction<? super T> part, String format) {
        double[] sorted = sorted(runs, part);
        return String.format(Locale.ROOT, format, sorted[0])
                + " / " + String.format(Locale.ROOT, format, median(runs, part))
                + " / " + String.format(Locale.ROOT, format, sorted[sorted.length - 1]);
    }

    /** The middle run; of an even number the mean of the two in the middle. */
    static <T> double median(List<T> runs, ToDoubleFunction<? super T> part) {
        double[] sorted = sorted(runs, part);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static <T> double[] sorted(List<T> runs, ToDoubleFunction<? super T> part) {
        return runs.stream().mapToDouble(part).sorted().toArray();
    }
}
