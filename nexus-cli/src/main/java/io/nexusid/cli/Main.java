package io.nexusid.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;

/**
 * The command line: {@code nexus resolve}, {@code nexus timeline} and {@code nexus demo} work at once, {@code append}, {@code
 * tables}, {@code log}, {@code lookup} and {@code verify} on a store.
 *
 * <p>Exit codes: {@value #DONE} done, {@value #FAILED} bad data, configuration, missing input or I/O, {@value #USAGE}
 * bad option, format or table name. Results go to standard output, everything else to standard error, both as UTF-8.
 */
public final class Main {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    private static final int WIDTH = 80;

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        PrintStream out = utf8(FileDescriptor.out);
        PrintStream err = utf8(FileDescriptor.err);
        int code = run(out, err, args);
        out.flush();
        System.exit(code);
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** Runs the command in this process and returns its exit code. The streams stay the caller's. */
    static int run(PrintStream out, PrintStream err, String... args) {
        boolean debug = Arrays.asList(args).contains("--debug");
        try {
            int code = commandLine(new Terminal(out, err), debug).execute(args);
            if (code == DONE && out.checkError()) {
                err.println("nexus: standard output cannot be written");
                return FAILED;
            }
            return code;
        } catch (Error e) { // out of memory above all; whatever it is, a user gets a line and not a trace
            return Failure.report(e, debug, err);
        }
    }

    private static CommandLine commandLine(Terminal terminal, boolean debug) {
        CommandLine line = new CommandLine(new NexusCommand())
                .addSubcommand("resolve", new ResolveCommand(terminal))
                .addSubcommand("timeline", new TimelineCommand(terminal))
                .addSubcommand("append", new AppendCommand(terminal))
                .addSubcommand("tables", new TablesCommand())
                .addSubcommand("log", new LogCommand(terminal))
                .addSubcommand("lookup", new LookupCommand(terminal))
                .addSubcommand("verify", new VerifyCommand(terminal))
                .addSubcommand("demo", new DemoCommand(terminal));
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
        line.setUsageHelpWidth(WIDTH);
        line.setParameterExceptionHandler((e, args) -> misuse(e, terminal.err()));
        line.setExecutionExceptionHandler((e, failed, parsed) -> Failure.report(e, debug, terminal.err()));
        return line;
    }

    private static int misuse(ParameterException e, PrintStream err) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        err.println("nexus: " + PlainText.oneLine(String.valueOf(e.getMessage())) + " (see '" + command + " --help')");
        return USAGE;
    }
}
