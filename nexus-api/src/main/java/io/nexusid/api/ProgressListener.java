package io.nexusid.api;

/** Hears how far a run is. Called on the run's threads, a few times a second at most; must not block or throw. */
@FunctionalInterface
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener NONE = (stage, done, total) -> {};

    /**
     * Work went on.
     *
     * @param stage what is being done, for example {@code read entity_identifiers}
     * @param done rows done in this stage
     * @param total rows in this stage, or -1 if not known
     */
    void progress(String stage, long done, long total);
}
