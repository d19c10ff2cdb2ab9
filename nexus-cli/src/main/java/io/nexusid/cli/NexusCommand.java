package io.nexusid.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nexus} alone: help, version, and the way to the commands. */
@Command(
        name = "nexus",
        description = "Finds out which identifiers belong to one person or group, and what held for them when.",
        mixinStandardHelpOptions = true,
        versionProvider = NexusCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Exit codes: 0 done, 1 bad data, configuration or I/O, 2 bad usage."})
final class NexusCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "which command? 'resolve', 'timeline', 'append', 'tables', 'log', 'lookup', 'verify' or 'demo'");
        }
    }

    /** Reads the version from the jar, so that there is one place that says it. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"nexus " + number() + " (Java " + System.getProperty("java.version") + ")"};
        }

        private static String number() {
            String version = Version.class.getPackage().getImplementationVersion();
            return version != null ? version : "development";
        }
    }
}
