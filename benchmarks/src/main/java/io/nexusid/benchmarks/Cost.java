package io.nexusid.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a process took from start to end. Wall and CPU seconds and peak resident memory come from {@code /usr/bin/time};
 * where that is missing, memory comes from {@code /proc} and CPU time is not known.
 *
 * @param wall seconds
 * @param user CPU seconds in the process
 * @param system CPU seconds in the kernel
 * @param memory peak resident memory, MiB
 */
record Cost(double wall, double user, double system, double memory) {
    private static final Path TIME = Path.of("/usr/bin/time");

    double cpu() {
        return user + system;
    }

    /** One line of a list of runs. */
    String line(int run, String name) {
        return String.format(
                Locale.ROOT,
                "run %d  %-16s %8.2f s wall %8.2f s user %7.2f s system %7.0f MiB",
                run,
                name,
                wall,
                user,
                system,
                memory);
    }

    /**
     * Runs a command to its end; what it prints goes into a file.
     *
     * @throws IOException if it fails; the message is what it printed
     */
    static Cost of(List<String> command, Path log) throws IOException, InterruptedException {
        boolean timed = Files.isExecutable(TIME);
        Path figures = log.resolveSibling(log.getFileName() + ".time");
        List<String> all = new ArrayList<>();
        if (timed) {
            all.addAll(List.of(TIME.toString(), "-o", figures.toString(), "-f", "%e %U %S %M"));
        }
        all.addAll(command);
        long start = System.nanoTime();
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        double memory = timed ? Double.NaN : watch(process);
        int code = process.waitFor();
        double wall = (System.nanoTime() - start) / 1e9;
        if (code != 0) {
            throw new IOException(command.get(0) + " failed with exit code " + code + ":\n" + Files.readString(log));
        }
        if (!timed) {
            return new Cost(wall, Double.NaN, Double.NaN, memory);
        }
        double[] parts = Arrays.stream(Files.readString(figures).trim().split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        return new Cost(parts[0], parts[1], parts[2], parts[3] / 1024);
    }

    /** Reads the peak of a process again and again until it ends; in MiB, NaN without {@code /proc}. */
    private static double watch(Process process) throws InterruptedException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        double peak = Double.NaN;
        while (process.isAlive()) {
            try (InputStream in = Files.newInputStream(status)) {
                for (String line :
                        new String(in.readAllBytes(), US_ASCII).lines().toList()) {
                    if (line.startsWith("VmHWM:")) {
                        peak = Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
                    }
                }
            } catch (IOException ended) {
                return peak;
            }
            Thread.sleep(50);
        }
        return peak;
    }
}
