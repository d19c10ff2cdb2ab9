package io.nexusid.arrow.store;

import java.security.SecureRandom;
import java.util.function.LongSupplier;

/**
 * How a store is written.
 *
 * @param keepEpochs how many epochs can still be opened, the last one included; at least 1
 * @param random where the identity and the secret of a new store come from
 */
public record StoreOptions(int keepEpochs, LongSupplier random) {
    /** The last epoch and the one before. */
    public static final int DEFAULT_KEEP_EPOCHS = 2;

    public StoreOptions {
        if (keepEpochs < 1) {
            throw new IllegalArgumentException("keep_epochs must be at least 1, not " + keepEpochs);
        }
    }

    /** {@link #DEFAULT_KEEP_EPOCHS} epochs, and a secret that nobody knows. */
    public static StoreOptions defaults() {
        return new StoreOptions(DEFAULT_KEEP_EPOCHS, new SecureRandom()::nextLong);
    }
}
