package io.nexusid.arrow.store;

import java.util.function.LongSupplier;

/**
 * What a store is told at birth and keeps for ever.
 *
 * @param id tells its files from those of another store
 * @param secret0 first half of the secret that keys its fingerprints ({@link FingerprintHash})
 * @param secret1 second half
 */
public record StoreKey(long id, long secret0, long secret1) {
    static StoreKey draw(LongSupplier random) {
        return new StoreKey(random.getAsLong(), random.getAsLong(), random.getAsLong());
    }

    /** Keeps the secret out of messages. */
    @Override
    public String toString() {
        return "StoreKey[id=" + Long.toHexString(id) + "]";
    }
}
