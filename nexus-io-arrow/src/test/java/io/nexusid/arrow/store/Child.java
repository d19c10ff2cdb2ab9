package io.nexusid.arrow.store;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts JVMs that are up quickly: the classes of this module, of the API and of the tests, and no more. */
final class Child {
    private Child() {}

    /** The child of the crash tests: opens the store in the folder, appends until it is killed, and says each
     * epoch that is committed, the one it found first.
     */
    static final class Appending {
        private Appending() {}

        public static void main(String[] args) throws Exception {
            CrashWork work = Class.forName(args[0])
                    .asSubclass(CrashWork.class)
                    .getDeclaredConstructor()
                    .newInstance();
            try (CrashWork.Running running = work.open(LocalDisk.create(Path.of(args[1])))) {
                for (long epoch = running.epoch(); ; running.append(epoch)) {
                    say(epoch++);
                }
            }
        }

        private static void say(long epoch) {
            byte[] line = (epoch + "\n").getBytes(StandardCharsets.US_ASCII);
            System.out.write(line, 0, line.length);
            System.out.flush();
        }
    }

    static Process start(Class<?> main, String... arguments) throws IOException {
        String classes = classPath(
                main,
                StoreFiles.class,
                io.nexusid.api.FaultCode.class,
                io.nexusid.graph.RowSort.class,
                org.slf4j.Logger.class,
                org.slf4j.nop.NOPServiceProvider.class,
                org.junit.jupiter.api.Assertions.class,
                org.opentest4j.AssertionFailedError.class,
                it.unimi.dsi.fastutil.longs.LongArrays.class);
        return start(classes, main, arguments);
    }

    /** As {@link #start}, with all classes of this process; takes some tenths of a second longer. */
    static Process startWithAll(Class<?> main, String... arguments) throws IOException {
        return start(System.getProperty("java.class.path"), main, arguments);
    }

    private static Process start(String classPath, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                classPath,
                main.getName()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String classPath(Class<?>... classes) {
        return Stream.of(classes).map(Child::home).distinct().collect(Collectors.joining(File.pathSeparator));
    }

    private static String home(Class<?> c) {
        try {
            return Path.of(c.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
