package io.nexusid.cli;

import java.io.PrintStream;

/**
 * Where a command prints.
 *
 * @param out results; borrowed
 * @param err errors and progress; borrowed
 */
record Terminal(PrintStream out, PrintStream err) {
    /** Set by the launcher, because only it can tell: Java knows a console, not which stream is one. */
    private static final String TERMINAL_PROPERTY = "nexus.terminal";

    /** Whether a person is watching standard error. */
    static boolean isWatched() {
        return Boolean.getBoolean(TERMINAL_PROPERTY);
    }
}
