package io.nexusid.cli;

import io.nexusid.arrow.NexusStore;
import io.nexusid.arrow.store.Verification;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nexus verify}: reads every byte of a store. */
@Command(
        name = "verify",
        description = "Read every byte of a store and list what is damaged.",
        customSynopsis = "nexus verify --store DIR",
        sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private StoreOption store = new StoreOption();

    VerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Verification found = NexusStore.verify(store.folder());
        found.damages().forEach(damage -> terminal.err().println("nexus: " + PlainText.oneLine(damage)));
        if (found.clean()) {
            terminal.out()
                    .println("sound: " + found.epochs() + (found.epochs() == 1 ? " epoch, " : " epochs, ")
                            + found.segments() + (found.segments() == 1 ? " segment, " : " segments, ")
                            + Figures.bytes(found.bytes()));
            return Main.DONE;
        }
        return Main.FAILED;
    }
}
