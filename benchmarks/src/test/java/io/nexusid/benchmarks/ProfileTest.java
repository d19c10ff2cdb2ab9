package io.nexusid.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Samples are put down to the right thread and method. */
final class ProfileTest {
    private static final String SCRIPT = """
            ForkJoinPool-1-    3000000000\s
            \t    7f3a9c1b2c40 void sun.security.provider.MD5.implCompress0(byte[], int) (/tmp/perf-17.map)
            \t    7f3a9c1b2c41 void io.nexusid.api.SurrogateKey.finish() (/tmp/perf-17.map)
            \t    7f3a9c1b2c42 int io.nexusid.graph.EntityNamer.lambda$name$3(int) (/tmp/perf-17.map)

            ForkJoinPool-1-    1000000000\s
            \tffffffff81c01a35 exc_page_fault ([kernel.kallsyms])
            \t    7f3a9c1b2c43 void io.nexusid.arrow.Traits$$Lambda$294/0x0000000800d.accept(int) (/tmp/perf-17.map)

            GC Thread#0    2000000000\s
            \t    7f3a9c1b2c44 [unknown] (/usr/lib/jvm/lib/server/libjvm.so)
            """;

    @Test
    void samplesOfPerfGoToTheInnermostMethodOfOurs() throws IOException {
        Profile profile = new Profile();
        PerfScript.read(new BufferedReader(new StringReader(SCRIPT)), profile);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        profile.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals("CPU time sampled: 6.00 s, of which 1.00 s in the kernel", lines.get(0));
        assertTrue(lines.contains("| workers | 4.00 | 66.7 | 1.00 |"), lines.toString());
        assertTrue(lines.contains("| garbage collector | 2.00 | 33.3 | 0.00 |"), lines.toString());
        assertTrue(lines.contains("| api.SurrogateKey.finish | 3.00 | 50.0 | 0.00 | 3.00 |"), lines.toString());
        assertTrue(lines.contains("| graph.EntityNamer.name | 0.00 | 0.0 | 0.00 | 3.00 |"), lines.toString());
        assertTrue(lines.contains("| arrow.Traits.accept | 1.00 | 16.7 | 1.00 | 1.00 |"), lines.toString());
        assertTrue(lines.contains("| exc_page_fault | 1.00 | 16.7 | 1.00 |"), lines.toString());
    }

    @Test
    void arraysAreNamedAsInJava() {
        assertEquals("byte[]", Recording.readable("[B"));
        assertEquals("java.lang.String[][]", Recording.readable("[[Ljava.lang.String;"));
        assertEquals("io.nexusid.arrow.Traits$$Lambda", Recording.readable("io.nexusid.arrow.Traits$$Lambda$3+0x7f.7"));
    }
}
