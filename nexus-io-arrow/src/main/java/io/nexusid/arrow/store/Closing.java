package io.nexusid.arrow.store;

import java.io.Closeable;
import java.io.IOException;

/** Closes what is of no more use after a failure, whose cause stays the one that is reported. */
final class Closing {
    private Closing() {}

    static void after(Throwable failure, Closeable resource) {
        try {
            resource.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
