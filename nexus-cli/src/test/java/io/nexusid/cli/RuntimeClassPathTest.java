package io.nexusid.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a user has to carry: weighed on the class path that the build wrote down ({@code docs/dependencies.md}). */
class RuntimeClassPathTest {
    private static final int MAX_JARS = 30;
    private static final long MAX_BYTES = 30_000_000L;
    private static final List<String> NATIVE = List.of(".so", ".dll", ".dylib", ".jnilib");

    private static List<Path> thirdPartyJars() throws IOException {
        String classPath = Files.readString(Path.of("target", "runtime.classpath"));
        return Stream.of(classPath.strip().split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(path -> path.toString().endsWith(".jar"))
                .filter(path -> !path.getFileName().toString().startsWith("nexus-"))
                .toList();
    }

    private static List<String> entriesMatching(Predicate<String> unwanted) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path path : thirdPartyJars()) {
            try (JarFile jar = new JarFile(path.toFile())) {
                jar.stream()
                        .map(JarEntry::getName)
                        .filter(unwanted)
                        .forEach(name -> found.add(path.getFileName() + "!" + name));
            }
        }
        return found;
    }

    @Test
    void theClassPathStaysWithinThirtyJarsAndThirtyMegabytes() throws IOException {
        List<Path> jars = thirdPartyJars();
        long bytes = 0;
        for (Path jar : jars) {
            bytes += Files.size(jar);
        }
        assertFalse(jars.isEmpty());
        assertTrue(jars.size() <= MAX_JARS, jars.size() + " jars: " + jars);
        assertTrue(bytes <= MAX_BYTES, bytes + " bytes: " + jars);
    }

    @Test
    void noJarHoldsANativeLibrary() throws IOException {
        assertEquals(List.of(), entriesMatching(name -> {
            String lower = name.toLowerCase(Locale.ROOT);
            return NATIVE.stream().anyMatch(lower::endsWith);
        }));
    }

    @Test
    void hadoopIsNotThere() throws IOException {
        assertEquals(List.of(), entriesMatching(name -> name.startsWith("org/apache/hadoop/")));
    }

    @Test
    void everyJarIsWeighedInTheDocumentation() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "dependencies.md"));
        for (Path jar : thirdPartyJars()) {
            String artifact = jar.getFileName().toString().replaceFirst("-[0-9].*$", "");
            assertTrue(page.contains("`" + artifact + "`"), artifact + " is not in docs/dependencies.md");
        }
    }
}
