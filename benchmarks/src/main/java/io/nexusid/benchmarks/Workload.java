package io.nexusid.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The generated logs, kept under {@code benchmarks/target/workload}. */
public final class Workload {
    private Workload() {}

    /** Entry point, {@code HOME EVENTS}: prints the folder, which is there afterwards. */
    public static void main(String[] args) throws IOException {
        System.out.println(folder(Path.of(args[0]), Long.parseLong(args[1])));
    }

    /** The folder of a log of this many events, which is complete if it is there at all. */
    static Path folder(Path home, long events) throws IOException {
        Path folder = home.resolve("benchmarks/target/workload");
        Path in = folder.resolve(Long.toString(events));
        if (!Files.exists(in)) {
            System.err.println("generating " + events + " events");
            Path unfinished = folder.resolve(events + ".unfinished");
            delete(unfinished);
            GenerateWorkload.write(events, unfinished);
            Files.move(unfinished, in);
        }
        return in;
    }

    /** Deletes a folder with all that is in it, if it is there. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
