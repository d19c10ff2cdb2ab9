package io.nexusid.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;

/**
 * One side of {@link ResolveAlone}, in a process of its own. For each line it reads it runs the stage once and answers with
 * a line: wall and CPU seconds of this process, up to the answer in memory. For a line that names a folder it also writes
 * the answer there, afterwards.
 *
 * <p>Command line: {@code nexus|duckdb HOME IN SPILL}
 */
public final class ResolveAloneSide {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private ResolveAloneSide() {}

    /** Entry point: {@code nexus|duckdb HOME IN SPILL}. */
    public static void main(String[] args) throws IOException, SQLException {
        Path in = Path.of(args[2]);
        IdentifierStage stage = args[0].equals("nexus")
                ? IdentifierStage.nexus(in, 2)
                : IdentifierStage.duckDb(
                        Path.of(args[1], "benchmarks/rivals/duckdb-identifiers.sql"), in, Path.of(args[3]));
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            System.gc(); // each run pays for its own garbage only
            long start = System.nanoTime();
            long cpu = SYSTEM.getProcessCpuTime();
            try (IdentifierStage.Answer answer = stage.run()) {
                double wallSeconds = (System.nanoTime() - start) / 1e9;
                double cpuSeconds = (SYSTEM.getProcessCpuTime() - cpu) / 1e9;
                if (!line.isEmpty()) {
                    Path folder = Files.createDirectories(Path.of(line));
                    answer.write(folder);
                }
                System.out.printf(Locale.ROOT, "%.6f %.6f%n", wallSeconds, cpuSeconds);
                System.out.flush();
            }
        }
    }
}
