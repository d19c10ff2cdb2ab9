package io.nexusid.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.nexusid.graph.UnionFind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The components kernel against the same algorithm in C++ ({@code native/components.cpp}, g++ -O3), links to labels.
 *
 * <p>Both read their links from one file into arrays and must end with the same labels. The two run in turns, Java in
 * this process, C++ in a child that waits for a line before each of its runs; medians of all rounds after
 * {@value #WARM_UP_SECONDS} seconds of warming up. Each side fills anew, in every run, the one array of parents it has.
 *
 * <p>{@code benchmarks/native/compare [SHAPE [NODES [ROUNDS]]]}, shapes as in {@link Links}.
 */
public final class CompareNative {
    private static final int WARM_UP_SECONDS = 3;

    private CompareNative() {}

    /** Entry point: {@code FOLDER [SHAPE [NODES [ROUNDS]]]}, the folder being that of the built kernel. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of(args[0]);
        String shape = args.length > 1 ? args[1] : "workload";
        int nodes = args.length > 2 ? Integer.parseInt(args[2]) : 333_333;
        int rounds = args.length > 3 ? Integer.parseInt(args[3]) : 101;
        Links links = Links.of(shape, nodes);
        Path linksFile = folder.resolve("links");
        links.write(linksFile);
        Path labelsFile = folder.resolve("labels");
        Process child = new ProcessBuilder(
                        folder.resolve("components").toString(), linksFile.toString(), labelsFile.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long[] ours = new long[rounds];
        long[] theirs = new long[rounds];
        int[] labels = new int[links.nodes()];
        long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS);
        try (OutputStream start = child.getOutputStream();
                BufferedReader times = child.inputReader(US_ASCII)) {
            for (int round = 0; round < rounds; round += System.nanoTime() < warm ? 0 : 1) {
                long from = System.nanoTime();
                components(labels, links.a(), links.b());
                ours[round] = System.nanoTime() - from;
                start.write('\n');
                start.flush();
                String line = times.readLine();
                if (line == null) {
                    throw new IOException("the C++ kernel ended early");
                }
                theirs[round] = Long.parseLong(line);
            }
        } finally {
            child.waitFor();
        }
        Agreement.check("C++", labels, read(labelsFile, links.nodes()));
        report(shape, links, ours, theirs);
    }

    private static void components(int[] parent, int[] a, int[] b) {
        for (int x = 0; x < parent.length; x++) {
            parent[x] = x;
        }
        for (int i = 0; i < a.length; i++) {
            UnionFind.union(parent, a[i], b[i]);
        }
        UnionFind.flatten(parent);
    }

    private static int[] read(Path file, int count) throws IOException {
        int[] values = new int[count];
        ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(values);
        return values;
    }

    private static void report(String shape, Links links, long[] ours, long[] theirs) {
        double java = median(ours) / 1e6;
        double cpp = median(theirs) / 1e6;
        System.out.printf(
                Locale.ROOT,
                "%s, %,d nodes, %,d links, labels equal; medians of %d: Java %.3f ms, C++ %.3f ms, Java / C++ %.2f%n",
                shape,
                links.nodes(),
                links.a().length,
                ours.length,
                java,
                cpp,
                java / cpp);
    }

    private static double median(long[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
