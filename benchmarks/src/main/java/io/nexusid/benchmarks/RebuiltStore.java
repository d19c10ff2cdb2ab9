package io.nexusid.benchmarks;

import io.nexusid.api.ChangeReason;
import io.nexusid.api.NexusConfig;
import io.nexusid.api.ResolveOn;
import io.nexusid.api.Survivor;
import io.nexusid.arrow.Changes;
import io.nexusid.arrow.NexusStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What it costs to open a store, and to rebuild it under other rules: with another survivor rule, for which everything is
 * resolved anew, and with normalised values, for which rows that name identifiers are written anew, too. The store is that
 * of {@link LivingStore}; a rebuild includes opening before and after it.
 */
public final class RebuiltStore {
    private RebuiltStore() {}

    /** Entry point: {@code HOME EVENTS}. */
    public static void main(String[] args) throws IOException {
        Path home = Path.of(args[0]);
        GrownStore grown = GrownStore.of(home, Long.parseLong(args[1]));
        Path work = home.resolve("benchmarks/target/living-store/work");
        Path copy = grown.copy(work.resolve("store"));
        NexusConfig made = NexusConfig.defaults();
        long start = System.nanoTime();
        NexusStore.open(copy, made).close();
        System.out.printf(Locale.ROOT, "opened in %.1f s%n", LivingStore.seconds(start));
        NexusConfig oldest = made.toBuilder().survivor(Survivor.OLDEST).build();
        rebuild(copy, oldest, "another survivor rule");
        rebuild(copy, oldest.toBuilder().resolveOn(ResolveOn.NORMALIZED).build(), "normalised values");
        Workload.delete(work);
    }

    private static void rebuild(Path store, NexusConfig config, String what) throws IOException {
        long start = System.nanoTime();
        double cpu = LivingStore.cpuNanos() / 1e9;
        try (NexusStore opened = NexusStore.openRebuilding(store, config)) {
            Changes changes = opened.rebuilt().orElseThrow();
            System.out.printf(
                    Locale.ROOT,
                    "rebuilt for %s in %.1f s, %.1f CPU s: %,d persons' identifiers, %,d moved; %s%n",
                    what,
                    LivingStore.seconds(start),
                    LivingStore.cpuNanos() / 1e9 - cpu,
                    changes.count("person", ChangeReason.FULL_RESOLUTION),
                    changes.count("person", ChangeReason.REPOINTED),
                    LivingStore.memory());
        }
    }
}
