package io.nexusid.benchmarks;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.InputTable;
import io.nexusid.api.NexusConfig;
import io.nexusid.arrow.Changes;
import io.nexusid.arrow.EventLog;
import io.nexusid.arrow.NexusStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What it costs a store to take in a batch, by the stages of an append, and lookups meanwhile.
 *
 * <p>The store has taken EVENTS events ({@link GrownStore}); the batches are the next ones of the same log, read from
 * Parquet. Their first third warms up; then two thirds are timed, the second of them while another thread looks up. What an
 * append pays for: reading and checking all rows of the four tables, finding which are new, writing them, resolving, writing
 * what changed, syncing every file, and the merges of files that are due in it. Of some batches the changed rows of the derived
 * tables are derived, too ({@link DerivedCost}).
 *
 * <p>Command line: {@code benchmarks/living-store EVENTS}, which then times {@link LivingStoreRival} on the same batches.
 */
public final class LivingStore {
    /** Of how many entities one asks. */
    private static final int ASKED = 24;

    private LivingStore() {}

    /** What one append took: wall and CPU seconds, and the wall seconds of its stages. */
    record Took(double wall, double cpu, Map<String, Double> stages) {}

    /** Entry point: {@code HOME EVENTS}: grows the store if need be and measures. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path home = Path.of(args[0]);
        GrownStore grown = GrownStore.of(home, Long.parseLong(args[1]));
        Path work = home.resolve("benchmarks/target/living-store/work");
        Path copy = grown.copy(work.resolve("store"));
        List<String> counts = new ArrayList<>();
        long start = System.nanoTime();
        try (NexusStore store = NexusStore.open(copy, NexusConfig.defaults())) {
            System.out.printf(Locale.ROOT, "opened in %.1f s; %s%n", seconds(start), memory());
            List<Path> large = grown.largeBatches();
            int third = large.size() / 3;
            Lookups lookups = new Lookups(store, large.get(0));
            appended(store, large.subList(0, third / 2), counts);
            print("changed rows of about 100,000", changed(store, large.subList(third / 2, third), counts));
            print("about 100,000 identifier rows", appended(store, large.subList(third, 2 * third), counts));
            lookups.start();
            print(
                    "the same, while another thread looks up",
                    appended(store, large.subList(2 * third, large.size()), counts));
            lookups.end();
            System.out.println(lookups);
            List<Path> small = grown.smallBatches();
            print("changed rows of about 1,000", changed(store, small.subList(0, small.size() / 4), counts));
            List<NexusStore.Identifier> some = some(Lookups.identifiersOf(large.get(0)));
            print("traits and history of one entity", DerivedCost.lookups(store, some));
            print("timeline of one entity", DerivedCost.timelines(store, some));
            print(
                    "about 1,000 identifier rows",
                    appended(store, small.subList(small.size() / 4, small.size()), counts));
            System.out.println("at the end: " + memory());
        }
        Workload.delete(work);
        Files.write(counts(home), counts);
    }

    private static List<NexusStore.Identifier> some(List<NexusStore.Identifier> identifiers) {
        return Stream.iterate(0, n -> n + 1)
                .limit(ASKED)
                .map(n -> identifiers.get((int) ((long) n * identifiers.size() / ASKED)))
                .toList();
    }

    /** Where it leaves what each batch did, for the rival to compare. */
    static Path counts(Path home) {
        return home.resolve("benchmarks/target/living-store/counts");
    }

    private static List<Took> appended(NexusStore store, List<Path> batches, List<String> counts) throws IOException {
        List<Took> all = new ArrayList<>();
        for (Path batch : batches) {
            try (EventLog log = store.read(batch)) {
                Stages stages = new Stages();
                store.progress((stage, done, total) -> stages.at(stage));
                long cpu = cpuNanos();
                long start = System.nanoTime();
                Changes changes = store.append(log);
                stages.at("");
                all.add(new Took(seconds(start), (cpuNanos() - cpu) / 1e9, stages.seconds));
                count(changes, batch, counts);
            }
        }
        return all;
    }

    /** Appends; what is timed is deriving what that changed. The first time is left out. */
    private static List<Took> changed(NexusStore store, List<Path> batches, List<String> counts) throws IOException {
        List<Took> all = new ArrayList<>();
        for (Path batch : batches) {
            Changes changes;
            try (EventLog log = store.read(batch)) {
                changes = store.append(log);
            }
            count(changes, batch, counts);
            all.add(DerivedCost.changedRows(changes));
        }
        return all.subList(1, all.size());
    }

    private static void count(Changes changes, Path batch, List<String> counts) {
        Changes.Rows events = changes.rows().get(InputTable.EVENTS);
        if (!changes.committed() || events == null || events.duplicates() > 0) {
            throw new IllegalStateException(batch + " was taken before");
        }
        counts.add(changes.count("person", ChangeReason.BORN) + " born, "
                + changes.count("person", ChangeReason.ACCRETED) + " accreted, "
                + changes.count("person", ChangeReason.REPOINTED) + " repointed");
    }

    /** The time between one stage's beginning and the next one's. */
    private static final class Stages {
        private final Map<String, Double> seconds = new LinkedHashMap<>();
        private String stage = "";
        private long since;

        void at(String next) {
            if (!stage.isEmpty()) {
                seconds.merge(stage, seconds(since), Double::sum);
            }
            stage = next;
            since = System.nanoTime();
        }
    }

    static void print(String what, List<Took> runs) {
        System.out.printf(Locale.ROOT, "%n%s, %d times; seconds, min / median / max%n", what, runs.size());
        System.out.println("| wall | " + Spread.of(runs, Took::wall, "%.3f") + " |");
        System.out.println("| CPU | " + Spread.of(runs, Took::cpu, "%.3f") + " |");
        for (String stage : runs.get(0).stages.keySet()) {
            System.out.println(
                    "| – " + stage + " | " + Spread.of(runs, t -> t.stages.getOrDefault(stage, 0.0), "%.3f") + " |");
        }
    }

    static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** User and system time of this process, all threads. */
    static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Heap in use after a collection, and memory of the process, now and at most so far. */
    static String memory() throws IOException {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
        StringBuilder text = new StringBuilder("heap in use " + heap + " MiB");
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("VmRSS:") || line.startsWith("VmHWM:")) {
                    long mib = Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10;
                    text.append(line.startsWith("VmRSS:") ? ", resident " : ", resident at most ")
                            .append(mib)
                            .append(" MiB");
                }
            }
        }
        return text.toString();
    }
}
