package io.nexusid.cli;

import io.nexusid.api.NexusConfigException;
import io.nexusid.api.NexusDataException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.apache.arrow.memory.OutOfMemoryException;

/** Turns what went wrong into one line that says what to do. */
final class Failure {
    private Failure() {}

    /** Prints one line, and the trace if asked for; returns the exit code. */
    static int report(Throwable failure, boolean debug, PrintStream err) {
        err.println("nexus: " + PlainText.oneLine(describe(failure)).strip());
        if (debug) {
            failure.printStackTrace(err);
        }
        return Main.FAILED;
    }

    private static String describe(Throwable failure) {
        if (failure instanceof NexusDataException || failure instanceof NexusConfigException) {
            return String.valueOf(failure.getMessage());
        }
        if (failure instanceof OutOfMemoryError || failure instanceof OutOfMemoryException) {
            return outOfMemory();
        }
        if (failure instanceof UncheckedIOException e && e.getCause() != null) {
            return describe(e.getCause());
        }
        if (failure instanceof FileSystemException e) {
            return describe(e);
        }
        if (failure instanceof IOException && failure.getMessage() != null) {
            return failure.getMessage();
        }
        // The message of an unexpected exception may quote data, which belongs in no log: --debug shows it.
        return "internal error (" + failure.getClass().getSimpleName() + "); please report it with what --debug prints";
    }

    private static String describe(FileSystemException failure) {
        String reason = failure.getReason();
        if (failure instanceof NoSuchFileException) {
            String missing = failure.getFile() + ": no such file or folder";
            return reason == null ? missing : missing + "; " + reason;
        }
        if (failure instanceof NotDirectoryException) {
            return failure.getFile() + ": not a folder";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return failure.getFile() + ": there is something else of that name";
        }
        if (failure instanceof AccessDeniedException) {
            return failure.getFile() + ": permission denied";
        }
        return failure.getFile() + ": " + (reason == null ? failure.getClass().getSimpleName() : reason);
    }

    private static String outOfMemory() {
        long limit = Runtime.getRuntime().maxMemory();
        return "out of memory: Java may use " + Figures.bytes(limit)
                + " of heap; allow more with -Xmx (NEXUS_JAVA_OPTS=-Xmx8g ./nexus …), or ask for fewer --tables";
    }
}
